"""Time expressions: words such as "昨天晚上八点多" in, their place, their cleaned words and an ISO 8601 form out.

Pieces that tell one thing each (a day, an hour, 每天) are found and put together to times; a time that is said again or
taken back counts once. What each means in the calendar: `extractors.times.forms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise, takewhile

from extractors.text.cues import alternatives
from extractors.times.calendar_dates import TODAY
from extractors.times.clock_times import clock_of
from extractors.times.context import any_of, clause_around, clause_before
from extractors.times.forms import TimeForms
from extractors.times.pieces import FIGURE, FROM, NUMERAL, TO, TimePiece
from extractors.times.said_times import as_said

_COUNTED = "(?:[0-9]+|好?几|[一二两三四五六七八九十]+[几多来]?|半)"
_THIRD = "(?:中下旬|[上中下]旬|月初|月中|月底|月头|月尾|初(?!中)|底|头(?![先发])|尾(?![号数款])|中(?![秋学间午心]))"
_MONTH = (
    f"(?<!{FIGURE})(?<![个几多半数])(?:一二|二三|三四|四五|五六|六七|七八|八九|九十|十一二|1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    "(?![租薪供卡费结票饼嫂亮光销均息])"
)
_NO_COUNT = "(?![0-9.一二两三四五六七八九十百千万点时几多个月年天周户人名位块元度家次])"
_DATE = (  # a day of the month without 号
    f"(?<=月)(?!一[定起直样般并共边旦切致律])(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]){_NO_COUNT}"
)
_FIRST_TEN = f"初(?:十|[一二三四五六七八九]){_NO_COUNT}"  # days of a lunar month
_LUNAR_DAY = f"(?:{_FIRST_TEN}|(?:廿[一二三四五六七八九]?|{NUMERAL}){_NO_COUNT}[号日]?)"
_AROUND = "(?:期间|那几天|那天|当天|前后|[前后][一两二三几][天日]|[之以]前|前(?!面)|[之以过]后|后(?!面))"
_BARE_DATE = re.compile(
    "(?:大概|大约|差不多)?[0-9零一二三四五六七八九十]{1,3}[号日]?"
)  # could be a house number as well
_DAYS = frozenset({"again", "day", "year", "month", "feast", "lunar"})
_SENTENCE_END = re.compile("[。！；]")
# 每个星期二、四、六; not 每周五一次
_MORE_DAYS = "(?:[、和跟]?[一二三四五六日](?![点个次月号日天楼回趟台辆家户位名块元十百千万半几多]))*"
_WEEKDAY = re.compile("(?:礼拜|星期|周)[一二三四五六日天]")
_YEAR_TOLD = re.compile("[去今前明后]年|大前年")  # as seen from this one
_MONTH_TOLD = re.compile(f"{NUMERAL}月")
_LATE = re.compile("(?:(?<=月)月(?=[初中底]))?(?:中下旬|[上中下]旬|[初中底])$")
_BARE_MONTH = re.compile(f"{FIGURE}+月(?:份?{_THIRD}|份)?")
_TWO_HOURS = f"(?P<hour>{NUMERAL})点[多几](?!(?P=hour)点)(?={NUMERAL}点)"  # 三点多四点
_POINTED = re.compile("(?<![0-9.])(1?[0-9]|2[0-4])\\.([0-5][0-9])(?=分|左右|上下|前后|的时候)")  # 11.20左右
_NEXT_TIME = re.compile("[，,、和]?(?:第[二三四五]次|还有一次|另外?一次)(?:又?是|在)?")
_FROM_HERE = re.compile("[从由自]$")
_ON_THE_WAY = re.compile("[^，。？！；到至]{0,2}[，,]?[^，。？！；到至]{0,3}")  # 从八点多堵到十点, 从十一月，报到四月
_TO_THE_MINUTE = re.compile(f"[点时](?:半|一刻|三刻|{NUMERAL})|[:：]")
_SHORT = f"差(?:一刻|{NUMERAL}分)"
_WRITTEN_HOUR = (  # 14时30分, 上午九时
    f"(?:[0-9]{{1,2}}时(?![候段间])|{NUMERAL}时(?={NUMERAL}分|[整许])|(?<=[日号午上晨晚]){NUMERAL}时(?![候段间]))"
    f"(?:{NUMERAL}分|[整许])?"
)
_PAUSE = re.compile("[，,、。 ]+")
_DAILY = ("每天", "每日", "天天", "日日")
_OFTEN = "(?:每|一)到(?=礼拜|星期|周末|晚上|夜|半夜|凌晨|早上|中午|傍晚)"


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
        lunar: Mapping[str, Sequence[str]],
        announced: Sequence[str],
        announced_before: Sequence[str],
    ) -> None:
        self._days = days
        self._forms = TimeForms(parts, days, feasts)
        about = "(?:大概|大约|差不多)?"
        nearly = "(?:大概|大约|差不多|将近|接近|快(?:到|要)?)?"
        moon = f"{alternatives(lunar['calendars'])}的?"
        moons = alternatives(lunar["months"])
        kinds = {
            "again": f"(?:每一?个?|每?逢)(?:礼拜|星期|周)[一二三四五六日天末1-6]{_MORE_DAYS}"
            f"|每个?月(?:初|底|头|尾|中(?!间))|{_OFTEN}|{alternatives(recurring)}",
            "now": "刚刚|刚才|头先",
            "ago": f"{about}{_COUNTED}(?:个半|个多|个)?(?:年|月|星期|礼拜|周|小时|钟头|钟|分钟|刻钟)[半多]?"
            "(?:以前|之前|前)(?![面台后往])",
            "year": "(?:[12][0-9]{3}|[一二][零〇一二三四五六七八九]{3})年(?![级度款])"
            f"|(?<!{FIGURE})(?:2[0-9]|二[一二三四五六七八九])年(?={NUMERAL}月)",
            "feast": f"(?:{moon})?{alternatives(list(feasts))}(?![月点号个])(?:节|假期|长假)?{_AROUND}?",
            "lunar": f"(?:{moon}(?:闰?{NUMERAL}月份?|{moons})(?:{_LUNAR_DAY}|{_THIRD})?|{moon}{_LUNAR_DAY}"
            f"|{moons}(?:{_LUNAR_DAY}|{_THIRD}|里(?!面))?|{NUMERAL}月{_FIRST_TEN}){_AROUND}?",
            "month": "(?:大前年|前年|去年|今年|明年|后年|大?上上?个?月|下下?个月|这个月|本月)(?:的?"
            + NUMERAL
            + f"月份?|的?[春夏秋冬][天季]|[上下]半年|年(?=[初中底头尾]))?{_THIRD}?"
            f"|{NUMERAL}月份?{_THIRD}|{NUMERAL}月份?(?={NUMERAL}[号日]|初|底|的时候|[，,。]|$|给|就|开始)|{_MONTH}",
            "day": f"{alternatives(list(days))}"
            f"|(?:大?上上?|下下?|这|本)个?(?:礼拜|星期|周)(?:六日|[一二三四五六日天末1-6])?"
            f"|(?:礼拜|星期|周)(?:六日|[一二三四五六日天末1-6](?:[到至](?:礼拜|星期|周)[一二三四五六日天1-6])?)|{about}(?:{NUMERAL}|[一二两三]?十几)[号日](?![楼线门窗院栋桥馆站厅])|{_DATE}"
            f"|{NUMERAL}天(?:以前|之前|前)",
            "clock": f"{nearly}(?:{_SHORT}钟?(?:就|到|就到)?)?(?:[0-9]{{1,2}}[:：][0-9]{{2}}分?|{_WRITTEN_HOUR}"
            f"|(?:{_TWO_HOURS})?{NUMERAL}点(?:{_SHORT}|半|一刻|三刻|钟|{NUMERAL}分?)?)(?!水|事)"
            "(?:来钟|多钟?|几分?(?![十百千个次天位户家辆])|左右|上下(?![楼班车课学])|钟)*(?:以后|之后|以前|之前|后)?",
            "next": f"(?:第二天|次日|隔天|翌日)(?={alternatives(list(parts))})",
            "part": alternatives(list(parts)),
            "to": "到|至",
        }
        self._token = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()))
        corrected = f"(?P<corrects>{'|'.join(corrections)})"
        self._gap = re.compile(f"(?:{'|'.join(gaps)}|{corrected})*")
        self._announced = any_of(announced)
        self._announced_before = any_of(announced_before)
        self._lists = re.compile(f"(?:{'|'.join(lists)})?")
        self._gap_until = re.compile(f"(?:{'|'.join([*gaps, *until])})*")

    def find(self, text: str, origin: datetime, *, heard: bool = False, ahead: bool = False) -> list[TimeWords]:
        """All time expressions of ``text``; relative ones are resolved against ``origin``. ``heard``: a recogniser
        wrote the text, and digits where hours were said; ``ahead``: of what is to come.
        """
        if heard:
            text = _POINTED.sub(r"\1:\2", text)
        chains = (self._resolve(chain, text, origin, heard, ahead) for chain in self._standing(text))
        return [found for found in chains if found is not None]

    def _is_announced(self, text: str, start: int, end: int) -> bool:
        """Whether the clause of the words ``start:end`` tells of what is to come."""
        around = self._announced.search(clause_around(text, start, end))
        return around is not None or self._announced_before.search(clause_before(text, start)) is not None

    def denied(self, text: str) -> list[tuple[int, int]]:
        """Where ``text`` names a day only to say that it was not then."""
        chains = list(self._chains(text))
        return [(one[0].start, one[-1].end) for one, other in pairwise(chains) if _denied(one, other)]

    def _standing(self, text: str) -> list[list[TimePiece]]:
        """The pieces of each time of ``text`` but of those that are only denied."""
        chains = list(self._chains(text))
        return [one for one, other in zip(chains, [*chains[1:], []], strict=False) if not _denied(one, other)]

    def _chains(self, text: str) -> Iterator[list[TimePiece]]:
        chain: list[TimePiece] = []
        for match in self._token.finditer(text):
            piece = TimePiece(match.lastgroup or "", match.start(), match.end(), match.group())
            between = text[chain[-1].end : piece.start] if chain else ""
            if piece.kind == "next" and not (chain and chain[-1].kind == "to"):
                continue  # a day is the next only to one that is told
            gap = self._gap.fullmatch(between) or (piece.kind == "to" and self._until(text, chain, between))
            whole = any(one.kind == "clock" or one.listed is not None for one in chain)
            anew = piece.kind in _DAYS and _SENTENCE_END.search(between) and whole
            corrects = bool(gap and gap.re is self._gap and gap["corrects"])
            listed = bool(chain) and _listed(chain[-1], piece, between) and self._lists.fullmatch(between) is not None
            if chain and chain[-1].kind in _DAYS and piece.kind in _DAYS and _NEXT_TIME.fullmatch(between):
                listed, between = True, "和"  # 第一次上个月28号，第二次这个月2号
            apart = bool(chain) and not corrects and (self._of_another(chain, piece) or _anew(chain, piece, between))
            if chain and not listed and (not gap or anew or chain[-1].kind == "ago" or apart):
                yield chain
                chain = []
            chain.append(replace(piece, corrects=bool(chain) and corrects, listed=between if listed else None))
        if chain:
            yield chain

    def _until(self, text: str, chain: Sequence[TimePiece], between: str) -> re.Match[str] | None:
        """Whether what stands ``between`` a time and 到 leads to its end, as next to anything does behind 从."""
        begun = bool(chain) and _FROM_HERE.search(text, 0, chain[0].start) is not None
        return self._gap_until.fullmatch(between) or (_ON_THE_WAY.fullmatch(between) if begun else None)

    def _of_another(self, chain: Sequence[TimePiece], piece: TimePiece) -> bool:
        """Whether ``piece`` begins another time than ``chain``: what recurs beside a single day (天天，昨天晚上), a
        month behind a day, a day behind the part of one or behind an hour of another day or a range of hours, a date
        of one calendar beside that of the other.
        """
        last = chain[-1]
        if "lunar" in (piece.kind, last.kind) and piece.kind != last.kind and piece.kind in _DAYS:
            return piece.kind != "lunar" or "月" in last.text
        if piece.kind == "again":
            return last.kind in ("day", "feast", "clock") or (last.text in _DAILY and piece.text not in _DAILY)
        if last.kind == "again":
            return piece.text in self._days
        if piece.kind == "day" and [one.kind for one in chain[-2:]] == ["day", "part"]:
            return True
        if piece.kind == "day" and last.kind == "clock" and any(one.kind in ("day", "to") for one in chain):
            return True
        if last.kind == "year":
            return _YEAR_TOLD.match(piece.text) is not None
        return piece.kind in ("year", "month") and last.kind in ("day", "feast", "clock")

    def _resolve(
        self, chain: list[TimePiece], text: str, origin: datetime, heard: bool, ahead: bool
    ) -> TimeWords | None:
        while chain and chain[0].kind == "to":
            chain = chain[1:]
        if len(chain) > 2 and chain[-2].kind == "to" and chain[-1].text in TODAY:
            chain = chain[:-2]  # it has been so since then
        while chain and chain[-1].kind == "to":
            chain = chain[:-1]
        if not chain:
            return None
        kept = _days_first(_without_repeats(chain))
        kinds = {piece.kind for piece in kept}
        if any(piece.kind == "clock" and clock_of(piece.text) is None for piece in kept):
            return None
        words = "".join(
            (piece.listed or ("，" if _ends(kept[number - 1 : number + 1]) else ""))
            + (as_said(piece.text) if heard and piece.kind == "clock" else piece.text)
            for number, piece in enumerate(kept)
        )
        words = re.sub("^(大概|大约|差不多)", "", words)
        span = chain[0].start, chain[-1].end
        return TimeWords(
            start=span[0],
            end=span[1],
            words=words,
            iso=self._forms.of(kept, origin, ahead, self._is_announced(text, *span)),
            day=bool(kinds & {"month", "ago", "lunar"})
            or {"now", "clock"} <= kinds
            or any(piece.kind == "day" and not _BARE_DATE.fullmatch(piece.text) for piece in kept),
            recurring="again" in kinds or words.startswith(("周", "星期", "礼拜")),
            clock="clock" in kinds,
            feast="feast" in kinds,
        )


def _anew(chain: Sequence[TimePiece], piece: TimePiece, between: str) -> bool:
    """Whether ``piece``, behind a pause, is another hour than the one told to the minute, or than those from and to
    which something lasts (八点十分，八点半就要进场), today behind a year, or one more behind a list.
    """
    if chain[-1].kind in ("year", "month") and piece.text in TODAY and _PAUSE.fullmatch(between):
        return True
    if chain[-1].listed is not None and piece.kind == chain[-1].kind and _PAUSE.fullmatch(between):
        return True
    last, hour = chain[-1], clock_of(piece.text) if piece.kind == "clock" else None
    if hour is None or last.kind != "clock" or not _PAUSE.fullmatch(between) or clock_of(last.text) == hour:
        return False
    return any(one.kind == "to" for one in chain) or _TO_THE_MINUTE.search(last.text) is not None


def _denied(chain: Sequence[TimePiece], after: Sequence[TimePiece]) -> bool:
    """Whether the correction that ``chain`` ends in only says its day again, and the one that is meant comes ``after``
    it (上个星期四，不对，星期四我休息，是上个星期五).
    """
    if len(chain) < 2 or not after or after[0].kind != "day":
        return False
    again, told = chain[-1], chain[-2]
    return again.corrects and again.kind == told.kind == "day" and told.text.endswith(again.text)


def _without_repeats(chain: list[TimePiece]) -> list[TimePiece]:
    """A chain without self-repeats ("七点，七点四十" → "七点四十") and without a time said and taken back."""
    kept: list[TimePiece] = []
    for piece in chain:
        if piece.corrects:
            same = next((place for place, one in enumerate(kept) if one.kind == piece.kind), len(kept))
            kept = kept[:same]
        if kept and kept[-1].kind == "day" and _BARE_DATE.fullmatch(kept[-1].text) and _WEEKDAY.fullmatch(piece.text):
            continue  # the day of the week of that date
        if kept and kept[-1].kind == "month" and piece.kind == "day" and _BARE_DATE.fullmatch(piece.text):
            kept[-1] = replace(kept[-1], text=_LATE.sub("", kept[-1].text))  # 八月底，三十号
        again = kept and kept[-1].kind == piece.kind and piece.listed is None and piece.kind != "to"
        if again and _YEAR_TOLD.fullmatch(kept[-1].text) and _MONTH_TOLD.match(piece.text):
            kept[-1] = replace(piece, start=kept[-1].start, text=kept[-1].text + piece.text)  # 去年吧，应该是三月
        elif again and not _ends([kept[-1], piece]):
            kept[-1] = piece
        elif piece.kind == "to" and (not kept or kept[-1].kind == "to"):
            continue
        else:
            kept.append(piece)
    return kept


def _days_first(pieces: list[TimePiece]) -> list[TimePiece]:
    """The pieces of one time with a day told behind its hour in front (凌晨三点多，今天凌晨 → 今天凌晨三点多)."""
    hours = list(takewhile(lambda piece: piece.kind in ("part", "clock", "to"), pieces))
    days = list(takewhile(lambda piece: piece.kind in _DAYS, pieces[len(hours) :]))
    rest = pieces[len(hours) + len(days) :]
    parts = [piece.text for piece in hours if piece.kind == "part"]
    again = all(piece.kind == "part" and (not parts or piece.text in parts) for piece in rest)
    if not again or any(piece.corrects or piece.listed for piece in pieces):
        return pieces
    told = "".join(piece.text for piece in days)
    hours = [piece for piece in hours if piece.kind != "part" or piece.text[0] not in told]  # 昨晚 is of the night
    return [*days, *([] if parts else rest), *hours]


def _listed(one: TimePiece, other: TimePiece, between: str) -> bool:
    """Whether two pieces can be two times of one list: other months, days or feasts; with nothing ``between`` them
    other months or days of a week alone.
    """
    alike = one.kind == other.kind and one.kind in ("month", "day", "feast") and one.text != other.text
    named = (_WEEKDAY, _BARE_MONTH)
    return alike and (bool(between) or any(name.fullmatch(one.text) and name.fullmatch(other.text) for name in named))


def _ends(two: Sequence[TimePiece]) -> bool:
    """Whether two pieces are the two ends of a time (五点以后，六点半以前)."""
    return (
        len(two) > 1
        and all(piece.kind == "clock" for piece in two)
        and FROM.search(two[0].text) is not None
        and TO.search(two[1].text) is not None
    )
