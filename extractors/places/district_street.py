"""District and street of a call, weighed over all its turns.

In: turns. Out: the slots ``district`` and ``street``. Each turn yields log-likelihood ratios for the places it may name
(`extractors.places.place_readings`); what the dialogue lets stand of them (`extractors.places.place_standing`) is added
up over the call (`extractors.places.place_fusion`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.conversation.dialogue import Dialogue
from extractors.places.gazetteer import Gazetteer
from extractors.places.place_fusion import PlaceFusion
from extractors.places.place_readings import PlaceReader, PlacesReading
from extractors.places.place_standing import PlaceStanding
from extractors.slots.extractor import Context
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Turn

_MOST_CERTAIN = 0.99


class PlacesExtractor:
    """Fills ``district`` and ``street``."""

    slots: tuple[str, ...] = ("district", "street")

    def __init__(self, gazetteer: Gazetteer, dialogue: Dialogue) -> None:
        self._reader = PlaceReader(gazetteer, dialogue)
        self._standing = PlaceStanding(gazetteer, dialogue)
        self._fusion = PlaceFusion(gazetteer)

    def read(self, turn: Turn, context: Context) -> PlacesReading:
        """The places ``turn`` may name."""
        return self._reader.read(turn, context)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[PlacesReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """District and street after ``turns``."""
        return {
            slot: SlotValue(
                value=found.name,
                confidence=round(min(found.probability, _MOST_CERTAIN), 3),
                evidence=tuple(Evidence.of(turns[at], hit.start, hit.end) for at, hit in found.proof),
                confirmed=len({turns[at].speaker for at, _ in found.proof}) > 1,
            )
            for slot, found in self._fusion.settled(self._standing.standing(turns, readings)).items()
        }

    def withheld(self, turn: Turn) -> bool:
        """Whether the caller keeps to themselves what places ``turn`` names ("你就别写地址了")."""
        return self._standing.withheld(turn)
