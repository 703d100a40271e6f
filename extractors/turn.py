"""A turn of the conversation, as understanding sees it: who spoke, what, and when each character was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Speaker(StrEnum):
    """Who is talking."""

    AGENT = "agent"
    CITIZEN = "citizen"


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance. ``times`` has a ``(start, end)`` pair in seconds for each character of ``text`` (for the first
    ones where it is shorter), or is empty when the text was typed and no audio exists. ``id`` counts from 0 in the
    order of the call.
    """

    id: int
    speaker: Speaker
    text: str
    start: float = 0.0
    end: float = 0.0
    times: tuple[tuple[float, float], ...] = ()
    language: str | None = None  # the caller speaks this one (ISO code), not Chinese: the text cannot be relied on
    readings: tuple[str, ...] = ()  # what else may have been said, likeliest first; none where the text is sure
    final: bool = True  # False: interim text, what follows from it is provisional
    heard: str = ""  # the text before characters in it were put right, one for one; empty where none were

    @property
    def as_heard(self) -> Turn:
        """The turn with the characters that were heard."""
        return replace(self, text=self.heard) if self.heard else self

    def seconds(self, start: int, end: int) -> tuple[float, float]:
        """When the characters ``start:end`` were said; the whole turn where no times of theirs exist."""
        if start >= min(end, len(self.times)):
            return self.start, self.end
        return self.times[start][0], self.times[min(end, len(self.times)) - 1][1]


def otherwise(turn: Turn) -> Iterator[Turn]:
    """``turn`` as its other readings have it."""
    for text in turn.readings:
        yield replace(turn, text=text, times=((turn.start, turn.end),) * len(text), readings=())
