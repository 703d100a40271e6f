"""Which name was meant where names are heard: the clues of a call in, surname and given name with probabilities out.

A recogniser writes a name in whatever characters sound so. What was meant is decided by everything heard of it: how
common surnames and characters of given names are, what was written when the caller and the agent said the name, and
how the caller told its characters ("三点水的汪", "志气的志"). The clues are taken as independent and multiplied (naive
Bayes); which character an explanation is of is the order of the explanations that fits best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from extractors.explained import UNTOLD, Explanations, Told
from extractors.pinyin import Syllable
from extractors.sound import Sounds
from extractors.written_names import Names, Vector

_NOT_THERE = 1e-7  # a character of a given name that nobody said
_FIRST = 0.7  # share of the first reading where the utterance has others
_AGENTS = 1.1  # times the weight of what a citizen says has what the agent says, who is heard better
_HARDLY = 0.01  # surnames in the last line of the list stand for one in ten thousand, and are mostly rarer
_PRIOR_POWER = 0.4  # callers' surnames are not the nation's: flatten the frequencies
_PARTS, _OTHER_PARTS = 0.95, 0.001  # the surname is told by its parts, or these fit others
_SKIPPED = 0.003  # an explanation is of no character of the name, or was not heard right
_LENGTHS = {0: 0.1, 1: 0.3, 2: 0.6}  # characters of given names
_MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class NameMeant:
    """``surname`` with probability ``sure``; ``given`` with that of all its characters, empty where nobody said one."""

    surname: str
    sure: float
    given: str = ""
    given_sure: float = 0.0


@dataclass(frozen=True, slots=True)
class HeardName:
    """A name as one utterance, perhaps the ``agent``'s, has it: its characters; what ``others``, its other readings,
    have for the surname; the surnames whose ``parts`` were told (木子李).
    """

    surname: str
    given: str = ""
    others: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    agent: bool = False


class HeardNames:
    """``surnames`` and the characters of ``given`` names with how common they are; how some surnames are ``said``."""

    def __init__(
        self,
        surnames: Mapping[str, float],
        said: Mapping[str, Syllable],
        given: Mapping[str, float],
        explanations: Explanations,
        sounds: Sounds,
    ) -> None:
        self._surnames = [
            Names({name: often for name, often in surnames.items() if len(name) == length}, sounds, said)
            for length in (1, 2)
        ]
        self._names = tuple(name for some in self._surnames for name in some.names)
        self._number = {name: at for at, name in enumerate(self._names)}
        often = np.array([surnames[name] for name in self._names])
        shares = np.where(often > 1, often, _HARDLY) ** _PRIOR_POWER
        self._prior: Vector = np.log(shares / shares.sum())
        self._given = Names(given, sounds)
        self._explanations = explanations
        self.meant = lru_cache(maxsize=1024)(self._meant)

    def _meant(self, heard: tuple[HeardName, ...], told: tuple[Told, ...]) -> NameMeant:
        """The name that explains best what was ``heard`` and ``told``, in that order."""
        if not any(one.surname or one.parts for one in heard) and not told:
            return NameMeant("", 0.0)
        surname = self._prior + sum((self._surname(one) for one in heard), np.zeros(len(self._names)))
        told = told[:_MOST_TOLD]
        of_surname = [self._told(one, self._number) for one in told]
        of_given = [self._told(one, self._given.number) for one in told]
        best, chosen = -np.inf, (surname, list[Vector]())
        for length in sorted({len(one.given) for one in heard} | {0}):
            if length not in _LENGTHS:
                continue
            at_places = [self._given.prior + self._at(heard, length, place) for place in range(length)]
            for order in _orders(len(told), length + 1):
                scores = [surname, *at_places]
                skipped = 0
                for number, place in enumerate(order):
                    if place < 0:
                        skipped += 1
                    else:
                        scores[place] = scores[place] + (of_given if place else of_surname)[number]
                total = np.log(_LENGTHS[length]) + skipped * np.log(_SKIPPED) + sum(float(one.max()) for one in scores)
                total += self._unheard(heard, length)
                if total > best:
                    best, chosen = total, (scores[0], scores[1:])
        name, sure = _most_probable(chosen[0])
        given = [_most_probable(one) for one in chosen[1]]
        return NameMeant(
            self._names[name],
            sure,
            "".join(self._given.names[at] for at, _ in given),
            float(np.prod([p for _, p in given])) if given else 0.0,
        )

    def _surname(self, heard: HeardName) -> Vector:
        score = np.zeros(len(self._names))
        if heard.surname:
            first = self._written(heard.surname)
            if heard.others:
                others = np.mean([self._written(one) for one in heard.others], axis=0)
                first = _FIRST * first + (1 - _FIRST) * others
            score += np.log(first) * (_AGENTS if heard.agent else 1.0)
        if heard.parts:
            told = np.full(len(self._names), _OTHER_PARTS)
            for name in heard.parts:
                if name in self._number:
                    told[self._number[name]] = _PARTS / len(heard.parts)
            score += np.log(told)
        return score

    def _written(self, heard: str) -> Vector:
        return np.concatenate([some.written(heard) for some in self._surnames])

    def _at(self, heard: Sequence[HeardName], length: int, place: int) -> Vector:
        """What the names of ``length`` given characters say of the one at ``place``."""
        scores = [np.log(self._given.written(one.given[place])) for one in heard if len(one.given) == length]
        return sum(scores, np.zeros(len(self._given.names)))

    @staticmethod
    def _unheard(heard: Sequence[HeardName], length: int) -> float:
        """What speaks against ``length`` in the names of other lengths: characters that nobody said."""
        other = sum(max(len(one.given), length) for one in heard if one.given and len(one.given) != length)
        return float(other * np.log(_NOT_THERE))

    def _told(self, told: Told, number: Mapping[str, int]) -> Vector:
        score = np.full(len(number), np.log(UNTOLD))
        for char, likely in self._explanations.fits(told).items():
            if char in number:
                score[number[char]] = np.log(max(likely, UNTOLD))
        return score


def _most_probable(scores: Vector) -> tuple[int, float]:
    best = int(scores.argmax())
    return best, float(1 / np.exp(scores - scores[best]).sum())


def _orders(told: int, places: int) -> Iterator[tuple[int, ...]]:
    """Each way in which so many explanations may be of so many places, in order; -1: of none."""
    if not told:
        yield ()
        return
    for order in _orders(told - 1, places):
        last = max(order, default=-1)
        yield (*order, -1)
        yield from ((*order, place) for place in range(max(last, 0), places))
