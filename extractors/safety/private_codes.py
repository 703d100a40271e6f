"""What tells who somebody is by its form: plates, papers, accounts, rooms, ends of numbers, days of birth, foreign
names.

In: a text. Out: places with their kind. All patterns are data: ``codes`` of ``catalog/rules/privacy.yaml``. In them
``<D>`` stands for one digit as it is written or read out, ``<E>`` for the end of a code, ``<DATE>`` for a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_DIGIT = "[0-9零〇一二两三四五六七八九幺]"


class PrivateCodes:
    """``rules``: the patterns of each kind; the group ``it``, or else the whole, is what is personal. ``end``: what
    ``<E>`` stands for; ``date``: what ``<DATE>`` stands for.
    """

    def __init__(self, rules: Mapping[str, Sequence[str]], end: str, date: str) -> None:
        self._patterns = [
            (kind, re.compile(pattern.replace("<DATE>", date).replace("<D>", _DIGIT).replace("<E>", end)))
            for kind, patterns in rules.items()
            for pattern in patterns
        ]

    def places(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and kind of every code in ``text``."""
        for kind, pattern in self._patterns:
            for found in pattern.finditer(text):
                yield (*found.span("it" if "it" in pattern.groupindex else 0), kind)
