"""The ticket as it shows: what REST answers, what ``assist replay --json`` prints, what a submit files.

Pure: a call's state in, a view of it out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from asr.repair import heard_in_place
from assist.call import CHOICES, CallState
from assist.messages.calls import CallSummary
from assist.messages.events import TranscriptFinal
from assist.shown_draft import shown_record, shown_summary
from extractors.ticket import (
    Alert,
    Dispatch,
    Evidence,
    Guide,
    OtherMatter,
    Part,
    Question,
    RankedTemplate,
    SlotValue,
    Value,
)
from extractors.turn import Speaker
from extractors.writing.record import text_of

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


class ShownText(_View):
    """A text that was written for the agent, whole (gaps in brackets) and in the parts it is made of."""

    text: str
    parts: list[Part]


class ShownTurn(_View):
    """One finished utterance; ``start`` and ``end`` in seconds of call audio."""

    turn: int
    speaker: Speaker
    text: str
    start: float
    end: float
    heard: str = Field("", exclude=True)  # the text before characters were put right, for masking; empty: none were

    @classmethod
    def of(cls, final: TranscriptFinal) -> ShownTurn:
        """The utterance that ``final`` brought."""
        heard = heard_in_place(final.text, final.repairs)
        return cls(
            turn=final.turn, speaker=final.speaker, text=final.text, start=final.start, end=final.end, heard=heard
        )


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
    guides: list[Guide]
    others: list[OtherMatter]
    record: ShownText
    summary: ShownText
    transcript: list[ShownTurn]
    catalogue: str
    model: str


class CallView(_View):
    """A call: its line in the list and its ticket."""

    summary: CallSummary
    ticket: TicketView


def view(state: CallState, seconds: float) -> TicketView:
    """The ticket of ``state`` as it shows, as filed once it is; ``seconds`` is the length of the audio so far."""
    ticket = state if state.filed is None else state.filed
    own = {name: ticket.machine_choice(name) for name in CHOICES}
    return TicketView(
        call=state.call,
        status=state.status,
        started_at=state.started_at,
        seconds=seconds if state.ended is None else state.ended.seconds,
        slots={name: _slot(ticket, name) for name in sorted({*ticket.slots, *ticket.human} - set(CHOICES))},
        request_type=_text(ticket.shown("request_type")),
        domain=_text(ticket.shown("domain")),
        department=_text(ticket.shown("department")),
        confidence={
            name: choice.confidence
            for name, choice in own.items()
            if choice is not None and name not in ticket.human and choice.value == ticket.shown(name)
        },
        template=None if ticket.chosen is None else ShownTemplate(code=ticket.chosen.code, title=ticket.chosen.title),
        templates=list(ticket.templates),
        questions=[question for question in ticket.questions if _open(ticket, question)],
        dispatch=ticket.dispatch,
        alerts=list(state.alerts),
        guides=list(ticket.guides),
        others=list(ticket.others),
        record=_written(shown_record(ticket)),
        summary=_written(shown_summary(ticket)),
        transcript=[ShownTurn.of(turn) for turn in state.turns],
        catalogue="" if state.started is None else state.started.catalogue,
        model="" if state.started is None else state.started.model,
    )


def _written(parts: tuple[Part, ...]) -> ShownText:
    return ShownText(text=text_of(parts), parts=list(parts))


def _open(state: CallState, question: Question) -> bool:
    """Whether a question still waits for its answer, given what the agent did."""
    if question.slot in ("template", "request_type"):
        return state.chosen is None and question.slot not in state.human
    return state.shown(question.slot) is None


def _slot(state: CallState, name: str) -> ShownSlot:
    machine = state.slots.get(name)
    human = state.human.get(name)
    if human is not None:
        same = machine is not None and machine.value == human.value
        evidence = list(machine.evidence) if machine is not None and same else []
        return ShownSlot(value=human.value, source=human.source, evidence=evidence, machine=machine)
    assert machine is not None  # a slot is listed because one of the two has it
    return ShownSlot(
        value=machine.value,
        confidence=machine.confidence,
        confirmed=machine.confirmed,
        normalized=machine.normalized,
        evidence=list(machine.evidence),
    )


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)
