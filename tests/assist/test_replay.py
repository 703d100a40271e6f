"""Replay and live are one path: with the real model the same audio gives the same log, twice and over the wire."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
import soundfile

from asr.engine import Engine
from asr.errors import AudioError
from assist.config import Asr
from assist.feed import FeedError, FeedOptions, audio_url, feed
from assist.knowledge import recognition
from assist.log import Record
from assist.replay import ReplayOptions, replay
from extractors.catalogue.knowledge import Catalogue
from extractors.turn import Speaker
from tests.assist.running import STARTED_AT, running
from tests.assist.scripted import ScriptedEngine

AT = datetime.fromisoformat(STARTED_AT)


@pytest.fixture
def recording(samples: Path, tmp_path: Path) -> Path:
    samples_, rate = soundfile.read(samples / "dev-001.flac", frames=8_000 * 18, dtype="int16")
    soundfile.write(tmp_path / "call.wav", samples_, rate, subtype="PCM_16")
    return tmp_path / "call.wav"


async def test_replaying_twice_gives_the_same_bytes(recording: Path, whisper: Engine, catalogue: Catalogue) -> None:
    logs: list[list[Record]] = [[], []]
    tickets = [
        await replay(recording, whisper, catalogue, ReplayOptions(AT, scribe=False), on_event=log.append)
        for log in logs
    ]
    assert [record.wire for record in logs[0]] == [record.wire for record in logs[1]]
    assert tickets[0] == tickets[1]
    assert [turn.speaker for turn in tickets[0].transcript][:2] == [Speaker.AGENT, Speaker.CITIZEN]
    assert tickets[0].seconds == 18.0


async def test_a_live_call_and_its_replay_give_the_same_log_and_ticket(
    recording: Path, whisper: Engine, catalogue: Catalogue, tmp_path: Path
) -> None:
    log: list[Record] = []
    replayed = await replay(
        recording,
        whisper,
        catalogue,
        ReplayOptions(AT, call="live", scribe=False),
        settings=recognition(Asr(), catalogue),
        on_event=log.append,
    )
    done: list[float] = []
    async with running(tmp_path / "var", whisper, catalogue) as server:
        await feed(
            recording,
            server.url,
            "live",
            FeedOptions(started_at=AT, speed=20.0),
            on_progress=lambda seconds, total: done.append(seconds / total),
        )
        live = await server.events("live")
        ticket = (await server.get("/v1/calls/live/ticket")).json()
    assert done[-1] == 1.0
    assert live == [json.loads(record.logged_json) for record in log]
    assert ticket == json.loads(replayed.model_dump_json())


async def test_interim_text_comes_when_a_replay_keeps_step_with_the_clock(
    recording: Path, catalogue: Catalogue
) -> None:
    shown: list[object] = []
    await replay(
        recording, ScriptedEngine(), catalogue, ReplayOptions(AT, speed=30.0, scribe=False), on_interim=shown.append
    )
    assert shown


async def test_a_mono_recording_is_one_speakers(recording: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    samples_, rate = soundfile.read(recording, dtype="int16")
    soundfile.write(tmp_path / "mono.wav", samples_[:, 1], rate)
    ticket = await replay(
        tmp_path / "mono.wav", ScriptedEngine(), catalogue, ReplayOptions(AT, roles=(Speaker.CITIZEN,), scribe=False)
    )
    assert {turn.speaker for turn in ticket.transcript} == {Speaker.CITIZEN}
    with pytest.raises(AudioError, match=r"1 channel.*2 role"):
        await replay(tmp_path / "mono.wav", ScriptedEngine(), catalogue, ReplayOptions(AT, scribe=False))


async def test_a_feed_that_is_refused_or_finds_nobody_says_why(
    recording: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    async with running(tmp_path / "var", ScriptedEngine(), catalogue) as server:
        await feed(recording, server.url, "c", FeedOptions(speed=100.0))
        with pytest.raises(FeedError, match="call_ended"):
            await feed(recording, server.url, "c", FeedOptions(speed=100.0))
        nobody = server.url
    with pytest.raises(FeedError, match="after 1 attempts"):
        await feed(recording, nobody, "c", FeedOptions(attempts=1))


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("http://127.0.0.1:8012", "ws://127.0.0.1:8012/v1/calls/c/audio"),
        ("https://desk.example.gov.cn/assist/", "wss://desk.example.gov.cn/assist/v1/calls/c/audio"),
        ("127.0.0.1:8012", "ws://127.0.0.1:8012/v1/calls/c/audio"),
    ],
)
def test_the_audio_address_follows_from_the_servers(server: str, url: str) -> None:
    assert audio_url(server, "c") == url
