"""A real server in this process, stored calls to work on, and a page in a real Chromium."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    ViewportSize,
    sync_playwright,
)
from pydantic import TypeAdapter

from assist.config import Config, Server
from assist.config import Store as StoreConfig
from assist.feed import FeedOptions, feed
from assist.messages.events import Event
from assist.server import create_app, uvicorn_config
from assist.store import AudioFormat
from assist.writer import Store
from extractors.turn import Speaker

if TYPE_CHECKING:
    from asr.engine import Engine
    from extractors.catalogue.knowledge import Catalogue

ROOT = Path(__file__).resolve().parents[2]
SIZE = ViewportSize(width=1366, height=768)  # the screens hotlines have
_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_ROLES = (Speaker.AGENT, Speaker.CITIZEN)


class RunningServer:
    """A server on a port of its own that can be stopped and started again on the same data."""

    def __init__(self, engine: Engine, catalogue: Catalogue, directory: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.directory = directory
        self._engine = engine
        self._catalogue = catalogue
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Serve; returns once connections are taken."""
        config = Config(server=Server(port=self.port), store=StoreConfig(directory=self.directory))
        app = create_app(config, self._engine, self._catalogue, ROOT / "desktop" / "dist")
        settings = uvicorn_config(app, config.server, log_level="error")
        settings.timeout_graceful_shutdown = 1
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run, name="server")
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            self._thread.join(0.02)

    def stop(self) -> None:
        """Stop as on SIGTERM; the data stays."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive(), "the server did not stop"
        self._server = self._thread = None

    def write(self, call: str, events: Sequence[dict[str, Any]]) -> None:
        """Store a call as its log. Only while the server is stopped."""
        self.write_all({call: events})

    def write_all(self, calls: Mapping[str, Sequence[dict[str, Any]]]) -> None:
        """Store calls as their logs. Only while the server is stopped."""

        async def store() -> None:
            data = Store(self.directory)
            try:
                await asyncio.gather(*(keep(data, call, events) for call, events in calls.items()))
            finally:
                data.close()

        async def keep(data: Store, call: str, events: Sequence[dict[str, Any]]) -> None:
            at_events = [(float(logged["at"]), _EVENT.validate_python(logged["event"])) for logged in events]
            started = datetime.fromisoformat(str(events[0]["event"]["started_at"]))
            await data.create(call, AudioFormat("pcm_s16le", 8_000, _ROLES), at_events, started)

        asyncio.run(store())

    def delete(self, call: str) -> None:
        """Delete a call for good. Only while the server is stopped."""

        def work() -> None:
            data = Store(self.directory)
            try:
                asyncio.run(data.delete(call))
            finally:
                data.close()

        thread = threading.Thread(target=work, name="delete")  # the browser's loop runs in the test's own
        thread.start()
        thread.join()

    def feed(self, path: Path, call: str, speed: float) -> threading.Thread:
        """Play a recording into `call` from a thread of its own, as a telephone line would."""
        options = FeedOptions(roles=_ROLES, started_at=datetime.fromisoformat("2026-03-02T22:15:00+08:00"), speed=speed)
        thread = threading.Thread(target=lambda: asyncio.run(feed(path, self.url, call, options)), name=f"feed {call}")
        thread.start()
        return thread


@pytest.fixture(scope="module")
def call_log() -> list[dict[str, Any]]:
    """The machine's events of the shared fixture: a call that has ended and that no agent has touched."""
    content = json.loads((ROOT / "tests" / "fixtures" / "call-log.json").read_text("utf-8"))
    events: list[dict[str, Any]] = content["events"]
    return [logged for logged in events if not logged["event"]["type"].startswith("agent.")]


@pytest.fixture(scope="module")
def running_server(
    whisper: Engine, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """A running server with an empty store and the built page."""
    if not (ROOT / "desktop" / "dist" / "index.html").is_file():
        pytest.skip("the page is not built: run scripts/build_page.py")
    server = RunningServer(whisper, catalogue, tmp_path_factory.mktemp("var"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, for one module: its event loop must not outlive it into tests that have their own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Chromium: the system's where there is one, else the one Playwright installed."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    browser = playwright.chromium.launch(
        executable_path=path, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    )
    yield browser
    browser.close()


class Desk:
    """The page as an agent has it, and everything it did that it must not do."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._asked)
        page.on("websocket", lambda opened: self.requests.append(opened.url))
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, call: str | None = None) -> Page:
        """Load the page, on `call` if given, and wait until its form is there."""
        self.page.goto(self.url + (f"#call={call}" if call else ""))
        self.page.get_by_test_id("slot-phone").wait_for()
        return self.page

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # A lost connection is reported by the browser itself, whatever the page does about it.
        if message.type in ("error", "warning") and "WebSocket connection" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def desk(chromium: Browser, running_server: RunningServer) -> Iterator[Desk]:
    """A fresh page of 1366×768 that has never been here before."""
    context: BrowserContext = chromium.new_context(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(20_000)
    desk = Desk(context.new_page(), running_server.url)
    yield desk
    context.close()
    assert desk.complaints == []
