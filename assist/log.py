"""One line of a call's log: an event with its number, its audio time and the JSON it is stored and sent as."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter

from assist.messages.events import Event

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_KNOWN_TYPES = frozenset(
    model.model_fields["type"].default
    for model in Event.__origin__.__args__  # type: ignore[attr-defined]
)


@dataclass(frozen=True)
class Record:
    """Event ``seq`` of ``call``; ``at`` is seconds of call audio. ``event`` is None where a newer version wrote a type
    that this one does not know; ``data`` still holds it.
    """

    call: str
    seq: int
    at: float
    event: Event | None
    data: str

    @classmethod
    def of(cls, call: str, seq: int, at: float, event: Event) -> Record:
        """The record of a new event."""
        return cls(call, seq, at, event, event.model_dump_json())

    @classmethod
    def parse(cls, call: str, seq: int, at: float, data: str) -> Record:
        """The record of stored JSON. Raises ``ValueError`` for a known type with wrong content."""
        content: Any = json.loads(data)
        if not isinstance(content, dict):
            raise ValueError(f"event {seq} of call {call} is not a JSON object")
        known = content.get("type") in _KNOWN_TYPES
        return cls(call, seq, at, _EVENT.validate_python(content, strict=False) if known else None, data)

    @cached_property
    def wire(self) -> str:
        """The desk message that carries the record, made once however many desks read it."""
        return f'{{"type":"event","logged":{self.logged_json}}}'

    @cached_property
    def logged_json(self) -> str:
        """The record as JSON, the event as it is stored."""
        head = json.dumps({"call": self.call, "seq": self.seq, "at": self.at})[:-1]
        return f'{head},"event":{self.data}}}'
