"""Identity card numbers: 18 characters read digit by digit, proved by their check character.

In: turns. Out: the slot ``id_no``. Of all digits that the hearings allow the number is chosen whose birthday is a date
and whose check character (GB 11643, ISO 7064 MOD 11-2) is right. A number that fails is filled, with less confidence,
only where caller and agent say it alike, digit for digit: then it is what was said, and whoever checks it finds it so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from itertools import combinations, product
from math import exp
from typing import Any

from extractors.numbers.dictated import symbols, within
from extractors.numbers.digits import Costs, DigitReader, DigitRun, settle
from extractors.slots.extractor import Context
from extractors.text.cues import Cues
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_LENGTH = 18
_NEAR = 6  # turns over which it is given in groups
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_CHECKS = "10X98765432"
_ANY = "0123456789"
# Province 11-82; a year of birth 19xx or 20xx; month and day by their first digits.
_ALLOWED = ("12345678", _ANY, _ANY, _ANY, _ANY, _ANY, "12", "09", _ANY, _ANY, "01", _ANY, "0123", *[_ANY] * 4, _ANY)
_DOUBTFUL = 4  # so many of the least certain digits may be changed to satisfy the check
_CHANGE = 4.0  # how fast probability falls with the cost of a change
_AGREED = 0.6  # a number whose check character is wrong but which both say alike
_WHOLE = re.compile(r"(?<![0-9A-Za-z])[1-8]\d{5}(?:19|20)\d{9}(?:\d|(?=[Xx]))(?!\d)")  # the X is none of the digits
_LAST_X = re.compile(r"[\s，,、.是]{0,3}(?:[XxＸ×叉]|艾克斯|爱克斯|埃克斯)")


def check_character(first17: str) -> str:
    """The check character that belongs to the first 17 digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS[:17], strict=True)) % 11]


def is_valid(number: str) -> bool:
    """Whether ``number`` has 18 characters, a date of birth that exists, and the right check character."""
    return _has_birthday(number) and check_character(number[:17]) == number[17]


def _has_birthday(number: str) -> bool:
    """Whether ``number`` has 18 characters and a date of birth that exists."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class IdHearing:
    """A long number in one turn: the cost of every digit, whether an X follows, and the words."""

    costs: tuple[Costs, ...]
    ends_in_x: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class IdReading:
    """What one turn says of an identity number; ``pieces`` are groups of one read over several turns."""

    hearings: tuple[IdHearing, ...] = ()
    pieces: tuple[IdHearing, ...] = ()


class IdCardExtractor:
    """Fills ``id_no``."""

    slots: tuple[str, ...] = ("id_no",)

    def __init__(self, reader: DigitReader, rules: Mapping[str, Any]) -> None:
        self._reader = reader
        self._words = Cues(rules["id_card"]["words"])
        self._fill: float = rules["id_card"]["fill"]

    def read(self, turn: Turn, context: Context) -> IdReading:
        """The numbers of ``turn`` long enough for an identity number, and shorter groups where one was asked for."""
        about = "id_no" in context.expected or any(
            self._words.match(one.text) for one in (*context.before[-_NEAR:], turn)
        )
        if not about:
            return IdReading()
        found = []
        for run in map(partial(_written_out, turn.text), self._reader.runs(turn.text, 3)):
            x = _LAST_X.match(turn.text, run.end)
            evidence = Evidence.of(turn, run.start, x.end() if x else run.end)
            found.append(IdHearing(tuple(one.costs for one in run.heard), x is not None, evidence))
        whole = tuple(one for one in found if len(one.costs) >= _LENGTH - 2)
        return IdReading(whole, tuple(one for one in found if one not in whole))

    def fold(self, turns: Sequence[Turn], readings: Sequence[IdReading], context: Context) -> Mapping[str, SlotValue]:
        """The identity number after ``turns``."""
        hearings: list[tuple[Speaker, tuple[Evidence, ...], tuple[Costs, ...], bool]] = []
        pieces: dict[Speaker, list[IdHearing]] = {Speaker.AGENT: [], Speaker.CITIZEN: []}
        for turn, reading in zip(turns, readings, strict=True):
            hearings += [(turn.speaker, (one.evidence,), one.costs, one.ends_in_x) for one in reading.hearings]
            group = pieces[turn.speaker]
            group.extend(reading.pieces)
            costs = tuple(cost for one in group for cost in one.costs)
            if _LENGTH - 1 <= len(costs) <= _LENGTH + 1:
                evidence = tuple(one.evidence for one in group)
                hearings.append((turn.speaker, evidence, costs, group[-1].ends_in_x))
                group.clear()
        best: SlotValue | None = None
        for size in (2, 1):
            for some in combinations(hearings[-3:], size):
                number, confidence = _decide(tuple(one[2] for one in some), any(one[3] for one in some))
                if number and confidence >= self._fill and (best is None or confidence > best.confidence):
                    evidence = tuple(piece for one in some for piece in one[1])
                    both = len({one[0] for one in some}) > 1
                    best = SlotValue(number, round(min(confidence, 0.99), 3), evidence, confirmed=both)
        best = best or _said_alike(hearings) or self._repeated(turns, readings)
        return {} if best is None else {"id_no": best}

    @staticmethod
    def _repeated(turns: Sequence[Turn], readings: Sequence[IdReading]) -> SlotValue | None:
        """The number that the agent repeats whole after the caller said its digits bit by bit."""
        for at in reversed(range(len(turns))):
            for one in readings[at].hearings if turns[at].speaker is Speaker.AGENT else ():
                number = "".join(symbols(one.evidence.text))
                before = turns[max(0, at - _NEAR) : at]
                said = "".join(char for t in before if t.speaker is Speaker.CITIZEN for char in symbols(t.text))
                if _has_birthday(number) and within(number, said) == 1.0:
                    return SlotValue(number, _AGREED, (one.evidence,), confirmed=True)
        return None


def _written_out(text: str, run: DigitRun) -> DigitRun:
    """Of ``run`` the whole number that stands in it in figures: what follows is another one (…2214，订单号GZ20)."""
    found = _WHOLE.search(text, run.start, run.end)
    if found is None:
        return run
    return DigitRun(tuple(one for one in run.heard if found.start() <= one.start < found.end()))


def _said_alike(hearings: Sequence[tuple[Speaker, tuple[Evidence, ...], tuple[Costs, ...], bool]]) -> SlotValue | None:
    """The number that caller and agent both say, digit for digit, whatever its check character."""
    said: dict[str, list[tuple[Speaker, tuple[Evidence, ...]]]] = {}
    for speaker, evidence, costs, ends_in_x in hearings:
        # a word before it may sound like a digit (是4401…)
        sure = [at for at, one in enumerate(costs) if min(one) == 0]
        if sure and sure[-1] - sure[0] == len(sure) - 1:
            number = "".join(str(costs[at].index(0)) for at in sure) + ("X" if ends_in_x else "")
            said.setdefault(number, []).append((speaker, evidence))
    for number, heard in reversed(said.items()):
        if len({speaker for speaker, _ in heard}) > 1 and _has_birthday(number) and number[0] in _ALLOWED[0]:
            return SlotValue(number, _AGREED, tuple(one for _, some in heard for one in some), confirmed=True)
    return None


@lru_cache(maxsize=256)  # asked again after every turn of a call
def _decide(hearings: tuple[tuple[Costs, ...], ...], ends_in_x: bool) -> tuple[str, float]:
    """The valid number nearest to what was heard and its probability, or ``""``."""
    allowed = _ALLOWED[:-1] if ends_in_x else _ALLOWED
    settled = settle(hearings, allowed)
    if settled is None:
        return "", 0.0
    heard = settled.digits + ("X" if ends_in_x else "")
    total = _weighed(heard)
    doubtful = sorted(range(len(allowed)), key=lambda at: settled.probabilities[at])[:_DOUBTFUL]
    odds: dict[str, float] = {}
    for change in product(_ANY, repeat=2):
        for places in combinations(doubtful, 2):
            changes = [(at, digit) for at, digit in zip(places, change, strict=True) if digit != heard[at]]
            if (total + sum(_WEIGHTS[at] * (int(digit) - int(heard[at])) for at, digit in changes)) % 11 != 1:
                continue
            number = heard
            for at, digit in changes:
                number = f"{number[:at]}{digit}{number[at + 1 :]}"
            if _has_birthday(number):
                cost = sum(settled.margins[at][int(digit)] for at, digit in changes)
                odds[number] = max(odds.get(number, 0.0), exp(-_CHANGE * cost))
    if not odds:
        return "", 0.0
    number = max(odds, key=lambda one: odds[one])
    fit = max(0.0, settled.cost - 1.0 * len(hearings))
    return number, odds[number] / sum(odds.values()) * (odds[number] ** 0.25) / (1 + fit)


def _weighed(number: str) -> int:
    """The weighed sum of all 18 characters, 1 modulo 11 where the check character is right (GB 11643)."""
    return sum(weight * (10 if char == "X" else int(char)) for weight, char in zip(_WEIGHTS, number, strict=True))
