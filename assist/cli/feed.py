"""`assist feed`: a recording into a running server, as if it were a telephone line."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from assist.cli.common import CallerNumber, CallId, ConfigPath, Roles, StartedAt, call_start, configuration, speakers
from assist.cli.errors import ServerError, explained, stderr


def feed(
    file: Annotated[Path, typer.Argument(help="Recording: wav, flac, mp3, or raw G.711 (.al, .ul); 8 to 48 kHz.")],
    url: Annotated[str, typer.Option(help="Address of the server.")] = "ws://127.0.0.1:8012",
    call: CallId = None,
    speed: Annotated[float, typer.Option(help="Seconds of audio a second.", min=0.1, max=100)] = 1.0,
    attempts: Annotated[int, typer.Option(help="How often in a row to try to connect.", min=1)] = 10,
    roles: Roles = None,
    started_at: StartedAt = None,
    caller_number: CallerNumber = None,
    agent: Annotated[str | None, typer.Option(help="The agent's extension.", show_default=False)] = None,
    config: ConfigPath = None,
) -> None:
    """Feed a recording into a running server in real time.

    A connection that breaks is made again and goes on where the server has stored the audio to. Returns when the server
    has understood and stored all of it.
    """
    with explained():
        from asr.audio import load  # noqa: PLC0415 - slow; not for --help
        from assist.feed import FeedError, FeedOptions  # noqa: PLC0415
        from assist.feed import feed as run  # noqa: PLC0415

        name = call or f"feed-{datetime.now():%Y%m%d-%H%M%S-%f}"  # a file's name may hold the caller's number
        options = FeedOptions(
            roles=speakers(roles, load(file).channels),
            started_at=call_start(started_at, file, ZoneInfo(configuration(config).server.timezone)),
            caller_number=caller_number,
            agent=agent,
            speed=speed,
            attempts=attempts,
        )
        bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=stderr)
        with bar:
            task = bar.add_task(f"Feeding {name}", total=None)
            try:
                asyncio.run(
                    run(file, url, name, options, lambda done, total: bar.update(task, completed=done, total=total))
                )
            except FeedError as error:
                raise ServerError(str(error)) from None
        stderr.print(f"{name} is stored")
