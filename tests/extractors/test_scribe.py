"""The scribe reads a call that is over and writes the lines of its ticket."""

from __future__ import annotations

from datetime import datetime

import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.slots.page import SLOTS, RecordLine
from extractors.slots.scribe import Scribe, load_scribe
from extractors.understanding import Understanding
from tests.extractors.grill import CALL, turns

AT = datetime.fromisoformat("2026-03-02T10:15:00+08:00")


@pytest.fixture(scope="module")
def scribe() -> Scribe:
    found = load_scribe()
    assert found is not None, "run `assist models fetch call-scribe`"
    return found


@pytest.fixture(scope="module")
def lines(scribe: Scribe) -> dict[str, RecordLine]:
    return scribe.lines(turns(CALL))


def test_every_slot_has_a_line_with_its_probability(lines: dict[str, RecordLine]) -> None:
    assert list(lines) == list(SLOTS)
    assert all(0 < line.probability <= 1 for line in lines.values())


def test_the_lines_tell_what_the_call_is_about_and_say_nothing_of_what_it_does_not_hold(
    lines: dict[str, RecordLine],
) -> None:
    assert "烧烤店" in lines["subject"].text
    assert "桌子" in lines["demand"].text
    assert "三个多月" in lines["duration"].text
    assert (lines["amount"].text, lines["people_count"].text) == ("", "")


def test_the_same_call_has_the_same_lines(scribe: Scribe, lines: dict[str, RecordLine]) -> None:
    assert scribe.lines(turns(CALL)) == lines


def test_it_writes_no_further_than_to_the_last_line_that_is_wanted(
    scribe: Scribe, lines: dict[str, RecordLine]
) -> None:
    wanted = scribe.lines(turns(CALL), {"occurred_at", "subject"})
    assert wanted == {slot: lines[slot] for slot in ("subject", "demand", "occurred_at")}


def test_a_call_longer_than_what_can_be_read_is_read_from_its_end(scribe: Scribe) -> None:
    chatter = [("citizen", "我跟你讲啊，这个事情说来话长，我慢慢说。"), ("agent", "好的，您请说。")] * 80
    assert "烧烤店" in scribe.lines(turns([*chatter, *CALL]))["subject"].text


def test_the_ticket_of_a_call_that_is_over_has_what_the_lines_say_with_proof(
    catalogue: Catalogue, lines: dict[str, RecordLine]
) -> None:
    call = turns(CALL)
    ticket = Understanding(catalogue, AT).ticket(call, lines=lines)
    for slot in ("subject", "demand", "duration"):
        value = ticket.slots[slot]
        assert value.evidence
        assert all(call[one.turn].text[one.start : one.end] == one.text for one in value.evidence)
    assert "amount" not in ticket.slots


def test_a_call_in_which_no_citizen_spoke_is_not_read(catalogue: Catalogue) -> None:
    assert Understanding(catalogue, AT).lines(turns([("agent", "您好，请讲。")])) == {}
