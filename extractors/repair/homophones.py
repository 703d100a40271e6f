"""Characters that a recogniser wrote for others that sound like them, told by what callers and agents say.

In: a text as recognised. Out: a text of the same length in which characters are replaced by others of a like sound
where those are much likelier to be said (紧盖坏了 → 井盖坏了). A noisy channel (Shannon 1948; Kernighan et al. 1990):
the likeliest sequence of characters by a language model of calls (`models.trigrams`), less what their sounds are apart
from those that were heard, by beam search; what another reading of the utterance has costs little. Numbers and surnames
are never guessed, names of places that no word is like stay (后滘西大街), and text that is unlike a hotline's calls is
left alone. Weights: ``catalog/rules/homophones.yaml``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue.knowledge import Catalogue
from extractors.names.rules import NameRules
from extractors.places.gazetteer import gazetteer_of
from extractors.text.pinyin import readings
from extractors.text.segment import dictionary
from extractors.text.sound import Sounds, Syllables, load_sounds
from models.trigrams import PAUSE, Ids, Scores, Trigrams

_KIND = re.compile("(?:街道|社区|镇|村|路|大道|站)$")
_SHORTEST, _LONGEST = 2, 4  # characters of a place's name without its kind that stays as it was heard
_READINGS = 2  # of a character that are thought of
_FITS = 1 << 14  # texts: all finals of all live calls are asked for with each text of theirs, a few MB


@dataclass(frozen=True, slots=True)
class Weights:
    """See ``catalog/rules/homophones.yaml``."""

    language: float
    change: float
    distance: float
    tone: float
    reading: float
    farthest: float
    characters: int
    beam: int
    familiar: float
    numerals: str


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What may have been said where a character stands: numbers, ascending, and what each costs."""

    numbers: Ids
    costs: Scores


class Homophones:
    """Puts characters right."""

    def __init__(
        self,
        model: Trigrams,
        sounds: Sounds,
        weights: Weights,
        names: re.Pattern[str],
        places: Collection[str] = (),
    ) -> None:
        """``names`` finds what stays as it was heard, because no wording tells which it is, and so do ``places``."""
        self._names = names
        self._places = frozenset(places)
        self._lengths = sorted({len(one) for one in places})
        self._model = model
        self._sounds = sounds
        self._weights = weights
        self._chars = {number: char for char, number in model.numbers.items()}
        spoken = [
            (number, syllable, tone, rank)
            for char, number in model.numbers.items()
            if char not in weights.numerals
            for rank, (syllable, tone) in enumerate(readings(char)[:_READINGS])
        ]
        syllables = {syllable: place for place, syllable in enumerate(dict.fromkeys(one[1] for one in spoken))}
        self._syllables = Syllables(list(syllables))
        # of each way to say each character: its number, syllable, tone, and how many ways are more usual
        self._number, self._syllable, self._tone, self._rank = np.array(
            [(number, syllables[syllable], tone, rank) for number, syllable, tone, rank in spoken], np.int64
        ).T
        self._choice = lru_cache(maxsize=None)(self._made)  # one for each character there is
        self._fit = lru_cache(maxsize=_FITS)(self._fitting)
        self.put_right = lru_cache(maxsize=1024)(self._put_right)

    def familiar(self, texts: Sequence[str]) -> bool:
        """Whether ``texts`` together are put as a hotline's calls are."""
        fits = [self._fit(text) for text in texts]
        return sum(fit for fit, _ in fits) >= self._weights.familiar * sum(many for _, many in fits)

    def _fitting(self, text: str) -> tuple[float, int]:
        scores = self._model.scores(text)
        return float(scores.sum()), len(scores)

    def _put_right(self, text: str, fixed: Collection[int] = frozenset(), otherwise: Sequence[str] = ()) -> str:
        """``text`` as it was probably said; the characters at the places ``fixed`` stay. ``otherwise``: other
        readings of the utterance.
        """
        model, weights = self._model, self._weights
        names = (name.span() for name in self._names.finditer(text))
        fixed = {*fixed, *(place for span in (*names, *self._placed(text)) for place in range(*span))}
        contexts, last, scores = np.array([-1]), np.array([PAUSE]), np.zeros(1, np.float32)
        places, steps = list[int](), list[tuple[Ids, Ids]]()
        others = self._others(text, otherwise)
        paused = True
        for place, char in enumerate(text):
            choice = self._choice(char if place not in fixed else "", model.number(char))
            if place in others and place not in fixed:
                choice = _widened(choice, others[place], weights.reading)
            pause = choice.numbers[0] == PAUSE
            if pause and paused:
                continue
            paused = pause
            likely, made = model.following(contexts, last, choice.numbers)
            total = (scores[:, np.newaxis] + weights.language * likely - choice.costs).ravel()
            best = _best(total, (last[:, np.newaxis] * model.size + choice.numbers).ravel(), weights.beam)
            before, chosen = best // len(choice.numbers), best % len(choice.numbers)
            contexts, last, scores = made.ravel()[best], choice.numbers[chosen], total[best]
            places.append(place)
            steps.append((before, last))
        if not paused:
            end, _ = model.following(contexts, last, np.array([PAUSE]))
            scores = scores + weights.language * end[:, 0]
        state = int(np.argmax(scores))
        said = list(text)
        for place, (before, numbers) in zip(reversed(places), reversed(steps), strict=True):
            said[place] = self._chars.get(int(numbers[state]), said[place])
            state = int(before[state])
        return "".join(said)

    def _placed(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a place is named in ``text``."""
        for start in range(len(text)):
            for length in self._lengths:
                if text[start : start + length] in self._places:
                    yield start, start + length

    def _others(self, text: str, otherwise: Sequence[str]) -> Mapping[int, set[int]]:
        """The numbers of the characters that ``otherwise`` has instead of those of ``text``, by their places."""
        others: dict[int, set[int]] = defaultdict(set)
        numerals, numbers = self._weights.numerals, self._model.numbers
        for reading in otherwise:
            for what, start, end, other, last in SequenceMatcher(None, text, reading, autojunk=False).get_opcodes():
                if what == "replace" and end - start == last - other:
                    for place, char in zip(range(start, end), reading[other:last], strict=True):
                        if text[place] in numbers and char in numbers and not {text[place], char} & set(numerals):
                            others[place].add(numbers[char])
        return others

    def _made(self, char: str, number: int) -> _Choice:
        """What may have been said where ``char`` was heard; "" for what stays ``number``."""
        weights, rarer = self._weights, self._sounds.second_reading
        costs = np.full(self._model.size, np.inf, np.float32)
        if char not in weights.numerals:
            for rank, (heard, tone) in enumerate(readings(char)[:_READINGS]):
                apart = self._sounds.distances(heard, self._syllables)[self._syllable]
                whole = weights.change + weights.distance * (apart + (rank + self._rank) * rarer)
                whole += weights.tone * (self._tone != tone)
                near = apart <= weights.farthest
                np.minimum.at(costs, self._number[near], whole[near])
        costs[number] = 0.0
        likely = costs - weights.language * self._model.singles
        numbers = np.union1d(np.argsort(likely, kind="stable")[: weights.characters], [number])
        numbers = numbers[np.isfinite(costs[numbers])]
        return _Choice(numbers, costs[numbers])


def _widened(choice: _Choice, others: Collection[int], cost: float) -> _Choice:
    """``choice`` with ``others``, which cost no more than ``cost``."""
    costs = dict(zip(choice.numbers.tolist(), choice.costs.tolist(), strict=True))
    costs |= {one: min(cost, costs.get(one, cost)) for one in others}
    numbers = sorted(costs)
    return _Choice(np.array(numbers, np.int64), np.array([costs[one] for one in numbers], np.float32))


def _best(scores: Scores, states: Ids, many: int) -> NDArray[np.intp]:
    """The places of the ``many`` highest ``scores``, of each of the ``states`` the highest only."""
    top = np.argpartition(-scores, 2 * many)[: 2 * many] if len(scores) > 2 * many else np.arange(len(scores))
    top = top[np.argsort(-scores[top], kind="stable")]
    _, first = np.unique(states[top], return_index=True)
    return top[np.sort(first)[:many]]


def load_homophones(catalogue: Catalogue, model: Trigrams, weights: Mapping[str, Any] | None = None) -> Homophones:
    """What puts characters right by ``model``, with the rules of ``catalogue``, or other ``weights`` than its own."""
    sounds = load_sounds(catalogue.directory)
    rules = NameRules(catalogue.rules("names"), sounds.distance)
    surname = f"[{''.join(name for name in rules.surnames.frequency if len(name) == 1)}]"
    names = re.compile(f"(?<=姓){surname}|{surname}(?={rules.title_written.pattern})")
    stems = {_KIND.sub("", form.text) for form in gazetteer_of(catalogue).forms}
    places = {stem for stem in stems if _SHORTEST <= len(stem) <= _LONGEST and not dictionary().get(stem)}
    return Homophones(model, sounds, Weights(**(weights or catalogue.rules("homophones"))), names, places)
