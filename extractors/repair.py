"""Names that a recogniser wrote in other characters, told by their sound and by what stands around them.

In: the text of an utterance and what was said before it in the call. Out: the stretches that more likely name a place
or unit of the catalogue than what is written there (天和区 → 天河区). Several explanations of the whole text compete:
words of a general dictionary, syllables that could be anything, and names, each with its log-probability; the likeliest
sequence wins (Viterbi, 1967). A name's probability is its prior, what its sounds were mistaken for, and its context: the
district named before it, words that announce a place, a question that asks for one. True text therefore stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf, log
from pathlib import Path
from typing import Any

from extractors.catalogue import Catalogue, load
from extractors.cues import load_rules
from extractors.gazetteer import Form, Gazetteer, Kind, load_gazetteer
from extractors.segment import dictionary
from extractors.sound import NameIndex

_UNIT = "unit"
_END = re.compile("[。？！?!；;]")
_MARK = re.compile(r"[，,、\s]")


@dataclass(frozen=True, slots=True)
class Repair:
    """Characters ``start:end`` of the text were probably said as ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Weights:
    """See ``catalog/rules/repair.yaml``; nats."""

    garbled: float
    word: float
    generic: Mapping[str, float]
    prior: Mapping[str, float]
    bare: float
    short: float
    loss: float
    same: float
    change: float
    pause: float
    inside: float
    outside: float
    adjacent: float
    before: float
    after: float
    expected: float
    said: float
    cues_before: tuple[str, ...]
    cues_after: tuple[str, ...]
    questions: tuple[str, ...]
    hesitation: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A name to be heard; ``districts`` it lies in, empty for a unit; ``prior`` without context."""

    text: str
    kind: str
    districts: tuple[str, ...]
    prior: float


@dataclass(frozen=True, slots=True)
class _State:
    """Where an explanation has got to: the district it speaks of, and whether a place of it was named just now."""

    district: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    score: float
    start: int
    before: _State
    name: _Name | None


@dataclass(frozen=True, slots=True)
class _Heard:
    """Name ``name`` may have been said where ``start:end`` was written; ``score`` in any context."""

    name: _Name
    start: int
    end: int
    score: float


class Repairer:
    """Finds what is to be repaired in a text."""

    def __init__(self, names: Sequence[_Name], gazetteer: Gazetteer, words: Mapping[str, int], weights: Weights) -> None:
        self._names = tuple(names)
        self._by_text = {name.text: name for name in reversed(self._names)}
        self._longest_name = max((len(name.text) for name in names), default=1)
        self._weights = weights
        self._words = words
        self._total = log(sum(words.values()))
        self._longest = max(map(len, words), default=1)
        self._sounds = gazetteer.sounds
        self._index = NameIndex(self._sounds, [name.text for name in names], [self._limit(name) for name in names])
        self._hesitation = frozenset(weights.hesitation)
        self._said = lru_cache(maxsize=1024)(self._named)

    def repairs(self, text: str, earlier: Sequence[str] = ()) -> list[Repair]:
        """What to repair in ``text``, in order; ``earlier``: the texts before it in the call, the last one last."""
        heard = self._heard(text, earlier)
        if not heard:
            return []
        best = self._likeliest(text, heard, self._context(earlier))
        return [Repair(one.start, one.end, one.name.text) for one in best if text[one.start : one.end] != one.name.text]

    def _limit(self, name: _Name) -> float:
        """The sound cost beyond which ``name`` is never the best explanation."""
        weights = self._weights
        most = weights.adjacent + weights.inside + weights.before + weights.after + weights.expected
        chance = -weights.garbled * len(name.text)
        return max(0.05, (chance + name.prior + most + weights.change) / weights.loss)

    def _heard(self, text: str, earlier: Sequence[str]) -> list[_Heard]:
        weights = self._weights
        said = {name for one in earlier for name in self._said(one)}
        expected = bool(earlier) and any(question in earlier[-1] for question in weights.questions)
        found = []
        for fit in self._index.everywhere(self._sounds.hear(text)):
            name = self._names[fit.name]
            written = text[fit.start : fit.end]
            if _END.search(written):
                continue
            score = name.prior - weights.loss * fit.cost + weights.same * _same(written, name.text)
            score += weights.pause * len(_MARK.findall(written))
            if written != name.text:
                score += weights.change
            if name in said:
                score += weights.said
            if expected and name.kind != _UNIT:
                score += weights.expected
            if text[: fit.start].endswith(weights.cues_before):
                score += weights.before
            if text[fit.end :].startswith(weights.cues_after):
                score += weights.after
            chance = weights.garbled * len(_MARK.sub("", written))
            if score + weights.inside + weights.adjacent > chance:
                found.append(_Heard(name, fit.start, fit.end, score))
        return found

    def _likeliest(self, text: str, heard: Sequence[_Heard], begin: _State) -> list[_Heard]:
        """The names of the likeliest explanation of ``text``, in order."""
        starting: dict[int, list[_Heard]] = {}
        for one in heard:
            starting.setdefault(one.start, []).append(one)
        best: list[dict[_State, tuple[float, int, _State, _Heard | None]]] = [{} for _ in range(len(text) + 1)]
        best[0][begin] = (0.0, -1, begin, None)
        for at in range(len(text)):
            plain = [(end, score, self._hesitates(text[at:end])) for end, score in self._plain(text, at)]
            for state, (total, *_) in best[at].items():
                rest = _State(state.district)
                for end, score, hesitates in plain:
                    _offer(best[end], state if hesitates else rest, total + score, at, state, None)
                for one in starting.get(at, ()):
                    after, score = self._named_in(state, one)
                    _offer(best[one.end], after, total + score, at, state, one)
        state = max(best[-1], key=lambda one: best[-1][one][0])
        names, at = [], len(text)
        while at > 0:
            _, start, before, name = best[at][state]
            if name is not None:
                names.append(name)
            at, state = start, before
        return names[::-1]

    def _named_in(self, state: _State, one: _Heard) -> tuple[_State, float]:
        """The state after ``one`` was named in ``state``, and what that adds."""
        weights, name = self._weights, one.name
        if not name.districts:
            return _State(state.district), one.score
        score = one.score
        if name.kind == Kind.DISTRICT or not state.district:
            return _State(name.districts[0] if len(name.districts) == 1 else "", True), score
        if state.district in name.districts:
            return _State(state.district, True), score + weights.inside + (weights.adjacent if state.fresh else 0.0)
        return _State(name.districts[0], True), score + weights.outside

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
                chance = max(weights.garbled * len(word), self._word(word))
                yield end, chance + (weights.word * (len(word) - 1))

    def _word(self, word: str) -> float:
        given = self._weights.generic.get(word)
        if given is not None:
            return given
        return log(self._words.get(word) or 1) - self._total

    def _hesitates(self, text: str) -> bool:
        return self._hesitation.issuperset(text)

    def _named(self, text: str) -> tuple[_Name, ...]:
        """The names that stand in ``text`` as written, the longest at each place."""
        found: list[_Name] = []
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
                if len(name.districts) == 1:
                    return _State(name.districts[0])
        return _State()


def _offer(
    cell: dict[_State, tuple[float, int, _State, _Heard | None]],
    state: _State,
    score: float,
    start: int,
    before: _State,
    name: _Heard | None,
) -> None:
    known = cell.get(state)
    if known is None or score > known[0]:
        cell[state] = (score, start, before, name)


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
def load_repairer(catalog: Path) -> Repairer:
    """The repairer of a catalogue directory; compiled once."""
    rules: dict[str, Any] = dict(load_rules(catalog, "repair"))
    for listed in ("cues_before", "cues_after", "questions"):
        rules[listed] = tuple(rules[listed])
    weights = Weights(**rules)
    gazetteer = load_gazetteer(catalog)
    return Repairer(list(_names(load(catalog), gazetteer, weights)), gazetteer, dictionary(), weights)


def _names(catalogue: Catalogue, gazetteer: Gazetteer, weights: Weights) -> Iterator[_Name]:
    seen: set[str] = set()
    for form in gazetteer.forms:
        place = gazetteer.places[form.place]
        if form.text not in seen and not (form.bare and place.kind is Kind.STREET):
            seen.add(form.text)
            prior = weights.prior[place.kind]
            prior += (weights.bare if form.bare else 0.0) + (weights.short if form.short else 0.0)
            yield _Name(form.text, place.kind, place.districts, prior)
    for unit in catalogue.units.values():
        for text in (unit.name, unit.name.removeprefix("市"), *unit.aliases):
            if text not in seen and len(text) > 2:
                seen.add(text)
                yield _Name(text, _UNIT, (), weights.prior[_UNIT])
