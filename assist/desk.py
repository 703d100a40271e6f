"""What one desk connection still has to be sent. No I/O.

Every event is read from the log of its room at the desk's own place, so an event comes exactly once and in order,
however slow the page is; of provisional messages only the newest is ever sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from assist.calls_list import CallsList
from assist.messages.desk import DeskCall, DeskCaughtUp, DeskHello
from assist.room import Room


@dataclass(slots=True)
class _Place:
    """How far the desk has read a room: event number, and the provisional messages it was last sent."""

    room: Room
    sent: int
    caught_up: bool = False
    shown: dict[Any, BaseModel] = field(default_factory=dict)


class Desk:
    """One connection. ``limit``: how many events it may fall behind once it had caught up, and how many answers may
    wait for it; ``wake`` is called when there may be something to send.
    """

    def __init__(self, calls: CallsList, limit: int, wake: Callable[[], None]) -> None:
        self._calls = calls
        self._limit = limit
        self._wake = wake
        self._places: dict[str, _Place] = {}
        self._answers: deque[str] = deque()
        self._listed = calls.changes
        self._answers.append(DeskHello(calls=calls.newest()).model_dump_json())
        calls.watchers.add(wake)

    @property
    def too_far_behind(self) -> bool:
        """Whether the page reads so slowly that it had better come again."""
        return len(self._answers) > self._limit or any(
            place.caught_up and place.room.state.seq - place.sent > self._limit for place in self._places.values()
        )

    def subscribe(self, room: Room, after: int) -> None:
        """Send the room's events after number ``after``, then whatever comes."""
        self.unsubscribe(room.call)
        self._places[room.call] = _Place(room, after)
        room.watchers.add(self._wake)
        self._wake()

    def unsubscribe(self, call: str) -> None:
        """Send nothing more of ``call``."""
        place = self._places.pop(call, None)
        if place is not None:
            place.room.watchers.discard(self._wake)

    def answer(self, message: BaseModel) -> None:
        """Send ``message``, after the events that are there already."""
        self._answers.append(message.model_dump_json())
        self._wake()

    def close(self) -> None:
        """Watch nothing any more."""
        for call in tuple(self._places):
            self.unsubscribe(call)
        self._calls.watchers.discard(self._wake)

    def next_message(self) -> str | None:
        """The next text frame to send; None when there is nothing for now."""
        for place in self._places.values():
            message = self._next_event(place)
            if message is not None:
                return message
        if self._answers:
            return self._answers.popleft()
        changed = self._calls.after(self._listed)
        if changed is not None:
            self._listed, summary = changed
            return DeskCall(summary=summary).model_dump_json()
        return next(filter(None, map(_next_provisional, self._places.values())), None)

    def _next_event(self, place: _Place) -> str | None:
        records = place.room.records
        if place.sent < len(records):
            place.sent += 1
            return records[place.sent - 1].wire
        if not place.caught_up:
            place.caught_up = True
            return DeskCaughtUp(call=place.room.call, seq=place.sent).model_dump_json()
        return None


def _next_provisional(place: _Place) -> str | None:
    room = place.room
    current: dict[Any, BaseModel | None] = {
        **room.interim,
        "provisional": room.provisional,
        "lag": room.lag,
        "reading": room.reading,
        "feed": room.feed if room.state.ended is None else None,
    }
    for key, message in current.items():
        if message is not None and place.shown.get(key) is not message:
            place.shown[key] = message
            return message.model_dump_json()
    return None
