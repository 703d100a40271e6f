"""The ticket as it shows: what REST answers, what ``assist replay --json`` prints, what a submit files.

Pure data; ``assist.call.view`` makes it out of a call's state.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assist.messages import CallSummary
from extractors.ticket import Alert, Dispatch, Evidence, Question, RankedTemplate, SlotValue, Value
from extractors.turn import Speaker

Source = Literal["machine", "accepted", "edited", "rejected"]


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class ShownSlot(_View):
    """A slot as the form shows it; ``machine`` is the machine's opinion beside a human's value."""

    value: Value | None
    confidence: float | None = None
    confirmed: bool = False
    normalized: str | None = None
    source: Source = "machine"
    evidence: list[Evidence] = []
    machine: SlotValue | None = None


class ShownTemplate(_View):
    """The record template the agent chose."""

    code: str
    title: str


class ShownTurn(_View):
    """One finished utterance; ``start`` and ``end`` in seconds of call audio."""

    turn: int
    speaker: Speaker
    text: str
    start: float
    end: float


class TicketView(_View):
    """One call's ticket. ``confidence`` holds only the choices that are the machine's own."""

    call: str
    status: Literal["live", "ended", "submitted"]
    started_at: datetime
    seconds: float
    slots: dict[str, ShownSlot]
    request_type: str | None
    domain: str | None
    department: str | None
    confidence: dict[str, float]
    template: ShownTemplate | None
    templates: list[RankedTemplate]
    questions: list[Question]
    dispatch: Dispatch | None
    alerts: list[Alert]
    transcript: list[ShownTurn]
    catalogue: str
    model: str


class CallView(_View):
    """A call: its line in the list and its ticket."""

    summary: CallSummary
    ticket: TicketView
