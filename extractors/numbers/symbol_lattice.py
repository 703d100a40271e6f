"""What a stretch of text may spell, syllable by syllable: letters and digits, each with what it costs to hear it there.

In: text. Out: a `Lattice`. A Latin letter is taken for the syllables by which it is read aloud, so that what a
recogniser wrote as one letter may be two symbols (粤H for 粤诶七) and a letter may be what was written as a digit (T7
for 提丘). Costs are those of `extractors.text.sound`: 0 the same sound, 1 an unrelated one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.numbers.digits import READ_OUT
from extractors.text.sound import Sounds

_MOST, _MOST_WRITTEN = 0.65, 0.45  # no symbol is heard at a higher cost, nor another one than that written there
_NAMED = 0.3  # nor a province
_WRITTEN, _WRITTEN_LETTER = 0.15, 0.05  # what it costs more that a digit, or a letter, stands for another symbol
_ENDING = 0.1  # cost that a digit behind a letter is the end of that (X4 for 爱克思)
_NOT_ENDING = 0.4  # cost that it is none
_LONG = 3  # syllables of a letter of which that may be
_LETTER = 0.05  # a syllable is a digit rather than a letter where it may be both
_EXTRA, _EXTRA_LETTER = 0.9, 1.1  # cost of a digit or letter that was written and not said
_DOUBLED = 0.6  # the same where it only repeats the one before
_WORD = 0.45  # cost of a syllable of a word between the symbols
_FILLER = 0.05  # the same where it is one that people say there
_BEHIND_A_WORD = 0.35  # cost that a code begins where a word before it may be part of it
_SILENT = re.compile(r"[^0-9A-Za-z\u3007\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Edge:
    """A ``symbol`` heard from its place up to place ``to``."""

    symbol: str
    to: int
    cost: float


@dataclass(frozen=True, slots=True)
class Lattice:
    """``edges[p]``: what may be heard from place ``p`` on; ``left_out[p]``: what it costs that the syllable there is no
    part of a code; ``written[p]``: it stands there as a letter or digit; ``joined[p]``: so does the place before it,
    and nothing stands between; ``begins[p]``: what it costs that a code begins there, behind a word that may be part of
    it; ``spans[p]``: its characters.
    """

    edges: tuple[tuple[Edge, ...], ...]
    left_out: tuple[float, ...]
    written: tuple[bool, ...]
    joined: tuple[bool, ...]
    begins: tuple[float, ...]
    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.edges)


class Spelling:
    """Makes lattices of text."""

    def __init__(
        self,
        sounds: Sounds,
        between: Sequence[str],
        lead: str,
        misheard: Mapping[str, Mapping[str, float]],
        named: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """``between``: patterns of words that people say between the groups of a number; ``lead``: characters of words
        that lead to one; ``misheard``: of letters, the syllables that they are often heard as, with their cost;
        ``named``: characters that are symbols too, the provinces of plates, with the syllables that they are taken by.
        """
        self._named = named or {}
        self._sounds = sounds
        self._misheard = misheard
        self._lead = frozenset(lead)
        self._fillers = re.compile("|".join(sorted(between, key=len, reverse=True)))
        self._longest = max(len(said) for spoken in sounds.letters.values() for said in spoken)
        self._symbols = lru_cache(maxsize=4096)(self._symbols_of)
        self.lattice = lru_cache(maxsize=128)(self._lattice)

    def _lattice(self, text: str) -> Lattice:
        """What ``text`` may spell."""
        places: list[tuple[tuple[str, ...], int, int, str]] = []  # syllables, characters, what is written there
        fillers = {at for found in self._fillers.finditer(text) for at in range(*found.span())}
        own: dict[int, tuple[str, int]] = {}  # at place: what is written there and how many places it takes
        for at, char in enumerate(text):
            if _SILENT.match(char):
                continue
            symbol = char.upper() if char.isascii() else "" if at in fillers else READ_OUT.get(char, "")
            if symbol in self._sounds.letters:
                said = self._sounds.letters[symbol][0]
                own[len(places)] = symbol, len(said)
                ways = self._sounds.letters[symbol]
                for n, (syllable, _) in enumerate(said):
                    alike = {way[n][0] for way in ways if len(way) == len(said)} | {syllable}
                    places.append((tuple(sorted(alike)), at, at + 1, symbol))
            elif symbol in self._sounds.digits:
                own[len(places)] = symbol, 1
                places.append((tuple(one for one, _ in self._sounds.digits[symbol]), at, at + 1, symbol))
            else:
                places.append((tuple(one for one, _ in self._sounds.readings(char)), at, at + 1, ""))
        edges, left_out, joined, begins = [], [], [], []
        for p, (_, start, _, symbol) in enumerate(places):
            found: dict[tuple[str, int], float] = {}
            ending = False
            if p in own:
                written, takes = own[p]
                ending = written.isdigit() and self._ends_in(places, own, p - _LONG, written)
                found[written, p + takes] = _NOT_ENDING if ending else 0.0
                after = p + takes
                if after in own and self._ends_in(places, own, p, own[after][0]):
                    found[written, after + 1] = _ENDING
            for name, read_as in self._named.items():
                if text[start] == name:
                    found[name, p + 1] = 0.0
                elif not symbol:
                    near = min(
                        (self._sounds.distance(one, way) for one in places[p][0] for way in read_as), default=1.0
                    )
                    if near <= _NAMED:
                        found[name, p + 1] = near / 2
            for length in range(1, min(self._longest, len(places) - p) + 1):
                some = places[p : p + length]
                added = max((_WRITTEN_LETTER if one[3].isalpha() else _WRITTEN) if one[3] else 0.0 for one in some)
                most = _MOST_WRITTEN if added else _MOST
                for heard, cost in self._symbols(tuple(one[0] for one in some)):
                    key = heard, p + length
                    if ending and heard == symbol:
                        continue
                    if cost + added <= min(most, found.get(key, 9.0)):
                        found[key] = cost + added
            edges.append(tuple(Edge(one, to, cost) for (one, to), cost in found.items()))
            if symbol:
                takes = len(self._sounds.letters[symbol][0]) if symbol.isalpha() else 1
                again = p > 0 and places[p - 1][3] == symbol and places[p - 1][1] != start
                extra = _EXTRA_LETTER if symbol.isalpha() else _EXTRA
                left_out.append((_DOUBLED if again else extra) / takes)
            else:
                left_out.append(_FILLER if start in fillers else _WORD)
            before = text[start - 1 : start]
            word = bool(before) and "\u4e00" <= before <= "\u9fff" and before not in self._lead
            begins.append(_BEHIND_A_WORD if word and start - 1 not in fillers else 0.0)
            joined.append(bool(symbol) and p > 0 and bool(places[p - 1][3]) and places[p - 1][2] >= start)
        return Lattice(
            tuple(edges),
            tuple(left_out),
            tuple(bool(one[3]) for one in places),
            tuple(joined),
            tuple(begins),
            tuple((one[1], one[2]) for one in places),
        )

    def _ends_in(
        self,
        places: Sequence[tuple[tuple[str, ...], int, int, str]],
        own: Mapping[int, tuple[str, int]],
        p: int,
        digit: str,
    ) -> bool:
        """Whether a letter of many syllables is written at place ``p`` and ends in what sounds like ``digit``."""
        if own.get(p, ("", 0))[1] != _LONG or digit not in self._sounds.digits:
            return False
        said = {one for one, _ in self._sounds.digits[digit]}
        return not said.isdisjoint(places[p + _LONG - 1][0])

    def _symbols_of(self, heard: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, float], ...]:
        """The symbols that so many syllables, each in its possible readings, may be together, with their costs."""
        if not all(heard):
            return ()
        found: dict[str, float] = {}
        sounds = self._sounds
        for letter, ways in sounds.letters.items():
            for said in ways:
                if len(said) == len(heard):
                    costs = [
                        min(sounds.distance(one, syllable) for one in options)
                        for options, (syllable, _) in zip(heard, said, strict=True)
                    ]
                    cost = _LETTER + sum(costs) / len(costs)
                    found[letter] = min(cost, found.get(letter, 9.0))
            listed = self._misheard.get(letter, {})
            if len(heard) == 1:
                for one in heard[0]:
                    if one in listed:
                        found[letter] = min(listed[one], found.get(letter, 9.0))
        if len(heard) == 1:
            for digit, said in sounds.digits.items():
                found[digit] = min(
                    sounds.digit_confusions[digit].get(one, 0.3 + min(sounds.distance(one, s) for s, _ in said))
                    for one in heard[0]
                )
        return tuple((symbol, cost) for symbol, cost in found.items() if cost <= _MOST)
