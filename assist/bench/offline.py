"""Recognition as fast as the machine can: character error rate, real-time factor, processor time."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from asr.audio import Recording, load
from asr.engine import Engine
from asr.metrics import ErrorRate, character_errors
from asr.recognizer import RecognizerSettings
from asr.stream import transcribe
from asr.transcript import Final
from assist.bench.manifest import ROLES, Item


@dataclass(slots=True)
class Offline:
    """``errors`` by speaker (``clip`` for single-channel clips); ``heard`` the finals of each recording."""

    seconds: float = 0.0  # of audio, channels counted once
    speech_seconds: float = 0.0  # in utterances, all channels
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    errors: dict[str, ErrorRate] = field(default_factory=lambda: defaultdict(ErrorRate))
    heard: dict[str, list[Final]] = field(default_factory=dict)

    @property
    def total(self) -> ErrorRate:
        """All speakers together."""
        return sum(self.errors.values(), ErrorRate())


def measure(
    items: Iterable[Item], engine: Engine, settings: RecognizerSettings, done: Callable[[Item], None]
) -> Offline:
    """Recognise every item; ``done`` is called after each. Raises `AudioError` for a file that cannot be read."""
    result = Offline()
    for item in items:
        recording = load(item.audio)
        if item.channel is not None:
            channel = recording.samples[:, item.channel : item.channel + 1]
            recording = Recording(channel, recording.sample_rate)
        wall, cpu = time.perf_counter(), time.process_time()
        finals = [event for event in transcribe(recording, engine, settings) if isinstance(event, Final)]
        result.wall_seconds += time.perf_counter() - wall
        result.cpu_seconds += time.process_time() - cpu
        result.seconds += recording.seconds
        result.speech_seconds += sum(final.end - final.start for final in finals)
        result.heard[item.name] = finals
        for name, errors in speaker_errors(item, finals).items():
            result.errors[name] += errors
        done(item)
    return result


def speaker_errors(item: Item, finals: Iterable[Final]) -> dict[str, ErrorRate]:
    """Errors of each channel of ``item``: all its reference text against all its finals, in order."""
    said: dict[int, str] = defaultdict(str)
    heard: dict[int, str] = defaultdict(str)
    for spoken in item.spoken:
        said[0 if item.channel is not None else spoken.channel] += spoken.text
    for final in finals:
        heard[final.channel] += final.text
    clip = len(said) == 1
    return {
        "clip" if clip else ROLES[channel].value: character_errors(text, heard[channel])
        for channel, text in said.items()
    }
