"""`assist bench catalogue`: how quickly the catalogue opens, how quickly and how well it is searched."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, write_json
from assist.cli.errors import explained


def catalogue_bench(
    misses: Annotated[int, typer.Option(help="Show this many of the phrasings that were not found.", min=0)] = 0,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure the catalogue: seconds to build and to open it, memory, and search.

    Of every template one phrasing, chosen by hash, is left out of the index and searched for; `recall_at_5` is how
    often its template is among the first five, by words and meaning together; `words_…` and `meaning_…` tell each half.
    """
    with explained():
        from assist.bench import catalogue as bench  # noqa: PLC0415 - slow; not for --help
        from assist.bench.machine import machine  # noqa: PLC0415

        settings = configuration(config)
        here, known = machine(), catalogue(settings)
        opened = bench.opening(known.directory)
        with bar("Searching", len(known.templates)) as step:
            recall = bench.recall(known, step)
    figures = {
        "machine": str(here),
        "catalogue": known.version,
        "templates": len(known.templates),
        **opened,
        "searches": recall.searches,
        **{f"words_recall_at_{depth}": round(share, 4) for depth, share in recall.words.items()},
        **{f"meaning_recall_at_{depth}": round(share, 4) for depth, share in recall.meaning.items()},
        **{f"recall_at_{depth}": round(share, 4) for depth, share in recall.at.items()},
        "search_ms_p50": round(recall.ms_p50, 2),
        "search_ms_p95": round(recall.ms_p95, 2),
    }
    write_json(json_file, figures)
    console = Console(highlight=False)
    table = Table("figure", "value", title=f"catalogue {known.version} — {here}")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
    for code, text in recall.missed[:misses]:
        console.print(f"{code} {known.by_code[code].title}  ←  {text}", soft_wrap=True)
