"""What Whisper sees: samples in, log-mel frames out, as faster-whisper computes them.

Behind a window stands silence, about as long as what is said in it. Its frames are all alike and need no computing.
"""

from __future__ import annotations

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from asr.alignment import HOP

_SPECTRUM = 400  # samples that a frame is made of
_SILENCE, _RANGE = -1.5, 2.0  # the lowest value there is, and how far under the highest none is let


def spectrogram(features: FeatureExtractor, audio: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """``[mels, frames]`` of ``audio`` (mono, 16 kHz) with silence behind it, no longer than ``frames`` all in all."""
    heard = min(frames, -(-(len(audio) + _SPECTRUM) // HOP))
    padded = np.zeros(heard * HOP, np.float32)
    padded[: len(audio)] = audio
    mel: NDArray[np.float32] = features(padded, padding=0).astype(np.float32, copy=False)
    return np.pad(mel, ((0, 0), (0, frames - heard)), constant_values=max(_SILENCE, float(mel.max()) - _RANGE))
