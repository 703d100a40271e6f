"""Which surname was meant: clues heard in a call in, the most probable surname out.

王 and 汪, 谭 and 覃 sound alike, so a surname is decided by everything heard of it: how often people have it, how
the caller's and the agent's words were heard, and how the caller explains it ("三点水的汪", "西早谭"). The clues
are taken as independent and multiplied (naive Bayes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

from extractors.cues import by_sound, syllable
from extractors.pinyin import readings
from extractors.ticket import Evidence

# How likely a surname is written as itself or as a homophone when an agent or a caller says it, or when it is typed.
_HEARD = {"agent": (0.8, 0.06), "citizen": (0.75, 0.06), "typed": (0.95, 0.002)}
_OTHERWISE = 0.0003
_EXPLAINED, _NOT_EXPLAINED = 0.95, 0.0001
_RARE = 10.0  # what is written for a name and is a rarer surname (良, 炉) is more likely a misheard common one
_NEAR, _FALL = 0.03, 7.0  # likelihood of a near sound at no distance, and how fast it falls with the distance
_OTHER_TONE = 0.5  # share of that where the tone differs: telephone recognisers often miss it
_COMMON = 20.0  # surnames at least so frequent are candidates however they were heard
_PRIOR_POWER = 0.5  # callers' surnames are not the nation's: flatten the frequencies
_FIRST = 0.6  # share of the first reading where the utterance has others


@dataclass(frozen=True, slots=True)
class SurnameClue:
    """``heard``: what was written for a surname, or empty; ``others``: what further readings of the utterance have for
    it; ``explained``: the surnames an explanation fits.
    """

    speaker: str
    heard: str = ""
    explained: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameClue:
    """One thing a turn says about the caller's name; ``given`` makes it a full name, ``title`` a form of address.

    ``weak``: nothing tells that it is the caller's name but the agent, should they use it. ``byname``: how the caller
    is called, which need not be the surname.
    """

    evidence: Evidence
    surname: SurnameClue | None = None
    given: str = ""
    title: str = ""
    sure: float = 0.7
    corrects: bool = False
    weak: bool = False
    byname: bool = False


class Surnames:
    """All surnames with their relative frequency; ``distance`` tells how unlike two syllables sound (0 the same)."""

    def __init__(self, frequency: Mapping[str, float], distance: Callable[[str, str], float]) -> None:
        self._frequency = dict(frequency)
        self._distance = distance
        self._common = frozenset(name for name, people in frequency.items() if people >= _COMMON)
        self._decided = lru_cache(maxsize=1024)(self._decide)
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

    def near(self, heard: str) -> bool:
        """Whether some common surname sounds like ``heard``, or nearly."""
        return bool(self.homophones(heard)) or any(
            len(name) == len(heard) and self._apart(heard, name) < 0.35 for name in self._common
        )

    def likely(self, heard: str, name: str) -> bool:
        """Whether ``heard`` may well have been ``name``."""
        return len(heard) == len(name) and self._apart(heard, name) < 0.6

    def alternatives(self, name: str) -> tuple[str, ...]:
        """What an explanation that names ``name`` may mean: itself, or its homophones where hardly anyone has it."""
        if self._frequency.get(name, 0.0) >= _COMMON / 4:
            return (name,)
        return tuple(dict.fromkeys((*self.homophones(name), name)))

    def most_probable(self, clues: Iterable[SurnameClue]) -> tuple[str, float]:
        """The surname that explains ``clues`` best, and its probability among all candidates; ``("", 0)`` if none."""
        return self._decided(tuple(clues))

    def _decide(self, clues: tuple[SurnameClue, ...]) -> tuple[str, float]:
        candidates = set(self._common) if any(clue.heard for clue in clues) else set()
        for clue in clues:
            for heard in (clue.heard, *clue.others):
                candidates.update(self.homophones(heard))
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
                score += log(self._heard(clue, name))
            if clue.explained:
                score += log(_EXPLAINED / len(clue.explained) if name in clue.explained else _NOT_EXPLAINED)
        return score

    def _heard(self, clue: SurnameClue, name: str) -> float:
        """How likely ``name`` is heard as ``clue`` has it; each reading may be the right one."""
        first = self._likelihood(clue.heard, name, clue.speaker)
        if not clue.others:
            return first
        others = sum(self._likelihood(heard, name, clue.speaker) for heard in clue.others) / len(clue.others)
        return _FIRST * first + (1 - _FIRST) * others

    def _likelihood(self, heard: str, name: str, speaker: str) -> float:
        exact, homophone = _HEARD[speaker]
        if heard == name:
            return exact if speaker == "typed" else exact * min(1.0, self._frequency.get(name, 1.0) / _RARE)
        if len(heard) != len(name):
            return _OTHERWISE
        apart = self._apart(heard, name)
        near = homophone if apart == 0 else max(_OTHERWISE, min(homophone, _NEAR) * exp(-_FALL * apart))
        return near if same_tones(heard, name) else near * _OTHER_TONE

    def _apart(self, heard: str, name: str) -> float:
        return sum(
            self._distance(syllable(one), syllable(other)) for one, other in zip(heard, name, strict=True)
        ) / len(name)


def same_tones(one: str, other: str) -> bool:
    """Whether two words of equal length have the same tones, in their commonest readings."""
    return all(
        [tone for _, tone in readings(first)[:1]] == [tone for _, tone in readings(second)[:1]]
        for first, second in zip(one, other, strict=True)
    )
