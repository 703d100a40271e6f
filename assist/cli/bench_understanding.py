"""`assist bench understanding`: the ticket against gold tickets, from true text and from what recognition hears."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, output_file, save, write_json
from assist.cli.errors import InputError, explained

if TYPE_CHECKING:
    from assist.bench.gold import Call
    from assist.config import Config
    from extractors.catalogue.knowledge import Catalogue
    from extractors.turn import Turn


def understanding(
    folders: Annotated[list[Path], typer.Argument(help="Folders of calls with gold tickets.")],
    asr: Annotated[bool, typer.Option(help="Also measure on what recognition hears (needs the recordings).")] = True,
    heard: Annotated[
        Path | None,
        typer.Option(
            help="Keep what recognition hears in this file; recordings that stand in it, heard by the same model, "
            "settings and code, are not recognised again.",
            dir_okay=False,
            callback=output_file,
        ),
    ] = None,
    versus: Annotated[
        list[str] | None,
        typer.Option(help="A baseline to compare with: jionlp, keywords, bm25, or all. Can be given again."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            help="Also write figures and every mistake, with the words it came from, to this page (it holds what was "
            "said: keep it as you keep the calls).",
            dir_okay=False,
            callback=output_file,
        ),
    ] = None,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure understanding against gold tickets: from the script's text and from what recognition hears.

    Prints precision, recall and F1 of every slot, request type, domain, templates, units and dispatch, each with its
    95 % interval (bootstrap over calls), and how long an update of the ticket takes. All folders are measured together.
    The ticket is that of a call that is over and was read as a whole; with understanding.scribe false it is not read.
    """
    with explained():
        from assist.bench.baselines import BASELINES, MissingPackageError  # noqa: PLC0415 - slow; not for --help
        from assist.bench.gold import GoldError, read_calls  # noqa: PLC0415
        from assist.bench.machine import machine  # noqa: PLC0415
        from assist.bench.understanding import run  # noqa: PLC0415
        from assist.bench.understanding_page import page  # noqa: PLC0415

        names = _baselines(versus or [], list(BASELINES))
        settings = configuration(config)
        knowledge = catalogue(settings)
        here = machine()
        try:
            calls = [call for folder in folders for call in read_calls(folder)]
        except GoldError as error:
            raise InputError(str(error)) from None
        turns = _heard(folders, calls, settings, knowledge, heard) if asr else {}
        try:
            with bar("Understanding", len(calls)) as step:
                report = run(calls, knowledge, turns, names, step, settings.understanding.scribe)
        except MissingPackageError as error:
            raise InputError(str(error)) from None
        model = f"{settings.asr.model} {settings.asr.compute_type}" if turns else "no recognition"
        about = f"{', '.join(map(str, folders))}: {model}; {here}; catalogue {knowledge.version}"
        Console(highlight=False, soft_wrap=True).print(f"{about}\n\n{report.to_markdown()}", markup=False)
        write_json(json_file, report.to_json())
        if html is not None:
            save(html, page(report, about))


def _baselines(named: list[str], known: list[str]) -> list[str]:
    if named == ["all"]:
        return known
    if unknown := [name for name in named if name not in known]:
        raise typer.BadParameter(f"{unknown[0]!r} is no baseline; choose of {', '.join(known)}, all")
    return list(dict.fromkeys(named))


def _heard(
    folders: list[Path], calls: list[Call], settings: Config, knowledge: Catalogue, file: Path | None
) -> dict[str, tuple[Turn, ...]]:
    """The recognised turns of each call that has a recording, by the call's id."""
    from assist.bench.heard import HeardFile, heard_by, heard_turns  # noqa: PLC0415
    from assist.knowledge import recognition  # noqa: PLC0415
    from assist.speech import engine  # noqa: PLC0415

    recognising = recognition(settings.asr, knowledge)
    kept = HeardFile(file, heard_by(settings.asr, recognising))
    known = {call.id for call in calls}
    recordings = [path for folder in folders for path in sorted(folder.glob("*.flac")) if path.stem in known]
    try:
        with bar("Recognising", len(recordings)) as step:
            return heard_turns(recordings, lambda: engine(settings.asr), recognising, step, kept)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from None
