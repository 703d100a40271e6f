"""`assist bench`: measurements an operator can repeat on the hotline's own machine and calls."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assist.cli import bench_asr, bench_catalogue, bench_silence, bench_sweep
from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, write_json
from assist.cli.errors import InputError, explained

app = typer.Typer(no_args_is_help=True, help="Measure recognition and understanding on this machine.")

app.command("asr")(bench_asr.asr)
app.command("silence")(bench_silence.silence)
app.command("catalogue")(bench_catalogue.catalogue_bench)
app.command("sweep")(bench_sweep.sweep)


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
            with bar(f"Recognising {folder}", len(recordings)) as step:
                turns = heard_turns(recordings, model, recognition(settings.asr, knowledge), step)
            try:
                report = run(folder, knowledge, turns.get if heard else None)
            except FileNotFoundError as error:
                raise InputError(str(error)) from None
            console.print(f"{folder}: {model.name}; {here}; catalogue {knowledge.version}\n", markup=False)
            console.print(report.to_markdown(), markup=False)
            write_json(json_file, {"model": model.name, "machine": str(here), **report.to_json()})
