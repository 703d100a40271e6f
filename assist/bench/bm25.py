"""Okapi BM25 over plain words (Robertson, Zaragoza, 2009): the baseline that needs no knowledge of its own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from extractors.text.segment import Segmenter

K1, B = 1.5, 0.75

Scores: TypeAlias = NDArray[np.float64]


class Bm25:
    """Documents by the words of jieba's general dictionary, two characters or more."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._segmenter = Segmenter()
        counts = [self._words(text) for text in documents]
        self.size = len(counts)
        lengths = [max(1, one.total()) for one in counts]
        mean = sum(lengths) / max(1, self.size)
        found: dict[str, list[tuple[int, float]]] = {}
        for number, words in enumerate(counts):
            norm = K1 * (1 - B + B * lengths[number] / mean)
            for word, count in words.items():
                found.setdefault(word, []).append((number, count * (K1 + 1) / (count + norm)))
        self._gains = {word: self._weighed(entries) for word, entries in found.items()}

    def scores(self, text: str) -> Scores:
        """The score of each document for the words of ``text``."""
        scores = np.zeros(self.size)
        for word, count in self._words(text).items():
            if word in self._gains:
                places, gains = self._gains[word]
                scores[places] += count * gains
        return scores

    def best(self, text: str, shown: int) -> list[int]:
        """The numbers of the ``shown`` best documents, equal ones in their order."""
        return [int(number) for number in np.argsort(-self.scores(text), kind="stable")[:shown]]

    def _weighed(self, entries: Sequence[tuple[int, float]]) -> tuple[NDArray[np.int64], Scores]:
        idf = math.log(1 + (self.size - len(entries) + 0.5) / (len(entries) + 0.5))
        return np.array([number for number, _ in entries]), np.array([idf * gain for _, gain in entries])

    def _words(self, text: str) -> Counter[str]:
        return Counter(_long(self._segmenter.cut(text)))


def _long(words: Iterable[str]) -> Iterable[str]:
    return (word for word in words if len(word) > 1)
