"""What the recogniser says: the speech events of one channel, every character with its time.

All times are seconds of audio since the first sample of the call. ``times`` holds one ``(start, end)`` pair for each
character of ``text``, so that any span of text can be found in the recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Times: TypeAlias = tuple[tuple[float, float], ...]
Span: TypeAlias = tuple[int, int]  # the first character of a stretch, and the one after its last


@dataclass(frozen=True, slots=True)
class Repair:
    """Characters ``start:end`` of a text stand for what was ``heard`` there, which sounds like them."""

    start: int
    end: int
    heard: str


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Someone began to speak on ``channel``; ``utterance`` counts from 0 on each channel.

    ``at`` is when the utterance begins, ``known_at`` (a little later) when that was clear.
    """

    channel: int
    utterance: int
    at: float
    known_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Partial:
    """Interim text of the utterance in progress; a later ``Partial`` or the ``Final`` replaces it whole.

    The first ``stable`` characters are what two successive hypotheses agreed on.
    """

    channel: int
    utterance: int
    start: float
    end: float
    text: str
    times: Times
    stable: int = 0
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of an utterance, as the engine wrote it; less likely than the one that was taken."""

    text: str
    log_probability: float  # mean per token


@dataclass(frozen=True, slots=True)
class Final:
    """The text of a finished utterance; never changes. ``text`` may be empty (noise taken for speech).

    ``raw`` is what the engine wrote before normalisation, ``probabilities`` how sure it was of each character of that
    (empty where it does not tell), ``log_probability`` the mean per token, ``alternatives`` the other readings that it
    followed, likeliest first; ``languages`` is what it took the language for, ``(code, probability)``, likeliest first.
    ``repairs`` are in order and apart; `asr.repair.as_heard` takes them back. ``doubts`` are the stretches of ``text``
    that the engine was not sure of and that were not repaired.
    """

    channel: int
    utterance: int
    start: float
    end: float
    text: str
    times: Times
    raw: str = ""
    log_probability: float = 0.0
    probabilities: tuple[float, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    languages: tuple[tuple[str, float], ...] = ()
    repairs: tuple[Repair, ...] = ()
    doubts: tuple[Span, ...] = ()
