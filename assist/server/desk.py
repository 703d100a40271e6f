"""The desk websocket: commands in, a `Desk`'s messages out."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import TypeAdapter, ValidationError

from assist.decide import Refusal
from assist.desk import Desk
from assist.frames import json_object
from assist.messages.desk import DeskDone, DeskPong, DeskRefused
from assist.messages.page import Command, PageMessage, Ping, Subscribe, Unsubscribe
from assist.server.origin import REFUSED, origin_allowed
from assist.store import StoreError
from assist.switchboard import Switchboard

TRY_AGAIN, TOO_LARGE = 1013, 1009
_MAX_MESSAGE = 65_536  # characters
_PAGE_MESSAGE: TypeAdapter[PageMessage] = TypeAdapter(PageMessage)
_log = logging.getLogger(__name__)


def desk_router(queue: int, allowed_origins: tuple[str, ...]) -> APIRouter:
    """The route ``/v1/desk``; ``queue`` events may wait for a page before it is sent away to come again."""
    router = APIRouter()

    @router.websocket("/v1/desk")
    async def desk(websocket: WebSocket) -> None:
        await websocket.accept()
        if not origin_allowed(websocket.headers, allowed_origins):
            await websocket.close(REFUSED)
            return
        await _Connection(websocket, websocket.app.state.switchboard, queue).run()

    return router


class _Connection:
    """One page."""

    def __init__(self, websocket: WebSocket, switchboard: Switchboard, limit: int) -> None:
        self._websocket = websocket
        self._switchboard = switchboard
        self._news = asyncio.Event()
        self._fell_behind = asyncio.Event()
        self._desk = Desk(switchboard.list, limit, self._wake)

    async def run(self) -> None:
        """Serve the connection until one side closes it."""
        tasks = [asyncio.create_task(work()) for work in (self._read, self._write, self._fell_behind.wait)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._desk.close()
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        if self._fell_behind.is_set():
            await self._websocket.close(TRY_AGAIN)
        for outcome in outcomes[:2]:
            if isinstance(outcome, Exception) and not isinstance(outcome, WebSocketDisconnect):
                raise outcome

    def _wake(self) -> None:
        self._news.set()
        if self._desk.too_far_behind:
            self._fell_behind.set()

    async def _write(self) -> None:
        while True:
            self._news.clear()
            message = self._desk.next_message()
            if message is None:
                await self._news.wait()
            else:
                await self._websocket.send_text(message)

    async def _read(self) -> None:
        while True:
            frame = await self._websocket.receive()
            if frame["type"] == "websocket.disconnect":
                return
            text = frame.get("text")
            if text is not None and len(text) > _MAX_MESSAGE:
                await self._websocket.close(TOO_LARGE)
                return
            await self._handle(text)

    async def _handle(self, text: str | None) -> None:
        content = json_object(text or "")
        if content is None:
            return self._refuse(
                None, Refusal("bad_json", "收到的消息不是 JSON 对象。", "send one JSON object a text frame")
            )
        command_id = content.get("id") if isinstance(content.get("id"), str) else None
        try:
            message = _PAGE_MESSAGE.validate_python(content)
        except ValidationError as error:
            problem: Any = error.errors(include_url=False, include_context=False, include_input=False)[0]
            detail = f"{'.'.join(map(str, problem['loc'][1:])) or 'type'}: {problem['msg']}"
            return self._refuse(command_id, Refusal("bad_message", "消息类型未知，或字段缺失、类型不对。", detail))
        match message:
            case Ping():
                self._desk.answer(DeskPong(id=message.id))
            case Unsubscribe():
                self._desk.unsubscribe(message.call)
            case Subscribe():
                await self._subscribe(message)
            case _:
                await self._command(message)

    async def _subscribe(self, message: Subscribe) -> None:
        try:
            room = await self._switchboard.room(message.call)
        except StoreError as error:
            return self._refuse(None, _store_failed(error), message.call)
        if room is None:
            return self._refuse(None, _unknown_call(message.call), message.call)
        if not 0 <= message.after <= room.state.seq:
            detail = f"the log of {message.call} ends at {room.state.seq}"
            return self._refuse(None, Refusal("bad_after", "续订的序号不存在，请从头订阅。", detail), message.call)
        self._desk.subscribe(room, message.after)

    async def _command(self, command: Command) -> None:
        try:
            room = await self._switchboard.room(command.call)
            if room is None:
                return self._refuse(command.id, _unknown_call(command.call), command.call)
            answer = await self._switchboard.command(room, command)
        except StoreError as error:
            return self._refuse(command.id, _store_failed(error), command.call)
        if isinstance(answer, Refusal):
            self._refuse(command.id, answer, command.call)
        else:
            self._desk.answer(DeskDone(command=command.id, seq=answer.seq))

    def _refuse(self, command: str | None, refusal: Refusal, call: str | None = None) -> None:
        self._desk.answer(
            DeskRefused(command=command, call=call, code=refusal.code, message=refusal.message, detail=refusal.detail)
        )


def _unknown_call(call: str) -> Refusal:
    return Refusal("unknown_call", f"没有编号为 {call[:64]} 的通话。")


def _store_failed(error: StoreError) -> Refusal:
    _log.error("%s", error)
    return Refusal("store_failed", "数据暂时无法保存，请重试或联系管理员。", str(error))
