"""What the server sends on a desk connection, ``/v1/desk``: stored events of calls, and provisional messages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assist.messages.calls import DeskSummary
from assist.messages.events import LoggedEvent, WordRepair
from assist.messages.message import PROTOCOL_VERSION, Message
from extractors.ticket import Alert, Choice, RankedTemplate, SlotValue
from extractors.turn import Speaker


class DeskHello(Message):
    """First message of the server on a desk connection."""

    type: Literal["hello"] = "hello"
    protocol: int = PROTOCOL_VERSION
    calls: list[DeskSummary] = []


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
    """A call started, raised an alert, ended or was submitted: for the list of calls."""

    type: Literal["call"] = "call"
    summary: DeskSummary


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
    """A message could not be carried out; ``code`` is one of ``docs/protocol.md``, ``call`` the call it named."""

    type: Literal["refused"] = "refused"
    command: str | None = None
    call: str | None = None
    code: str
    message: str  # Chinese, for the agent
    detail: str = ""  # English, for the log


class DeskLag(Message):
    """How far recognition is behind speech on a subscribed call, seconds; for the connection light."""

    type: Literal["lag"] = "lag"
    call: str
    seconds: float


class DeskReading(Message):
    """Whether a subscribed call, which is over, is being read as a whole: its ticket may still change."""

    type: Literal["reading"] = "reading"
    call: str
    reading: bool


class DeskFeed(Message):
    """Whether audio of a subscribed call comes: not while nobody feeds it, nor while its feeder sends nothing."""

    type: Literal["feed"] = "feed"
    call: str
    connected: bool


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
    | DeskReading
    | DeskFeed
    | DeskPong,
    Field(discriminator="type"),
]
