"""Surnames, how common they are and which sound alike; what a turn says about the caller's name (`NameClue`).

Typed, a surname is nearly always in its own character; of several that were typed the one is meant that was typed
oftenest or explained ("西早谭"). Which one is meant where it was heard: `extractors.names.heard_names`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

from extractors.names.explained import Told
from extractors.text.cues import by_sound, syllable
from extractors.ticket import Evidence

# How likely a surname is typed as itself, as a homophone or as anything else.
_ITSELF, _HOMOPHONE, _OTHERWISE = 0.95, 0.002, 0.0003
_EXPLAINED, _NOT_EXPLAINED = 0.95, 0.0001
_COMMON = 20.0  # surnames at least so frequent are candidates whatever was typed, or heard nearly so
_RARE = 1.0  # the list's last line, with which it is none but where it is explained
_PRIOR_POWER = 0.5  # callers' surnames are not the nation's: flatten the frequencies


@dataclass(frozen=True, slots=True)
class SurnameClue:
    """``heard``: what was written for a surname, or empty; ``others``: what further readings of the utterance have for
    it; ``explained``: the surnames that its parts fit.
    """

    speaker: str
    heard: str = ""
    explained: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameClue:
    """One thing a turn says about the caller's name; ``given`` makes it a full name, ``title`` a form of address.

    ``familiar``: what callers put before the surname by which they want to be called (老王). ``weak``: nothing tells
    that it is the caller's name but the agent, should they use it. ``byname``: how the caller is called, need not be
    the surname. ``told``: explanations of its characters, in order, ``told_otherwise`` as further readings of the
    utterance have them. ``bare``: nothing but the agent's question tells
    that it is a name. ``asked``: whether the agent had asked; None where the agent speaks. ``anothers``: it is the name
    of somebody else, which is never the caller's unless the caller claims it as well. ``whole``: a name without a
    surname, as it was told (买买提·艾力), or that of somebody else in whose name the ticket is written.
    """

    evidence: Evidence
    surname: SurnameClue | None = None
    given: str = ""
    title: str = ""
    familiar: str = ""
    sure: float = 0.7
    corrects: bool = False
    weak: bool = False
    byname: bool = False
    told: tuple[Told, ...] = ()
    told_otherwise: tuple[tuple[Told, ...], ...] = ()
    bare: bool = False
    asked: bool | None = None
    anothers: bool = False
    whole: str = ""


class Surnames:
    """All surnames with their relative frequency; ``distance`` tells how unlike two syllables sound (0 the same)."""

    def __init__(self, frequency: Mapping[str, float], distance: Callable[[str, str], float]) -> None:
        self.frequency = dict(frequency)
        self._distance = distance
        self._common = frozenset(name for name, people in frequency.items() if people >= _COMMON)
        self._decided = lru_cache(maxsize=1024)(self._decide)
        self._by_sound: dict[str, list[str]] = {}
        for name in frequency:
            self._by_sound.setdefault(by_sound(name), []).append(name)
        self.compound = frozenset(name for name in frequency if len(name) > 1)

    def __contains__(self, name: object) -> bool:
        return name in self.frequency

    def rare(self, name: str) -> bool:
        """Whether hardly anybody has the surname ``name``."""
        return self.frequency.get(name, 0.0) <= _RARE

    def homophones(self, heard: str) -> Sequence[str]:
        """The surnames that may be heard as ``heard``."""
        return self._by_sound.get(by_sound(heard), ())

    def at_start(self, text: str) -> str:
        """The surname with which ``text`` begins, compound ones first; empty where there is none."""
        for length in (2, 1):
            if len(text) >= length and text[:length] in self.frequency:
                return text[:length]
        return ""

    def near(self, heard: str) -> bool:
        """Whether some common surname sounds like ``heard``, or nearly."""
        return bool(self.homophones(heard)) or any(
            len(name) == len(heard) and self._apart(heard, name) < 0.35 for name in self._common
        )

    def likely(self, heard: str, name: str) -> bool:
        """Whether ``heard`` may well have been ``name``."""
        return len(heard) == len(name) and self._apart(heard, name) < 0.6

    def most_probable(self, clues: Iterable[SurnameClue]) -> tuple[str, float]:
        """The surname that explains ``clues`` best, and its probability among all candidates; ``("", 0)`` if none."""
        return self._decided(tuple(clues))

    def _decide(self, clues: tuple[SurnameClue, ...]) -> tuple[str, float]:
        candidates = set(self._common) if any(clue.heard for clue in clues) else set()
        for clue in clues:
            candidates.update((*self.homophones(clue.heard), *clue.explained))
        scores = {name: self._score(name, clues) for name in sorted(candidates)}
        if not scores:
            return "", 0.0
        best = max(scores, key=lambda name: scores[name])
        return best, 1 / sum(exp(score - scores[best]) for score in scores.values())

    def _score(self, name: str, clues: Sequence[SurnameClue]) -> float:
        score = _PRIOR_POWER * log(self.frequency.get(name, 1.0))
        for clue in clues:
            if clue.heard:
                alike = by_sound(clue.heard) == by_sound(name)
                score += log(_ITSELF if clue.heard == name else _HOMOPHONE if alike else _OTHERWISE)
            if clue.explained:
                score += log(_EXPLAINED / len(clue.explained) if name in clue.explained else _NOT_EXPLAINED)
        return score

    def _apart(self, heard: str, name: str) -> float:
        return sum(
            self._distance(syllable(one), syllable(other)) for one, other in zip(heard, name, strict=True)
        ) / len(name)
