"""Audio into a server as a telephone line brings it, resumed where the server says after a break.

What is fed is a ``Source``: a file, in real time or faster, here; a microphone in ``assist.microphone``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI
from websockets.http11 import Response

from asr.audio import Recording, load
from assist.addresses import server_address
from assist.messages.audio import AudioStart
from assist.replay import wire_audio
from assist.store import AudioFormat
from extractors.turn import Speaker

_FINAL_CODES = range(4400, 4500)  # the server's refusals: coming again would not help
_COME_AGAIN = ("store_failed", "internal")  # errors after which a call is resumed
_LONGEST_WAIT = 5.0  # seconds between attempts


class FeedError(Exception):
    """The audio could not be fed: what the server said, or that it cannot be reached.

    ``close_code`` is that of the websocket where the server closed it (4429: too many calls).
    """

    def __init__(self, message: str, close_code: int | None = None) -> None:
        super().__init__(message)
        self.close_code = close_code


class Source(Protocol):
    """Where the audio of a call comes from."""

    def pieces(self, received: int) -> AsyncIterator[bytes]:
        """The audio behind the ``received`` sample frames that the server has, piece by piece as it becomes due, to the
        end of the call. Called anew for every connection.
        """

    def acknowledged(self, received: int) -> None:
        """The server has this many sample frames on its disk."""


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """Of a recording. ``speed``: seconds of audio a second. ``tick``: seconds of audio a frame. ``attempts``: how often
    in a row to try to connect.
    """

    roles: tuple[Speaker, ...] = (Speaker.AGENT, Speaker.CITIZEN)
    started_at: datetime | None = None
    caller_number: str | None = None
    agent: str | None = None
    speed: float = 1.0
    tick: float = 0.1
    attempts: int = 10


def audio_url(server: str, call: str) -> str:
    """The audio websocket of ``call`` on ``server`` (``http://host:port``, or ``ws://…``)."""
    return _websocket(server, f"/v1/calls/{quote(call)}/audio")


def desk_url(server: str) -> str:
    """The desk websocket of ``server``."""
    return _websocket(server, "/v1/desk")


def _websocket(server: str, path: str) -> str:
    try:
        parts = server_address(server)
    except ValueError as error:
        raise FeedError(f"{server} is not the address of a server: {error}") from None
    return urlunsplit(({"http": "ws", "https": "wss"}[parts.scheme], parts.netloc, f"{parts.path}{path}", "", ""))


async def feed(
    path: Path,
    server: str,
    call: str,
    options: FeedOptions | None = None,
    on_progress: Callable[[float, float], None] = lambda done, total: None,
    on_start: Callable[[], None] = lambda: None,
) -> None:
    """Feed the file at ``path`` into ``call``; returns when the server has understood and stored all of it.

    ``on_progress`` gets the acknowledged and the total seconds; ``on_start`` is called when the first sample is due.
    Raises ``AudioError`` for an unusable file and
    ``FeedError`` when the server refuses the call or cannot be reached.
    """
    await feed_recording(load(path), server, call, options, on_progress, on_start)


async def feed_recording(
    recording: Recording,
    server: str,
    call: str,
    options: FeedOptions | None = None,
    on_progress: Callable[[float, float], None] = lambda done, total: None,
    on_start: Callable[[], None] = lambda: None,
) -> None:
    """As ``feed``, of a recording that is loaded already."""
    options = options or FeedOptions()
    data, audio = wire_audio(recording, options.roles)
    start = call_start(audio, options.started_at, options.caller_number, options.agent)
    source = _Recorded(data, audio, options, on_progress, on_start)
    await feed_source(source, server, call, start, options.attempts)


def call_start(
    audio: AudioFormat,
    started_at: datetime | None = None,
    caller_number: str | None = None,
    agent: str | None = None,
) -> AudioStart:
    """The message that begins a call of this ``audio``."""
    return AudioStart(
        format=audio.format,
        sample_rate=audio.sample_rate,
        channels=len(audio.roles),
        roles=list(audio.roles),
        started_at=started_at,
        caller_number=caller_number,
        agent=agent,
    )


async def feed_source(
    source: Source,
    server: str,
    call: str,
    start: AudioStart,
    attempts: int,
    on_break: Callable[[str], None] = lambda reason: None,
) -> None:
    """Feed ``source`` into ``call`` to its end; returns when the server has understood and stored all of it.

    ``attempts``: how often in a row to try to connect; ``on_break`` gets the reason before each further one. Raises
    ``FeedError`` when the server refuses the call or cannot be reached.
    """
    feeder = _Feeder(source, start)
    url = audio_url(server, call)
    failed = 0
    while True:
        before = feeder.received
        try:
            async with connect(url, ping_timeout=None, open_timeout=10, compression=None) as connection:
                if await feeder.serve(connection):
                    return
            reason = "the connection ended early"
        except InvalidURI as error:
            raise FeedError(f"{server} is not the address of a server: {error}") from error
        except ConnectionClosed as error:
            reason = feeder.told or str(error)
            if error.rcvd is not None and error.rcvd.code in _FINAL_CODES:
                raise FeedError(f"the server closed the call: {reason}", error.rcvd.code) from error
        except InvalidStatus as error:
            if error.response.status_code == HTTPStatus.MISDIRECTED_REQUEST:
                raise FeedError(f"{server} does not take the call: {_refusal(error.response)}") from error
            reason = str(error)
        except (OSError, InvalidHandshake, TimeoutError) as error:
            reason = str(error) or type(error).__name__
        failed = 1 if feeder.received > before else failed + 1
        if failed >= attempts:
            raise FeedError(f"cannot feed {call} to {server} after {failed} attempts: {reason}")
        on_break(reason)
        await asyncio.sleep(min(_LONGEST_WAIT, 0.25 * 2**failed))


def _refusal(response: Response) -> str:
    """Why the server lets no websocket be opened under the name that it was called by."""
    try:
        body = json.loads(response.body or b"")
        return f"{body['code']}: {body['message']} {body['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"HTTP {response.status_code}"


class _Recorded:
    """A recording as a source that keeps step with the clock."""

    def __init__(
        self,
        data: bytes,
        audio: AudioFormat,
        options: FeedOptions,
        on_progress: Callable[[float, float], None],
        on_start: Callable[[], None],
    ) -> None:
        self._data = data
        self._audio = audio
        self._options = options
        self._on_progress = on_progress
        self._on_start = on_start
        self._total = len(data) // audio.frame_bytes

    async def pieces(self, received: int) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        size, rate = self._audio.frame_bytes, self._audio.sample_rate
        step = max(1, round(self._options.tick * rate))
        start = loop.time()
        self._on_start()
        for frame in range(received, self._total, step):
            # the deadline counts from the start, so that delays do not add up
            await asyncio.sleep(max(0.0, start + (frame - received) / rate / self._options.speed - loop.time()))
            yield self._data[frame * size : (frame + step) * size]

    def acknowledged(self, received: int) -> None:
        self._on_progress(received / self._audio.sample_rate, self._total / self._audio.sample_rate)


class _Feeder:
    """One call over one connection after the other, and how much of it the server has."""

    def __init__(self, source: Source, start: AudioStart) -> None:
        self._source = source
        self._start = start.model_dump_json()
        self.received = 0
        self._stopped = False  # whether the end was sent, over this connection or one before
        self.told = ""  # why the server lets go of the call for now, in its words

    async def serve(self, connection: ClientConnection) -> bool:
        """Feed over one connection; whether the call is complete."""
        self.told = ""
        await connection.send(self._start)
        started = await self._answer(connection)
        if started["type"] == "stopped":
            return True
        if started["type"] != "started":
            raise FeedError(f"the server answered `{started['type']}` to `start`: is it a hotline assist server?")
        self._got(started["received"])
        sending = asyncio.create_task(self._send(connection, self.received))
        try:
            while True:
                answer = await self._answer(connection)
                if answer["type"] in ("ack", "stopped"):
                    self._got(answer["received"])
                if answer["type"] == "stopped":
                    return True
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, connection: ClientConnection, received: int) -> None:
        async for piece in self._source.pieces(received):
            await connection.send(piece)
        await connection.send('{"type":"stop"}')
        self._stopped = True

    async def _answer(self, connection: ClientConnection) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(await connection.recv())
        if answer["type"] == "error":
            told = " ".join(filter(None, (f"{answer['code']}:", answer["message"], answer["detail"])))
            if self._stopped and (answer["code"], answer["detail"]) == ("call_ended", "stopped"):
                return {"type": "stopped", "received": self.received}  # its answer was lost, not the call
            if answer["code"] not in _COME_AGAIN:
                raise FeedError(told, await self._closed(connection))
            self.told = told
        return answer

    @staticmethod
    async def _closed(connection: ClientConnection) -> int | None:
        """The code the server closes with after an error."""
        try:
            async with asyncio.timeout(5):
                while True:
                    await connection.recv()
        except (ConnectionClosed, TimeoutError):
            return connection.close_code

    def _got(self, received: int) -> None:
        self.received = received
        self._source.acknowledged(received)
