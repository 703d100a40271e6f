"""Names that a recogniser wrote in other characters, told by their sound and by what stands around them.

In: the text of an utterance and what was said before it in the call. Out: the stretches that more likely name a place
or unit of the catalogue than what is written there (天和区 → 天河区). Several explanations of the whole text compete:
words of a general dictionary, syllables that could be anything, and names, each with its log-probability; the
likeliest sequence wins (Viterbi, 1967). A name's probability is its prior, what its sounds were mistaken for, and its
context: the district named before it, words that announce a place, a question that asks for one. True text therefore
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import NamedTuple, TypeAlias

from extractors.catalogue.knowledge import Catalogue
from extractors.places.gazetteer import Kind, gazetteer_of
from extractors.repair.names import TERM, UNIT, Name, Weights, load_weights, names_of
from extractors.text.segment import dictionary
from extractors.text.sound import Fit, NameIndex, Sounds

_RANK: dict[str, int] = {Kind.DISTRICT: 1, Kind.STREET: 2}  # people say the larger before the smaller
_FINEST = 3
_END = re.compile("[。？！?!；;]")
_MARK = re.compile(r"[，,、\s]")
_SAID = 1 << 14  # texts: all finals of all live calls are asked for with each text of theirs, a few MB


@dataclass(frozen=True, slots=True)
class Repair:
    """Characters ``start:end`` of the text were probably said as ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _State:
    """Where an explanation has got to: the district it speaks of, and the `_RANK` of what was named just now in it."""

    district: str = ""
    named: int = 0


@dataclass(frozen=True, slots=True)
class _Heard:
    """Name ``name`` may have been said where ``start:end`` was written; ``score`` in any context."""

    name: Name
    start: int
    end: int
    score: float


class _Step(NamedTuple):
    """The last step of the likeliest explanation that ends at a place: from ``start`` and state ``before`` on."""

    score: float
    start: int
    before: _State
    name: _Heard | None


_Cell: TypeAlias = dict[_State, _Step]


class Repairer:
    """Finds what is to be repaired in a text."""

    def __init__(self, names: Sequence[Name], sounds: Sounds, words: Mapping[str, int], weights: Weights) -> None:
        self._names = tuple(names)
        self._by_text = {name.text: name for name in reversed(self._names)}
        self._longest_name = max((len(name.text) for name in names), default=1)
        self._weights = weights
        self._words = words
        self._total = log(sum(words.values()))
        self._longest = max(map(len, words), default=1)
        self._sounds = sounds
        self._index = NameIndex(self._sounds, [name.text for name in names], [self._limit(name) for name in names])
        self._most_beside = weights.inside + max(weights.adjacent.values())  # that its neighbours can add to a place
        self._hesitation = frozenset(weights.hesitation)
        self._cues = {UNIT: (weights.cues_unit, weights.before_unit), TERM: ((), 0.0)}
        self._said = lru_cache(maxsize=_SAID)(self._named)
        self._fits = lru_cache(maxsize=256)(self._fitting)  # a final often says what the interim text before it did

    def repairs(self, text: str, earlier: Sequence[str] = ()) -> list[Repair]:
        """What to repair in ``text``, in order; ``earlier``: the texts before it in the call, the last one last."""
        return [one for one in self.names(text, earlier) if text[one.start : one.end] != one.text]

    def names(self, text: str, earlier: Sequence[str] = ()) -> list[Repair]:
        """The names in ``text``, in order, those among them that were heard as they are."""
        heard = self._heard(text, earlier)
        if not heard:
            return []
        best = self._likeliest(text, heard, self._context(earlier))
        return [Repair(one.start, one.end, one.name.text) for one in best]

    def _limit(self, name: Name) -> float:
        """The sound cost beyond which ``name``, written as long as it is, never explains better than garbled text."""
        weights, characters = self._weights, len(name.text)
        best = name.prior + weights.change + weights.same * characters + weights.said + self._most_around(name)
        strain = weights.strain / name.syllables
        room = max(0.0, best - weights.garbled * characters)
        return max(0.05, (sqrt(weights.loss**2 + 4 * strain * room) - weights.loss) / (2 * strain))

    def _most_around(self, name: Name) -> float:
        """The most that what stands around ``name`` can say for it."""
        weights = self._weights
        if not name.districts:
            return weights.before_unit + weights.after if name.kind == UNIT else 0.0
        place = weights.before + weights.after + weights.expected
        return place if name.kind == Kind.DISTRICT else place + weights.inside + weights.adjacent[name.kind]

    def _heard(self, text: str, earlier: Sequence[str]) -> list[_Heard]:
        weights = self._weights
        said = {name for one in earlier for name in self._said(one)}
        expected = bool(earlier) and any(question in earlier[-1] for question in weights.questions)
        found = []
        for fit in self._fits(text):
            name = self._names[fit.name]
            written = text[fit.start : fit.end]
            if _END.search(written) or _within_number(text, fit.start) or _within_number(text, fit.end):
                continue
            if name.kind == TERM and len(written) != len(name.text):
                continue  # 拖欠的工资 is 拖欠工资 said otherwise, not misheard
            score = self._likeness(name, fit.cost, written) + self._around(name, text[: fit.start], text[fit.end :])
            score += (weights.said if name in said else 0.0) + (
                weights.expected if expected and name.districts else 0.0
            )
            beside = self._most_beside if name.districts else 0.0
            if score + beside > weights.garbled * len(_MARK.sub("", written)):
                found.append(_Heard(name, fit.start, fit.end, score))
        return found

    def _fitting(self, text: str) -> tuple[Fit, ...]:
        """Where names may have been said in ``text`` by their sound alone."""
        return tuple(self._index.everywhere(self._sounds.hear(text)))

    def _likeness(self, name: Name, cost: float, written: str) -> float:
        """Log-probability that ``name`` was said and ``written``, ``cost`` apart in sound, was heard."""
        weights = self._weights
        score = name.prior - weights.loss * cost - weights.strain * cost**2 / name.syllables
        score += weights.same * _same(written, name.text) + weights.pause * len(_MARK.findall(written))
        return score if written == name.text else score + weights.change

    def _around(self, name: Name, before: str, after: str) -> float:
        """What the words beside ``name`` say for it."""
        cues, gain = self._cues.get(name.kind, (self._weights.cues_before, self._weights.before))
        follows = name.kind != TERM and after.startswith(self._weights.cues_after)
        return (gain if before.endswith(cues) else 0.0) + (self._weights.after if follows else 0.0)

    def _likeliest(self, text: str, heard: Sequence[_Heard], begin: _State) -> list[_Heard]:
        """The names of the likeliest explanation of ``text``, in order."""
        starting: dict[int, list[_Heard]] = {}
        for one in heard:
            starting.setdefault(one.start, []).append(one)
        best: list[_Cell] = [{} for _ in range(len(text) + 1)]
        best[0][begin] = _Step(0.0, -1, begin, None)
        for at in range(len(text)):
            plain = [(end, score, self._hesitates(text[at:end])) for end, score in self._plain(text, at)]
            for state, (total, *_) in best[at].items():
                rest = _State(state.district)
                for end, score, hesitates in plain:
                    _offer(best[end], state if hesitates else rest, total + score, at, state, None)
                for one in starting.get(at, ()):
                    after, score = self._named_in(state, one)
                    _offer(best[one.end], after, total + score, at, state, one)
        state = max(best[-1], key=lambda one: best[-1][one].score)
        names, at = [], len(text)
        while at > 0:
            _, start, before, name = best[at][state]
            if name is not None:
                names.append(name)
            at, state = start, before
        return names[::-1]

    def _named_in(self, state: _State, one: _Heard) -> tuple[_State, float]:
        """The state after ``one`` was named in ``state``, and what that adds."""
        weights, name, score = self._weights, one.name, one.score
        if not name.districts:
            return _State(state.district), score
        rank = _RANK.get(name.kind, _FINEST)
        if state.district and rank > 1:
            if state.district not in name.districts:
                score += weights.outside
            else:
                score += weights.inside + (weights.adjacent[name.kind] if 0 < state.named < rank else 0.0)
        return (_State(state.district) if rank == _FINEST else _State(name.districts[0], rank)), score

    def _plain(self, text: str, at: int) -> Iterator[tuple[int, float]]:
        """Explanations of what stands at ``at`` as no name: (end, log-probability)."""
        weights, char = self._weights, text[at]
        spoken = "\u4e00" <= char <= "\u9fff" or char.isalnum()
        yield at + 1, max(weights.garbled, self._word(char)) if spoken else 0.0
        for end in range(at + 2, min(len(text), at + self._longest) + 1):
            word = text[at:end]
            if word not in self._words:
                break
            if self._words[word] or word in weights.generic:
                yield end, max(weights.garbled * len(word), self._word(word))

    def _word(self, word: str) -> float:
        given = self._weights.generic.get(word)
        if given is not None:
            return given
        return log(self._words.get(word) or 1) - self._total + self._weights.fluent * len(word)

    def _hesitates(self, text: str) -> bool:
        return self._hesitation.issuperset(text)

    def _named(self, text: str) -> tuple[Name, ...]:
        """The names that stand in ``text`` as written, the longest at each place."""
        found: list[Name] = []
        at = 0
        while at < len(text):
            longest = min(len(text), at + self._longest_name)
            end = next((end for end in range(longest, at + 1, -1) if text[at:end] in self._by_text), None)
            if end is not None:
                found.append(self._by_text[text[at:end]])
            at = end or at + 1
        return tuple(found)

    def _context(self, earlier: Sequence[str]) -> _State:
        """The district spoken of last."""
        for text in reversed(earlier):
            for name in reversed(self._said(text)):
                if name.kind in _RANK:
                    return _State(name.districts[0])
        return _State()


def _offer(cell: _Cell, state: _State, score: float, start: int, before: _State, name: _Heard | None) -> None:
    known = cell.get(state)
    if known is None or score > known.score:
        cell[state] = _Step(score, start, before, name)


def _within_number(text: str, at: int) -> bool:
    """Whether the place before the character ``at`` is between two digits: "80元及绕路" holds no 陵园西路."""
    return 0 < at < len(text) and text[at - 1 : at + 1].isdigit()


def _same(written: str, name: str) -> int:
    """How many characters of ``name`` stand in ``written`` at their places, counted from the nearer end."""
    if len(written) == len(name):
        return sum(one == other for one, other in zip(written, name, strict=True))
    front = sum(1 for _ in _common(written, name))
    return min(front + sum(1 for _ in _common(written[::-1], name[::-1])), len(name), len(written))


def _common(one: Iterable[str], other: Iterable[str]) -> Iterator[str]:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return
        yield left


@lru_cache(maxsize=2)
def load_repairer(catalogue: Catalogue) -> Repairer:
    """The repairer of ``catalogue``; compiled once, about a second and a half."""
    weights, gazetteer = load_weights(catalogue.directory), gazetteer_of(catalogue)
    return Repairer(names_of(catalogue, gazetteer, weights), gazetteer.sounds, dictionary(), weights)
