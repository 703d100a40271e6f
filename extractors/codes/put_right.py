"""Some characters of an order number put right after it was read back: turns and their numbers in, the number out.

"0019，不是0091", "最后是519", or a group that the caller had said so and the agent read otherwise: the number read back
gets those characters, or is the caller's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from extractors.codes.written import WrittenCode
from extractors.numbers.groups_put_right import SIGNS
from extractors.text.numerals import AS_FIGURES
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_SYMBOL: Final = "0-9A-Za-z零〇一二三四五六七八九幺"
_GROUP: Final = rf"(?<![{_SYMBOL}])[{_SYMBOL}]{{1,8}}(?![{_SYMBOL}])"
_LEAST = 3  # characters of a group by which the caller's own number is told from what was read back
_PUT_RIGHT = 0.85  # certainty of a number of which a part was put right


class CodesPutRight:
    """Finds what the caller puts right of a number read back."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """``rules``: those for numbers."""
        sign = f"[{SIGNS}]*"
        self._contrasts = [
            re.compile(
                rf"(?P<again>{_GROUP})[的啊呀哦]?{sign}(?:才对|才是)?{sign}而?(?:不是|唔系){sign}(?P<wrong>{_GROUP})"
            ),
            re.compile(
                rf"(?:不是|唔系){sign}(?P<wrong>{_GROUP})[的啊呀哦]*{sign}(?:应该|而)?是?{sign}(?P<again>{_GROUP})"
            ),
        ]
        words = "|".join(rules["phone"]["tails"])
        self._tail = re.compile(
            rf"(?<![以之然今往])(?:{words})(?:数?字|字母)?(?:应该)?就?是?{sign}(?P<again>{_GROUP})(?![块元个人年月日号点])"
        )
        self._groups = re.compile(_GROUP)

    def find(self, turns: Sequence[Turn], codes: Sequence[Sequence[WrittenCode]]) -> SlotValue | None:
        """The number that was put right last, ``codes`` being the numbers of each turn; None where none was, or where
        the agent read back another one of that length since.
        """
        for at in reversed(range(1, len(turns))):
            asked, answer = turns[at - 1], turns[at]
            if answer.speaker is Speaker.AGENT or asked.speaker is not Speaker.AGENT or not codes[at - 1]:
                continue
            read = codes[at - 1][-1]
            own = [
                one
                for some, turn in zip(codes, turns, strict=True)
                for one in some
                if turn.speaker is not Speaker.AGENT
            ]
            if any(len(one.code.symbols) == len(read.code.symbols) for one in codes[at]):
                continue
            found = self._number(answer, read, own)
            if found is None:
                continue
            number, evidence = found
            since = [one.code.symbols for some in codes[at + 1 :] for one in some]
            if any(len(one) == len(_plain(number)) and one != _plain(number) for one in since):
                return None
            return SlotValue(number, _PUT_RIGHT, (read.evidence, evidence))
        return None

    def _number(self, answer: Turn, read: WrittenCode, own: Sequence[WrittenCode]) -> tuple[str, Evidence] | None:
        """The number read back as ``answer`` puts it right; ``own``: what the caller said of it before."""
        code, text = read.code.code, answer.text
        for contrast in self._contrasts:
            for said in contrast.finditer(text):
                wrong, again = _symbols(said["wrong"]), _symbols(said["again"])
                if len(wrong) == len(again) and code.count(wrong) == 1:
                    return code.replace(wrong, again), Evidence.of(answer, *said.span("again"))
        for said in self._tail.finditer(text):
            again = _symbols(said["again"])
            if len(again) < len(code) and not code.endswith(again):
                return code[: -len(again)] + again, Evidence.of(answer, *said.span("again"))
        for said in self._groups.finditer(text):
            again = _symbols(said.group())
            if len(again) < _LEAST or again in read.code.symbols:
                continue
            for one in own:
                if again in one.code.symbols and len(one.code.symbols) == len(read.code.symbols):
                    return one.code.code, Evidence.of(answer, *said.span())
        return None


def _symbols(said: str) -> str:
    return said.translate(AS_FIGURES).upper()


def _plain(code: str) -> str:
    return code.replace("-", "")
