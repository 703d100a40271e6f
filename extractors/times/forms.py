"""The machine form of a time: its pieces, as they were told, in, ISO 8601 out.

It is an interval ``start/end`` against the call's start: of days (`extractors.times.calendar_dates`) or, where
a time of day is told, within one (`extractors.times.clock_times`); an end that is left open is ``..``. "两个小时前"
is a time, "刚才" the quarter of an hour before the call. What recurs is ``R/P1D/T19:30/T22:00`` (daily),
``R/P1W/…`` or ``R/P1M/…``: the period, then the time within the day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from extractors.text.numerals import is_several, parse_number
from extractors.times.calendar_dates import Calendar, months_after
from extractors.times.clock_times import QUARTER, clock_of, in_part, span_of
from extractors.times.pieces import TimePiece
from extractors.times.ranges import ends_of, told_in_full

_MORNING, _EVENING = 6, 18  # hours at which these begin
_WOKEN = timedelta(hours=8)
_AFTERNOON = 12, 19
_LENGTHS = {"分": timedelta(minutes=1), "刻": QUARTER, "时": timedelta(hours=1), "钟": timedelta(hours=1)}
_AGO = re.compile("([0-9一二两三四五六七八九十]+|半)(?:个(半)?)?(年|月|星期|礼拜|周|天|小时|钟头|钟|分钟|刻钟)(半)?")


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
        self._calendar = Calendar(days, feasts)

    def of(self, pieces: Sequence[TimePiece], origin: datetime, ahead: bool, announced: bool) -> str | None:
        """The form of one time, against ``origin``; None where it has none. ``ahead``: what is meant is to come;
        ``announced``: a date may be.
        """
        if any(piece.kind == "lunar" for piece in pieces):
            return None
        if any(piece.listed is not None for piece in pieces):
            return self._of_list(pieces, origin, ahead, announced)
        ends = ends_of(pieces)
        if ends is not None:
            return self._of_range(*ends, origin, ahead, announced)
        again = next((piece.text for piece in pieces if piece.kind == "again"), None)
        part = self._part(pieces)
        clocks = self._clocks(pieces, part, ahead)
        ranged = any(piece.kind == "to" for piece in pieces)
        span = span_of(clocks, part, ranged, pieces)
        if again is not None:
            again += "".join(piece.text for piece in pieces if piece.kind == "day" and piece.text.endswith("周末"))
            period = "P1W" if any(w in again for w in ("周", "礼拜", "星期")) else "P1M" if "月" in again else "P1D"
            return f"R/{period}" if span is None else f"R/{period}/T{_hhmm(span[0])}/{_open(span[1])}"
        if len(pieces) == 1 and pieces[0].kind in ("now", "ago"):
            return _since(pieces[0], origin)
        first, last = self._calendar.dates(pieces, origin, ahead, announced)
        if first is None or last is None:
            if span is None or not clocks:
                return None
            return f"T{_hhmm(span[0])}/{_open(span[1])}"
        if span is None or (last - first).days > 1:
            return f"{first.isoformat()}/{last.isoformat()}"
        midnight = datetime.combine(first, time())
        start = (midnight + span[0]).isoformat(timespec="minutes")
        return f"{start}/.." if span[1] is None else f"{start}/{(midnight + span[1]).isoformat(timespec='minutes')}"

    def _of_range(
        self, begin: list[TimePiece], end: list[TimePiece], origin: datetime, ahead: bool, announced: bool
    ) -> str | None:
        """From where one time begins to where another ends; None where they are in no order."""
        first, _ = self._calendar.dates(begin, origin, ahead, announced)
        begun = self.of(begin, origin, ahead, announced)
        if first is None or begun is None:
            return None
        ended = (self.of(told, origin, ahead, announced) for told in told_in_full(begin, end, first))
        return next((form for last in ended if last is not None and (form := _spanning(begun, last))), None)

    def _of_list(self, pieces: Sequence[TimePiece], origin: datetime, ahead: bool, announced: bool) -> str | None:
        """From the first to the last of times that are nothing but days or months."""
        if len({piece.kind for piece in pieces}) > 1:
            return None
        first, _ = self._calendar.dates(pieces[:1], origin, ahead, announced)
        _, last = self._calendar.dates(pieces[-1:], origin, ahead, announced)
        return (
            f"{first.isoformat()}/{last.isoformat()}"
            if first is not None and last is not None and first < last
            else None
        )

    def _clocks(self, pieces: Sequence[TimePiece], part: tuple[int, int] | None, ahead: bool) -> list[timedelta]:
        """The times of day that are named, each in the part of the day named before it (下午四点到晚上九点); ``ahead``:
        in the afternoon where none is named before hours that nobody is called at.
        """
        clocks = []
        evening = any(self._is_evening(piece) for piece in pieces)
        for piece in pieces:
            if piece.kind == "part":
                part = self._parts[piece.text]
                if evening and part[1] <= _MORNING:
                    part = part[0] + 24, part[1] + 24  # 昨晚凌晨两点
            clock = clock_of(piece.text) if piece.kind == "clock" else None
            if clock is not None:
                late = ahead and part is None and clock < _WOKEN
                clocks.append(in_part(clock, _AFTERNOON if late else part))
        return clocks

    def _is_evening(self, piece: TimePiece) -> bool:
        """Whether a word for a day tells its evening too (昨晚)."""
        part = self._days.get(piece.text, {}).get("part")
        return part is not None and self._parts[str(part)][0] >= _EVENING

    def _part(self, pieces: Sequence[TimePiece]) -> tuple[int, int] | None:
        for piece in pieces:
            if piece.kind == "part":
                return self._parts[piece.text]
            if piece.kind == "day" and "part" in self._days.get(piece.text, {}):
                return self._parts[str(self._days[piece.text]["part"])]
        if any(piece.text == "每晚" for piece in pieces):
            return 18, 24
        return None


def _spanning(one: str, other: str) -> str | None:
    """The interval from the start of ``one`` to the end of ``other``; None where that does not lie behind."""
    if not other[0].isdigit():
        return None
    start, end = one.partition("/")[0], other.partition("/")[2]
    if end != ".." and ("T" in start) != ("T" in end):
        start, end = (at if "T" in at else f"{at}T00:00" for at in (start, end))
    return f"{start}/{end}" if end == ".." or start < end else None


def _since(piece: TimePiece, origin: datetime) -> str | None:
    """The machine form of "刚才" and "两个小时前"; None where it is not told how long ago."""
    at = origin.replace(second=0, microsecond=0, tzinfo=None)
    if piece.kind == "now":
        return f"{(at - QUARTER).isoformat(timespec='minutes')}/{at.isoformat(timespec='minutes')}"
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
        return f"{first.isoformat()}/{months_after(first, 1).isoformat()}"
    days = {"年": 365, "月": 30}.get(unit, 1 if unit == "天" else 7)
    day = at.date() - timedelta(days=int(number * days))
    return f"{day.isoformat()}/{(day + timedelta(days=1)).isoformat()}"


def _hhmm(at: timedelta) -> str:
    minutes = int(at.total_seconds()) // 60 % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _open(end: timedelta | None) -> str:
    return ".." if end is None else f"T{_hhmm(end)}"
