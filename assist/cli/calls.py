"""`assist calls`: what is kept of calls, and deleting it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from assist.cli.common import ConfigPath, configuration, keep_to_oneself
from assist.cli.errors import InputError, explained, stderr

if TYPE_CHECKING:
    from assist.config import Config
    from assist.store import Database, StoredCall
    from assist.store_folder import StoreFolder

app = typer.Typer(no_args_is_help=True, help="List the calls that are kept, and delete them.")

Before = Annotated[
    datetime | None,
    typer.Option(
        help="Calls that began before this day or time, in the time zone of server.timezone.",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        show_default=False,
    ),
]


@app.command("list")
def list_calls(before: Before = None, config: ConfigPath = None) -> None:
    """Print the calls that are kept, oldest first: id, start, status, seconds, bytes of the recording ("-": none).

    One call a line, separated by tabs. Works while the server runs; run it as the server's user.
    """
    with explained(), _opened(configuration(config)) as (settings, folder, database):
        for call in database.begun_before(_moment(settings, before)):
            typer.echo(_line(folder, call))


@app.command()
def delete(
    calls: Annotated[list[str] | None, typer.Argument(help="Ids of calls.", show_default=False)] = None,
    before: Before = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be deleted.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigPath = None,
) -> None:
    """Delete calls for good: what was said, the ticket, the recording. Name them by their ids, or with --before.

    A call that is live or waits to be resumed is not deleted: named by its id it is an error and nothing is deleted,
    with --before it is left out. Works while the server runs; traces of the text in unused parts of the database's file
    go when the server next has no live call, without a server at once. Copies in backups are not touched. Run it as
    the server's user.

    Exit codes: 0 deleted (or nothing to delete), 1 the question was answered with no, 2 neither ids nor --before (or
    both), 3 an id is unknown or its call is live, 5 the folder of calls cannot be used.
    """
    if bool(calls) == (before is not None):
        raise typer.BadParameter("name calls by their ids, or with --before, not both", param_hint="CALLS, --before")
    with explained(), _opened(configuration(config)) as (settings, folder, database):
        found = _named(database, calls) if calls else database.begun_before(_moment(settings, before))
        live = [call for call in found if not call.ended]
        if calls and live:
            raise InputError(f"{live[0].summary.call} is live or waits to be resumed: it can be deleted once it ended")
        ended = [call for call in found if call.ended]
        if live:
            stderr.print(f"{len(live)} calls are live or wait to be resumed and are left out", soft_wrap=True)
        if dry_run:
            for call in ended:
                typer.echo(_line(folder, call))
            return
        if ended and not yes:
            typer.confirm(f"Delete {len(ended)} calls and their recordings for good?", err=True, abort=True)
        _delete(folder, database, ended)


def _delete(folder: StoreFolder, database: Database, calls: Sequence[StoredCall]) -> None:
    from assist.deletion import delete_call  # noqa: PLC0415 - as in `_opened`

    lock = folder.lock()  # while it is held no server can start
    try:
        done = 0
        for call in calls:
            with database.transaction():
                done += delete_call(database, folder, call.summary.call)
        if lock is not None:
            if database.remains:
                database.rewrite()
        else:
            database.fold_wal()
        stderr.print(f"{done} calls are deleted", soft_wrap=True)
        if lock is None and done:
            stderr.print(
                "A server is running: it forgets them now, and clears the rest of the database's file when no call is "
                "live.",
                soft_wrap=True,
            )
    finally:
        if lock is not None:
            lock.close()


@contextmanager
def _opened(settings: Config) -> Iterator[tuple[Config, StoreFolder, Database]]:
    from assist.store import Database  # noqa: PLC0415 - slow; not for --help
    from assist.store_folder import StoreFolder  # noqa: PLC0415

    folder = StoreFolder(settings.store.directory)
    folder.check_owner(os.geteuid())
    keep_to_oneself(folder.path)
    database = Database(folder.database)
    try:
        yield settings, folder, database
    finally:
        database.close()


def _moment(settings: Config, before: datetime | None) -> datetime:
    zone = ZoneInfo(settings.server.timezone)
    return datetime.max.replace(year=9998, tzinfo=zone) if before is None else before.replace(tzinfo=zone)


def _named(database: Database, names: Sequence[str]) -> list[StoredCall]:
    found = []
    for name in dict.fromkeys(names):
        call = database.call(name)
        if call is None:
            raise InputError(f"no call {name} is kept: `assist calls list` prints those that are")
        found.append(call)
    return found


def _line(folder: StoreFolder, call: StoredCall) -> str:
    summary = call.summary
    recording: Path = folder.recording(summary.call)
    size = str(recording.stat().st_size) if recording.is_file() else "-"
    began = summary.started_at.isoformat(timespec="seconds")
    return "\t".join((summary.call, began, summary.status, f"{summary.seconds:.1f}", size))
