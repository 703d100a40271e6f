"""A live call as its feeder holds it: write audio, wait until it is on disk, end the call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from assist.ingest import INTERNAL, Fail
from assist.recording import Recording
from assist.room import Room
from assist.session import Reason, Session
from assist.store import StoreError

Evict: TypeAlias = Callable[[Fail], Awaitable[None]]  # closes a feeder's connection


class Line:
    """A live call with its recording and, while a feeder is connected, the connection (`evict` closes it)."""

    def __init__(self, room: Room, recording: Recording, session: Session) -> None:
        self.room = room
        self.recording = recording
        self.session = session
        self.task: asyncio.Task[None] | None = None
        self.evict: Evict | None = None
        self._syncing = asyncio.Lock()

    def write(self, data: bytes) -> None:
        """Record audio. Written at once: a page-cache write of some hundred bytes is quicker than a thread hop."""
        self.recording.write(data)
        self.session.audio_arrived()

    async def sync(self) -> int:
        """Wait until what was written is on disk; returns how many sample frames that is."""
        async with self._syncing:
            return await asyncio.to_thread(self.recording.sync)

    async def close(self) -> None:
        """Let go of the recording."""
        async with self._syncing:
            self.recording.close()

    async def keep_up(self, seconds: float) -> None:
        """Wait until recognition is no more than ``seconds`` behind. Raises what the session failed with."""
        assert self.task is not None
        kept = asyncio.ensure_future(self.session.keep_up(seconds))
        await asyncio.wait({kept, self.task}, return_when=asyncio.FIRST_COMPLETED)
        kept.cancel()
        if self.task.done():
            await self.task

    async def stop(self, reason: Reason) -> None:
        """End the call; returns when everything is understood and stored. Raises what the session failed with."""
        self.session.finish(reason)
        assert self.task is not None
        await asyncio.shield(self.task)


def interrupted(error: Exception) -> Fail:
    """What a feeder is told when its call cannot go on for now."""
    if isinstance(error, StoreError):
        return Fail("store_failed", INTERNAL, "录音或通话数据无法写入，请联系管理员后续传。", str(error))
    return Fail("internal", INTERNAL, "服务器内部错误，请续传。")
