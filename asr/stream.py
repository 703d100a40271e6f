"""Recordings through the streaming recogniser, step by step: the same finals as live, the same in every run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from asr.audio import Recording
from asr.engine import Engine, Hypothesis, Window
from asr.recognizer import RecognizerEvent, RecognizerSettings, Request
from asr.session import CallRecognizer
from asr.transcript import Final, Partial, SpeechStarted


def chunks_of(recording: Recording, seconds: float = 0.1) -> Iterator[NDArray[np.float32]]:
    """The sample frames of ``recording`` in pieces of ``seconds``."""
    size = max(1, round(seconds * recording.sample_rate))
    for start in range(0, len(recording.samples), size):
        yield recording.samples[start : start + size]


def transcribe(
    recording: Recording, engine: Engine, settings: RecognizerSettings | None = None, partials: bool = False
) -> Iterator[SpeechStarted | Partial | Final]:
    """The speech events of ``recording`` in the order in which the audio brings them about.

    With ``partials``, every interim window is decoded, as by a recogniser that is never busy.
    """
    chunks = chunks_of(recording)
    return transcribe_chunks(chunks, recording.channels, recording.sample_rate, engine, settings, partials=partials)


def transcribe_chunks(
    chunks: Iterable[NDArray[np.float32]],
    channels: int,
    sample_rate: int,
    engine: Engine,
    settings: RecognizerSettings | None = None,
    *,
    partials: bool = False,
) -> Iterator[SpeechStarted | Partial | Final]:
    """As ``transcribe``, of sample frames ``[n, channels]`` as they come."""
    recognizer = CallRecognizer(channels, sample_rate, settings or RecognizerSettings())
    decoded: dict[int, tuple[Window, Hypothesis]] = {}  # the last whole window of each channel

    def run(events: list[RecognizerEvent]) -> Iterator[SpeechStarted | Partial | Final]:
        for event in events:
            if isinstance(event, SpeechStarted):
                yield event
            elif event.final or partials:
                yield from recognizer.resolve(event, hypothesis_of(event))

    def hypothesis_of(request: Request) -> Hypothesis:
        window, hypothesis = decoded.get(request.channel, (None, None))
        if window is request.window and hypothesis is not None:
            return hypothesis
        [hypothesis] = engine.decode([request.window])
        if request.whole:
            decoded[request.channel] = request.window, hypothesis
        return hypothesis

    for chunk in chunks:
        yield from run(recognizer.feed(chunk))
    yield from run(recognizer.finish())
