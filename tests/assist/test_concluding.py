"""A call that is over is read as a whole, and its ticket changes once more."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest

from assist import minds, rooms
from extractors import understanding
from extractors.catalogue.knowledge import Catalogue
from extractors.slots.page import RecordLine
from extractors.turn import Turn
from tests.assist.running import Running, clip, feed_all, receive, running, subscribed
from tests.assist.scripted import ScriptedEngine

SAID = "我要投诉楼下的烧烤店天天晚上放音响"


class Reader:
    """Stands in for the scribe, which takes seconds: takes every call for one about a grill, or fails."""

    def __init__(self, fails: bool) -> None:
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.read: list[str] = []
        self.begun = threading.Event()
        self._fails = fails

    def lines(self, turns: Sequence[Turn], wanted: Collection[str]) -> dict[str, RecordLine]:
        self.read.append("".join(turn.text for turn in turns))
        self.begun.set()
        self.goes_on.wait(30)
        if self._fails:
            raise RuntimeError(self.read[-1])
        return {"subject": RecordLine("烧烤店", 0.99)}


def standing_in(monkeypatch: pytest.MonkeyPatch, *, waits: bool = False, fails: bool = False) -> Reader:
    """A reader in the scribe's place; one that ``waits`` does so until told to go on."""
    reader = Reader(fails)
    if waits:
        reader.goes_on.clear()
    monkeypatch.setattr(understanding, "load_scribe", lambda: reader)
    monkeypatch.setenv("ASSIST_UNDERSTANDING__SCRIBE", "true")
    return reader


async def settled(server: Running, call: str, reader: Reader) -> list[dict[str, Any]]:
    """The events of ``call`` once it was read."""
    assert await asyncio.to_thread(reader.begun.wait, 30)
    await asyncio.sleep(1)
    return [record["event"] for record in await server.events(call)]


@pytest.mark.parametrize("scribe", ["true", "false"])
async def test_what_is_read_comes_behind_the_end_of_the_call(
    scribe: str, tmp_path: Path, catalogue: Catalogue, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = standing_in(monkeypatch)
    monkeypatch.setenv("ASSIST_UNDERSTANDING__SCRIBE", scribe)
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server:
        await feed_all(server, "read", clip(samples, 12.0))
        if scribe == "false":
            await asyncio.sleep(1)
            assert reader.read == []
            return
        events = await settled(server, "read", reader)
        assert (await server.get("/v1/health")).json()["status"] == "ok"
    types = [event["type"] for event in events]
    [changed] = [event for event in events[types.index("call.ended") :] if event["type"] == "ticket.changed"]
    assert changed["slots"]["subject"]["value"] == "烧烤店"
    assert changed["slots"]["subject"]["evidence"]
    assert len(reader.read) == 1


async def test_a_call_that_cannot_be_read_stays_as_it_was_and_the_log_holds_nothing_of_it(
    tmp_path: Path,
    catalogue: Catalogue,
    samples: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reader = standing_in(monkeypatch, fails=True)
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server:
        await feed_all(server, "unread", clip(samples, 12.0))
        events = await settled(server, "unread", reader)
        assert (await server.get("/v1/calls/unread")).status_code == 200
    assert events[-1]["type"] == "call.ended"
    assert "could not be understood: RuntimeError" in caplog.text
    assert "烧烤" not in caplog.text


async def test_a_desk_that_looks_at_a_call_while_it_is_read_sees_what_comes_of_it_whatever_begins_meanwhile(
    tmp_path: Path, catalogue: Catalogue, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = standing_in(monkeypatch, waits=True)
    monkeypatch.setattr(rooms, "IDLE_ROOMS", 0)
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server:
        await feed_all(server, "first", clip(samples, 12.0))
        assert await asyncio.to_thread(reader.begun.wait, 30)
        await feed_all(server, "second", clip(samples, 2.0))
        async with server.desk() as desk:
            await subscribed(desk, "first")
            reader.goes_on.set()
            while (logged := (await receive(desk, "event"))["logged"])["event"]["type"] != "ticket.changed":
                pass
    assert logged["call"] == "first"
    assert logged["event"]["slots"]["subject"]["value"] == "烧烤店"


@pytest.mark.parametrize("fails", [False, True])
async def test_a_desk_is_told_that_a_call_is_being_read_and_when_that_is_over(
    fails: bool, tmp_path: Path, catalogue: Catalogue, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = standing_in(monkeypatch, waits=True, fails=fails)
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server:
        await feed_all(server, "read", clip(samples, 12.0))
        async with server.desk() as desk:
            await subscribed(desk, "read")
            assert await receive(desk, "reading") == {"type": "reading", "call": "read", "reading": True}
            reader.goes_on.set()
            told = await receive(desk, "event", "reading")
            if not fails:  # what came of it is there before it is over
                assert told["logged"]["event"]["type"] == "ticket.changed"
                while told["type"] == "event":
                    told = await receive(desk, "event", "reading")
            assert told == {"type": "reading", "call": "read", "reading": False}


async def test_a_desk_is_told_as_well_where_a_call_is_read_again_for_a_template_that_an_agent_chooses(
    tmp_path: Path, catalogue: Catalogue, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = standing_in(monkeypatch)
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server:
        await feed_all(server, "read", clip(samples, 12.0))
        await settled(server, "read", reader)
    reader = standing_in(monkeypatch, waits=True)
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server, server.desk() as desk:
        await subscribed(desk, "read")
        chosen = {"type": "choose_template", "id": "1", "call": "read", "code": next(iter(catalogue.templates)).code}
        await desk.send(json.dumps(chosen))
        assert (await receive(desk, "reading"))["reading"] is True
        reader.goes_on.set()
        assert (await receive(desk, "reading"))["reading"] is False


async def test_a_desk_hears_nothing_of_reading_where_calls_are_not_read(
    tmp_path: Path, catalogue: Catalogue, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSIST_UNDERSTANDING__SCRIBE", "false")
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server:
        await feed_all(server, "unread", clip(samples, 12.0))
        async with server.desk() as desk:
            await subscribed(desk, "unread")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await receive(desk, "reading")


async def test_metrics_tell_how_many_calls_are_read_and_how_many_are_not(
    tmp_path: Path, catalogue: Catalogue, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = standing_in(monkeypatch, waits=True)
    monkeypatch.setattr(minds, "MOST_READ", 1)
    async with running(tmp_path, ScriptedEngine(SAID), catalogue) as server:
        await feed_all(server, "read", clip(samples, 12.0))
        assert await asyncio.to_thread(reader.begun.wait, 30)
        await feed_all(server, "unread", clip(samples, 12.0))
        meanwhile = (await server.get("/v1/metrics")).text
        reader.goes_on.set()
        await settled(server, "read", reader)
        later = (await server.get("/v1/metrics")).text
    assert "assist_calls_being_read 1\n" in meanwhile
    assert "assist_calls_being_read 0\n" in later
    assert "assist_calls_not_read_total 1\n" in later
    assert len(reader.read) == 1
