"""Times of day: pieces such as "八点多" and "七点半左右" in, from when to when within a day out.

An exact time is a span of no length; "左右" widens it by a quarter of an hour each way, "多" to the next full hour,
"以后" leaves its end open. A part of a day is a span of its own length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from extractors.text.numerals import parse_number
from extractors.times.pieces import FROM, NUMERAL, TO, TimePiece

QUARTER = timedelta(minutes=15)

_NEXT_FIGURE = (  # behind a figure, where one or the other is meant (七八点)
    "(?:(?<=一)[二两]|(?<=[一二两])三|(?<=三)四|(?<=[三四])五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)"
)
_SHORT_OF = re.compile(f"差(一刻|({NUMERAL})分)")
_DAY = timedelta(days=1)
_LOOSE_HOUR = re.compile(f"{_NEXT_FIGURE}$")


def clock_of(text: str) -> timedelta | None:
    """The time of day that a piece of kind ``clock`` names; None where there is no such time."""
    short = _SHORT_OF.search(text)
    if short:
        whole = clock_of(text.replace(short.group(), ""))
        minutes = 15 if short[1] == "一刻" else parse_number(short[2]) or 0
        return None if whole is None else (whole - timedelta(minutes=minutes)) % _DAY
    digital = re.search("([0-9]{1,2})[:：]([0-9]{2})", text)
    if digital:
        return timedelta(hours=int(digital.group(1)), minutes=int(digital.group(2)))
    found = re.search(f"({NUMERAL})[点时](半|一刻|三刻|{NUMERAL})?", text)
    hour = parse_number(_LOOSE_HOUR.sub("", found.group(1))) if found else None
    if found is None or hour is None or hour > 24:
        return None
    said = found.group(2)
    minute = {"半": 30, "一刻": 15, "三刻": 45, None: 0}.get(said)
    if minute is None:
        minute = int(parse_number(said or "") or 0)
    return timedelta(hours=hour, minutes=minute) if minute < 60 else None


def span_of(
    clocks: Sequence[timedelta], part: tuple[int, int] | None, ranged: bool, pieces: Sequence[TimePiece]
) -> tuple[timedelta, timedelta | None] | None:
    """From when to when within a day, by the ``clocks`` named; None where only days are."""
    if not clocks:
        return (timedelta(hours=part[0]), timedelta(hours=part[1])) if part else None
    if ranged and len(clocks) == 1 and pieces[-1].kind == "part":
        return clocks[0], None  # 六点半到第二天早上
    if ranged and len(clocks) > 1:
        return clocks[0], _end_of_range(clocks[0], clocks[-1], pieces)
    words = "".join(piece.text for piece in pieces if piece.kind == "clock")
    at = clocks[-1]
    if len(clocks) > 1 and FROM.search(words) and TO.search(words):
        return clocks[0], at
    if FROM.search(words):
        return at, None
    if TO.search(words):
        return timedelta(), at
    if re.search(f"(?<!差不)多|[来几]|{_NEXT_FIGURE}点", words):
        return at, timedelta(hours=at // timedelta(hours=1) + 1)
    if re.search("左右|上下|大概|大约|差不多|将近|接近|快", words):
        return max(timedelta(), at - QUARTER), at + QUARTER
    return at, at


def _end_of_range(first: timedelta, last: timedelta, pieces: Sequence[TimePiece]) -> timedelta:
    """When a range from ``first`` to ``last`` ends: in the same half of the day, or in the other one (傍晚六点到九点半)
    unless a part of the day is told of it as well, or on the next day.
    """
    told = [piece.kind for piece in pieces if piece.kind in ("part", "clock")][-2:] == ["part", "clock"]
    halves = (0, 24) if told else (0, 12, 24)
    return next(end for hours in halves if (end := last + timedelta(hours=hours)) > first or hours == halves[-1])


def in_part(clock: timedelta, part: tuple[int, int] | None) -> timedelta:
    """A clock time moved into the half of the day that the words mean (晚上八点 is 20:00)."""
    if part is None:
        return clock
    half = timedelta(hours=12)
    first, last = timedelta(hours=part[0] - 1), timedelta(hours=part[1] + 1)
    for moved in (clock, clock + half, clock + 2 * half, clock - half):
        if max(timedelta(), first) <= moved <= last:
            return moved
    return clock
