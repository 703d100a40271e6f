"""`assist bench domains`: the domain of messages that citizens wrote elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, write_json
from assist.cli.errors import InputError, explained


def domains(
    messages: Annotated[
        Path, typer.Argument(help="Labelled messages, one JSON object a line.", exists=True, dir_okay=False)
    ],
    classes: Annotated[
        Path | None,
        typer.Option(
            help="YAML file: keys of `text`, key of `label`, domains of each of its `classes`; by default that of "
            "Teddy Cup 2020, problem C.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure top-level domains on labelled messages, beside BM25 and keywords.

    One half of the messages, by a hash of their text, trains what learns (a linear head over what understanding tells;
    the nearest messages by BM25); the other half measures all.
    """
    with explained():
        from assist.bench import domains as bench  # noqa: PLC0415 - slow; not for --help

        known = catalogue(configuration(config))
        mapping = bench.read_classes(classes or bench.TEDDY)
        try:
            labelled = bench.read_messages(messages, mapping)
            with bar("Understanding", len(labelled)) as step:
                report = bench.run(labelled, mapping["classes"], known, step)
        except bench.MessagesError as error:
            raise InputError(str(error)) from None
    figures = {way: report.figures(way) for way in bench.WAYS}
    halves = f"{len(report.messages)} messages measure, {report.trained_on} others train"
    table = Table("class", *bench.WAYS, title=f"{messages.name}: {halves}; catalogue {known.version}")
    for label in mapping["classes"]:
        table.add_row(label, *(f"{report.f1(way).get(label, 0.0):.3f}" for way in bench.WAYS))
    for name in ("macro_f1", "accuracy"):
        table.add_row(name, *(str(figures[way][name]) for way in bench.WAYS))
    Console(highlight=False).print(table)
    shown = {
        way: {**{name: one.value for name, one in figures[way].items()}, "f1": report.f1(way)} for way in bench.WAYS
    }
    write_json(json_file, {"measured": len(report.messages), "trained_on": report.trained_on, **shown})
