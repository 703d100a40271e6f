"""Which surname was meant: clues heard in a call in, the most probable surname out.

王 and 汪, 谭 and 覃 sound alike, so a surname is decided by everything heard of it: how often people have it, how the
caller's and the agent's words were heard, and how the caller explains it ("三点水的汪", "西早谭"). The clues are taken as
independent and multiplied (naive Bayes).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from extractors.cues import by_sound, syllable

# How likely a surname is written as itself, as a homophone, or as something near, when an agent or a caller says it.
_HEARD = {"agent": (0.75, 0.12, 0.05), "citizen": (0.6, 0.16, 0.07)}
_OTHERWISE = 0.004
_EXPLAINED, _NOT_EXPLAINED = 0.95, 0.01
_PRIOR_POWER = 0.25  # callers' surnames are not the nation's: flatten the frequencies


@dataclass(frozen=True, slots=True)
class SurnameClue:
    """``heard`` is what was written where a surname was said, or empty; ``explained`` the surnames an explanation fits."""

    speaker: str
    heard: str = ""
    explained: tuple[str, ...] = ()


class Surnames:
    """All surnames with their relative frequency."""

    def __init__(self, frequency: Mapping[str, float]) -> None:
        self._frequency = dict(frequency)
        self._by_sound: dict[str, list[str]] = {}
        for name in frequency:
            self._by_sound.setdefault(by_sound(name), []).append(name)
        self.compound = frozenset(name for name in frequency if len(name) > 1)

    def __contains__(self, name: object) -> bool:
        return name in self._frequency

    def homophones(self, heard: str) -> Sequence[str]:
        """The surnames that may be heard as ``heard``."""
        return self._by_sound.get(by_sound(heard), ())

    def at_start(self, text: str) -> str:
        """The surname with which ``text`` begins, compound ones first; empty where there is none."""
        for length in (2, 1):
            if len(text) >= length and text[:length] in self._frequency:
                return text[:length]
        return ""

    def most_probable(self, clues: Iterable[SurnameClue]) -> tuple[str, float]:
        """The surname that explains ``clues`` best, and its probability among all candidates; ``("", 0)`` if none."""
        clues = tuple(clues)
        candidates: set[str] = set()
        for clue in clues:
            candidates.update(self.homophones(clue.heard))
            candidates.update(clue.explained)
        scores = {name: self._score(name, clues) for name in sorted(candidates)}
        if not scores:
            return "", 0.0
        best = max(scores, key=lambda name: scores[name])
        return best, 1 / sum(exp(score - scores[best]) for score in scores.values())

    def _score(self, name: str, clues: Sequence[SurnameClue]) -> float:
        score = _PRIOR_POWER * log(self._frequency.get(name, 1.0))
        for clue in clues:
            if clue.heard:
                score += log(_likelihood(clue.heard, name, clue.speaker))
            if clue.explained:
                score += log(_EXPLAINED / len(clue.explained) if name in clue.explained else _NOT_EXPLAINED)
        return score


def _likelihood(heard: str, name: str, speaker: str) -> float:
    exact, homophone, near = _HEARD[speaker]
    if heard == name:
        return exact
    if len(heard) == len(name):
        if all(syllable(one) == syllable(other) for one, other in zip(heard, name, strict=True)):
            return homophone
        if by_sound(heard) == by_sound(name):
            return near
    return _OTHERWISE
