"""Words for an order number in a turn: text in, where they end out.

A word whose number the caller says not to have (订单号忘了，) names none, unless it is found after all (哦，找到了).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from extractors.text.cues import Cues


class CodeLabels:
    """``words`` for a number; ``order``: the rules for order numbers; ``sound``: the words are also told by sound."""

    def __init__(self, words: Iterable[str], order: Mapping[str, Any], *, sound: bool = True) -> None:
        self._words = Cues(words, sound=sound)
        self._lacking = re.compile("|".join(order["lacking"]))
        self._found = re.compile("|".join(order["found"]))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Start and end of the words in ``text`` whose number may be told."""
        return [(start, end) for start, end in self._words.spans(text) if not self._is_lacking(text, end)]

    def ends(self, text: str) -> list[int]:
        """Where those words end."""
        return [end for _, end in self.spans(text)]

    def match(self, text: str) -> bool:
        """Whether there is one."""
        return bool(self.spans(text))

    def _is_lacking(self, text: str, end: int) -> bool:
        lacking = self._lacking.match(text, end)
        return lacking is not None and self._found.search(text, lacking.end()) is None
