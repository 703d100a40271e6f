"""Words that the tagger says give a slot (`extractors.choosing.tagger`), and what reads values off them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from extractors.slots.mention import Mention
from extractors.ticket import Value
from extractors.turn import Turn

if TYPE_CHECKING:
    from extractors.slots.extractor import Context

SLOTS = (
    "caller_name",
    "subject",
    "occurred_at",
    "duration",
    "demand",
    "amount",
    "callback_time",
    "people_count",
    "order_no",
    "route_no",
)
"""The slots whose words are marked, in the order in which the tagger tells them."""


@dataclass(frozen=True, slots=True)
class Marked:
    """The characters ``start:end`` of a turn give ``slot`` with ``probability``."""

    slot: str
    start: int
    end: int
    probability: float

    def touches(self, start: int, end: int) -> bool:
        """Whether the characters ``start:end`` share any with the mark."""
        return start < self.end and self.start < end

    def widened(self, start: int, end: int) -> Marked:
        """The mark with the characters ``start:end`` added, up to which a word or number goes on."""
        return replace(self, start=min(self.start, start), end=max(self.end, end))


@dataclass(frozen=True, slots=True, eq=False)
class Marking:
    """What the tagger says of a turn: its marks, slot by slot in order, how ``likely`` each character gives each of
    `SLOTS` (``[characters, slots]``), and how likely a ticket ``keeps`` it where it stands in a wish
    (``[characters]``).
    """

    marks: tuple[Marked, ...]
    likely: NDArray[np.float32]
    keeps: NDArray[np.float32]

    @classmethod
    def nothing(cls, text: str) -> Marking:
        """Of a turn that nobody looked at."""
        return cls((), np.zeros((len(text), len(SLOTS)), np.float32), np.ones(len(text), np.float32))

    def shares(self, start: int, end: int) -> tuple[float, ...]:
        """How likely the characters ``start:end`` give each of `SLOTS`."""
        if start >= min(end, len(self.likely)):
            return (0.0,) * len(SLOTS)
        return tuple(map(float, self.likely[start:end].mean(axis=0)))


class Reader(Protocol):
    """Reads the value of a slot off marked words."""

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """What the words of ``mark`` in ``turn`` say; None where they hold no value of that kind."""

    def formed(self, slot: str, value: Value) -> float:
        """How far ``value`` has the form of a value of ``slot``: 0 not at all, 1 wholly."""
