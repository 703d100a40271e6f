"""A server that is killed, or whose disk fails, loses and doubles nothing."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from websockets.exceptions import ConnectionClosed

from assist.facts import Facts
from assist.feed import FeedOptions, feed
from assist.log import Record
from assist.messages.events import Event
from assist.store import StoreError
from assist.writer import Store
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import (
    Running,
    begin,
    clip,
    feed_all,
    receive,
    running,
    send_audio,
    subscribed,
    without_call,
)
from tests.assist.scripted import ScriptedEngine
from tests.extractors import small_catalogue as small

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """A few templates: a server that has them is there soon."""
    folder = tmp_path_factory.mktemp("catalogue")
    return opened(small.write(folder / "c"), folder / "caches")


@asynccontextmanager
async def process(directory: Path, catalogue: Catalogue, port: int = 0) -> AsyncIterator[Running]:
    """A server process, killed with -9 in the end."""
    assert catalogue.cache is not None
    arguments = (str(directory), str(port), str(catalogue.directory), str(catalogue.cache.parent))
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.assist.server_process", *arguments),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
    )
    assert child.stdout is not None
    try:
        yield Running(int(await child.stdout.readline()), None)
    finally:
        child.kill()
        await child.wait()


async def test_a_call_goes_on_after_kill_9_as_if_nothing_had_been(
    tmp_path: Path, samples: Path, catalogue: Catalogue
) -> None:
    audio = clip(samples, 20.0)
    async with process(tmp_path, catalogue) as server, server.audio("c") as feeder, server.desk() as desk:
        await begin(feeder)
        await subscribed(desk, "c")
        await send_audio(feeder, audio[: 4 * 8_000 * 16])
        acknowledged = (await receive(feeder, "ack"))["received"]
        seen = [(await receive(desk, "event"))["logged"] for _ in range(6)]
    async with process(tmp_path, catalogue) as server, server.audio("c") as feeder, server.desk() as desk:
        received = await begin(feeder)
        assert received >= acknowledged
        later = await subscribed(desk, "c", seen[-1]["seq"])
        await send_audio(feeder, audio[received * 4 :])
        await feeder.send('{"type":"stop"}')
        await receive(feeder, "stopped")
        log = await server.events("c")
        while (later or seen)[-1]["seq"] < len(log):
            later.append((await receive(desk, "event"))["logged"])
        assert seen + later == log[1:]
        await feed_all(server, "whole", audio)
        assert without_call(log) == without_call(await server.events("whole"))


async def test_a_feed_lasts_through_a_killed_server(tmp_path: Path, samples: Path, catalogue: Catalogue) -> None:
    acknowledged = asyncio.Event()
    recording = tmp_path / "call.wav"
    soundfile.write(recording, np.frombuffer(clip(samples, 24.0), "<i2").reshape(-1, 2), 8_000, subtype="PCM_16")

    def progress(done: float, total: float) -> None:
        if done > 8.0:
            acknowledged.set()

    async with process(tmp_path, catalogue) as server:
        port = server.port
        feeding = asyncio.create_task(feed(recording, server.url, "c", FeedOptions(speed=10.0, attempts=100), progress))
        await acknowledged.wait()
    async with process(tmp_path, catalogue, port) as server:
        await asyncio.wait_for(feeding, 60)
        events = await server.events("c")
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert events[-1]["event"] == {"type": "call.ended", "seconds": 24.0, "reason": "stopped"}
        heard = [
            (event["event"]["channel"], event["event"]["utterance"])
            for event in events
            if event["event"]["type"] == "transcript.final"
        ]
        assert len(set(heard)) == len(heard) > 2


async def test_a_full_disk_closes_the_feed_and_the_call_can_be_resumed(
    tmp_path: Path, samples: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = clip(samples, 12.0)
    full = True
    append = Store.append

    async def sometimes(self: Store, call: str, events: Sequence[tuple[float, Event]], known: Facts) -> list[Record]:
        if full and call == "c":
            raise StoreError("the disk is full: make room")
        return await append(self, call, events, known)

    monkeypatch.setattr(Store, "append", sometimes)
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        async with server.audio("c") as feeder:
            await begin(feeder)
            with pytest.raises(ConnectionClosed) as closed:
                await send_audio(feeder, audio)
                error = await receive(feeder, "error")
                assert error["code"] == "store_failed"
                assert "disk is full" in error["detail"]
                await feeder.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1011
        full = False
        async with server.audio("c") as feeder:
            received = await begin(feeder)
            await send_audio(feeder, audio[received * 4 :])
            await feeder.send(json.dumps({"type": "stop"}))
            await receive(feeder, "stopped")
        await feed_all(server, "whole", audio)
        assert without_call(await server.events("c")) == without_call(await server.events("whole"))
