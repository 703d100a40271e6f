"""From the tokens of a Whisper hypothesis to its characters: when each was said and how probable it is.

A token can be several characters, or a part of one. ``pieces`` are the whole characters that tokens add up to: pairs of
text and number of tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from asr.engine import SAMPLE_RATE
from asr.transcript import Times

HOP = 160  # samples a mel frame; two mel frames make an encoder frame


def character_times(path: Sequence[tuple[int, int]], pieces: Sequence[tuple[str, int]], seconds: float) -> Times:
    """Start and end of each character of the pieces' text, from a warping path of ``(token, encoder frame)``.

    A piece that spans several tokens starts with its first; several characters in a piece share its time evenly. Times
    never decrease and stay within ``[0, seconds]``.
    """
    onset: dict[int, float] = {}
    for token, frame in path:
        onset.setdefault(token, min(frame * 2 * HOP / SAMPLE_RATE, seconds))
    starts: list[float] = []
    token = 0
    for _, count in pieces:
        starts.append(max(onset.get(token, 0.0), starts[-1] if starts else 0.0))
        token += count
    starts.append(max(onset.get(token, seconds), starts[-1] if starts else 0.0))
    times: list[tuple[float, float]] = []
    for (text, _), (start, end) in zip(pieces, pairwise(starts), strict=True):
        step = (end - start) / max(1, len(text))
        times.extend((start + step * i, start + step * (i + 1)) for i in range(len(text)))
    return tuple(times)


def character_probabilities(tokens: Sequence[float], pieces: Sequence[tuple[str, int]]) -> tuple[float, ...]:
    """The probability of each character of the pieces' text: that of the least likely token it was made of."""
    result: list[float] = []
    at = 0
    for text, count in pieces:
        least = min(tokens[at : at + count], default=0.0)
        result.extend([round(float(least), 4)] * len(text))
        at += count
    return tuple(result)
