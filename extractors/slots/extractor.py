"""The shape of every slot extractor: read each turn once, then fold all readings into slot values.

``read`` looks at one turn in the light of what came before and is cached per turn; ``fold`` is cheap and runs after
every turn. Both are pure: the same turns always give the same values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from extractors.slots.marked import Marking
from extractors.slots.page import RecordLine
from extractors.slots.settling import Proposal
from extractors.ticket import SlotValue
from extractors.turn import Turn

Reading = TypeVar("Reading")


@dataclass(frozen=True, slots=True)
class Context:
    """What is known when a turn is read.

    ``before`` are all earlier turns. ``expected`` are the slots the other party's last question asks for (``phone``
    after "联系电话多少？"). ``started_at`` is the call's start, the origin of relative times. ``marked`` is what the
    tagger marks in the turn; None where no tagger looks. ``filled`` are the slots that extractors before this one
    filled. ``announced`` are the places, turn and character, where another matter is announced. ``likely``: by how much
    log-odds a ticket of a call so worded is likelier than others to hold a slot. ``lines`` are what the scribe writes
    of a call that is over, by slot.
    """

    before: tuple[Turn, ...]
    expected: frozenset[str]
    started_at: datetime
    caller_number: str | None = None
    marked: Marking | None = None
    filled: Mapping[str, SlotValue] = field(default_factory=dict)
    announced: tuple[tuple[int, int], ...] = ()
    likely: Mapping[str, float] = field(default_factory=dict)
    lines: Mapping[str, RecordLine] = field(default_factory=dict)


class Extractor(Protocol, Generic[Reading]):
    """Fills one family of slots."""

    slots: tuple[str, ...]

    def read(self, turn: Turn, context: Context) -> Reading:
        """What this turn alone says; any immutable value."""

    def fold(self, turns: Sequence[Turn], readings: Sequence[Reading], context: Context) -> Mapping[str, SlotValue]:
        """The slot values after ``turns``; ``readings`` has one entry a turn. ``context`` is that of the next turn."""


@runtime_checkable
class Proposes(Protocol):
    """An extractor that weighs the scribe's lines of a call that is over against its own values."""

    def proposals(self, turns: Sequence[Turn], readings: Sequence[Any], context: Context) -> dict[str, list[Proposal]]:
        """What each slot might hold of which ``context`` has a line."""
