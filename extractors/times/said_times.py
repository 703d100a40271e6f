"""Times as they are said: words with digits, however a recogniser or a typist wrote them, in; characters out."""

from __future__ import annotations

import re

_DIGITAL = re.compile("([0-9]{1,2})[:：]([0-9]{2})")
_TWO = re.compile("(?<![0-9])2(?=点)")
_DIGITS = re.compile("[0-9]{1,2}")
_FIGURES = "零一二三四五六七八九"


def as_said(text: str) -> str:
    """The hours, minutes and months of ``text`` in characters (7点40 → 七点四十, 14:00 → 十四点)."""
    text = _DIGITAL.sub(lambda found: f"{found[1]}点{found[2] if found[2] != '00' else ''}", text)
    return _DIGITS.sub(lambda found: _characters(found[0]), _TWO.sub("两", text))


def _characters(digits: str) -> str:
    tens, ones = divmod(int(digits), 10)
    if tens == 0:
        return "零" * (len(digits) - 1) + _FIGURES[ones]
    return ("" if tens == 1 else _FIGURES[tens]) + "十" + (_FIGURES[ones] if ones else "")
