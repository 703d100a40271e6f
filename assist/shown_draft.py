"""What the machine drafted, with what the agent wrote in its place. Pure: a call's state in, parts out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assist.call import CallState
from extractors.ticket import Part
from extractors.writing.record import value_text


def shown_record(state: CallState) -> tuple[Part, ...]:
    """The record text as it shows: human values stand in for the machine's, what was rejected is a gap."""
    return _shown(state, state.draft.record)


def shown_summary(state: CallState) -> tuple[Part, ...]:
    """The summary as it shows, likewise."""
    return _shown(state, state.draft.summary)


def _shown(state: CallState, parts: Sequence[Part]) -> tuple[Part, ...]:
    return tuple(_part(state, part) for part in parts)


def _part(state: CallState, part: Part) -> Part:
    human = state.human.get(part.slot) if part.slot is not None else None
    if human is None or human.source == "accepted":
        return part
    if human.value is None:
        return replace(part, text=part.label, filled=False, evidence=())
    return replace(part, text=value_text(human.value), filled=True, evidence=())
