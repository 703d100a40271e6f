"""Whether a filled value is right: a gold value and the ticket's value in, a verdict out.

Three rules, by slot:

- *exact*: phone, plate, ID, order and route numbers, district, street, amount, confidential. Letter case, spaces,
hyphens and the 路 behind a bus line do not count;
- *text*: caller_name, occurred_at, duration, people_count, callback_time. The same after normalisation: no spaces or
punctuation,
  Chinese numerals as digits, filler words ("大概", "左右", "差不多", "个") dropped; or one contains the other and is
  at least 60 % as long;
- *wording*: subject, demand, address. The same thing can be said in many ways: the F1 of the characters both have (as
multisets)
  must reach 0.6. For addresses the exact agreement is reported beside it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

EXACT = frozenset(
    {"phone", "plate_no", "id_no", "order_no", "route_no", "district", "street", "amount", "confidential"}
)
WORDING = frozenset({"subject", "demand", "address"})
OVERLAP = 0.6

_DIGITS = {**dict(zip("零〇一二三四五六七八九", "00123456789", strict=True)), "两": "2", "俩": "2", "幺": "1"}
_DROPPED = re.compile(r"大概|左右|差不多|大约|约|那天|的时候|钟头?|一共|总共|[个人名户了的呢啊，。、？！,.?! 　]")
_TENS = re.compile(r"([1-9]?)十([0-9]?)")
_SPACING = re.compile(r"[\s\-—·，。,.]")


def normal(text: str) -> str:
    """``text`` for comparison: numerals as digits, no fillers, no punctuation, lower case."""
    written = "".join(_DIGITS.get(char, char) for char in text.lower())
    written = _TENS.sub(lambda found: f"{found[1] or 1}{found[2] or 0}", written)
    return _DROPPED.sub("", written.replace("星期", "周").replace("礼拜", "周"))


def overlap(one: str, other: str) -> float:
    """F1 of the characters (as multisets) two texts share; 1 for equal texts, 0 for disjoint ones."""
    left, right = Counter(normal(one)), Counter(normal(other))
    shared = sum((left & right).values())
    return 2 * shared / max(1, left.total() + right.total())


def right(slot: str, gold: object, value: object) -> bool:
    """Whether ``value`` is a right filling of ``slot`` where the gold ticket has ``gold``."""
    if isinstance(gold, bool) or isinstance(value, bool):
        return gold is value
    if slot == "amount":
        return _number(gold) is not None and _number(gold) == _number(value)
    if slot in EXACT:
        return _exactly(slot, gold) == _exactly(slot, value)
    if slot in WORDING:
        return overlap(str(gold), str(value)) >= OVERLAP
    left, other = normal(str(gold)), normal(str(value))
    if left == other:
        return True
    short, long = sorted((left, other), key=len)
    return bool(short) and short in long and len(short) >= OVERLAP * len(long)


def _exactly(slot: str, value: object) -> str:
    written = _SPACING.sub("", str(value)).upper()
    return written.removesuffix("路") if slot == "route_no" else written


def typed(gold: Mapping[str, object], shown: Mapping[str, object]) -> tuple[int, int]:
    """Keystrokes: characters an agent still has to type or delete to turn the ``shown`` values into the gold ones (edit
    distance, slot by slot), and characters of the gold ticket. Yes/no values count as one.
    """
    needed = sum(_distance(_written(gold.get(slot, "")), _written(shown.get(slot, ""))) for slot in {*gold, *shown})
    return needed, sum(len(_written(value)) for value in gold.values())


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else ""
    number = _number(value)
    return str(int(number)) if isinstance(value, float) and number is not None and number == int(number) else str(value)


def _number(value: object) -> float | None:
    try:
        return float(str(value).replace(",", "").removesuffix("元"))
    except ValueError:
        return None


def _distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (char != against))
    return row[-1]
