"""Which characters of a text the recogniser doubted: probabilities of what it wrote in, stretches of the text out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from asr.readings import normalised
from asr.text import SpanText
from asr.transcript import Repair, Span

EVEN = 0.5  # of a character less likely than this, all others together were likelier


def doubtful(raw: str, probabilities: Sequence[float]) -> tuple[Span, ...]:
    """What was doubted of ``raw`` as a transcript writes it (`asr.readings.normalised`); marks never are.

    ``probabilities`` has one number for each character of ``raw``; with any other number of them nothing is doubted.
    """
    if len(probabilities) != len(raw):
        return ()
    # places instead of times: they tell which characters each character was made of
    written = normalised(SpanText(raw, tuple((float(at), float(at + 1)) for at in range(len(raw)))))
    return tuple(
        _stretches(
            place
            for place, (character, (start, end)) in enumerate(zip(written.text, written.times, strict=True))
            if character.isalnum() and min(probabilities[math.floor(start) : math.ceil(end)], default=1.0) < EVEN
        )
    )


def doubts_left(doubts: Iterable[Span], repairs: Sequence[Repair]) -> tuple[Span, ...]:
    """``doubts`` of a text as they stand once ``repairs`` were made in it; what was repaired is no longer doubted."""
    places = (_after(place, repairs) for start, end in doubts for place in range(start, end))
    return tuple(_stretches(place for place in places if place is not None))


def _after(place: int, repairs: Iterable[Repair]) -> int | None:
    """Where a character stands after ``repairs``; None where it was replaced."""
    for one in repairs:
        if place < one.start:
            return place
        if place < one.start + len(one.heard):
            return None
        place += one.end - one.start - len(one.heard)
    return place


def _stretches(places: Iterable[int]) -> Iterator[Span]:
    """Places, ascending, as stretches of neighbours."""
    start = end = -1
    for place in places:
        if place != end:
            if end > start:
                yield start, end
            start = place
        end = place + 1
    if end > start:
        yield start, end
