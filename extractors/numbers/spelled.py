"""Letters and digits by sound: what a stretch of speech spells (粤诶八开三六丘 → 粤A8K36Q).

In: text. Out: the cheapest reading of its syllables as symbols, each a digit or a Latin letter as it is read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.numbers.digits import DigitReader
from extractors.text.sound import Sounds

_LETTER = 0.1  # a syllable is a digit rather than a letter where it may be both
_MOST = 0.5  # no symbol is heard at a higher cost
_SPELLED = 0.3  # nor a letter before a number


@dataclass(frozen=True, slots=True)
class Symbol:
    """A digit or capital letter heard in characters ``start:end`` at ``cost``."""

    symbol: str
    cost: float
    start: int
    end: int


class Speller:
    """Reads symbols off text."""

    def __init__(self, sounds: Sounds, reader: DigitReader) -> None:
        self._sounds = sounds
        self._reader = reader
        self._longest = max(len(said) for spoken in sounds.letters.values() for said in spoken)
        self._letters = lru_cache(maxsize=8192)(self._letters_in)

    def at(self, text: str, start: int, *, silent: str = "") -> list[Symbol]:
        """The symbols that may begin at character ``start``, cheapest first. ``silent`` characters are no letters."""
        digit = self._reader.costs(text[start])
        found = [] if digit is None else [Symbol(str(d), cost, start, start + 1) for d, cost in enumerate(digit)]
        for length in range(1, self._longest + 1):
            if start + length <= len(text) and not any(char in silent for char in text[start : start + length]):
                found += [Symbol(x, c, start, start + length) for x, c in self._letters(text[start : start + length])]
        return sorted((one for one in found if one.cost <= _MOST), key=lambda one: one.cost)

    def _letters_in(self, chars: str) -> tuple[tuple[str, float], ...]:
        if len(chars) == 1 and chars.isascii() and chars.isalpha():
            return ((chars.upper(), 0.0),)
        if not all("\u4e00" <= char <= "\u9fff" for char in chars):
            return ()
        heard = [self._sounds.readings(char) for char in chars]
        found: dict[str, float] = {}
        for letter, spoken in self._sounds.letters.items():
            for said in spoken:
                if len(said) == len(chars) and all(heard):
                    costs = [
                        min(self._sounds.distance(h, syllable) for h, _ in options)
                        for options, (syllable, _) in zip(heard, said, strict=True)
                    ]
                    cost = _LETTER + sum(costs) / len(costs)
                    found[letter] = min(cost, found.get(letter, 1.0))
        return tuple(found.items())

    def spell(
        self, text: str, start: int, allowed: Sequence[str], *, skip: str = " ·，,、。.-"
    ) -> tuple[tuple[Symbol, ...], float] | None:
        """The cheapest reading of exactly ``len(allowed)`` symbols from ``start`` on, each one of ``allowed``, with its
        mean cost; characters of ``skip`` between symbols are passed over. None where the text spells no such thing.
        """
        beams: list[tuple[float, int, tuple[Symbol, ...]]] = [(0.0, start, ())]
        for options in allowed:
            grown = []
            for cost, at, symbols in beams:
                place = at
                while place < len(text) and text[place] in skip:
                    place += 1
                if place < len(text):
                    grown += [
                        (cost + one.cost, one.end, (*symbols, one))
                        for one in self.at(text, place)
                        if one.symbol in options
                    ]
            beams = sorted(grown, key=lambda beam: beam[0])[:16]
        return (beams[0][2], beams[0][0] / len(allowed)) if beams and allowed else None

    def letters_before(self, text: str, end: int, most: int, silent: str) -> tuple[Symbol, ...]:
        """The letters spelled right before character ``end``, at most ``most``, first one first."""
        letters: tuple[Symbol, ...] = ()
        while len(letters) < most:
            options = [
                one
                for start in range(max(0, end - self._longest), end)
                for one in self.at(text, start, silent=silent)
                if one.end == end and one.symbol.isalpha() and one.cost <= _SPELLED
            ]
            if not options:
                break
            best = min(options, key=lambda one: (one.cost - 0.15 * (one.end - one.start), one.start))
            letters, end = (best, *letters), best.start
        return letters
