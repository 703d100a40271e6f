"""Deletes calls that were kept long enough, and clears what deleting leaves in the database's file.

Both are done while no call is being heard. What is due is deleted once a day; after a day without a quiet moment it is
deleted all the same, which takes milliseconds a call. Nothing can be stored while the file is written anew, so that is
left to quiet moments, and of a large file to whoever stops the server. What another program deleted (`assist calls
delete`) is forgotten here too.

How old a call is, the machine's clock says. One that was set wrong must not empty the folder: where it jumped ahead, or
all calls would go at once, deleting waits for a day and the log says why.
"""

from __future__ import annotations

import asyncio
import logging
import math
import shutil
from datetime import datetime, timedelta

from assist.calls_query import CallsQuery, microseconds
from assist.store import StoreError
from assist.switchboard import Switchboard

_DAY = 86_400.0  # seconds
_JUMP = 3_600.0  # seconds by which the machine's clock outruns the time that has passed, and is set rather than late
_LARGEST = 1 << 30  # bytes: a file up to here is written anew in some ten seconds
_ROOM = 3  # times the file's size that must be free to write it anew
_WAITS = "deleting waits for a day; is the machine's date right?"
_log = logging.getLogger(__name__)


class Retention:
    """Looks after the calls of ``switchboard``; those that began ``keep_days`` ago are deleted, with 0 none."""

    def __init__(self, switchboard: Switchboard, keep_days: int) -> None:
        self._switchboard = switchboard
        self._keep_days = keep_days
        self._due = -math.inf  # when to delete next, in seconds of the event loop; a start is as good a time as any
        self._clock: tuple[float, datetime] | None = None  # at the last look: the event loop's and the machine's
        self._doubted = False  # whether all calls would have gone the last time
        self._rewrite = -math.inf  # when to write the file anew at the earliest

    async def run(self, every: float = 60.0) -> None:
        """Look every so many seconds, until cancelled."""
        while True:
            try:
                await self.look()
            except (StoreError, OSError) as error:
                _log.error("%s", error)
            await asyncio.sleep(every)

    async def look(self) -> None:
        """Do what is due and fits now. Raises ``StoreError``."""
        store, now = self._switchboard.services.store, asyncio.get_running_loop().time()
        if await store.changed_by_others():
            await self._switchboard.forget_deleted()
        self._watch_clock(now)
        if self._keep_days and now >= self._due + (_DAY if self._switchboard.live else 0.0):
            self._due = now + _DAY
            await self._delete_old()
        if now >= self._rewrite and not self._switchboard.live and await store.remains():
            self._rewrite = now + _DAY  # where it fails it is not tried every minute
            if await self._written_anew():
                self._rewrite = -math.inf

    def _watch_clock(self, now: float) -> None:
        before, self._clock = self._clock, (now, self._switchboard.services.now())
        if before is None or not self._keep_days:
            return
        ahead = (self._clock[1] - before[1]).total_seconds() - (now - before[0])
        if ahead > _JUMP:
            self._due = now + _DAY
            _log.warning("the clock went ahead by %.0f hours: %s", ahead / 3_600, _WAITS)

    async def _delete_old(self) -> None:
        services = self._switchboard.services
        moment = services.now() - timedelta(days=self._keep_days)
        old = await services.store.begun_before(moment)
        ended = [call.summary.call for call in old if call.ended]
        newest, _ = await services.store.find(CallsQuery(), 1)
        doubted, self._doubted = self._doubted, bool(newest) and newest[0].began < microseconds(moment)
        if self._doubted and not doubted:
            _log.warning(
                "all %d calls would be deleted, none began within %d days: %s", len(old), self._keep_days, _WAITS
            )
            return
        for call in ended:
            await self._switchboard.delete(call)
        if ended:
            await services.store.fold_wal()
            _log.info("%d calls older than %d days were deleted", len(ended), self._keep_days)

    async def _written_anew(self) -> bool:
        store = self._switchboard.services.store
        size, free = store.folder.database.stat().st_size, shutil.disk_usage(store.folder.path).free
        if size > _LARGEST:
            _log.warning(
                "%s may hold traces of deleted text in unused parts and is too large to be written anew beside calls: "
                "run `assist calls delete` when the server is stopped",
                store.folder.database,
            )
        elif free < _ROOM * size:
            _log.warning("%s cannot be written anew: it takes %d bytes of room", store.folder.database, _ROOM * size)
        else:
            await store.rewrite()
            return True
        return False
