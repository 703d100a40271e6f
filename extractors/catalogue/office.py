"""Tables of a catalogue as files that office programs open: an Excel workbook, or a folder of CSV files.

In: tables or a path. Out: a file or tables. Cells are texts on both ways, so that codes and dates stay as they are
written. A workbook to fill in has lists to choose from and a note at each heading.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from extractors.catalogue.sheets import BY_NAME, Column
from extractors.catalogue.tables import CellError, Table, TablesError

_GUIDE = "说明"
_GUIDANCE = (
    "本工作簿用于维护热线自己的目录：每张表一类内容，第一行是列名，请勿改动。",
    "一格里有多个值时，每行写一个（Alt+Enter 换行）。",
    "编码一经使用不再改动，也不再用于别的内容；停用的编码请登记在“停用编码”表。",
    "带 * 的列必填。把鼠标停在列名上可看到填写说明。",
    "填好后运行：assist catalog import 本文件 --out 目录文件夹。有错误时会逐条指出工作表、行和列。",
)
_WIDTHS = {"record": 60, "when": 40, "phrasings": 50, "title": 30, "asks": 40, "confused_with": 50, "answer": 60}
_ROWS_TO_FILL = 10_000


def save(tables: Sequence[Table], path: Path) -> None:
    """Write ``tables`` to ``path``: a workbook (``.xlsx``), or else a folder of CSV files."""
    if path.suffix.lower() == ".xlsx":
        _workbook(tables).save(path)
        return
    path.mkdir(parents=True, exist_ok=True)
    for table in tables:
        # with a byte order mark, by which Excel knows UTF-8
        with (path / f"{table.sheet}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([table.header, *table.rows])


def read(path: Path) -> list[Table]:
    """The tables of a workbook or of a folder of CSV files. Raises `TablesError` for what is neither."""
    if path.is_dir():
        return [_csv(file) for file in sorted(path.glob("*.csv"))]
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        message = f"打不开：{error}。请另存为 .xlsx 工作簿，或给出放有 CSV 文件的文件夹"
        raise TablesError([CellError(path.name, 0, "", message)]) from None
    try:
        return [_table(sheet.title, sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
    finally:
        book.close()


def _csv(file: Path) -> Table:
    for encoding in ("utf-8-sig", "gb18030"):  # what Excel saves in China without being asked
        try:
            with file.open(encoding=encoding, newline="") as stream:
                return _table(file.stem, csv.reader(stream))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise TablesError([CellError(file.stem, 0, "", f"不是有效的 CSV：{error}")]) from None
    raise TablesError([CellError(file.stem, 0, "", "不是 UTF-8 或 GB18030 编码；请另存为“CSV UTF-8”")])


def _table(name: str, rows: Any) -> Table:
    texts = [tuple(_text(cell) for cell in row) for row in rows]
    while texts and not any(texts[-1]):
        texts.pop()
    header = tuple(heading.rstrip("* ") for heading in texts[0]) if texts else ()
    return Table(name, header, tuple(texts[1:]))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\r\n", "\n")


def _workbook(tables: Sequence[Table]) -> Workbook:
    book = Workbook()
    guide: Any = book.active
    guide.title = _GUIDE
    guide.column_dimensions["A"].width = 100
    for line in _GUIDANCE:
        guide.append([line])
    for table in tables:
        sheet = book.create_sheet(table.sheet)
        columns = {column.heading: column for column in BY_NAME[table.sheet].columns}
        sheet.append([f"{heading} *" if columns[heading].required else heading for heading in table.header])
        for row in table.rows:
            sheet.append(list(row))
        for number, heading in enumerate(table.header, start=1):
            _dress(sheet, number, columns[heading])
        sheet.freeze_panes = "B2"
    return book


def _dress(sheet: Worksheet, number: int, column: Column) -> None:
    letter = get_column_letter(number)
    head: Any = sheet[f"{letter}1"]
    head.font = Font(bold=True)
    head.fill = PatternFill("solid", fgColor="DDE6F0")
    head.alignment = Alignment(vertical="top", wrap_text=True)
    if column.note:
        head.comment = Comment(column.note, "hotline-assist", width=320, height=90)
    sheet.column_dimensions[letter].width = _WIDTHS.get(column.key, 16)
    cells = range(2, sheet.max_row + 1)
    for row in cells:
        cell: Any = sheet[f"{letter}{row}"]
        cell.number_format = "@"  # text: codes keep their zeros
        if column.cells in ("list", "pairs") or column.key in _WIDTHS:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    if column.choices:
        choices = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=not column.required)
        choices.add(f"{letter}2:{letter}{_ROWS_TO_FILL}")
        sheet.add_data_validation(choices)
