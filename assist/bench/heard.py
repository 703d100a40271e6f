"""What recognition makes of recorded calls, as turns for understanding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from asr.audio import load
from asr.engine import Engine
from asr.recognizer import RecognizerSettings
from asr.stream import transcribe
from asr.transcript import Final
from assist.bench.manifest import ROLES
from extractors.turn import Turn


def heard_turns(
    recordings: Sequence[Path], engine: Engine, settings: RecognizerSettings, done: Callable[[], None]
) -> dict[str, tuple[Turn, ...]]:
    """The finals of each 2-channel recording (agent first) by the file's stem; ``done`` is called after each."""
    heard = {}
    for path in recordings:
        finals = (event for event in transcribe(load(path), engine, settings) if isinstance(event, Final))
        said = [final for final in finals if final.text]
        heard[path.stem] = tuple(
            Turn(number, ROLES[final.channel], final.text, final.start, final.end, final.times)
            for number, final in enumerate(said)
        )
        done()
    return heard
