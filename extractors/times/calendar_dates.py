"""Days, months, seasons and years: pieces such as "上周三" in, the first day and the one behind the last out.

A bare weekday or day of the month is the last one before the call, a bare weekday of what is to come the next one. A
date that is announced may be one of the next months.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from extractors.text.numerals import AS_FIGURES, parse_number
from extractors.times.pieces import NUMERAL, TimePiece

_WEEKDAYS = {
    "一": 0,
    "二": 1,
    "三": 2,
    "四": 3,
    "五": 4,
    "六": 5,
    "日": 6,
    "天": 6,
    "1": 0,
    "2": 1,
    "3": 2,
    "4": 3,
    "5": 4,
    "6": 5,
}
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}  # their first months
_THIRDS = (
    ("上旬", 1, 11),
    ("月初", 1, 11),
    ("初", 1, 11),
    ("头", 1, 11),
    ("中旬", 11, 21),
    ("月中", 11, 21),
    ("下旬", 21, 0),
)
_WEEKEND = ("末", "六日")
_IN_A_ROW = "123456789"
_ROWS_FROM_NINE = {"九十": (9, 10), "十十一": (10, 11), "十一二": (11, 12)}
_WEEKS = ("大上", "上", "这", "本", "下")
_BACK = (("大上", 2), ("上上", 2), ("上", 1), ("下下", -2), ("下", -1))
_SOON = 3  # months in which what is announced comes about
_HALF_A_MONTH = 15  # in days
_DAY = timedelta(days=1)
TODAY = ("今天", "今日")


class Calendar:
    """Finds dates. ``days``: how many days ago each day is; ``feasts``: their days, ``MM-DD`` or ``YYYY-MM-DD``."""

    def __init__(self, days: Mapping[str, Mapping[str, object]], feasts: Mapping[str, Sequence[str]]) -> None:
        self._days = days
        self._feasts = {name: [str(day) for day in told] for name, told in feasts.items()}

    def dates(
        self, pieces: Sequence[TimePiece], origin: datetime, ahead: bool, announced: bool
    ) -> tuple[date | None, date | None]:
        """The first day meant and the day after the last. ``ahead``: a weekday is the next one; ``announced``: a date
        without its year may be one of the next months, one without its month is the nearest.
        """
        today = origin.date()
        year = next((_year(piece.text, today) for piece in pieces if piece.kind in ("year", "month")), None)
        month: tuple[date, date] | None = None
        for piece in pieces:
            if piece.kind == "year" and year is not None:
                month = date(year, 1, 1), date(year + 1, 1, 1)
            elif piece.kind == "month":
                month = _month(piece.text, today, year, announced)
        for piece in pieces:
            if piece.kind not in ("day", "feast", "now", "ago"):
                continue
            if piece.kind == "feast":
                day = self._feast(piece.text, today, year, announced)
            elif piece.kind == "day" and piece.text in TODAY and _is_year(month):
                day = _day_of_month(today.day, today, _month(f"{today.month}月", today, year), several=False)
            elif piece.kind == "day":
                day = self._day(piece.text, today, month, ahead, announced)
            else:
                day = _whole(today) if piece.kind == "now" else None
            return (None, None) if day is None else day
        return month or (None, None)

    def _feast(self, text: str, today: date, year: int | None, announced: bool) -> tuple[date, date] | None:
        """The day of a feast, of ``year`` or the last one before the call, ``announced`` also the next one; None for
        days before or after it.
        """
        name = max((name for name in self._feasts if name in text), key=len)
        if re.search("[前后期假几]", text.partition(name)[2]):
            return None
        days = [
            date(when, int(told[-5:-3]), int(told[-2:]))
            for told in self._feasts[name]
            for when in ([int(told[:4])] if len(told) > 5 else range(today.year - 5, today.year + 2))
        ]
        latest = months_after(today, _SOON) if announced else today
        meant = [day for day in days if (day.year == year if year is not None else day <= latest)]
        return _whole(max(meant)) if meant else None

    def _day(
        self, text: str, today: date, month: tuple[date, date] | None, ahead: bool, announced: bool
    ) -> tuple[date, date] | None:
        if text in self._days:
            ago = self._days[text]["ago"]
            assert isinstance(ago, int)
            return _whole(today - ago * _DAY)
        if re.search("礼拜|星期|周", text):
            return _week(text, today) if text.startswith(_WEEKS) else _weekday(text, today, ahead)
        numeral = re.search(NUMERAL, text)
        number = parse_number(numeral.group()) if numeral else None
        if number is None:
            return None
        if "天" in text:
            return _whole(today - int(number) * _DAY)
        if announced and month is None:
            month = _nearest_month(int(number), today)
        return _day_of_month(int(number), today, month, several="几" in text)


def _whole(day: date) -> tuple[date, date]:
    return day, day + _DAY


def _week(text: str, today: date) -> tuple[date, date]:
    """A week told from that of ``today`` (上周), or a day of it (上周三)."""
    back = next((back for word, back in _BACK if text.startswith(word)), 0)
    monday = today - (today.weekday() + back * 7) * _DAY
    if text.endswith(_WEEKEND):
        return monday + 5 * _DAY, monday + 7 * _DAY
    if text[-1] in _WEEKDAYS:
        return _whole(monday + _WEEKDAYS[text[-1]] * _DAY)
    return monday, monday + 7 * _DAY


def _day_of_month(
    number: int, today: date, month: tuple[date, date] | None, *, several: bool
) -> tuple[date, date] | None:
    """The day ``number`` of ``month``, or the last such day before the call, for what happened lies in the past; with
    ``several`` one of ten days from there on (十几号). None where there is no such day.
    """
    first = month[0] if month else today.replace(day=1)
    if month is None and number > today.day:
        first = (first - _DAY).replace(day=1)
    try:
        day = first.replace(day=number)
    except ValueError:
        return None
    return (day, min(day + 10 * _DAY, months_after(first.replace(day=1), 1))) if several else _whole(day)


def _nearest_month(number: int, today: date) -> tuple[date, date]:
    """The month whose day ``number`` is nearest to ``today``."""
    apart = number - today.day
    first = months_after(today.replace(day=1), 1 if apart < -_HALF_A_MONTH else -1 if apart > _HALF_A_MONTH else 0)
    return first, months_after(first, 1)


def _is_year(days: tuple[date, date] | None) -> bool:
    return days is not None and days[1].year == days[0].year + 1 and days[0].month == days[1].month


def _weekday(text: str, today: date, ahead: bool) -> tuple[date, date] | None:
    """The last such weekday before ``today``, or the next one behind; None for several."""
    if text[-1] not in _WEEKDAYS or re.search("[到至]", text) or text.endswith(_WEEKEND):
        return None
    apart = (_WEEKDAYS[text[-1]] - today.weekday() if ahead else today.weekday() - _WEEKDAYS[text[-1]]) % 7 or 7
    return _whole(today + (apart if ahead else -apart) * _DAY)


def _year(text: str, today: date) -> int | None:
    """The year that a year or month names; None where it names none."""
    for word, back in (("大前年", 3), ("前年", 2), ("去年", 1), ("今年", 0), ("明年", -1), ("后年", -2)):
        if text.startswith(word):
            return today.year - back
    digits = "".join(
        str("零一二三四五六七八九".find(char)) if not char.isdigit() else char for char in text[:4].replace("〇", "零")
    )
    if len(digits) > 1 and text[2:3] == "年" and text[0] in "2二" and digits[1].isdigit():
        return 2020 + int(digits[1])  # 25年
    return int(digits) if re.fullmatch("[12][0-9]{3}", digits) else None


def _month(text: str, today: date, year: int | None, announced: bool = False) -> tuple[date, date] | None:
    """From when to when a month, a part of one, several in a row, a season or a year lasts; ``year`` where it is
    named, else the last such month before the call or, ``announced``, one of the next. None where there is none.
    """
    found = re.search(f"({NUMERAL})月", text)
    season = re.search("[春夏秋冬]", text)
    if found:
        named = _months_named(found.group(1))
        if named is None:
            return None
        number, last = named
        if year is None:
            soon = announced and (number - today.month) % 12 <= _SOON
            year = today.year + (number < today.month if soon else -(number > today.month))
        if last > number:
            return date(year, number, 1), months_after(date(year, number, 1), last - number + 1)
    elif season and year is not None:
        first = date(year, _SEASONS[season.group()], 1)
        return first, months_after(first, 3)
    elif "月" in text and year is None:
        back = next((back for word, back in _BACK if text.startswith(word)), 0)
        months = today.year * 12 + today.month - 1 - back
        year, number = months // 12, months % 12 + 1
    else:
        number = {"初": 1, "头": 1, "底": 12, "尾": 12}.get(text[-1], 0)
        year = year if year is not None else today.year
        if number:
            return date(year, number, 1), months_after(date(year, number, 1), 1)
        if "半年" in text:
            return (date(year, 1, 1), date(year, 7, 1)) if "上半" in text else (date(year, 7, 1), date(year + 1, 1, 1))
        return date(year, 1, 1), date(year + 1, 1, 1)
    return _part_of_month(text, date(year, number, 1))


def _months_named(numeral: str) -> tuple[int, int] | None:
    """The first and the last of the months that a numeral names, of several by their figures in a row (七八月); None
    where there is no such month.
    """
    figures = numeral.translate(AS_FIGURES)
    if len(figures) > 1 and figures in _IN_A_ROW and numeral != "12":
        return int(figures[0]), int(figures[-1])
    number = int(parse_number(numeral) or 0)
    return _ROWS_FROM_NINE.get(numeral) or ((number, number) if 0 < number <= 12 else None)


def _part_of_month(text: str, first: date) -> tuple[date, date]:
    """The third or the end of the month from ``first`` on that ``text`` names, else the whole of it."""
    last = months_after(first, 1)
    for words, start, end in _THIRDS:
        if text.endswith(words) and not text.endswith("中下旬"):
            return first.replace(day=start), first.replace(day=end) if end else last
    return (first.replace(day=21), last) if text.endswith(("底", "尾")) else (first, last)


def months_after(first: date, months: int) -> date:
    """The day ``months`` after the first day of a month."""
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
