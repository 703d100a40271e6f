"""The understandings of the calls in memory: made when first needed, let go when nobody hears the call any more.

A call that is over is read as a whole on the way out (`assist.mind`), beside the calls that go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from assist.logs import log_fault
from assist.mind import Mind
from assist.room import Room
from assist.tally import Tally

MOST_READ = 32  # calls that are over and wait to be read as a whole; further ones stay as they are
_log = logging.getLogger(__name__)


class Minds:
    """``make`` gives the understanding of a room. Calls are read as a whole where ``reads``; ``changed`` is called with
    each room whose log has changed thereby. Use `stop` once at the end.
    """

    def __init__(
        self, make: Callable[[Room], Mind], *, reads: bool, tally: Tally, changed: Callable[[Room], None]
    ) -> None:
        self._make = make
        self._reads = reads
        self._tally = tally
        self._changed = changed
        self._minds: dict[str, Mind] = {}
        self._concluding: set[asyncio.Task[None]] = set()

    @property
    def reading(self) -> int:
        """Calls that are over and being read as a whole, or wait for it."""
        return len(self._concluding)

    def of(self, room: Room) -> Mind:
        """The understanding of ``room``."""
        if room.call not in self._minds:
            self._minds[room.call] = self._make(room)
        return self._minds[room.call]

    def forget(self, call: str) -> None:
        """Let the understanding of ``call`` go; it is made anew if need be."""
        self._minds.pop(call, None)

    def leave(self, room: Room) -> None:
        """Nobody hears the call any more: read it as a whole if it is over."""
        if self._to_be_read(room):
            room.watchers.add(_sees_nothing)  # so that the room is kept
            task = asyncio.create_task(self._conclude(room))
            self._concluding.add(task)
            task.add_done_callback(self._concluding.discard)
        else:
            self.forget(room.call)  # it knows every turn in every state of it; made anew if the agent goes on

    def stop(self) -> list[asyncio.Task[None]]:
        """Read no call any more; the readings that end now."""
        self._reads = False
        for reading in self._concluding:
            reading.cancel()
        return list(self._concluding)

    def _to_be_read(self, room: Room) -> bool:
        """Whether a call is to be read as a whole; one that is not since too many wait is counted."""
        if room.state.ended is None or not self._reads:
            return False
        free = self.reading < MOST_READ
        self._tally.not_read += not free
        return free

    async def _conclude(self, room: Room) -> None:
        """Read a call that is over as a whole."""
        seq = room.state.seq
        try:
            await self.of(room).think(room.records[-1].at)
        except Exception as error:
            log_fault(_log, f"call {room.call} could not be read as a whole", error)
        finally:
            room.watchers.discard(_sees_nothing)
            self.forget(room.call)
        if room.state.seq != seq:
            self._changed(room)


def _sees_nothing() -> None:
    """Watches a room so that it is kept."""
