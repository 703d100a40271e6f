"""A server on a free port of loopback, a feeder and a page to use it with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import soundfile
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from asr.engine import Engine
from assist.config import CatalogueSource, Config, Server, Store
from assist.server import create_app, uvicorn_config
from extractors.catalogue.knowledge import Catalogue

STARTED_AT = "2026-03-02T10:15:00+08:00"
START: dict[str, Any] = {
    "type": "start",
    "format": "pcm_s16le",
    "sample_rate": 8_000,
    "channels": 2,
    "roles": ["agent", "citizen"],
    "started_at": STARTED_AT,
}


def without_call(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """``events`` without the id of their call, to be compared with those of another one."""
    return [{**event, "call": ""} for event in events]


def clip(samples: Path, seconds: float) -> bytes:
    """The beginning of a sample call, 8 kHz 2 channels, as a feeder sends it."""
    audio, _ = soundfile.read(samples / "dev-001.flac", frames=round(seconds * 8_000), dtype="int16", always_2d=True)
    return bytes(audio.tobytes())


@dataclass
class Running:
    """A server that runs."""

    port: int
    app: Any

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def audio(self, call: str, **options: Any) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/v1/calls/{call}/audio", compression=None, max_queue=None, **options)

    def desk(self, **options: Any) -> connect:
        return connect(f"ws://127.0.0.1:{self.port}/v1/desk", compression=None, max_queue=None, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url) as client:
            return await client.get(path, **options)

    async def head(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url) as client:
            return await client.head(path)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url) as client:
            return await client.post(path, **options)

    async def found(self, text: str, limit: int = 10) -> list[dict[str, Any]]:
        """The record templates a search finds."""
        wanted = {"text": text, "limit": limit}
        templates: list[dict[str, Any]] = (await self.post("/v1/catalogue/search", json=wanted)).json()
        return templates

    async def events(self, call: str) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = (await self.get(f"/v1/calls/{call}/events")).json()
        return events


@asynccontextmanager
async def running(
    directory: Path,
    engine: Engine,
    catalogue: Catalogue,
    *,
    resume_seconds: float = 60.0,
    source: CatalogueSource | None = None,
    **server: Any,
) -> AsyncIterator[Running]:
    """A server whose calls lie in ``directory``; ``source``: where it reads its catalogue anew from."""
    settings = Server(**{"port": 0, **server})
    store = Store(directory=directory, resume_seconds=resume_seconds)
    config = Config(server=settings, store=store, catalogue=source or CatalogueSource())
    app = create_app(config, engine, catalogue, directory / "no page", now=lambda: datetime.fromisoformat(STARTED_AT))
    uvicorn_server = uvicorn.Server(uvicorn_config(app, config.server, log_level="warning"))
    serving = asyncio.create_task(uvicorn_server.serve())
    while not uvicorn_server.started:
        if serving.done():
            await serving
        await asyncio.sleep(0.01)
    try:
        yield Running(uvicorn_server.servers[0].sockets[0].getsockname()[1], app)
    finally:
        uvicorn_server.should_exit = True
        await serving


async def receive(connection: ClientConnection, *types: str) -> dict[str, Any]:
    """The next message of one of ``types``."""
    async with asyncio.timeout(30):
        while True:
            message: dict[str, Any] = json.loads(await connection.recv())
            if message["type"] in types:
                return message


async def begin(connection: ClientConnection, **changes: Any) -> int:
    """Send `start`; how many sample frames the server has."""
    await connection.send(json.dumps({**START, **changes}))
    received: int = (await receive(connection, "started"))["received"]
    return received


async def send_audio(connection: ClientConnection, audio: bytes, piece: int = 6_400) -> None:
    """Send ``audio`` in pieces."""
    for start in range(0, len(audio), piece):
        await connection.send(audio[start : start + piece])


async def feed_all(server: Running, call: str, audio: bytes) -> None:
    """A whole call."""
    async with server.audio(call) as connection:
        await begin(connection)
        await send_audio(connection, audio)
        await connection.send('{"type":"stop"}')
        await receive(connection, "stopped")


async def subscribed(connection: ClientConnection, call: str, after: int = 0) -> list[dict[str, Any]]:
    """Subscribe and read up to ``caught_up``: the logged events."""
    await connection.send(json.dumps({"type": "subscribe", "call": call, "after": after}))
    events = []
    while (message := await receive(connection, "event", "caught_up"))["type"] == "event":
        events.append(message["logged"])
    return events


async def command(connection: ClientConnection, **what: Any) -> dict[str, Any]:
    """Send a command; its answer."""
    await connection.send(json.dumps(what))
    return await receive(connection, "done", "refused")
