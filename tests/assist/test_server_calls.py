"""Kept calls are searched for over REST: by address without anybody's words, by body with them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assist.facts import Facts
from assist.messages.events import AgentSubmitted, CallEnded, CallStarted, Event
from assist.store import AudioFormat
from assist.writer import Store
from extractors.catalogue.knowledge import Catalogue
from extractors.turn import Speaker
from tests.assist.running import STARTED_AT, Running, begin, receive, running
from tests.assist.scripted import ScriptedEngine
from tests.assist.test_calls_query import version_1

MONO = AudioFormat("alaw", 8_000, (Speaker.CITIZEN,))
NOW = datetime.fromisoformat(STARTED_AT)  # 10:15
CALLS = 7


async def keep(folder: Path) -> None:
    """Calls c0 to c6, an hour apart, c0 the newest; each second one of Haizhu, each third one filed."""
    store = Store(folder)
    for number in range(CALLS):
        call, began = f"c{number}", NOW - timedelta(hours=number)
        await store.create(call, MONO, [(0.0, CallStarted(started_at=began))], began)
        events: list[tuple[float, Event]] = [(1.0, CallEnded(seconds=60.0 * number))]
        if number % 3 == 0:
            events.append((1.0, AgentSubmitted(command="s", slots={})))
        known = Facts(
            agent=f"{number:04d}",
            template="CG01-001",
            title="夜间占道烧烤油烟噪声扰民",
            unit="市住建局",
            district="海珠区" if number % 2 == 0 else "越秀区",
            alerts=("110",) if number == 5 else (),
        )
        await store.append(call, events, known)
    store.close()


@pytest.fixture
async def server(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Running]:
    await keep(tmp_path)
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        yield server


async def listed(server: Running, query: str) -> list[str]:
    answer = await server.get(f"/v1/calls?{query}")
    assert answer.status_code == 200, answer.text
    return [call["call"] for call in answer.json()]


ASKED = {  # numbers of the calls that are found
    "": "0123456",
    "limit=2": "01",
    "status=submitted": "036",
    "status=live": "",
    "from=2026-03-02T08:15": "012",
    "to=2026-03-02T08:15": "23456",
    "from=2026-03-02T07:15:00&to=2026-03-02T07:15:00": "3",
    "from=2026-03-02&to=2026-03-02": "0123456",
    "to=2026-03-01": "",
    "agent=0004": "4",
    "template=CG01-001&limit=1": "0",
    "template=CG01-002": "",
    "unit=市住建局&district=海珠区": "0246",
    "alert=110": "5",
    "alert=any": "5",
    "alert=none&status=submitted": "036",
    "min_seconds=60&max_seconds=180": "123",
    "ticket=untouched&limit=1": "0",
    "order=oldest&limit=2": "65",
    "order=longest&limit=2": "65",
    "order=shortest&limit=2": "01",
}


async def test_calls_are_listed_by_what_is_asked_for(server: Running) -> None:
    found = {query: "".join(await listed(server, query)).replace("c", "") for query in ASKED}
    assert found == ASKED


async def test_a_listed_call_tells_who_took_it_and_what_it_was_about(server: Running) -> None:
    [call] = (await server.get("/v1/calls?alert=110")).json()
    assert call == {
        "call": "c5",
        "started_at": "2026-03-02T05:15:00+08:00",
        "status": "ended",
        "seconds": 300.0,
        "last_seq": 2,
        "agent": "0005",
        "template": "CG01-001",
        "title": "夜间占道烧烤油烟噪声扰民",
        "unit": "市住建局",
        "district": "越秀区",
        "alerts": ["110"],
        "ticket": "untouched",
    }


async def test_each_page_links_to_the_next_with_the_same_conditions(server: Running) -> None:
    found, path = [], "/v1/calls?district=海珠区&limit=3&order=oldest"
    for _ in range(2):
        answer = await server.get(path)
        found += [call["call"] for call in answer.json()]
        link = re.fullmatch(r'<(\?[^>]*)>; rel="next"', answer.headers.get("link", ""))
        path = f"/v1/calls{link[1]}" if link else ""
    assert (found, path) == (["c6", "c4", "c2", "c0"], "")


async def test_a_search_in_a_body_takes_words_and_pages_on(server: Running) -> None:
    wanted: dict[str, Any] = {"title": "烧烤 噪声", "agent": "0001", "district": "越秀区"}
    found = (await server.post("/v1/calls/search", json=wanted)).json()
    assert ([call["call"] for call in found["calls"]], found["next"], found["unread"]) == (["c1"], None, 0)
    calls, cursor = [], None
    for _ in range(4):
        body = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        found = (await server.post("/v1/calls/search", json=body)).json()
        calls, cursor = calls + [call["call"] for call in found["calls"]], found["next"]
    assert (calls, cursor) == ([f"c{number}" for number in range(CALLS)], None)
    assert (await server.post("/v1/calls/search", json={"title": "没有"})).json()["calls"] == []


async def test_a_live_call_is_listed_with_its_length_so_far(server: Running) -> None:
    async with server.audio("live") as feeder:
        await begin(feeder, agent="0099")
        await feeder.send(b"\0" * 32_000)
        while (await receive(feeder, "ack"))["received"] < 8_000:
            pass
        [call] = (await server.get("/v1/calls?status=live&agent=0099")).json()
        assert (call["call"], call["seconds"]) == ("live", 1.0)


SECRET = "业主李小红13826450917"


REFUSED = {  # and what the answer tells of it
    "from=2026-02-30": "query.from",
    "from=yesterday": "query.from",
    "to=2026-03-02T10:15%2B08:00": "query.to",
    "from=2026-03-03&to=2026-03-02": "from is after to",
    "min_seconds=9&max_seconds=8": "min_seconds is over max_seconds",
    "min_seconds=-1": "query.min_seconds",
    "status=filed": "query.status",
    "alert=999": "query.alert",
    "order=best": "query.order",
    "cursor=x": "query.cursor",
    "cursor=oldest~1~c": "another order",
    "limit=201": "query.limit",
    "agnet=0001": "query.agnet",
    f"agent={SECRET}": "query.agent",
    f"template={SECRET}": "query.template",
    f"unit={SECRET}": "query.unit",
    f"district={SECRET}": "query.district",
    f"title={SECRET}": "query.title",
}


async def test_what_cannot_be_asked_is_refused_by_name_and_not_repeated(server: Running) -> None:
    for query, told in REFUSED.items():
        answer = await server.get(f"/v1/calls?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_request"), query
        assert told in answer.json()["detail"], query
        assert "李小红" not in answer.text and "138" not in answer.text


async def test_a_body_that_cannot_be_asked_is_refused_without_its_words(server: Running) -> None:
    for body in ({"title": SECRET * 20}, {"agent": [SECRET]}, {"caller": SECRET}, SECRET, {"title": "x" * 5_000}):
        answer = await server.post("/v1/calls/search", json=body)
        assert answer.status_code == (413 if "xx" in str(body) else 422), body
        assert "李小红" not in answer.text and "138" not in answer.text


async def test_lists_are_not_to_be_stored_on_the_way(server: Running) -> None:
    assert (await server.get("/v1/calls")).headers["cache-control"] == "no-store"
    assert (await server.post("/v1/calls/search", json={})).headers["cache-control"] == "no-store"


async def test_calls_of_an_earlier_version_are_read_while_the_server_runs(tmp_path: Path, catalogue: Catalogue) -> None:
    version_1(tmp_path / "calls.sqlite3", *(f"c{number}" for number in range(9))).close()
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        for _ in range(500):
            found = (await server.post("/v1/calls/search", json={"template": "CG01-002"})).json()
            if not found["unread"]:
                break
    assert len(found["calls"]) == 9
