"""`assist calls`: what is kept of calls, and deleting it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from assist.calls_query import AlertFilter, CallsQuery, Order, Status, TicketUse, beginning, end
from assist.cli.common import ConfigPath, configuration, keep_to_oneself
from assist.cli.errors import InputError, explained, stderr

if TYPE_CHECKING:
    from assist.config import Config
    from assist.store import Database, StoredCall
    from assist.store_folder import StoreFolder

_PAGE = 1000  # calls read at once


def _moment_told(text: str | None) -> str | None:
    if text is not None:
        try:
            end(text, UTC)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    return text


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
def list_calls(  # one option a filter
    before: Before = None,
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Calls that began on this day or at this time (2026-03-02T10:15) or later.",
            callback=_moment_told,
        ),
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="Calls that began on this day or at this time or earlier.", callback=_moment_told)
    ] = None,
    status: Annotated[
        Status | None, typer.Option(help="Whether the ticket is filed, else whether the call goes on.")
    ] = None,
    ticket: Annotated[
        TicketUse | None, typer.Option(help="What the agent did with the ticket: nothing, took values, changed some.")
    ] = None,
    agent: Annotated[str | None, typer.Option(help="The agent, as the switch sent it.")] = None,
    template: Annotated[str | None, typer.Option(help="Code of the template chosen, else of the likeliest.")] = None,
    title: Annotated[str | None, typer.Option(help="Words of its title, all of them.")] = None,
    unit: Annotated[str | None, typer.Option(help="Name of the handling unit.")] = None,
    district: Annotated[str | None, typer.Option(help="Name of the district.")] = None,
    alert: Annotated[AlertFilter | None, typer.Option(help="A kind of alert that was raised.")] = None,
    min_seconds: Annotated[float | None, typer.Option(help="Calls that ended and took so long.", min=0)] = None,
    max_seconds: Annotated[float | None, typer.Option(help="Calls that ended and took no longer.", min=0)] = None,
    order: Annotated[Order, typer.Option(help="By the start, or the length of those that ended.")] = "oldest",
    limit: Annotated[int | None, typer.Option(min=1, help="Print no more than so many.", show_default="all")] = None,
    config: ConfigPath = None,
) -> None:
    """Print the calls that are kept, oldest first: id, start, status, seconds, bytes of the recording ("-": none),
    agent, template, title, district, unit, alerts, what was done with the ticket.

    One call a line, separated by tabs. Days and times are those of server.timezone. Works while the server runs; run
    it as the server's user.
    """
    with explained(), _opened(configuration(config)) as (settings, folder, database):
        zone = ZoneInfo(settings.server.timezone)
        until = [end(to, zone)] if to else []
        query = CallsQuery(
            since=beginning(from_, zone) if from_ else None,
            until=min([*until, _moment(settings, before)]),
            status=status,
            ticket=ticket,
            agent=agent,
            template=template,
            title=title,
            unit=unit,
            district=district,
            alert=alert,
            min_seconds=min_seconds,
            max_seconds=max_seconds,
            order=order,
        )
        _describe(database)
        for call in islice(_all(database, query), limit):
            typer.echo(_listed_line(folder, call))


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


def _describe(database: Database) -> None:
    """Read the tickets of calls that an earlier version kept, where no server has done it."""
    waiting = database.count_undescribed()
    if waiting > _PAGE:
        stderr.print(f"reading the tickets of {waiting} calls of an earlier version, once", soft_wrap=True)
    while known := database.undescribed(_PAGE):
        with database.transaction():
            database.describe(known)


def _all(database: Database, query: CallsQuery) -> Iterator[StoredCall]:
    while True:
        found, after = database.find(query, _PAGE)
        yield from found
        if after is None:
            return
        query = replace(query, after=after)


def _listed_line(folder: StoreFolder, call: StoredCall) -> str:
    known = call.facts
    told = (known.agent, known.template, known.title, known.district, known.unit, " ".join(known.alerts), known.ticket)
    # what a switch sends as the agent must not move the columns or the terminal
    return "\t".join(
        (_line(folder, call), *("".join(sign for sign in text if sign.isprintable()) or "-" for text in told))
    )


def _line(folder: StoreFolder, call: StoredCall) -> str:
    summary = call.summary
    recording: Path = folder.recording(summary.call)
    size = str(recording.stat().st_size) if recording.is_file() else "-"
    began = summary.started_at.isoformat(timespec="seconds")
    return "\t".join((summary.call, began, summary.status, f"{summary.seconds:.1f}", size))
