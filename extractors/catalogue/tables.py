"""A catalogue as tables that office people fill in: sheets with Chinese headings out, and back in.

In: a `Catalogue`, or tables somebody has edited. Out: tables, or the entries that `extractors.catalogue.write` makes a
catalogue directory of. What cannot be read is told by sheet, row and column, in Chinese, all of it at once. Which
sheets there are: `extractors.catalogue.sheets`. Files of tables: `extractors.catalogue.office`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from extractors.catalogue.cells import value_of, written
from extractors.catalogue.entries import Entry, entries_of
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.sheets import BY_KIND, BY_NAME, SHEETS, Column, Sheet

_NEEDED = ("head", "domains", "matters", "templates", "units", "slots")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it stands in a file: the headings of its first row, and the rows below as texts."""

    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong at a place of a table. ``row`` counts as spreadsheets do, headings first; 0: the whole sheet."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"工作表“{self.sheet}”"
        if self.row:
            place += f"第 {self.row} 行"
        return f"{place}{f'“{self.column}”列' if self.column else ''}：{self.message}"


class TablesError(Exception):
    """Tables that cannot be read; ``errors`` holds every place."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(slots=True)
class Entries:
    """What tables hold: entries by kind, and for each kind and key the row it stands in."""

    by_kind: dict[str, list[Entry]] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)


def tables(catalogue: Catalogue) -> list[Table]:
    """``catalogue`` as tables, every template with all its values."""
    entries = entries_of(catalogue)
    return [
        Table(
            sheet.name,
            sheet.headings,
            tuple(
                tuple(written(column, entry.get(column.key)) for column in sheet.columns)
                for entry in entries[sheet.kind]
            ),
        )
        for sheet in SHEETS
    ]


def blank() -> list[Table]:
    """The tables without a row, to be filled in."""
    return [Table(sheet.name, sheet.headings, ()) for sheet in SHEETS]


def read(given: Sequence[Table]) -> Entries:
    """The entries of tables. Raises `TablesError`."""
    errors: list[CellError] = []
    found = Entries()
    for table in given:
        sheet = BY_NAME.get(table.sheet)
        if sheet is not None:
            found.by_kind.setdefault(sheet.kind, []).extend(_entries(sheet, table, found.rows, errors))
    for sheet in SHEETS:
        if sheet.kind in _NEEDED and not found.by_kind.get(sheet.kind):
            errors.append(CellError(sheet.name, 0, "", "缺少此表或表中没有内容；请用“模板工作簿”补上"))
    if not errors:
        errors += _loose_ends(found)
    if errors:
        raise TablesError(errors)
    return found


def _entries(sheet: Sheet, table: Table, rows: dict[tuple[str, str], int], errors: list[CellError]) -> Iterator[Entry]:
    """The entries of ``table``; where each stands is put into ``rows``, what is wrong with it into ``errors``."""
    columns = {column.heading: column for column in sheet.columns}
    for heading in table.header:
        if heading and heading not in columns:
            errors.append(CellError(sheet.name, 1, heading, f"没有这一列；可用的列：{'、'.join(columns)}"))
    missing = [heading for heading, column in columns.items() if column.required and heading not in table.header]
    errors.extend(CellError(sheet.name, 1, heading, "缺少这一列") for heading in missing)
    if missing:
        return
    for number, cells in enumerate(table.rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        told = [
            (columns[heading], cell.strip())
            for heading, cell in zip(table.header, cells, strict=False)
            if heading in columns
        ]
        entry, wrong = _entry(told)
        errors.extend(CellError(sheet.name, number, heading, message) for heading, message in wrong)
        key = str(entry.get(sheet.key, ""))
        if (sheet.kind, key) in rows and key:
            first = rows[sheet.kind, key]
            errors.append(CellError(sheet.name, number, sheet.key_heading, f"“{key}”与第 {first} 行重复"))
        rows.setdefault((sheet.kind, key), number)
        yield entry


def _entry(cells: Iterable[tuple[Column, str]]) -> tuple[Entry, list[tuple[str, str]]]:
    """What the ``cells`` of one row say, and the headings of those that are wrong, each with why."""
    entry: Entry = {}
    wrong: list[tuple[str, str]] = []
    for column, cell in cells:
        try:
            value = value_of(column, cell)
        except ValueError as error:
            wrong.append((column.heading, str(error)))
            continue
        if value is not None:
            entry[column.key] = value
        elif column.required:
            wrong.append((column.heading, "不能为空"))
    return entry, wrong


def _loose_ends(found: Entries) -> Iterable[CellError]:
    """References to what no table holds."""
    units = {entry["name"] for entry in found.by_kind["units"]} | {"district"}
    slots = {entry["name"] for entry in found.by_kind["slots"]}
    matters = {entry["code"] for entry in found.by_kind["matters"]}
    domains = {entry["code"] for entry in found.by_kind["domains"]}
    codes = {entry["code"] for entry in found.by_kind["templates"]}

    def told(kind: str, entry: Entry, heading: str, message: str) -> CellError:
        sheet = BY_KIND[kind]
        return CellError(sheet.name, found.rows[kind, entry[sheet.key]], heading, message)

    for entry in found.by_kind["matters"]:
        if entry["domain"] not in domains:
            yield told("matters", entry, "领域编码", f"领域“{entry['domain']}”不在“领域”表中")
    for entry in found.by_kind["templates"]:
        if entry["code"].partition("-")[0] not in matters:
            yield told("templates", entry, "模板编码", f"事项“{entry['code'].partition('-')[0]}”不在“事项”表中")
        for heading, names in (
            ("处理单位", [entry["unit"]]),
            ("也可由", entry.get("unit_alternatives", ())),
            ("例外单位", [one["unit"] for one in entry.get("unit_exceptions", ())]),
        ):
            for name in names:
                if name not in units:
                    yield told("templates", entry, heading, f"单位“{name}”不在“处理单位”表中；请改为表中的简称")
        for heading, key in (("必填字段", "required"), ("选填字段", "optional"), ("追问话术", "asks")):
            for name in entry.get(key, ()):
                if name not in slots:
                    yield told("templates", entry, heading, f"字段“{name}”不在“字段”表中")
        for other in entry.get("confused_with", ()):
            if other["code"] not in codes:
                yield told("templates", entry, "易混模板", f"没有编码为“{other['code']}”的模板")
