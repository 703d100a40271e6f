"""Plates that caller and agent both say, compared by sound: turns in, the plate out.

What a recogniser writes for a plate is as often words and digits as its letters (粤A的开3952, 粤A001739 for 粤AD…);
where both are heard differently it is the likeliest plate that both may have been (`extractors.said_twice`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.code_forms import PlateForm
from extractors.cues import Cues
from extractors.digits import DigitReader
from extractors.extractor import Context
from extractors.said_twice import Spelled, both_say, may_be_one
from extractors.sound import Sounds
from extractors.symbol_lattice import Spelling
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn, otherwise

_BEFORE = 8  # characters before the digits that may be of the plate
_AFTER = 2  # and behind them
_BETWEEN = 10  # letters and digits between two groups of one plate
_NEAR = 4  # turns between the caller's plate and the agent's
_LATELY = 3  # turns before, in which a plate was spoken of
_OTHERWISE = 2
_OTHER_READING = 0.15
_DEAREST = 2.4
_GLUED = 0.3  # cost of what was written behind a plate as if it were part of it (52白色的: 52004的)
_SHARED = 4  # symbols that both have at least
_DIGITS = 2
_FREE = 0.05
_DOUBT = 2.0
_MOST = 0.95
_WRITTEN = re.compile(r"[0-9A-Za-z零〇一二三四五六七八九幺]{2,}")


@dataclass(frozen=True, slots=True)
class PlateStretch:
    """Words of a turn in which a plate may be said, in each of its readings."""

    texts: tuple[str, ...]
    start: int


class PlatesBySound:
    """Finds the plate that both parties spell."""

    def __init__(self, sounds: Sounds, reader: DigitReader, rules: Mapping[str, Any]) -> None:
        """``rules``: those for numbers."""
        plate = rules["plate"]
        self._reader = reader
        self._words = Cues(plate["words"])
        self._phone = Cues(rules["phone"]["words"])
        own: str = plate["sound"]
        named = {one: tuple(way.rstrip("12345") for way in said) for one, said in plate["provinces"].items()}
        between = [*plate["between"], *rules["dictation"]["between"]]
        spelling = Spelling(sounds, between, rules["order"]["lead"], rules["spelled"]["misheard"], named)
        form = PlateForm(tuple(named), own, next(iter(plate["city"])))

        def together(one: str, other: str) -> Spelled | None:
            return both_say(spelling.lattice(one), spelling.lattice(other), form, _DEAREST, _GLUED)

        self._together = lru_cache(maxsize=512)(together)
        self._provinces = "".join(named)

    def read(self, turn: Turn, context: Context) -> tuple[PlateStretch, ...]:
        """Where ``turn`` may say a plate."""
        if not turn.times or not turn.final:
            return ()
        due = "plate_no" in context.expected or any(
            self._words.match(one.text) for one in (*context.before[-_LATELY:], turn)
        )
        first = list(self._stretches(turn.text, due))
        others = [(other, list(self._stretches(other.text, due))) for other in otherwise(turn)] if first else []
        found = []
        for at, (start, end) in enumerate(first):
            texts = [turn.text[start:end]]
            for other, ways in others:
                if len(ways) == len(first) and len(texts) <= _OTHERWISE:
                    text = other.text[ways[at][0] : ways[at][1]]
                    if text not in texts:
                        texts.append(text)
            found.append(PlateStretch(tuple(texts), start))
        return tuple(found)

    def _stretches(self, text: str, due: bool) -> Iterator[tuple[int, int]]:
        groups = sorted(
            {found.span() for found in _WRITTEN.finditer(text)}
            | {(run.start, run.end) for run in self._reader.runs(text, 2)}
        )
        merged: list[list[int]] = []
        for start, end in groups:
            if merged and sum(map(str.isalnum, text[merged[-1][1] : start])) <= _BETWEEN:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        for at, (start, end) in enumerate(merged):
            floor = merged[at - 1][1] if at else 0
            begin = max(floor, start - _BEFORE)
            if self._phone.match(text[begin:start]):
                continue
            if due or any(one in text[begin:end] for one in self._provinces):
                yield begin, min(len(text), end + _AFTER)

    def fold(self, turns: Sequence[Turn], stretches: Sequence[Sequence[PlateStretch]]) -> SlotValue | None:
        """The plate that both said; None where there is none, or no one of two is much likelier."""
        best: SlotValue | None = None
        for at, turn in enumerate(turns):
            if turn.speaker is not Speaker.AGENT:
                continue
            for told in stretches[at]:
                for near in range(max(0, at - _NEAR), min(len(turns), at + 2)):
                    if turns[near].speaker is Speaker.AGENT:
                        continue
                    for said in stretches[near]:
                        value = self._value(turns[near], said, turn, told)
                        if value is not None and (best is None or value.confidence >= best.confidence):
                            best = value
        return best

    def _value(self, caller: Turn, said: PlateStretch, agent: Turn, told: PlateStretch) -> SlotValue | None:
        found: tuple[float, Spelled] | None = None
        if not may_be_one(said.texts[0], told.texts[0], 1):
            return None
        for i, one in enumerate(said.texts):
            for j, other in enumerate(told.texts):
                if i + j > _OTHERWISE or (found is not None and found[0] <= _OTHER_READING * (i + j)):
                    continue
                spelled = self._together(one, other)
                if spelled is None or spelled.shared < _SHARED or sum(map(str.isdigit, spelled.code)) < _DIGITS:
                    continue
                cost = spelled.cost + _OTHER_READING * (i + j)
                if found is None or cost < found[0]:
                    found = cost, spelled
        if found is None:
            return None
        cost, spelled = found
        certainty = _MOST * spelled.odds / (1 + _DOUBT * max(0.0, cost / len(spelled.code) - _FREE))
        evidence = _evidence(caller, said, spelled.spans[0]), _evidence(agent, told, spelled.spans[1])
        return SlotValue(spelled.code, round(certainty, 3), evidence, confirmed=True)


def _evidence(turn: Turn, stretch: PlateStretch, span: tuple[int, int]) -> Evidence:
    start = min(stretch.start + span[0], len(turn.text) - 1)
    return Evidence.of(turn, start, max(start + 1, min(stretch.start + span[1], len(turn.text))))
