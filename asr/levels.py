"""How loud speech and noise are on a channel: levels of frames in, where the border between both lies out.

A detector of speech remembers: its probability falls for a tenth of a second behind the last sound, over noise for up
to half a second. The level falls at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SURE_SPEECH = 0.8  # probability from which on a frame tells how loud speech is
_SURE_NOISE = 0.05  # probability under which it tells how loud noise is
_PACE = 0.05  # share of a frame in the mean of either: about twenty frames (0.6 s) count
_APART = 3.0  # dB: where speech is less above noise, levels tell nothing
_LEAST = 1e-10  # mean square: -100 dB, digital silence


def levels_of(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean level in dB of each of ``frames`` ``[n, samples]``; full scale is 0 dB."""
    power = np.einsum("ns,ns->n", frames, frames) / max(1, frames.shape[1])
    levels: NDArray[np.float32] = 10 * np.log10(np.maximum(power, _LEAST))
    return levels


class Levels:
    """The levels of speech and of noise on one channel, as they were lately."""

    def __init__(self) -> None:
        self._speech: float | None = None  # dB
        self._noise: float | None = None

    def follow(self, probability: float, level: float) -> None:
        """One more frame: how probable speech is in it, and its level in dB."""
        if probability > _SURE_SPEECH:
            self._speech = level if self._speech is None else self._speech + _PACE * (level - self._speech)
        elif probability < _SURE_NOISE:
            self._noise = level if self._noise is None else self._noise + _PACE * (level - self._noise)

    def noise(self, level: float) -> bool:
        """Whether ``level`` is nearer to that of noise than to that of speech; False while either is not known."""
        if self._speech is None or self._noise is None or self._speech - self._noise < _APART:
            return False
        return level < (self._speech + self._noise) / 2
