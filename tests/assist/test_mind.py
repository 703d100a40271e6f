"""What a fault in understanding does to a call: nothing but a line in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from assist.decide import Vocabulary
from assist.log import Record
from assist.messages.events import CallEnded, CallStarted, TicketChanged, TranscriptFinal
from assist.mind import Mind
from assist.replay import MemoryLog
from assist.room import Room
from extractors.slots.page import RecordLine
from extractors.ticket import Choice, SlotValue, Ticket
from extractors.turn import Speaker, Turn

SECRET = "我叫张三，电话13602247815"
AT = datetime.fromisoformat("2026-03-02T10:15:00+08:00")


class Moody:
    """Takes a call for a complaint, but fails on an odd number of turns, with what was said in its exception. Of calls
    that are over it knows the subject.
    """

    def __init__(self) -> None:
        self.read = 0

    def lines(self, turns: Sequence[Turn]) -> Mapping[str, RecordLine]:
        self.read += 1
        return {"subject": RecordLine("烧烤店", 0.9)}

    def ticket(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None = None,
        held: str | None = None,
        lines: Mapping[str, RecordLine] | None = None,
    ) -> Ticket:
        if len(turns) % 2:
            raise KeyError(turns[-1].text)
        slots = {slot: SlotValue(line.text, line.probability, ()) for slot, line in (lines or {}).items()}
        return Ticket(slots, Choice("投诉", 0.9, ()))


@pytest.fixture
def log() -> list[Record]:
    return []


@pytest.fixture
async def room(log: list[Record]) -> Room:
    room = Room("a call", MemoryLog(log.append), (), lambda: 9.0)
    await room.commit([(0.0, CallStarted(started_at=AT))])
    return room


@pytest.fixture
def moody() -> Moody:
    return Moody()


@pytest.fixture
def mind(room: Room, moody: Moody) -> Iterator[Mind]:
    nothing = Vocabulary(frozenset(), frozenset(), frozenset(), lambda code: None)
    with ThreadPoolExecutor(1) as executor:
        yield Mind(room, moody, executor, nothing, executor)


async def say(room: Room, text: str) -> None:
    turn = len(room.state.turns)
    await room.commit(
        [(turn, TranscriptFinal(turn=turn, speaker=Speaker.CITIZEN, text=text, start=turn, end=turn + 1))]
    )


async def test_a_turn_that_cannot_be_understood_leaves_the_ticket_and_the_next_one_is_another_try(
    room: Room, mind: Mind, log: list[Record]
) -> None:
    await say(room, SECRET)
    await mind.think(1.0)
    assert not any(isinstance(record.event, TicketChanged) for record in log)
    await say(room, "我要投诉")
    await mind.think(2.0)
    assert room.state.request_type is not None
    before = room.state
    await say(room, SECRET)
    at = room.state
    await mind.think(3.0)
    assert room.state == at
    assert room.state.request_type == before.request_type


async def test_interim_turns_that_cannot_be_understood_show_nothing(room: Room, mind: Mind) -> None:
    assert await mind.think_ahead([Turn(0, Speaker.CITIZEN, SECRET, 0.0, 1.0, (), final=False)]) is None


async def test_the_log_names_the_fault_and_its_place_and_nothing_of_what_was_said(
    room: Room, mind: Mind, caplog: pytest.LogCaptureFixture
) -> None:
    await say(room, SECRET)
    with caplog.at_level(logging.ERROR):
        await mind.think(1.0)
        await mind.think_ahead([])
    assert len(caplog.records) == 2
    for record in caplog.records:
        assert "a call" in record.getMessage()
        assert "KeyError at test_mind.py:" in record.getMessage()
        assert record.exc_info is None
    assert "张三" not in caplog.text
    assert "1360" not in caplog.text


async def test_a_call_that_is_over_is_read_as_a_whole_once_and_stays_so_whatever_the_agent_chooses(
    room: Room, mind: Mind, moody: Moody
) -> None:
    for text in ("我要投诉", "一家烧烤店"):
        await say(room, text)
    await mind.think(2.0)
    assert (moody.read, dict(room.state.slots)) == (0, {})
    await room.commit([(3.0, CallEnded(seconds=3.0, reason="stopped"))])
    for at in (3.0, 4.0):
        await mind.think(at)
        assert (moody.read, room.state.slots["subject"].value) == (1, "烧烤店")
