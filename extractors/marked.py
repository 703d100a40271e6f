"""Words that the tagger says give a slot (`extractors.tagger`), and what reads values off them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from extractors.mention import Mention
from extractors.turn import Turn

if TYPE_CHECKING:
    from extractors.extractor import Context


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


class Reader(Protocol):
    """Reads the value of a slot off marked words."""

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """What the words of ``mark`` in ``turn`` say; None where they hold no value of that kind."""
