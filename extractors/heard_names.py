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
_AGENTS = 0.9  # times the weight of what a citizen says has what the agent says, who repeats it
_AGAIN = 0.5  # weight of what one party says a further time, times that of the time before
_HARDLY = 0.0003  # surnames in the last line of the list stand for one in ten thousand, and are mostly rarer
_PRIOR_POWER = 0.4  # callers' surnames are not the nation's: flatten the frequencies
_UNKNOWN, _FALL = 0.004, 6.0  # a word that is not known tells the character, and how fast that falls with the sound
_ELSE_KNOWN, _ELSE = 0.0003, 0.0001  # the same where the explanation is clear, and means another character
_SKIPPED = 0.003  # an explanation is of no character of the name, or was not heard right
_SKIPPED_CLEAR = 0.00005  # one that explains some character well
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
    have for the surname.
    """

    surname: str
    given: str = ""
    others: tuple[str, ...] = ()
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

    def _meant(self, heard: tuple[HeardName, ...], told: tuple[tuple[tuple[Told, ...], ...], ...]) -> NameMeant:
        """The name that explains best what was ``heard`` and ``told``: for each utterance, what each of its readings
        has of explanations, in their order; the reading counts that fits best.
        """
        if not any(one.surname for one in heard) and not told:
            return NameMeant("", 0.0)
        surname = self._prior + self._surnames_heard(heard)
        best, chosen = -np.inf, [surname]
        for length in sorted({len(one.given) for one in heard} | {0}):
            if length not in _LENGTHS:
                continue
            scores = [surname, *(self._given.prior + self._at(heard, length, place) for place in range(length))]
            total = np.log(_LENGTHS[length]) + self._unheard(heard, length)
            for readings in told:
                most = max(min(len(some), _MOST_TOLD) for some in readings)
                fits = [self._with_told(scores, some[:_MOST_TOLD], most) for some in readings]
                _, left_out, scores = max(fits, key=lambda fit: fit[0])
                total += left_out
            total += sum(float(one.max()) for one in scores)
            if total > best:
                best, chosen = total, scores
        name, sure = _most_probable(chosen[0])
        given = [_most_probable(one) for one in chosen[1:]]
        return NameMeant(
            self._names[name],
            sure,
            "".join(self._given.names[at] for at, _ in given),
            float(np.prod([p for _, p in given])) if given else 0.0,
        )

    def _with_told(self, scores: list[Vector], told: Sequence[Told], most: int) -> tuple[float, float, list[Vector]]:
        """How well what was ``told`` in one utterance, of which some reading has ``most``, fits the characters of a
        name, the surname first, of which ``scores`` are known; what those of none of them cost; the scores with the
        others.
        """
        of_surname = [self._told(one, self._surnames[0], self._number) for one in told]
        of_given = [self._told(one, self._given, self._given.number) for one in told] if len(scores) > 1 else []
        clear = [self._explanations.clear(one) for one in told]
        left_out = np.log(np.where(clear, _SKIPPED_CLEAR, _SKIPPED))
        missing = (most - len(told)) * np.log(_SKIPPED)
        best = -np.inf, 0.0, scores
        for order in _orders(len(told), len(scores)):
            with_told = list(scores)
            skipped = missing
            for number, place in enumerate(order):
                if place >= 0:
                    with_told[place] = with_told[place] + (of_given if place else of_surname)[number]
                else:
                    skipped += left_out[number]
            total = skipped + sum(float(one.max()) for one in with_told)
            if total > best[0]:
                best = total, float(skipped), with_told
        return best

    def _surnames_heard(self, heard: Sequence[HeardName]) -> Vector:
        """What all that was ``heard`` tells of the surname. Who says a name again is misheard as before, mostly."""
        score = np.zeros(len(self._names))
        for agent in (False, True):
            score += _together([self._surname(one) for one in heard if one.surname and one.agent is agent], agent)
        return score

    def _surname(self, heard: HeardName) -> Vector:
        first = self._written(heard.surname)
        if heard.others:
            others = np.mean([self._written(one) for one in heard.others], axis=0)
            first = _FIRST * first + (1 - _FIRST) * others
        return np.asarray(np.log(first), np.float64)

    def _written(self, heard: str) -> Vector:
        return np.concatenate([some.written(heard) for some in self._surnames])

    def _at(self, heard: Sequence[HeardName], length: int, place: int) -> Vector:
        """What the names of ``length`` given characters say of the one at ``place``."""
        score = np.zeros(len(self._given.names))
        for agent in (False, True):
            said = [one.given for one in heard if len(one.given) == length and one.agent is agent]
            score += _together([np.log(self._given.written(given[place])) for given in said], agent)
        return score

    @staticmethod
    def _unheard(heard: Sequence[HeardName], length: int) -> float:
        """What speaks against ``length`` in the names of other lengths: characters that nobody said."""
        other = sum(max(len(one.given), length) for one in heard if one.given and len(one.given) != length)
        return float(other * np.log(_NOT_THERE))

    def _told(self, told: Told, names: Names, number: Mapping[str, int]) -> Vector:
        """How likely ``told`` is said of each name of ``number``: by a word or parts that tell it, else by a word that
        is not known, where the character after it still sounds like the name's.
        """
        unknown, least = (_ELSE_KNOWN, _ELSE) if self._explanations.clear(told) else (_UNKNOWN, UNTOLD)
        score = np.full(len(number), np.log(least))
        if told.char:
            alike = np.log(unknown) - _FALL * names.apart(told.char)
            score[: len(alike)] = np.maximum(alike, np.log(least))
        for char, likely in self._explanations.fits(told).items():
            if char in number:
                score[number[char]] = max(score[number[char]], np.log(likely))
        return score


def _together(said: Sequence[Vector], agent: bool) -> Vector | float:
    """What one party, the ``agent`` or the caller, ``said`` of a character, time after time."""
    if not said:
        return 0.0
    weight = sum(_AGAIN**time for time in range(len(said))) * (_AGENTS if agent else 1.0)
    return np.asarray(weight * np.mean(said, axis=0), np.float64)


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
