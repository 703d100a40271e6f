"""What understanding makes of a call, kept in step with its log.

After every final, and when the agent chooses another template, the whole call is understood anew, off the event loop,
and the difference to what the log says is committed. So the log follows from the finals and the agent's choices alone.
Once the call is over it is read as a whole, too (`extractors.slots.scribe`), which takes seconds.
Where understanding fails, the ticket stays as it was and the call goes on; the next final is another try.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from asr.repair import heard_in_place
from assist.changes import changes, provisional, rounded
from assist.decide import Vocabulary
from assist.messages.desk import DeskProvisional, DeskReading
from assist.messages.events import TranscriptFinal
from assist.room import Room
from extractors.slots.page import RecordLine
from extractors.ticket import Ticket
from extractors.turn import Turn

_log = logging.getLogger(__name__)


class Understands(Protocol):
    """Turns in, ticket out (`extractors.understanding.Understanding`). Called from one thread at a time."""

    def ticket(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None = None,
        held: str | None = None,
        lines: Mapping[str, RecordLine] | None = None,
    ) -> Ticket:
        """All that is known after ``turns``; ``held`` is the template shown first so far."""

    def lines(self, turns: Sequence[Turn]) -> Mapping[str, RecordLine]:
        """The lines of the ticket of a call that is over, on its ``turns``. Takes seconds."""


class Mind:
    """The understanding of one room; ``executor`` does the work, ``beside`` reads calls that are over; None: nobody."""

    def __init__(
        self,
        room: Room,
        understanding: Understands,
        executor: Executor,
        vocabulary: Vocabulary,
        beside: Executor | None = None,
    ) -> None:
        self._beside = beside
        self._running: asyncio.Future[Ticket] | None = None
        self._room = room
        self._vocabulary = vocabulary
        self._understanding = understanding
        self._executor = executor
        self._lock = asyncio.Lock()
        self._turns: list[Turn] = []

    async def think(self, at: float) -> None:
        """Bring the machine's side of the ticket up to date, as of ``at`` seconds. A filed ticket stays as it is."""
        async with self._lock:
            if self._room.state.filed is not None:
                return
            with self._reading_shown():
                try:
                    ticket = await self._understand(())
                    events = changes(self._room.state, ticket)
                except Exception as error:
                    self._tell(error)
                    return
                if events and self._room.state.filed is None:
                    await self._room.commit([(at, event) for event in events])

    async def think_ahead(self, interim: Sequence[Turn]) -> DeskProvisional | None:
        """What the interim turns would change; None when finals came meanwhile, the ticket is filed or it fails."""
        async with self._lock:
            finals = len(self._room.state.turns)
            if self._room.state.filed is not None:
                return None
            try:
                ticket = await self._understand(interim)
                if len(self._room.state.turns) != finals or self._room.state.filed is not None:
                    return None
                return provisional(self._room.state, ticket)
            except Exception as error:
                self._tell(error)
                return None

    async def _understand(self, interim: Sequence[Turn]) -> Ticket:
        state = self._room.state
        self._turns += [_turn(final) for final in state.turns[len(self._turns) :]]
        # A call may be older than its catalogue: a template that is gone guides no longer.
        chosen = state.chosen.code if state.chosen and self._vocabulary.template(state.chosen.code) else None
        held = state.templates[0].code if state.templates else None
        loop = asyncio.get_running_loop()
        turns = (*self._turns, *interim)
        if self._running is not None and not self._running.done():
            await asyncio.wait({self._running})  # its thread goes on with the same understanding, though nobody waits
        lines = await self._read(turns)
        self._running = loop.run_in_executor(self._executor, self._ticket, turns, chosen, held, lines)
        return await asyncio.shield(self._running)

    @property
    def _to_be_read(self) -> bool:
        """Whether the call is over and was not read yet, though somebody reads."""
        return self._room.state.ended is not None and self._beside is not None and self._room.lines is None

    @contextmanager
    def _reading_shown(self) -> Iterator[None]:
        """Desks are told while the call is read, until what comes of that is there."""
        if not self._to_be_read:
            yield
            return
        self._room.show(DeskReading(call=self._room.call, reading=True))
        try:
            yield
        finally:
            self._room.show(DeskReading(call=self._room.call, reading=False))

    async def _read(self, turns: Sequence[Turn]) -> Mapping[str, RecordLine]:
        """The lines of a call that is over, once read; none where nobody reads or reading fails."""
        room = self._room
        if self._to_be_read:
            try:
                loop = asyncio.get_running_loop()
                room.lines = await loop.run_in_executor(self._beside, self._understanding.lines, turns)
            except Exception as error:
                self._tell(error)
                room.lines = {}
        return room.lines or {}

    def _tell(self, error: Exception) -> None:
        """What failed and where. Not the exception's text: it may hold what a caller said."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno} ({place.name})"
        _log.error("call %s could not be understood: %s at %s", self._room.call, type(error).__name__, where)

    def _ticket(
        self, turns: Sequence[Turn], chosen: str | None, held: str | None, lines: Mapping[str, RecordLine]
    ) -> Ticket:
        return rounded(self._understanding.ticket(turns, chosen, held, lines))


def _turn(final: TranscriptFinal) -> Turn:
    times = tuple(final.times)
    return Turn(
        final.turn,
        final.speaker,
        final.text,
        final.start,
        final.end,
        times,
        final.language,
        tuple(final.readings),
        heard=heard_in_place(final.text, final.repairs),
    )
