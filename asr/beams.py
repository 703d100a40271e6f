"""Beam search over the tokens of one window: log-probabilities in, readings out. Knows nothing of models.

As CTranslate2 does it (``src/decoding.cc``): of the likeliest continuations of all beams the first are looked at, as
many as there are beams; those that end become readings and give their place to the next likeliest that goes on; the
search is over when as many readings are complete as there are beams. Readings are ranked by log-probability per token.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a reading, and in which step and row of it the decoder was given it; ``before`` is the one before."""

    number: int
    log_probability: float
    before: Token | None
    step: int
    row: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A complete sequence: its tokens without the end, and the log-probability of all of it."""

    tokens: tuple[Token, ...]
    log_probability: float

    @property
    def rank(self) -> float:
        """The higher the better."""
        return self.log_probability / max(1, len(self.tokens))


class Beams:
    """The search. Feed `advance` with what the decoder gives for `tokens` until it is `done`.

    ``size`` beams; a reading that has ``limit`` tokens ends whether or not it is complete; ``end`` is the end token.
    """

    def __init__(self, size: int, limit: int, end: int) -> None:
        self.size = size
        self.candidates = 2 * size  # continuations that `advance` wants of each beam, likeliest first
        self._limit = limit
        self._end = end
        self._alive: list[tuple[Token | None, float]] = [(None, 0.0)]
        self._readings: list[Reading] = []
        self._step = 0
        self.order: Ints = np.zeros(1, np.int64)

    @property
    def done(self) -> bool:
        """Whether enough readings are complete."""
        return len(self._readings) >= self.size or self._step >= self._limit

    @property
    def tokens(self) -> Ints:
        """The newest token of each beam, ``[beams]``; ``order`` tells which row of the last step each goes on from."""
        return np.array([token.number for token, _ in self._alive if token is not None], np.int64)

    @property
    def readings(self) -> list[Reading]:
        """The readings, best first."""
        return sorted(self._readings, key=lambda one: -one.rank)[: self.size]

    def advance(self, values: Floats, ids: Ints) -> None:
        """Take the likeliest next tokens of each beam: log-probabilities and numbers ``[beams, candidates]``."""
        self._step += 1
        totals = values + np.array([score for _, score in self._alive], np.float32)[:, None]
        best = np.argsort(-totals, axis=None, kind="stable")[: self.candidates]
        rows, columns = np.unravel_index(best, totals.shape)
        found = [
            (int(row), int(ids[row, column]), float(totals[row, column]), float(values[row, column]))
            for row, column in zip(rows, columns, strict=True)
        ]
        spare = iter([one for one in found[self.size :] if one[1] != self._end])
        going: list[tuple[int, int, float, float]] = []
        for row, number, score, own in found[: self.size]:
            ended = number == self._end
            if ended or self._step >= self._limit:
                before = self._alive[row][0]
                last = before if ended else Token(number, own, before, self._step, -1)
                self._readings.append(Reading(tuple(_chain(last)), score))
                going += [other for other in [next(spare, None)] if other]
            else:
                going.append((row, number, score, own))
        self.order = np.array([row for row, *_ in going], np.int64)
        self._alive = [
            (Token(number, own, self._alive[row][0], self._step, place), score)
            for place, (row, number, score, own) in enumerate(going)
        ]


def _chain(last: Token | None) -> list[Token]:
    def back() -> Iterator[Token]:
        token = last
        while token is not None:
            yield token
            token = token.before

    return list(back())[::-1]
