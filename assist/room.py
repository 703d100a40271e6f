"""One call inside the running server: its log in memory, its state, what is provisional, and who watches.

Desks do not get queues; they are told that something is new and read the log from where they are (`assist.desk`). So a
slow desk costs nothing and misses nothing. Every change goes through `commit` or `command`: stored first, then seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from assist.call import CallState, apply, fold
from assist.decide import Already, Refusal, Vocabulary, decide
from assist.facts import Facts, facts
from assist.log import Record
from assist.messages.calls import DeskSummary, RaisedAlert
from assist.messages.desk import DeskFeed, DeskLag, DeskPartial, DeskProvisional, DeskReading
from assist.messages.events import Event
from assist.messages.page import Command
from extractors.slots.page import RecordLine
from extractors.turn import Speaker

T = TypeVar("T")


class Log(Protocol):
    """Where a room's events are kept (`assist.writer.Store`, or memory for a replay)."""

    async def append(self, call: str, events: Sequence[tuple[float, Event]], known: Facts) -> list[Record]:
        """Add events, and what a list tells of the call with them; returns when they are safe."""


class Room:
    """One call. ``records`` is its whole log; ``length()`` gives the seconds of audio received so far."""

    def __init__(self, call: str, log: Log, records: Sequence[Record], length: Callable[[], float]) -> None:
        self.call = call
        self.length = length
        self.records: list[Record] = list(records)
        self.state: CallState = fold(call, records)
        self.interim: dict[Speaker, DeskPartial] = {}
        self.provisional: DeskProvisional | None = None
        self.lag: DeskLag | None = None
        self.reading: DeskReading | None = None
        self.feed: DeskFeed | None = None
        self.lines: Mapping[str, RecordLine] | None = None  # what the scribe wrote, once the call is over and read
        self.watchers: set[Callable[[], None]] = set()
        self._log = log
        self._lock = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def seconds(self) -> float:
        """Length of the call's audio."""
        return self.length() if self.state.ended is None else self.state.ended.seconds

    @property
    def summary(self) -> DeskSummary:
        """The call's line in a list."""
        return DeskSummary(
            call=self.call,
            started_at=self.state.started_at,
            status=self.state.status,
            seconds=round(self.seconds, 2),
            last_seq=self.state.seq,
            raised=[RaisedAlert(kind=alert.kind, text=alert.text) for alert in self.state.alerts],
        )

    async def commit(self, events: Sequence[tuple[float, Event]]) -> list[Record]:
        """Store ``(at, event)`` pairs, then let them be seen. Raises ``StoreError``; then nothing happened."""
        return await self._to_the_end(self._commit(lambda _: events))

    async def command(self, command: Command, vocabulary: Vocabulary) -> Record | Already | Refusal:
        """Carry out an agent's command, once however often it comes. Raises ``StoreError``; then nothing happened."""
        answer: list[Already | Refusal] = []

        def events(state: CallState) -> Sequence[tuple[float, Event]]:
            decision = decide(state, command, vocabulary)
            if isinstance(decision, Already | Refusal):
                answer.append(decision)
                return ()
            return ((round(self.seconds, 3), decision),)

        records = await self._to_the_end(self._commit(events))
        return records[0] if records else answer[0]

    def fed(self, connected: bool) -> None:
        """Audio of the call comes, as is taken for granted at first, or none does (`DeskFeed`)."""
        if connected != (self.feed is None or self.feed.connected):
            self.show(DeskFeed(call=self.call, connected=connected))

    def show(self, message: DeskPartial | DeskProvisional | DeskLag | DeskReading | DeskFeed) -> None:
        """Replace what is provisional."""
        match message:
            case DeskPartial():
                self.interim[message.speaker] = message
            case DeskProvisional():
                self.provisional = message
            case DeskLag():
                self.lag = message
            case DeskReading():
                self.reading = message
            case DeskFeed():
                self.feed = message
        self._notify()

    async def _commit(self, events: Callable[[CallState], Sequence[tuple[float, Event]]]) -> list[Record]:
        async with self._lock:
            wanted = events(self.state)
            if not wanted:
                return []
            after = self.state
            for seq, (at, event) in enumerate(wanted, after.seq + 1):
                after = apply(after, Record(self.call, seq, at, event, ""))
            self.records.extend(await self._log.append(self.call, wanted, facts(after)))
            new, self.state = self.records[self.state.seq :], after
            self._withhold_touched()
        self._notify()
        return new

    def _withhold_touched(self) -> None:
        shown = self.provisional
        if shown is not None and not shown.slots.keys().isdisjoint(self.state.human):
            slots = {name: value for name, value in shown.slots.items() if name not in self.state.human}
            self.provisional = shown.model_copy(update={"slots": slots})

    async def _to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        # What is in the store must be in the state, also when the one who asked has gone away meanwhile.
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    def _notify(self) -> None:
        for watcher in tuple(self.watchers):
            watcher()
