"""`assist bench readers`: how far two readers of the same calls agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import JsonFile, write_json
from assist.cli.errors import InputError, explained

_CHOICES = ("request_type", "domain", "department")


def readers(
    folders: Annotated[list[Path], typer.Argument(help="Folders of calls that were read twice (`second`).")],
    json_file: JsonFile = None,
) -> None:
    """Measure the second reader of calls against the gold tickets: what can be asked of a program."""
    with explained():
        from assist.bench import readers as bench  # noqa: PLC0415 - slow; not for --help
        from assist.bench.gold import GoldError, read_calls  # noqa: PLC0415

        try:
            tally = bench.run(call for folder in folders for call in read_calls(folder))
        except GoldError as error:
            raise InputError(str(error)) from None
        if not tally.calls:
            raise InputError(f"no call in {', '.join(map(str, folders))} was read twice (`second` beside `gold`)")
    rows = {"all slots": tally.slot(), **{slot: tally.slot(slot) for slot in tally.slot_names}}
    table = Table("", "precision", "recall", "F1", title=f"{len(tally.calls)} calls: second reader against the gold")
    for name, figures in rows.items():
        table.add_row(name, *(str(figures[one]) for one in ("precision", "recall", "f1")))
    for name in _CHOICES:
        table.add_row(name, "", "", str(tally.rate(name)))
    Console(highlight=False).print(table)
    write_json(
        json_file,
        {
            "calls": len(tally.calls),
            "slot_f1": rows["all slots"]["f1"].value,
            "slots": {slot: rows[slot]["f1"].value for slot in tally.slot_names},
            **{name: tally.rate(name).value for name in _CHOICES},
        },
    )
