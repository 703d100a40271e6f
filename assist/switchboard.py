"""All calls of the running server: opens, resumes and ends them, carries out commands.

A call whose feeder has gone waits ``resume_seconds`` for it to come back, then ends as lost. A call whose session
failed (disk full) or whose server died is heard again from its recording when the feeder resumes, or when the time is
over; where that fails again and again it ends as lost with what its log holds (`assist.returns`).
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asr.recognizer import RecognizerSettings
from assist.calls_list import CallsList
from assist.calls_query import CallsQuery
from assist.decide import Already, Refusal, Vocabulary
from assist.ingest import CONFLICT, TOO_MANY, Fail, Open, check_resume
from assist.line import Evict, Line, interrupted
from assist.log import Record
from assist.logs import log_fault
from assist.messages.audio import AudioStart
from assist.messages.calls import DeskSummary, FoundCalls, ListedCall
from assist.messages.events import CallEnded, CallStarted
from assist.messages.page import Command
from assist.mind import Mind, Understands
from assist.minds import Minds
from assist.recording import Recording
from assist.returns import MOST_FAULTS, Returns
from assist.room import Room
from assist.rooms import Rooms
from assist.session import Decodes, Reason, Session
from assist.store import AudioFormat, StoredCall, StoreError
from assist.tally import Tally
from assist.writer import Store

MOST_LAG = 2.0  # seconds a final may wait before no new call is taken
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What calls are heard and understood with. ``understand`` makes the understanding of a new call; ``now`` is the
    clock. No new call is taken while ``max_calls`` are live, ``max_speaking`` channels have someone speaking on them (a
    call that begins or pauses counts as one, `Session.load`) or finals wait longer than `MOST_LAG`; a call that was
    taken before may be resumed all the same.
    """

    store: Store
    decoder: Decodes
    recognition: RecognizerSettings
    understand: Callable[[CallStarted], Understands]
    vocabulary: Vocabulary
    executor: Executor
    beside: Executor | None
    model: str
    catalogue: str
    now: Callable[[], datetime]
    max_calls: int = 64
    max_speaking: int = 24
    resume_seconds: float = 60.0


class Switchboard:
    """The calls. Use `start` once and `close` at the end."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.list = CallsList()
        self.tally = Tally()
        self._lines: dict[str, Line] = {}
        reads = services.beside is not None
        self._minds = Minds(self._mind, reads=reads, tally=self.tally, changed=self._list_anew)
        self._rooms = Rooms(self._lines.__contains__, dropped=self._minds.forget)
        self._returns = Returns(services.resume_seconds, lambda call: self._spawn(self._give_up(call)))
        self._opening = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def live(self) -> int:
        """Calls being heard."""
        return len(self._lines)

    @property
    def speaking(self) -> int:
        """Channels of all calls on which someone speaks now."""
        return sum(line.session.speaking for line in self._lines.values())

    @property
    def reading(self) -> int:
        """Calls that are over and being read as a whole, or wait for it."""
        return self._minds.reading

    @property
    def finals(self) -> int:
        """Final texts stored since the start."""
        return self.tally.finals + sum(line.session.finals for line in self._lines.values())

    async def start(self) -> None:
        """Read the list of calls; those that a dead server left unfinished may be resumed from now on."""
        calls = await self.services.store.calls()
        self.list = CallsList([self._summary(call) for call in reversed(calls)])
        for call in await self.services.store.unfinished():
            self._expect_return(call.summary.call)

    async def close(self) -> None:
        """Stop hearing; calls stay resumable."""
        self._closing = True
        self._returns.close()
        for line in list(self._lines.values()):
            if line.task is not None:
                line.task.cancel()
        readings = self._minds.stop()
        tasks = [line.task for line in self._lines.values() if line.task is not None]
        for task in [*tasks, *self._tasks, *readings]:
            with suppress(asyncio.CancelledError, Exception):
                await task

    # ── rooms and commands ───────────────────────────────────────────────────────────────────────────────────────

    async def room(self, call: str) -> Room | None:
        """The room of a call, read from the store if need be; None if there is no such call (any more)."""
        async with self._opening:
            return await self._room(call)

    async def delete(self, call: str) -> None:
        """Delete a call that has ended, for good. Raises ``StoreError``, `NotEndedError`."""
        async with self._opening:
            await self.services.store.delete(call)
            self._forget(call)

    async def forget_deleted(self) -> None:
        """Forget calls that another program deleted from the store."""
        async with self._opening:
            for call in {summary.call for summary in self.list.newest()} | set(self._rooms.calls):
                if call not in self._lines and await self.services.store.call(call) is None:
                    self._forget(call)

    def _forget(self, call: str) -> None:
        self._rooms.drop(call)
        self._minds.forget(call)
        self.list.remove(call)

    def newest(self) -> list[DeskSummary]:
        """The list of calls, newest first, with the length of live ones as it is now."""
        return [
            self._lines[summary.call].room.summary if summary.call in self._lines else summary
            for summary in self.list.newest()
        ]

    async def find(self, query: CallsQuery, limit: int) -> FoundCalls:
        """The first ``limit`` calls that ``query`` asks for. Raises ``StoreError``."""
        store = self.services.store
        unread = await store.count_undescribed()  # first: what is read meanwhile may be missed, not be told as read
        found, after = await store.find(query, limit)
        listed = [self._listed(call) for call in found]
        return FoundCalls(calls=listed, next=None if after is None else str(after), unread=unread)

    def _listed(self, stored: StoredCall) -> ListedCall:
        call = stored.summary.call
        summary = self._lines[call].room.summary if call in self._lines else self._summary(stored)
        return ListedCall(**summary.model_dump(exclude={"raised"}), **dataclasses.asdict(stored.facts))

    async def recording(self, call: str) -> tuple[Path, AudioFormat] | None:
        """Where a call's recording lies; None if there is no such call."""
        stored = await self.services.store.call(call)
        return None if stored is None else (self.services.store.folder.recording(call), stored.audio)

    async def _room(self, call: str) -> Room | None:
        if call in self._lines:
            return self._lines[call].room
        stored = await self.services.store.call(call)
        if stored is None:
            self._forget(call)
            return None
        kept = self._rooms.get(call)
        if kept is not None:
            return kept
        records = await self.services.store.events(call)
        if not records:  # another program deleted the call just now
            return None
        room = Room(call, self.services.store, records, lambda: self._length(stored))
        if not stored.ended:
            room.fed(False)
        return self._rooms.keep(room)

    async def command(self, room: Room, command: Command) -> Record | Already | Refusal:
        """Carry out an agent's command. Raises ``StoreError``."""
        chosen = room.state.chosen
        answer = await room.command(command, self.services.vocabulary)
        if isinstance(answer, Record):
            if room.state.chosen != chosen:
                self._spawn(self._minds.of(room).think(answer.at))
            if room.state.filed is not None:
                self.list.put(room.summary)
        return answer

    def _mind(self, room: Room) -> Mind:
        assert room.state.started is not None
        services = self.services
        understanding = services.understand(room.state.started)
        return Mind(room, understanding, services.executor, services.vocabulary, services.beside)

    def _list_anew(self, room: Room) -> None:
        """The log of a call has changed after its end."""
        if self._rooms.get(room.call) is room:
            self.list.put(room.summary)

    # ── audio ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def connect(self, call: str, action: Open, evict: Evict) -> Line | Fail:
        """Open or resume a call for a feeder; ``evict`` is called if another one takes it over. Raises
        ``StoreError``.
        """
        async with self._opening:
            line = self._lines.get(call)
            if line is None:
                opened = await self._open(call, action)
                if isinstance(opened, Fail):
                    return opened
                line = opened
            elif failed := check_resume(line.recording.audio, action.audio):
                return failed
            elif line.session.reason is not None:
                return _ended(line.session.reason)
            self._returns.forget(call)
            previous, line.evict = line.evict, evict
            line.room.fed(True)
        if previous is not None:
            await previous(Fail("taken_over", CONFLICT, "此通话已由新的连接接管。"))
        line.recording.drop_torn()
        return line

    def disconnect(self, line: Line, evict: Evict) -> None:
        """The feeder has gone without a stop."""
        if line.evict == evict:
            line.evict = None
            if self._lines.get(line.room.call) is line:
                self._expect_return(line.room.call)

    async def _open(self, call: str, action: Open) -> Line | Fail:
        stored = await self.services.store.call(call)
        if stored is not None:
            if stored.ended:
                room = await self._room(call)
                return _ended(room.state.ended.reason if room is not None and room.state.ended is not None else "lost")
            if failed := check_resume(stored.audio, action.audio):
                return failed
            return await self._revive(stored)
        if refused := self._full():
            self.tally.refused[refused.code] += 1
            return refused
        return await self._create(call, action)

    def _full(self) -> Fail | None:
        """Why no new call can be taken. Those taken before go on, also after a break: what they say is on disk before
        it is text.
        """
        services = self.services
        if len(self._lines) >= services.max_calls:
            return Fail("too_many_calls", TOO_MANY, f"同时进行的通话已达上限（{services.max_calls}），请稍后再接入。")
        if sum(line.session.load for line in self._lines.values()) >= services.max_speaking:
            return Fail(
                "too_much_speech", TOO_MANY, f"同时说话的声道已达上限（{services.max_speaking}），请稍后再接入。"
            )
        if services.decoder.lag > MOST_LAG:
            return Fail("falling_behind", TOO_MANY, "识别已跟不上现有通话，暂不接入新的通话，请稍后再试。")
        return None

    async def _create(self, call: str, action: Open) -> Line:
        started = self._started(action.start)
        recording = Recording(self.services.store.folder.recording(call), action.audio)
        try:
            records = await self.services.store.create(call, action.audio, [(0.0, started)], started.started_at)
        except StoreError:
            recording.close()
            raise
        self.tally.accepted += 1
        room = Room(call, self.services.store, records, lambda: recording.seconds)
        return self._listen(self._rooms.keep(room), recording)

    async def _revive(self, stored: StoredCall) -> Line:
        room = await self._room(stored.summary.call)
        assert room is not None
        recording = Recording(self.services.store.folder.recording(room.call), stored.audio)
        room.length = lambda: recording.seconds
        return self._listen(room, recording)

    def _listen(self, room: Room, recording: Recording) -> Line:
        services = self.services
        session = Session(
            room,
            source=recording,
            mind=self._minds.of(room),
            decoder=services.decoder,
            settings=services.recognition,
            executor=services.executor,
        )
        line = Line(room, recording, session)
        self._lines[room.call] = line
        line.task = asyncio.create_task(self._run(line))
        line.task.add_done_callback(_was_told)
        self.list.put(room.summary)
        return line

    def _tell_alerts(self, room: Room) -> Callable[[], None]:
        """Put the call into the list of every desk anew whenever it raises an alert; what to take off its watchers."""
        raised = len(room.state.alerts)

        def look() -> None:
            nonlocal raised
            if len(room.state.alerts) != raised:
                raised = len(room.state.alerts)
                self.list.put(room.summary)

        room.watchers.add(look)
        return look

    async def _run(self, line: Line) -> None:
        call = line.room.call
        failure: Exception | None = None
        telling = self._tell_alerts(line.room)
        try:
            await line.session.run()
        except Exception as error:
            log_fault(_log, f"call {call} is interrupted", error)
            failure = error
            self.tally.interrupted += 1
            raise
        finally:
            del self._lines[call]
            line.room.watchers.discard(telling)
            self._minds.leave(line.room)
            self.tally.finals += line.session.finals
            seconds = line.recording.seconds
            line.room.length = lambda: seconds
            await line.close()
            if not self._closing:
                self.list.put(line.room.summary)
                if failure is None:
                    self._returns.forget(call)
                else:
                    if line.session.reason == "lost":
                        self._returns.broke(call, failure)
                    self._expect_return(call)
            if failure is not None and line.evict is not None:
                await line.evict(interrupted(failure))

    def _expect_return(self, call: str) -> None:
        """The feeder of ``call`` has gone: whoever sees the call is told, and it is waited for."""
        room = self._rooms.get(call)
        if room is not None:
            room.fed(False)
        self._returns.expect(call)

    async def _give_up(self, call: str) -> None:
        """Nobody came back: hear what is recorded to its end and close the call."""
        try:
            async with self._opening:
                line = await self._left_alone(call)
        except Exception as error:
            log_fault(_log, f"call {call} cannot be ended and stays resumable", error)
            self._returns.broke(call, error)
            self._returns.expect(call)
            return
        if line is not None:
            with suppress(Exception):  # told by `_run`, which waits for the call again
                await line.stop("lost")
                self.tally.lost += 1

    async def _left_alone(self, call: str) -> Line | None:
        """A call that has to be heard to its end, since nobody feeds it; None where nothing is to be heard."""
        line = self._lines.get(call)
        if line is None:
            stored = await self.services.store.call(call)
            if stored is None or stored.ended:
                self._returns.forget(call)
                return None
            if self._returns.hopeless(call):
                await self._end_unheard(call)
                return None
            line = await self._revive(stored)
        elif line.evict is not None or line.session.reason is not None:
            return None
        line.session.finish("lost")
        return line

    async def _end_unheard(self, call: str) -> None:
        """Close a call that cannot be heard, as it is."""
        room = await self._room(call)
        if room is None:
            return
        seconds = round(room.length(), 3)
        await room.commit([(seconds, CallEnded(seconds=seconds, reason="lost"))])
        _log.error(
            "call %s is ended as lost with what its log holds: it failed %d times when it was heard without its feeder "
            "(above); its recording is kept",
            call,
            MOST_FAULTS,
        )
        self._returns.forget(call)
        self.tally.lost += 1
        self._minds.leave(room)
        self.list.put(room.summary)

    # ── small things ─────────────────────────────────────────────────────────────────────────────────────────────

    def _spawn(self, work: Awaitable[None]) -> None:
        async def run() -> None:
            try:
                await work
            except Exception as error:
                log_fault(_log, "what an agent changed was not followed up", error)

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _length(self, stored: StoredCall) -> float:
        if stored.ended:
            return stored.summary.seconds
        path = self.services.store.folder.recording(stored.summary.call)
        size = path.stat().st_size if path.exists() else 0
        return size // stored.audio.frame_bytes / stored.audio.sample_rate

    def _summary(self, stored: StoredCall) -> DeskSummary:
        return DeskSummary(**stored.summary.model_dump() | {"seconds": round(self._length(stored), 2)})

    def _started(self, start: AudioStart) -> CallStarted:
        now = self.services.now()
        return CallStarted(
            started_at=start.started_at.astimezone(now.tzinfo) if start.started_at else now,
            caller_number=start.caller_number,
            agent=start.agent,
            catalogue=self.services.catalogue,
            model=self.services.model,
        )


def _was_told(task: asyncio.Task[None]) -> None:
    """`asyncio` need not tell again what a call failed with, where nobody waits for it."""
    if not task.cancelled():
        task.exception()


def _ended(reason: Reason) -> Fail:
    """``reason`` tells a feeder whose connection broke behind its ``stop`` that nothing is missing."""
    return Fail("call_ended", CONFLICT, "此通话已经结束，不能续传；请使用新的通话编号。", reason)
