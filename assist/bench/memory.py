"""Whether memory grows: the slope of samples over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

WARM_UP = 0.25  # share of the time that is left out: caches fill


def slope_mb_per_hour(samples: Sequence[tuple[float, float]], warm_up: float = WARM_UP) -> float:
    """MB an hour by least squares, of ``(seconds, MB)`` samples in order; the first ``warm_up`` of the time left out.

    0 for fewer than two samples.
    """
    if not samples:
        return 0.0
    start = samples[0][0] + warm_up * (samples[-1][0] - samples[0][0])
    kept = [sample for sample in samples if sample[0] >= start]
    if len(kept) < 2:
        return 0.0
    hours, megabytes = np.array(kept).T
    hours = hours / 3600 - np.mean(hours / 3600)
    return float(hours @ megabytes / (hours @ hours))
