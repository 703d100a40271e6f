"""The peer: plain faster-whisper on the same audio and weights, as its users call it.

Each channel of a recording, brought to 16 kHz, goes through `WhisperModel.transcribe(audio, language=…, beam_size=…,
vad_filter=True)`: the voice activity filter is on, because without it silence between turns is slower and ends in
made-up sentences. It hears a whole recording at once and has no streaming: only figures of a pass are compared.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from asr.audio import Recording
from asr.engine import SAMPLE_RATE
from asr.entities import Names
from assist.bench.manifest import Item
from assist.bench.score import Score
from assist.config import Asr

BEAMS = (5, 1)


class FasterWhisper:
    """The peer with the model at ``directory``, on the device and threads of ``settings``; one score a beam size."""

    def __init__(self, directory: Path, settings: Asr) -> None:
        self._language = settings.language
        self._model: Any = WhisperModel(
            str(directory),
            device=settings.device,
            compute_type=settings.compute_type,
            cpu_threads=settings.threads,
            local_files_only=True,
        )
        self.scores = {beam: Score(f"faster-whisper transcribe, beam {beam}, vad_filter") for beam in BEAMS}

    def recognise(self, item: Item, recording: Recording, speech: float, names: Names) -> None:
        """Add ``recording``, which holds ``speech`` seconds of speech, to the scores."""
        for beam, score in self.scores.items():
            wall, cpu = time.perf_counter(), time.process_time()
            heard = {channel: self._text(_at_16_khz(recording, channel), beam) for channel in range(recording.channels)}
            score.wall_seconds += time.perf_counter() - wall
            score.cpu_seconds += time.process_time() - cpu
            score.seconds += recording.seconds
            score.speech_seconds += speech
            score.compare(item, heard, names)

    def _text(self, audio: NDArray[np.float32], beam: int) -> str:
        segments, _ = self._model.transcribe(audio, language=self._language, beam_size=beam, vad_filter=True)
        return "".join(segment.text for segment in segments)


def _at_16_khz(recording: Recording, channel: int) -> NDArray[np.float32]:
    samples = np.ascontiguousarray(recording.samples[:, channel])
    if recording.sample_rate == SAMPLE_RATE:
        return samples
    resampled: NDArray[np.float32] = soxr.resample(samples, recording.sample_rate, SAMPLE_RATE)
    return resampled
