"""How far dispatch may be trusted: judged tickets in, the threshold whose error is certified out. Pure arithmetic.

Learn then Test (Angelopoulos, Bates, Candès, Jordan, Lei, 2021) with fixed-sequence testing. A grid of thresholds,
fixed before any ticket was seen, is walked from the strictest to the loosest; at each the hypothesis "more than
``error`` of the tickets dispatched here are wrong" is tested exactly (the binomial tail, whose inversion is the bound
of Clopper and Pearson, Biometrika 1934). The walk ends at the first one that cannot be rejected. The chance that a
threshold passes which errs more often is at most 1 − ``confidence``, whatever the scores are, for tickets drawn like
the judged ones. Thresholds that dispatch less than `SHARE` of the tickets, or too few to pass even without a mistake,
are stepped over: they would be of no use, and a single mistake there would end the walk.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SHARE = 1 / 3  # of the tickets, that the strictest threshold tested dispatches
_STEPS = 60  # of bisection: far beyond what a figure shows


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket whose unit was told with some ``confidence`` and was ``right`` or not."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What a ``threshold`` dispatches: ``selected`` tickets of ``of``, ``errors`` among them, and the upper ``bound``
    on their rate at the confidence asked for.
    """

    threshold: float
    selected: int
    of: int
    errors: int
    bound: float

    @property
    def coverage(self) -> float:
        """Share of all tickets that is dispatched."""
        return self.selected / self.of if self.of else 0.0

    @property
    def error(self) -> float:
        """Share of what is dispatched that is wrong."""
        return self.errors / self.selected if self.selected else 0.0


def needed(error: float, confidence: float) -> int:
    """Tickets without a single mistake that it takes to certify ``error`` at ``confidence``."""
    return math.ceil(math.log(1 - confidence) / math.log(1 - error))


def upper_bound(errors: int, of: int, confidence: float) -> float:
    """The largest error rate under which ``errors`` or fewer among ``of`` have a chance of 1 − ``confidence``: the
    exact one-sided bound of Clopper and Pearson. 1 without tickets.
    """
    if errors >= of:
        return 1.0
    low, high = errors / of, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if at_most(errors, of, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def interval(hits: int, of: int, confidence: float) -> tuple[float, float]:
    """The exact two-sided interval of a share, ``hits`` of ``of`` (Clopper and Pearson)."""
    tail = 1 - (1 - confidence) / 2
    return 1 - upper_bound(of - hits, of, tail), upper_bound(hits, of, tail)


def at_most(errors: int, of: int, rate: float) -> float:
    """The chance of ``errors`` or fewer among ``of`` at an error ``rate``: the lower tail of the binomial."""
    if rate <= 0.0:
        return 1.0
    if rate >= 1.0:
        return float(errors >= of)
    ways = (math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) for k in range(errors + 1))
    logs = [way + k * math.log(rate) + (of - k) * math.log1p(-rate) for k, way in enumerate(ways)]
    top = max(logs)
    return min(1.0, math.exp(top) * sum(math.exp(one - top) for one in logs))


def curve(judged: Iterable[Judged], thresholds: Iterable[float], confidence: float) -> list[Point]:
    """What each threshold dispatches, in the order given; a ticket is dispatched from the threshold on."""
    return list(_points(list(judged), thresholds, confidence))


def certified(judged: Sequence[Judged], thresholds: Iterable[float], error: float, confidence: float) -> Point | None:
    """The loosest threshold of the grid that passes, with what it dispatches; None when none does."""
    least, passed = max(needed(error, confidence), SHARE * len(judged)), None
    for point in _points(judged, sorted(thresholds, reverse=True), confidence):
        if point.selected < least:
            continue
        if point.bound > error:
            break
        passed = point
    return passed


def _points(judged: Sequence[Judged], thresholds: Iterable[float], confidence: float) -> Iterator[Point]:
    for threshold in thresholds:
        selected = [ticket for ticket in judged if ticket.confidence >= threshold]
        errors = sum(not ticket.right for ticket in selected)
        bound = upper_bound(errors, len(selected), confidence)
        yield Point(threshold, len(selected), len(judged), errors, bound)
