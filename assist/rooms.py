"""The rooms in memory: those of live calls and watched ones, and the latest of those that nobody looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assist.room import Room

IDLE_ROOMS = 32  # rooms that nobody looks at,
IDLE_EVENTS = 4000  # with no more events than these together, about 4.5 kB each


class Rooms:
    """``live`` tells whether a call is being heard; ``dropped`` is called with each call whose room was let go to make
    place.
    """

    def __init__(self, live: Callable[[str], bool], dropped: Callable[[str], None]) -> None:
        self._live = live
        self._dropped = dropped
        self._rooms: dict[str, Room] = {}

    @property
    def calls(self) -> Iterable[str]:
        """The calls whose rooms are here."""
        return self._rooms.keys()

    def get(self, call: str) -> Room | None:
        """The room of ``call`` if it is here."""
        return self._rooms.get(call)

    def keep(self, room: Room) -> Room:
        """Keep ``room``, and let go of idle ones beyond the bounds, the oldest first."""
        self._rooms[room.call] = room
        idle = [kept for call, kept in self._rooms.items() if not self._live(call) and not kept.watchers]
        events = 0
        for number, kept in enumerate(reversed(idle)):  # the latest first
            events += len(kept.records)
            if (number >= IDLE_ROOMS or events > IDLE_EVENTS) and kept is not room:
                self.drop(kept.call)
                self._dropped(kept.call)
        return room

    def drop(self, call: str) -> None:
        """Let go of the room of ``call``, if it is here."""
        self._rooms.pop(call, None)
