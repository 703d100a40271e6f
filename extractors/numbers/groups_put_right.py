"""Groups of a phone number said again to put it right: the words of a turn in, those with the groups that count out.

"177，0200，4593，不是，4539" is 177 0200 4539, "8351，7762，不是7726啊，7762" is 8351 7762. The text stays as long
as it was, and the number ends where it ended, so what is found in it is a place in the turn. Nothing is changed that
does not make a whole phone number. Words of correction: ``dictation.put_right`` of ``catalog/rules/numbers.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from extractors.numbers.numbering_plan import LOCAL, MOBILE
from extractors.text.numerals import AS_FIGURES

SIGNS: Final = " ，,、。.…·—-"
_GROUP = r"(?:\d+|[零〇一二三四五六七八九幺]{2,})"
_DIGIT = "0-9零〇一二三四五六七八九幺"
_MOBILE = re.compile(r"1[3-9]\d{9}")
_WHOLE = re.compile(rf"{_MOBILE.pattern}|(?:0(?:10|2\d|[3-9]\d\d))?[2-8]\d{{7}}")
BORDERS: Final = {MOBILE: (0, 3, 7, 11), LOCAL: (0, 4, 8)}  # of the groups in which a number is mostly said
_LEAST = 2  # digits of a group that takes the place of the end of another
_ALIKE = 0.5  # share of the digits of a group that differ at most where it is said again
_MOST = 6  # corrections in one turn
_PAD = "，"


@dataclass(frozen=True, slots=True)
class Again:
    """The ``digits`` of a group said again in characters ``start:end``; ``wrong``: those it is not, where told."""

    digits: str
    wrong: str
    start: int
    end: int


class GroupsPutRight:
    """Finds the groups that take the place of others."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        """``rules``: the part ``dictation`` of those for numbers."""
        sign = f"[{SIGNS}]"
        fillers = "|".join(sorted(map(str, rules["between"]), key=len, reverse=True))
        words = "|".join(rules["put_right"])
        filler = f"(?:{sign}|{fillers})*"
        self._token = re.compile(rf"(?<![A-Za-z{_DIGIT}]){_GROUP}(?![A-Za-z{_DIGIT}])")
        self._between = re.compile(filler)
        self._again = re.compile(rf"{filler}(?:(?:{words}){filler})+")
        self._not = re.compile(rf"{sign}{filler}(?:不是|唔系)")
        self._but = re.compile(rf"[的啊呀哦噢吧]*{filler}(?:应该)?")
        self._ends = re.compile(rf"$|{sign}|{rules['group_ends']}")
        self._answer = re.compile(
            rf"{filler}(?:(?:{words}){filler})*"
            rf"(?:不是(?P<wrong>{_GROUP})[的啊呀]*{filler}(?:应该|而)?是?|(?:{words})){filler}(?P<again>{_GROUP})"
            rf"(?={self._ends.pattern})[^{_DIGIT}]*(?:(?P=again)[^{_DIGIT}]*)?"
        )

    def said(self, text: str) -> str:
        """``text`` with only the groups that count, moved to where the correction ends."""
        for _ in range(_MOST):
            if (changed := self._once(text)) is None:
                break
            text = changed
        return text

    def again(self, text: str) -> Again | None:
        """The group that ``text``, the answer to a read-back, says again to put it right, and no other digits."""
        found = self._answer.fullmatch(text)
        if found is None:
            return None
        wrong = (found["wrong"] or "").translate(AS_FIGURES)
        digits = found["again"].translate(AS_FIGURES)
        if wrong and len(wrong) != len(digits):
            return None
        return Again(digits, wrong, *found.span("again"))

    @staticmethod
    def is_whole(said: str) -> bool:
        """Whether the digits ``said``, with signs between, are a whole phone number."""
        return _WHOLE.fullmatch(re.sub(rf"[{SIGNS}]", "", said).translate(AS_FIGURES)) is not None

    def _once(self, text: str) -> str | None:
        """``text`` with the first group that is put right in its place; None where there is none."""
        tokens = list(self._token.finditer(text))
        for at in range(1, len(tokens)):
            gap = text[tokens[at - 1].end() : tokens[at].start()]
            if not self._ends.match(text, tokens[at].end()):
                continue  # 1204房
            before = tokens[self._first(text, tokens, at - 1) : at]
            if self._again.fullmatch(gap):
                after = tokens[at + 1 : self._last(text, tokens, at) + 1]
                number = self._with(_digits(before), _digits([tokens[at]])[0], _digits(after))
                end = (after or [tokens[at]])[-1].end()
            elif self._not.fullmatch(gap):
                number, end = self._contrasted(text, tokens, before, at)
            else:
                continue
            if number is not None:
                start = before[0].start()
                return text[:start] + number.rjust(end - start, _PAD) + text[end:]
        return None

    def _contrasted(
        self, text: str, tokens: Sequence[re.Match[str]], before: Sequence[re.Match[str]], at: int
    ) -> tuple[str | None, int]:
        """The number of the groups ``before``, where token ``at`` is one it is not, and the place behind what is said
        of that (4539，不是4593; 不是4593，是4539).
        """
        groups, wrong = _digits(before), _digits([tokens[at]])[0]
        end = tokens[at].end()
        if at + 1 < len(tokens) and self._but.fullmatch(text[end : tokens[at + 1].start()]):
            after = tokens[at + 1 : self._last(text, tokens, at + 1) + 1]
            right, *rest = _digits(after)
            whole, end = "".join(groups), after[-1].end()
            if whole.endswith(right):
                number = whole
            elif right != wrong and len(right) == len(wrong) and whole.endswith(wrong):
                number = whole[: -len(wrong)] + right
            else:
                number = whole + right
            number += "".join(rest)
        else:
            number = "".join(groups)
        return (number if _WHOLE.fullmatch(number) else None), end

    @staticmethod
    def _with(groups: Sequence[str], again: str, after: Sequence[str]) -> str | None:
        """The number in which ``again`` takes the place of a group or more of ``groups``, ``after`` being said behind
        it; None where that is no whole number.
        """
        rest, whole, count = "".join(after), "".join(groups), len(again)
        if _MOBILE.fullmatch(again + rest):
            return again + rest
        if count < _LEAST:
            return None
        borders = {0, *accumulate(map(len, groups)), *(BORDERS.get(len(whole), ()) if not rest else ())}
        places = [len(whole) - count] if rest else [at for at in sorted(borders) if at + count in borders]
        places = [at for at in (*places, len(whole) - count) if at >= 0]
        numbers = {at: whole[:at] + again + whole[at + count :] + rest for at in places}
        likely = [at for at, number in numbers.items() if _WHOLE.fullmatch(number)]
        alike = [at for at in likely if is_alike(whole[at : at + count], again)]
        if not alike and _WHOLE.fullmatch(again + rest):
            return again + rest
        return next((numbers[at] for at in reversed(alike or likely)), None)

    def _first(self, text: str, tokens: Sequence[re.Match[str]], at: int) -> int:
        while at and self._between.fullmatch(text[tokens[at - 1].end() : tokens[at].start()]):
            at -= 1
        return at

    def _last(self, text: str, tokens: Sequence[re.Match[str]], at: int) -> int:
        while at + 1 < len(tokens) and self._between.fullmatch(text[tokens[at].end() : tokens[at + 1].start()]):
            at += 1
        return at


def is_alike(one: str, other: str) -> bool:
    """Whether two groups of digits are so alike that one may be the other put right; the same ones are not."""
    differ = sum(a != b for a, b in zip(one, other, strict=True))
    return differ > 0 and (differ <= _ALIKE * len(one) or sorted(one) == sorted(other))


def _digits(tokens: Sequence[re.Match[str]]) -> list[str]:
    return [one.group().translate(AS_FIGURES) for one in tokens]
