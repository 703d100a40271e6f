"""How far a figure over a few calls may be trusted: sums by call in, a value with its 95 % interval out.

Calls are drawn again with replacement (percentile bootstrap, Efron 1979, fixed seed), so what hangs together within a
call stays together. Where all calls agree, drawing them again says nothing: then the interval is the exact one of a
share (Clopper and Pearson) with each case taken on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.matching.certificate import interval

DRAWS = 2000
SEED = 20251125
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A value from ``cases`` cases with its interval; None without cases."""

    value: float | None
    low: float | None = None
    high: float | None = None
    cases: int = 0

    def __str__(self) -> str:
        if self.value is None:
            return "–"
        return f"{self.value:.3f} [{self.low:.2f}, {self.high:.2f}]"


def ratio(hits: Sequence[float], of: Sequence[float]) -> Figure:
    """The sum of ``hits`` over the sum of ``of``, one of each for every call."""
    above, below = np.asarray(hits, dtype=float), np.asarray(of, dtype=float)
    total = float(below.sum())
    if total <= 0:
        return Figure(None)
    value = float(above.sum()) / total
    if not above.any() or np.array_equal(above, below):
        low, high = interval(round(above.sum()), round(total), CONFIDENCE)
    else:
        drawn = np.random.default_rng(SEED).integers(0, len(above), (DRAWS, len(above)))
        sums = below[drawn].sum(axis=1)
        rates = above[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
        tail = (1 - CONFIDENCE) / 2
        low, high = (float(one) for one in np.quantile(rates, (tail, 1 - tail)))
    return Figure(round(value, 4), round(low, 4), round(high, 4), round(total))
