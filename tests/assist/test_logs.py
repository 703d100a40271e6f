"""A fault is told by its kind and its place, and nothing of a call comes into the log with it."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from assist.config import Server
from assist.logs import Reticent, handle_loop_fault, told
from assist.server import uvicorn_config
from assist.store import StoreError
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import Running, running
from tests.assist.scripted import ScriptedEngine

SECRET = "李小红13826450917"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the root logger's handler, as `assist serve` sets it up, writes."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(Reticent())
    logging.getLogger().addHandler(handler)
    yield handler.stream
    logging.getLogger().removeHandler(handler)


def test_a_traceback_tells_kinds_and_places_and_no_message(written: io.StringIO) -> None:
    try:
        try:
            int(SECRET)
        except ValueError as error:
            raise KeyError(SECRET) from error
    except KeyError:
        logging.getLogger("assist").exception("call c: broken")
    told_of = written.getvalue()
    assert SECRET not in told_of
    assert told_of.index("ValueError") < told_of.index("KeyError")
    assert "test_logs.py" in told_of
    assert "call c: broken" in told_of


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (StoreError("the disk is full"), "StoreError: the disk is full"),
        (RuntimeError("CUDA out of memory"), "RuntimeError: CUDA out of memory"),
        (ValueError(SECRET), "ValueError"),
        (UnicodeEncodeError("ascii", SECRET, 0, 1, "no"), "UnicodeEncodeError"),
        (NotImplementedError(SECRET), "NotImplementedError"),
    ],
)
def test_the_message_of_the_machine_is_told_that_of_data_is_not(error: Exception, line: str) -> None:
    assert told(error) == line


async def test_a_task_that_fails_unseen_is_told_without_its_message(written: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError(SECRET)

    asyncio.get_running_loop().set_exception_handler(handle_loop_fault)
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    assert "ValueError" in written.getvalue()
    assert SECRET not in written.getvalue()


async def test_no_address_and_no_body_comes_into_the_log_even_where_a_request_fails(
    tmp_path: Path, catalogue: Catalogue, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        await _asked(server)
        monkeypatch.setattr("assist.server.catalogue.search_templates", broken)
        answer = await server.post("/v1/catalogue/search", json={"text": SECRET})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert SECRET not in answer.text
    assert "ValueError" in written.getvalue()
    for private in (SECRET, "%E6%9D%8E", "13826450917", "private"):
        assert private not in written.getvalue()
    assert not uvicorn_config(server.app, Server()).access_log


async def _asked(server: Running) -> None:
    await server.get("/v1/calls/private/ticket", params={"masked": "true", "q": SECRET})
    await server.post("/v1/catalogue/search", json={"text": SECRET})
    await server.post("/v1/catalogue/search", params={"q": SECRET}, content=SECRET.encode())
    async with connect(f"ws://127.0.0.1:{server.port}/v1/calls/private/audio?name={SECRET[3:]}") as feeder:
        await feeder.send(SECRET)
        await feeder.recv()
    async with server.desk() as desk:
        await desk.send(f'{{"type": "subscribe", "call": "{SECRET}"}}')
        await desk.send(SECRET)
        await desk.recv()
