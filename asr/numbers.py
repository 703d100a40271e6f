"""Numbers as they are written: 幺三六，零二二四，七八幺五 → 13602247815, 十六号 → 16号, 一万二千八百元 → 12800元.

Inverse text normalisation for what a hotline's tickets hold: telephone and order numbers, house numbers, dates, bus
lines, money. What stays in characters in good written Chinese stays (一个, 三两天, 七点四十, 半个月, 五六台, 三十几户),
and so do digits that count up one thing after another (一二三年级, 七八九点, 周一三五).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from asr.text import SpanText

_DIGITS = {c: str(v) for v, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "幺": "1", "两": "2"}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

NUMERALS = frozenset(
    "0123456789零〇幺一二三四五六七八九十百千万亿两，、,.- "
)  # what a number may be spoken or written with

_DIGIT = "零〇幺一二三四五六七八九0-9"
_SPOKEN_DIGITS = re.compile(rf"(?<![{_DIGIT}十百千万亿两几])[{_DIGIT}]{{3,}}")
_IDIOMS = {"七七八八", "一一二二"}
_RISING = "一二三四五六七八九"
_LISTED = re.compile(r"[年点月天日个栋幢楼层届期班次岁]")
_LISTING = re.compile(r"(?:周|星期|礼拜|初|高)$")

# a telephone number said in groups of which some are pairs: that it is one is told by how it begins and its length
_PAIRS = re.compile(
    rf"(?<![{_DIGIT}十百千万亿两几第])[{_DIGIT}]{{2,}}(?:[，,、\s-]{{1,2}}[{_DIGIT}]{{2,}})+(?![十百千万亿])"
)
_TELEPHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[48]00\d{7}")

# groups of one number, said with pauses: at least seven digits in all
_GROUPS = re.compile(r"(?<![\d.])\d+(?:[，,、\s-]{1,2}\d+)+(?![\d.])")
_GROUPED_DIGITS = 7
_COUNTED = re.compile(r"[号元块路年月日点栋幢楼室房个天人岁米度层]")

_CARDINAL = "零〇一二三四五六七八九十百千万亿两"
_NUMBER = rf"(?P<number>[{_CARDINAL}]+)"
_MONEY = re.compile(rf"(?<![第几数{_CARDINAL}]){_NUMBER}(?P<unit>元(?!里(?![面头边]))|块(?=钱)|块)")
_DECIMAL = re.compile(
    rf"(?<![第几数点午晚上晨{_CARDINAL}])(?P<whole>[{_CARDINAL}]+)点(?P<fraction>[零〇一二三四五六七八九]+)(?=[万亿]?[元块])"
    rf"|(?<![第几数点{_CARDINAL}])(?P<long>[{_CARDINAL}]{{5,}})点(?P<rest>[零〇一二三四五六七八九]+)(?![十百千{_CARDINAL}])"
)
# behind an amount in digits: 15块8, 15元5角, 15块8毛5分
_CHANGE = (
    re.compile(r"(?<=\d[元块])(?P<number>[一二三四五六七八九两])(?P<unit>)(?=[角毛])"),
    re.compile(r"(?<=\d块)(?P<number>[一二三四五六七八九])(?P<unit>)(?=$|[，。、？！；,?!;]|的|左右|吧|吗|啊|呢)"),
    re.compile(r"(?<=\d[角毛])(?P<number>[一二三四五六七八九])(?P<unit>)(?=分)"),
)
_PLACE = re.compile(rf"(?<![几数{_CARDINAL}]){_NUMBER}(?P<unit>号(?![码召称令])|栋|幢|座(?![位谈])|室(?!友))")
_DATE = re.compile(r"(?P<number>[一二三四五六七八九十]+)(?P<unit>月)(?=[一二三四五六七八九十]+[号日])")
# 二四年三月五号, 九八年五月; but 住了三四年五月搬的 counts years
_SHORT_YEAR = re.compile(
    rf"(?<![{_DIGIT}{_CARDINAL}几第])(?P<year>[零〇一二三四五六七八九]{{2}})(?=年[一二三四五六七八九十]{{1,2}}月(?P<day>[一二三四五六七八九十]+[号日])?)"
)
_MONTH = re.compile(r"(?<=\d年)(?P<number>十[一二]?|[一二三四五六七八九])(?P<unit>月)")
_DAY = re.compile(r"(?<=月)(?P<number>[一二三四五六七八九十]+)(?P<unit>日)")
_BEFORE_LINE = "坐乘搭等是的有和转换个辆趟班开那这跟叫条到车交查问说映诉呢吧啊呃"
# a bus line; 荔新十二路 is a road, whose name stays in characters
_LINE = re.compile(
    rf"(?:(?<![一-鿿])|(?<=[{_BEFORE_LINE}]))(?P<number>[一二三四五六七八九]?十[一二三四五六七八九]?)(?P<unit>路)"
)
_LONG = re.compile(rf"(?<![第几数{_CARDINAL}])(?P<number>[{_CARDINAL}]{{5,}})(?P<unit>)(?![几多来{_CARDINAL}])")


def written_numbers(spans: SpanText) -> SpanText:
    """``spans`` with its numbers in written form; the digits of a rewritten number share its time."""
    spans = _paired_digits(spans)
    spans = _spoken_digits(spans)
    spans = _joined_groups(spans)
    spans = _short_years(_decimals(spans))
    for pattern in (_MONEY, *_CHANGE, _DATE, _MONTH, _DAY, _PLACE, _LINE, _LONG):
        spans = _cardinals(spans, pattern)
    return spans


def _digits(spoken: str) -> str:
    return "".join(_DIGITS.get(character, character) for character in spoken)


def _paired_digits(spans: SpanText) -> SpanText:
    """一三八，零零，幺三，八零，零零: groups that are a telephone number together."""
    replacements: list[tuple[int, int, str]] = []
    for match in _PAIRS.finditer(spans.text):
        groups = [(match.start() + g.start(), match.start() + g.end()) for g in re.finditer(rf"[{_DIGIT}]+", match[0])]
        if all(end - start > 2 for start, end in groups):
            continue
        for first, last in _stretches(len(groups)):
            told = groups[first:last]
            if _TELEPHONE.fullmatch("".join(_digits(spans.text[start:end]) for start, end in told)):
                written = [(start, end, _digits(spans.text[start:end])) for start, end in told]
                pauses = [(left[1], right[0], "") for left, right in pairwise(told)]
                replacements += sorted([*written, *pauses])
                break
    return spans.replaced(replacements)


def _stretches(count: int) -> Iterator[tuple[int, int]]:
    """All stretches of two of ``count`` things or more, those that begin first before others, the longest of them
    first.
    """
    return ((first, last) for first in range(count - 1) for last in range(count, first + 1, -1))


def _spoken_digits(spans: SpanText) -> SpanText:
    replacements = []
    for match in _SPOKEN_DIGITS.finditer(spans.text):
        run, after = match[0], spans.text[match.end() : match.end() + 1]
        if after and after in "十百千万亿":
            run = run[:-1] if len(run) > _GROUPED_DIGITS else ""  # the last digit begins the next number
        elif after and after in "几多两" and len(run) < _GROUPED_DIGITS:
            run = ""
        if run and not run.isascii() and run not in _IDIOMS and not _lists(run, spans.text[: match.start()], after):
            replacements.append((match.start(), match.start() + len(run), _digits(run)))
    return spans.replaced(replacements)


def _lists(run: str, before: str, after: str) -> bool:
    """Whether the digits of ``run`` are numbers of their own (一二三年级, 七八九点, 周一三五)."""
    if run in _RISING and _LISTED.match(after):
        return True
    places = [_RISING.find(digit) for digit in run]
    return all(-1 < left < right for left, right in pairwise(places)) and _LISTING.search(before) is not None


def _decimals(spans: SpanText) -> SpanText:
    """一百二十三点五元, 三点五万元; before other units only what is too long for a time of day."""
    replacements = []
    for match in _DECIMAL.finditer(spans.text):
        whole, fraction = match["whole"] or match["long"], match["fraction"] or match["rest"]
        if (value := cardinal(whole)) is not None:
            replacements.append((match.start(), match.end(), f"{value}.{_digits(fraction)}"))
    return spans.replaced(replacements)


def _short_years(spans: SpanText) -> SpanText:
    return spans.replaced(
        (match.start("year"), match.end("year"), _digits(match["year"]))
        for match in _SHORT_YEAR.finditer(spans.text)
        if match["day"] or match["year"] not in _RISING
    )


def _joined_groups(spans: SpanText) -> SpanText:
    replacements = []
    for match in _GROUPS.finditer(spans.text):
        groups = [(match.start() + g.start(), match.start() + g.end()) for g in re.finditer(r"\d+", match[0])]
        if _COUNTED.match(spans.text, match.end()):
            groups.pop()  # 二零二二，三零二路: the last is a number of its own
        if sum(end - start for start, end in groups) < _GROUPED_DIGITS:
            continue
        replacements += [(left[1], right[0], "") for left, right in pairwise(groups)]
    return spans.replaced(replacements)


def _cardinals(spans: SpanText, pattern: re.Pattern[str]) -> SpanText:
    replacements = []
    for match in pattern.finditer(spans.text):
        number, unit = match["number"], match["unit"]
        value = cardinal(number)
        if value is None or _only_counts(number, unit, spans.text[match.end() :]):
            continue
        replacements.append((match.start("number"), match.end("number"), str(value)))
    return spans.replaced(replacements)


def _only_counts(number: str, unit: str, after: str) -> bool:
    """Whether the number is a quantity in passing (一块地, 两栋楼), not a name or an amount."""
    if number == "两":
        return bool(unit)  # but 15块两毛
    if unit == "块" and len(number) == 1:
        return not after.startswith("钱")
    return number == "一" and unit in "栋幢座" and after[:1] in {"楼", "房", "大", "别", "居", "桥", "山"}


def cardinal(text: str) -> int | None:
    """The value of a Chinese cardinal (一万二千八百 → 12800, 三千五 → 3500, 两百零六 → 206); None if it is none."""
    if not text:
        return None
    total = section = 0  # whole myriads; below the last myriad
    digit: int | None = None
    last_unit = 10  # what a closing digit counts after a unit was left out: 三千五 is 3500
    after_zero = False
    limit = 10**12  # units must fall from left to right
    for character in text:
        if character in "零〇":
            if digit is not None:
                return None
            after_zero = True
        elif character in _DIGITS:
            if digit is not None:
                return None
            digit = int(_DIGITS[character])
        elif character in _UNITS:
            unit = _UNITS[character]
            if unit >= limit or (digit is None and character != "十"):
                return None
            section += (1 if digit is None else digit) * unit
            digit, last_unit, limit, after_zero = None, unit, unit, False
        else:
            myriad = _MYRIADS[character]
            section += digit or 0
            if section == 0 or (total and myriad >= total):
                return None
            total += section * myriad
            section, digit, last_unit, limit, after_zero = 0, None, myriad, 10**12, False
    if digit is not None:
        left_out = last_unit >= 100 and not after_zero
        section += digit * (last_unit // 10 if left_out else 1)
    return total + section
