"""The two ends of a range of days: its pieces in, those of either end out, each told in full.

What the end leaves out is that of the beginning: the month of a day (十月一号到七号), the year of a month, the week of
a weekday (上周三到周五).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from extractors.times.calendar_dates import months_after
from extractors.times.pieces import NUMERAL, TimePiece

_DATED = frozenset({"day", "month", "year", "feast"})
_DAY_OF_MONTH = re.compile(f"(?:大概|大约|差不多)?(?:{NUMERAL}|[一二两三]?十几)[号日]?")
_MONTH = re.compile(f"{NUMERAL}月")
_WEEK = re.compile("(大?上上?|下下?|这|本)个?(?=礼拜|星期|周)")
_WEEKDAY = re.compile("(?:礼拜|星期|周).")
_TOLD_YEAR = re.compile("大前年|[前去今明后]年")


def ends_of(pieces: Sequence[TimePiece]) -> tuple[list[TimePiece], list[TimePiece]] | None:
    """The pieces before 到 and those behind it; None where these are not two times of which each names a day, month or
    year.
    """
    borders = [number for number, piece in enumerate(pieces) if piece.kind == "to"]
    if len(borders) != 1 or any(piece.kind == "again" for piece in pieces):
        return None
    begin, end = list(pieces[: borders[0]]), list(pieces[borders[0] + 1 :])
    return (begin, end) if all(any(piece.kind in _DATED for piece in one) for one in (begin, end)) else None


def told_in_full(begin: Sequence[TimePiece], end: list[TimePiece], first: date) -> list[list[TimePiece]]:
    """The ``end`` of what begins on the day ``first``, with all that it leaves out; of a day of a month also that of
    the month behind.
    """
    head = end[0]
    if head.kind == "day" and _DAY_OF_MONTH.fullmatch(head.text):
        month = first.replace(day=1)
        return [[*_named(head, month), *end], [*_named(head, months_after(month, 1)), *end]]
    if head.kind == "month" and _MONTH.match(head.text) and any(_names_year(piece) for piece in begin):
        return [[_named(head, first)[0], *end]]
    week = next((found for piece in begin if piece.kind == "day" and (found := _WEEK.match(piece.text))), None)
    if week is not None and head.kind == "day" and _WEEKDAY.fullmatch(head.text):
        return [[replace(head, text=week.group() + head.text), *end[1:]]]
    return [end]


def _named(piece: TimePiece, month: date) -> tuple[TimePiece, TimePiece]:
    """The year and the month before ``piece``."""
    return replace(piece, kind="year", text=f"{month.year}年"), replace(piece, kind="month", text=f"{month.month}月")


def _names_year(piece: TimePiece) -> bool:
    return piece.kind == "year" or (piece.kind == "month" and _TOLD_YEAR.match(piece.text) is not None)
