"""Text out of sounds in which nobody speaks: how much the recogniser writes over each kind, and what that costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from asr.audio import Recording
from asr.engine import Engine
from asr.recognizer import RecognizerSettings
from asr.stream import transcribe
from asr.transcript import Final, SpeechStarted


@dataclass(frozen=True, slots=True)
class Heard:
    """One sound: ``characters`` of finals, ``interim`` of interim texts (each shown text counted); times in seconds."""

    kind: str
    seconds: float
    utterances: int
    characters: int
    interim: int
    cpu_seconds: float
    texts: tuple[str, ...] = ()


def listen(
    sounds: Iterable[tuple[str, Recording]],
    engine: Engine,
    settings: RecognizerSettings,
    done: Callable[[], None] = lambda: None,
) -> list[Heard]:
    """What is heard in each of ``sounds`` (name, recording), every interim window decoded; ``done`` after each."""
    results = []
    for kind, sound in sounds:
        since = time.process_time()
        events = list(transcribe(sound, engine, settings, partials=True))
        cpu = time.process_time() - since
        begun = sum(isinstance(event, SpeechStarted) for event in events)
        texts = [event for event in events if not isinstance(event, SpeechStarted) and event.text]
        finals = [event.text for event in texts if isinstance(event, Final)]
        interim = sum(len(event.text) for event in texts if not isinstance(event, Final))
        final = sum(map(len, finals))
        results.append(Heard(kind, sound.seconds, begun, final, interim, cpu, tuple(finals)))
        done()
    return results
