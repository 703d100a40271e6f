"""What several commands share: the configuration option, the catalogue, roles and times from the command line."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from assist.cli.errors import InputError, stderr
from assist.config import Config, load
from extractors.turn import Speaker

if TYPE_CHECKING:
    from extractors.catalogue.knowledge import Catalogue

ConfigPath = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Configuration file; else $ASSIST_CONFIG, else ./config.yaml, else the defaults.",
        show_default=False,
    ),
]
Roles = Annotated[
    str | None,
    typer.Option(
        help="Speaker of each channel: 'agent,citizen' (default for 2 channels) or one of them (mono: citizen).",
        show_default=False,
    ),
]
StartedAt = Annotated[
    datetime | None,
    typer.Option(
        help="When the call began, in the time zone of server.timezone: what 昨晚 and the like are resolved against.",
        formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"],
        show_default=False,
    ),
]
CallerNumber = Annotated[
    str | None, typer.Option(help="The caller's number as the phone switch knows it.", show_default=False)
]


def output_file(path: Path | None) -> Path | None:
    """Callback of options that name a file to write: told before the work whose result would be lost.

    Raises `typer.BadParameter` where no file can be written.
    """
    if path is not None and not os.access(path if path.exists() else path.parent, os.W_OK):
        raise typer.BadParameter(f"{path} cannot be written: name a file in a folder that exists and is yours to write")
    return path


def _call_id(call: str | None) -> str | None:
    from assist.ingest import check_call_id  # noqa: PLC0415 - not for --help

    if call is not None and (failed := check_call_id(call)):
        raise typer.BadParameter(f"{call!r} cannot name a call: {failed.detail}")
    return call


CallId = Annotated[
    str | None,
    typer.Option("--call", help="Id of the call; by default made of the time.", show_default=False, callback=_call_id),
]


def keep_to_oneself(folder: Path | None = None) -> None:
    """Have this process make no file that other users can read, and SQLite put what it sets aside into ``folder``: both
    hold what callers say.
    """
    os.umask(0o077)
    if folder is not None:
        os.environ.setdefault("SQLITE_TMPDIR", str(folder.absolute()))


JsonFile = Annotated[
    Path | None,
    typer.Option("--json", help="Also write the figures to this file.", dir_okay=False, callback=output_file),
]


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """While ``path`` is written. Raises `InputError` where that cannot be done (a full disk, a folder that went)."""
    try:
        yield
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None


def save(path: Path, text: str) -> None:
    """Write ``text`` to ``path``. Raises `InputError`."""
    with writing(path):
        path.write_text(text, encoding="utf-8")


def write_json(path: Path | None, figures: dict[str, Any]) -> None:
    """Write ``figures`` to ``path``, if one was named; unmeasured (NaN) is null. Raises `InputError`."""
    if path is not None:
        finite = {
            name: None if isinstance(value, float) and math.isnan(value) else value for name, value in figures.items()
        }
        save(path, json.dumps(finite, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Callable[[], None]]:
    """A progress bar on stderr; yields the function that advances it by one."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=stderr) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)


def configuration(path: Path | None) -> Config:
    """The configuration a command runs with. Raises `ConfigError`."""
    named = path or (Path(chosen) if (chosen := os.environ.get("ASSIST_CONFIG")) else None)
    if named is None and Path("config.yaml").is_file():
        named = Path("config.yaml")
    return load(named)


def catalogue(config: Config) -> Catalogue:
    """The catalogue of the configuration. Raises `CatalogueError`, or `ConfigError` when its folder is absent."""
    from assist.catalogues import open_catalogue  # noqa: PLC0415 - slow; not for --help

    return open_catalogue(config.catalogue)


def speakers(roles: str | None, channels: int) -> tuple[Speaker, ...]:
    """The speaker of each channel. Raises `typer.BadParameter` for a word that is no speaker."""
    if roles is None:
        return (Speaker.AGENT, Speaker.CITIZEN) if channels == 2 else (Speaker.CITIZEN,)
    try:
        return tuple(Speaker(role.strip()) for role in roles.split(","))
    except ValueError:
        raise typer.BadParameter(
            "roles are 'agent' and 'citizen', one for each channel", param_hint="--roles"
        ) from None


def call_start(started_at: datetime | None, recording: Path, zone: ZoneInfo) -> datetime:
    """When a recorded call began: as told, else when its file was last written, in the hotline's time zone."""
    if started_at is not None:
        return started_at.replace(tzinfo=zone)
    return datetime.fromtimestamp(int(recording.stat().st_mtime), zone)
