"""Which name was meant where names are heard: the clues of a call in, surname and given name with probabilities out.

A recogniser writes a name in whatever characters sound so. What was meant is decided by everything heard of it: how
common surnames and characters of given names are, what was written when the caller and the agent said the name, and
how the caller told its characters ("三点水的汪", "志气的志"). The clues are taken as independent and multiplied (naive
Bayes); which character an explanation is of is the order of the explanations that fits best. Weights:
``catalog/rules/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from extractors.names.explained import UNTOLD, Explanations, Told
from extractors.names.weights import HeardWeights, WrittenWeights
from extractors.names.written_names import Names, Vector
from extractors.text.pinyin import Syllable
from extractors.text.sound import Sounds

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
        weights: HeardWeights,
        written: WrittenWeights,
    ) -> None:
        self._weights = weights
        self._lengths = {0: weights.no_given, 1: weights.one_given, 2: weights.two_given}
        self._surnames = [
            Names({name: often for name, often in surnames.items() if len(name) == length}, sounds, written, said)
            for length in (1, 2)
        ]
        self._names = tuple(name for some in self._surnames for name in some.names)
        self._number = {name: at for at, name in enumerate(self._names)}
        often = np.array([surnames[name] for name in self._names])
        shares = np.where(often > 1, often, weights.hardly) ** weights.power
        self._prior: Vector = np.log(shares / shares.sum())
        self._given = Names(given, sounds, written)
        self._explanations = explanations
        self.meant = lru_cache(maxsize=1024)(self._meant)

    def _meant(self, heard: tuple[HeardName, ...], told: tuple[tuple[tuple[Told, ...], ...], ...]) -> NameMeant:
        """The name that explains best what was ``heard`` and ``told``: for each utterance, what each of its readings
        has of explanations, in their order; the reading counts that fits best.
        """
        if not any(one.surname for one in heard) and not told:
            return NameMeant("", 0.0)
        surname = self._prior + self._surnames_heard(heard)
        best, chosen, whole = -np.inf, [surname], True
        for length in sorted({len(one.given) for one in heard} | {0}):
            if length not in self._lengths:
                continue
            scores = [surname, *(self._given.prior + self._at(heard, length, place) for place in range(length))]
            total, used = np.log(self._lengths[length]) + self._unheard(heard, length), True
            for readings in told:
                most = max(min(len(some), _MOST_TOLD) for some in readings)
                fits = [self._with_told(scores, some[:_MOST_TOLD], most) for some in readings]
                _, left_out, scores = max(fits, key=lambda fit: fit[0])
                total += left_out
                used &= left_out > np.log(self._weights.skipped_known)
            total += sum(float(one.max()) for one in scores)
            if total > best:
                best, chosen, whole = total, scores, used
        name, sure = _most_probable(chosen[0])
        given = [_most_probable(one) for one in chosen[1:]]
        return NameMeant(
            self._names[name],
            sure,
            "".join(self._given.names[at] for at, _ in given),
            float(np.prod([p for _, p in given])) * (1.0 if whole else self._weights.not_whole) if given else 0.0,
        )

    def _with_told(self, scores: list[Vector], told: Sequence[Told], most: int) -> tuple[float, float, list[Vector]]:
        """How well what was ``told`` in one utterance, of which some reading has ``most``, fits the characters of a
        name, the surname first, of which ``scores`` are known; what those of none of them cost; the scores with the
        others.
        """
        of_surname = [self._told(one, self._surnames[0], self._number) for one in told]
        of_given = [self._told(one, self._given, self._given.number) for one in told] if len(scores) > 1 else []
        clear = [self._explanations.clear(one) for one in told]
        weights = self._weights
        known = [self._explanations.known(one) for one in told]
        left_out = np.log(
            np.where(clear, weights.skipped_clear, np.where(known, weights.skipped_known, weights.skipped))
        )
        missing = (most - len(told)) * np.log(weights.skipped)
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
            score += self._together([self._surname(one) for one in heard if one.surname and one.agent is agent], agent)
        return score

    def _surname(self, heard: HeardName) -> Vector:
        first = self._written(heard.surname)
        if heard.others:
            others = np.mean([self._written(one) for one in heard.others], axis=0)
            share = self._weights.first
            first = share * first + (1 - share) * others
        return np.asarray(np.log(first), np.float64)

    def _written(self, heard: str) -> Vector:
        return np.concatenate([some.written(heard) for some in self._surnames])

    def _at(self, heard: Sequence[HeardName], length: int, place: int) -> Vector:
        """What the names of ``length`` given characters say of the one at ``place``."""
        score = np.zeros(len(self._given.names))
        for agent in (False, True):
            said = [one.given for one in heard if len(one.given) == length and one.agent is agent]
            score += self._together([np.log(self._given.written(given[place])) for given in said], agent)
        return score

    def _unheard(self, heard: Sequence[HeardName], length: int) -> float:
        """What speaks against ``length`` in the names of other lengths: characters that nobody said."""
        other = sum(max(len(one.given), length) for one in heard if one.given and len(one.given) != length)
        return float(other * np.log(self._weights.not_there))

    def _together(self, said: Sequence[Vector], agent: bool) -> Vector | float:
        """What one party, the ``agent`` or the caller, ``said`` of a character, time after time."""
        if not said:
            return 0.0
        weight = sum(self._weights.again**time for time in range(len(said))) * (self._weights.agents if agent else 1.0)
        return np.asarray(weight * np.mean(said, axis=0), np.float64)

    def _told(self, told: Told, names: Names, number: Mapping[str, int]) -> Vector:
        """How likely ``told`` is said of each name of ``number``: by a word or parts that tell it, else by a word that
        is not known, where the character after it still sounds like the name's.
        """
        weights = self._weights
        unknown, least = weights.unknown, UNTOLD
        if self._explanations.clear(told) or self._explanations.known(told):
            unknown, least = weights.unknown_else, weights.unknown_least
        score = np.full(len(number), np.log(least))
        if told.char:
            fall = weights.unknown_again if told.again else weights.unknown_fall
            alike = np.log(unknown) - fall * names.apart(told.char)
            score[: len(alike)] = np.maximum(alike, np.log(least))
        for char, likely in self._explanations.fits(told).items():
            if char in number:
                score[number[char]] = max(score[number[char]], np.log(likely))
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
