"""The phone number that several hearings of it agree on: hearings of caller and agent in, a number out (`Guess`).

Hearings are fused digit by digit (`extractors.numbers.digits`); of the numbers that some of them give, or two together,
the one is taken that explains all of them best. Each may be about something else, at a price, or of a part of the
number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from math import exp

from extractors.numbers.digits import Costs, likeliest, mismatch, settle
from extractors.numbers.numbering_plan import LOCAL, MOBILE
from extractors.phones.hearings import Hearing, certain, plainly
from extractors.turn import Speaker

_UNRELATED = 3.5  # a hearing that fits a number worse than this is about something else
_ELSEWHERE = 1.5  # the same where it is likely to be about something else
_LIKE, _CLEAR = 1.2, 0.2  # what a hearing costs by itself at most that is like such a number, and that is clearly one
_PART = 3  # digits fewer than a number has from which a hearing is of a part of it
_INCOMPLETE = 0.3  # what it costs that it is
_TOLERATED = 0.8  # cost a hearing of the right number may well have
_RIVAL = 3.0  # how fast a worse explanation loses probability
_AGENT = 2.0  # weight of the agent's read-backs: their audio is clearer
_WHOLE_NUMBER = 3.0  # weight of a hearing that has as many digits as a number
_SEVERAL = 0.99  # certainty of a number heard more than once
_ONE_AGENT, _ONE_CITIZEN = 0.88, 0.75  # certainty of a number heard once
_CONTRADICTED = 0.6  # share of the certainty where the agent read another number back
_BESIDE_AGENT = 0.15  # weight of a misfit in the caller's words where the agent's are there too
_MISSING, _UNKNOWN_DIGIT = 0.55, 0.2  # a digit nobody heard is a guess, and which of too many is none
_LACKING = 2  # digits fewer in all hearings of a number: they are of none so long
_ASIDE, _PLAIN = 0.6, 0.75  # share of confidence where nothing says that the digits are a phone number; but their form
_OTHER = 0.2  # what it costs to take another reading than the likeliest
_BEFORE = 3  # syllables before an area code that may be none of its digits
_AREA = 0.3  # cost of a digit of an area code, on average


@dataclass(frozen=True, slots=True)
class Guess:
    """A number with the hearings that are of it, and the cost of those together."""

    digits: str
    confidence: float
    cost: float
    hearings: tuple[Hearing, ...]


class PhoneFusion:
    """Fuses hearings; ``area``: the area code of landlines."""

    def __init__(self, area: str) -> None:
        self._area = area
        self._settle = lru_cache(maxsize=1024)(settle)
        self._mismatch = lru_cache(maxsize=4096)(mismatch)

    def best(self, hearings: Sequence[Hearing], allowed: tuple[str, ...]) -> Guess | None:
        """The number that explains all hearings best; ``allowed`` holds for every position the digits it may have."""
        usable = [one for one in hearings if any(len(costs) >= len(allowed) - _PART for costs in one.readings)]
        alone = [self._alone(one, allowed) for one in usable]
        clear = [one for one, cost in zip(usable, alone, strict=True) if cost < _CLEAR]
        if any(one not in clear and not one.about for one in usable) and clear:
            return self.best([one for one in hearings if one.about or one in clear], allowed)
        beside = [
            _UNRELATED if one.about and cost < _LIKE else _ELSEWHERE for one, cost in zip(usable, alone, strict=True)
        ]
        guesses: list[tuple[float, Guess]] = []
        for digits in self._candidates(usable, allowed):
            costs = [self.apart(one, digits) for one in usable]
            heard = [one for one, cost, most in zip(usable, costs, beside, strict=True) if cost < most]
            if heard:
                total = sum(
                    min(cost, most) * _weight(one, len(allowed))
                    for one, cost, most in zip(usable, costs, beside, strict=True)
                )
                own = sum(cost for cost, most in zip(costs, beside, strict=True) if cost < most)
                guesses.append((total, Guess(digits, 0.0, own, tuple(heard))))
        if not guesses:
            return None
        guesses.sort(key=lambda one: one[0])
        total, guess = guesses[0]
        rivals = sum(exp(-_RIVAL * (other - total)) for other, _ in guesses)
        contradicted = any(
            one.speaker is Speaker.AGENT and most == _UNRELATED and one not in guess.hearings
            for one, most in zip(usable, beside, strict=True)
        )
        certainty = self._certainty(guess, clear, len(allowed), contradicted=contradicted)
        return replace(guess, confidence=certainty / rivals * _spoken_of(guess, len(allowed)))

    def _candidates(self, usable: Sequence[Hearing], allowed: tuple[str, ...]) -> list[str]:
        """The numbers that single readings give, and the likeliest of two hearings together."""
        whole = [one for one in usable if any(len(costs) > len(allowed) - _PART for costs in one.readings)]
        chances: list[tuple[tuple[Costs, ...], ...]] = [(costs,) for one in whole for costs in one.readings]
        chances += [(one.readings[0], other.readings[0]) for one, other in combinations(whole, 2)]
        settled = (self._settle(some, allowed) for some in chances)
        return list(dict.fromkeys(one.digits for one in settled if one is not None))

    def _certainty(self, guess: Guess, clear: Sequence[Hearing], length: int, *, contradicted: bool) -> float:
        """How sure a number of so many digits is by how often and how well it was heard; ``contradicted``: the agent
        read another one back.
        """
        speakers = {one.speaker for one in guess.hearings}
        ceiling = _SEVERAL if len(guess.hearings) > 1 else _ONE_AGENT if Speaker.AGENT in speakers else _ONE_CITIZEN
        doubt = sum(
            max(0.0, self.apart(one, guess.digits) - _TOLERATED)
            * (
                _BESIDE_AGENT
                if one.speaker is Speaker.CITIZEN and Speaker.AGENT in speakers and one not in clear
                else 1.0
            )
            for one in guess.hearings
        )
        if _is_short(guess, length) or (
            len(guess.hearings) == 1
            and (guess.cost >= _MISSING or not any(certain(one) <= length for one in guess.hearings[0].readings))
        ):
            ceiling *= _UNKNOWN_DIGIT
        if contradicted and Speaker.AGENT not in speakers:
            ceiling *= _CONTRADICTED
        return ceiling / (1 + doubt)

    def apart(self, hearing: Hearing, digits: str) -> float:
        """What it costs that ``hearing`` was of the number ``digits``, in the reading that fits it best."""
        return min(
            self._unlike(costs, digits) + (_OTHER if place else 0.0) for place, costs in enumerate(hearing.readings)
        )

    def without_area(self, hearing: Hearing) -> Hearing:
        """The hearing from after the area code on, in each reading that begins with one."""
        rests = [self._after_area(costs) for costs in hearing.readings]
        if not any(rests):
            return hearing
        readings = tuple(rest or costs for rest, costs in zip(rests, hearing.readings, strict=True))
        return replace(hearing, readings=readings)

    def _unlike(self, costs: tuple[Costs, ...], digits: str) -> float:
        """What it costs that ``costs`` were heard for ``digits``, or for a part of them where they are too few."""
        lacking = len(digits) - len(costs)
        if lacking < _PART:
            return self._mismatch(costs, digits)
        parts = (digits[start : start + len(costs)] for start in range(lacking + 1))
        return _INCOMPLETE + min(self._mismatch(costs, part) for part in parts)

    def _alone(self, hearing: Hearing, allowed: tuple[str, ...]) -> float:
        """What it costs, by itself, that a hearing is of a whole number like the one sought."""
        found = [self._settle((costs,), allowed) for costs in hearing.readings]
        return min(one.cost if one is not None else _UNRELATED for one in found)

    def _after_area(self, reading: tuple[Costs, ...]) -> tuple[Costs, ...]:
        """The digits after an area code at the beginning of ``reading``; none where there is none."""
        for skip in range(_BEFORE):
            costs = reading[skip : skip + len(self._area)]
            rest = reading[skip + len(self._area) :]
            if len(rest) >= LOCAL - 1 and sum(
                one[int(digit)] for one, digit in zip(costs, self._area, strict=True)
            ) <= _AREA * len(self._area):
                return rest[: LOCAL + 1]
        return ()


def _is_short(guess: Guess, length: int) -> bool:
    """Whether nobody heard what a number of so many digits has more: all hearings lack two, or are the same and lack
    one.
    """
    most = max(len(reading) for one in guess.hearings for reading in one.readings)
    heard = {likeliest(one.readings[0]) for one in guess.hearings}
    same = len(heard) == 1 and len(heard.pop()) < length
    return most <= length - _LACKING or (same and guess.cost >= _MISSING * len(guess.hearings))


def _weight(hearing: Hearing, length: int) -> float:
    """How much it says that a number does not fit ``hearing``: more where that has as many digits as the number."""
    whole = any(len(plainly(reading)) == length for reading in hearing.readings[:1])
    return (_AGENT if hearing.speaker is Speaker.AGENT else 1.0) * (_WHOLE_NUMBER if whole else 1.0)


def _spoken_of(guess: Guess, length: int) -> float:
    """The share of the certainty that is left where nobody speaks of a phone number: more for the form of a mobile."""
    if any(one.about for one in guess.hearings):
        return 1.0
    plain = length == MOBILE and any(
        one.speaker is Speaker.CITIZEN and len(one.readings[0]) == MOBILE == certain(one.readings[0])
        for one in guess.hearings
    )
    return _PLAIN if plain else _ASIDE
