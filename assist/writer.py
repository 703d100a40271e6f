"""The store behind a writer thread: what waits when the disk is busy is committed together, with one sync.

`Store` is the server's: its methods return awaitables and may be called from one event loop. All operations run in the
order they were called, but searches, which read beside them what was committed before. One process a directory: a lock
file keeps a second server out.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import datetime
from itertools import groupby
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar

from assist.calls_query import CallsQuery, Cursor
from assist.deletion import delete_call
from assist.facts import Facts
from assist.log import Record
from assist.messages.events import Event
from assist.store import AudioFormat, Database, StoredCall, StoreError
from assist.store_folder import StoreFolder

T = TypeVar("T")
_READABLE = (
    "%s is open to other users of this machine and holds what callers say: give it to the user that the server runs "
    "as, with mode 0700 (a file: 0600)"
)
_SHARED = (
    "%s holds other things than calls and is left open to other users of this machine, who cannot read the calls: "
    "name a folder for calls alone as store.directory"
)
_log = logging.getLogger(__name__)


class _Job(NamedTuple):
    """What to do and who waits for it; ``alone``: outside a transaction."""

    work: Callable[[Database], Any]
    future: Future[Any]
    alone: bool


class Store:
    """Calls and events in ``directory``; recordings lie beside them under ``recordings/``.

    Raises ``StoreError`` when the directory cannot be used or another server uses it.
    """

    def __init__(self, directory: Path) -> None:
        self.folder = StoreFolder(directory)
        try:
            readable = self.folder.prepare()
            lock_file = self.folder.lock()
        except OSError as error:
            raise StoreError(f"cannot use store.directory {directory}: {error.strerror}") from error
        if lock_file is None:
            raise StoreError(f"{directory} is in use by another server: stop it or set another store.directory")
        self._lock_file = lock_file
        for path in readable:
            other = path == directory and self.folder.shared
            _log.warning(_SHARED if other else _READABLE, path)
        with ExitStack() as opened:
            opened.callback(self._lock_file.close)
            self._database = Database(self.folder.database)
            opened.callback(self._database.close)
            self._reader = Database(self.folder.database, reading=True)
            opened.pop_all()
        self._reading = threading.Lock()
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    async def create(
        self, call: str, audio: AudioFormat, events: Sequence[tuple[float, Event]], started_at: datetime
    ) -> list[Record]:
        """Add a call with its first events."""
        return await self._do(lambda database: database.create(call, audio, events, started_at))

    async def append(
        self, call: str, events: Sequence[tuple[float, Event]], known: Facts | None = None
    ) -> list[Record]:
        """Add events, and the call's facts with them; returns when they are on disk."""
        return await self._do(lambda database: database.append(call, events, known))

    async def events(self, call: str, after: int = 0) -> list[Record]:
        """The events of a call after number ``after``."""
        return await self._do(lambda database: database.events(call, after))

    async def call(self, call: str) -> StoredCall | None:
        """One call, or None."""
        return await self._do(lambda database: database.call(call))

    async def calls(self, limit: int = 200) -> list[StoredCall]:
        """The newest calls, newest first."""
        return await self._do(lambda database: database.calls(limit))

    async def find(self, query: CallsQuery, limit: int) -> tuple[list[StoredCall], Cursor | None]:
        """The first calls that ``query`` asks for and the place behind them (`Database.find`)."""
        return await self._read(lambda database: database.find(query, limit))

    async def count_undescribed(self) -> int:
        """Calls of which an earlier version wrote what their facts do not know yet."""
        return await self._read(lambda database: database.count_undescribed())

    async def describe_some(self, limit: int) -> int:
        """Read the facts of that many of them from their logs; how many that were."""
        known = await self._read(lambda database: database.undescribed(limit))
        if known:
            await self._do(lambda database: database.describe(known))
        return len(known)

    async def unfinished(self) -> list[StoredCall]:
        """Calls that have not ended."""
        return await self._do(lambda database: database.unfinished())

    async def begun_before(self, moment: datetime) -> list[StoredCall]:
        """Calls that began before ``moment``, oldest first."""
        return await self._do(lambda database: database.begun_before(moment))

    async def delete(self, call: str) -> bool:
        """Delete a call for good; False if there is no such call. Raises `NotEndedError`."""
        return await self._do(lambda database: delete_call(database, self.folder, call))

    async def changed_by_others(self) -> bool:
        """Whether another program has written since this was last asked."""
        return await self._do(lambda database: database.changed_by_others(), alone=True)

    async def fold_wal(self) -> bool:
        """Empty the WAL into the file; False while another program reads what is in it."""
        return await self._do(lambda database: database.fold_wal(), alone=True)

    async def remains(self) -> bool:
        """Whether traces of what was deleted may be in the file."""
        return await self._do(lambda database: database.remains)

    async def rewrite(self) -> None:
        """Write the file anew without them; whoever writes waits meanwhile."""
        await self._do(lambda database: database.rewrite(), alone=True)

    async def _read(self, work: Callable[[Database], T]) -> T:
        """Beside the thread that writes: a long search makes no event wait."""

        def run() -> T:
            with self._reading:
                return work(self._reader)

        return await asyncio.to_thread(run)

    async def _do(self, work: Callable[[Database], T], alone: bool = False) -> T:
        future: Future[T] = Future()
        self._jobs.put(_Job(work, future, alone))
        # Shielded: a caller that goes away must not leave the thread with a cancelled future, nor undo what is on disk.
        return await asyncio.shield(asyncio.wrap_future(future))

    def close(self) -> None:
        """Finish what waits, then let go of the directory."""
        self._jobs.put(None)
        self._thread.join()
        with self._reading:
            self._reader.close()
        self._database.close()
        self._lock_file.close()

    def _run(self) -> None:
        open_ = True
        while open_:
            batch: list[_Job] = []
            job = self._jobs.get()
            while job is not None:
                batch.append(job)
                try:
                    job = self._jobs.get_nowait()
                except Empty:
                    break
            open_ = job is not None
            for alone, jobs in groupby(batch, key=lambda job: job.alone):
                if alone:
                    for job in jobs:
                        self._run_alone(job)
                else:
                    self._commit(list(jobs))

    def _run_alone(self, job: _Job) -> None:
        try:
            job.future.set_result(job.work(self._database))
        except Exception as error:  # handed to whoever asked
            job.future.set_exception(error)

    def _commit(self, batch: list[_Job]) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._database.transaction():
                for work, future, _ in batch:
                    try:
                        with self._database.savepoint():
                            result = work(self._database)
                    except Exception as error:  # handed to whoever asked
                        if not self._database.in_transaction:
                            raise  # SQLite took all of it back: what came now would be kept without what came before
                        outcomes.append((future, None, error))
                    else:
                        outcomes.append((future, result, None))
        except Exception as error:  # nothing of the batch was kept
            outcomes = [(future, None, error) for _, future, _ in batch]
        for future, result, failure in outcomes:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)
