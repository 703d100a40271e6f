"""Matching by sound: how far what was heard is from what may have been said.

In: text as a recogniser wrote it. Out: where in it, and at what cost, each of many names best fits. Costs come from
``catalog/rules/sounds.yaml``: confusions that southern speakers and telephone lines make are cheap (zh/z, n/l, in/ing),
an unrelated syllable costs about 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue.yaml_files import read_mapping
from extractors.text.pinyin import Syllable, Unit, parse, parts, read_name, readings

_LONG_NUMBER = re.compile(r"\d[\d.,-]{2,}")
_WALL = 8.0  # cost of a syllable that cannot be any
_SCALE = 1000  # integer cost of 1.0
_SHIFT = 12  # low bits of a packed cell hold where the match began
_START = (1 << _SHIFT) - 1
_LARGEST = np.iinfo(np.int32).max
_UNHEARD = np.iinfo(np.int16).max
_CELLS = 1 << 17  # of names by places that are computed at once


class Syllables:
    """Toneless syllables with their parts: ``initial`` and ``final`` number those in ``initials`` and ``finals``."""

    def __init__(self, syllables: Sequence[str]) -> None:
        split = [parts(one) for one in syllables]
        self.initials = list(dict.fromkeys(initial for initial, _ in split))
        self.finals = list(dict.fromkeys(final for _, final in split))
        self.initial = np.array([self.initials.index(initial) for initial, _ in split], np.intp)
        self.final = np.array([self.finals.index(final) for _, final in split], np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Sounds:
    """The confusion costs, and how characters, digits and letters are spoken."""

    initials: Mapping[tuple[str, str], float]
    finals: Mapping[tuple[str, str], float]
    other_initial: float
    other_final: float
    syllable_max: float
    tone: float
    gap_heard: float
    gap_name: float
    second_reading: float
    special: Mapping[str, tuple[Syllable, ...]]
    letters: Mapping[str, tuple[tuple[Syllable, ...], ...]]
    digits: Mapping[str, tuple[Syllable, ...]]
    digit_confusions: Mapping[str, Mapping[str, float]]
    _pairs: dict[tuple[str, str], float] = field(default_factory=dict)

    def distance(self, one: str, other: str) -> float:
        """Cost of hearing the toneless syllable ``one`` for ``other``: 0 the same, ``syllable_max`` unrelated."""
        if one == other:
            return 0.0
        known = self._pairs.get((one, other))
        if known is None:
            (initial_a, final_a), (initial_b, final_b) = parts(one), parts(other)
            cost = 0.0
            if initial_a != initial_b:
                cost += self.initials.get((initial_a, initial_b), self.other_initial)
            if final_a != final_b:
                cost += self.finals.get((final_a, final_b), self.other_final)
            known = self._pairs[one, other] = self._pairs[other, one] = min(cost, self.syllable_max)
        return known

    def distances(self, one: str, others: Syllables) -> NDArray[np.float64]:
        """`distance` of ``one`` from each of ``others`` (``[others]``)."""
        initial, final = parts(one)
        costs = np.array([self.initials.get((initial, x), self.other_initial) for x in others.initials])
        costs[[at for at, x in enumerate(others.initials) if x == initial]] = 0.0
        ends = np.array([self.finals.get((final, x), self.other_final) for x in others.finals])
        ends[[at for at, x in enumerate(others.finals) if x == final]] = 0.0
        return np.asarray(np.minimum(costs[others.initial] + ends[others.final], self.syllable_max), np.float64)

    def readings(self, char: str) -> tuple[Syllable, ...]:
        """How one character may be spoken, most usual first."""
        return self.special.get(char) or readings(char)

    def hear(self, text: str) -> tuple[Unit, ...]:
        """The syllables of ``text``; punctuation and unknown characters are silent.

        A long number gets one unit without readings: no name is heard in it, nor across it.
        """
        units: list[Unit] = []
        numbers = {at for found in _LONG_NUMBER.finditer(text) for at in range(*found.span())}
        for at, char in enumerate(text):
            if at in numbers:
                if at - 1 not in numbers:
                    units.append(Unit(at, at + 1, ()))
            elif char in self.digits:
                units.append(Unit(at, at + 1, self.digits[char]))
            elif char.upper() in self.letters:
                spoken = self.letters[char.upper()][0]
                units.extend(Unit(at, at + 1, (one,)) for one in spoken)
            elif found := self.readings(char):
                units.append(Unit(at, at + 1, found))
        return tuple(units)

    def name(self, text: str) -> tuple[tuple[Syllable, ...], ...]:
        """A name's syllables, each with its possible readings."""
        if all(readings(char) for char in text):
            phrase = read_name(text)
            return tuple(self.special.get(char) or (one,) for char, one in zip(text, phrase, strict=True))
        return tuple(unit.readings for unit in self.hear(text))


def load_sounds(catalog: Path) -> Sounds:
    """The sound rules of a catalogue directory (``rules/sounds.yaml``)."""
    data = read_mapping(catalog, "rules/sounds.yaml")
    return Sounds(
        initials=_pair_costs(data["initials"]),
        finals=_pair_costs(data["finals"]),
        other_initial=data["other_initial"],
        other_final=data["other_final"],
        syllable_max=data["syllable_max"],
        tone=data["tone"],
        gap_heard=data["gap_heard"],
        gap_name=data["gap_name"],
        second_reading=data["second_reading"],
        special={char: tuple(map(parse, said)) for char, said in data["readings"].items()},
        letters={
            letter: tuple(tuple(map(parse, one.split())) for one in said) for letter, said in data["letters"].items()
        },
        digits={str(digit): tuple(map(parse, said)) for digit, said in data["digits"].items()},
        digit_confusions={str(digit): costs for digit, costs in data["digit_confusions"].items()},
    )


def _pair_costs(groups: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    costs: dict[tuple[str, str], float] = {}
    for group in groups:
        for pair in group["pairs"]:
            one, other = (part.strip('"') for part in pair.split())
            costs.setdefault((one, other), group["cost"])
            costs.setdefault((other, one), group["cost"])
    return costs


@dataclass(frozen=True, slots=True)
class Fit:
    """Name ``name`` (its index) fits characters ``start:end`` at ``cost``."""

    name: int
    cost: float
    start: int
    end: int


class NameIndex:
    """Many names, matched at once against a turn: for each its cheapest substring alignment (Sellers, 1980)."""

    def __init__(self, sounds: Sounds, names: Sequence[str], limits: Sequence[float]) -> None:
        """``limits[i]``: the highest cost at which ``names[i]`` is reported. A name with a character that has no known
        sound is never found.
        """
        self._sounds = sounds
        spoken = [sounds.name(name) for name in names]
        audible = [i for i, one in enumerate(spoken) if one and all(one)]
        self._order = sorted(audible, key=lambda i: -len(spoken[i]))  # longest first
        self._limits = np.array([limits[i] for i in self._order], dtype=np.float64)
        vocabulary: dict[tuple[Syllable, ...], int] = {}
        numbered = [[vocabulary.setdefault(one, len(vocabulary)) for one in spoken[i]] for i in self._order]
        self._lengths = np.array([len(one) for one in numbered], np.intp)
        self._grid = np.zeros((max(self._lengths, default=0), len(numbered)), np.intp)  # a column a name
        for column, one in enumerate(numbered):
            self._grid[: len(one), column] = one
        # name by name its syllables two by two, numbered behind the single ones, and the last one of an odd number
        pairs: dict[tuple[int, int], int] = {}
        parts = [
            [
                pairs.setdefault((one[at], one[at + 1]), len(vocabulary) + len(pairs)) if at + 1 < len(one) else one[at]
                for at in range(0, len(one), 2)
            ]
            for one in numbered
        ]
        self._pairs = np.array(list(pairs), np.intp).reshape(-1, 2).T
        self._parts = np.array([part for one in parts for part in one], np.intp)
        self._begins = np.cumsum([0, *map(len, parts)])[:-1]
        self._syllables = Syllables([syllable for options in vocabulary for syllable, _ in options])
        self._tones = np.array([tone for options in vocabulary for _, tone in options], dtype=np.int8)
        self._firsts = np.cumsum([0, *[len(options) for options in vocabulary]])[:-1]  # of each option's readings
        self._apart: dict[str, NDArray[np.float64]] = {}
        self._rows: dict[tuple[Syllable, ...], NDArray[np.int32]] = {}

    def _row(self, heard: tuple[Syllable, ...]) -> NDArray[np.int32]:
        """Packed cost of hearing ``heard`` for each syllable of the vocabulary."""
        row = self._rows.get(heard)
        if row is None:
            sounds = self._sounds
            costs = np.full(len(self._firsts), _WALL)
            for rank, (syllable, tone) in enumerate(heard):
                apart = self._distances(syllable) + sounds.tone * (self._tones != tone)
                nearest = np.minimum.reduceat(apart, self._firsts)
                np.minimum(costs, nearest + (sounds.second_reading if rank else 0.0), out=costs)
            row = np.round(costs * _SCALE).astype(np.int32) << _SHIFT
            self._rows[heard] = row
        return row

    def _distances(self, syllable: str) -> NDArray[np.float64]:
        """Cost of ``syllable`` for every reading in the vocabulary, tones aside."""
        known = self._apart.get(syllable)
        if known is None:
            known = self._apart[syllable] = self._sounds.distances(syllable, self._syllables)
        return known

    def fits(self, units: Sequence[Unit]) -> list[Fit]:
        """Every name whose cheapest alignment in ``units`` costs no more than its limit."""
        found: list[Fit] = []
        for columns, whole in self._alignments(units):
            best, ends = whole.min(axis=0), whole.argmin(axis=0) - 1
            costs, starts = (best >> _SHIFT) / _SCALE, best & _START
            found += (
                Fit(self._order[columns[at]], float(costs[at]), units[starts[at]].start, units[ends[at]].end)
                for at in np.flatnonzero(costs <= self._limits[columns]).tolist()
            )
        return found

    def everywhere(self, units: Sequence[Unit]) -> list[Fit]:
        """As ``fits``, at every place: of alignments of one name that overlap, the cheapest."""
        open_fits: dict[int, tuple[int, int, int]] = {}  # column → packed cost, start, end of the latest alignment
        found: list[tuple[int, Fit]] = []  # each with the place where it was known to be the cheapest

        def close(column: int, at: int) -> None:
            packed, start, end = open_fits.pop(column)
            cost = (packed >> _SHIFT) / _SCALE
            start = min(start, len(units) - 1)  # a name left out wholly behind the last unit
            found.append((at, Fit(self._order[column], cost, units[start].start, units[end].end)))

        for columns, whole in self._alignments(units):
            limits = np.round(self._limits[columns] * _SCALE) + 1
            for at, place in np.argwhere(whole >> _SHIFT < limits).tolist():
                column, packed = int(columns[place]), int(whole[at, place])
                known = open_fits.get(column)
                if known is not None and packed & _START > known[2]:
                    close(column, at)
                    known = None
                if known is None or packed >> _SHIFT < known[0] >> _SHIFT:
                    open_fits[column] = (packed, packed & _START, at - 1)
        for column in sorted(open_fits):
            close(column, len(units) + 1)
        return [fit for _, fit in sorted(found, key=lambda one: one[0])]

    def _possible(self, heard: NDArray[np.int32]) -> NDArray[np.intp]:
        """The columns of the names that may fit units whose packed costs ``[units, syllables]`` are ``heard``: each
        syllable costs at least what the nearest unit does, two in a row what they do side by side, if none is left out.
        """
        costs = np.ascontiguousarray((heard >> _SHIFT).T, np.int16)
        gap_name, gap_heard = (round(one * _SCALE) for one in (self._sounds.gap_name, self._sounds.gap_heard))
        nearest = costs.min(axis=1).astype(np.int32)
        least = np.minimum(nearest, gap_name)
        one, other = self._pairs
        beside = (costs[one, :-1] + costs[other, 1:]).min(axis=1, initial=_UNHEARD)
        apart = nearest[one] + nearest[other] + gap_heard
        lacking = gap_name + np.minimum(least[one], least[other])
        bounds = np.concatenate([least, np.minimum(np.minimum(beside, apart), lacking)])
        return np.flatnonzero(np.add.reduceat(bounds[self._parts], self._begins) <= self._limits * _SCALE + 1)

    def _alignments(self, units: Sequence[Unit]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.signedinteger[Any]]]]:
        """The columns of names that may fit, some at a time, and the packed cost ``[places, names]`` of each of them
        that ends before, between or after ``units``: exact where it is within the name's limit, else no less.
        """
        units = units[: _START - 1]
        if not units or not self._order:
            return
        heard = np.array([self._row(unit.readings) for unit in units])
        columns = self._possible(heard)
        left_out = (self._sounds.gap_heard if unit.readings else _WALL for unit in units)
        gaps = np.cumsum([0, *(round(cost * _SCALE) << _SHIFT for cost in left_out)])[:, None]
        gaps = gaps.astype(np.int32 if gaps[-1] <= _LARGEST else np.int64)
        at_once = max(1, _CELLS // len(gaps))
        for first in range(0, len(columns), at_once):
            some = columns[first : first + at_once]
            yield some, self._ending(some, heard, gaps)

    def _ending(
        self, columns: NDArray[np.intp], heard: NDArray[np.int32], gaps: NDArray[np.signedinteger[Any]]
    ) -> NDArray[np.signedinteger[Any]]:
        """The packed cost ``[places, names]`` of each of the names in ``columns``, the longest first, that ends at a
        place. ``gaps``: of each place, what it costs to leave out all units before it.

        Syllable by syllable, at all places at once. Costs are counted less those ``gaps``, so that the cheapest way to
        a place is the least of those to the places before it.
        """
        lengths = self._lengths[columns]
        gap_name, gap_heard = (round(one * _SCALE) for one in (self._sounds.gap_name, self._sounds.gap_heard))
        farthest = min(len(heard), (self._limits[columns].max() * _SCALE + 1) / gap_heard)  # units to be left out
        heard = heard - np.diff(gaps, axis=0)
        cells = np.repeat(np.arange(len(gaps), dtype=gaps.dtype)[:, None] - gaps, len(columns), axis=1)
        whole = np.empty_like(cells)
        for syllable in range(int(lengths[0])):
            width, longer = (int(np.count_nonzero(lengths > length)) for length in (syllable, syllable + 1))
            before = cells[:, :width]
            cells = before + (gap_name << _SHIFT)
            said = heard.take(self._grid[syllable, columns[:width]], axis=1)
            said += before[:-1]
            np.minimum(cells[1:], said, out=cells[1:])
            back = 1
            while back <= farthest:  # 1, 3, 7, … places before have been looked at
                np.minimum(cells[back:], cells[:-back], out=cells[back:])
                back *= 2
            whole[:, longer:width] = cells[:, longer:]
        return np.asarray(whole + gaps)
