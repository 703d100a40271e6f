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

from extractors.catalogue_yaml import read_mapping
from extractors.pinyin import Syllable, Unit, parse, parts, read_name, readings

_LONG_NUMBER = re.compile(r"\d[\d.,-]{2,}")
_WALL = 8.0  # cost of a syllable that cannot be any
_SCALE = 1000  # integer cost of 1.0
_SHIFT = 12  # low bits of a packed cell hold where the match began
_START = (1 << _SHIFT) - 1
_INFINITE = np.int32(1 << 30)
_CHECKED = 16  # syllables after which costs are kept from growing out of their 32 bits


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
        """`distance` of ``one`` from each of ``others``."""
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
        self._ids = np.array([number for one in numbered for number in one], np.intp)  # name by name
        self._begins = np.cumsum(self._lengths) - self._lengths
        # the syllables of a name, a column each; all end in the last row
        self._grid = np.zeros((max(self._lengths, default=0), len(numbered)), np.intp)
        for column, one in enumerate(numbered):
            self._grid[len(self._grid) - len(one) :, column] = one
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
        columns = self._possible(units)
        best = np.full(len(columns), _INFINITE, dtype=np.int32)
        ends = np.zeros(len(columns), dtype=np.int32)
        for at, whole in enumerate(self._alignments(units, columns)):
            ends[whole < best] = at - 1
            np.minimum(best, whole, out=best)
        costs = (best >> _SHIFT) / _SCALE
        starts = best & _START
        return [
            Fit(self._order[columns[at]], float(costs[at]), units[starts[at]].start, units[ends[at]].end)
            for at in np.flatnonzero(costs <= self._limits[columns]).tolist()
        ]

    def everywhere(self, units: Sequence[Unit]) -> list[Fit]:
        """As ``fits``, at every place: of alignments of one name that overlap, the cheapest."""
        columns = self._possible(units)
        highest = np.round(self._limits[columns] * _SCALE) + 1
        limits = np.minimum(highest, _INFINITE >> _SHIFT).astype(np.int32) << _SHIFT
        open_fits: dict[int, tuple[int, int, int]] = {}  # column → packed cost, start, end of the latest alignment
        found: list[Fit] = []

        def close(column: int) -> None:
            packed, start, end = open_fits.pop(column)
            cost = (packed >> _SHIFT) / _SCALE
            found.append(Fit(self._order[columns[column]], cost, units[start].start, units[end].end))

        for at, whole in enumerate(self._alignments(units, columns)):
            for column in np.flatnonzero(whole < limits).tolist():
                packed = int(whole[column])
                known = open_fits.get(column)
                if known is not None and packed & _START > known[2]:
                    close(column)
                    known = None
                if known is None or packed >> _SHIFT < known[0] >> _SHIFT:
                    open_fits[column] = (packed, packed & _START, at - 1)
        for column in sorted(open_fits):
            close(column)
        return found

    def _possible(self, units: Sequence[Unit]) -> NDArray[np.intp]:
        """The columns of the names that may fit: each syllable costs at least what the nearest of ``units`` does."""
        if not units or not self._order:
            return np.zeros(0, np.intp)
        rows = [self._row(heard) for heard in {unit.readings for unit in units}]
        nearest = np.minimum.reduce(rows) >> _SHIFT
        gap = round(self._sounds.gap_name * _SCALE)
        least = np.add.reduceat(np.minimum(nearest, gap)[self._ids], self._begins)
        return np.flatnonzero(least <= self._limits * _SCALE + 1)

    def _alignments(self, units: Sequence[Unit], columns: NDArray[np.intp]) -> Iterator[NDArray[np.int32]]:
        """For each place before, between and after ``units``, the packed cost of each of the names in ``columns`` that
        ends there.

        What is yielded is overwritten by the next.
        """
        if not len(columns):
            return
        # A row holds the names that have begun there, the longest first: a prefix.
        lengths = self._lengths[columns]
        widths = [int(np.count_nonzero(lengths >= left)) for left in range(int(lengths[0]), 0, -1)]
        grid = self._grid[-len(widths) :, columns]
        ids = np.concatenate([row[:width] for row, width in zip(grid, widths, strict=True)])
        gap_heard = np.int32(round(self._sounds.gap_heard * _SCALE) << _SHIFT)
        gap_name = np.int32(round(self._sounds.gap_name * _SCALE) << _SHIFT)
        wall = np.int32(round(_WALL * _SCALE) << _SHIFT)
        # cells[r] holds the packed cost of every name up to before its syllable in row r; the last of whole names
        table = np.full(len(ids) + widths[-1], _INFINITE, dtype=np.int32)
        before, heard = table[: len(ids)], np.empty(len(ids), np.int32)
        cells, hears = _split(table, (*widths, widths[-1])), _split(heard, widths)
        afters = [cell[:wide] for cell, wide in zip(cells[1:], widths, strict=True)]
        begins = [cell[begun:] for cell, begun in zip(cells[:-1], (0, *widths[:-1]), strict=True)]
        rows = list(zip(begins, cells[:-1], hears, afters, strict=True))
        for at in range(min(len(units), _START - 1) + 1):
            for begin, cell, spare, after in rows:  # what was heard last is not needed any more: its room is spare
                begin[:] = at
                np.add(cell, gap_name, out=spare)
                np.minimum(after, spare, out=after)
            yield cells[-1]
            if at < len(units):
                np.take(self._row(units[at].readings), ids, out=heard, mode="clip")
                heard += before
                table += gap_heard if units[at].readings else wall
                for after, hear in zip(afters, hears, strict=True):
                    np.minimum(after, hear, out=after)
                if at % _CHECKED == 0:
                    np.minimum(table, _INFINITE, out=table)


def _split(cells: NDArray[np.int32], widths: Sequence[int]) -> list[NDArray[np.int32]]:
    """``cells`` in pieces of ``widths``, views of it."""
    return np.split(cells, np.cumsum(widths)[:-1])
