"""What one turn says of an address (`AddressReading`), and whether two turns speak of the same place."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.places.address_parts import Known, Level, Part
from extractors.places.place_readings import PlacesReading
from extractors.text.cues import by_sound

NAMING = frozenset({Level.AREA, Level.ROAD, Level.ESTATE})
"""Levels whose parts name a place; the others are numbers and positions at one."""

BEGINS = 4
"""Characters before what an answer begins with."""

PAUSES = "，。、？！ "
"""Characters that may stand between two parts of one address, of one turn or of two."""


@dataclass(frozen=True, slots=True)
class AddressReading:
    """The parts of an address in one turn."""

    places: PlacesReading
    parts: tuple[Part, ...] = ()
    answers: bool = False  # the other party had asked for the address
    known: tuple[Known, ...] = ()  # places of the gazetteer, divisions included
    named: tuple[Part, ...] = ()  # the parts with those that were taken back or said again
    put_right: tuple[Part, ...] = ()  # the parts that take the place of what was said before

    def shares(self, other: AddressReading) -> bool:
        """Whether both speak of the same place: they share a part."""
        mine = {key(part) for part in self.parts if part.level is not Level.POSITION}
        return any(key(part) in mine for part in other.parts)

    def only_repeats(self, other: AddressReading) -> bool:
        """Whether all that is told of a place here is told in ``other``."""
        theirs = {key(part) for part in other.parts}
        return all(key(part) in theirs for part in self.parts if part.level is not Level.POSITION)


def key(part: Part) -> tuple[Level, str]:
    """What two hearings of one part have in common."""
    return part.level, by_sound(part.text.removesuffix("站").removesuffix("地铁"))
