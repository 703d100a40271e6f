"""Voice activity: 16 kHz samples in, the probability of speech in every 32 ms out.

Silero VAD v6 (MIT), the ONNX file that ships inside faster-whisper, run with its state carried from call to call so
that a stream gives what the whole recording would. https://github.com/snakers4/silero-vad
"""

from __future__ import annotations

from functools import cache

import numpy as np
import onnxruntime
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from asr.engine import SAMPLE_RATE

FRAME = 512  # samples
FRAME_SECONDS = FRAME / SAMPLE_RATE
_CONTEXT = 64  # samples of the frame before that the model also sees


@cache
def _session() -> onnxruntime.InferenceSession:
    return get_vad_model().session  # one thread, shared by all channels: it holds no state


class VoiceActivity:
    """The detector of one channel."""

    def __init__(self) -> None:
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def feed(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities ``[n]`` of the next whole frames ``[n, 512]``."""
        if len(frames) == 0:
            return np.zeros(0, np.float32)
        inputs = np.empty((len(frames), _CONTEXT + FRAME), np.float32)
        inputs[:, _CONTEXT:] = frames
        inputs[0, :_CONTEXT] = self._context
        inputs[1:, :_CONTEXT] = frames[:-1, -_CONTEXT:]
        self._context = frames[-1, -_CONTEXT:].copy()
        probabilities, self._h, self._c = _session().run(None, {"input": inputs, "h": self._h, "c": self._c})
        result: NDArray[np.float32] = np.asarray(probabilities, np.float32).reshape(-1)
        return result
