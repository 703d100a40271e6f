"""The store behind a writer thread: what waits when the disk is busy is committed together, with one sync.

`Store` is the server's: its methods return awaitables and may be called from one event loop. All operations run in the
order they were called. One process a directory: a lock file keeps a second server out.
"""

from __future__ import annotations

import asyncio
import fcntl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from assist.log import Record
from assist.messages import Event
from assist.store import AudioFormat, Database, StoredCall, StoreError

T = TypeVar("T")
_Job = tuple[Callable[[Database], Any], "Future[Any]"]


class Store:
    """Calls and events in ``directory``; recordings lie beside them under ``recordings/``.

    Raises ``StoreError`` when the directory cannot be used or another server uses it.
    """

    def __init__(self, directory: Path) -> None:
        self.recordings = directory / "recordings"
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # what callers say is for the server's user alone
            self.recordings.mkdir(exist_ok=True)
            self._lock_file = (directory / "lock").open("w")
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock_file.close()
            raise StoreError(
                f"{directory} is in use by another server: stop it or set another store.directory"
            ) from error
        except OSError as error:
            raise StoreError(f"cannot use store.directory {directory}: {error.strerror}") from error
        try:
            self._database = Database(directory / "calls.sqlite3")
        except StoreError:
            self._lock_file.close()
            raise
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    async def create(
        self, call: str, audio: AudioFormat, events: Sequence[tuple[float, Event]], started_at: datetime
    ) -> list[Record]:
        """Add a call with its first events."""
        return await self._do(lambda database: database.create(call, audio, events, started_at))

    async def append(self, call: str, events: Sequence[tuple[float, Event]]) -> list[Record]:
        """Add events; returns when they are on disk."""
        return await self._do(lambda database: database.append(call, events))

    async def events(self, call: str, after: int = 0) -> list[Record]:
        """The events of a call after number ``after``."""
        return await self._do(lambda database: database.events(call, after))

    async def call(self, call: str) -> StoredCall | None:
        """One call, or None."""
        return await self._do(lambda database: database.call(call))

    async def calls(self, limit: int = 200) -> list[StoredCall]:
        """The newest calls, newest first."""
        return await self._do(lambda database: database.calls(limit))

    async def unfinished(self) -> list[StoredCall]:
        """Calls that have not ended."""
        return await self._do(lambda database: database.unfinished())

    async def _do(self, work: Callable[[Database], T]) -> T:
        future: Future[T] = Future()
        self._jobs.put((work, future))
        # Shielded: a caller that goes away must not leave the thread with a cancelled future, nor undo what is on disk.
        return await asyncio.shield(asyncio.wrap_future(future))

    def close(self) -> None:
        """Finish what waits, then let go of the directory."""
        self._jobs.put(None)
        self._thread.join()
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
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[_Job]) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._database.transaction():
                for work, future in batch:
                    try:
                        with self._database.savepoint():
                            outcomes.append((future, work(self._database), None))
                    except Exception as error:  # handed to whoever asked
                        outcomes.append((future, None, error))
        except Exception as error:  # the commit failed: nothing of the batch was kept
            outcomes = [(future, None, error) for _, future in batch]
        for future, result, failure in outcomes:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)
