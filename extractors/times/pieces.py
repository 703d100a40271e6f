"""Pieces of a time: stretches of text that tell one thing of it each (昨天, 晚上, 八点多)."""

from __future__ import annotations

import re
from dataclasses import dataclass

FIGURE = "[0-9零一二两三四五六七八九十]"
NUMERAL = f"{FIGURE}{{1,3}}"
FROM, TO = re.compile("以后|之后|后$"), re.compile("以前|之前")
"""What tells that a time is from a piece on, and up to it."""


@dataclass(frozen=True, slots=True)
class TimePiece:
    """A stretch of a time expression that tells one thing of it: characters ``start:end``."""

    kind: str  # again, day, year, month, feast, lunar, ago, now, part, clock, to
    start: int
    end: int
    text: str
    corrects: bool = False  # the piece before
    listed: str | None = None  # what joins it to the piece before, a time of its own (九月和十月)
