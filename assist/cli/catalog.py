"""`assist catalog`: check, search, exchange and compare catalogues."""

from __future__ import annotations

import json
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import typer
from rich.console import Console
from rich.table import Table

from assist.addresses import server_address
from assist.cli.common import ConfigPath, catalogue, configuration, output_file, save, writing
from assist.cli.errors import InputError, ServerError, explained, stderr
from assist.config import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extractors.catalogue.knowledge import Catalogue
    from extractors.catalogue.tables import Table as CatalogueTable

_RELOADING = 120  # seconds that a server may take

app = typer.Typer(no_args_is_help=True, help="Check, search, exchange and compare catalogues of record templates.")

Written = Annotated[
    Path,
    typer.Argument(help="Where to: a workbook (NAME.xlsx), or a folder that gets a CSV file for each table."),
]


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

    Each problem names file, line and code, what is wrong and what to do. The counts stand beside those that the hotline
    of Guangzhou published for its own.
    """
    with explained():
        from assist.knowledge import phantoms  # noqa: PLC0415 - slow; not for --help
        from extractors.compiled import compile_catalogue  # noqa: PLC0415
        from extractors.places.gazetteer import load_gazetteer  # noqa: PLC0415
        from extractors.repair.hearing import load_hearing  # noqa: PLC0415
        from extractors.upkeep import check as checking  # noqa: PLC0415
        from models.trigrams import load_trigrams  # noqa: PLC0415

        checked = catalogue(configuration(config))
        compile_catalogue(checked)  # rules and places can only be proved by putting them to use
        load_hearing(checked, load_trigrams())
        phantoms(checked)
        problems = checking.check(checked)
        counts = checking.counts(checked)
        counts["places"] = len(load_gazetteer(checked.directory).places)
        published = checked.rules("check").get("published", {})
    if json_file is not None:
        report = {**counts, "errors": len(problems), "problems": [str(problem) for problem in problems]}
        with explained():
            save(json_file, json.dumps(report, ensure_ascii=False, indent=2))
    console = Console(highlight=False)
    for problem in problems:
        console.print(str(problem), markup=False, soft_wrap=True)
    table = Table("what", "here", "published")
    for name, count in counts.items():
        table.add_row(name, str(count), str(published.get(name, "")))
    console.print(table)
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
        from extractors.matching.search import SearchIndex  # noqa: PLC0415 - slow; not for --help
        from extractors.matching.search import search as find  # noqa: PLC0415

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


@app.command("export")
def export_tables(to: Written, config: ConfigPath = None) -> None:
    """Write the catalogue as an Excel workbook or as CSV files, to be read, edited and imported again."""
    with explained():
        from extractors.catalogue import tables  # noqa: PLC0415 - slow; not for --help

        known = catalogue(configuration(config))
        _save(tables.tables(known), to)
    stderr.print(f"{to}: {len(known.templates)} templates", soft_wrap=True)


@app.command()
def workbook(to: Written) -> None:
    """Write an empty workbook to fill in: every table with its headings, lists to choose from and notes."""
    with explained():
        from extractors.catalogue import tables  # noqa: PLC0415 - slow; not for --help

        _save(tables.blank(), to)
    stderr.print(str(to), soft_wrap=True)


@app.command("import")
def import_tables(
    given: Annotated[Path, typer.Argument(help="A workbook (.xlsx) or a folder of CSV files.", exists=True)],
    out: Annotated[Path, typer.Option("--out", help="Folder that the catalogue is written to; must not hold one.")],
    config: ConfigPath = None,
) -> None:
    """Make a catalogue of tables. Places, rules and lexicon are taken from the configured catalogue.

    What is wrong in the tables is told by sheet, row and column, in Chinese, all of it at once (exit code 1), and then
    nothing is written. What the check finds beyond that is told as well, and the catalogue is written all the same.
    """
    with explained():
        from extractors.catalogue import office, tables  # noqa: PLC0415 - slow; not for --help
        from extractors.catalogue.load import load  # noqa: PLC0415
        from extractors.catalogue.write import write  # noqa: PLC0415
        from extractors.upkeep import check as checking  # noqa: PLC0415

        base = catalogue(configuration(config))
        console = Console(highlight=False)
        try:
            entries = tables.read(office.read(given))
        except tables.TablesError as wrong:
            for error in wrong.errors:
                console.print(str(error), markup=False, soft_wrap=True)
            stderr.print(f"assist: {len(wrong.errors)} errors; nothing was written", style="red")
            raise typer.Exit(1) from None
        try:
            write(entries.by_kind, out, base.directory)
        except OSError as error:
            raise InputError(str(error)) from None
        problems = checking.check(load(out))
    for problem in problems:
        row = entries.rows.get(("templates", problem.code))
        place = f"工作表“模板”第 {row} 行：" if row else f"{problem.file}: "
        console.print(f"{place}{problem.code} {problem.message}", markup=False, soft_wrap=True)
    stderr.print(f"{out}: {len(entries.by_kind['templates'])} templates, {len(problems)} problems", soft_wrap=True)


@app.command()
def compose(
    overlay: Annotated[Path, typer.Argument(help="A folder with only what differs (docs/catalogue.md).", exists=True)],
    out: Annotated[Path, typer.Option("--out", help="Folder that the whole catalogue is written to.")],
    config: ConfigPath = None,
) -> None:
    """Put a hotline's own changes over the configured catalogue and write the outcome."""
    with explained():
        from extractors.upkeep.overlay import compose as put  # noqa: PLC0415 - slow; not for --help

        try:
            made = put(catalogue(configuration(config)).directory, overlay, out)
        except OSError as error:
            raise InputError(str(error)) from None
    stderr.print(f"{out}: {len(made.templates)} templates", soft_wrap=True)


@app.command()
def weigh(
    texts: Annotated[
        list[Path],
        typer.Argument(
            help='What callers said: text files, JSON lines with "text", calls with "turns", folders of such.',
            exists=True,
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="The overlay folder that gets rules/usage.yaml.", file_okay=False)],
    config: ConfigPath = None,
) -> None:
    """Count how often a hotline's own texts use the catalogue's words, places and units; weights for an overlay.

    What is used often is then heard sooner where recognition wrote other words that sound alike. Only names and counts
    are written; a word that the catalogue does not have only when it is a general one and at least three texts have it.
    """
    with explained():
        from assist.own_texts import TextsError, own_texts  # noqa: PLC0415 - slow; not for --help
        from extractors.catalogue.write import dump  # noqa: PLC0415
        from extractors.repair.names import vocabulary  # noqa: PLC0415
        from extractors.text import usage  # noqa: PLC0415

        known = vocabulary(catalogue(configuration(config)))
        try:
            counts = usage.counted(own_texts(texts), known)
            dump(out / usage.FILE, usage.as_rules(counts))
        except (OSError, TextsError) as error:
            raise InputError(str(error)) from None
    told = ", ".join(f"{len(used)} {sort}" for sort, used in usage.as_rules(counts).items())
    stderr.print(f"{out / usage.FILE}: {told} in use", soft_wrap=True)


@app.command()
def reload(
    url: Annotated[str, typer.Option(help="Address of the server.")] = "http://127.0.0.1:8012",
) -> None:
    """Have a running server read its catalogue anew: calls go on with the old one, new calls use the new one."""
    with explained():
        head = _reloaded(url)
    stderr.print(f"{head['name']} {head['version']}: {head['templates']} templates", soft_wrap=True)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A catalogue folder.", exists=True, file_okay=False)],
    new: Annotated[Path, typer.Argument(help="Another catalogue folder.", exists=True, file_okay=False)],
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="Also write the changes to this file.", dir_okay=False, callback=output_file),
    ] = None,
) -> None:
    """Tell what came, went and changed between two versions; exit code 1 when codes vanished without being retired."""
    with explained():
        from extractors.catalogue.diff import diff as compare  # noqa: PLC0415
        from extractors.catalogue.diff import lost_codes  # noqa: PLC0415
        from extractors.catalogue.load import load  # noqa: PLC0415 - slow; not for --help

        before, after = load(old), load(new)
        changes, lost = compare(before, after), lost_codes(before, after)
    console = Console(highlight=False)
    signs = {"added": "+", "removed": "-", "changed": "~"}
    for change in changes:
        fields = f"  ({', '.join(change.fields)})" if change.fields else ""
        console.print(f"{signs[change.what]} {change.kind} {change.code} {change.name}{fields}", soft_wrap=True)
    console.print(_tally(before, after, [change.what for change in changes]), soft_wrap=True)
    if json_file is not None:
        report: dict[str, Any] = {
            "from": before.version,
            "to": after.version,
            "changes": [
                {"kind": one.kind, "code": one.code, "name": one.name, "what": one.what, "fields": sorted(one.fields)}
                for one in changes
            ],
            "lost_codes": lost,
        }
        with explained():
            save(json_file, json.dumps(report, ensure_ascii=False, indent=2))
    if lost:
        stderr.print(f"assist: codes that vanished without being listed in retired.yaml: {' '.join(lost)}", style="red")
        raise typer.Exit(1)


def _reloaded(url: str) -> dict[str, Any]:
    """What the server at ``url`` says of the catalogue that it has read anew. Raises ``ServerError``, and
    ``ConfigError`` where its catalogue stays as it was.
    """
    try:
        server = server_address(url)
    except ValueError as error:
        raise ServerError(f"{url} is not the address of a server: {error}") from None
    request = Request(f"{server.geturl()}/v1/catalogue/reload", method="POST")
    try:
        with urlopen(request, timeout=_RELOADING) as answer:
            head: dict[str, Any] = json.load(answer)
        return {name: head[name] for name in ("name", "version", "templates")}
    except HTTPError as error:
        code, told = _error_body(error)
        if code == "bad_catalogue":
            raise ConfigError(told) from None
        raise ServerError(
            f"{url} does not reload the catalogue: {told or f'{error.code} {error.reason}'}. "
            "Run this on the machine that the server runs on, with the server's own address."
        ) from None
    except (OSError, HTTPException) as error:
        raise ServerError(f"no server answers at {url}: {getattr(error, 'reason', '') or error}") from None
    except (ValueError, KeyError, TypeError):
        raise ServerError(f"what answers at {url} is no hotline assist server") from None


def _error_body(error: HTTPError) -> tuple[str, str]:
    """Code and text of a server's error; empty where a proxy or another program answers."""
    try:
        body = json.loads(error.read())
        return body["code"], " ".join(filter(None, (body["message"], body["detail"])))
    except (ValueError, KeyError, TypeError, OSError, HTTPException):
        return "", ""


def _tally(before: Catalogue, after: Catalogue, changes: list[str]) -> str:
    kinds = ", ".join(f"{changes.count(what)} {what}" for what in ("added", "removed", "changed"))
    return f"{before.version} → {after.version}: {kinds}"


def _save(tables: Sequence[CatalogueTable], to: Path) -> None:
    """Write a workbook or a folder of CSV files. Raises `InputError`."""
    from extractors.catalogue import office  # noqa: PLC0415 - slow; not for --help

    if to.suffix.lower() == ".xlsx" and not to.parent.is_dir():
        raise InputError(f"{to} cannot be written: there is no folder {to.parent}")
    with writing(to):
        office.save(tables, to)
