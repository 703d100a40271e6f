"""`assist bench`: measurements an operator can repeat on the hotline's own machine and calls."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from assist.cli.common import ConfigPath, catalogue, configuration, output_file
from assist.cli.errors import InputError, ServerError, explained, stderr

if TYPE_CHECKING:
    from assist.bench.live import Live
    from assist.bench.offline import Offline

app = typer.Typer(no_args_is_help=True, help="Measure recognition and understanding on this machine.")

Manifests = Annotated[
    list[Path],
    typer.Argument(
        help="Folders of calls (<id>.flac with <id>.json) or manifests (a JSON object a line: audio, text)."
    ),
]
JsonFile = Annotated[
    Path | None,
    typer.Option("--json", help="Also write the figures to this file.", dir_okay=False, callback=output_file),
]


@app.command()
def asr(
    manifests: Manifests,
    live: Annotated[
        bool, typer.Option(help="Also feed the recordings in real time into a server of its own and measure latency.")
    ] = True,
    calls: Annotated[int, typer.Option(help="How many recordings to play in real time.", min=1)] = 3,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure recognition: character error rate, real-time factor, latency of the first interim text and of the final.

    Every recording is recognised as fast as the machine can; the first --calls of them are then played in real time,
    one after the other, through the audio websocket of a server started for this. Close other programs first: the
    figures are those of the machine as it is.
    """
    with explained():
        from assist.bench.live import measure as measure_live  # noqa: PLC0415 - slow; not for --help
        from assist.bench.machine import machine, peak_memory_mb  # noqa: PLC0415
        from assist.bench.manifest import ManifestError, read  # noqa: PLC0415
        from assist.bench.offline import measure  # noqa: PLC0415
        from assist.bench.own_server import OwnServerError, own_server  # noqa: PLC0415
        from assist.feed import FeedError  # noqa: PLC0415
        from assist.knowledge import recognition  # noqa: PLC0415
        from assist.speech import engine  # noqa: PLC0415

        settings = configuration(config)
        recognition_settings = recognition(settings.asr, catalogue(settings))
        here = machine()
        try:
            items = [item for manifest in manifests for item in read(manifest)]
        except ManifestError as error:
            raise InputError(str(error)) from None
        model = engine(settings.asr)
        with _bar("Recognising", len(items)) as step:
            offline = measure(items, model, recognition_settings, lambda _: step())
        timed = None
        if live:
            files = [item.audio for item in items[:calls]]
            try:
                with own_server(config) as address, _bar("Playing in real time", len(files)) as step:
                    timed = asyncio.run(measure_live(files, address, recognition_settings.utterance, lambda _: step()))
            except (FeedError, OwnServerError) as error:
                raise ServerError(str(error)) from None
        figures = {"model": model.name, "machine": str(here), **_figures(offline, timed, len(items))}
        figures["memory_mb"] = round(peak_memory_mb())
    _write(json_file, figures)
    _show_figures(figures)


@app.command()
def understanding(
    folders: Annotated[list[Path], typer.Argument(help="Folders of calls with gold tickets.")],
    heard: Annotated[bool, typer.Option(help="Also measure on what recognition hears (needs the recordings).")] = True,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure understanding against gold tickets: from the script's text and from what recognition hears.

    Prints precision, recall and F1 of every slot, request type, domain, templates and units, character error rate,
    and how long an update of the ticket takes.
    """
    with explained():
        from assist.bench.heard import heard_turns  # noqa: PLC0415 - slow; not for --help
        from assist.bench.machine import machine  # noqa: PLC0415
        from assist.bench.understanding import run  # noqa: PLC0415
        from assist.knowledge import recognition  # noqa: PLC0415
        from assist.speech import engine  # noqa: PLC0415

        settings = configuration(config)
        knowledge = catalogue(settings)
        here, model = machine(), engine(settings.asr)
        console = Console(highlight=False, soft_wrap=True)
        for folder in folders:
            recordings = sorted(folder.glob("*.flac")) if heard else []
            with _bar(f"Recognising {folder}", len(recordings)) as step:
                turns = heard_turns(recordings, model, recognition(settings.asr, knowledge), step)
            try:
                report = run(folder, knowledge, turns.get if heard else None)
            except FileNotFoundError as error:
                raise InputError(str(error)) from None
            console.print(f"{folder}: {model.name}; {here}; catalogue {knowledge.version}\n", markup=False)
            console.print(report.to_markdown(), markup=False)
            _write(json_file, {"model": model.name, "machine": str(here), **report.to_json()})


@app.command()
def silence(
    audio: Annotated[
        list[Path] | None,
        typer.Argument(help="Recordings in which nobody speaks, heard after the sounds made for this."),
    ] = None,
    minutes: Annotated[float, typer.Option(help="How much sound to make, all kinds together.", min=0)] = 30,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure text out of nothing: silence, noise, tones, keys, fax, hold music, office and street sounds.

    Prints characters of finals and of interim texts, utterances begun and processor time for each kind. Every character
    is one too many. The sounds are the same in every run.
    """
    with explained():
        from asr.audio import load  # noqa: PLC0415 - slow; not for --help
        from assist.bench.machine import machine  # noqa: PLC0415
        from assist.bench.silence import listen  # noqa: PLC0415
        from assist.bench.sounds import SOUNDS, recording  # noqa: PLC0415
        from assist.knowledge import recognition  # noqa: PLC0415
        from assist.speech import engine  # noqa: PLC0415

        settings = configuration(config)
        here, model = machine(), engine(settings.asr)
        kinds = list(SOUNDS) if minutes else []
        files = audio or []
        each = minutes * 60 / max(1, len(kinds))
        sounds = ((kind, recording(kind, each)) for kind in kinds)
        recordings = ((path.name, load(path)) for path in files)
        with _bar("Listening", len(kinds) + len(files)) as step:
            heard = listen(chain(sounds, recordings), model, recognition(settings.asr, catalogue(settings)), step)
        total = {
            "audio_s": round(sum(one.seconds for one in heard), 1),
            "utterances": sum(one.utterances for one in heard),
            "characters": sum(one.characters for one in heard),
            "interim_characters": sum(one.interim for one in heard),
            "cpu_s": round(sum(one.cpu_seconds for one in heard), 2),
        }
    figures = {"model": model.name, "machine": str(here), **total, "kinds": [asdict(one) for one in heard]}
    _write(json_file, figures)
    table = Table("sound", "s", "utterances", "characters", "interim", "CPU s", "text")
    for one in heard:
        numbers = (f"{one.seconds:.0f}", str(one.utterances), str(one.characters), str(one.interim))
        table.add_row(one.kind, *numbers, f"{one.cpu_seconds:.2f}", " / ".join(one.texts)[:40])
    Console(highlight=False).print(table)
    _show_figures({"model": model.name, "machine": str(here), **total})


def _figures(offline: Offline, live: Live | None, recordings: int) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "calls": recordings,
        "audio_s": round(offline.seconds, 1),
        "speech_s": round(offline.speech_seconds, 1),
        "cer": round(offline.total.rate, 4),
        "cer_by_speaker": {name: round(errors.rate, 4) for name, errors in sorted(offline.errors.items())},
        "real_time_factor": round(offline.wall_seconds / offline.seconds, 4),
        "cpu_per_speech_s": round(offline.cpu_seconds / max(offline.speech_seconds, 1e-9), 4),
    }
    if live is not None:
        figures["first_partial_s"] = _spread(live.first_partial)
        figures["partial_lag_s"] = _spread(live.partial_lag)
        figures["final_s"] = _spread(live.final)
        figures["fill_s"] = {slot: round(max(delays), 2) for slot, delays in sorted(live.fill.items())}
    return figures


def _spread(values: Sequence[float]) -> dict[str, float]:
    from asr.metrics import percentile  # noqa: PLC0415 - slow; not for --help

    return {
        "n": len(values),
        **{f"p{share}": round(percentile(values, share / 100), 3) for share in (50, 95) if values},
    }


def _show_figures(figures: dict[str, Any]) -> None:
    table = Table("figure", "value", title=f"{figures['model']} — {figures['machine']}", title_justify="left")
    for name, value in figures.items():
        if name in ("model", "machine"):
            continue
        if isinstance(value, dict):
            value = "  ".join(f"{key} {one}" for key, one in value.items())  # noqa: PLW2901
        table.add_row(name, str(value))
    Console(highlight=False).print(table)


def _write(path: Path | None, figures: dict[str, Any]) -> None:
    if path is not None:
        finite = {
            name: None if isinstance(value, float) and math.isnan(value) else value for name, value in figures.items()
        }
        path.write_text(json.dumps(finite, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


class _bar:  # noqa: N801 - a context manager used like a function
    """A progress bar on stderr; yields the function that advances it by one."""

    def __init__(self, what: str, total: int) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=stderr
        )
        self._task = self._progress.add_task(what, total=total)

    def __enter__(self) -> Callable[[], None]:
        self._progress.start()
        return lambda: self._progress.advance(self._task)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
