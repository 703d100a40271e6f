"""The audio websocket: an `Ingest` decides what each frame means, this carries it out."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from fastapi import APIRouter, WebSocket
from pydantic import BaseModel
from starlette.websockets import WebSocketDisconnect, WebSocketState

from assist.ingest import REFUSED, Audio, Fail, Ingest, Open, Stop, check_call_id
from assist.line import Line, interrupted
from assist.messages.audio import AudioAck, AudioError, AudioStarted, AudioStopped
from assist.server.origin import origin_allowed
from assist.store import StoreError
from assist.switchboard import Switchboard

_ACK_SECONDS = 0.5  # of audio between acknowledgements
_KEEP_UP_SECONDS = 20.0  # further behind, the server stops reading
QUIET_SECONDS = 5.0  # without a frame of a connected feeder, until desks are told that no audio comes
_log = logging.getLogger(__name__)


def audio_router(max_frame_bytes: int, allowed_origins: tuple[str, ...]) -> APIRouter:
    """The route ``/v1/calls/{call}/audio``."""
    router = APIRouter()

    @router.websocket("/v1/calls/{call}/audio")
    async def audio(websocket: WebSocket, call: str) -> None:
        await websocket.accept()
        connection = _Connection(websocket, websocket.app.state.switchboard, call, max_frame_bytes)
        if not origin_allowed(websocket.headers, allowed_origins):
            await connection.fail(Fail("origin_refused", REFUSED, "不允许来自其他网站的连接。"))
        elif failed := check_call_id(call):
            await connection.fail(failed)
        else:
            await connection.run()

    return router


class _Connection:
    """One feeder."""

    def __init__(self, websocket: WebSocket, switchboard: Switchboard, call: str, max_frame_bytes: int) -> None:
        self._websocket = websocket
        self._switchboard = switchboard
        self._call = call
        self._ingest = Ingest(max_frame_bytes)
        self._line: Line | None = None
        self._acknowledged = 0

    async def run(self) -> None:
        """Serve the connection to its end."""
        try:
            while await self._step():
                pass
        except StoreError as error:
            _log.error("call %s: %s", self._call, error)
            await self._broke(error)
        except Exception as error:
            _log.exception("call %s: audio connection failed", self._call)
            await self._broke(error)
        finally:
            if self._line is not None:
                self._switchboard.disconnect(self._line, self.fail)

    async def fail(self, failed: Fail) -> None:
        """Tell what is wrong and close; also called by the switchboard when another feeder takes the call over."""
        await self._send(AudioError(code=failed.code, message=failed.message, detail=failed.detail))
        await self._close(failed.close)

    async def _broke(self, error: Exception) -> None:
        """Tell that the call cannot go on for now. What its own session failed with is counted there."""
        if self._line is None or self._line.task is None or not self._line.task.done():
            self._switchboard.tally.interrupted += 1
        await self.fail(interrupted(error))

    async def _step(self) -> bool:
        quiet = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._quiet)
        try:
            frame = await self._websocket.receive()
        finally:
            quiet.cancel()
        if frame["type"] == "websocket.disconnect":
            return False
        text, data = frame.get("text"), frame.get("bytes")
        match self._ingest.text(text) if text is not None else self._ingest.binary(data or b""):
            case Fail() as failed:
                await self.fail(failed)
                return False
            case Open() as action:
                return await self._open(action)
            case Audio(bytes_):
                return await self._record(bytes_)
            case Stop():
                await self._stop()
                return False

    def _quiet(self) -> None:
        """Tell the desks that no audio comes, though the connection stands."""
        if self._line is not None and self._line.evict == self.fail and self._line.session.reason is None:
            self._line.room.fed(False)

    async def _open(self, action: Open) -> bool:
        opened = await self._switchboard.connect(self._call, action, self.fail)
        if isinstance(opened, Fail):
            await self.fail(opened)
            return False
        self._line = opened
        self._acknowledged = await opened.sync()
        await self._send(AudioStarted(call=self._call, received=self._acknowledged))
        return True

    async def _record(self, data: bytes) -> bool:
        line = self._line
        assert line is not None  # the ingest lets no audio pass before `start`
        if line.evict != self.fail:
            return False  # taken over while this frame was on its way
        line.write(data)
        line.room.fed(True)
        if line.recording.frames - self._acknowledged >= _ACK_SECONDS * line.recording.audio.sample_rate:
            self._acknowledged = await line.sync()
            await self._send(AudioAck(received=self._acknowledged))
            await line.keep_up(_KEEP_UP_SECONDS)
        return True

    async def _stop(self) -> None:
        line = self._line
        assert line is not None
        if line.evict != self.fail:
            return  # taken over: the call is another feeder's to stop
        received = await line.sync()
        await line.stop("stopped")
        await self._send(AudioStopped(call=self._call, received=received))
        await self._close(1000)

    async def _send(self, message: BaseModel) -> None:
        if self._open_for_sending:
            # Gone meanwhile: the next `receive` says so, after what it had sent.
            with suppress(WebSocketDisconnect):
                await self._websocket.send_text(message.model_dump_json())

    async def _close(self, code: int) -> None:
        if self._open_for_sending:
            with suppress(WebSocketDisconnect):
                await self._websocket.close(code)

    @property
    def _open_for_sending(self) -> bool:
        states = (self._websocket.client_state, self._websocket.application_state)
        return states == (WebSocketState.CONNECTED, WebSocketState.CONNECTED)
