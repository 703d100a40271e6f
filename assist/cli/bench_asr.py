"""`assist bench asr`: how right, how quick and how dear recognition is on this machine."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, output_file, save, write_json
from assist.cli.errors import InputError, ServerError, explained, stderr


class Mode(StrEnum):
    """What is measured."""

    OFFLINE = "offline"
    LIVE = "live"
    CAPACITY = "capacity"
    SOAK = "soak"


class Peer(StrEnum):
    """Whom the figures are set beside."""

    FASTER_WHISPER = "faster-whisper"


class Telephone(StrEnum):
    """How a telephone would carry the recordings."""

    NONE = "none"
    ALAW = "alaw"
    MULAW = "mulaw"


Manifests = Annotated[
    list[Path],
    typer.Argument(
        help="Folders of calls (ID.flac with ID.json) or manifests "
        "(a JSON object a line: audio, text, optional channel)."
    ),
]


# the modes in which an option changes anything
_MODES_OF = {
    "calls": (Mode.LIVE, Mode.CAPACITY, Mode.SOAK),
    "seconds": (Mode.LIVE, Mode.CAPACITY),
    "runs": (Mode.LIVE,),
    "chunk_ms": (Mode.LIVE, Mode.CAPACITY, Mode.SOAK),
    "quick": (Mode.OFFLINE,),
    "versus": (Mode.OFFLINE,),
    "goal": (Mode.CAPACITY,),
    "max_calls": (Mode.CAPACITY,),
    "hours": (Mode.SOAK,),
    "speed": (Mode.SOAK,),
}


def asr(
    context: typer.Context,
    manifests: Manifests,
    mode: Annotated[
        list[Mode] | None,
        typer.Option(
            help="What to measure; may be given several times. Default: offline and live.", show_default=False
        ),
    ] = None,
    calls: Annotated[
        int | None,
        typer.Option(
            help="Calls at once: live (default 1), soak (8); for capacity the number to begin with (1).",
            min=1,
            max=1000,
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            help="Audio each line plays: live (default 180), each step of capacity (90). Recordings are cycled.",
            min=5,
            show_default=False,
        ),
    ] = None,
    runs: Annotated[int, typer.Option(help="Repeat live so often and print medians.", min=1, max=100)] = 1,
    chunk_ms: Annotated[
        int | None,
        typer.Option(
            help="Milliseconds of audio a message. Default: 20 for one call, 100 for more (a feeder must not take the "
            "processor from the server).",
            min=10,
            max=1000,
            show_default=False,
        ),
    ] = None,
    telephone: Annotated[
        Telephone, typer.Option(help="Bring the recordings to 8 kHz and through G.711 first.")
    ] = Telephone.NONE,
    recordings: Annotated[
        int | None, typer.Option(help="Take only the first so many recordings.", min=1, show_default=False)
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="offline: leave out the pass with full context and beam 5 and that in batches."),
    ] = False,
    versus: Annotated[
        Peer | None,
        typer.Option(
            help="offline: also the peer's plain transcribe() (beam 5 and 1, vad_filter) on the same audio, weights "
            "and threads.",
            show_default=False,
        ),
    ] = None,
    goal: Annotated[float, typer.Option(help="capacity: p95 of final text after speech, seconds.", min=0.1)] = 1.5,
    max_calls: Annotated[int, typer.Option(help="capacity: try no more calls than this.", min=1, max=1000)] = 128,
    hours: Annotated[float, typer.Option(help="soak: hours of audio each line plays.", min=0.01)] = 2.0,
    speed: Annotated[float, typer.Option(help="soak: seconds of audio a second.", min=0.1, max=50)] = 1.0,
    json_file: JsonFile = None,
    html_file: Annotated[
        Path | None,
        typer.Option(
            "--html",
            help="Also write a report of one file, with plots, that opens without network.",
            dir_okay=False,
            callback=output_file,
        ),
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Measure recognition on this machine, to size it: how right, how quick, how dear, how many calls.

    **offline** recognises every recording as fast as the machine can: character and entity error rate, real-time
    factor, processor time; beside it the same weights with full context and beam 5, and how often a batch changes a
    final. **live** plays calls in real time, all at once, through the audio websocket of a server started for this,
    and times what a desk receives. **capacity** finds how many calls at once keep the p95 of finals under --goal with
    none lost. **soak** plays calls for hours and tells whether the server's memory grows.

    Close other programs first: the figures are those of the machine as it is.
    """
    modes = list(dict.fromkeys(mode or [Mode.OFFLINE, Mode.LIVE]))
    _refuse_idle(context, modes)
    with explained():
        from assist.bench.entities import entity_names  # noqa: PLC0415 - slow; not for --help
        from assist.bench.figures import disturbed  # noqa: PLC0415
        from assist.bench.machine import machine, peak_memory_mb  # noqa: PLC0415
        from assist.bench.manifest import ManifestError, read  # noqa: PLC0415
        from assist.bench.own_server import OwnServerError  # noqa: PLC0415
        from assist.bench.recognition import Bench  # noqa: PLC0415
        from assist.bench.report import page  # noqa: PLC0415
        from assist.bench.summary import summary  # noqa: PLC0415
        from assist.knowledge import recognition  # noqa: PLC0415
        from assist.speech import engine  # noqa: PLC0415

        settings = configuration(config)
        knowledge = catalogue(settings)
        here = machine()
        results: dict[str, Any] = {}

        def figures() -> dict[str, Any]:
            return summary(
                model=bench.model.name,
                machine=str(here),
                date=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
                command=shlex.join(["assist", *sys.argv[1:]]),
                recordings=len(bench.items),
                telephone=telephone.value,
                results=results,
            )

        try:
            bench = Bench(
                items=[item for manifest in manifests for item in read(manifest)][:recordings],
                asr=settings.asr,
                settings=recognition(settings.asr, knowledge),
                names=entity_names(knowledge),
                model=engine(settings.asr),
                machine=here,
                bar=bar,
                telephone=telephone.value,
                chunk=None if chunk_ms is None else chunk_ms / 1000,
                config=config,
            )
            if Mode.OFFLINE in modes:
                offline = bench.offline(quick=quick, versus=versus is not None)
                results["offline"] = {**offline, "memory_mb": round(peak_memory_mb())}
            if Mode.LIVE in modes:
                results["live"] = bench.live(calls or 1, seconds or 180.0, runs)
            if Mode.CAPACITY in modes:
                results["capacity"] = bench.capacity(calls or 1, max_calls, seconds or 90.0, goal, _tell_step)
            if Mode.SOAK in modes:
                results["soak"] = bench.soak(calls or 8, hours, speed)
        except ManifestError as error:
            raise InputError(str(error)) from None
        except OwnServerError as error:
            raise ServerError(str(error)) from None
        finally:
            if results:  # also those of the modes that were over before another failed
                told = figures()
                _show(told)  # first: hours of measuring must not be lost for want of room for a file
                write_json(json_file, told)
        if html_file is not None:
            save(html_file, page(told))
    if share := disturbed(results):
        stderr.print(
            f"Other programs took up to {share:.0%} of the processor while calls were played: close them and measure "
            "again.",
            style="yellow",
            soft_wrap=True,
        )


def _refuse_idle(context: typer.Context, modes: Sequence[Mode]) -> None:
    """Raises ``typer.BadParameter`` for an option that was given and changes nothing in ``modes``."""
    for name, where in _MODES_OF.items():
        source = context.get_parameter_source(name)
        if source is None or source.name == "DEFAULT" or any(mode in where for mode in modes):
            continue
        option = f"--{name.replace('_', '-')}"
        of = " or ".join(f"--mode {mode}" for mode in where)
        raise typer.BadParameter(f"{option} does nothing without {of}.")


_STEP = (
    ("calls", "calls"),
    ("held", "held"),
    ("first_partial_s", "first"),
    ("partial_lag_s", "lag"),
    ("final_s", "final"),
    ("cpu_per_speech_s", "CPU"),
    ("server_cpu_share", "server"),
    ("others_cpu_share", "others"),
    ("lost_finals", "lost"),
    ("refused", "refused"),
)


_CAPTION = (
    "first: text after speech starts; lag: interim text behind speech; final: after the last sample of speech; each "
    "p50/p95 (final also p99), s. CPU: server seconds per second of speech; server, others: share of the processor."
)


def _tell_step(figures: dict[str, Any]) -> None:
    stderr.print("  ".join(f"{title} {_cell(figures, name)}" for name, title in _STEP), soft_wrap=True)


def _cell(figures: dict[str, Any], name: str) -> str:
    value = figures[name]
    if isinstance(value, dict):
        shares = ("p50", "p95", "p99") if name == "final_s" else ("p50", "p95")
        return "/".join("–" if value[share] is None else f"{value[share]:.2f}" for share in shares)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _show(figures: dict[str, Any]) -> None:
    console = Console(highlight=False)
    head = {name: value for name, value in figures.items() if name not in ("modes", "model", "machine", "command")}
    _table(console, f"{figures['model']} — {figures['machine']}", head)
    for name, value in figures["modes"].items():
        _table(console, name, value)
        if name == "capacity":
            table = Table(*(title for _, title in _STEP), padding=(0, 0), caption=_CAPTION, caption_justify="left")
            for step in value["steps"]:
                table.add_row(*(_cell(step, column) for column, _ in _STEP))
            console.print(table)


def _table(console: Console, title: str, figures: dict[str, Any]) -> None:
    table = Table("figure", "value", title=title, title_justify="left")
    for name, value in figures.items():
        if name in ("distribution", "runs", "steps", "samples"):
            continue
        if isinstance(value, list):
            for number, one in enumerate(value):
                table.add_row(f"{name} {number + 1}", _line(one))
        else:
            table.add_row(name, _line(value))
    console.print(table)


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key} {_line(one)}" for key, one in value.items())
    return "–" if value is None else str(value)
