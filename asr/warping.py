"""When each token was said, by what the decoder looked at while it wrote it: cross-attention in, a warping path out.

The scores of the alignment heads are made to sum to one over the window's frames, compared with those of the other
tokens and smoothed; the path that follows them best is taken (OpenAI's ``whisper/timing.py``, CTranslate2's ``align``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Path = list[tuple[int, int]]

_WIDTH = 7  # frames the median is taken over


def token_path(scores: Floats, first: int, frames: int) -> Path:
    """``(token, encoder frame)`` pairs from the raw scores ``[heads, tokens, frames]``.

    Tokens before ``first`` only compare and are not counted; frames from ``frames`` on are silence behind the window.
    """
    scores = scores[:, :, : max(1, frames)]
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    spread = np.maximum(weights.std(axis=1, keepdims=True), 1e-9)
    smooth = _median((weights - weights.mean(axis=1, keepdims=True)) / spread)
    return warped(-smooth.mean(axis=0)[first:])


def warped(costs: Floats) -> Path:
    """The cheapest monotone path through ``costs [tokens, frames]`` from the first cell to the last."""
    rows, columns = costs.shape
    total = np.empty((rows, columns))
    total[0] = np.cumsum(costs[0], dtype=np.float64)
    for row in range(1, rows):
        # from above or diagonally into the row at some frame, then along it: the cheapest start is a running minimum
        along = np.cumsum(costs[row], dtype=np.float64)
        entered = total[row - 1].copy()
        np.minimum(entered[1:], total[row - 1, :-1], out=entered[1:])
        entered[1:] -= along[:-1]
        total[row] = along + np.minimum.accumulate(entered)
    return _traced(total)


def _traced(total: NDArray[np.float64]) -> Path:
    row, column = total.shape[0] - 1, total.shape[1] - 1
    path = [(row, column)]
    while row or column:
        if not row:
            column -= 1
        elif not column:
            row -= 1
        else:
            left, above, across = total[row, column - 1], total[row - 1, column], total[row - 1, column - 1]
            if across < left and across < above:
                row, column = row - 1, column - 1
            elif above < left and above < across:
                row -= 1
            else:
                column -= 1
        path.append((row, column))
    return path[::-1]


def _median(values: Floats) -> Floats:
    """The median over `_WIDTH` frames around each; the window is mirrored at its ends."""
    half = _WIDTH // 2
    if values.shape[-1] <= half:
        return values
    padded = np.pad(values, ((0, 0), (0, 0), (half, half)), mode="reflect")
    length = values.shape[-1]
    return _middle([padded[..., shift : shift + length] for shift in range(_WIDTH)])


def _middle(some: Sequence[Floats]) -> Floats:
    """The middle one of an odd number of arrays, number by number, by sorting as far as is needed."""
    arrays = list(some)
    for end in range(len(arrays) - 1, len(arrays) // 2 - 1, -1):
        for place in range(end):
            low, high = arrays[place], arrays[place + 1]
            arrays[place], arrays[place + 1] = np.minimum(low, high), np.maximum(low, high)
    return arrays[len(arrays) // 2]
