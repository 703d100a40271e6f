"""A deleted call is gone: from the list, from the disk, from the server that runs. Nothing else goes with it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assist.cli import errors
from assist.cli.main import app
from assist.deletion import NotEndedError, delete_call
from assist.messages.events import AgentEdited, CallEnded, CallStarted
from assist.retention import Retention
from assist.store import AudioFormat, Database, StoreError
from assist.store_folder import StoreFolder
from assist.writer import Store
from extractors.catalogue.knowledge import Catalogue
from extractors.turn import Speaker
from tests.assist.running import STARTED_AT, begin, command, receive, running, subscribed
from tests.assist.scripted import ScriptedEngine

MONO = AudioFormat("alaw", 8_000, (Speaker.CITIZEN,))
NOW = datetime.fromisoformat(STARTED_AT)
pytestmark = pytest.mark.usefixtures("process_as_it_was")


def calls(folder: Path, *arguments: str) -> Result:
    """Run `assist calls` on the calls in ``folder``."""
    return CliRunner().invoke(app, ["calls", *arguments], env={"ASSIST_STORE__DIRECTORY": str(folder)})


def said(call: str, number: int) -> str:
    return f"secret-{call}-{number}-"


async def keep(store: Store, names: Sequence[str], began: datetime = NOW, ended: bool = True) -> None:
    """Calls whose events come in turn, as in a server, of all lengths."""
    rng = random.Random(1)
    for call in names:
        await store.create(call, MONO, [(0.0, CallStarted(started_at=began))], began)
        store.folder.recording(call).write_bytes(b"\xd5" * 8_000)
    for number in range(40):
        for call in rng.sample(names, len(names)):
            text = said(call, number) + "话" * rng.choice((10, 60, 200, 900))
            await store.append(call, [(1.0, AgentEdited(command=f"{number}", slot="demand", value=text))])
    if ended:
        for call in names:
            await store.append(call, [(1.0, CallEnded(seconds=1.0))])


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def kept(folder: Path, *names: str, began: datetime = NOW, ended: bool = True) -> None:
    store = Store(folder)
    await keep(store, names, began, ended)
    store.close()


async def test_nothing_of_a_deleted_call_is_left_in_any_file(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(12)]
    store = Store(tmp_path)
    await keep(store, names)
    gone, rest = names[::3], [call for call in names if call not in names[::3]]
    for call in gone:
        assert await store.delete(call)
        assert not await store.delete(call)
    assert await store.remains()
    await store.rewrite()
    assert not await store.remains()
    bytes_ = on_disk(tmp_path)  # the WAL too: the store is open
    assert not [call for call in gone for number in range(40) if said(call, number).encode() in bytes_]
    assert all(said(call, number).encode() in bytes_ for call in rest for number in range(40))
    assert sorted(path.stem for path in store.folder.recordings.iterdir()) == sorted(rest)
    assert {call.summary.call for call in await store.calls()} == set(rest)
    assert [
        record.seq for record in await store.append(rest[0], [(1.0, AgentEdited(command="x", slot="s", value="v"))])
    ]
    store.close()


async def test_a_call_that_is_not_over_is_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await keep(store, ["live"], ended=False)
    with pytest.raises(NotEndedError, match="live"):
        await store.delete("live")
    assert store.folder.recording("live").is_file()
    assert len(await store.events("live")) == 41
    store.close()


async def test_a_recording_that_cannot_be_deleted_leaves_the_call_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kept(tmp_path, "c")

    def refuse(path: Path, missing_ok: bool) -> None:
        raise PermissionError(13, "Permission denied")

    database = Database(StoreFolder(tmp_path).database)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(StoreError, match="check the rights"), database.transaction():
            delete_call(database, StoreFolder(tmp_path), "c")
    assert database.call("c") is not None
    database.close()


async def test_calls_before_a_moment_are_those_that_began_earlier_wherever_the_clock_stood(tmp_path: Path) -> None:
    store = Store(tmp_path)
    day = datetime(2026, 3, 2, tzinfo=NOW.tzinfo)
    await keep(store, ["before"], day - timedelta(seconds=1))
    await keep(store, ["same"], day.astimezone(UTC))
    await keep(store, ["earlier"], (day - timedelta(hours=1)).astimezone(UTC))
    assert [call.summary.call for call in await store.begun_before(day)] == ["earlier", "before"]
    store.close()


async def test_calls_are_listed_and_deleted_from_the_command_line(tmp_path: Path) -> None:
    await kept(tmp_path, "old-1", "old-2", began=NOW - timedelta(days=9))
    await kept(tmp_path, "new")
    await kept(tmp_path, "live", began=NOW - timedelta(days=9), ended=False)
    StoreFolder(tmp_path).recording("old-2").unlink()

    def run(*arguments: str) -> tuple[int, str, str]:
        result = calls(tmp_path, *arguments)
        assert isinstance(result.exception, SystemExit | None)
        return result.exit_code, result.stdout, result.stderr

    code, printed, _ = run("list")
    assert (code, [line.split("\t")[0] for line in printed.splitlines()]) == (0, ["live", "old-1", "old-2", "new"])
    assert [line.split("\t")[2:5] for line in printed.splitlines()[1:3]] == [
        ["ended", "1.0", "8000"],
        ["ended", "1.0", "-"],
    ]
    assert run("delete")[0] == run("delete", "new", "--before", "2026-03-01")[0] == 2
    assert run("delete", "nobody", "--yes")[0] == run("delete", "new", "live", "--yes")[0] == errors.INPUT
    code, printed, told = run("delete", "--before", "2026-03-01", "--dry-run")
    assert (code, [line.split("\t")[0] for line in printed.splitlines()]) == (0, ["old-1", "old-2"])
    assert "1 calls are live" in told
    assert run("delete", "new")[0] == 1  # nobody answers the question
    assert len(run("list")[1].splitlines()) == 4
    code, _, told = run("delete", "--before", "2026-03-01", "--yes")
    assert code == 0 and "2 calls are deleted" in told
    assert [line.split("\t")[0] for line in run("list", "--before", "2027-01-01")[1].splitlines()] == ["live", "new"]
    assert b"secret-old" not in on_disk(tmp_path)
    assert calls(tmp_path / "absent", "list").exit_code == errors.CONFIG


async def test_a_running_server_forgets_what_was_deleted_beside_it(tmp_path: Path, catalogue: Catalogue) -> None:
    await kept(tmp_path, "gone", "stays")
    async with running(tmp_path, ScriptedEngine(), catalogue) as server, server.desk() as desk:
        assert (await server.get("/v1/calls/gone/ticket")).status_code == 200  # and is in memory now
        result = await asyncio.to_thread(calls, tmp_path, "delete", "gone", "--yes")
        assert (result.exit_code, "A server is running" in result.stderr) == (0, True), result.stderr
        assert (await server.get("/v1/calls/gone/ticket")).status_code == 404
        assert (await server.get("/v1/calls/gone/audio")).json()["code"] == "unknown_call"
        edit = await command(desk, type="edit", id="1", call="gone", slot="phone", value="13800000000")
        assert edit["code"] == "unknown_call"
        await Retention(server.app.state.switchboard, 0).look()
        assert [call["call"] for call in (await server.get("/v1/calls")).json()] == ["stays"]
        bytes_ = on_disk(tmp_path)
        assert b"secret-gone" not in bytes_ and b"secret-stays" in bytes_
        assert await subscribed(desk, "stays")


async def test_calls_are_deleted_after_the_days_they_are_kept_while_nobody_calls(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    await kept(tmp_path, "old", began=NOW - timedelta(days=31))
    await kept(tmp_path, "young", began=NOW - timedelta(days=29))
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        switchboard = server.app.state.switchboard
        await Retention(switchboard, 0).look()
        assert len((await server.get("/v1/calls")).json()) == 2
        retention = Retention(switchboard, 30)
        retention._due = asyncio.get_running_loop().time() - 1.0  # due, but not for a day
        async with server.audio("live") as feeder:
            await begin(feeder)
            await retention.look()
            assert len((await server.get("/v1/calls")).json()) == 3
            await feeder.send('{"type":"stop"}')
            await receive(feeder, "stopped")
        await retention.look()
        assert {call["call"] for call in (await server.get("/v1/calls")).json()} == {"live", "young"}
        bytes_ = on_disk(tmp_path)
        assert b"secret-old" not in bytes_ and b"secret-young" in bytes_


async def test_without_a_quiet_moment_for_a_day_calls_are_deleted_beside_live_ones(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    await kept(tmp_path, "old", began=NOW - timedelta(days=31))
    async with running(tmp_path, ScriptedEngine(), catalogue) as server, server.audio("live") as feeder:
        await begin(feeder)
        await Retention(server.app.state.switchboard, 30).look()
        assert [call["call"] for call in (await server.get("/v1/calls")).json()] == ["live"]


async def test_a_file_too_large_to_be_written_anew_beside_calls_is_told(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def rest(_: Retention) -> None:
        """The server's own looks at moments of its own, and would tell it too."""

    await kept(tmp_path, "gone", "stays")
    monkeypatch.setattr("assist.retention._LARGEST", 1)
    monkeypatch.setattr(Retention, "run", rest)
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        switchboard = server.app.state.switchboard
        await switchboard.delete("gone")
        retention = Retention(switchboard, 0)
        await retention.look()
        await retention.look()
        assert await switchboard.services.store.remains()
    assert sum("stopped" in message for message in caplog.messages) == 1  # not every minute
    assert calls(tmp_path, "delete", "--before", "2020-01-01", "--yes").exit_code == 0
    assert b"secret-gone" not in on_disk(tmp_path)


async def test_a_recording_that_was_taken_away_is_answered_with_what_happened(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    await kept(tmp_path, "c")
    StoreFolder(tmp_path).recording("c").unlink()
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        answer = await server.get("/v1/calls/c/audio")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_recording")
        assert (await server.get("/v1/calls/c/ticket")).status_code == 200


async def test_a_clock_that_was_set_wrong_does_not_empty_the_folder(
    tmp_path: Path, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    await kept(tmp_path, "one", began=NOW - timedelta(days=2))
    await kept(tmp_path, "two", began=NOW - timedelta(days=1))
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        switchboard = server.app.state.switchboard

        def set_clock(ahead: timedelta) -> None:
            switchboard.services = replace(switchboard.services, now=lambda: NOW + ahead)

        async def left() -> set[str]:
            return {call["call"] for call in (await server.get("/v1/calls")).json()}

        # it is set a year ahead before the server starts
        set_clock(timedelta(days=365))
        await Retention(switchboard, 30).look()
        assert await left() == {"one", "two"}
        assert "all 2 calls would be deleted" in caplog.text and "is the machine's date right?" in caplog.text
        # or while it runs, and calls begin by it
        set_clock(timedelta(0))
        watching = Retention(switchboard, 30)
        await watching.look()
        set_clock(timedelta(days=365))
        async with server.audio("later") as feeder:
            await begin(feeder, started_at=switchboard.services.now().isoformat())
            await feeder.send('{"type":"stop"}')
            await receive(feeder, "stopped")
        watching._due = 0.0
        await watching.look()
        assert await left() == {"one", "two", "later"}
        assert "the clock went ahead by 8760 hours" in caplog.text
        # a day later nobody has put it right: it is right
        watching._due = 0.0
        await watching.look()
        assert await left() == {"later"}
