"""How a written turn of a call is read aloud: its digits and Latin letters in characters, its silences as pauses.

`asr.numbers` goes the other way; `ears_text.read_aloud` leaves texts out whose reading is open. Numbers of identity
(telephones, codes, rooms) are read digit by digit, quantities as cardinals; where people do either (rooms, bus lines)
chance decides.
"""

from __future__ import annotations

import re
from random import Random

from scripts.training.ears_numbers import LETTERS, WORDS, cardinal, digits, grouped, spelled

_CODE = re.compile(r"[A-Za-z]+[A-Za-z0-9\-－]*\d[A-Za-z0-9\-－]*|\d+[A-Z]+[A-Z0-9]*")
_WORD = re.compile(r"[A-Za-z]+")
_GROUPS = re.compile(r"\d+(?:[ \-－]+\d+)+|(?<!\d)(?:\d{3,4}(?:，\d{3,4}){2,3}|\d{4}，\d{4})(?!\d)")  # of one number
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_EITHER = "房室路铺档床线"  # after rooms and lines
_QUANTITY = re.compile(r"[多几]?(?:块|元|万|千|百|人|平|亩|公里|米|斤|吨|户|个|次|天|岁|度)")
_MOBILE = (3, 4, 4)  # digits of the groups of a mobile number
_LONG = 5  # digits from which a number names something


def spoken(text: str, chance: Random) -> str:
    """``text`` in Chinese characters and punctuation alone."""
    text = re.sub(r"[…—]+|\.{3,}", "，", text)
    text = _CODE.sub(lambda found: _spelled(found[0]), text)
    text = _WORD.sub(lambda found: WORDS.get(found[0]) or _spelled(found[0]), text)
    text = _GROUPS.sub(lambda found: "，".join(digits(group) for group in re.split(r"[ \-－，]+", found[0])), text)
    text = _NUMBER.sub(lambda found: _number(found[0], text[found.end() : found.end() + 3], chance), text)
    text = re.sub(r"[（(“”\"'‘’《》]", "", text).replace("）", "，").replace(")", "，")
    return re.sub(r"，[，\s]+", "，", text).strip("， ")


def _number(number: str, after: str, chance: Random) -> str:
    whole, _, rest = number.partition(".")
    if rest:
        return f"{cardinal(int(whole))}点{digits(rest, '一')}"
    if len(whole) == 4 and after.startswith("年"):
        return digits(whole, "一")
    if len(whole) <= 8 and (_QUANTITY.match(after) or (whole.endswith("00") and len(whole) <= _LONG)):
        return cardinal(int(whole))
    if len(whole) >= _LONG or whole.startswith("0") or whole in ("110", "119", "120"):
        return grouped(chance, whole, (_MOBILE,))
    if len(whole) >= 3 and (after[:1] in _EITHER or not after[:1].isalpha()) and chance.random() < 0.7:
        return digits(whole)
    return digits(whole) if len(whole) == 4 and not after.startswith("号") else cardinal(int(whole))


def _spelled(code: str) -> str:
    """The letters and digits of ``code`` one by one, with pauses for what stands between them."""
    return "".join(spelled(char) if char in LETTERS or char.isdecimal() else "，" for char in code.upper())
