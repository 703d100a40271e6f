"""Keeps the list of templates from flapping: the order found now and what led before in, the order to show out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def steady(order: Sequence[int], probabilities: NDArray[np.float64], held: int | None, clearly: float) -> list[int]:
    """``order`` (numbers of templates, best first) with ``held``, which led before, still first unless the best is
    ``clearly`` (so many times) more probable. What is no longer in ``order`` leads no more. ``probabilities`` are
    those of all templates, by their numbers.
    """
    if held is None or held not in order or probabilities[order[0]] >= clearly * probabilities[held]:
        return list(order)
    return [held, *(number for number in order if number != held)]
