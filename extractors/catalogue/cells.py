"""One cell of a sheet: the value of an entry in, the text that office people see out, and back in.

Several values stand one below the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from extractors.catalogue.sheets import COLON, Cells, Column

_YES, _NO = "是", "否"


def written(column: Column, value: Any) -> str:
    """The cell that holds ``value``; empty for None."""
    if value is None:
        return ""
    if column.cells == "flag":
        return _YES if value else _NO
    if column.cells == "list":
        return "\n".join(map(str, value))
    if column.cells == "pairs":
        pairs = value.items() if isinstance(value, Mapping) else [tuple(one.values()) for one in value]
        return "\n".join(f"{one}{COLON}{other}" for one, other in pairs)
    return str(value)


def value_of(column: Column, cell: str) -> Any:
    """What a cell says; None when it is empty. Raises ``ValueError`` that says what is wrong with it."""
    if not cell:
        return None
    read_cell: dict[Cells, Callable[[], Any]] = {
        "text": lambda: _text(column, cell),
        "flag": lambda: _flag(cell),
        "list": lambda: [line.strip() for line in cell.splitlines() if line.strip()],
        "pairs": lambda: _pairs(column, cell),
    }
    return read_cell[column.cells]()


def _text(column: Column, cell: str) -> str:
    if column.choices and cell not in column.choices:
        raise ValueError(f"“{cell}”不可用；可填：{'、'.join(column.choices)}")
    if "\n" in cell:
        raise ValueError("只能写一行")
    return cell


def _flag(cell: str) -> bool:
    if cell not in (_YES, _NO):
        raise ValueError(f"“{cell}”不可用；可填：{_YES}、{_NO}")
    return cell == _YES


def _pairs(column: Column, cell: str) -> Any:
    pairs = []
    for line in filter(None, map(str.strip, cell.splitlines())):
        one, colon, other = line.partition(COLON) if COLON in line else line.partition(":")
        if not colon or not one.strip() or not other.strip():
            raise ValueError(f"“{line[:20]}”应写成“{column.note.partition('“')[2].rstrip('”')}”")
        pairs.append((one.strip(), other.strip()))
    if column.parts is None:
        return dict(pairs)
    return [dict(zip(column.parts, pair, strict=True)) for pair in pairs]
