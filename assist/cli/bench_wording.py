"""`assist bench wording`: what the rule that compares worded values is worth, by pairs that people judged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import JsonFile, write_json
from assist.cli.errors import InputError, explained


def wording(
    file: Annotated[Path, typer.Argument(help="Judged pairs: slot, reference, shown, first, second.")] = Path(
        "samples/wording.tsv"
    ),
    json_file: JsonFile = None,
) -> None:
    """Hold the rule for worded values (subject, demand) against the verdicts of two readers."""
    with explained():
        from assist.bench import wording as bench  # noqa: PLC0415 - not for --help

        try:
            pairs = bench.read(file)
        except bench.JudgedError as error:
            raise InputError(str(error)) from None
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror or error}") from None
    told: dict[str, dict[str, dict[str, int]]] = {}
    table = Table("slot", "the rule says", "pairs", *bench.VERDICTS, "divided")
    for slot in sorted({pair.slot for pair in pairs}):
        told[slot] = {}
        for name, counted in (("right", True), ("wrong", False)):
            some = [pair for pair in pairs if pair.slot == slot and pair.counted is counted]
            told[slot][name] = bench.verdicts(some)
            table.add_row(slot, name, str(len(some)), *map(str, told[slot][name].values()))
    agreed = bench.agreement(pairs)
    console = Console(highlight=False)
    console.print(f"{len(pairs)} values that differ from the reference; the readers agree on {agreed} of them")
    console.print(table)
    write_json(json_file, {"pairs": len(pairs), "agreement": agreed.value, "verdicts": told})
