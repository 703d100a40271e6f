"""Words by which characters are told, by sound: what was heard in, the words of that length near it out.

Words stand in the order of their first syllables, so that of a hundred thousand only those are looked at that begin
nearly as what was heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.text.cues import syllable
from extractors.text.sound import Sounds, Syllables


class Word(NamedTuple):
    """``meant``: the characters that ``word`` may tell; ``share``: how usual that is, (0, 1]."""

    word: str
    meant: str
    share: float


class ExplainingWords:
    """``words``, heard no further than ``nearest`` from what they are."""

    def __init__(self, words: Sequence[Word], nearest: float, sounds: Sounds) -> None:
        self._nearest = nearest
        self._sounds = sounds
        lengths = sorted({len(one.word) for one in words})
        self._of_length = {length: _Table([one for one in words if len(one.word) == length]) for length in lengths}

    def like(self, heard: str) -> Iterator[tuple[Word, float]]:
        """Those of the length of ``heard`` that sound nearly so, and how far from it, added up over its characters."""
        table = self._of_length.get(len(heard))
        if table is None:
            return
        first, *others = (self._sounds.distances(syllable(char), table.syllables) for char in heard)
        begun = [table.beginning(at) for at in np.flatnonzero(first <= self._nearest).tolist()]
        numbers = np.concatenate([np.empty(0, np.intp), *begun])
        apart = first[table.said[0, numbers]]
        for at, costs in enumerate(others, 1):
            apart = apart + costs[table.said[at, numbers]]
            near = apart <= self._nearest
            numbers, apart = numbers[near], apart[near]
        for number, cost in zip(numbers.tolist(), apart.tolist(), strict=True):
            yield table.word(number), cost


class _Table:
    """Words of one length with their syllables: ``said[place, word]`` is the number of one of ``syllables``."""

    def __init__(self, words: Sequence[Word]) -> None:
        length = len(words[0].word)
        codes = np.frombuffer("".join(one.word for one in words).encode("utf-32-le"), "<u4").reshape(-1, length)
        used, places = np.unique(codes, return_inverse=True)
        numbers: dict[str, int] = {}
        of_char = [numbers.setdefault(syllable(chr(code)), len(numbers)) for code in used.tolist()]
        said = np.array(of_char, np.int16)[places.reshape(-1, length)].T
        order = np.argsort(said[0], kind="stable")
        self.syllables = Syllables(list(numbers))
        self.said: NDArray[np.int16] = np.ascontiguousarray(said[:, order])
        self._begins = np.searchsorted(self.said[0], np.arange(len(numbers) + 1))
        self._words = tuple(words[at].word for at in order.tolist())
        self._meant = tuple(words[at].meant for at in order.tolist())
        self._share = np.array([one.share for one in words])[order]

    def beginning(self, first: int) -> NDArray[np.intp]:
        """The words whose first syllable is the one numbered ``first``."""
        return np.arange(self._begins[first], self._begins[first + 1])

    def word(self, number: int) -> Word:
        return Word(self._words[number], self._meant[number], float(self._share[number]))
