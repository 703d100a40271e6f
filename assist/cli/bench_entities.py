"""`assist bench entities`: names, places and addresses in texts that others annotated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, write_json
from assist.cli.errors import InputError, explained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assist.bench.extraction import AddressReport, NamesReport
    from assist.bench.spans import Score


def entities(
    corpora: Annotated[
        list[Path],
        typer.Argument(
            help="Annotated texts: CoNLL (a token and its BIO tag a line: PER and LOC, or parts of addresses) or JSONL "
            "of CLUENER's kind (name, address).",
            exists=True,
            dir_okay=False,
        ),
    ],
    sample: Annotated[
        int, typer.Option(help="Sentences of each corpus, drawn with a fixed seed; 0 for all.", min=0)
    ] = 1000,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure names, places and addresses on texts that others annotated.

    Persons as masking hides them, places as masking, gazetteer and endings of names find them, addresses part by part
    under the tags of the corpus; spans that are the same and spans that overlap, with 95 % intervals over sentences.
    """
    with explained():
        from assist.bench import extraction  # noqa: PLC0415 - slow; not for --help
        from assist.bench.annotated import CorpusError, read_corpus  # noqa: PLC0415

        try:
            found = [read_corpus(path) for path in corpora]
        except CorpusError as error:
            raise InputError(str(error)) from None
        known = catalogue(configuration(config))
        readers = extraction.Readers(known)
        console = Console(highlight=False)
        figures: dict[str, Any] = {}
        shown: dict[str, Any]
        for corpus in found:
            drawn = corpus.sample(sample) if sample else corpus
            title = f"{corpus.name}: {len(drawn.sentences)} of {corpus.of} sentences; catalogue {known.version}"
            with bar("Reading", len(drawn.sentences)) as step:
                report: NamesReport | AddressReport
                if corpus.is_addresses:
                    report = addresses = readers.addresses(drawn, step)
                    console.print(_by_part(title, addresses))
                    console.print(f"marked parts without a counterpart here: {addresses.untold}")
                    shown = {
                        "told": _shown(addresses.told),
                        "divisions_given": _shown(addresses.given),
                        "without_counterpart": addresses.untold,
                    }
                else:
                    report = names = readers.names(drawn, step)
                    console.print(_by_way(title, names.scores))
                    shown = {"scores": _shown(names.scores)}
            for name, share in report.whole.items():
                console.print(f"{name}: {share} of {share.cases}")
            whole = {name: {"value": one.value, "low": one.low, "high": one.high} for name, one in report.whole.items()}
            figures[corpus.name] = {"sentences": len(drawn.sentences), "of": corpus.of, **shown, "whole": whole}
    write_json(json_file, figures)


def _shown(scores: Mapping[str, Score]) -> dict[str, Any]:
    return {name: one.as_dict() for name, one in scores.items()}


def _by_way(title: str, scores: Mapping[str, Score]) -> Table:
    fit = ("precision", "recall", "F1")
    table = Table("way", "marked", "found", *(f"{kind}: {name}" for kind in ("exact", "overlap") for name in fit))
    table.title = title
    for way, one in scores.items():
        cells = [str(figure) for fit in (one.exact, one.overlapping) for figure in (fit.precision, fit.recall, fit.f1)]
        table.add_row(way, str(one.marked), str(one.found), *cells)
    return table


def _by_part(title: str, report: AddressReport) -> Table:
    columns = ("exact: precision", "recall", "F1", "overlap: F1", "divisions given: exact F1", "overlap: F1")
    table = Table("part", "marked", "told", *columns, title=title)
    for tag, one in report.told.items():
        exact, given = one.exact, report.given.get(tag)
        figures = [exact.precision, exact.recall, exact.f1, one.overlapping.f1]
        if given is not None:
            figures += [given.exact.f1, given.overlapping.f1]
        table.add_row(tag, str(one.marked), str(one.found), *map(str, figures))
    return table
