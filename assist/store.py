"""Where calls are kept: SQLite tables of calls and of their events, in one directory with the recordings.

`Database` is the plain, synchronous half; one thread uses it. `assist.writer.Store` puts it behind a writer thread for
the server. An event is committed to disk (WAL, ``synchronous=FULL``) before ``append`` returns, so what is acknowledged
or shown survives a crash of the process and of the machine. Event numbers count from 1 without gaps; a command's id is
unique in its call. What is deleted is overwritten (``secure_delete``); copies that SQLite left in unused parts of the
file, where it once moved rows, go when the file is written anew (`Database.rewrite`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from assist.call import LogGapError, fold
from assist.calls_query import CallsQuery, Cursor, microseconds
from assist.facts import TELLING, Facts, facts
from assist.log import Record
from assist.messages.calls import CallSummary
from assist.messages.events import AgentSubmitted, CallEnded, Event
from assist.store_schema import SCHEMA, SCHEMA_VERSION, complete, lacking
from extractors.turn import Speaker

_COLUMNS = (
    "id, started_at, format, sample_rate, roles, ended, submitted, seconds, last_seq, "
    "began, agent, template, title, unit, district, alerts, ticket"
)


class StoreError(Exception):
    """The store cannot be read or written; the text says what to do. Nothing of the failed operation was kept."""


class CommandTwiceError(Exception):
    """The call's log already holds an event of this command."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """How a call's recording is stored: raw, as it was received."""

    format: Literal["pcm_s16le", "alaw", "mulaw"]
    sample_rate: int  # Hz
    roles: tuple[Speaker, ...]  # the speaker of each channel

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample frame (one sample of each channel)."""
        return len(self.roles) * (2 if self.format == "pcm_s16le" else 1)


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A line of the table of calls."""

    summary: CallSummary
    audio: AudioFormat
    ended: bool
    began: int  # microseconds since 1970
    facts: Facts


class Database:
    """The tables. Not thread-safe; raises ``StoreError`` for everything that goes wrong underneath.

    ``patience``: seconds to wait for another program that holds the file. ``reading``: nothing is written, to the
    layout neither; the file must have been opened for writing by this version before. ``remains``: whether something
    was deleted since the file was written anew last, as far as can be told.
    """

    def __init__(self, path: Path, patience: float = 5.0, reading: bool = False) -> None:
        self._path = path
        self.remains = False
        with self._errors():
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=patience)
            try:
                if reading:
                    self._db.execute("PRAGMA query_only=ON")
                else:
                    self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        version = self._pragma("user_version")
        if version == 0:
            self._db.executescript(f"BEGIN;{SCHEMA}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
        elif version != SCHEMA_VERSION:
            raise StoreError(
                f"{self._path} was written by another version (layout {version}, this one knows {SCHEMA_VERSION}); "
                "use the version that wrote it or another store.directory"
            )
        if lacking(self._db):
            with self.transaction():
                complete(self._db)
        self.remains = bool(self._pragma("freelist_count"))
        self._changes = self._pragma("data_version")

    def _pragma(self, name: str) -> int:
        value: int = self._db.execute(f"PRAGMA {name}").fetchone()[0]
        return value

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All inside is committed together, or not at all."""
        with self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._rollback("ROLLBACK")
                raise

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open: SQLite takes back a whole one by itself where the disk is full or fails."""
        return self._db.in_transaction

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Inside a transaction: a failure takes back what is inside, not the rest of the transaction while there is one
        (`in_transaction`).
        """
        with self._errors():
            self._db.execute("SAVEPOINT job")
            try:
                yield
            except BaseException:
                self._rollback("ROLLBACK TO job")
                raise
            finally:
                if self._db.in_transaction:
                    self._db.execute("RELEASE job")

    def _rollback(self, statement: str) -> None:
        # SQLite may have rolled back by itself (disk full); then there is nothing left to take back.
        if self._db.in_transaction:
            self._db.execute(statement)

    def create(
        self, call: str, audio: AudioFormat, at_events: Sequence[tuple[float, Event]], started_at: datetime
    ) -> list[Record]:
        """Add a call with its first events. Raises ``StoreError`` if it exists."""
        with self._errors():
            created = self._db.execute("SELECT coalesce(max(created), 0) + 1 FROM calls").fetchone()[0]
            roles = json.dumps(audio.roles)
            self._db.execute(
                "INSERT INTO calls (id, started_at, began, created, format, sample_rate, roles) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    call,
                    started_at.isoformat(),
                    microseconds(started_at),
                    created,
                    audio.format,
                    audio.sample_rate,
                    roles,
                ),
            )
        numbered = [Record(call, seq, at, event, "") for seq, (at, event) in enumerate(at_events, 1)]
        return self.append(call, at_events, facts(fold(call, numbered)))

    def append(self, call: str, at_events: Sequence[tuple[float, Event]], known: Facts | None = None) -> list[Record]:
        """Add events to a call's log; ``known``: the call's facts with them, left out: to be read from the log later.

        Raises ``CommandTwiceError`` if the command of one is in the log already.
        """
        with self._errors():
            row = self._db.execute("SELECT last_seq FROM calls WHERE id = ?", (call,)).fetchone()
            if row is None:
                raise StoreError(f"call {call} is not in the store")
            records = [Record.of(call, row[0] + n, at, event) for n, (at, event) in enumerate(at_events, 1)]
            for record, (_, event) in zip(records, at_events, strict=True):
                self._insert(record, event)
            last = row[0] + len(records)
            if known is None:
                self._db.execute("UPDATE calls SET last_seq = ? WHERE id = ?", (last, call))
            else:
                self._db.execute("UPDATE calls SET last_seq = ?, described = ? WHERE id = ?", (last, last, call))
                self._keep_facts(call, known)
        return records

    def _insert(self, record: Record, event: Event) -> None:
        command = getattr(event, "command", None)
        try:
            self._db.execute(
                "INSERT INTO events (call, seq, at, type, command, data) VALUES (?, ?, ?, ?, ?, ?)",
                (record.call, record.seq, record.at, event.type, command, record.data),
            )
        except sqlite3.IntegrityError as error:
            if command is None:
                raise
            raise CommandTwiceError(f"command {command} of call {record.call}") from error
        if isinstance(event, CallEnded):
            self._db.execute("UPDATE calls SET ended = 1, seconds = ? WHERE id = ?", (event.seconds, record.call))
        elif isinstance(event, AgentSubmitted):
            self._db.execute("UPDATE calls SET submitted = 1 WHERE id = ?", (record.call,))

    def events(self, call: str, after: int = 0) -> list[Record]:
        """The events of a call with numbers over ``after``, in order."""
        with self._errors():
            rows = self._db.execute(
                "SELECT seq, at, data FROM events WHERE call = ? AND seq > ? ORDER BY seq", (call, after)
            )
            records = []
            for number, (seq, at, data) in enumerate(rows, after + 1):
                if seq != number:
                    raise self._damaged(f"event {number} of call {call} is missing")
                try:
                    records.append(Record.parse(call, seq, at, data))
                except (ValueError, RecursionError):  # without its message, which may hold what was said
                    raise self._damaged(f"event {seq} of call {call} cannot be read") from None
            return records

    def call(self, call: str) -> StoredCall | None:
        """One call, or None if there is no such call."""
        found = self._calls("WHERE id = ?", (call,))
        return found[0] if found else None

    def calls(self, limit: int = 200) -> list[StoredCall]:
        """The newest calls, newest first."""
        return self._calls("ORDER BY created DESC LIMIT ?", (limit,))

    def unfinished(self) -> list[StoredCall]:
        """Calls without ``call.ended``, oldest first."""
        return self._calls("WHERE ended = 0 ORDER BY created", ())

    def begun_before(self, moment: datetime) -> list[StoredCall]:
        """Calls that began before ``moment`` (with an offset), oldest first."""
        return self._calls("WHERE began < ? ORDER BY began, id", (microseconds(moment),))

    def find(self, query: CallsQuery, limit: int) -> tuple[list[StoredCall], Cursor | None]:
        """The first ``limit`` calls that ``query`` asks for, and the place behind the last one if there are more."""
        rest, parameters = query.sql()
        found = self._calls(f"{rest} LIMIT ?", (*parameters, limit + 1))
        if len(found) <= limit:
            return found, None
        last = found[limit - 1]
        return found[:limit], query.cursor(last.began, last.summary.seconds, last.summary.call)

    def undescribed(self, limit: int) -> dict[str, tuple[int, Facts]]:
        """At most ``limit`` calls, the newest first, of which an earlier version wrote events that their facts do not
        know; with the number of the last event and the facts as their logs tell them.
        """
        with self._errors():
            query = "SELECT id, last_seq FROM calls WHERE described < last_seq ORDER BY created DESC LIMIT ?"
            calls = self._db.execute(query, (limit,)).fetchall()
        return {call: (last, self._read_facts(call)) for call, last in calls}

    def count_undescribed(self) -> int:
        """How many such calls there are."""
        with self._errors():
            count: int = self._db.execute("SELECT count(*) FROM calls WHERE described < last_seq").fetchone()[0]
        return count

    def describe(self, calls: Mapping[str, tuple[int, Facts]]) -> None:
        """Keep the facts of calls, each as of the event with this number, unless later ones are kept."""
        with self._errors():
            for call, (seq, known) in calls.items():
                update = "UPDATE calls SET described = ? WHERE id = ? AND described < ?"
                if self._db.execute(update, (seq, call, seq)).rowcount:
                    self._keep_facts(call, known)

    def _keep_facts(self, call: str, known: Facts) -> None:
        """Written only where they are others: most events change none, and each is in an index."""
        names = ("agent", "template", "title", "unit", "district", "alerts", "ticket")
        values = [" ".join(known.alerts) if name == "alerts" else getattr(known, name) for name in names]
        columns, places = ", ".join(names), ", ".join("?" * len(names))
        update = f"UPDATE calls SET ({columns}) = ({places}) WHERE id = ? AND ({columns}) <> ({places})"
        self._db.execute(update, (*values, call, *values))

    def _read_facts(self, call: str) -> Facts:
        types = ", ".join(f"'{name}'" for name in sorted(TELLING))
        query = f"SELECT seq, at, CASE WHEN type IN ({types}) THEN data END FROM events WHERE call = ? ORDER BY seq"
        with self._errors():
            rows = self._db.execute(query, (call,)).fetchall()
        records = (
            Record(call, seq, at, None, "") if data is None else Record.parse(call, seq, at, data)
            for seq, at, data in rows
        )
        try:
            return facts(fold(call, records))
        except (ValueError, LogGapError):  # a log that cannot be read any more can at least be listed
            return Facts()

    def delete(self, call: str) -> None:
        """Take a call and its events out of the tables."""
        with self._errors():
            self._db.execute("DELETE FROM events WHERE call = ?", (call,))
            self._db.execute("DELETE FROM calls WHERE id = ?", (call,))
        self.remains = True

    def changed_by_others(self) -> bool:
        """Whether another program has written since this was last asked, or since the file was opened."""
        with self._errors():
            before, self._changes = self._changes, self._pragma("data_version")
        self.remains = self.remains or before != self._changes
        return before != self._changes

    def fold_wal(self) -> bool:
        """Bring what is in the WAL into the file and empty it, outside a transaction; False while another program
        reads what is in it.
        """
        with self._errors():
            return not self._pragma("wal_checkpoint(TRUNCATE)")

    def rewrite(self) -> None:
        """Write the file anew from what it holds, outside a transaction, so that nothing of what was deleted is left.

        Nobody can write meanwhile, and it takes as much room again on the disk, twice.
        """
        with self._errors():
            self._db.execute("VACUUM")
        self.fold_wal()
        self.remains = False

    def _calls(self, rest: str, parameters: Sequence[Any]) -> list[StoredCall]:
        with self._errors():
            found = []
            for row in self._db.execute(f"SELECT {_COLUMNS} FROM calls {rest}", parameters):
                try:
                    found.append(_stored_call(row))
                except (ValueError, TypeError):
                    raise self._damaged(f"the line of call {row[0]} in the table of calls cannot be read") from None
            return found

    def _damaged(self, what: str) -> StoreError:
        return StoreError(f"{self._path}: {what}: stop the server and restore a backup")

    def close(self) -> None:
        """Close the file; the WAL is folded into it."""
        with self._errors():
            self._db.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(_explain(self._path, error)) from error


def _stored_call(row: Sequence[Any]) -> StoredCall:
    call, started_at, format_, sample_rate, roles, ended, submitted, seconds, last_seq, began, *told = row
    agent, template, title, unit, district, alerts, ticket = told
    status: Literal["live", "ended", "submitted"] = "submitted" if submitted else "ended" if ended else "live"
    summary = CallSummary(
        call=call, started_at=datetime.fromisoformat(started_at), status=status, seconds=seconds, last_seq=last_seq
    )
    speakers = tuple(Speaker(role) for role in json.loads(roles))
    known = Facts(agent, template, title, unit, district, tuple(alerts.split()), ticket)
    return StoredCall(summary, AudioFormat(format_, sample_rate, speakers), bool(ended), began, known)


def _explain(path: Path, error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    advice = {
        "SQLITE_FULL": "the disk is full: make room; calls can be resumed afterwards",
        "SQLITE_BUSY": "another program holds the database: close it",
        "SQLITE_LOCKED": "another program holds the database: close it",
        "SQLITE_READONLY": "the file or its directory cannot be written: check owner and rights",
        "SQLITE_CANTOPEN": "the file cannot be opened: check that the directory exists and its rights",
        "SQLITE_CORRUPT": "the file is damaged: stop the server and restore a backup, or try `sqlite3 FILE .recover`",
        "SQLITE_NOTADB": "not an SQLite database: store.directory is the wrong place, or the file is damaged",
        "SQLITE_ERROR": "the file lacks what this program keeps in it: restore a backup, or see store.directory",
        "SQLITE_IOERR": "the disk failed to read or write: check the disk",
    }
    hint = next((text for code, text in advice.items() if name.startswith(code)), "see the error")
    return f"{path}: {hint} ({name}: {error})"
