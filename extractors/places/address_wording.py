"""Which turn's wording an address takes: the readings of all turns in, the place of the richest out.

A read-back comes before what it reads back, for the agent's audio is the clearer; what the agent says counts where it
holds: not refused, and the caller said some of it or lets it stand.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.conversation.dialogue import Dialogue
from extractors.places.address_parts import Level
from extractors.places.address_reading import NAMING, AddressReading
from extractors.places.known_places import SURE
from extractors.turn import Speaker, Turn

_LEAST = 2.0  # less rich than this a turn gives no address
_ANSWERS = 1.5  # what it adds to a turn's richness that it answers
_ECHO = 3.5  # that it reads back what was said
_UNPROMPTED = -1.0  # that the agent says it without that
_SURELY = 0.5  # that it surely names a district or street, and that it has a known place
_FULL = 0.03  # and each character that it has of an address
_ECHOED = 3  # turns before it that an agent's words may repeat


class AddressWording:
    """Chooses by what the dialogue says of each turn."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    def base(self, turns: Sequence[Turn], readings: Sequence[AddressReading]) -> int | None:
        """The place of the turn whose wording is taken; None where no turn tells enough."""
        best: tuple[float, int] | None = None
        for at, reading in enumerate(readings):
            if not any(part.level in NAMING for part in reading.parts):
                continue
            agent = turns[at].speaker is Speaker.AGENT
            if not self.holds(turns, readings, at):
                continue
            echo = agent and (
                any(
                    reading.shares(readings[one])
                    for one in range(0 if self._dialogue.is_readback(turns[at]) else max(0, at - _ECHOED), at)
                )
                or (at > 0 and readings[at - 1].answers and self._reads_back(turns[at], reading))
            )
            levels = {part.level for part in reading.parts}
            named = any(hit.weight >= SURE for hit in reading.places.hits)
            score = (
                len(levels)
                + _ANSWERS * reading.answers
                + (_ECHO if echo else _UNPROMPTED if agent else 0.0)
                + _SURELY * named
            )
            score += _SURELY * any(part.known for part in reading.parts) + _FULL * sum(
                len(part.text) for part in reading.parts
            )
            sure = (
                reading.answers or echo or named or any(part.known and part.level in NAMING for part in reading.parts)
            )
            door = Level.ROAD in levels and Level.NUMBER in levels
            if (sure or door) and (best is None or score > best[0]):
                best = (score, at)
        return best[1] if best is not None and best[0] >= _LEAST else None

    def holds(self, turns: Sequence[Turn], readings: Sequence[AddressReading], at: int) -> bool:
        """Whether what was said in turn ``at`` counts. The agent's words: not refused, and the caller said some of it
        or lets it stand. No advice of the agent's, nor what the caller repeats of one.
        """
        if turns[at].speaker is Speaker.CITIZEN:
            return not any(
                readings[at].only_repeats(readings[one]) and self._advises(turns, readings, one) for one in range(at)
            )
        if self._advises(turns, readings, at):
            return False
        start = readings[at].parts[0].start
        verdict = self._dialogue.verdict(turns, at, start)
        if verdict is not None:
            return verdict
        told = (one for turn, one in zip(turns, readings, strict=True) if turn.speaker is Speaker.CITIZEN)
        return any(readings[at].shares(one) for one in told) or self._dialogue.stands(turns, at, start)

    def _advises(self, turns: Sequence[Turn], readings: Sequence[AddressReading], at: int) -> bool:
        """Whether the agent tells the caller in turn ``at`` of a place that the caller had not named."""
        parts = readings[at].parts
        if not parts or not self._dialogue.advises(turns[at], parts[0].start):
            return False
        before = zip(turns[:at], readings, strict=False)
        return not any(readings[at].shares(one) for turn, one in before if turn.speaker is Speaker.CITIZEN)

    def _reads_back(self, turn: Turn, reading: AddressReading) -> bool:
        """Whether the agent's ``turn`` behind an answer repeats it: it says so, or, where the answer may have been
        misheard, begins with a place.
        """
        begins = min([reading.parts[0].start, *(one.start for one in reading.known)])
        return (bool(turn.times) and begins <= 1) or self._dialogue.is_readback(turn)
