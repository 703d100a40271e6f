"""Audio into a running server: calls, broken calls, resumed calls, and everything a feeder can do wrong."""

from __future__ import annotations

import asyncio
import errno
import gc
import io
import json
import os
import weakref
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import soundfile
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from assist.feed import FeedError, FeedOptions, feed
from assist.messages.events import CallStarted
from assist.mind import Understands
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import (
    START,
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

SECONDS = 20.0


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
async def server(tmp_path: Path, engine: ScriptedEngine, catalogue: Catalogue) -> AsyncIterator[Running]:
    async with running(tmp_path, engine, catalogue, max_frame_bytes=65_536) as server:
        yield server


@pytest.fixture(scope="module")
def audio(samples: Path) -> bytes:
    return clip(samples, SECONDS)


async def test_a_call_that_a_switch_dates_in_another_time_zone_is_of_the_hotlines_day(server: Running) -> None:
    async with server.audio("c") as connection:
        await begin(connection, started_at="2026-03-01T18:15:00Z")
    [started] = [one["event"] for one in await server.events("c") if one["event"]["type"] == "call.started"]
    assert started["started_at"] == "2026-03-02T02:15:00+08:00"


async def test_a_call_becomes_a_log_a_ticket_and_a_recording(server: Running, audio: bytes) -> None:
    await feed_all(server, "c", audio)
    events = await server.events("c")
    kinds = [event["event"]["type"] for event in events]
    assert kinds[0] == "call.started"
    assert kinds[-1] == "call.ended"
    assert kinds.count("transcript.final") >= 3
    assert "ticket.changed" in kinds
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    finals = [event["event"] for event in events if event["event"]["type"] == "transcript.final"]
    assert [final["turn"] for final in finals] == list(range(len(finals)))
    assert all(len(final["times"]) == len(final["text"]) for final in finals)
    ticket = (await server.get("/v1/calls/c/ticket")).json()
    assert (ticket["status"], ticket["seconds"], len(ticket["transcript"])) == ("ended", SECONDS, len(finals))
    wav = await server.get("/v1/calls/c/audio")
    samples, rate = soundfile.read(io.BytesIO(wav.content), dtype="int16")
    assert (rate, samples.tobytes()) == (8_000, audio)


async def test_acknowledgements_count_what_is_on_disk(server: Running, audio: bytes, tmp_path: Path) -> None:
    async with server.audio("c") as connection:
        assert await begin(connection) == 0
        await send_audio(connection, audio[: 4 * 8_000])
        received = (await receive(connection, "ack"))["received"]
        assert 4_000 <= received <= (tmp_path / "recordings" / "c.raw").stat().st_size // 4


@pytest.mark.parametrize("piece", [37, 6_401, 60_000])
async def test_the_log_does_not_depend_on_how_audio_is_cut_or_interrupted(
    server: Running, audio: bytes, piece: int
) -> None:
    audio = audio[: 4 * 8_000 * 8]
    await feed_all(server, "whole", audio)
    async with server.audio("cut") as connection:
        await begin(connection)
        await send_audio(connection, audio[:100_003], piece)
        await receive(connection, "ack")
    async with server.audio("cut") as connection:
        received = await begin(connection)
        await send_audio(connection, audio[received * 4 :], piece)
        await connection.send('{"type":"stop"}')
        await receive(connection, "stopped")
    assert without_call(await server.events("cut")) == without_call(await server.events("whole"))


async def test_a_server_restart_loses_and_doubles_nothing(tmp_path: Path, audio: bytes, catalogue: Catalogue) -> None:
    first, second = ScriptedEngine(), ScriptedEngine()
    async with running(tmp_path, first, catalogue) as server:
        await feed_all(server, "whole", audio)
        whole = await server.events("whole")
        finals = first.finals
        async with server.audio("c") as connection, server.desk() as desk:
            await begin(connection)
            await subscribed(desk, "c")
            await send_audio(connection, audio[: 4 * 8_000 * 15])
            for _ in range(2):
                while (await receive(desk, "event"))["logged"]["event"]["type"] != "transcript.final":
                    pass
    async with running(tmp_path, second, catalogue) as server:
        before = await server.events("c")
        assert 0 < len(before) < len(whole)
        async with server.audio("c") as connection:
            received = await begin(connection)
            await send_audio(connection, audio[received * 4 :])
            await connection.send('{"type":"stop"}')
            await receive(connection, "stopped")
        after = await server.events("c")
    assert after[: len(before)] == before
    assert without_call(after) == without_call(whole)
    assert second.finals < finals


async def test_a_call_whose_feeder_stays_away_ends_as_lost(
    tmp_path: Path, audio: bytes, engine: ScriptedEngine, catalogue: Catalogue
) -> None:
    async with running(tmp_path, engine, catalogue, resume_seconds=0.0) as server, server.desk() as desk:
        async with server.audio("c") as connection:
            await begin(connection)
            await send_audio(connection, audio[: 4 * 8_000 * 6])
        while (await receive(desk, "call"))["summary"]["status"] != "ended":
            pass
        events = await server.events("c")
        assert events[-1]["event"] == {"type": "call.ended", "seconds": 6.0, "reason": "lost"}
        assert "transcript.final" in [event["event"]["type"] for event in events]
        async with server.audio("c") as connection:
            await connection.send(json.dumps(START))
            assert (await receive(connection, "error"))["code"] == "call_ended"


async def test_a_call_left_by_a_dead_server_ends_as_lost_when_nobody_resumes(
    tmp_path: Path, audio: bytes, engine: ScriptedEngine, catalogue: Catalogue
) -> None:
    async with running(tmp_path, engine, catalogue) as server, server.audio("c") as connection:
        await begin(connection)
        await send_audio(connection, audio[: 4 * 8_000 * 6])
        await receive(connection, "ack")
    async with running(tmp_path, engine, catalogue, resume_seconds=0.0) as server, server.desk() as desk:
        await subscribed(desk, "c")
        while (event := (await receive(desk, "event"))["logged"]["event"])["type"] != "call.ended":
            pass
        assert event["reason"] == "lost"


async def test_a_feeder_that_lost_the_answer_to_its_stop_is_told_that_nothing_is_missing(
    server: Running, audio: bytes, tmp_path: Path
) -> None:
    async with server.audio("c") as connection:
        await begin(connection)
        await send_audio(connection, audio[:64_000])
        await connection.send('{"type":"stop"}')
        await (await connection.ping())  # the server has got all of it, if not read it
        connection.transport.abort()
    async with server.desk() as desk:
        [summary] = (await receive(desk, "hello"))["calls"]
        while summary["status"] != "ended":
            summary = (await receive(desk, "call"))["summary"]
    async with server.audio("c") as connection:
        await connection.send(json.dumps(START))
        error = await receive(connection, "error")
        assert (error["code"], error["detail"]) == ("call_ended", "stopped")
    assert (tmp_path / "recordings" / "c.raw").read_bytes() == audio[:64_000]


async def test_a_recording_that_was_fed_whole_is_fed_though_the_last_answer_was_lost(
    samples: Path, tmp_path: Path
) -> None:
    file = tmp_path / "call.wav"
    sound, rate = soundfile.read(samples / "dev-001.flac", frames=16_000, dtype="int16")
    soundfile.write(file, sound, rate)
    came: list[int] = []

    async def answer(connection: ServerConnection) -> None:
        came.append(1)
        assert json.loads(await connection.recv())["type"] == "start"
        if len(came) > 1:
            error = {"type": "error", "code": "call_ended", "message": "此通话已经结束", "detail": "stopped"}
            await connection.send(json.dumps(error))
            return await connection.close(4409)
        await connection.send('{"type":"started","call":"c","received":0}')
        while isinstance(await connection.recv(), bytes):
            pass
        connection.transport.abort()

    async with serve(answer, "127.0.0.1", 0) as line:
        port = next(iter(line.sockets)).getsockname()[1]
        await feed(file, f"127.0.0.1:{port}", "c", FeedOptions(speed=100.0))
    assert len(came) == 2


async def test_a_second_feeder_takes_the_call_over(server: Running, audio: bytes) -> None:
    async with server.audio("c") as old, server.audio("c") as new:
        await begin(old)
        await send_audio(old, audio[:64_000])
        await begin(new)
        assert (await receive(old, "error"))["code"] == "taken_over"
        with pytest.raises(ConnectionClosed) as closed:
            await old.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4409
        await new.send('{"type":"stop"}')
        assert (await receive(new, "stopped"))["call"] == "c"


@pytest.mark.parametrize(
    ("frames", "code", "close"),
    [
        ([b"\x00\x00"], "audio_before_start", 4400),
        (["this is not JSON"], "bad_json", 4400),
        ([json.dumps({**START, "sample_rate": 0})], "bad_sample_rate", 4415),
        ([json.dumps({**START, "channels": 5})], "bad_channels", 4415),
        ([json.dumps({**START, "channels": 1})], "bad_roles", 4415),
        ([json.dumps(START), b"\x00" * 65_537], "frame_too_large", 1009),
        ([json.dumps(START), json.dumps(START)], "started_twice", 4400),
    ],
)
async def test_bad_input_gets_its_error_and_close_code(
    server: Running, frames: list[str | bytes], code: str, close: int
) -> None:
    async with server.audio("c") as connection:
        for frame in frames:
            await connection.send(frame)
        error = await receive(connection, "error")
        assert (error["code"], bool(error["message"])) == (code, True)
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == close


async def test_a_time_that_no_call_can_have_is_told_and_leaves_nothing_behind(server: Running, tmp_path: Path) -> None:
    for year in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        async with server.audio("c") as connection:
            await connection.send(json.dumps({**START, "started_at": year}))
            assert (await receive(connection, "error"))["code"] == "bad_message"
    assert list((tmp_path / "recordings").iterdir()) == []
    async with server.audio("c") as connection:
        assert await begin(connection, started_at="1970-01-01T00:00:00+08:00") == 0


async def test_a_full_disk_is_told_to_the_feeder_and_counted_and_the_call_goes_on_when_there_is_room(
    server: Running, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "call.wav"
    sound, rate = soundfile.read(samples / "dev-001.flac", frames=40_000, dtype="int16")
    soundfile.write(file, sound, rate)
    options = FeedOptions(speed=100.0, attempts=1)
    write, room = os.pwrite, 80_000  # bytes

    def into_what_is_left(file: int, data: memoryview, position: int) -> int:
        if position >= room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data[: room - position], position)

    monkeypatch.setattr(os, "pwrite", into_what_is_left)
    with pytest.raises(FeedError, match=r"store_failed: .*No space left on device; make room"):
        await feed(file, server.url, "c", options)
    assert "assist_calls_interrupted_total 1\n" in (await server.get("/v1/metrics")).text
    monkeypatch.undo()
    await feed(file, server.url, "c", options)
    assert (tmp_path / "recordings" / "c.raw").read_bytes() == sound.tobytes()
    assert "assist_calls_interrupted_total 1\n" in (await server.get("/v1/metrics")).text


async def test_a_frame_far_over_the_limit_is_cut_off(server: Running) -> None:
    async with server.audio("c") as connection:
        await begin(connection)
        with pytest.raises(ConnectionClosed) as closed:
            await connection.send(b"\x00" * 1_100_000)
            await connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_a_call_resumed_in_another_format_is_refused(server: Running) -> None:
    async with server.audio("c") as connection:
        await begin(connection)
    async with server.audio("c") as connection:
        await connection.send(json.dumps({**START, "sample_rate": 16_000}))
        assert (await receive(connection, "error"))["code"] == "format_changed"


async def test_an_impossible_call_id_and_a_foreign_page_are_refused(server: Running) -> None:
    async with server.audio("%20") as connection:
        assert (await receive(connection, "error"))["code"] == "bad_call_id"
    for elsewhere in ("https://elsewhere.example", "http://["):
        async with server.audio("c", origin=elsewhere) as connection:
            assert (await receive(connection, "error"))["code"] == "origin_refused"
    async with server.audio("c", origin=server.url) as connection:
        assert await begin(connection) == 0


async def test_more_calls_than_allowed_are_refused(
    tmp_path: Path, engine: ScriptedEngine, catalogue: Catalogue
) -> None:
    async with running(tmp_path, engine, catalogue, max_calls=1) as server, server.audio("one") as one:
        await begin(one)
        async with server.audio("two") as two:
            await two.send(json.dumps(START))
            assert (await receive(two, "error"))["code"] == "too_many_calls"


async def test_a_call_that_was_taken_before_a_restart_is_resumed_though_no_new_one_is_taken(
    tmp_path: Path, engine: ScriptedEngine, catalogue: Catalogue, audio: bytes
) -> None:
    async with running(tmp_path, engine, catalogue) as server, server.audio("one") as one:
        await begin(one)
        await send_audio(one, audio[:64_000])
        await receive(one, "ack")
    async with running(tmp_path, engine, catalogue, max_calls=1) as server, server.audio("two") as two:
        await begin(two)
        async with server.audio("one") as one:
            assert await begin(one) > 0
        async with server.audio("three") as three:
            await three.send(json.dumps(START))
            assert (await receive(three, "error"))["code"] == "too_many_calls"


async def test_while_too_many_channels_speak_no_new_call_is_taken_and_those_that_speak_go_on(
    tmp_path: Path, engine: ScriptedEngine, catalogue: Catalogue, samples: Path
) -> None:
    async with running(tmp_path, engine, catalogue, max_speaking=1) as server, server.audio("one") as one:
        await begin(one)
        await send_audio(one, clip(samples, 8))  # in the middle of the citizen's first turn
        switchboard = server.app.state.switchboard
        async with asyncio.timeout(20):
            while switchboard.speaking < 1:  # noqa: ASYNC110 - a number, not an event
                await asyncio.sleep(0.01)
        async with server.audio("two") as two:
            await two.send(json.dumps(START))
            assert (await receive(two, "error"))["code"] == "too_much_speech"
            await two.wait_closed()
            assert two.close_code == 4429
        await one.send('{"type":"stop"}')
        await receive(one, "stopped")
        async with server.audio("two") as two:
            assert await begin(two) == 0


async def test_while_finals_wait_for_the_decoder_no_new_call_is_taken(
    tmp_path: Path, engine: ScriptedEngine, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, engine, catalogue) as server, server.audio("one") as one:
        await begin(one)
        monkeypatch.setattr(type(server.app.state.decoder), "lag", 2.5)
        async with server.audio("two") as two:
            await two.send(json.dumps(START))
            assert (await receive(two, "error"))["code"] == "falling_behind"


async def test_a_call_goes_on_when_the_engine_fails_on_one_utterance(
    tmp_path: Path, audio: bytes, catalogue: Catalogue
) -> None:
    class Failing(ScriptedEngine):
        def decode(self, windows: Any) -> Any:
            hypotheses = super().decode(windows)
            if self.finals == 1 and windows[0].final:
                raise RuntimeError("out of memory")
            return hypotheses

    async with running(tmp_path, Failing(), catalogue) as server:
        await asyncio.wait_for(feed_all(server, "c", audio), 30)
        kinds = [event["event"]["type"] for event in await server.events("c")]
        assert "transcript.final" in kinds
        assert kinds[-1] == "call.ended"


async def test_what_understood_a_call_is_not_kept_when_it_has_ended(server: Running, audio: bytes) -> None:
    switchboard = server.app.state.switchboard
    made: list[weakref.ref[object]] = []

    def understand(started: CallStarted) -> Understands:
        understanding = services.understand(started)
        made.append(weakref.ref(understanding))
        return understanding

    services = switchboard.services
    switchboard.services = replace(services, understand=understand)
    await feed_all(server, "c", audio)
    for _ in range(50):
        gc.collect()
        if made[0]() is None:
            break
        await asyncio.sleep(0.1)
    assert [one() for one in made] == [None]


async def test_calls_that_have_ended_are_kept_in_memory_up_to_a_number_of_events_and_read_again_after_that(
    server: Running, audio: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assist.rooms.IDLE_EVENTS", 1)
    switchboard = server.app.state.switchboard
    await feed_all(server, "first", audio)
    told = await server.events("first")
    room = weakref.ref(await switchboard.room("first"))
    await feed_all(server, "second", audio)
    for _ in range(50):
        gc.collect()
        if room() is None:
            break
        await asyncio.sleep(0.1)
    assert room() is None
    assert await server.events("first") == told
