"""The machine form of a time: its pieces, as they were told, in, ISO 8601 out.

It is an interval ``start/end`` against the call's start. An exact clock time is an interval of no length; "左右" widens
it by a quarter of an hour each way, "多" to the next full hour, "以后" leaves the end open (``..``). A day, a part of a
day, a month, a season are intervals of their own length. A bare weekday is the last one before the call. "两个小时前"
is a time, "刚才" the quarter of an hour before the call. What recurs is ``R/P1D/T19:30/T22:00`` (daily), ``R/P1W/…`` or
``R/P1M/…``: the period, then the time within the day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from extractors.numerals import is_several, parse_number

FIGURE = "[0-9零一二两三四五六七八九十]"
NUMERAL = f"{FIGURE}{{1,3}}"
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
_NEXT_FIGURE = (  # behind a figure, where one or the other is meant (七八点)
    "(?:(?<=一)二|(?<=[一二两])三|(?<=三)四|(?<=[三四])五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)"
)
_LOOSE_HOUR = re.compile(f"{_NEXT_FIGURE}$")
FROM, TO = re.compile("以后|之后|后$"), re.compile("以前|之前")
_QUARTER = timedelta(minutes=15)
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}  # their first months
_THIRDS = (("上旬", 1, 11), ("月初", 1, 11), ("初", 1, 11), ("中旬", 11, 21), ("月中", 11, 21), ("下旬", 21, 0))
_LENGTHS = {"分": timedelta(minutes=1), "刻": _QUARTER, "时": timedelta(hours=1), "钟": timedelta(hours=1)}
_AGO = re.compile("([0-9一二两三四五六七八九十]+|半)(?:个(半)?)?(年|月|星期|礼拜|周|天|小时|钟头|钟|分钟|刻钟)(半)?")


@dataclass(frozen=True, slots=True)
class TimePiece:
    """A stretch of a time expression that tells one thing of it: characters ``start:end``."""

    kind: str  # again, day, year, month, feast, ago, now, part, clock, to
    start: int
    end: int
    text: str
    corrects: bool = False  # the piece before
    listed: str | None = None  # what joins it to the piece before, a time of its own (九月和十月)


class TimeForms:
    """Resolves times. ``parts``: the hours from and to which each part of a day lasts; ``days``: how many days ago each
    day is, and of which part; ``feasts``: their days, ``MM-DD`` or ``YYYY-MM-DD``.
    """

    def __init__(
        self,
        parts: Mapping[str, Sequence[int]],
        days: Mapping[str, Mapping[str, object]],
        feasts: Mapping[str, Sequence[str]],
    ) -> None:
        self._parts = {name: (hours[0], hours[1]) for name, hours in parts.items()}
        self._days = days
        self._feasts = {name: [str(day) for day in told] for name, told in feasts.items()}

    def of(self, pieces: Sequence[TimePiece], origin: datetime, ahead: bool) -> str | None:
        """The form of one time, against ``origin``; None where it has none. ``ahead``: what is meant is to come."""
        if any(piece.listed is not None for piece in pieces):
            return self._of_list(pieces, origin, ahead)
        again = next((piece.text for piece in pieces if piece.kind == "again"), None)
        part = self._part(pieces)
        clocks = self._clocks(pieces, part)
        ranged = any(piece.kind == "to" for piece in pieces)
        span = _hours(clocks, part, ranged, pieces)
        if again is not None:
            period = "P1W" if any(w in again for w in ("周", "礼拜", "星期")) else "P1M" if "月" in again else "P1D"
            return f"R/{period}" if span is None else f"R/{period}/T{_hhmm(span[0])}/{_open(span[1])}"
        if len(pieces) == 1 and pieces[0].kind in ("now", "ago"):
            return _since(pieces[0], origin)
        first, last = self._dates(pieces, origin, ahead)
        if first is None or last is None:
            if span is None or not clocks:
                return None
            return f"T{_hhmm(span[0])}/{_open(span[1])}"
        if span is None:
            return f"{first.isoformat()}/{last.isoformat()}"
        if (last - first).days > 1:
            return f"{first.isoformat()}/{last.isoformat()}"
        midnight = datetime.combine(first, time())
        start = (midnight + span[0]).isoformat(timespec="minutes")
        return f"{start}/.." if span[1] is None else f"{start}/{(midnight + span[1]).isoformat(timespec='minutes')}"

    def _of_list(self, pieces: Sequence[TimePiece], origin: datetime, ahead: bool) -> str | None:
        """From the first to the last of times that are nothing but days or months."""
        if len({piece.kind for piece in pieces}) > 1:
            return None
        first, _ = self._dates(pieces[:1], origin, ahead)
        _, last = self._dates(pieces[-1:], origin, ahead)
        return (
            f"{first.isoformat()}/{last.isoformat()}"
            if first is not None and last is not None and first < last
            else None
        )

    def _clocks(self, pieces: Sequence[TimePiece], part: tuple[int, int] | None) -> list[timedelta]:
        """The times of day that are named, each in the part of the day named before it (下午四点到晚上九点)."""
        clocks = []
        for piece in pieces:
            part = self._parts[piece.text] if piece.kind == "part" else part
            clock = clock_of(piece.text) if piece.kind == "clock" else None
            if clock is not None:
                clocks.append(_in_part(clock, part))
        return clocks

    def _part(self, pieces: Sequence[TimePiece]) -> tuple[int, int] | None:
        for piece in pieces:
            if piece.kind == "part":
                return self._parts[piece.text]
            if piece.kind == "day" and "part" in self._days.get(piece.text, {}):
                return self._parts[str(self._days[piece.text]["part"])]
        if any(piece.text == "每晚" for piece in pieces):
            return 18, 24
        return None

    def _dates(self, pieces: Sequence[TimePiece], origin: datetime, ahead: bool) -> tuple[date | None, date | None]:
        """The first day meant and the day after the last."""
        today = origin.date()
        year = next((_year(piece.text, today) for piece in pieces if piece.kind in ("year", "month")), None)
        month: tuple[date, date] | None = None
        for piece in pieces:
            if piece.kind == "year" and year is not None:
                month = date(year, 1, 1), date(year + 1, 1, 1)
            elif piece.kind == "month":
                month = _month(piece.text, today, year)
        for piece in pieces:
            if piece.kind not in ("day", "feast", "now", "ago"):
                continue
            if piece.kind == "feast":
                day = self._feast(piece.text, today, year)
            elif piece.kind == "day":
                day = self._day(piece.text, today, month, ahead)
            else:
                day = (today, today + timedelta(days=1)) if piece.kind == "now" else None
            return (None, None) if day is None else day
        return month or (None, None)

    def _feast(self, text: str, today: date, year: int | None) -> tuple[date, date] | None:
        """The day of a feast, of ``year`` or the last one before the call; None for days before or after it."""
        name = max((name for name in self._feasts if text.startswith(name)), key=len)
        if re.search("[前后期假几]", text[len(name) :]):
            return None
        days = [
            date(when, int(told[-5:-3]), int(told[-2:]))
            for told in self._feasts[name]
            for when in ([int(told[:4])] if len(told) > 5 else range(today.year - 5, today.year + 1))
        ]
        meant = [day for day in days if (day.year == year if year is not None else day <= today)]
        return (max(meant), max(meant) + timedelta(days=1)) if meant else None

    def _day(self, text: str, today: date, month: tuple[date, date] | None, ahead: bool) -> tuple[date, date] | None:
        one = timedelta(days=1)
        if text in self._days:
            ago = self._days[text]["ago"]
            assert isinstance(ago, int)
            day = today - ago * one
            return day, day + one
        numeral = re.search(NUMERAL, text)
        week = re.search("礼拜|星期|周", text)
        if week:
            monday = today - today.weekday() * one
            back = 2 if text.startswith("上上") else {"上": 1, "下": -1}.get(text[0], 0)
            if not text.startswith(("上", "这", "本", "下")):
                return _weekday(text, today, ahead)
            monday -= back * 7 * one
            if text[-1] in _WEEKDAYS and week.end() < len(text):
                day = monday + _WEEKDAYS[text[-1]] * one
                return day, day + one
            return monday, monday + 7 * one
        number = parse_number(numeral.group()) if numeral else None
        if number is None:
            return None
        if "天" in text:
            day = today - int(number) * one
            return day, day + one
        first = month[0] if month else today.replace(day=1)
        if month is None and number > today.day:
            first = (first - one).replace(day=1)  # what happened lies in the past
        try:
            day = first.replace(day=int(number))
        except ValueError:
            return None
        return day, min(day + 10 * one, _after(first.replace(day=1), 1)) if "几" in text else day + one


def clock_of(text: str) -> timedelta | None:
    """The time of day that a piece of kind ``clock`` names; None where there is no such time."""
    digital = re.search("([0-9]{1,2})[:：]([0-9]{2})", text)
    if digital:
        return timedelta(hours=int(digital.group(1)), minutes=int(digital.group(2)))
    found = re.search(f"({NUMERAL})点(半|一刻|三刻|{NUMERAL})?", text)
    hour = parse_number(_LOOSE_HOUR.sub("", found.group(1))) if found else None
    if found is None or hour is None or hour > 24:
        return None
    said = found.group(2)
    minute = {"半": 30, "一刻": 15, "三刻": 45, None: 0}.get(said)
    if minute is None:
        minute = int(parse_number(said or "") or 0)
    return timedelta(hours=hour, minutes=minute) if minute < 60 else None


def _hours(
    clocks: Sequence[timedelta], part: tuple[int, int] | None, ranged: bool, pieces: Sequence[TimePiece]
) -> tuple[timedelta, timedelta | None] | None:
    """From when to when within a day, by the ``clocks`` named; None where only days are."""
    if not clocks:
        return (timedelta(hours=part[0]), timedelta(hours=part[1])) if part else None
    if ranged and len(clocks) > 1:
        end = clocks[-1] if clocks[-1] > clocks[0] else clocks[-1] + timedelta(hours=12 if part is None else 24)
        return clocks[0], end
    words = "".join(piece.text for piece in pieces if piece.kind == "clock")
    at = clocks[-1]
    if len(clocks) > 1 and FROM.search(words) and TO.search(words):
        return clocks[0], at
    if FROM.search(words):
        return at, None
    if TO.search(words):
        return timedelta(), at
    if re.search(f"[多来几]|{_NEXT_FIGURE}点", words):
        return at, timedelta(hours=at // timedelta(hours=1) + 1)
    if re.search("左右|大概|大约|差不多|将近|接近|快", words):
        return max(timedelta(), at - _QUARTER), at + _QUARTER
    return at, at


def _in_part(clock: timedelta, part: tuple[int, int] | None) -> timedelta:
    """A clock time moved into the half of the day that the words mean (晚上八点 is 20:00)."""
    if part is None:
        return clock
    half = timedelta(hours=12)
    first, last = timedelta(hours=part[0] - 1), timedelta(hours=part[1] + 1)
    for moved in (clock, clock + half, clock + 2 * half):
        if first <= moved <= last:
            return moved
    return clock


def _weekday(text: str, today: date, ahead: bool) -> tuple[date, date] | None:
    """The last such weekday before ``today``, or the next one behind; None for several."""
    if text[-1] not in _WEEKDAYS or "到" in text:
        return None
    apart = (_WEEKDAYS[text[-1]] - today.weekday() if ahead else today.weekday() - _WEEKDAYS[text[-1]]) % 7 or 7
    day = today + timedelta(days=apart if ahead else -apart)
    return day, day + timedelta(days=1)


def _since(piece: TimePiece, origin: datetime) -> str | None:
    """The machine form of "刚才" and "两个小时前"; None where it is not told how long ago."""
    at = origin.replace(second=0, microsecond=0, tzinfo=None)
    if piece.kind == "now":
        return f"{(at - _QUARTER).isoformat(timespec='minutes')}/{at.isoformat(timespec='minutes')}"
    found = _AGO.search(piece.text)
    if found is None or is_several(found[1]) or re.search("[几多来]", piece.text):
        return None
    number = 0.5 if found[1] == "半" else parse_number(found[1])
    if number is None or number > 1000:
        return None
    number += 0.5 if found[2] or found[4] else 0.0
    unit = found[3]
    if unit[0] in _LENGTHS or unit == "小时":
        moment = (at - number * _LENGTHS[unit[-1] if unit == "小时" else unit[0]]).isoformat(timespec="minutes")
        return f"{moment}/{moment}"
    if unit in ("年", "月") and number != 0.5:
        months = at.year * 12 + at.month - 1 - int(number * (12 if unit == "年" else 1))
        if months < 12:
            return None
        first = date(months // 12, months % 12 + 1, 1)
        return f"{first.isoformat()}/{_after(first, 1).isoformat()}"
    days = {"年": 365, "月": 30}.get(unit, 1 if unit == "天" else 7)
    day = at.date() - timedelta(days=int(number * days))
    return f"{day.isoformat()}/{(day + timedelta(days=1)).isoformat()}"


def _year(text: str, today: date) -> int | None:
    """The year that a year or month names; None where it names none."""
    for word, back in (("大前年", 3), ("前年", 2), ("去年", 1), ("今年", 0), ("明年", -1), ("后年", -2)):
        if text.startswith(word):
            return today.year - back
    digits = "".join(
        str("零一二三四五六七八九".find(char)) if not char.isdigit() else char for char in text[:4].replace("〇", "零")
    )
    return int(digits) if re.fullmatch("[12][0-9]{3}", digits) else None


def _month(text: str, today: date, year: int | None) -> tuple[date, date]:
    """From when to when a month, a part of one, a season or a year lasts; ``year`` where it is named."""
    found = re.search(f"({NUMERAL})月", text)
    season = re.search("[春夏秋冬]", text)
    if found:
        number = int(parse_number(found.group(1)) or 0)
        if year is None:
            year = today.year - (number > today.month)
    elif season and year is not None:
        first = date(year, _SEASONS[season.group()], 1)
        return first, _after(first, 3)
    elif "月" in text and year is None:
        back = 2 if text.startswith("上上") else 1 if text.startswith("上") else 0
        months = today.year * 12 + today.month - 1 - back
        year, number = months // 12, months % 12 + 1
    else:
        number = {"初": 1, "底": 12}.get(text[-1], 0)
        year = year if year is not None else today.year
        if number:
            return date(year, number, 1), _after(date(year, number, 1), 1)
    if not number or number > 12:
        return date(year, 1, 1), date(year + 1, 1, 1)
    first, last = date(year, number, 1), _after(date(year, number, 1), 1)
    for words, start, end in _THIRDS:
        if text.endswith(words) and not text.endswith("中下旬"):
            return first.replace(day=start), first.replace(day=end) if end else last
    return (first.replace(day=21), last) if text.endswith("底") else (first, last)


def _after(first: date, months: int) -> date:
    """The day ``months`` after the first day of a month."""
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _hhmm(at: timedelta) -> str:
    minutes = int(at.total_seconds()) // 60 % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _open(end: timedelta | None) -> str:
    return ".." if end is None else f"T{_hhmm(end)}"
