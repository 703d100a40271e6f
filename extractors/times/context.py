"""What stands around a time: the clause before it, and whether the caller is still telling the matter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.slots.extractor import Context
from extractors.turn import Speaker

_REACH = 20
_STATEMENTS = 3  # of the caller in which the matter is told
_STOPS = "，,。？！!?"


def early(context: Context) -> bool:
    """Whether the caller is still telling what the call is about."""
    return sum(one.speaker is Speaker.CITIZEN for one in context.before) < _STATEMENTS


def clause_before(text: str, at: int) -> str:
    """The words before ``at`` in its clause, at most twenty characters."""
    start = max((text.rfind(stop, 0, at) for stop in _STOPS), default=-1)
    return text[max(start + 1, at - _REACH) : at]


def clause_around(text: str, start: int, end: int) -> str:
    """The clause of the words ``start:end``, at most twenty characters to either side of them."""
    stop = min((place for stop in _STOPS if (place := text.find(stop, end)) >= 0), default=len(text))
    return clause_before(text, start) + text[start : min(stop, end + _REACH)]


def any_of(patterns: Sequence[str], *, end: bool = False) -> re.Pattern[str]:
    """A pattern for any of ``patterns``; ``end``: where the text ends in it."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(f"(?:{joined})$" if end else joined)
