"""Every message of the wire, one model each; JSON Schema and the page's TypeScript types are generated from here.

Three families:

- **events** are stored in a call's log with a sequence number; the call's state is a fold over them;
- **provisional** messages (interim text and what is filled from it) are shown at once and never stored;
- **commands** are what an agent does; each carries an id, so that sending one twice has one effect.

Readers ignore fields and message types they do not know: a newer minor version may add some.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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

PROTOCOL_VERSION = 1


class Message(BaseModel):
    """A frozen message; unknown fields are ignored."""

    # An error about a message must not quote what was said in it: errors go to the log.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


# ── events: stored, numbered ──────────────────────────────────────────────────────────────────────────────────────


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


# ── /v1/desk, from the server ─────────────────────────────────────────────────────────────────────────────────────


class DeskHello(Message):
    """First message of the server on a desk connection."""

    type: Literal["hello"] = "hello"
    protocol: int = PROTOCOL_VERSION
    calls: list[CallSummary] = []


class CallSummary(Message):
    """A call in a list; holds nothing of what was said."""

    call: str
    started_at: datetime
    status: Literal["live", "ended", "submitted"]
    seconds: float
    last_seq: int


class ListedCall(CallSummary):
    """A call in a list that was searched for. Empty texts: not known; see `assist.facts.Facts`."""

    agent: str
    template: str
    title: str
    unit: str
    district: str
    alerts: list[str]
    ticket: Literal["untouched", "accepted", "edited"]


class FoundCalls(Message):
    """A page of the calls that were searched for. ``next``: the place to read on from, None after the last page;
    ``unread``: calls of an earlier version whose tickets are still being read, so that they are found by time, status
    and length only.
    """

    calls: list[ListedCall]
    next: str | None
    unread: int


class DeskEvent(Message):
    """A stored event of a subscribed call."""

    type: Literal["event"] = "event"
    logged: LoggedEvent


class DeskPartial(Message):
    """Interim text of one channel; replaces the former one of this ``speaker`` whole, empty ``text`` clears it."""

    type: Literal["partial"] = "partial"
    call: str
    speaker: Speaker
    text: str
    stable: int = 0
    start: float
    end: float
    repairs: list[WordRepair] = []


class DeskProvisional(Message):
    """What interim text fills, as the difference to the stored ticket; replaces the former message whole.

    ``alerts`` are those that interim text raises and that no event has raised yet.
    """

    type: Literal["provisional"] = "provisional"
    call: str
    slots: dict[str, SlotValue] = {}
    request_type: Choice | None = None
    domain: Choice | None = None
    templates: list[RankedTemplate] | None = None
    alerts: list[Alert] = []


class DeskCall(Message):
    """A call started, ended or was submitted: for the list of calls."""

    type: Literal["call"] = "call"
    summary: CallSummary


class DeskCaughtUp(Message):
    """All events up to ``seq`` were sent; what follows is live."""

    type: Literal["caught_up"] = "caught_up"
    call: str
    seq: int


class DeskDone(Message):
    """A command took effect as event ``seq`` (also answered, with the same ``seq``, when it is sent again)."""

    type: Literal["done"] = "done"
    command: str
    seq: int


class DeskRefused(Message):
    """A message could not be carried out; ``code`` is one of ``docs/protocol.md``."""

    type: Literal["refused"] = "refused"
    command: str | None = None
    code: str
    message: str  # Chinese, for the agent
    detail: str = ""  # English, for the log


class DeskLag(Message):
    """How far recognition is behind speech on a subscribed call, seconds; for the connection light."""

    type: Literal["lag"] = "lag"
    call: str
    seconds: float


class DeskPong(Message):
    """The answer to ``ping``."""

    type: Literal["pong"] = "pong"
    id: str


DeskMessage = Annotated[
    DeskHello
    | DeskEvent
    | DeskPartial
    | DeskProvisional
    | DeskCall
    | DeskCaughtUp
    | DeskDone
    | DeskRefused
    | DeskLag
    | DeskPong,
    Field(discriminator="type"),
]


# ── /v1/desk, from the page ───────────────────────────────────────────────────────────────────────────────────────


class Subscribe(Message):
    """Send all events of ``call`` after ``after`` (0: from the start), then live."""

    type: Literal["subscribe"] = "subscribe"
    call: str
    after: int = 0


class Unsubscribe(Message):
    """Stop sending the events of ``call``."""

    type: Literal["unsubscribe"] = "unsubscribe"
    call: str


class Accept(Message):
    """Take the machine's value of ``slot``."""

    type: Literal["accept"] = "accept"
    id: str = Field(min_length=1, max_length=64)
    call: str
    slot: str


class Edit(Message):
    """Write ``value`` into ``slot`` (a slot of the catalogue, ``request_type``, ``domain`` or ``department``)."""

    type: Literal["edit"] = "edit"
    id: str = Field(min_length=1, max_length=64)
    call: str
    slot: str
    value: Value


class Reject(Message):
    """Refuse the machine's value of ``slot``."""

    type: Literal["reject"] = "reject"
    id: str = Field(min_length=1, max_length=64)
    call: str
    slot: str


class ChooseTemplate(Message):
    """Choose the record template ``code``."""

    type: Literal["choose_template"] = "choose_template"
    id: str = Field(min_length=1, max_length=64)
    call: str
    code: str


class Undo(Message):
    """Take back the agent's last action on this call that was not yet undone."""

    type: Literal["undo"] = "undo"
    id: str = Field(min_length=1, max_length=64)
    call: str


class Submit(Message):
    """File the ticket as it now stands."""

    type: Literal["submit"] = "submit"
    id: str = Field(min_length=1, max_length=64)
    call: str


class Ping(Message):
    """Is the connection alive? Answered with ``pong``."""

    type: Literal["ping"] = "ping"
    id: str = Field(min_length=1, max_length=64)


Command = Annotated[Accept | Edit | Reject | ChooseTemplate | Undo | Submit, Field(discriminator="type")]
PageMessage = Annotated[
    Subscribe | Unsubscribe | Accept | Edit | Reject | ChooseTemplate | Undo | Submit | Ping,
    Field(discriminator="type"),
]


# ── /v1/calls/{id}/audio ──────────────────────────────────────────────────────────────────────────────────────────


class AudioStart(Message):
    """First message of an audio connection. Binary frames of interleaved samples follow.

    ``roles`` names the speaker of each channel. A call that exists already is resumed: the answer says how many
    sample frames (one sample of each channel) are stored; send from there.
    """

    type: Literal["start"] = "start"
    format: Literal["pcm_s16le", "alaw", "mulaw"] = "pcm_s16le"
    sample_rate: int = Field(ge=8_000, le=48_000)
    channels: int = Field(ge=1, le=2)
    roles: list[Speaker]
    started_at: datetime | None = None
    caller_number: str | None = Field(default=None, max_length=64)
    agent: str | None = Field(default=None, max_length=64)


class AudioStop(Message):
    """No more audio: finish the call."""

    type: Literal["stop"] = "stop"


class AudioStarted(Message):
    """The call is open; ``received`` sample frames are already stored (0 for a new call)."""

    type: Literal["started"] = "started"
    call: str
    received: int


class AudioAck(Message):
    """``received`` sample frames are on disk."""

    type: Literal["ack"] = "ack"
    received: int


class AudioStopped(Message):
    """Everything is recognised and stored; the connection closes with 1000."""

    type: Literal["stopped"] = "stopped"
    call: str
    received: int


class AudioError(Message):
    """What was wrong and what to do; the connection closes with the code of ``docs/protocol.md``."""

    type: Literal["error"] = "error"
    code: str
    message: str
    detail: str = ""


AudioClientMessage = Annotated[AudioStart | AudioStop, Field(discriminator="type")]
AudioServerMessage = Annotated[AudioStarted | AudioAck | AudioStopped | AudioError, Field(discriminator="type")]

DeskHello.model_rebuild()
