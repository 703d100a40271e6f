"""What is acknowledged is on disk, in order, once; what goes wrong underneath says what to do."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assist.messages.events import AgentEdited, CallEnded, CallStarted, Event
from assist.recording import Recording
from assist.store import AudioFormat, CommandTwiceError, Database, StoreError
from assist.writer import Store
from extractors.turn import Speaker

ROOT = Path(__file__).resolve().parent.parent.parent
AT = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)
STEREO = AudioFormat("pcm_s16le", 8_000, (Speaker.AGENT, Speaker.CITIZEN))
STARTED: list[tuple[float, Event]] = [(0.0, CallStarted(started_at=AT))]


def edited(command: str) -> list[tuple[float, Event]]:
    return [(1.0, AgentEdited(command=command, slot="phone", value="13800000000"))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


async def test_events_come_back_as_they_were_written_after_any_number(store: Store) -> None:
    written = await store.create("c", STEREO, STARTED, AT)
    written += await store.append("c", [*edited("1"), *edited("2")])
    assert await store.events("c") == written
    assert [record.seq for record in await store.events("c", after=1)] == [2, 3]
    assert await store.events("other") == []


async def test_numbers_have_no_gaps_however_many_write_at_once(store: Store) -> None:
    await asyncio.gather(*(store.create(call, STEREO, STARTED, AT) for call in "abc"))
    await asyncio.gather(*(store.append(call, edited(str(n))) for n in range(20) for call in "abc"))
    for call in "abc":
        assert [record.seq for record in await store.events(call)] == list(range(1, 22))


async def test_a_command_that_is_in_the_log_is_not_written_again(store: Store) -> None:
    await store.create("c", STEREO, STARTED, AT)
    await store.append("c", edited("same"))
    with pytest.raises(CommandTwiceError, match="same"):
        await store.append("c", edited("same"))
    assert len(await store.events("c")) == 2
    assert [record.seq for record in await store.append("c", edited("other"))] == [3]


async def test_one_failed_write_takes_nothing_else_with_it(store: Store) -> None:
    await store.create("c", STEREO, STARTED, AT)
    results = await asyncio.gather(
        store.append("c", edited("1")),
        store.append("nobody", edited("2")),
        store.append("c", edited("3")),
        return_exceptions=True,
    )
    assert isinstance(results[1], StoreError)
    assert [record.seq for record in await store.events("c")] == [1, 2, 3]


@asynccontextmanager
async def one_batch(store: Store) -> AsyncIterator[None]:
    """What is asked of ``store`` inside is done together, when tasks that ask have begun."""
    waits, go_on = threading.Event(), threading.Event()

    def wait(_: Database) -> None:
        waits.set()
        go_on.wait(10)

    before = asyncio.create_task(store._do(wait))
    await asyncio.to_thread(waits.wait, 10)
    yield
    await asyncio.sleep(0)
    go_on.set()
    await before


def no_more_room(store: Store) -> None:
    """The disk is full from now on, as far as SQLite can tell."""
    pages = store._database._pragma("page_count")
    store._database._db.execute(f"PRAGMA max_page_count={pages}").fetchall()


LONG: list[tuple[float, Event]] = [(1.0, AgentEdited(command="long", slot="address", value="长" * 66_000))]


async def test_of_a_batch_that_a_full_disk_broke_off_nothing_is_kept_and_everybody_is_told_why(store: Store) -> None:
    for call in "abc":
        await store.create(call, STEREO, STARTED, AT)
    no_more_room(store)
    async with one_batch(store):
        asked = [
            asyncio.create_task(store.append("c", edited("before"))),
            asyncio.create_task(store.append("a", LONG)),
            asyncio.create_task(store.append("b", [(3.0, CallEnded(seconds=3.0))])),
        ]
    for failure in await asyncio.gather(*asked, return_exceptions=True):
        assert isinstance(failure, StoreError)
        assert "the disk is full" in str(failure)
    for call in "abc":
        assert [record.seq for record in await store.events(call)] == [1]
    assert [call.summary.call for call in await store.unfinished()] == ["a", "b", "c"]


async def test_an_event_that_finds_no_room_says_so_and_the_next_one_that_does_is_kept(store: Store) -> None:
    await store.create("c", STEREO, STARTED, AT)
    no_more_room(store)
    with pytest.raises(StoreError, match="the disk is full: make room"):
        await store.append("c", LONG)
    assert [record.seq for record in await store.append("c", edited("short"))] == [2]


async def test_an_operation_that_fails_of_itself_takes_nothing_of_its_batch_with_it(store: Store) -> None:
    await store.create("c", STEREO, STARTED, AT)
    async with one_batch(store):
        asked = [
            asyncio.create_task(store.append("c", edited("same"))),
            asyncio.create_task(store.append("c", edited("same"))),
            asyncio.create_task(store.append("c", edited("other"))),
        ]
    first, second, third = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(second, CommandTwiceError)
    assert [record.seq for done in (first, third) for record in done] == [2, 3]  # type: ignore[union-attr]


async def test_the_list_of_calls_tells_which_are_unfinished(store: Store) -> None:
    await store.create("old", STEREO, STARTED, AT)
    await store.create("new", STEREO, STARTED, AT)
    await store.append("old", [(3.0, CallEnded(seconds=3.0))])
    assert [(call.summary.call, call.summary.status) for call in await store.calls()] == [
        ("new", "live"),
        ("old", "ended"),
    ]
    assert [call.summary.call for call in await store.unfinished()] == ["new"]
    stored = await store.call("old")
    assert stored is not None
    assert (stored.audio, stored.summary.seconds, stored.summary.last_seq) == (STEREO, 3.0, 2)


def test_a_second_server_on_the_same_directory_is_told_so(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="in use by another server"):
        Store(tmp_path)


def test_a_store_that_cannot_be_read_is_let_go_of_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    class Unreadable(Database):
        def __init__(self, path: Path, reading: bool = False) -> None:
            if reading:
                raise StoreError("no more open files")
            super().__init__(path)
            opened.append(self)

    monkeypatch.setattr("assist.writer.Database", Unreadable)
    with pytest.raises(StoreError, match="no more open files"):
        Store(tmp_path)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="closed"):
        opened[0].calls()
    Store(tmp_path).close()


def test_a_damaged_database_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite3"
    path.write_bytes(b"these are not the pages of a database" * 100)
    with pytest.raises(StoreError, match=r"calls\.sqlite3.*not an SQLite database"):
        Database(path)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (
            'UPDATE events SET data = \'{"type":"agent.edited","value":"13800000000\' WHERE seq = 2',
            "event 2 of call c cannot",
        ),
        ('UPDATE events SET data = \'{"type":"agent.edited","value":1380}\' WHERE seq = 2', "event 2 of call c cannot"),
        ("DELETE FROM events WHERE seq = 2", "event 2 of call c is missing"),
        ("UPDATE calls SET started_at = 'UUUU'", "line of call c in the table of calls cannot"),
        ('UPDATE calls SET roles = \'["agent","citi\'', "line of call c in the table of calls cannot"),
        ("UPDATE calls SET roles = '[\"nobody\"]'", "line of call c in the table of calls cannot"),
        ("DROP TABLE events", "lacks what this program keeps in it"),
    ],
)
async def test_what_a_disk_garbled_is_told_with_its_place_and_without_its_words(
    tmp_path: Path, damage: str, told: str
) -> None:
    store = Store(tmp_path)
    await store.create("c", STEREO, STARTED, AT)
    await store.append("c", [*edited("1"), *edited("2")])
    with sqlite3.connect(tmp_path / "calls.sqlite3") as other:
        other.execute(damage)
    with pytest.raises(StoreError, match=rf"calls\.sqlite3: .*{told}.*restore a backup") as refused:
        assert await store.call("c") is not None
        await store.events("c")
    assert "1380" not in str(refused.value)
    store.close()


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(StoreError, match="another version"):
        Database(path)


def test_a_locked_database_says_that_another_program_holds_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "calls.sqlite3", patience=0.0)
    other = sqlite3.connect(tmp_path / "calls.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program holds the database"), database.transaction():
        pass
    other.close()
    database.close()


def test_a_full_disk_is_named_and_nothing_of_the_event_is_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "calls.sqlite3")
    with database.transaction():
        database.create("c", STEREO, STARTED, AT)
    size = (tmp_path / "calls.sqlite3-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))  # stands for a disk without room
    try:
        with pytest.raises(StoreError, match="disk"), database.transaction():
            database.append("c", [(1.0, AgentEdited(command="1", slot="address", value="长" * 50_000))])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    with database.transaction():
        assert [record.seq for record in database.append("c", edited("2"))] == [2]
    database.close()


_WRITER = """
import sys
from pathlib import Path
from tests.assist.test_store import AT, STARTED, STEREO, edited
from assist.store import Database
database = Database(Path(sys.argv[1]))
with database.transaction():
    database.create("c", STEREO, STARTED, AT)
for number in range(100_000):
    with database.transaction():
        [record] = database.append("c", edited(str(number)))
    print(record.seq, flush=True)
"""


def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite3"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [int(next(writer.stdout)) for _ in range(25)][-1]
        writer.kill()
    database = Database(path)
    numbers = [record.seq for record in database.events("c")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= acknowledged
    with database.transaction():
        assert [record.seq for record in database.append("c", edited("after"))] == [len(numbers) + 1]
    database.close()


def test_a_torn_sample_frame_at_the_end_of_a_recording_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "c.raw"
    path.write_bytes(b"\x01\x00\x02\x00" * 100 + b"\x01\x00\x02")
    recording = Recording(path, STEREO)
    assert recording.frames == recording.synced == 100
    recording.write(b"\x03\x00\x04\x00")
    assert recording.read(99, 10) == b"\x01\x00\x02\x00\x03\x00\x04\x00"
    recording.close()
    assert path.stat().st_size == 404


def test_a_recording_acknowledges_only_what_was_synced(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "c.raw", STEREO)
    recording.write(b"\x00" * 4 * 10 + b"\x00" * 3)
    assert (recording.frames, recording.synced) == (10, 0)
    assert recording.sync() == 10
    recording.drop_torn()
    recording.write(b"\x00" * 4)
    assert recording.sync() == 11
    recording.close()


def test_a_recording_that_cannot_be_written_says_which_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"recording c\.raw: .*make room or check the rights"):
        Recording(tmp_path / "absent" / "c.raw", STEREO)
