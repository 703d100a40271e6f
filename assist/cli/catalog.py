"""`assist catalog`: check, search and show the hotline's catalogue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import ConfigPath, catalogue, configuration, output_file
from assist.cli.errors import explained, stderr

app = typer.Typer(no_args_is_help=True, help="Check and search the catalogue of record templates.")


@app.command()
def check(
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json", help="Also write the counts and problems to this file.", dir_okay=False, callback=output_file
        ),
    ] = None,
    config: ConfigPath = None,
) -> None:
    """Check the whole catalogue and count what it holds; exit code 1 when something is wrong.

    Each problem names file, line and code, what is wrong and what to do.
    """
    with explained():
        from extractors import catalogue_check  # noqa: PLC0415 - slow; not for --help
        from extractors.understanding import compile_catalogue  # noqa: PLC0415

        checked = catalogue(configuration(config))
        compile_catalogue(checked)  # rules and places can only be proved by putting them to use
        problems = catalogue_check.check(checked)
        counts = catalogue_check.counts(checked)
    if json_file is not None:
        report = {**counts, "errors": len(problems), "problems": [str(problem) for problem in problems]}
        json_file.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    console = Console(highlight=False)
    for problem in problems:
        console.print(str(problem), markup=False, soft_wrap=True)
    console.print("  ".join(f"{name} {count}" for name, count in counts.items()), soft_wrap=True)
    if problems:
        stderr.print(f"assist: {len(problems)} problems in the catalogue", style="red")
        raise typer.Exit(1)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="What a caller says, or a template's code.")],
    count: Annotated[int, typer.Option("--count", "-n", help="How many templates to show.", min=1, max=100)] = 5,
    config: ConfigPath = None,
) -> None:
    """Find the record templates that fit some words, best first."""
    with explained():
        from extractors.catalogue_search import SearchIndex  # noqa: PLC0415 - slow; not for --help
        from extractors.catalogue_search import search as find  # noqa: PLC0415

        hits = find(SearchIndex(catalogue(configuration(config))), text, count)
    console = Console(highlight=False)
    if not hits:
        console.print("没有匹配的模板 (no template fits)")
        return
    table = Table("code", "template", "type", "unit", "score", "matched")
    for hit in hits:
        found = hit.template
        table.add_row(
            found.code, found.title, found.request_type, found.unit, f"{hit.score:.1f}", " ".join(hit.matched)
        )
    console.print(table)
