"""How often names are heard right: the places and units said in a reference, looked up in what was recognised.

Both texts are normalised as for the character error rate (`asr.metrics.comparable`) and aligned by the fewest edits. A
mention of a name (the longest at its place) in the reference is right only if an alignment of fewest edits puts it
opposite the very same characters. A mention in the hypothesis is false if none puts it opposite the same characters of
the reference: nobody said that name there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asr.metrics import comparable


@dataclass(frozen=True, slots=True)
class EntityErrors:
    """Of ``said`` names in the reference ``wrong`` were not heard; of ``written`` ones in the hypothesis ``false``
    were not said.
    """

    wrong: int = 0
    said: int = 0
    false: int = 0
    written: int = 0

    @property
    def rate(self) -> float:
        """Wrong names of those said; 0 where none was said."""
        return self.wrong / self.said if self.said else 0.0

    def __add__(self, other: EntityErrors) -> EntityErrors:
        return EntityErrors(
            self.wrong + other.wrong, self.said + other.said, self.false + other.false, self.written + other.written
        )


class Names:
    """Names to look for, compared without regard to how numerals are written."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(filter(None, map(comparable, names)))
        self._longest = max(map(len, self._names), default=0)

    def mentions(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in normalised ``text``: ascending, apart, the longest at each place."""
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(text):
            longest = min(len(text), at + self._longest)
            end = next((end for end in range(longest, at, -1) if text[at:end] in self._names), None)
            if end is not None:
                found.append((at, end))
            at = end or at + 1
        return found


def entity_errors(reference: str, hypothesis: str, names: Names) -> EntityErrors:
    """Counts the ``names`` of ``reference`` that ``hypothesis`` lacks, and those it has beyond them."""
    said, heard = comparable(reference), comparable(hypothesis)
    meant, written = names.mentions(said), names.mentions(heard)
    if not meant and not written:
        return EntityErrors()
    before = _costs(said, heard)
    after = _costs(said[::-1], heard[::-1])[::-1, ::-1]
    fewest = before[-1, -1]

    def opposite(text: str, other: str, span: tuple[int, int], to: NDArray[np.int32], rest: NDArray[np.int32]) -> bool:
        start, end = span
        size = end - start
        for place in np.flatnonzero(to[start, : len(other) - size + 1] + rest[end, size:] == fewest):
            if other[place : place + size] == text[start:end]:
                return True
        return False

    wrong = sum(not opposite(said, heard, span, before, after) for span in meant)
    false = sum(not opposite(heard, said, span, before.T, after.T) for span in written)
    return EntityErrors(wrong, len(meant), false, len(written))


def _costs(left: str, right: str) -> NDArray[np.int32]:
    """Levenshtein distance of every beginning of ``left`` (rows) to every beginning of ``right`` (columns)."""
    columns = np.frombuffer(right.encode("utf-32-le"), np.uint32)
    steps = np.arange(len(right) + 1, dtype=np.int32)
    table = np.empty((len(left) + 1, len(right) + 1), np.int32)
    table[0] = steps
    for index, character in enumerate(left):
        row = table[index + 1]
        row[0] = index + 1
        row[1:] = np.minimum(table[index, :-1] + (columns != ord(character)), table[index, 1:] + 1)
        # insertions run along the row: a running minimum of (cost - column)
        row[:] = np.minimum.accumulate(row - steps) + steps
    return table
