"""Numbers as they are written: 幺三六，零二二四，七八幺五 → 13602247815, 十六号 → 16号, 一万二千八百元 → 12800元.

Inverse text normalisation for what a hotline's tickets hold: telephone and order numbers, house numbers, dates, bus
lines, money. What stays in characters in good written Chinese stays (一个, 三两天, 七点四十, 半个月, 五六台, 三十几户).
"""

from __future__ import annotations

import re
from itertools import pairwise

from asr.text import SpanText

_DIGITS = {c: str(v) for v, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "幺": "1", "两": "2"}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

NUMERALS = frozenset(
    "0123456789零〇幺一二三四五六七八九十百千万亿两，、,.- "
)  # what a number may be spoken or written with

_DIGIT = "零〇幺一二三四五六七八九0-9"
_SPOKEN_DIGITS = re.compile(rf"[{_DIGIT}]{{3,}}(?![几多十百千万亿两])")
_IDIOMS = {"七七八八", "一一二二"}

# groups of one number, said with pauses: at least seven digits in all
_GROUPS = re.compile(r"(?<![\d.])\d+(?:[，,、\s-]{1,2}\d+)+(?![\d.])")
_GROUPED_DIGITS = 7
_COUNTED = re.compile(r"[号元块路年月日点栋幢楼室房个天人岁米度层]")

_CARDINAL = "零〇一二三四五六七八九十百千万亿两"
_NUMBER = rf"(?P<number>[{_CARDINAL}]+)"
_MONEY = re.compile(rf"(?<![第几数{_CARDINAL}]){_NUMBER}(?P<unit>元(?!里(?![面头边]))|块(?=钱)|块)")
_PLACE = re.compile(rf"(?<![几数{_CARDINAL}]){_NUMBER}(?P<unit>号(?![码召称令])|栋|幢|座(?![位谈])|室(?!友))")
_DATE = re.compile(r"(?P<number>[一二三四五六七八九十]+)(?P<unit>月)(?=[一二三四五六七八九十]+[号日])")
_DAY = re.compile(r"(?<=月)(?P<number>[一二三四五六七八九十]+)(?P<unit>日)")
_BEFORE_LINE = "坐乘搭等是的有和转换个辆趟班开那这跟叫条到车交查问说映诉呢吧啊呃"
# a bus line; 荔新十二路 is a road, whose name stays in characters
_LINE = re.compile(
    rf"(?:(?<![一-鿿])|(?<=[{_BEFORE_LINE}]))(?P<number>[一二三四五六七八九]?十[一二三四五六七八九]?)(?P<unit>路)"
)
_LONG = re.compile(rf"(?<![第几数{_CARDINAL}])(?P<number>[{_CARDINAL}]{{5,}})(?P<unit>)(?![几多来{_CARDINAL}])")


def written_numbers(spans: SpanText) -> SpanText:
    """``spans`` with its numbers in written form; the digits of a rewritten number share its time."""
    spans = _spoken_digits(spans)
    spans = _joined_groups(spans)
    for pattern in (_MONEY, _DATE, _DAY, _PLACE, _LINE, _LONG):
        spans = _cardinals(spans, pattern)
    return spans


def _spoken_digits(spans: SpanText) -> SpanText:
    return spans.replaced(
        (match.start(), match.end(), "".join(_DIGITS.get(character, character) for character in match[0]))
        for match in _SPOKEN_DIGITS.finditer(spans.text)
        if match[0] not in _IDIOMS and not match[0].isascii()
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
        return True
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
