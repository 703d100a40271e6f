"""Desks of a running server: everyone sees the same, nothing is missed or doubled, commands have one effect."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

import assist.server.audio as audio_server
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import (
    Running,
    begin,
    clip,
    command,
    feed_all,
    receive,
    running,
    send_audio,
    subscribed,
)
from tests.assist.scripted import ScriptedEngine


@pytest.fixture
async def server(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Running]:
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        yield server


@pytest.fixture(scope="module")
def audio(samples: Path) -> bytes:
    return clip(samples, 12.0)


@pytest.fixture
async def ended(server: Running, audio: bytes) -> Running:
    await feed_all(server, "c", audio)
    return server


async def rest_of_call(desk: Any) -> list[dict[str, Any]]:
    events = []
    while True:
        events.append((await receive(desk, "event"))["logged"])
        if events[-1]["event"]["type"] == "call.ended":
            return events


async def test_two_desks_see_the_same_call_whenever_they_come(server: Running, audio: bytes) -> None:
    async with server.audio("c") as feeder, server.desk() as early, server.desk() as late:
        await begin(feeder)
        first = await subscribed(early, "c")
        await send_audio(feeder, audio)
        first.append((await receive(early, "event"))["logged"])
        second = await subscribed(late, "c")
        await feeder.send('{"type":"stop"}')
        first += await rest_of_call(early)
        if second[-1]["event"]["type"] != "call.ended":
            second += await rest_of_call(late)
    assert first == second == await server.events("c")


async def test_interim_text_is_shown_and_cleared_by_its_final(server: Running, audio: bytes) -> None:
    async with server.audio("c") as feeder, server.desk() as desk:
        await begin(feeder)
        await subscribed(desk, "c")
        shown = []
        for start in range(0, len(audio), 3_200):
            await feeder.send(audio[start : start + 3_200])
            await asyncio.sleep(0.002)
        while not shown or shown[-1]["text"]:
            shown.append(await receive(desk, "partial"))
        assert shown[0]["text"]
        assert shown[0]["call"] == "c"


@pytest.mark.parametrize("after", [0, 1, 5])
async def test_a_page_that_comes_back_gets_what_it_has_not_seen(ended: Running, after: int) -> None:
    log = await ended.events("c")
    async with ended.desk() as desk:
        assert await subscribed(desk, "c", after) == log[after:]
        assert await subscribed(desk, "c", len(log)) == []


async def test_the_hello_lists_the_calls_and_changes_follow(server: Running, audio: bytes) -> None:
    async with server.desk() as desk:
        assert (await receive(desk, "hello"))["calls"] == []
        await feed_all(server, "c", audio[:64_000])
        assert (await receive(desk, "call"))["summary"]["call"] == "c"
        while (await receive(desk, "call"))["summary"]["status"] != "ended":
            pass
    async with server.desk() as desk:
        [call] = (await receive(desk, "hello"))["calls"]
        assert (call["call"], call["status"], call["seconds"]) == ("c", "ended", 2.0)


async def test_every_desk_is_told_of_an_alert_while_the_call_goes_on_and_who_comes_later_too(
    tmp_path: Path, samples: Path, catalogue: Catalogue
) -> None:
    engine = ScriptedEngine("我家厨房着火了，里面还有人，着火了，快来")
    async with running(tmp_path, engine, catalogue) as server, server.audio("c") as feeder, server.desk() as desk:
        await begin(feeder)
        await send_audio(feeder, clip(samples, 24.0))
        while not (told := (await receive(desk, "call"))["summary"])["raised"]:
            pass
        assert (told["call"], told["status"]) == ("c", "live")
        [raised] = told["raised"]
        assert (raised["kind"], set(raised)) == ("119", {"kind", "text"})
        assert "厨房" not in raised["text"]  # whoever looks after calls is told none of the caller's words
        async with server.desk() as late:
            [call] = (await receive(late, "hello"))["calls"]
        assert call["raised"] == told["raised"]
        [listed] = (await server.get("/v1/calls")).json()
        assert (listed["alerts"], "raised" in listed) == (["119"], False)


async def test_every_desk_is_told_while_no_audio_comes_and_when_it_comes_again(server: Running, audio: bytes) -> None:
    async with server.desk() as early, server.desk() as late:
        async with server.audio("c") as feeder:
            await begin(feeder)
            await subscribed(early, "c")
            await send_audio(feeder, audio[:32_000])
        assert await receive(early, "feed") == {"type": "feed", "call": "c", "connected": False}
        await subscribed(late, "c")
        assert (await receive(late, "feed"))["connected"] is False
        async with server.audio("c") as feeder:
            await begin(feeder)
            for desk in (early, late):
                assert (await receive(desk, "feed"))["connected"] is True
            await feeder.send('{"type":"stop"}')
            await receive(feeder, "stopped")
            await rest_of_call(early)


async def test_a_desk_is_told_while_a_connected_feeder_sends_nothing(
    server: Running, audio: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio_server, "QUIET_SECONDS", 0.2)
    async with server.audio("c") as feeder, server.desk() as desk:
        await begin(feeder)
        await subscribed(desk, "c")
        await send_audio(feeder, audio[:32_000])
        assert await receive(desk, "feed") == {"type": "feed", "call": "c", "connected": False}
        await send_audio(feeder, audio[32_000:35_200])
        assert (await receive(desk, "feed"))["connected"] is True
        await feeder.send('{"type":"stop"}')
        await receive(feeder, "stopped")
        await rest_of_call(desk)


async def test_that_no_audio_comes_is_told_of_a_call_that_a_dead_server_left(
    tmp_path: Path, audio: bytes, catalogue: Catalogue
) -> None:
    async with running(tmp_path, ScriptedEngine(), catalogue) as server, server.audio("c") as feeder:
        await begin(feeder)
        await send_audio(feeder, audio[:32_000])
        await receive(feeder, "ack")
    async with running(tmp_path, ScriptedEngine(), catalogue) as server, server.desk() as desk:
        await subscribed(desk, "c")
        assert await receive(desk, "feed") == {"type": "feed", "call": "c", "connected": False}
        async with server.audio("c") as feeder:
            await begin(feeder)
            assert (await receive(desk, "feed"))["connected"] is True


async def test_an_edit_is_seen_by_every_desk_and_sending_it_again_changes_nothing(ended: Running) -> None:
    edit = {"type": "edit", "id": "e1", "call": "c", "slot": "phone", "value": "13602247816"}
    log = await ended.events("c")
    async with ended.desk() as writer, ended.desk() as reader:
        await subscribed(reader, "c", len(log))
        done = await command(writer, **edit)
        assert done == {"type": "done", "command": "e1", "seq": len(log) + 1}
        assert (await receive(reader, "event"))["logged"]["event"]["value"] == "13602247816"
        assert await command(writer, **edit) == done
        assert await command(reader, **edit) == done
    assert len(await ended.events("c")) == len(log) + 1
    slot = (await ended.get("/v1/calls/c/ticket")).json()["slots"]["phone"]
    assert (slot["value"], slot["source"]) == ("13602247816", "edited")


async def test_a_command_repeated_after_a_restart_is_still_the_same_command(
    tmp_path: Path, audio: bytes, catalogue: Catalogue
) -> None:
    edit = {"type": "edit", "id": "e1", "call": "c", "slot": "phone", "value": "13602247816"}
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        await feed_all(server, "c", audio)
        async with server.desk() as desk:
            done = await command(desk, **edit)
    async with running(tmp_path, ScriptedEngine(), catalogue) as server, server.desk() as desk:
        assert await command(desk, **edit) == done


async def test_on_a_subscribed_call_the_event_comes_before_its_answer(ended: Running) -> None:
    async with ended.desk() as desk:
        await subscribed(desk, "c", len(await ended.events("c")))
        await desk.send(json.dumps({"type": "reject", "id": "1", "call": "c", "slot": "department"}))
        kinds = [(await receive(desk, "event", "done"))["type"] for _ in range(2)]
    assert kinds == ["event", "done"]


async def test_a_chosen_template_is_kept_and_brings_its_own_questions(ended: Running, catalogue: Catalogue) -> None:
    template = next(one for one in catalogue.templates if "plate_no" in one.required)
    async with ended.desk() as desk:
        await subscribed(desk, "c")
        await command(desk, type="choose_template", id="1", call="c", code=template.code)
        asked = (await receive(desk, "event"))["logged"]["event"]
        while asked["type"] != "questions.due":
            asked = (await receive(desk, "event"))["logged"]["event"]
    assert "plate_no" in [question["slot"] for question in asked["questions"]]
    ticket = (await ended.get("/v1/calls/c/ticket")).json()
    assert ticket["template"]["code"] == template.code
    assert ticket["request_type"] == template.request_type


async def test_a_submitted_ticket_is_filed_once_and_for_all(ended: Running) -> None:
    async with ended.desk() as desk:
        await command(desk, type="edit", id="1", call="c", slot="phone", value="13602247816")
        assert (await command(desk, type="submit", id="2", call="c"))["type"] == "done"
        refused = await command(desk, type="edit", id="3", call="c", slot="phone", value="1")
        assert refused["code"] == "already_submitted"
        assert (await command(desk, type="undo", id="4", call="c"))["code"] == "already_submitted"
    filed = (await ended.events("c"))[-1]["event"]
    assert (filed["type"], filed["slots"]["phone"]) == ("agent.submitted", "13602247816")
    assert [call["status"] for call in (await ended.get("/v1/calls?status=submitted")).json()] == ["submitted"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("no JSON", "bad_json"),
        ("[]", "bad_json"),
        (r'{"type": "edit", "id": "1", "call": "c-1", "slot": "phone", "value": "\ud800"}', "bad_json"),
        ('{"type":"dance","id":"1"}', "bad_message"),
        ('{"type":"edit","id":"1","call":"c"}', "bad_message"),
        ('{"type":"accept","id":"1","call":"nobody","slot":"phone"}', "unknown_call"),
        ('{"type":"subscribe","call":"nobody"}', "unknown_call"),
        ('{"type":"subscribe","call":"c","after":1000}', "bad_after"),
        ('{"type":"edit","id":"1","call":"c","slot":"shoe_size","value":"44"}', "unknown_slot"),
        ('{"type":"edit","id":"1","call":"c","slot":"confidential","value":"maybe"}', "bad_value"),
        ('{"type":"choose_template","id":"1","call":"c","code":"XX99-999"}', "unknown_template"),
        ('{"type":"undo","id":"1","call":"c"}', "nothing_to_undo"),
    ],
)
async def test_what_cannot_be_done_is_refused_and_the_connection_stays(ended: Running, message: str, code: str) -> None:
    async with ended.desk() as desk:
        await desk.send(message)
        refused = await receive(desk, "refused")
        assert (refused["code"], bool(refused["message"])) == (code, True)
        await desk.send('{"type":"ping","id":"p"}')
        assert (await receive(desk, "pong"))["id"] == "p"


async def test_a_refusal_names_the_call_it_is_about(ended: Running) -> None:
    messages = (
        {"type": "subscribe", "call": "nobody"},
        {"type": "subscribe", "call": "c", "after": 1000},
        {"type": "undo", "id": "1", "call": "nobody"},
        {"type": "undo", "id": "1", "call": "c"},
        {"type": "dance", "call": "c"},
    )
    async with ended.desk() as desk:
        for message in messages:
            await desk.send(json.dumps(message))
        refused = [await receive(desk, "refused") for _ in messages]
    assert [(one["code"], one["call"]) for one in refused] == [
        ("unknown_call", "nobody"),
        ("bad_after", "c"),
        ("unknown_call", "nobody"),
        ("nothing_to_undo", "c"),
        ("bad_message", None),
    ]


async def test_a_page_of_another_host_is_refused_unless_it_is_configured(tmp_path: Path, catalogue: Catalogue) -> None:
    friend = "https://desk.example.gov.cn"
    async with running(tmp_path, ScriptedEngine(), catalogue, allowed_origins=(friend,)) as server:
        async with server.desk(origin="https://elsewhere.example") as desk:
            with pytest.raises(ConnectionClosed) as closed:
                await desk.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4403
        for origin in (friend, server.url, None):
            async with server.desk(origin=origin) as desk:
                assert await receive(desk, "hello")


async def test_a_page_that_asks_and_does_not_read_is_told_to_come_again(tmp_path: Path, catalogue: Catalogue) -> None:
    unread = json.dumps({"type": "dance", "id": "x" * 60_000})  # its answer is as long
    async with (
        running(tmp_path, ScriptedEngine(), catalogue, desk_queue=16) as server,
        connect(server.url.replace("http", "ws") + "/v1/desk", compression=None, max_queue=1) as desk,
    ):
        asking = asyncio.create_task(ask_on(desk, unread))
        await asyncio.wait({asking}, timeout=3)
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(30):
                while True:
                    await desk.recv()
        await asyncio.gather(asking, return_exceptions=True)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013


async def ask_on(desk: ClientConnection, message: str) -> None:
    """Send ``message`` 30 MB long, or until nobody takes it."""
    for _ in range(30_000_000 // len(message)):
        await desk.send(message)


async def test_a_message_of_a_megabyte_closes_the_desk(ended: Running) -> None:
    async with ended.desk() as desk:
        await desk.send(json.dumps({"type": "ping", "id": "x" * 70_000}))
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                await desk.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
