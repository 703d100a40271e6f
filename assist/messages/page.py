"""What the page sends on a desk connection, ``/v1/desk``: which calls it shows, and what the agent does (commands)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assist.messages.message import Message
from extractors.ticket import Value


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
