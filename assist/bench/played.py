"""How well calls in real time were heard: the finals that reached a desk against what was said.

A line breaks its last call off. Of such a call the turns that were over count, and the finals that belong to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from asr.entities import Names
from assist.bench.accounting import Key
from assist.bench.manifest import Item
from assist.bench.score import Score


class Told(NamedTuple):
    """A final as a desk received it; ``start`` and ``end`` are seconds of the call's audio."""

    key: Key
    text: str
    start: float
    end: float


def said_until(item: Item, seconds: float) -> Item | None:
    """``item`` with the turns that are over at ``seconds``; None where its script does not tell when they are."""
    if any(spoken.end is None for spoken in item.spoken):
        return None
    return replace(item, spoken=tuple(one for one in item.spoken if one.end is not None and one.end <= seconds))


def add_played(score: Score, item: Item, told: Iterable[Told], names: Names, *, whole: bool) -> None:
    """Add what is wrong in the finals ``told`` of ``item``; not ``whole``: in those of its last turns and before."""
    heard: dict[int, str] = defaultdict(str)
    for final in sorted(told):
        channel = final.key[0]
        if whole or (final.start + final.end) / 2 < _over(item, channel):
            heard[channel] += final.text
    score.compare(item, heard, names)


def scored(calls: Sequence[tuple[Item, Sequence[Told], bool]], names: Names) -> Score:
    """Of all ``calls``: what was said, what was told, whether it was heard whole."""
    score = Score("played")
    for item, told, whole in calls:
        add_played(score, item, told, names, whole=whole)
    return score


def _over(item: Item, channel: int) -> float:
    return max((spoken.end or 0.0 for spoken in item.spoken if spoken.channel == channel), default=0.0)
