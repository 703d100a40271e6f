"""Which words of a call prove a text that was written about it, and how much of it they prove.

Compared by sound, southern confusions merged: what a recogniser misheard is still what was said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.text.cues import by_sound
from extractors.text.numerals import in_figures
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

_EMPTY = re.compile(r"[\s，。！？；、：,.!?;:的了和并及与把将给被对就也都]")  # prove nothing
_NOT = "不没别勿"
_NUMBER = re.compile(r"\d+")
_GAP = 6  # characters between two stretches of a turn that are quoted as one
_CITIZENS = 1.5  # how much more than the agent's the caller's words count
_ALONE = 0.5  # what a single character proves


@dataclass(frozen=True, slots=True)
class Grounds:
    """The words that a text rests on, in their order, the ``share`` of its characters that they prove, and whether all
    that a character turns into something else was ``told``: its numbers and what it says is not so.
    """

    evidence: tuple[Evidence, ...]
    share: float
    told: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """Characters of the text, and where each turn that has them says them."""

    length: int
    places: dict[int, int]


def grounds(text: str, turns: Sequence[Turn]) -> Grounds:
    """What of ``turns`` proves ``text``."""
    sounds, empty = by_sound(text), [_EMPTY.match(char) is not None for char in text]
    said = [by_sound(turn.text) for turn in turns]
    blocks: list[_Block] = []
    proved, start, told = 0.0, 0, _numbers(text) <= set().union(*(_numbers(turn.text) for turn in turns))
    while start < len(text):
        block = None if empty[start] else _longest(sounds, start, said)
        length = block.length if block else 1
        full = length - sum(empty[start : start + length])
        if block is not None:
            proved += full if full > 1 else _ALONE
            if full > 1:
                blocks.append(block)
        if length == 1 and text[start] in _NOT:
            told = False
        start += length
    return Grounds(_quoted(blocks, turns), proved / max(1, empty.count(False)), told)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(in_figures(text)))


def _longest(sounds: str, start: int, said: Sequence[str]) -> _Block | None:
    """The longest stretch of ``sounds`` from ``start`` on that any turn has."""
    found = None
    for end in range(start + 1, len(sounds) + 1):
        among = range(len(said)) if found is None else found.places
        places = {number: place for number in among if (place := said[number].find(sounds[start:end])) >= 0}
        if not places:
            break
        found = _Block(end - start, places)
    return found


def _quoted(blocks: Sequence[_Block], turns: Sequence[Turn]) -> tuple[Evidence, ...]:
    """The words of ``blocks`` in as few turns as there may be, the caller's rather than the agent's."""
    worth = [
        sum(block.length for block in blocks if number in block.places)
        * (_CITIZENS if turn.speaker is Speaker.CITIZEN else 1.0)
        for number, turn in enumerate(turns)
    ]
    spans: dict[int, list[tuple[int, int]]] = {}
    for block in blocks:
        number = max(block.places, key=lambda one: (worth[one], -one))
        start = block.places[number]
        spans.setdefault(number, []).append((start, start + block.length))
    return tuple(
        Evidence.of(turns[number], start, end)
        for number in sorted(spans)
        for start, end in _joined(sorted(spans[number]))
    )


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= _GAP:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
