"""Digits by sound: stretches of a turn that are numbers read digit by digit, whatever characters they were written in.

In: the text of a turn. Out: :class:`DigitRun` with, for every heard syllable, the cost of each of the ten digits. A
word that merely sounds like a digit (要, 就, 是) belongs to a run only among neighbours that are digits.
:func:`settle` finds the number of a known length that several such hearings of it agree on best.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import TypeAlias

import numpy as np

from extractors.text.sound import Sounds

Costs: TypeAlias = tuple[float, ...]  # of the digits 0-9: 0 surely this one, 1 surely another
Profile: TypeAlias = list[list[float]]  # for every position of a number the cost of each digit

READ_OUT = dict(zip("零〇一二两三四五六七八九幺", "0012234567891", strict=True))
SURE = 0.12  # up to this cost a syllable is a digit in its own right
_LIKELY = 0.5  # up to this cost it is one among other digits
_MARGIN = 0.36  # cost up to which a syllable at the end of a run belongs to it
_MISSED = 0.85  # cost of a digit nobody heard
_EXTRA, _EXTRA_WORD = 0.95, 0.5  # cost of a digit, or of a word like one, that is not of the number
_DOUBLED = 0.55  # cost of one digit too many or too few among equal ones
_OUTSIDE, _OUTSIDE_WORD = 0.25, 0.05  # the same before or after the number
_FORBIDDEN = 3.0  # cost of a digit that the numbering plan does not have here
_NEVER = 50.0  # cost that rules a digit out
_TRUST = 6.0  # how fast probability falls with cost
_PUNCTUATION = re.compile(r"[\s，,、.．·\-—－/]")
_SENTENCE_END = re.compile(r"[。！？!?；]|\.(?=\s)")


@dataclass(frozen=True, slots=True)
class Heard:
    """One syllable in a run: characters ``start:end`` and the cost of each digit."""

    start: int
    end: int
    costs: Costs

    @property
    def cost(self) -> float:
        """Of the digit it most likely is."""
        return min(self.costs)

    @property
    def certain(self) -> bool:
        """Whether it is a digit in its own right, not only by its neighbours."""
        return self.cost <= SURE


@dataclass(frozen=True, slots=True)
class DigitRun:
    """A number read out: the characters ``start:end`` of a turn."""

    heard: tuple[Heard, ...]

    @property
    def start(self) -> int:
        """First character."""
        return self.heard[0].start

    @property
    def end(self) -> int:
        """One past the last character."""
        return self.heard[-1].end

    @property
    def digits(self) -> str:
        """The likeliest digit of every syllable."""
        return "".join(str(one.costs.index(min(one.costs))) for one in self.heard)


class DigitReader:
    """Finds digit runs in text."""

    def __init__(self, sounds: Sounds) -> None:
        self.sounds = self._sounds = sounds
        self.costs = lru_cache(maxsize=8192)(self._costs)
        self._stretches = lru_cache(maxsize=256)(self._read)  # of a turn for phones, order numbers and identity cards

    def _costs(self, char: str) -> Costs | None:
        """The cost of each digit for one character; None for what is silent."""
        if _PUNCTUATION.match(char):
            return None
        digit = char if char.isascii() and char.isdigit() else READ_OUT.get(char)
        if digit is not None:
            return tuple(0.0 if str(d) == digit else 1.0 for d in range(10))
        units = self._sounds.hear(char)
        if len(units) != 1:
            return (1.0,) * 10
        return tuple(min(self._cost(syllable, str(d)) for syllable, _ in units[0].readings) for d in range(10))

    def _cost(self, syllable: str, digit: str) -> float:
        listed = self._sounds.digit_confusions[digit].get(syllable)
        if listed is not None:
            return listed
        return min(1.0, 0.3 + min(self._sounds.distance(syllable, said) for said, _ in self._sounds.digits[digit]))

    def runs(self, text: str, least: int = 3) -> tuple[DigitRun, ...]:
        """The stretches of ``text`` where at least ``least`` digits are read out, most of them certain."""
        return tuple(run for run in self._stretches(text) if len(run.heard) >= least)

    def _read(self, text: str) -> tuple[DigitRun, ...]:
        """The stretches of ``text`` where digits are read out, however few."""
        heard: list[Heard | None] = []
        ends = {found.start() for found in _SENTENCE_END.finditer(text)}
        for at, char in enumerate(text):
            costs = self.costs(char)
            if at in ends:
                heard.append(None)
            elif costs is not None:
                heard.append(Heard(at, at + 1, costs))
        runs: list[DigitRun] = []
        current: list[Heard] = []
        doubtful = 0  # syllables in a row that are no digits
        for one in [*heard, None]:
            if one is not None and (one.cost <= _LIKELY or (current and doubtful < 1)):
                doubtful = doubtful + 1 if one.cost > _LIKELY else 0
                current.append(one)
                continue
            run = self._trim(current)
            if run is not None:
                runs.append(run)
            current, doubtful = [], 0
        return tuple(runs)

    @staticmethod
    def _trim(heard: Sequence[Heard]) -> DigitRun | None:
        """The part of ``heard`` that is most surely a number (the stretch of greatest sum), or None."""
        best, begin, total, span = 0.0, 0, 0.0, (0, 0)
        for at, one in enumerate(heard):
            gain = _MARGIN - one.cost
            if total <= 0:
                begin, total = at, 0.0
            total += gain
            if total > best:
                best, span = total, (begin, at + 1)
        kept = tuple(heard[span[0] : span[1]])
        certain = sum(one.certain for one in kept)
        return DigitRun(kept) if certain >= max(2, 0.5 * len(kept)) else None


@dataclass(frozen=True, slots=True)
class Settled:
    """The number several hearings agree on. ``probabilities``: one for each digit. ``cost``: of all hearings together.
    ``margins``: for each position what each other digit would cost more.
    """

    digits: str
    probabilities: tuple[float, ...]
    cost: float
    margins: tuple[Costs, ...]

    @property
    def confidence(self) -> float:
        """The probability that every digit is right."""
        product = 1.0
        for one in self.probabilities:
            product *= one
        return product


def mismatch(hearing: Sequence[Costs], digits: str) -> float:
    """What it costs to take ``hearing`` for the number ``digits``."""
    profile = [[0.0 if str(d) == digit else _NEVER for d in range(10)] for digit in digits]
    doubled = [at > 0 and digit == digits[at - 1] for at, digit in enumerate(digits)]
    aligned, due = _align(profile, hearing, None, doubled)
    return due + sum(min(row) for row in aligned)


def likeliest(heard: Sequence[Costs]) -> str:
    """The digit that each syllable sounds most like."""
    return "".join(str(min(range(10), key=costs.__getitem__)) for costs in heard)


def settle(hearings: Sequence[Sequence[Costs]], allowed: Sequence[str]) -> Settled | None:
    """The number that ``hearings`` (of one and the same number) agree on best.

    ``allowed`` holds for every position the digits it may have. The hearings are aligned one after the other to a
    profile of the number (progressive alignment); a digit missed in one is taken from another.
    """
    blank: Profile = [[0.0 if str(d) in digits else _FORBIDDEN for d in range(10)] for digits in allowed]
    best: tuple[float, Profile] | None = None
    for first, hearing in enumerate(hearings):
        others = [*hearings[:first], *hearings[first + 1 :]]
        lacks = _align(blank, hearing, None)[1] >= _MISSED  # then each place is tried for the digit it lacks
        for missed in range(len(allowed)) if lacks else (None,):
            profile, cost = _align(blank, hearing, missed)
            for other in others:
                profile, added = _align(profile, other, None)
                cost += added
            for row in profile:
                cost += min(row)
            if best is None or cost < best[0]:
                best = cost, profile
    return None if best is None else _decide(*best)


def _align(
    profile: Profile, hearing: Sequence[Costs], missed: int | None, doubled: Sequence[bool] = ()
) -> tuple[Profile, float]:
    """``profile`` with ``hearing`` aligned to it, and the cost that is due to syllables left over or missing.

    ``missed``: the position that this hearing is taken to lack; ``doubled``: those that repeat the one before, which
    recognisers miscount. What lies before or after the number costs little.
    """
    rows, columns = len(profile), len(hearing)
    matches = (np.array(profile)[:, None, :] + np.array(hearing)[None, :, :]).min(axis=2).tolist() if columns else []
    certain = [min(costs) <= SURE for costs in hearing]
    outside = [_OUTSIDE if one else _OUTSIDE_WORD for one in certain]
    inside = [
        _EXTRA_WORD if not sure else _DOUBLED if at and hearing[at] == hearing[at - 1] else _EXTRA
        for at, sure in enumerate(certain)
    ]
    lacking = [_DOUBLED if row < len(doubled) and doubled[row] else _MISSED for row in range(rows)]
    table = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    moves = [[0] * (columns + 1) for _ in range(rows + 1)]
    for column in range(1, columns + 1):
        table[0][column], moves[0][column] = table[0][column - 1] + outside[column - 1], 1
    for row in range(1, rows + 1):
        skip = min(profile[row - 1]) + (0.0 if missed == row - 1 else lacking[row - 1])
        extra = outside if row == rows else inside
        for column in range(columns + 1):
            choice, move = table[row - 1][column] + skip, 2
            if column:
                if missed != row - 1:
                    match = table[row - 1][column - 1] + matches[row - 1][column - 1]
                    if match < choice:
                        choice, move = match, 3
                if table[row][column - 1] + extra[column - 1] < choice:
                    choice, move = table[row][column - 1] + extra[column - 1], 1
            table[row][column], moves[row][column] = choice, move
    aligned = [list(digits) for digits in profile]
    due = 0.0
    row, column = rows, columns
    while row or column:
        move = moves[row][column]
        if move == 3:
            aligned[row - 1] = [a + b for a, b in zip(profile[row - 1], hearing[column - 1], strict=True)]
            row, column = row - 1, column - 1
        elif move == 1:
            due += (outside if row in (0, rows) else inside)[column - 1]
            column -= 1
        else:
            due += lacking[row - 1]
            row -= 1
    return aligned, due


def _decide(cost: float, profile: Profile) -> Settled:
    """The likeliest digits of ``profile``, which ``cost`` so much together."""
    digits, probabilities = "", []
    for row in profile:
        lowest = min(row)
        digits += str(row.index(lowest))
        probabilities.append(1 / sum(exp(-_TRUST * (one - lowest)) for one in row))
    margins = tuple(tuple(one - min(row) for one in row) for row in profile)
    return Settled(digits, tuple(probabilities), cost, margins)
