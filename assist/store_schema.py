"""The tables of `assist.store`, and how a file that an earlier version wrote gets what it lacks.

The layout is still that of version 1, with columns that it does not know behind its own: an earlier version goes on
with the file (the way back of an upgrade), and what it writes meanwhile is completed when this one opens it again.
`described` is the number of the last event that a call's facts know; where it is behind `last_seq` they are read from
the log again.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from assist.calls_query import microseconds

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,
    created INTEGER NOT NULL,             -- order of creation
    format TEXT NOT NULL,
    sample_rate INTEGER NOT NULL,
    roles TEXT NOT NULL,                  -- JSON list, one speaker a channel
    ended INTEGER NOT NULL DEFAULT 0,
    submitted INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,      -- of audio, once it has ended
    last_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX calls_by_creation ON calls (created);
CREATE TABLE events (
    call TEXT NOT NULL REFERENCES calls (id),
    seq INTEGER NOT NULL,
    at REAL NOT NULL,
    type TEXT NOT NULL,
    command TEXT,
    data TEXT NOT NULL,
    PRIMARY KEY (call, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_event_a_command ON events (call, command) WHERE command IS NOT NULL;
"""
_ADDED = {
    "began": "INTEGER NOT NULL DEFAULT 0",  # started_at as microseconds since 1970; 0: not worked out yet
    "agent": "TEXT NOT NULL DEFAULT ''",
    "template": "TEXT NOT NULL DEFAULT ''",
    "title": "TEXT NOT NULL DEFAULT ''",
    "unit": "TEXT NOT NULL DEFAULT ''",
    "district": "TEXT NOT NULL DEFAULT ''",
    "alerts": "TEXT NOT NULL DEFAULT ''",  # kinds, parted by blanks
    "ticket": "TEXT NOT NULL DEFAULT 'untouched'",
    "described": "INTEGER NOT NULL DEFAULT 0",
}
_INDEXES = (
    "CREATE INDEX calls_by_time ON calls (began, id)",
    *(f"CREATE INDEX calls_by_{column} ON calls ({column}, began, id)" for column in ("agent", "template", "unit")),
    "CREATE INDEX calls_by_district ON calls (district, began, id)",
    "CREATE INDEX calls_with_alerts ON calls (began, id) WHERE alerts <> ''",
    "CREATE INDEX calls_unfinished ON calls (began, id) WHERE ended = 0",
    "CREATE INDEX calls_by_length ON calls (seconds, id) WHERE ended = 1",
    "CREATE INDEX calls_to_describe ON calls (created) WHERE described < last_seq",
)


def lacking(db: sqlite3.Connection) -> bool:
    """Whether `complete` has something to do."""
    if not _ADDED.keys() <= _columns(db):
        return True
    return db.execute("SELECT 1 FROM calls WHERE began = 0 LIMIT 1").fetchone() is not None


def complete(db: sqlite3.Connection) -> None:
    """Inside a transaction: add what an earlier version left out, and the times of its calls."""
    columns = _columns(db)
    if not _ADDED.keys() <= columns:
        for name, kind in _ADDED.items():
            if name not in columns:
                db.execute(f"ALTER TABLE calls ADD COLUMN {name} {kind}")
        _add_times(db)  # before there is an index to keep
        for index in _INDEXES:
            db.execute(index.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))
    else:
        _add_times(db)


def _add_times(db: sqlite3.Connection) -> None:
    calls = db.execute("SELECT rowid, started_at FROM calls WHERE began = 0").fetchall()
    times = [(microseconds(datetime.fromisoformat(started_at)), row) for row, started_at in calls]
    db.executemany("UPDATE calls SET began = ? WHERE rowid = ?", times)


def _columns(db: sqlite3.Connection) -> set[str]:
    return {row[1] for row in db.execute("PRAGMA table_info(calls)")}
