"""Numbers with letters put together as they are dictated: in groups, dashes said, begun again, a letter added.

In: text. Out: `Dictated`, a code as it is written (``MXL-240903-27`` of "MXL，横杠，240903，横杠，27"). Only characters
that stand for themselves count: Latin letters, digits, numerals read one by one. What merely sounds like a
digit is the work of `extractors.numbers.digits`. Words between the groups: section ``dictation`` of
``catalog/rules/numbers.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from extractors.text.cues import alternatives
from extractors.text.numerals import AS_FIGURES, parse_number

_WIDE = str.maketrans({chr(0xFF01 + n): chr(0x21 + n) for n in range(94) if chr(0x21 + n).isalnum()})
_SIGNS = " 、，,。.…·：:—？?！!-"
_GROUP = re.compile(
    r"[A-Za-z0-9]+(?:[-－][A-Za-z0-9]+)*"
    rf"|(?:(?<=[{_SIGNS}A-Za-z0-9是后再话码机])|^)[零〇一二三四五六七八九幺]+(?=$|[{_SIGNS}A-Za-z0-9])"
    rf"|(?:(?<=[{_SIGNS}A-Za-z0-9是后再话码机])|^)(?P<times>[两二三四五])个(?P<one>[零〇一二三四五六七八九幺0-9])(?=$|[{_SIGNS}])"
)
_REACH = 18  # characters between two groups of one number, where a word tells that it goes on
_AGAIN = 2  # so many characters said again are a new start, not the number going on
_COUNT = 2  # digits of a number that counts something
_LETTERS = 6  # letters of one number
_AREA = re.compile(r"0\d{2,3}")  # of landlines; also said behind the number, as what belongs in front of it
_ECHO = 4  # characters before the end of a number, said once more
_LEADING = re.compile(r"[A-Z]{2,}(?=\d)")
_SENTENCE = re.compile(r"[。？?！!]")


@dataclass(frozen=True, slots=True)
class Dictated:
    """A code as it is written, said in characters ``start:end``. ``broken``: a part of it was not told."""

    code: str
    start: int
    end: int
    broken: bool = False

    @property
    def symbols(self) -> str:
        """Its letters and digits, without dashes."""
        return self.code.replace("-", "")

    @property
    def digits(self) -> int:
        """How many digits it has."""
        return sum(char.isdigit() for char in self.code)


class Dictation:
    """Puts together what is dictated."""

    def __init__(self, rules: Mapping[str, Any], whole: re.Pattern[str] | None = None) -> None:
        """``whole`` matches numbers that are complete: nothing is added to them."""
        self._whole = whole
        signs = f"[{_SIGNS}]"
        fillers = "|".join(sorted(map(str, rules["between"]), key=len, reverse=True))
        dashes = alternatives(rules["dash"])
        self._counts = re.compile(alternatives(rules["counts"]))
        self._dash = re.compile(dashes)
        self._between = re.compile(rf"(?:{signs}|{fillers}|{dashes})*")
        self._onward = re.compile(alternatives(rules["onward"]))
        self._sums = re.compile(alternatives(rules["sums"]))
        self._front = re.compile(rf".{{0,6}}(?:{'|'.join(rules['front'])})[{_SIGNS}]*")
        self._unknown = re.compile(alternatives(rules["unknown"]))

    def read(self, text: str) -> list[Dictated]:
        """The codes of ``text`` in order; each is as long as what was said allows."""
        found: list[Dictated] = []
        groups: list[str] = []
        for match in _GROUP.finditer(text.translate(_WIDE)):
            if self._counts.match(text, match.end()) and match.group().isdigit() and len(match.group()) <= _COUNT:
                continue  # 13位, 10月
            if match.group().isalpha() and len(match.group()) > _LETTERS:
                continue  # an English word
            group = _characters(match)
            if not found:
                found.append(Dictated(group, *match.span()))
                groups = [group]
                continue
            last = found[-1]
            gap = text[last.end : match.start()]
            if (group.isalpha() or _AREA.fullmatch(group)) and self._front.fullmatch(gap):
                if not last.code.startswith(group):
                    code = group + ("-" if "-" in last.code or group.isdigit() else "") + last.code
                    found[-1] = replace(last, code=code, end=match.end())
                continue
            if len(group) > _AGAIN and last.symbols.endswith(group) and (len(gap) <= _ECHO or self._goes_on(gap)):
                found[-1] = replace(last, end=match.end())  # the end of it once more
                continue
            begun = self._begun_again(groups, group)
            if begun is None and _its_letters_again(groups[0], group) and self._goes_on(gap):
                begun = []
            complete = self._whole is not None and self._whole.fullmatch(last.symbols) is not None
            if complete or (begun is None and not self._goes_on(gap)):
                unknown = len(gap) <= _ECHO and self._unknown.search(gap) is not None
                found.append(Dictated(group, *match.span(), broken=unknown))
                groups = [group]
                continue
            if begun is None:
                groups.append(("-" if self._dash.search(gap) else "") + group)
                broken = last.broken or self._unknown.search(gap) is not None
                found[-1] = Dictated("".join(groups), last.start, match.end(), broken)
            else:
                groups = [*begun, group]
                start = last.start if begun else match.start()
                found[-1] = Dictated("".join(groups), start, match.end(), last.broken and bool(begun))
        found = [one for one in found if len(one.symbols) - one.digits <= _LETTERS]
        return [replace(one, broken=one.broken or self._cut_short(text, one)) for one in found]

    def _goes_on(self, gap: str) -> bool:
        """Whether the words between two groups let the number go on."""
        if self._between.fullmatch(gap):
            return _SENTENCE.search(gap) is None or self._onward.search(gap) is not None
        return len(gap) <= _REACH and self._onward.search(gap) is not None and self._sums.search(gap) is None

    @staticmethod
    def _begun_again(groups: list[str], group: str) -> list[str] | None:
        """The groups that stay where ``group`` says the number, or its last group, once more; None if not."""
        said, symbols = "".join(groups).replace("-", ""), group.replace("-", "")
        first = groups[0]
        if (len(said) >= _AGAIN and symbols.startswith(said)) or (len(first) > _AGAIN and symbols.startswith(first)):
            return []
        last = groups[-1].lstrip("-")
        if len(last) >= _AGAIN and group.startswith(last):
            return groups[:-1]
        return None

    def _cut_short(self, text: str, one: Dictated) -> bool:
        """Whether the words right after a code tell that the rest of it is not known."""
        rest = _SENTENCE.split(text[one.end : one.end + 8])[0]
        return self._unknown.search(rest) is not None


def _its_letters_again(first: str, group: str) -> bool:
    """Whether ``group`` begins with the letters that the ``first`` group begins with: a number has them once."""
    letters = _LEADING.match(first)
    return letters is not None and group.startswith(letters.group())


def symbols(text: str) -> Iterator[str]:
    """All letters and digits of ``text`` in order, whatever stands between them."""
    for match in _GROUP.finditer(text.translate(_WIDE)):
        yield from _characters(match).replace("-", "")


def _characters(group: re.Match[str]) -> str:
    """The letters, digits and dashes that a group stands for; 三个零 are three of them."""
    said = group["one"] * int(parse_number(group["times"]) or 1) if group["one"] else group.group()
    return said.replace("－", "-").translate(AS_FIGURES).upper()


def within(code: str, said: str) -> float:
    """The share of ``code`` whose characters occur in ``said``, in order (longest common subsequence)."""
    row = [0] * (len(said) + 1)
    for char in code:
        before = row
        row = [0]
        for at, other in enumerate(said):
            row.append(before[at] + 1 if char == other else max(row[at], before[at + 1]))
    return row[-1] / len(code) if code else 0.0
