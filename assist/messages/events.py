"""Events: what happens in a call, stored in its log with a sequence number; the call's state is a fold over them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from assist.messages.message import Message
from extractors.ticket import (
    Alert,
    Choice,
    Dispatch,
    Draft,
    Guide,
    OtherMatter,
    Question,
    RankedTemplate,
    SlotValue,
    Value,
)
from extractors.turn import Speaker


class CallStarted(Message):
    """A call began. ``started_at`` is what relative times ("昨晚") are resolved against."""

    type: Literal["call.started"] = "call.started"
    started_at: datetime
    caller_number: str | None = None
    agent: str | None = None
    catalogue: str = ""  # version of the catalogue the call is understood with
    model: str = ""  # speech model


class WordRepair(Message):
    """Characters ``start:end`` of a text name a place or unit that sounds like what was ``heard`` there."""

    start: int
    end: int
    heard: str


class TranscriptFinal(Message):
    """A finished utterance. ``turn`` counts from 0; ``times`` are ``[start, end]`` seconds of each character;
    ``repairs`` are in order and apart; ``readings`` are what else may have been said, likeliest first; ``doubts`` are
    the stretches of ``text``, ``[first character, one after the last]``, that the recogniser was not sure of.

    ``language`` is the ISO code of what a caller speaks instead of Chinese (``und``: could not be told); the text of
    such a turn is what the recogniser made of it and fills nothing.
    """

    type: Literal["transcript.final"] = "transcript.final"
    turn: int
    speaker: Speaker
    text: str
    start: float
    end: float
    times: list[tuple[float, float]] = []
    channel: int = 0
    utterance: int = 0
    language: str | None = None
    repairs: list[WordRepair] = []
    readings: list[str] = []
    doubts: list[tuple[int, int]] = []


class TicketChanged(Message):
    """What the machine now thinks. ``slots`` holds only those that changed; ``None`` withdraws a value.

    ``request_type`` and ``domain`` are given every time, as they now stand (``None``: not known).
    """

    type: Literal["ticket.changed"] = "ticket.changed"
    slots: dict[str, SlotValue | None] = {}
    request_type: Choice | None = None
    domain: Choice | None = None


class TemplatesRanked(Message):
    """The record templates that fit best, best first."""

    type: Literal["templates.ranked"] = "templates.ranked"
    templates: list[RankedTemplate]


class QuestionsDue(Message):
    """What to ask next, most useful first."""

    type: Literal["questions.due"] = "questions.due"
    questions: list[Question]


class DispatchSuggested(Message):
    """The unit that should handle the matter; ``None`` when nothing can be said."""

    type: Literal["dispatch.suggested"] = "dispatch.suggested"
    dispatch: Dispatch | None


class RecordDrafted(Message):
    """The record text and the summary as the machine would write them now, in parts that tell what they rest on."""

    type: Literal["record.drafted"] = "record.drafted"
    draft: Draft


class GuidesFound(Message):
    """What to tell the caller about the matter, best first; none of them has expired at the call's start."""

    type: Literal["guides.found"] = "guides.found"
    guides: list[Guide]


class MattersFound(Message):
    """The further matters of the call, each a ticket of its own."""

    type: Literal["matters.found"] = "matters.found"
    others: list[OtherMatter]


class AlertRaised(Message):
    """Something that cannot wait (fire, injury, crime, a caller who asks for confidentiality)."""

    type: Literal["alert.raised"] = "alert.raised"
    alert: Alert


class AgentAccepted(Message):
    """The agent took the machine's value of a slot as it stands."""

    type: Literal["agent.accepted"] = "agent.accepted"
    command: str
    slot: str
    value: Value


class AgentEdited(Message):
    """The agent wrote a value; the machine never overwrites it.

    ``slot`` may also be ``request_type``, ``domain`` or ``department``.
    """

    type: Literal["agent.edited"] = "agent.edited"
    command: str
    slot: str
    value: Value


class AgentRejected(Message):
    """The agent refused the machine's value: the slot is empty and stays so until the agent fills it."""

    type: Literal["agent.rejected"] = "agent.rejected"
    command: str
    slot: str


class AgentChoseTemplate(Message):
    """The agent chose a record template; ``request_type`` and ``domain`` are the template's own."""

    type: Literal["agent.chose_template"] = "agent.chose_template"
    command: str
    code: str
    title: str = ""
    request_type: str = ""
    domain: str = ""


class AgentUndone(Message):
    """The agent took back the event with sequence number ``undone``."""

    type: Literal["agent.undone"] = "agent.undone"
    command: str
    undone: int


class AgentSubmitted(Message):
    """The agent filed the ticket; ``slots`` are the values as filed, ``record`` and ``summary`` the texts with gaps in
    brackets. Nothing can be changed afterwards.
    """

    type: Literal["agent.submitted"] = "agent.submitted"
    command: str
    slots: dict[str, Value]
    template: str | None = None
    request_type: str | None = None
    domain: str | None = None
    department: str | None = None
    record: str = ""
    summary: str = ""
    others: list[OtherMatter] = []  # further matters as the machine has them


class CallEnded(Message):
    """The audio is over; the ticket can still be edited and submitted. ``seconds`` is the length of the audio."""

    type: Literal["call.ended"] = "call.ended"
    seconds: float
    reason: Literal["stopped", "lost"] = "stopped"


Event = Annotated[
    CallStarted
    | TranscriptFinal
    | TicketChanged
    | TemplatesRanked
    | QuestionsDue
    | DispatchSuggested
    | RecordDrafted
    | GuidesFound
    | MattersFound
    | AlertRaised
    | AgentAccepted
    | AgentEdited
    | AgentRejected
    | AgentChoseTemplate
    | AgentUndone
    | AgentSubmitted
    | CallEnded,
    Field(discriminator="type"),
]


class LoggedEvent(Message):
    """An event as it lies in a call's log. ``seq`` counts from 1 without gaps; ``at`` is seconds of call audio."""

    call: str
    seq: int
    at: float
    event: Event
