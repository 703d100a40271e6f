"""The last digits of a number put right: a caller's turn in, what takes the place of the number's end out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.dialogue import Dialogue
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

RECENT = 3  # turns back in which the number was said whose end is put right
_NUMERALS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_DIGITS = (
    r"(?:\d{1,6}(?![\d房室号栋楼层元块人年月日点])|[零〇一二三四五六七八九幺]{2,6}(?![零〇一二三四五六七八九幺位个]))"
)
_REACH = 10  # characters between the words for the end of a number and its digits


@dataclass(frozen=True, slots=True)
class Tail:
    """``digits`` take the place of as many at the end of the number said last."""

    digits: str
    evidence: Evidence

    def put_in(self, number: str) -> str:
        """``number`` with its end put right."""
        return number[: -len(self.digits)] + self.digits


class Tails:
    """Finds the ends of numbers that a caller puts right."""

    def __init__(self, words: list[str], dialogue: Dialogue) -> None:
        """``words``: patterns for the end of a number (最后四位, 尾号)."""
        wrong = f"(?:不是{_DIGITS}[，, ]?)?"
        self._tail = re.compile(
            rf"(?:{'|'.join(words)})[^\d。！？!?]{{0,{_REACH}}}?{wrong}[^\d。！？!?]{{0,4}}?({_DIGITS})"
        )
        self._dialogue = dialogue

    def read(self, turn: Turn) -> Tail | None:
        """The end of a number that ``turn`` puts right."""
        if turn.speaker is not Speaker.CITIZEN:
            return None
        for found in self._tail.finditer(turn.text):
            start, end = found.span(1)
            if self._dialogue.negated(turn.text, start):
                continue
            if self._dialogue.denies(turn) or self._dialogue.corrected_before(turn.text, start):
                return Tail(found[1].translate(_NUMERALS), Evidence.of(turn, start, end))
        return None
