"""Mentions: a value found in the words of one turn, before the dialogue decides whether it holds."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.ticket import Evidence, Value


@dataclass(frozen=True, slots=True)
class Mention:
    """``value`` of ``slot`` as said in one turn.

    ``confidence``: how sure it is that these words mean this value. ``corrects``: the speaker takes back what was said
    before ("不对，是16号"), so it replaces earlier values. ``answers``: the other party had just asked for this slot.
    """

    slot: str
    value: Value
    confidence: float
    evidence: Evidence
    normalized: str | None = None
    corrects: bool = False
    answers: bool = False
