"""The slots of a call: its turns and their readings in, the value of each slot that can be filled out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.catalogue.knowledge import Catalogue, Template
from extractors.choosing.learned import Learned, Weighed
from extractors.compiled import Knowledge
from extractors.composition import by_sound
from extractors.slots.extractor import Context, Proposes
from extractors.slots.page import RecordLine
from extractors.slots.settling import Proposal
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Turn
from extractors.turn_readings import TurnReader, TurnReading

_LONGEST = 200  # characters of a value: more is no value but a text


class SlotFilling:
    """Fills the slots of one call, whose turns ``reader`` reads."""

    def __init__(self, known: Knowledge, reader: TurnReader) -> None:
        self._known = known
        self._reader = reader

    def slots(
        self, turns: Sequence[Turn], reads: Sequence[TurnReading], lines: Mapping[str, RecordLine] | None = None
    ) -> dict[str, SlotValue]:
        """What every extractor makes of the call, in the order of the catalogue's slots; of two values of one slot the
        surer one. ``reads`` has one entry a turn; ``lines`` are the scribe's, where the call is over.
        """
        slots: dict[str, SlotValue] = {}
        context = self._context(turns, reads, slots, lines or {})
        by_id = {turn.id: turn for turn in turns}
        for number, extractor in enumerate(self._known.extractors):
            values = extractor.fold(turns, [read.slots[number] for read in reads], context)
            if by_sound(extractor):
                values = {name: _quoting(value, by_id) for name, value in values.items()}
            for name, value in values.items():
                usable = not isinstance(value.value, str) or len(value.value) <= _LONGEST
                if usable and (name not in slots or value.confidence > slots[name].confidence):
                    slots[name] = value
        return {name: slots[name] for name in self._known.catalogue.slots if name in slots}

    def _context(
        self,
        turns: Sequence[Turn],
        reads: Sequence[TurnReading],
        filled: Mapping[str, SlotValue],
        lines: Mapping[str, RecordLine],
    ) -> Context:
        likely = self._known.expectations.odds([read.expects for read in reads])
        return replace(self._reader.context_of_all(turns, filled), likely=likely, lines=lines)

    def proposals(
        self, turns: Sequence[Turn], reads: Sequence[TurnReading], lines: Mapping[str, RecordLine]
    ) -> dict[str, list[Proposal]]:
        """What each slot might hold of which the scribe wrote one of ``lines``."""
        filled: dict[str, SlotValue] = {}
        context = self._context(turns, reads, filled, lines)
        proposed: dict[str, list[Proposal]] = {}
        for number, extractor in enumerate(self._known.extractors):
            readings = [read.slots[number] for read in reads]
            if isinstance(extractor, Proposes):
                proposed |= extractor.proposals(turns, readings, context)
            filled |= extractor.fold(turns, readings, replace(context, lines={}))
        return proposed

    def candidates(self, turns: Sequence[Turn], reads: Sequence[TurnReading]) -> dict[str, Weighed]:
        """What each slot that is learned might hold, with the traits of each candidate."""
        filled: dict[str, SlotValue] = {}
        context = self._reader.context_of_all(turns, filled)
        weighed: dict[str, Weighed] = {}
        for number, extractor in enumerate(self._known.extractors):
            readings = [read.slots[number] for read in reads]
            if isinstance(extractor, Learned):
                weighed |= extractor.candidates(turns, readings, context)
            else:
                filled |= extractor.fold(turns, readings, context)
        return weighed


def of_templates(
    slots: Mapping[str, SlotValue], catalogue: Catalogue, templates: Sequence[Template]
) -> dict[str, SlotValue]:
    """The slots common to all tickets, and those that one of ``templates`` lists."""
    listed = {name for template in templates for name in (*template.required, *template.optional)}
    return {name: value for name, value in slots.items() if catalogue.slots[name].common or name in listed}


def _quoting(value: SlotValue, turns: Mapping[int, Turn]) -> SlotValue:
    """``value`` with its evidence in the words that the transcript shows."""
    quoted = (Evidence.of(turns[one.turn], one.start, one.end) for one in value.evidence)
    return replace(value, evidence=tuple(quoted))
