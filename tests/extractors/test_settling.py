"""When a call is over, the likelier of what was shown and what the scribe writes stands."""

from __future__ import annotations

import pytest

from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.slots.page import RecordLine
from extractors.slots.settling import SITUATIONS, Proposal, Settling, load_settling, proposals
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

CALL = [
    Turn(0, Speaker.CITIZEN, "楼下那家烧烤店昨天晚上十点又在放音响，我们三个人都睡不着。"),
    Turn(1, Speaker.AGENT, "昨天晚上十点是吧。"),
]


def read(mark: Marked, turn: Turn) -> Mention:
    """Takes marked words as they are."""
    return Mention(mark.slot, turn.text[mark.start : mark.end], 1.0, Evidence.of(turn, mark.start, mark.end))


def value(text: str | int, confidence: float = 0.8) -> SlotValue:
    return SlotValue(text, confidence, ())


def situations(found: list[Proposal]) -> list[str]:
    return [one.situation for one in found]


def test_a_wording_that_says_the_same_is_one_proposal_in_the_scribes_words_with_proof() -> None:
    [both] = proposals("subject", RecordLine("烧烤店", 0.9), value("那家烧烤店"), [], CALL, read)
    assert (both.situation, both.value.value) == ("both", "烧烤店")
    assert [one.text for one in both.value.evidence] == ["烧烤店"]


def test_another_wording_is_proposed_beside_what_was_shown() -> None:
    found = proposals("subject", RecordLine("音响", 0.4), value("烧烤店"), [], CALL, read)
    assert situations(found) == ["line", "other"]


def test_what_the_call_does_not_say_is_not_proposed() -> None:
    assert situations(proposals("subject", RecordLine("洗衣机", 0.9), value("烧烤店"), [], CALL, read)) == ["other"]
    assert proposals("demand", RecordLine("安装电梯", 0.9), None, [], CALL, read) == []


def test_a_time_is_taken_where_it_is_said_and_no_other_is() -> None:
    [line] = proposals("occurred_at", RecordLine("昨天晚上十点", 0.9), None, [], CALL, read)
    assert (line.value.value, line.value.evidence[0].turn) == ("昨天晚上十点", 0)
    assert proposals("occurred_at", RecordLine("前天早上", 0.9), None, [], CALL, read) == []


def test_numbers_are_the_same_however_they_are_told() -> None:
    [both] = proposals("people_count", RecordLine("3人", 0.9), value("三个人"), [], CALL, read)
    assert (both.situation, both.value.value) == ("both", "三个人")
    [both] = proposals("amount", RecordLine("300", 0.9), value(300), [], CALL, read)
    assert (both.situation, both.value.value) == ("both", 300)


def test_where_the_scribe_says_that_there_is_nothing_only_what_was_shown_may_stand() -> None:
    assert situations(proposals("amount", RecordLine("", 0.9), value(300), [], CALL, read)) == ["alone"]
    assert proposals("amount", RecordLine("", 0.9), None, [], CALL, read) == []


def test_the_likeliest_is_shown_with_its_probability_and_nothing_below_the_limit() -> None:
    row = [0.0] * 3 * len(SITUATIONS)
    row[0], row[3], row[6], row[9] = 3.0, 1.0, 0.0, -3.0
    settling = Settling({"weights": {"subject": row}, "least": {"subject": 0.45}})
    line, other = Proposal(value("音响"), "line", 0.5, 0.5), Proposal(value("烧烤店"), "other", 0.5, 0.5)
    shown = settling.settled("subject", None, [other, line])
    assert shown is not None
    assert (shown.value, shown.confidence) == ("音响", pytest.approx(0.731, abs=1e-3))
    assert settling.settled("subject", None, [Proposal(value("烧烤店"), "alone", 0.5, 0.5)]) is None
    assert settling.settled("subject", None, []) is None


def test_what_ships_shows_what_both_are_sure_of_and_not_what_neither_is() -> None:
    settling = load_settling()
    for slot in ("subject", "occurred_at"):
        both, neither = (Proposal(value("甲"), "both", sure, sure) for sure in (0.9, 0.02))
        shown = settling.settled(slot, None, [both])
        assert shown is not None and shown.confidence > 0.6
        assert settling.settled(slot, None, [neither]) is None


def test_of_slots_that_have_no_weights_the_lines_count_for_nothing() -> None:
    shown, line = value(300), Proposal(value(500), "line", 0.9, 0.7)
    assert Settling({"weights": {}, "least": {}}).settled("amount", shown, [line]) is shown
