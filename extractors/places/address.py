"""The full address of a call, assembled across its turns as an agent would write it.

In: turns. Out: the slot ``address``: district and street (as ``extractors/places/district_street.py`` settles them),
then road, number, estate, building, room and position. The agent's read-back gives the wording where there is one
(`extractors.places.address_wording`); parts it lacks come from the caller's turns around it
(`extractors.places.address_merging`); what the caller corrects is replaced (`extractors.places.address_repairs`). Once
the call is over, the scribe's line is weighed against that (`extractors.places.written_address`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.places.address_merging import AddressMerging, larger_first
from extractors.places.address_parts import Known, Level, Part, PartFinder
from extractors.places.address_reading import BEGINS, NAMING, PAUSES, AddressReading
from extractors.places.address_repairs import AddressRepairs
from extractors.places.address_wording import AddressWording
from extractors.places.district_street import PlacesExtractor
from extractors.places.gazetteer import Gazetteer
from extractors.places.known_places import KnownPlaces, one_pause
from extractors.places.metro_exits import MetroExits
from extractors.places.written_address import proposed
from extractors.slots.extractor import Context
from extractors.slots.settling import Proposal, load_settling
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_END = re.compile("[。？！?!]")


class AddressExtractor:
    """Fills ``address``."""

    slots: tuple[str, ...] = ("address",)

    def __init__(
        self, gazetteer: Gazetteer, places: PlacesExtractor, rules: Mapping[str, Any], dialogue: Dialogue
    ) -> None:
        self._places = places
        self._finder = PartFinder(rules)
        self._known_places = KnownPlaces(gazetteer, rules)
        self._exits = MetroExits(rules["exit_words"], gazetteer.sounds)
        self._repairs = AddressRepairs(rules, dialogue, gazetteer.weights.home_told)
        self._wording = AddressWording(dialogue)
        self._merging = AddressMerging(self._wording, self._finder, rules["villages"])
        self._confidence: Mapping[str, float] = rules["confidence"]
        self._settling = load_settling()

    def read(self, turn: Turn, context: Context) -> AddressReading:
        """The parts of an address that ``turn`` names."""
        places = self._places.read(turn, context)
        districts = self._known_places.districts(places)
        asked = "address" in context.expected
        text = one_pause(turn)
        known = self._known_places.find(turn, places, districts, due=asked or bool(districts))
        found = self._found(turn, text, known, context)
        parts = [self._written(turn, part, districts) for part in found]
        parts = [part for at, part in enumerate(parts) if _located(part, parts[:at], asked=True)]
        told = [part for at, part in enumerate(parts) if _located(part, parts[:at], asked=asked)]
        told = _read_back(turn.text, told) if turn.speaker is Speaker.AGENT else told
        kept = () if self._places.withheld(turn) else self._repairs.standing(turn, told, known)
        return AddressReading(places, kept, asked, tuple(known), tuple(parts), self._repairs.put_right(turn, kept))

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[AddressReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The address after ``turns``."""
        divisions = self._divisions(turns, readings, context)
        shown = self._told(turns, readings, divisions)
        if "address" in context.lines:
            found = self._proposed(shown, divisions, turns, readings, context)
            shown = self._settling.settled("address", shown, found)
        return {"address": shown} if shown else {}

    def proposals(
        self, turns: Sequence[Turn], readings: Sequence[AddressReading], context: Context
    ) -> dict[str, list[Proposal]]:
        """What the slot might hold where the scribe wrote a line of it."""
        if "address" not in context.lines:
            return {}
        divisions = self._divisions(turns, readings, context)
        shown = self._told(turns, readings, divisions)
        return {"address": self._proposed(shown, divisions, turns, readings, context)}

    def _proposed(
        self,
        shown: SlotValue | None,
        divisions: Mapping[str, SlotValue],
        turns: Sequence[Turn],
        readings: Sequence[AddressReading],
        context: Context,
    ) -> list[Proposal]:
        known = (part.text for reading in readings for part in reading.parts if part.known)
        names = {slot: str(one.value) for slot, one in divisions.items()}
        return proposed(context.lines["address"], shown, names, known, turns)

    def _divisions(
        self, turns: Sequence[Turn], readings: Sequence[AddressReading], context: Context
    ) -> dict[str, SlotValue]:
        """District and street, where there are any."""
        settled = self._places.fold(turns, [reading.places for reading in readings], context)
        return {slot: settled[slot] for slot in ("district", "street") if slot in settled}

    def _told(
        self, turns: Sequence[Turn], readings: Sequence[AddressReading], divisions: Mapping[str, SlotValue]
    ) -> SlotValue | None:
        """The address as the turns tell it, behind its ``divisions``."""
        heads = [str(one.value) for one in divisions.values()]
        base = self._wording.base(turns, readings)
        parts, sources = (
            self._merging.merged(base, turns, readings, street="street" in divisions) if base is not None else ([], {})
        )
        written = [self._finder.clean(part.text) for part in larger_first(parts)]
        wording = "".join(one for one in written if not any(head in (f"{one}街道", f"{one}镇") for head in heads))
        wording = wording.removeprefix("".join(heads)).removeprefix(heads[-1] if heads else "")
        if not wording:
            return None
        speakers = {turns[at].speaker for at in sources}
        kind = "read_back" if len(speakers) > 1 else "agent" if Speaker.AGENT in speakers else "said"
        confidence = self._confidence[kind] * min((one.confidence for one in divisions.values()), default=0.7)
        evidence = tuple(
            Evidence.of(turns[at], min(p.start for p in some), max(p.end for p in some))
            for at, some in sorted(sources.items())
        )
        value = "".join(heads) + wording
        return SlotValue(value, round(confidence, 3), evidence, confirmed=len(speakers) > 1)

    def _found(self, turn: Turn, text: str, known: Sequence[Known], context: Context) -> tuple[Part, ...]:
        """The parts in the ``text`` of ``turn``, which may go on with what its speaker said just before (57号。403)."""
        agent = turn.speaker is Speaker.AGENT
        last = context.before[-1] if context.before else turn
        if last.speaker is not turn.speaker or last is turn:
            return self._finder.parts(text, known, read_back=agent)
        before = one_pause(last).rstrip(PAUSES) + "，"
        places = self._places.read(last, context)
        there = self._known_places.find(
            last, places, self._known_places.districts(places), due="address" in context.expected
        )
        shift = len(before)
        here = (replace(one, start=one.start + shift, end=one.end + shift) for one in known)
        found = self._finder.parts(before + text, [*there, *here], read_back=agent)
        return tuple(replace(one, start=one.start - shift, end=one.end - shift) for one in found if one.start >= shift)

    def _written(self, turn: Turn, part: Part, districts: frozenset[str]) -> Part:
        """``part`` as an address writes it, where it was misheard."""
        if part.level is Level.POSITION:
            return replace(part, text=self._exits.written(part.text))
        return self._known_places.repaired(turn, part, districts)


def _located(part: Part, before: Sequence[Part], *, asked: bool) -> bool:
    """Whether ``part`` is none of the numbers that stand in a sentence without a place (a day of the month)."""
    begins = part.start <= (BEGINS if asked else 0)
    return part.level is not Level.NUMBER or begins or any(one.level in NAMING for one in before)


def _read_back(text: str, parts: Sequence[Part]) -> list[Part]:
    """``parts`` without those of later sentences that begin with something else ("… 27号。您问过社区医院吗")."""
    first = next((part.start for part in parts if part.level in NAMING), len(text))
    kept: list[Part] = []
    ends = [0, *(end.end() for end in _END.finditer(text)), len(text)]
    for start, end in pairwise(ends):
        inside = [part for part in parts if start <= part.start < end]
        if inside and (start <= first or inside[0].start - start <= 1):
            kept += inside
    return kept
