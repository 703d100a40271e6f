"""What happens around the page in a test: calls come in, the telephone system names one, the server says something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, WebSocketRoute, expect
from websockets.sync.client import ClientConnection, connect

if TYPE_CHECKING:
    from tests.desktop.conftest import Desk, RunningServer

START = {"type": "start", "format": "pcm_s16le", "sample_rate": 8_000, "channels": 1, "roles": ["citizen"]}


@contextmanager
def line(running_server: RunningServer, call: str) -> Iterator[ClientConnection]:
    """A call that has come in and on which nobody speaks; it ends with the block."""
    with connect(f"ws://127.0.0.1:{running_server.port}/v1/calls/{call}/audio") as feeder:
        feeder.send(json.dumps(START))
        feeder.recv()
        yield feeder
        feeder.send('{"type":"stop"}')
        while "stopped" not in str(feeder.recv()):
            pass


def goes_to(page: Page, call: str) -> None:
    """The telephone system opens the page on `call`."""
    page.evaluate("call => { location.hash = `call=${call}` }", call)
    shows(page, call)


def shows(page: Page, call: str) -> None:
    """Wait until the page shows `call`."""
    expect(page.get_by_test_id("workplace")).to_have_attribute("data-call", call)


def written(desk: Desk, call: str) -> list[dict[str, Any]]:
    """What agents did in the log of `call`, once all that the page has to send was answered: it shows that before."""
    expect(desk.page.get_by_test_id("queued")).to_have_count(0)
    events = desk.page.request.get(f"{desk.url}v1/calls/{call}/events").json()
    return [logged["event"] for logged in events if logged["event"]["type"].startswith("agent.")]


def scripted(page: Page) -> list[WebSocketRoute]:
    """The page's desk connections, into which a test can say what it likes; filled when the page opens one."""
    opened: list[WebSocketRoute] = []

    def route(page_side: WebSocketRoute) -> None:
        page_side.connect_to_server()
        opened.append(page_side)

    page.route_web_socket("**/v1/desk", route)
    return opened
