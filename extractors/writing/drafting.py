"""What the machine would write down about a call: the template's record text and a summary, as parts with evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.catalogue.knowledge import Catalogue, Template
from extractors.conversation.dialogue import Dialogue
from extractors.ticket import Draft, SlotValue
from extractors.turn import Turn
from extractors.writing.record import fill
from extractors.writing.summary import Summaries


class Drafting:
    """Drafts for any call by the rules ``record`` of a catalogue."""

    def __init__(self, catalogue: Catalogue, dialogue: Dialogue) -> None:
        rules = catalogue.rules("record")
        self._labels = {slot.name: slot.label for slot in catalogue.slots.values()}
        self._wishes, self._units = tuple(rules["wishes"]), str(rules["units"])
        self._numbers = tuple(rules["numbers"])
        self._summaries = Summaries(dialogue, rules["summary"], self._labels)

    def draft(
        self,
        turns: Sequence[Turn],
        slots: Mapping[str, SlotValue],
        request_type: str | None,
        template: Template | None,
        matched: Sequence[str],
    ) -> Draft:
        """The draft after ``turns``; ``template``: the chosen or best one, ``matched``: the words that speak for it."""
        return Draft(
            template.code if template else "",
            fill(template.record, slots, self._labels, self._wishes, self._units, self._numbers) if template else (),
            self._summaries.write(turns, slots, request_type, matched),
        )
