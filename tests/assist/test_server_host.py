"""A site that leads its own name to the server reads nothing; whoever asks by address or a known name is answered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from socket import gethostname

import httpx
import pytest
import soundfile
from starlette.responses import PlainTextResponse
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from assist.feed import FeedError, FeedOptions, feed
from assist.server.host import KnownHosts
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import START, Running, receive, running
from tests.assist.scripted import ScriptedEngine

DESK = "desk.example.gov.cn"
PATHS = ["/", "/v1/calls", "/v1/calls/c/audio", "/v1/health", "/v1/metrics", "/openapi.json", "/v1/nothing"]


@pytest.fixture
async def server(tmp_path: Path, catalogue: Catalogue) -> AsyncIterator[Running]:
    async with running(tmp_path, ScriptedEngine(), catalogue, allowed_origins=(f"https://{DESK}",)) as server:
        yield server


def named(server: Running, host: str, path: str) -> connect:
    """A websocket that a page at ``host`` opens to it, where that name leads to the server."""
    url = f"ws://{host}:{server.port}{path}"
    return connect(url, host="127.0.0.1", port=server.port, origin=f"http://{host}:{server.port}", compression=None)


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_under_a_name_that_is_not_the_servers_is_told_what_to_set_and_nothing_else(
    server: Running, path: str
) -> None:
    host = f"attacker.example:{server.port}"
    answer = await server.get(path, headers={"Host": host, "Origin": f"http://{host}"})
    assert (answer.status_code, answer.json()["code"]) == (421, "host_refused")
    assert "server.allowed_origins" in answer.json()["message"]
    assert host in answer.json()["detail"]
    assert (await server.post("/v1/calls/search", json={}, headers={"Host": host})).status_code == 421


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1.attacker.example",
        "localhost.attacker.example:8012",
        "attacker.localhost.example",
        f"www.{DESK}",
        f"{DESK}.attacker.example",
        "attacker.example:127.0.0.1",
        "localhost@attacker.example",
        "[localhost]",
        "2130706433",
    ],
)
async def test_a_name_that_only_looks_like_the_servers_is_refused(server: Running, host: str) -> None:
    assert (await server.get("/v1/calls", headers={"Host": host})).status_code == 421


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST:8012",
        "localhost.",
        "[::1]:8012",
        "10.0.9.21:8012",
        "[fd00::21]",
        DESK,
        f"{DESK}:443",
        gethostname(),
        "Desk.Example.gov.cn",
    ],
)
async def test_whoever_asks_by_address_or_by_a_known_name_is_answered(server: Running, host: str) -> None:
    for path in ("/v1/calls", "/v1/health", "/v1/metrics"):
        assert (await server.get(path, headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("request_line", ["GET /v1/health HTTP/1.0\r\n", "GET /v1/health HTTP/1.0\r\nHost:\r\n"])
async def test_a_load_balancer_that_sends_no_host_is_answered(server: Running, request_line: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"{request_line}\r\n".encode())
    assert b" 200 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("path", ["/v1/desk", "/v1/calls/c/audio"])
async def test_a_websocket_under_a_name_that_is_not_the_servers_is_never_opened(server: Running, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with named(server, "attacker.example", path):
            pass
    assert refused.value.response.status_code == 421
    assert json.loads(refused.value.response.body)["code"] == "host_refused"


async def test_a_desk_and_a_feeder_connect_under_every_known_name(server: Running) -> None:
    for host in ("localhost", DESK):
        async with named(server, host, "/v1/desk") as desk:
            assert await receive(desk, "hello")
        async with named(server, host, "/v1/calls/c/audio") as feeder:
            await feeder.send(json.dumps(START))
            assert await receive(feeder, "started")


async def test_the_name_that_the_server_listens_on_is_its_own() -> None:
    app = KnownHosts(PlainTextResponse("here"), host="Assist.inner", origins=())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        assert (await client.get("http://assist.inner:8012/v1/health")).text == "here"
        assert (await client.get("http://inner:8012/v1/health")).status_code == 421


async def test_a_feeder_that_uses_an_unknown_name_is_told_at_once_what_to_set(
    server: Running, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "call.wav"
    sound, rate = soundfile.read(samples / "dev-001.flac", frames=8_000, dtype="int16")
    soundfile.write(file, sound, rate)
    monkeypatch.setattr("assist.feed.audio_url", lambda server, call: f"ws://switch.example/v1/calls/{call}/audio")
    monkeypatch.setattr("assist.feed.connect", lambda url, **how: connect(url, host="127.0.0.1", port=server.port))
    with pytest.raises(FeedError, match=r"host_refused: .*server\.allowed_origins"):
        await feed(file, server.url, "c", FeedOptions(speed=100.0))
