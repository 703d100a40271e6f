"""What makes text of encoded windows: the border between Whisper's engine and what runs the model's decoder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from asr.warping import Path

Languages: TypeAlias = tuple[tuple[str, float], ...]  # (Whisper's code of a language, probability), likeliest first

_KEPT = 8  # likeliest languages of a window that are handed on; the rest share what is left


@dataclass(frozen=True, slots=True)
class Search:
    """How the text of windows is searched for: up to ``beams`` readings are followed at once, none that is ``margin``
    (nats) less likely than the best, and up to ``readings`` told (`asr.beams`).

    CTranslate2 follows and tells ``beams`` of them whatever their likelihood.
    """

    beams: int
    margin: float
    readings: int


@dataclass(frozen=True, slots=True)
class Written:
    """One reading of a window: its tokens (the model's numbers), without the end, and its log-probability, with it."""

    tokens: list[int]
    log_probability: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """When and how surely a reading was said: ``(token, encoder frame)`` pairs, and each token's probability."""

    path: Path
    probabilities: list[float]


class Decoded(Protocol):
    """What a window may say."""

    @property
    def readings(self) -> Sequence[Written]:
        """Likeliest first; one at least."""

    @property
    def no_speech(self) -> float:
        """The probability that nobody speaks."""

    @property
    def languages(self) -> Languages:
        """What it may be spoken in; empty where that was not asked."""


class TextDecoder(Protocol):
    """Runs the decoder of a model; may be called from several threads at once."""

    batches: bool
    """Whether windows are decoded quicker together than one after the other."""

    def decode(self, encoded: Any, search: Search, *, limit: int, languages: bool) -> Sequence[Decoded]:
        """What the windows ``[windows, frames, width]`` say, each with up to ``limit`` tokens, 224 at most."""

    def align(self, decoded: Sequence[Any], chosen: Sequence[int], seconds: Sequence[float]) -> list[Alignment]:
        """When the ``chosen`` reading of each window of ``seconds`` was said, of all windows that `decode` gave."""


def likeliest(languages: Iterable[tuple[str, float]]) -> Languages:
    """The likeliest of pairs of token (``<|zh|>``) and probability."""
    ranked = sorted(languages, key=lambda one: -one[1])[:_KEPT]
    return tuple((token.strip("<|>"), float(probability)) for token, probability in ranked)
