"""Some digits of a number put right in a turn of their own: a caller's turn in, what takes whose place out.

The end of the number, called so (最后两位不是56，是57), or a group of it that answers a read-back (不是，4539).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.numbers.groups_put_right import BORDERS, SIGNS, GroupsPutRight, is_alike
from extractors.numbers.numbering_plan import LOCAL
from extractors.text.numerals import AS_FIGURES
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

RECENT = 3  # turns back in which the number was said whose end is put right
_NUMERAL = r"\d零〇一二三四五六七八九幺"
_DIGITS = (
    r"(?:\d{1,6}(?![\d房室号栋楼层元块人年月日点])|[零〇一二三四五六七八九幺]{2,6}(?![零〇一二三四五六七八九幺位个]))"
)
_REACH = 10  # characters between the words for the end of a number and its digits


_READ_BACK = re.compile(rf"([{_NUMERAL}{SIGNS}]{{{LOCAL},}})[^{_NUMERAL}]{{0,10}}$")
_LEAST = 3  # digits of a group


@dataclass(frozen=True, slots=True)
class Tail:
    """``digits`` take the place of as many at the end of the number said last; of the digits ``wrong`` where those were
    named; of the group of it that they are most like where it is a ``group`` said again.
    """

    digits: str
    evidence: Evidence
    wrong: str = ""
    group: bool = False

    def put_in(self, number: str) -> str:
        """``number``, with an area code or without, put right; as it is where it is not sure which digits are meant."""
        area, dash, own = number.rpartition("-")
        if not self.group:
            return number[: -len(self.digits)] + self.digits
        if self.wrong:
            return area + dash + own.replace(self.wrong, self.digits) if own.count(self.wrong) == 1 else number
        borders, count = BORDERS.get(len(own), ()), len(self.digits)
        places = [at for at in borders if at + count in borders and is_alike(own[at : at + count], self.digits)]
        if len(places) != 1:
            return number
        return area + dash + own[: places[0]] + self.digits + own[places[0] + count :]


class Tails:
    """Finds the digits of numbers that a caller puts right."""

    def __init__(self, rules: Mapping[str, Any], groups: GroupsPutRight, dialogue: Dialogue) -> None:
        words = rules["phone"]["tails"]  # for the end of a number (最后四位, 尾号)
        wrong = f"(?:不是{_DIGITS}[，, ]?)?"
        self._tail = re.compile(
            rf"(?:{'|'.join(words)})[^\d。！？!?]{{0,{_REACH}}}?{wrong}[^\d。！？!?]{{0,4}}?({_DIGITS})"
        )
        self._groups = groups
        self._dialogue = dialogue

    def read(self, turn: Turn, before: Sequence[Turn]) -> Tail | None:
        """What ``turn``, with those ``before`` it, puts right of a number."""
        if turn.speaker is not Speaker.CITIZEN:
            return None
        for found in self._tail.finditer(turn.text):
            start, end = found.span(1)
            if self._dialogue.negated(turn.text, start):
                continue
            if self._dialogue.denies(turn) or self._dialogue.corrected_before(turn.text, start):
                return Tail(found[1].translate(AS_FIGURES), Evidence.of(turn, start, end))
        return self._group(turn, before[-1]) if before and before[-1].speaker is Speaker.AGENT else None

    def _group(self, turn: Turn, asked: Turn) -> Tail | None:
        """The group of the number at the end of the read-back ``asked`` that ``turn`` says again."""
        read = _READ_BACK.search(asked.text)
        if read is None or not self._groups.is_whole(read[1]) or self._dialogue.expected(asked) - {"phone"}:
            return None
        again = self._groups.again(turn.text)
        if again is None or (not again.wrong and len(again.digits) < _LEAST):
            return None
        return Tail(again.digits, Evidence.of(turn, again.start, again.end), again.wrong, group=True)
