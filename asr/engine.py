"""The border to a speech model: windows of audio in, hypotheses out, nothing remembered between calls.

To add an engine, write one file with a class that satisfies ``Engine`` (see ``asr/whisper.py``).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from asr.transcript import Alternative, Times

SAMPLE_RATE = 16_000  # Hz, of every window an engine receives


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Window:
    """A stretch of speech to decode: mono float32 at 16 kHz in [-1, 1], without padding."""

    audio: NDArray[np.float32]
    final: bool  # decode with the settings of a final (else as quickly as possible)

    @property
    def seconds(self) -> float:
        """Length of the window."""
        return len(self.audio) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What an engine heard. ``times`` are seconds from the start of the window, one pair a character of ``text``.

    ``probabilities`` has one number for each character, empty where the engine gives none; ``alternatives`` are the
    other readings of a final window, likeliest first, as far as the engine gives any.
    """

    text: str
    times: Times
    log_probability: float = 0.0  # mean per token
    no_speech: float = 0.0  # probability that the window holds no speech
    languages: tuple[tuple[str, float], ...] = ()  # (code, probability), likeliest first, where the engine tells
    reliable: bool = True  # False: the engine went astray (a loop); do not show as interim text
    probabilities: tuple[float, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    tries: int | None = None  # how often the window was decoded, where the engine tells


class Engine(Protocol):
    """A speech recogniser without state; ``decode`` may be called from several threads at once."""

    @property
    def name(self) -> str:
        """The model as a human knows it, for reports: ``whisper-base int8``."""

    def batch_key(self, window: Window) -> Hashable:
        """Windows with equal keys are worth decoding together."""

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        """One hypothesis for each window, in order."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a first decode of a window gave that is not good enough; ``tries`` are the engine's own."""

    tries: tuple[Any, ...]


@runtime_checkable
class LadderEngine(Protocol):
    """An engine that decodes some windows more than once. Who has many calls to serve lets others go before these."""

    def begin(self, windows: Sequence[Window]) -> list[Hypothesis | Unfinished]:
        """Decode each window once."""

    def finish(self, window: Window, unfinished: Unfinished) -> Hypothesis:
        """Decode what `begin` left unfinished until it is good enough; together they hear what ``decode`` hears."""
