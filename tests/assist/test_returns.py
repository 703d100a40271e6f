"""A call without a feeder is heard to its end and closed, or given up where it cannot be; only then is it lost."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from asr.session import CallRecognizer
from assist.facts import Facts
from assist.log import Record
from assist.messages.events import CallEnded, Event
from assist.returns import MOST_FAULTS, Returns
from assist.store import StoreError
from assist.writer import Store
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import START, Running, begin, clip, feed_all, receive, running, send_audio
from tests.assist.scripted import ScriptedEngine

SECRET = "李小红13826450917"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assist.returns._LEAST_WAIT", 0.01)


@pytest.fixture
async def server(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Running]:
    async with running(tmp_path, ScriptedEngine(), catalogue, resume_seconds=0.0) as server:
        yield server


@pytest.fixture(scope="module")
def audio(samples: Path) -> bytes:
    return clip(samples, 12.0)


class Faulty:
    """The recogniser fails at the citizen's first utterance in the first ``times`` hearings, once nobody feeds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.failed = 0
        self.alone = threading.Event()
        resolve = CallRecognizer.resolve

        def fails(recognizer: CallRecognizer, request: Any, hypothesis: Any) -> Any:
            if request.final and request.channel == 1 and self.failed < times:
                self.alone.wait(30)
                self.failed += 1
                raise ValueError(SECRET)
            return resolve(recognizer, request, hypothesis)

        monkeypatch.setattr(CallRecognizer, "resolve", fails)


async def left_alone(server: Running, audio: bytes) -> None:
    """A call whose feeder goes away without a stop; returns when the server has all it sent."""
    async with server.audio("c") as feeder:
        await begin(feeder)
        line = server.app.state.switchboard._lines["c"]
        await send_audio(feeder, audio)
    async with asyncio.timeout(30):
        while line.evict is not None:  # noqa: ASYNC110 - an attribute, not an event
            await asyncio.sleep(0.01)


async def ended(server: Running) -> dict[str, Any]:
    """The last event of the call, once it is over."""
    async with asyncio.timeout(30), server.desk() as desk:
        [summary] = (await receive(desk, "hello"))["calls"]
        while summary["status"] != "ended":
            summary = (await receive(desk, "call"))["summary"]
    last: dict[str, Any] = (await server.events("c"))[-1]["event"]
    return last


async def metric(server: Running, name: str) -> int:
    lines = (await server.get("/v1/metrics")).text.splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"assist_{name} "))


async def test_a_call_that_cannot_be_heard_is_given_up_after_some_times_and_keeps_what_its_log_holds(
    server: Running, audio: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faulty = Faulty(monkeypatch, times=1_000)
    await left_alone(server, audio)
    faulty.alone.set()
    assert await ended(server) == {"type": "call.ended", "seconds": 12.0, "reason": "lost"}
    heard = faulty.failed
    assert heard in (MOST_FAULTS, MOST_FAULTS + 1)  # once more where it failed before it was given up
    await asyncio.sleep(0.3)
    gc.collect()
    assert faulty.failed == heard
    assert "transcript.final" in [one["event"]["type"] for one in await server.events("c")]
    assert (await metric(server, "calls_lost_total"), await metric(server, "calls_live")) == (1, 0)
    assert (await server.get("/v1/calls/c/audio")).status_code == 200
    async with server.audio("c") as feeder:
        await feeder.send(json.dumps(START))
        assert (await receive(feeder, "error"))["code"] == "call_ended"
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert sum("call c is interrupted: ValueError" in line for line in told) == heard
    assert len([line for line in told if "call c is ended as lost" in line]) == 1
    assert not [line for line in told if "never retrieved" in line or SECRET in line]
    places = [record.exc_info[2] for record in caplog.records if record.exc_info and "interrupted" in record.message]
    assert len(places) == heard


async def test_a_call_that_can_be_heard_at_last_is_heard_whole(
    server: Running, audio: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = Faulty(monkeypatch, times=2)
    await left_alone(server, audio)
    faulty.alone.set()
    assert (await ended(server))["reason"] == "lost"
    await feed_all(server, "whole", audio)
    texts = [
        [one["event"]["text"] for one in await server.events(call) if one["event"]["type"] == "transcript.final"]
        for call in ("c", "whole")
    ]
    assert texts[0] == texts[1]
    assert await metric(server, "calls_lost_total") == 1


async def test_a_call_is_not_given_up_while_the_disk_is_full_and_is_heard_when_there_is_room(
    server: Running, audio: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, refused = Store.append, 0

    async def full(self: Store, call: str, events: Sequence[tuple[float, Event]], known: Facts) -> list[Record]:
        nonlocal refused
        if refused < 2 * MOST_FAULTS and any(isinstance(event, CallEnded) for _, event in events):
            refused += 1
            raise StoreError("the disk is full: make room")
        return await append(self, call, events, known)

    monkeypatch.setattr(Store, "append", full)
    await left_alone(server, audio)
    assert (await ended(server))["reason"] == "lost"
    assert refused == 2 * MOST_FAULTS
    assert await metric(server, "calls_lost_total") == 1


async def test_a_call_that_was_stopped_and_takes_its_time_is_not_lost(
    server: Running, audio: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Store.append

    async def slow(self: Store, call: str, events: Sequence[tuple[float, Event]], known: Facts) -> list[Record]:
        if any(isinstance(event, CallEnded) for _, event in events):
            await asyncio.sleep(0.5)
        return await append(self, call, events, known)

    monkeypatch.setattr(Store, "append", slow)
    switchboard = server.app.state.switchboard
    async with server.audio("c") as feeder:
        await begin(feeder)
        await send_audio(feeder, audio[:64_000])
        line = switchboard._lines["c"]
        await feeder.send('{"type":"stop"}')
        async with asyncio.timeout(10):
            while line.session.reason is None:  # noqa: ASYNC110 - an attribute, not an event
                await asyncio.sleep(0.01)
        switchboard.disconnect(line, line.evict)  # as where another feeder took the call over and went
    assert (await ended(server))["reason"] == "stopped"
    await asyncio.sleep(0.2)
    assert await metric(server, "calls_lost_total") == 0


async def test_the_longer_a_call_cannot_be_heard_the_longer_it_waits_and_a_feeder_begins_it_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_later", lambda seconds, *_: waited.append(seconds) or loop.call_soon(int))
    returns = Returns(60.0, lambda call: None)
    for _ in range(6):
        returns.expect("c")
        returns.broke("c", StoreError("the disk is full"))
    assert waited == [60.0, 120.0, 240.0, 480.0, 600.0, 600.0]
    assert not returns.hopeless("c")
    for _ in range(MOST_FAULTS):
        assert not returns.hopeless("c")
        returns.broke("c", ValueError())
    assert returns.hopeless("c")
    returns.forget("c")
    returns.expect("c")
    assert (waited[-1], returns.hopeless("c")) == (60.0, False)


async def test_no_wait_is_shorter_than_what_feeders_are_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "call_later", lambda seconds, *_: waited.append(seconds) or loop.call_soon(int))
    returns = Returns(3_600.0, lambda call: None)
    for _ in range(2):
        returns.expect("c")
        returns.broke("c", ValueError())
    assert waited == [3_600.0, 3_600.0]
