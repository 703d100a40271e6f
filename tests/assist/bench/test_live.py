"""Calls played at once into a real server: what is refused, what is lost, whose fault it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from asr.audio import load
from asr.recognizer import RecognizerSettings
from asr.stream import transcribe
from asr.transcript import Final
from assist.bench.clips import due
from assist.bench.live import Clip, Live, Pace, play
from assist.bench.own_server import OwnServer, without_limits
from assist.bench.process import Process
from assist.bench.sound import cut
from assist.config import Server
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import running
from tests.assist.scripted import ScriptedEngine

SETTINGS = RecognizerSettings()
PACE = Pace(speed=20.0, ramp=0.5)


@pytest.fixture
def clip(samples: Path) -> Clip:
    """The beginning of a call with the finals that are due for it."""
    recording = cut(load(samples / "dev-001.flac"), 9.0)
    finals = [event for event in transcribe(recording, ScriptedEngine(), SETTINGS) if isinstance(event, Final)]
    return Clip(recording, (), 8.0, due(finals))


async def played(lines: list[list[Clip]], catalogue: Catalogue, store: Path, pace: Pace = PACE, **server: int) -> Live:
    async with running(store, ScriptedEngine(), catalogue, **server) as own:
        return await play(lines, OwnServer(own.url, Process(os.getpid())), SETTINGS.utterance, pace)


async def test_lines_play_their_calls_one_after_the_other_and_every_final_is_accounted_for(
    clip: Clip, catalogue: Catalogue, tmp_path: Path
) -> None:
    live = await played([[clip, clip], [clip]], catalogue, tmp_path)
    assert live.failed == []
    assert live.calls == 3
    assert live.account.due == 3 * len(clip.due) > 0
    assert (live.account.lost, live.account.changed, live.account.beyond) == (0, 0, 0)
    assert live.speech_seconds == 24.0
    assert live.cpu_seconds > 0
    assert live.memory_mb > 0


async def test_a_final_that_the_server_does_not_give_is_lost(clip: Clip, catalogue: Catalogue, tmp_path: Path) -> None:
    other = Clip(clip.recording, (), 8.0, {**clip.due, (1, 99): "喂"})
    live = await played([[other]], catalogue, tmp_path)
    assert live.account.lost == 1


async def test_a_refused_call_is_counted_and_none_of_its_finals_is_lost(
    clip: Clip, catalogue: Catalogue, tmp_path: Path
) -> None:
    live = await played([[clip], [clip]], catalogue, tmp_path, max_calls=1)
    assert (live.calls, live.refused, live.failed) == (1, 1, [])
    assert live.account.due == len(clip.due)
    assert live.account.lost == 0


async def test_calls_that_are_not_over_in_time_are_broken_off_and_their_finals_lost(
    clip: Clip, catalogue: Catalogue, tmp_path: Path
) -> None:
    live = await played([[clip]], catalogue, tmp_path, Pace(speed=1.0, limit=1.0))
    assert live.calls == 0
    assert live.account.lost == len(clip.due)
    assert live.failed == ["not over after 1 s"]


def test_a_limit_of_the_server_is_not_what_is_measured() -> None:
    environment = without_limits(32)
    assert int(environment["ASSIST_SERVER__MAX_CALLS"]) > 32
    assert {name.removeprefix("ASSIST_SERVER__").lower() for name in environment} <= Server.model_fields.keys()
