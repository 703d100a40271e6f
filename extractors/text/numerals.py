"""Numbers as people say them: Chinese, Arabic or mixed numerals in, a number out (一万二 → 12000, 1万2800 → 12800).

A numeral may leave open which number it means: two figures in a row (二三十), 几 (几十, 二十几万), 百八十.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

AS_FIGURES = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
"""Characters that are read out one by one, as figures: for ``str.translate``."""

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")  # as papers write figures
_DIGIT = "[0-9零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]"
NUMBER = rf"{_DIGIT}(?:{_DIGIT}|(?<=[0-9])[,，](?=[0-9]{{3,4}}(?![0-9]))|(?<=[0-9])\.(?=[0-9]))*"

_FIGURES = "一二三四五六七八九"
_SEVERAL = "|".join([*map("".join, pairwise(_FIGURES)), "两三", "一两", "三五"])
_LOOSE = "(?:[好数上]?几|[数上])(?=[十百千万亿])"
ROUGH_NUMBER = (
    rf"(?:十几二十|几十上百|{_LOOSE}{NUMBER}|{NUMBER}零?几[十百千万亿]+|(?:{NUMBER})?(?:{_SEVERAL})[十百千万亿]+"
    rf"|(?:{NUMBER})?十(?:{_SEVERAL})|(?<!{_DIGIT})[百千万]八[十百千])(?!{_DIGIT})"
)
"""A numeral that leaves open which number it means."""
_ANY = re.compile(NUMBER)
_SEVERAL_ALONE = re.compile(_SEVERAL)
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HIGHEST = 1e15  # nobody says more; whole numbers up to here are exact
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SECTIONS = {"万": 10_000, "亿": 100_000_000}


def parse_number(text: str) -> float | None:
    """The value of a numeral, or None where ``text`` is none or says more than anybody means. A bare last digit takes
    the next lower unit (两千八 → 2800), but not after 零 (两千零八 → 2008).
    """
    value = _value(text.replace(",", "").replace("，", "").translate(_FORMAL))
    return value if value is not None and value <= _HIGHEST else None


@lru_cache(maxsize=4096)
def in_figures(text: str) -> str:
    """``text`` with its numbers in figures and without 个, for comparison (两百多个人 → 200多人)."""
    return _ANY.sub(lambda found: _figures(found[0]), text).replace("个", "")


def _figures(numeral: str) -> str:
    value = parse_number(numeral)
    return numeral if value is None else f"{value:.10g}"


def is_several(text: str) -> bool:
    """Whether a numeral is nothing but two figures in a row by which one or the other is meant (五六个人)."""
    return _SEVERAL_ALONE.fullmatch(text) is not None


def _value(text: str) -> float | None:
    total, section, pending = 0.0, 0.0, 0.0
    have_pending, after_zero = False, False
    last_unit = 1.0
    at = 0
    if text and all(char in _DIGITS for char in text) and len(text) > 1:
        return float("".join(str(_DIGITS[char]) for char in text))
    while at < len(text):
        char = text[at]
        if char.isascii() and char.isdigit():
            end = at
            while end < len(text) and text[end].isascii() and (text[end].isdigit() or text[end] == "."):
                end += 1
            try:
                pending = float(text[at:end])
            except ValueError:
                return None
            have_pending, at = True, end
            if pending >= 10:
                last_unit = 1.0
            continue
        if char in _DIGITS:
            if _DIGITS[char] == 0:
                after_zero = True
            elif have_pending:
                return None
            else:
                pending, have_pending = float(_DIGITS[char]), True
        elif char in _UNITS:
            section += (pending if have_pending else 1.0) * _UNITS[char]
            pending, have_pending, after_zero, last_unit = 0.0, False, False, float(_UNITS[char])
        elif char in _SECTIONS:
            section += pending
            total = (total + (section or 1.0)) * _SECTIONS[char]
            section, pending, have_pending, after_zero = 0.0, 0.0, False, False
            last_unit = float(_SECTIONS[char])
        else:
            return None
        at += 1
    if have_pending and last_unit > 10 and not after_zero and pending < 10:
        pending *= last_unit / 10
    return total + section + pending if text else None
