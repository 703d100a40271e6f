"""More speech than the decoder can take: what is refused, held back and thinned out, and that nothing is lost.

Time is the calls' own: an engine takes as much of it as it is told to, so nothing here depends on the machine.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from asr import Decoder, Final, Hypothesis, RecognizerSettings, Recording, Window, load, transcribe
from assist.decide import Vocabulary
from assist.ingest import TOO_MANY, Fail, Open
from assist.line import Line
from assist.messages.audio import AudioStart
from assist.messages.events import CallEnded, TranscriptFinal
from assist.store import AudioFormat
from assist.switchboard import MOST_LAG, Services, Switchboard
from assist.writer import Store
from extractors.turn import Speaker
from tests.assist.listener import Listener
from tests.assist.scripted import ScriptedEngine

SHARE = 0.5  # seconds that a second of a window takes: finals of two channels that never pause fill one worker
CAPACITY = 2  # such channels
TICK = 0.2  # seconds
RATE = 8_000
NOTHING = Vocabulary(frozenset(), frozenset(), frozenset(), lambda code: None)
NOW = datetime.fromisoformat("2026-03-02T10:15:00+08:00")


class Clock:
    """Time that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = 0.0
        self._until: float | None = None
        self._moved = threading.Condition()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Of one thread."""
        with self._moved:
            self._until = self.now + seconds
            self._moved.wait_for(lambda: self._until is not None and self.now >= self._until)
            self._until = None

    @property
    def sleeping(self) -> bool:
        """Whether the thread has to sleep on."""
        with self._moved:
            return self._until is not None and self.now < self._until

    def move(self, seconds: float) -> None:
        with self._moved:
            self.now += seconds
            self._moved.notify_all()


class Slow(ScriptedEngine):
    """Takes `SHARE` of the length of what it decodes."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.interims = 0

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        self.interims += sum(not window.final for window in windows)
        self.clock.sleep(SHARE * sum(window.seconds for window in windows))
        return super().decode(windows)


class Caller:
    """Plays the same recording again and again, each time as a new call; one that is refused calls again later.

    ``hold``: seconds that recognition may be behind before the server reads no more.
    """

    def __init__(self, number: int, audio: bytes, hold: float) -> None:
        self.name = f"line-{number}"
        self.audio = audio
        self.hold = hold
        self.calls: list[str] = []
        self.refused: list[Fail] = []
        self.closed: list[Fail] = []
        self.line: Line | None = None
        self.held = 0  # times the server did not read
        self.again = 0.0
        self.sent = 0
        self.stopping: list[asyncio.Task[None]] = []

    async def step(self, switchboard: Switchboard, now: float, *, new: bool) -> None:
        if self.line is None:
            if not new or now < self.again:
                return
            await self.call(switchboard, now)
            if self.line is None:
                return
        if self.line.session.behind > self.hold:
            self.held += 1
            return
        piece = round(TICK * RATE) * 2
        self.line.write(self.audio[self.sent : self.sent + piece])
        self.sent += piece
        if self.sent >= len(self.audio):
            self.stopping.append(asyncio.create_task(self.line.stop("stopped")))
            self.line = None

    async def call(self, switchboard: Switchboard, now: float) -> None:
        start = AudioStart(format="pcm_s16le", sample_rate=RATE, channels=1, roles=[Speaker.CITIZEN], started_at=NOW)
        name = f"{self.name}-{len(self.calls)}"
        answer = await switchboard.connect(
            name, Open(start, AudioFormat("pcm_s16le", RATE, (Speaker.CITIZEN,))), self.evict
        )
        if isinstance(answer, Fail):
            self.refused.append(answer)
            self.again = now + 1
        else:
            self.line, self.sent = answer, 0
            self.calls.append(name)

    async def evict(self, failed: Fail) -> None:
        self.closed.append(failed)


class Day:
    """Callers at a switchboard whose decoder is too slow for them."""

    def __init__(self, switchboard: Switchboard, decoder: Decoder, engine: Slow, callers: list[Caller]) -> None:
        self.switchboard, self.decoder, self.engine, self.callers = switchboard, decoder, engine, callers
        self.lag = 0.0  # the longest that finals waited for the decoder
        self.behind = 0.0  # the most audio of a call that was not text yet

    async def pass_by(self, seconds: float) -> None:
        """``seconds`` in which callers call, and what it takes until all calls are over."""
        clock = self.engine.clock
        while clock.now < seconds or any(caller.line for caller in self.callers) or self.switchboard.live:
            for caller in self.callers:
                await caller.step(self.switchboard, clock.now, new=clock.now < seconds)
            await self._settle()
            self.lag = max(self.lag, self.decoder.lag)
            lines = self.switchboard._lines.values()
            self.behind = max([self.behind, *(line.session.behind for line in lines)])
            clock.move(TICK)
        for caller in self.callers:
            await asyncio.gather(*caller.stopping)

    async def _settle(self) -> None:
        """Returns when nothing can happen before time moves on."""
        async with asyncio.timeout(30):
            while not (self._heard() and self._decoded() and self._told()):  # noqa: ASYNC110 - of threads and tasks
                await asyncio.sleep(0.0005)

    def _heard(self) -> bool:
        sessions = [line.session for line in self.switchboard._lines.values()]
        return all(session._source.frames - session._heard < 2 * session._block for session in sessions)

    def _decoded(self) -> bool:
        decoder = self.decoder
        with decoder._changed:
            if decoder._working:
                return self.engine.clock.sleeping
            if decoder._first() is None:
                return True
            decoder._changed.notify_all()  # what waited for its budget may be decoded by now
            return False

    def _told(self) -> bool:
        for session in (line.session for line in self.switchboard._lines.values()):
            if not session._waiting:
                if session.reason is not None:
                    return False
            elif self.decoder._by_window[session._waiting[0].window].window is None:
                return False
        return True


@pytest.fixture(scope="module")
def speech(samples: Path) -> Recording:
    """A caller who says four things of three seconds, and hardly pauses between them."""
    call = load(samples / "dev-009.flac")
    said = [call.samples[round(start * RATE) : round((start + 3) * RATE), 1:] for start in (25.5, 28.5, 31.5, 34.5)]
    pause = np.zeros((round(0.7 * RATE), 1), np.float32)
    return Recording(np.concatenate([part for one in said for part in (one, pause)]), call.sample_rate)


@asynccontextmanager
async def day(speech: Recording, folder: Path, callers: int, hold: float, max_speaking: int) -> AsyncIterator[Day]:
    clock = Clock()
    engine = Slow(clock)
    audio = (speech.samples * 32_767).astype("<i2").tobytes()
    store = Store(folder)
    with ThreadPoolExecutor(1) as executor, Decoder(engine, clock=clock) as decoder:
        services = Services(
            store=store,
            decoder=decoder,
            recognition=RecognizerSettings(),
            understand=lambda started: Listener(),
            vocabulary=NOTHING,
            executor=executor,
            beside=executor,
            model=engine.name,
            catalogue="",
            now=lambda: NOW,
            max_speaking=max_speaking,
        )
        switchboard = Switchboard(services)
        await switchboard.start()
        try:
            yield Day(switchboard, decoder, engine, [Caller(number, audio, hold) for number in range(callers)])
        finally:
            await switchboard.close()
            store.close()


async def complete(overload: Day, speech: Recording) -> bool:
    """Whether every call that was taken came to its end and has each of its finals, once and in order."""
    due = [event.text for event in transcribe(speech, ScriptedEngine()) if isinstance(event, Final)]
    for call in (call for caller in overload.callers for call in caller.calls):
        events = [record.event for record in await overload.switchboard.services.store.events(call)]
        finals = [event for event in events if isinstance(event, TranscriptFinal)]
        ended = events[-1]
        if not isinstance(ended, CallEnded) or ended.reason != "stopped" or [one.text for one in finals] != due:
            return False
        if [one.utterance for one in finals] != list(range(len(due))):
            return False
    return len(due) >= 4


def unhurried(speech: Recording) -> int:
    """Interim windows of a call that is heard by a decoder that is never busy."""

    class Counting(ScriptedEngine):
        interims = 0

        def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
            self.interims += sum(not window.final for window in windows)
            return super().decode(windows)

    engine = Counting()
    assert list(transcribe(speech, engine, partials=True))
    return engine.interims


async def test_at_twice_the_capacity_new_calls_are_refused_and_those_taken_get_every_final_soon(
    speech: Recording, tmp_path: Path
) -> None:
    async with day(speech, tmp_path, callers=5, hold=20.0, max_speaking=CAPACITY) as overload:
        await overload.pass_by(40.0)
        assert await complete(overload, speech)
    callers = overload.callers
    refused = [failed for caller in callers for failed in caller.refused]
    taken = sum(len(caller.calls) for caller in callers)
    assert {failed.close for failed in refused} == {TOO_MANY}
    assert {failed.code for failed in refused} <= {"too_much_speech", "falling_behind"}
    assert all("请稍后再" in failed.message for failed in refused)
    assert taken >= 2 * CAPACITY
    assert not any(caller.closed or caller.held for caller in callers)
    assert overload.lag < 3 * MOST_LAG
    assert overload.engine.interims < taken * unhurried(speech) / 3


async def test_calls_taken_beyond_the_capacity_are_held_back_and_lose_nothing_but_interim_text(
    speech: Recording, tmp_path: Path
) -> None:
    long = Recording(np.concatenate([speech.samples] * 2), speech.sample_rate)
    hold = 4.0
    async with day(long, tmp_path, callers=6, hold=hold, max_speaking=99) as overload:
        await overload.pass_by(TICK)
        assert await complete(overload, long)
    assert all(len(caller.calls) == 1 and caller.held and not caller.closed for caller in overload.callers)
    assert overload.behind <= hold + TICK + 0.04
    assert overload.engine.interims < 6 * unhurried(long) / 3
