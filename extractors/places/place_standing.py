"""Which of the places that were named hold: turns with their readings in, the readings of what stands out.

What an agent names is not the caller's: it counts where the caller said it or lets it stand. What was refused, withheld
or said not to be so, or only repeats an agent's advice, does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from extractors.conversation.dialogue import Dialogue
from extractors.places.gazetteer import Gazetteer, Kind
from extractors.places.place_readings import CLEAR, Hit, PlacesReading
from extractors.turn import Speaker, Turn

_BEHIND_HOME = 4  # characters between the words by which callers tell where they live and the place


class PlaceStanding:
    """Tells by the dialogue what stands."""

    def __init__(self, gazetteer: Gazetteer, dialogue: Dialogue) -> None:
        self._gazetteer = gazetteer
        self._dialogue = dialogue
        self._withheld = re.compile(gazetteer.weights.withheld)
        self._home_asked = re.compile(gazetteer.weights.home_asked)
        self._home_told = re.compile(f"(?:{gazetteer.weights.home_told})[^，。？！]{{0,{_BEHIND_HOME}}}$")

    def withheld(self, turn: Turn) -> bool:
        """Whether the caller keeps to themselves what places ``turn`` names ("你就别写地址了")."""
        return turn.speaker is Speaker.CITIZEN and self._withheld.search(turn.text) is not None

    def standing(self, turns: Sequence[Turn], readings: Sequence[PlacesReading]) -> list[PlacesReading]:
        """``readings`` without places that were refused, withheld, said not to be so, only asked by the agent, or
        advised and then repeated.
        """
        told = self._of_the_matter(self._told(turns, readings), turns)
        own, named = frozenset(told), frozenset(hit.place for _, hit in told)
        districts = {name for place in named for name in self._gazetteer.places[place].districts}
        refused = [
            (at, hit)
            for at, (turn, reading) in enumerate(zip(turns, readings, strict=True))
            if turn.speaker is Speaker.AGENT
            for hit in reading.hits
            if self._dialogue.verdict(turns, at, hit.start) is False
        ]

        taken_back = [(at, hit) for at, hit in told if self._takes_back(turns[at], readings[at], hit)]

        def stands(at: int, hit: Hit) -> bool:
            if any(
                at < later and self._is_another(hit.place, other.place) and other.replaces(hit)
                for later, other in taken_back
            ):
                return False
            if turns[at].speaker is Speaker.CITIZEN:
                return (at, hit) in own and not self._put_right(at, hit, refused, told)
            return self._holds(turns, readings, at, hit, named, districts)

        return [
            PlacesReading(
                tuple(hit for hit in reading.hits if stands(at, hit)),
                tuple(hit for hit in reading.supports if stands(at, hit)),
            )
            for at, reading in enumerate(readings)
        ]

    def _of_the_matter(self, told: Sequence[tuple[int, Hit]], turns: Sequence[Turn]) -> list[tuple[int, Hit]]:
        """Those of the places ``told`` by the caller that are not where the caller lives, asked for or told as such
        after another district was named.
        """
        kept: list[tuple[int, Hit]] = []
        for at, hit in sorted(told, key=lambda one: (one[0], one[1].start)):
            before = turns[at - 1] if at else None
            asked = before is not None and before.speaker is Speaker.AGENT and self._home_asked.search(before.text)
            home = asked or self._home_told.search(turns[at].text, 0, hit.start)
            place = self._gazetteer.places[hit.place]
            districts = {place.name} if place.kind is Kind.DISTRICT else set(place.districts)
            named = [self._gazetteer.places[one.place] for _, one in kept if one.weight >= CLEAR]
            elsewhere = any(one.kind is Kind.DISTRICT and one.name not in districts for one in named)
            if not (home and elsewhere):
                kept.append((at, hit))
        return kept

    def _takes_back(self, turn: Turn, reading: PlacesReading, hit: Hit) -> bool:
        """Whether the caller surely names ``hit`` in ``turn`` for another place told before: after a correction, or
        with the words that it is not that other one.
        """
        if hit not in reading.hits or not hit.is_plain(turn.text):
            return False
        return hit.corrects or any(
            self._dialogue.negated(turn.text, one.start) and self._is_another(one.place, hit.place)
            for one in reading.hits
        )

    def _is_another(self, one: int, other: int) -> bool:
        """Whether ``other`` cannot be meant beside ``one``: another district or street, or a place outside it."""
        first, second = self._gazetteer.places[one], self._gazetteer.places[other]
        if second.kind is Kind.DISTRICT:
            return first.name != second.name and second.name not in first.districts
        return second.kind is Kind.STREET and first.kind is Kind.STREET and one != other

    def _told(self, turns: Sequence[Turn], readings: Sequence[PlacesReading]) -> list[tuple[int, Hit]]:
        """The places that the caller names of their own accord, each with the position of its turn."""
        told: list[tuple[int, Hit]] = []
        advised: set[int] = set()
        for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            hits = (*reading.hits, *reading.supports)
            if turn.speaker is Speaker.AGENT:
                known = {hit.place for _, hit in told}
                advised |= {hit.place for hit in hits if self._dialogue.advises(turn, hit.start)} - known
            elif not self.withheld(turn):
                own = (hit for hit in hits if hit.place not in advised)
                told += [(at, hit) for hit in own if not self._dialogue.negated(turn.text, hit.start)]
        return told

    def _holds(
        self,
        turns: Sequence[Turn],
        readings: Sequence[PlacesReading],
        at: int,
        hit: Hit,
        named: Collection[int],
        districts: Collection[str],
    ) -> bool:
        """Whether a place that the agent names counts: not refused, and ``named`` by the caller or one of the
        ``districts`` around what was, or, unless it is advice, let stand or read off a record.
        """
        said = hit.place in named or self._gazetteer.places[hit.place].name in districts
        if not said and self._dialogue.advises(turns[at], hit.start):
            return False
        verdict = self._dialogue.verdict(turns, at, hit.start)
        if verdict is not None:
            return verdict
        return said or self._dialogue.stands(turns, at, hit.start) or self._of_record(turns, readings, at, hit)

    def _of_record(self, turns: Sequence[Turn], readings: Sequence[PlacesReading], at: int, hit: Hit) -> bool:
        """Whether the agent reads a street with its district off a record (查到了，荔湾区桥中街道，二巷？) and the
        caller, who has more to say of it, names no other.
        """
        clear = [one for one in readings[at].hits if one.is_plain(turns[at].text) and not one.cost]
        places = {one.place: self._gazetteer.places[one.place] for one in clear}
        districts = {place.name for place in places.values() if place.kind is Kind.DISTRICT}
        streets = [place for place in places.values() if place.kind is Kind.STREET]
        if hit not in clear or len(districts) != 1 or len(streets) != 1 or not districts & set(streets[0].districts):
            return False
        reply = next(((turn, readings[after]) for after, turn in enumerate(turns) if after > at and turn.text), None)
        if reply is None or reply[0].speaker is Speaker.AGENT or self._dialogue.is_unsure(reply[0].text):
            return False
        return not any(
            one.weight >= CLEAR and one.replaces(hit) and any(self._is_another(place, one.place) for place in places)
            for one in reply[1].hits
        )

    def _put_right(
        self, at: int, hit: Hit, refused: Sequence[tuple[int, Hit]], told: Sequence[tuple[int, Hit]]
    ) -> bool:
        """Whether the caller refused the read-back of a place named in turn ``at`` and then named another."""
        kind = self._gazetteer.places[hit.place].kind
        return any(
            at < read_back and other.place == hit.place and self._renamed(read_back, other.place, kind, told)
            for read_back, other in refused
        )

    def _renamed(self, after: int, place: int, kind: Kind, told: Sequence[tuple[int, Hit]]) -> bool:
        """Whether the caller names, after turn ``after``, another place of ``kind`` than ``place``, or, of a street,
        surely another district than its own.
        """
        for at, hit in told:
            if at <= after or hit.weight < CLEAR or hit.place == place:
                continue
            other = self._gazetteer.places[hit.place]
            if other.kind is kind or (
                other.kind is Kind.DISTRICT and other.name not in self._gazetteer.places[place].districts
            ):
                return True
        return False
