"""Beam search over the tokens of one window: log-probabilities in, readings out. Knows nothing of models.

The likeliest continuations of all beams are looked at, as many as there are beams; those that end give their place to
the next likeliest that goes on; the search is over when as many have ended as there are beams (as CTranslate2 has it,
``src/decoding.cc``). Beams that end in the same few tokens go on alike: only the likeliest of them does, the others are
kept as its rivals and come back among the readings (hypothesis recombination, as in Ney & Ortmanns 1999, "Dynamic
programming search for continuous speech recognition"). So beams are for what is undecided now, not for every mixture of
what was undecided before, and none far behind the best is followed: fewer are computed, and more readings told.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_PROMPT = -1  # no token's number


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A token of a reading, and in which step and row of it the decoder was given it, -1 if in none.

    ``rivals``: the same token behind other words that are no longer followed, and how much less likely each is.
    """

    number: int
    log_probability: float
    before: Token | None  # None before the first, which stands for the prompt
    step: int
    row: int
    rivals: list[tuple[Token, float]] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A complete sequence: its tokens without the end, and the log-probability of all of it."""

    tokens: tuple[Token, ...]
    log_probability: float

    @property
    def rank(self) -> float:
        """The higher the better."""
        return self.log_probability / max(1, len(self.tokens))


@dataclass(frozen=True, slots=True)
class _Beam:
    """A reading so far; ``tail`` are the last numbers of its tokens, by which it is recombined."""

    last: Token
    score: float
    tail: tuple[int, ...]


class Beams:
    """The search. Feed `advance` with what the decoder gives for `tokens` until it is `done`.

    ``size`` beams at most; a reading that has ``limit`` tokens ends whether or not it is complete; ``end`` is the end
    token. Beams more than ``margin`` (nats) less likely than the best are given up, those that agree in the last
    ``alike`` tokens recombined.
    """

    def __init__(self, size: int, limit: int, end: int, margin: float, alike: int = 2) -> None:
        self.size = size
        self.candidates = 2 * size  # continuations that `advance` wants of each beam, likeliest first
        self._limit = limit
        self._end = end
        self._margin = margin
        self._alike = alike
        self._alive = [_Beam(Token(_PROMPT, 0.0, None, 0, 0), 0.0, ())]
        self._ended: list[_Beam] = []
        self._step = 0
        self.order: Ints = np.zeros(1, np.int64)

    @property
    def done(self) -> bool:
        """Whether enough readings are complete."""
        return not self._alive or len(self._ended) >= self.size or self._step >= self._limit

    @property
    def tokens(self) -> Ints:
        """The newest token of each beam, ``[beams]``; ``order`` tells which row of the last step each goes on from."""
        return np.array([beam.last.number for beam in self._alive], np.int64)

    def readings(self, most: int) -> list[Reading]:
        """The ``most`` likeliest readings, those of the highest rank first."""
        likeliest = [reading for _, reading in zip(range(most), self._by_likelihood(), strict=False)]
        return sorted(likeliest, key=lambda one: -one.rank)

    def advance(self, values: Floats, ids: Ints) -> None:
        """Take the likeliest next tokens of each beam: log-probabilities and numbers ``[beams, candidates]``."""
        self._step += 1
        totals = values + np.array([beam.score for beam in self._alive], np.float32)[:, None]
        least = max([float(totals.max()), *(beam.score for beam in self._ended)]) - self._margin
        best = np.argsort(-totals, axis=None, kind="stable")
        rows, columns = np.unravel_index(best[totals.ravel()[best] >= least], totals.shape)
        kept: dict[tuple[int, ...], _Beam] = {}
        going: list[tuple[int, _Beam]] = []
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            number, own, score = int(ids[row, column]), float(values[row, column]), float(totals[row, column])
            before = self._alive[row]
            tail = (*before.tail, number)[-self._alike :]
            if same := kept.get(tail):
                rival = Token(number, own, before.last, self._step, same.last.row)
                same.last.rivals.append((rival, same.score - score))
                continue
            if len(going) >= self.size:
                break
            goes_on = number != self._end and self._step < self._limit
            place = len(going) if goes_on else -1
            beam = _Beam(Token(number, own, before.last, self._step, place), score, tail)
            if goes_on:
                going.append((row, beam))
            elif len(kept) < self.size:  # the places beyond are for those that go on
                self._ended.append(beam)
            else:
                continue
            kept[tail] = beam
        self.order = np.array([row for row, _ in going], np.int64)
        self._alive = [beam for _, beam in going]

    def _by_likelihood(self) -> Iterator[Reading]:
        """All complete readings, likeliest first: those that ended, and rivals in the place of what beat them."""
        ties = count()
        waiting: list[tuple[float, int, Token, tuple[Token, ...]]] = []

        def wait(last: Token, score: float, rest: tuple[Token, ...]) -> None:
            heapq.heappush(waiting, (-score, next(ties), last, rest))

        for beam in self._ended:
            wait(beam.last, beam.score, ())
        while waiting:
            less, _, token, rest = heapq.heappop(waiting)
            while token.before is not None:
                for rival, behind in token.rivals:
                    wait(rival, -less - behind, rest)
                rest = (token, *rest)
                token = token.before
            yield Reading(rest[:-1] if rest[-1].number == self._end else rest, -less)
