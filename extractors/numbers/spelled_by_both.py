"""Stretches of turns that may spell a number, and what one of the caller's and one of the agent's spell both.

Order numbers and plates are looked for in the same way (`extractors.codes.by_sound`,
`extractors.codes.plates_by_sound`); what a stretch is and which codes there are is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extractors.numbers.digits import DigitReader
from extractors.numbers.said_twice import Spelled
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn, otherwise

_BETWEEN = 10  # letters and digits between two groups of one number
_GROUP = 2  # digits of a group have at least
_NEAR = 4  # turns between the caller's number and the agent's
_OTHERWISE = 2  # so many other readings of a turn are looked at
_OTHER_READING = 0.15  # cost of one
_DOUBT = 2.0  # how much of the certainty each further cost takes
_WRITTEN = re.compile(r"[0-9A-Za-z零〇一二三四五六七八九幺]{2,}")

Span = tuple[int, int, bool]  # of characters from and to, and whether such a number is due there


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a turn in which a number is said, in each of its readings; ``due``: one was asked for or named."""

    texts: tuple[str, ...]
    start: int
    due: bool


def groups(text: str, reader: DigitReader, labels: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Where letters and digits stand in ``text``, groups close to each other as one unless a word that ends at one of
    ``labels`` stands between them.
    """
    found = {match.span() for match in _WRITTEN.finditer(text)} | {
        (run.start, run.end) for run in reader.runs(text, _GROUP)
    }
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        begun, last = merged[-1] if merged else (0, 0)
        named = any(last <= label <= start for label in labels) and start > last
        if merged and not named and sum(map(str.isalnum, text[last:start])) <= _BETWEEN:
            merged[-1] = begun, max(last, end)
        else:
            merged.append((start, end))
    return merged


def stretches(turn: Turn, spans: Callable[[str], Iterator[Span]]) -> Iterator[Stretch]:
    """The stretches of ``turn`` as ``spans`` finds them in a text, each with other readings of the turn that have as
    many.
    """
    first = list(spans(turn.text))
    others = [(other.text, list(spans(other.text))) for other in otherwise(turn)] if first else []
    for at, (start, end, due) in enumerate(first):
        texts = [turn.text[start:end]]
        for text, ways in others:
            again = text[ways[at][0] : ways[at][1]] if len(ways) == len(first) else texts[0]
            if again not in texts and len(texts) <= _OTHERWISE:
                texts.append(again)
        yield Stretch(tuple(texts), start, due)


def pairs(turns: Sequence[Turn], told: Sequence[Sequence[Stretch]]) -> Iterator[tuple[Turn, Stretch, Turn, Stretch]]:
    """Each stretch of a caller's turn with each of an agent's near it; ``told``: those of every turn."""
    for at, turn in enumerate(turns):
        if turn.speaker is not Speaker.AGENT:
            continue
        for again in told[at]:
            for near in range(max(0, at - _NEAR), min(len(turns), at + 2)):
                if turns[near].speaker is not Speaker.AGENT:
                    yield from ((turns[near], said, turn, again) for said in told[near])


def likeliest(
    said: Stretch,
    told: Stretch,
    together: Callable[[str, str], Spelled | None],
    enough: Callable[[Spelled], bool],
) -> tuple[float, Spelled] | None:
    """What some reading of ``said`` and some of ``told`` spell ``together`` at the least cost, if it is ``enough``."""
    found: tuple[float, Spelled] | None = None
    for i, one in enumerate(said.texts):
        for j, other in enumerate(told.texts):
            if i + j > _OTHERWISE or (found is not None and found[0] <= _OTHER_READING * (i + j)):
                continue
            spelled = together(one, other)
            if spelled is None or not enough(spelled):
                continue
            cost = spelled.cost + _OTHER_READING * (i + j)
            if found is None or cost < found[0]:
                found = cost, spelled
    return found


def value(
    cost: float, spelled: Spelled, pair: tuple[Turn, Stretch, Turn, Stretch], most: float, free: float
) -> SlotValue:
    """``spelled`` as a value, ``most`` sure where no rival is and a symbol costs no more than ``free``."""
    caller, said, agent, told = pair
    certainty = most * spelled.odds / (1 + _DOUBT * max(0.0, cost / len(spelled.code) - free))
    evidence = _evidence(caller, said, spelled.spans[0]), _evidence(agent, told, spelled.spans[1])
    return SlotValue(spelled.code, round(certainty, 3), evidence, confirmed=True)


def _evidence(turn: Turn, stretch: Stretch, span: tuple[int, int]) -> Evidence:
    start = min(stretch.start + span[0], len(turn.text) - 1)
    return Evidence.of(turn, start, max(start + 1, min(stretch.start + span[1], len(turn.text))))
