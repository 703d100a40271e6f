"""Time expressions: words such as "昨天晚上八点多" in, their place, their cleaned words and an ISO 8601 form out.

The machine form is an interval ``start/end`` against the call's start. An exact clock time is an interval of no
length; "左右" widens it by a quarter of an hour each way, "多" to the next full hour, "以后" leaves the end open
(``..``). A day, a part of a day, a month, a season are intervals of their own length. A bare weekday is the last one
before the call. "两个小时前" is a time, "刚才" the quarter of an hour before the call. What recurs is
``R/P1D/T19:30/T22:00`` (daily), ``R/P1W/…`` or ``R/P1M/…``: the period, then the time within the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from extractors.cues import alternatives
from extractors.numerals import is_several, parse_number

_FIGURE = "[0-9零一二两三四五六七八九十]"
_NUMERAL = f"{_FIGURE}{{1,3}}"
_COUNTED = "(?:[0-9]+|好?几|[一二两三四五六七八九十]+[几多来]?|半)"
_THIRD = "(?:中下旬|[上中下]旬|月初|月中|月底|初(?!中)|底|中(?![秋学间午心]))"
_MONTH = (
    f"(?<!{_FIGURE})(?<![个几多半数])(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    "(?![租薪供卡费结票饼嫂亮光销均息])"
)
_DATE = (  # a day of the month without 号
    "(?<=月)(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
    "(?![0-9.一二两三四五六七八九十百千万点时几多个月年天周户人名位块元度家次])"
)
_AROUND = "(?:期间|那几天|那天|当天|前后|[之以]前|前(?!面)|[之以过]后|后(?!面))"
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
_BARE_DATE = re.compile(
    "(?:大概|大约|差不多)?[0-9零一二三四五六七八九十]{1,3}[号日]?"
)  # could be a house number as well
_DAYS = frozenset({"again", "day", "year", "month", "feast"})
_SENTENCE_END = re.compile("[。！；]")
_WEEKDAY = re.compile("(?:礼拜|星期|周)[一二三四五六日天]")
_YEAR_AGO = re.compile("[去今前明后]年|大前年")
_BARE_MONTH = re.compile(f"{_FIGURE}+月")
_NEXT_FIGURE = (  # behind a figure, where one or the other is meant (七八点)
    "(?:(?<=一)二|(?<=[一二两])三|(?<=三)四|(?<=[三四])五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)"
)
_LOOSE_HOUR = re.compile(f"{_NEXT_FIGURE}$")
_FROM, _TO = re.compile("以后|之后|后$"), re.compile("以前|之前")
_QUARTER = timedelta(minutes=15)
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}  # their first months
_THIRDS = (("上旬", 1, 11), ("月初", 1, 11), ("初", 1, 11), ("中旬", 11, 21), ("月中", 11, 21), ("下旬", 21, 0))
_LENGTHS = {"分": timedelta(minutes=1), "刻": _QUARTER, "时": timedelta(hours=1), "钟": timedelta(hours=1)}
_AGO = re.compile("([0-9一二两三四五六七八九十]+|半)(?:个(半)?)?(年|月|星期|礼拜|周|天|小时|钟头|钟|分钟|刻钟)(半)?")


@dataclass(frozen=True, slots=True)
class TimeWords:
    """A time expression: characters ``start:end``, ``words`` as a ticket writes it.

    ``day``: a day, month or year is named. ``recurring``: it happens again and again. ``clock``: an hour is named.
    ``feast``: a feast is, or the days around it.
    """

    start: int
    end: int
    words: str
    iso: str | None
    day: bool
    recurring: bool
    clock: bool
    feast: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str  # again, day, year, month, feast, ago, now, part, clock, to
    start: int
    end: int
    text: str
    corrects: bool = False  # the piece before
    listed: str | None = None  # what joins it to the piece before, a time of its own (九月和十月)


class TimeGrammar:
    """Finds time expressions; the vocabulary comes from ``catalog/rules/times.yaml``."""

    def __init__(
        self,
        parts: Mapping[str, Sequence[int]],
        days: Mapping[str, Mapping[str, object]],
        recurring: Sequence[str],
        gaps: Sequence[str],
        until: Sequence[str],
        corrections: Sequence[str],
        lists: Sequence[str],
        feasts: Mapping[str, Sequence[str]],
    ) -> None:
        self._parts = {name: (hours[0], hours[1]) for name, hours in parts.items()}
        self._days = days
        self._feasts = {name: [str(day) for day in told] for name, told in feasts.items()}
        about = "(?:大概|大约|差不多)?"
        nearly = "(?:大概|大约|差不多|将近|接近|快(?:到|要)?)?"
        kinds = {
            "again": alternatives(recurring),
            "now": "刚刚|刚才|头先",
            "ago": f"{about}{_COUNTED}(?:个半|个多|个)?(?:年|月|星期|礼拜|周|小时|钟头|钟|分钟|刻钟)[半多]?"
            "(?:以前|之前|前)(?![面台后往])",
            "year": "(?:[12][0-9]{3}|[一二][零〇一二三四五六七八九]{3})年(?![级度款])",
            "feast": f"{alternatives(list(feasts))}(?:节|假期|长假)?{_AROUND}?",
            "month": "(?:大前年|前年|去年|今年|明年|后年|上上个?月|上个?月|这个月|本月)(?:的?"
            + _NUMERAL
            + f"月份?|的?[春夏秋冬][天季])?{_THIRD}?"
            f"|{_NUMERAL}月份?{_THIRD}|{_NUMERAL}月份?(?={_NUMERAL}[号日]|初|底|的时候|[，,。]|$|给|就|开始)|{_MONTH}",
            "day": f"{alternatives(list(days))}|(?:上上|上|这|本|下)个?(?:礼拜|星期|周)[一二三四五六日天1-6]?"
            f"|(?:礼拜|星期|周)[一二三四五六日天末1-6](?:到(?:礼拜|星期|周)[一二三四五六日天1-6])?|{about}(?:{_NUMERAL}|[一二两三]?十几)[号日](?![楼线门窗院栋桥馆站厅])|{_DATE}"
            f"|{_NUMERAL}天(?:以前|之前|前)",
            "clock": f"{nearly}(?:[0-9]{{1,2}}[:：][0-9]{{2}}|{_NUMERAL}点(?:半|一刻|三刻|钟|{_NUMERAL}分?)?)(?!水|事)"
            "(?:来钟|多钟?|几分?(?![十百千个次天位户家辆])|左右|钟)*(?:以后|之后|以前|之前|后)?",
            "part": alternatives(list(parts)),
            "to": "到|至",
        }
        self._token = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()))
        corrected = f"(?P<corrects>{'|'.join(corrections)})"
        self._gap = re.compile(f"(?:{'|'.join(gaps)}|{corrected})*")
        self._lists = re.compile(f"(?:{'|'.join(lists)})?")
        self._gap_until = re.compile(f"(?:{'|'.join([*gaps, *until])})*")

    def find(self, text: str, origin: datetime, *, heard: bool = False, ahead: bool = False) -> list[TimeWords]:
        """All time expressions of ``text``; relative ones are resolved against ``origin``. ``heard``: a recogniser
        wrote the text, and digits where hours were said; ``ahead``: of what is to come.
        """
        chains = (self._resolve(chain, origin, heard, ahead) for chain in self._chains(text))
        return [found for found in chains if found is not None]

    def _chains(self, text: str) -> Iterator[list[_Piece]]:
        chain: list[_Piece] = []
        for match in self._token.finditer(text):
            piece = _Piece(match.lastgroup or "", match.start(), match.end(), match.group())
            between = text[chain[-1].end : piece.start] if chain else ""
            gap = self._gap.fullmatch(between) or (piece.kind == "to" and self._gap_until.fullmatch(between))
            anew = piece.kind in _DAYS and _SENTENCE_END.search(between) and any(one.kind == "clock" for one in chain)
            corrects = bool(gap and gap.re is self._gap and gap["corrects"])
            listed = bool(chain) and _listed(chain[-1], piece, between) and self._lists.fullmatch(between) is not None
            apart = bool(chain) and not corrects and self._of_another(chain, piece)
            if chain and not listed and (not gap or anew or chain[-1].kind == "ago" or apart):
                yield chain
                chain = []
            chain.append(replace(piece, corrects=bool(chain) and corrects, listed=between if listed else None))
        if chain:
            yield chain

    def _of_another(self, chain: Sequence[_Piece], piece: _Piece) -> bool:
        """Whether ``piece`` begins another time than ``chain``: what recurs beside a single day (天天，昨天晚上), a
        month behind a day, a day behind the part of one.
        """
        last = chain[-1]
        if piece.kind == "again":
            return last.kind in ("day", "feast", "clock")
        if last.kind == "again":
            return piece.text in self._days
        if piece.kind == "day" and [one.kind for one in chain[-2:]] == ["day", "part"]:
            return True
        if last.kind == "year":
            return _YEAR_AGO.match(piece.text) is not None
        return piece.kind in ("year", "month") and last.kind in ("day", "feast", "clock")

    def _resolve(self, chain: list[_Piece], origin: datetime, heard: bool, ahead: bool) -> TimeWords | None:
        while chain and chain[0].kind == "to":
            chain = chain[1:]
        while chain and chain[-1].kind == "to":
            chain = chain[:-1]
        if not chain:
            return None
        kept = _without_repeats(chain)
        kinds = {piece.kind for piece in kept}
        if any(piece.kind == "clock" and _clock(piece.text) is None for piece in kept):
            return None
        words = "".join(
            (piece.listed or ("，" if _ends(kept[number - 1 : number + 1]) else ""))
            + (_spelled(piece.text) if heard and piece.kind == "clock" else piece.text)
            for number, piece in enumerate(kept)
        )
        words = re.sub("^(大概|大约|差不多)", "", words)
        return TimeWords(
            start=chain[0].start,
            end=chain[-1].end,
            words=words,
            iso=self._iso(kept, origin, ahead),
            day=bool(kinds & {"month", "ago"})
            or {"now", "clock"} <= kinds
            or any(piece.kind == "day" and not _BARE_DATE.fullmatch(piece.text) for piece in kept),
            recurring="again" in kinds or words.startswith(("周", "星期", "礼拜")),
            clock="clock" in kinds,
            feast="feast" in kinds,
        )

    # ── machine form ──

    def _iso(self, pieces: Sequence[_Piece], origin: datetime, ahead: bool) -> str | None:
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

    def _of_list(self, pieces: Sequence[_Piece], origin: datetime, ahead: bool) -> str | None:
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

    def _clocks(self, pieces: Sequence[_Piece], part: tuple[int, int] | None) -> list[timedelta]:
        """The times of day that are named, each in the part of the day named before it (下午四点到晚上九点)."""
        clocks = []
        for piece in pieces:
            part = self._parts[piece.text] if piece.kind == "part" else part
            clock = _clock(piece.text) if piece.kind == "clock" else None
            if clock is not None:
                clocks.append(_in_part(clock, part))
        return clocks

    def _part(self, pieces: Sequence[_Piece]) -> tuple[int, int] | None:
        for piece in pieces:
            if piece.kind == "part":
                return self._parts[piece.text]
            if piece.kind == "day" and "part" in self._days.get(piece.text, {}):
                return self._parts[str(self._days[piece.text]["part"])]
        if any(piece.text == "每晚" for piece in pieces):
            return 18, 24
        return None

    def _dates(self, pieces: Sequence[_Piece], origin: datetime, ahead: bool) -> tuple[date | None, date | None]:
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
        numeral = re.search(_NUMERAL, text)
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


def _without_repeats(chain: list[_Piece]) -> list[_Piece]:
    """A chain without self-repeats ("七点，七点四十" → "七点四十") and without a time said and taken back."""
    kept: list[_Piece] = []
    for piece in chain:
        if piece.corrects:
            same = next((place for place, one in enumerate(kept) if one.kind == piece.kind), len(kept))
            kept = kept[:same]
        if kept and kept[-1].kind == "day" and _BARE_DATE.fullmatch(kept[-1].text) and _WEEKDAY.fullmatch(piece.text):
            continue  # the day of the week of that date
        again = kept and kept[-1].kind == piece.kind and piece.listed is None and piece.kind != "to"
        if again and not _ends([kept[-1], piece]):
            kept[-1] = piece
        elif piece.kind == "to" and (not kept or kept[-1].kind == "to"):
            continue
        else:
            kept.append(piece)
    return kept


def _listed(one: _Piece, other: _Piece, between: str) -> bool:
    """Whether two pieces can be two times of one list: other months, days or feasts; with nothing ``between`` them
    other months or days of a week alone.
    """
    alike = one.kind == other.kind and one.kind in ("month", "day", "feast") and one.text != other.text
    named = (_WEEKDAY, _BARE_MONTH)
    return alike and (bool(between) or any(name.fullmatch(one.text) and name.fullmatch(other.text) for name in named))


def _ends(two: Sequence[_Piece]) -> bool:
    """Whether two pieces are the two ends of a time (五点以后，六点半以前)."""
    return (
        len(two) > 1
        and all(piece.kind == "clock" for piece in two)
        and _FROM.search(two[0].text) is not None
        and _TO.search(two[1].text) is not None
    )


def _clock(text: str) -> timedelta | None:
    """The time of day that a clock piece names."""
    digital = re.search("([0-9]{1,2})[:：]([0-9]{2})", text)
    if digital:
        return timedelta(hours=int(digital.group(1)), minutes=int(digital.group(2)))
    found = re.search(f"({_NUMERAL})点(半|一刻|三刻|{_NUMERAL})?", text)
    hour = parse_number(_LOOSE_HOUR.sub("", found.group(1))) if found else None
    if found is None or hour is None or hour > 24:
        return None
    said = found.group(2)
    minute = {"半": 30, "一刻": 15, "三刻": 45, None: 0}.get(said)
    if minute is None:
        minute = int(parse_number(said or "") or 0)
    return timedelta(hours=hour, minutes=minute) if minute < 60 else None


def _spelled(text: str) -> str:
    """A clock time or month in characters, however the recogniser wrote it (7点40 → 七点四十)."""
    text = re.sub("([0-9]{1,2})[:：]([0-9]{2})", lambda m: f"{m[1]}点{m[2] if m[2] != '00' else ''}", text)
    text = re.sub("(?<![0-9])2(?=点)", "两", text)
    return re.sub("[0-9]{1,2}", lambda m: _characters(m.group()), text)


def _characters(digits: str) -> str:
    figures = "零一二三四五六七八九"
    tens, ones = divmod(int(digits), 10)
    if tens == 0:
        return "零" * (len(digits) - 1) + figures[ones]
    return ("" if tens == 1 else figures[tens]) + "十" + (figures[ones] if ones else "")


def _hours(
    clocks: Sequence[timedelta], part: tuple[int, int] | None, ranged: bool, pieces: Sequence[_Piece]
) -> tuple[timedelta, timedelta | None] | None:
    """From when to when within a day, by the ``clocks`` named; None where only days are."""
    if not clocks:
        return (timedelta(hours=part[0]), timedelta(hours=part[1])) if part else None
    if ranged and len(clocks) > 1:
        end = clocks[-1] if clocks[-1] > clocks[0] else clocks[-1] + timedelta(hours=12 if part is None else 24)
        return clocks[0], end
    words = "".join(piece.text for piece in pieces if piece.kind == "clock")
    at = clocks[-1]
    if len(clocks) > 1 and _FROM.search(words) and _TO.search(words):
        return clocks[0], at
    if _FROM.search(words):
        return at, None
    if _TO.search(words):
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


def _since(piece: _Piece, origin: datetime) -> str | None:
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
    found = re.search(f"({_NUMERAL})月", text)
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
