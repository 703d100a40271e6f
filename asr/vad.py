"""Voice activity: 16 kHz samples in, the probability of speech in every 32 ms out.

Silero VAD v6 (MIT), from the ONNX file that ships inside faster-whisper (`models.silero_onnx`), run with its state
carried from call to call so that a stream gives what the whole recording would, to the last bit.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from faster_whisper.utils import get_assets_path
from numpy.typing import NDArray

from asr.engine import SAMPLE_RATE
from models.silero_onnx import WIDTH, WINDOW, WINDOWS, batched

FRAME = 512  # samples
FRAME_SECONDS = FRAME / SAMPLE_RATE
_HOP = WINDOW // 2  # samples from one window of the spectrum to the next
_CONTEXT = 64  # samples of the frame before that the model also sees; behind the frame as many are mirrored
_SEEN = (WINDOWS + 1) * _HOP


@cache
def _session() -> onnxruntime.InferenceSession:
    """One thread, shared by all channels: it holds no state."""
    [model] = Path(get_assets_path()).glob("silero_vad*.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(batched(model.read_bytes()), options, providers=["CPUExecutionProvider"])


class VoiceActivity:
    """The detector of a call's ``channels``: heard at once, each by itself."""

    def __init__(self, channels: int) -> None:
        self._h = np.zeros((1, channels, WIDTH), np.float32)
        self._c = np.zeros((1, channels, WIDTH), np.float32)
        self._context = np.zeros((channels, _CONTEXT), np.float32)

    def feed(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities ``[n, channels]`` of the next whole frames ``[n, channels, 512]``."""
        count, channels = frames.shape[:2]
        if count == 0:
            return np.zeros((0, channels), np.float32)
        seen = np.empty((count, channels, _SEEN), np.float32)
        seen[0, :, :_CONTEXT] = self._context
        seen[1:, :, :_CONTEXT] = frames[:-1, :, -_CONTEXT:]
        seen[:, :, _CONTEXT : _CONTEXT + FRAME] = frames
        seen[:, :, _CONTEXT + FRAME :] = frames[:, :, -2 : -2 - _CONTEXT : -1]
        self._context = frames[-1, :, -_CONTEXT:].copy()
        hops = seen.reshape(count * channels, WINDOWS + 1, _HOP)
        windows = np.concatenate([hops[:, :-1], hops[:, 1:]], axis=2)
        speech, self._h, self._c = _session().run(None, {"windows": windows, "h": self._h, "c": self._c})
        probabilities: NDArray[np.float32] = speech.reshape(count, channels)
        return probabilities
