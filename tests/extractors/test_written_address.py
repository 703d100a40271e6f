"""What the scribe writes of an address is weighed against what the turns' readings made of it."""

from __future__ import annotations

import pytest

from extractors.places.written_address import proposed
from extractors.slots.page import RecordLine
from extractors.slots.settling import Proposal
from extractors.ticket import SlotValue
from extractors.turn import Speaker, Turn

CALL = [
    Turn(0, Speaker.CITIZEN, "在海珠区昌岗街道，宝刚大道27号三栋，楼下那个快递柜，旁边就是菜市场。"),
    Turn(1, Speaker.AGENT, "昌岗街道宝岗大道27号三栋，记下了。"),
]
DIVISIONS = {"district": "海珠区", "street": "昌岗街道"}


def found(line: str, shown: str | None, spelled: tuple[str, ...] = ()) -> list[Proposal]:
    value = None if shown is None else SlotValue(shown, 0.65, ())
    return proposed(RecordLine(line, 0.8), value, DIVISIONS, spelled, CALL)


def told(proposals: list[Proposal]) -> list[tuple[str, object]]:
    return [(one.situation, one.value.value) for one in proposals]


def test_one_address_is_one_proposal_in_the_words_that_are_shown() -> None:
    shown = "海珠区昌岗街道宝岗大道27号三栋"
    assert told(found("宝岗大道27号3栋", shown)) == [("both", shown)]


def test_another_address_stands_beside_it_behind_district_and_street() -> None:
    shown = "海珠区昌岗街道宝岗大道27号三栋菜市场"
    written = "海珠区昌岗街道宝岗大道27号三栋楼下"
    assert told(found("宝岗大道27号三栋楼下", shown)) == [("line", written), ("other", shown)]
    assert told(found("宝岗大道27号三栋楼下", None)) == [("line", written)]


def test_the_words_that_tell_it_prove_it() -> None:
    [line] = found("宝岗大道27号三栋楼下快递柜", None)
    words = [one.text for one in line.value.evidence]
    assert all(any(word in turn.text for turn in CALL) for word in words)
    assert "宝刚大道27号三栋" in words[0]


def test_a_district_that_the_line_repeats_is_written_once() -> None:
    assert told(found("昌岗街道宝岗大道27号", None)) == [("line", "海珠区昌岗街道宝岗大道27号")]
    assert told(found("海珠区昌岗街道宝岗大道27号", None)) == [("line", "海珠区昌岗街道宝岗大道27号")]


def test_a_known_road_is_spelled_as_it_is_known() -> None:
    [line] = found("宝刚大道27号", None, ("宝岗大道",))
    assert line.value.value == "海珠区昌岗街道宝岗大道27号"


@pytest.mark.parametrize("line", ["新港西路135号", "宝岗大道27号五楼政务服务中心办事大厅"])
def test_a_place_that_nobody_named_is_not_proposed(line: str) -> None:
    assert found(line, None) == []
    assert told(found(line, "海珠区昌岗街道宝岗大道")) == [("other", "海珠区昌岗街道宝岗大道")]


def test_where_the_scribe_tells_of_no_place_only_what_was_shown_may_stand() -> None:
    assert told(found("", "海珠区昌岗街道宝岗大道")) == [("alone", "海珠区昌岗街道宝岗大道")]
    assert told(found("海珠区昌岗街道", "海珠区昌岗街道宝岗大道")) == [("alone", "海珠区昌岗街道宝岗大道")]
    assert found("", None) == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("宝岗大道", "宝岗大道27号三栋"),
        ("宝岗大道楼下", "宝岗大道三栋楼下"),
        ("菜市场", "宝岗大道楼下快递柜"),
    ],
)
def test_a_line_that_leaves_a_number_or_most_of_the_address_out_is_not_proposed(line: str, shown: str) -> None:
    whole = "".join(DIVISIONS.values()) + shown
    assert told(found(line, whole)) == [("other", whole)]


def test_a_line_that_leaves_out_what_is_no_part_of_the_address_is_proposed() -> None:
    shown = "海珠区昌岗街道宝岗大道27号三栋旁边菜市场"
    assert told(found("宝岗大道27号三栋", shown))[0] == ("line", "海珠区昌岗街道宝岗大道27号三栋")


def test_what_both_parties_said_stays_confirmed_in_the_scribes_words() -> None:
    both = SlotValue("海珠区昌岗街道宝岗大道27号三栋菜市场", 0.65, (), confirmed=True)
    for text, confirmed in (("宝岗大道27号三栋楼下", True), ("快递柜旁边就是菜市场", False)):
        [line, other] = proposed(RecordLine(text, 0.8), both, {}, (), CALL)
        assert (line.value.confirmed, other.value.confirmed) == (confirmed, True)
