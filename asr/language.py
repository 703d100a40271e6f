"""Which language a caller speaks, from what each window of speech looked like. A state machine without I/O.

A window says little alone: short ones, noise and accents mislead the model (a Mandarin "是的" of one second may look
Japanese). So evidence is added up over the latest seconds of speech, windows weighted by their length, until a language
is both likely and far ahead of the expected one (a sequential probability ratio test, Wald 1945).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass

UNKNOWN = "und"  # ISO 639: a language that could not be told, but not the expected one
_FLOOR = 1e-3  # a probability below it says no more than this


@dataclass(frozen=True, slots=True)
class LanguageSettings:
    """Times in seconds of speech.

    Windows under ``shortest`` are not counted; nothing is decided before ``least``; the latest ``memory`` count. A
    language is decided when its mean probability reaches ``share`` and its lead over the ``expected`` language,
    log-probability times seconds, reaches ``lead``. Where no language reaches ``share``, ``UNKNOWN`` is
    decided once ``unknown_least`` of speech gives the expected one less than ``unknown_share``. A caller counts as
    speaking the expected language again when its mean probability reaches ``back``.
    """

    expected: str = "zh"
    shortest: float = 1.0
    least: float = 2.0
    memory: float = 15.0
    share: float = 0.6
    lead: float = 14.0
    unknown_least: float = 6.0
    unknown_share: float = 0.02
    back: float = 0.5


class LanguageWatch:
    """The language of one channel; feed it the windows of its finals in order."""

    def __init__(self, settings: LanguageSettings | None = None) -> None:
        self.settings = settings or LanguageSettings()
        self.language: str | None = None  # what is spoken instead of the expected language
        self._windows: deque[tuple[float, Mapping[str, float]]] = deque()

    def feed(self, seconds: float, languages: Mapping[str, float]) -> str | None:
        """``language`` after a further window of ``seconds``; ``languages`` holds its likeliest ones."""
        settings = self.settings
        if seconds >= settings.shortest and languages:
            self._windows.append((seconds, languages))
            while sum(length for length, _ in self._windows) - self._windows[0][0] >= settings.memory:
                self._windows.popleft()
            self._decide()
        return self.language

    def glance(self, seconds: float, languages: Mapping[str, float]) -> str | None:
        """What ``feed`` would give for an utterance that is still being spoken, ``seconds`` of it so far."""
        ahead = copy(self)
        ahead._windows = self._windows.copy()
        return ahead.feed(seconds, languages)

    def _decide(self) -> None:
        settings = self.settings
        total = sum(seconds for seconds, _ in self._windows)
        shares = {code: self._share(code, total) for _, languages in self._windows for code in languages}
        expected = shares.pop(settings.expected, 0.0)
        best = max(shares, key=lambda code: (shares[code], code), default=UNKNOWN)
        if shares.get(best, 0.0) >= settings.share:
            if total >= settings.least and self._lead(best) >= settings.lead:
                self.language = best
        elif total >= settings.unknown_least and expected < settings.unknown_share:
            self.language = self.language or UNKNOWN
        elif expected >= settings.back:
            self.language = None

    def _share(self, code: str, total: float) -> float:
        """The mean probability of a language, windows weighted by their seconds."""
        return sum(seconds * languages.get(code, 0.0) for seconds, languages in self._windows) / total

    def _lead(self, code: str) -> float:
        """The log-probability of a language less that of the expected one, times seconds, over all windows."""
        return sum(
            seconds * (_log(languages.get(code, 0.0)) - _log(languages.get(self.settings.expected, 0.0)))
            for seconds, languages in self._windows
        )


def _log(probability: float) -> float:
    return math.log(max(probability, _FLOOR))
