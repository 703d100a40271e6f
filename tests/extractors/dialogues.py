"""Short conversations for the tests of what is read from language: turns in, slot values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.slots.extractor import Context, Extractor
from extractors.ticket import SlotValue
from extractors.turn import Speaker, Turn

STARTED = datetime(2026, 11, 24, 10, 0)  # a Tuesday


def conversation(text: str, *, heard: bool = False) -> list[Turn]:
    """Turns of a script with a line a turn: ``A`` for the agent or ``C`` for the citizen, a space, the words.

    ``heard``: as a recogniser hands them on, with the time of every character and, behind ``|``, its other readings;
    else as they are typed.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    speakers = {"A": Speaker.AGENT, "C": Speaker.CITIZEN}
    turns = [Turn(number, speakers[line[0]], line[2:], number, number + 1) for number, line in enumerate(lines)]
    return [_heard(turn) for turn in turns] if heard else turns


def _heard(turn: Turn) -> Turn:
    text, *others = turn.text.split(" | ")
    times = tuple((turn.start, turn.end) for _ in text)
    return replace(turn, text=text, times=times, readings=tuple(others))


def understand(
    extractor: Extractor[Any], dialogue: Dialogue, text: str, *, heard: bool = False
) -> Mapping[str, SlotValue]:
    """What ``extractor`` makes of a script, read turn by turn as in a live call; ``heard`` as of `conversation`."""
    turns = conversation(text, heard=heard)
    expected: frozenset[str] = frozenset()
    readings = []
    for number, turn in enumerate(turns):
        readings.append(extractor.read(turn, Context(tuple(turns[:number]), expected, STARTED)))
        if turn.speaker is Speaker.AGENT:
            expected = dialogue.expected(turn)
    return extractor.fold(turns, readings, Context(tuple(turns), expected, STARTED))
