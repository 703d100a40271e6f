"""The guides that fit a call: ranked templates, the caller's words and a date in, guides out. Pure.

A guide answers the templates that it names, or all of its matter where it names none; it is never given for another.
Those of the likeliest templates come first, and among them those whose question the caller's words are nearest to. One
that has expired is never given: the date is passed in. Rules: ``catalog/rules/guides.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from extractors.catalogue.knowledge import Catalogue, Template
from extractors.catalogue.knowledge import Guide as Entry
from extractors.ticket import Guide
from extractors.turn import Speaker, Turn

_LEFT_OUT = {ord(char): None for char in "，。？！、“”《》 怎么可以吗的多久是"}


class Guides:
    """Finds the guides of a catalogue."""

    def __init__(self, catalogue: Catalogue, rules: Mapping[str, Any]) -> None:
        self._of_template: dict[str, list[Entry]] = {}
        for entry in catalogue.guides:
            matter = catalogue.by_matter.get(entry.matter)
            all_of_it = [template.code for template in matter.templates] if matter else []
            for code in dict.fromkeys(entry.templates or all_of_it):
                self._of_template.setdefault(code, []).append(entry)
        self._most, self._least, self._words = int(rules["most"]), float(rules["least"]), float(rules["words"])

    def find(
        self,
        ranked: Sequence[tuple[Template, float]],
        turns: Sequence[Turn],
        today: date,
        chosen: Template | None = None,
    ) -> tuple[Guide, ...]:
        """The guides to show, best first; ``ranked`` are the best templates with their probabilities."""
        likely: dict[Entry, float] = {}
        for template, odds in ((chosen, 1.0),) if chosen is not None else ranked:
            for entry in self._of_template.get(template.code, ()):
                likely[entry] = likely.get(entry, 0.0) + odds
        if not likely:
            return ()
        said = _pairs("，".join(turn.text for turn in turns if turn.speaker is Speaker.CITIZEN))
        found = []
        for entry, odds in likely.items():
            if odds >= self._least and today <= date.fromisoformat(entry.valid_until):
                words = _pairs(entry.question)
                near = len(words & said) / len(words) if words else 0.0
                found.append((odds * (1 + self._words * near), entry))
        found.sort(key=lambda one: (-one[0], one[1].code))
        return tuple(_told(entry) for _, entry in found[: self._most])


def _pairs(text: str) -> frozenset[str]:
    kept = text.translate(_LEFT_OUT)
    return frozenset(kept[place : place + 2] for place in range(len(kept) - 1))


def _told(entry: Entry) -> Guide:
    return Guide(
        entry.code, entry.question, entry.answer, entry.source, entry.owner, entry.valid_until, tuple(entry.steps)
    )
