"""Calls in real time, many at once: fed over the audio websocket as telephone lines would, watched as desks would.

A *line* plays calls one after the other; all lines play at once, their starts spread over a few seconds. A frame of
audio leaves when its last sample has been spoken. Each call has a desk connection of its own, like the agent who takes
it, which stays while the call that is over is read as a whole. This process sleeps between frames; how late it woke is
told beside the figures.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from asr.audio import Recording
from asr.utterance import UtteranceSettings
from assist.bench.accounting import Account, Key, account
from assist.bench.manifest import ROLES, Item, Spoken
from assist.bench.own_server import OwnServer
from assist.bench.played import Told
from assist.bench.process import busy_seconds
from assist.bench.timing import CallTiming, Timings
from assist.feed import FeedError, FeedOptions, desk_url, feed_recording
from extractors.turn import Speaker

_TOO_MANY = 4429  # close code of a refused call
_DESK_PATIENCE = 10.0  # seconds a desk waits for the end of a call whose feeder was told it is stored
_READING_SHOWN = 2.0  # seconds until a desk is told that a call is being read; it is not where nothing is told by then
_READ_PATIENCE = 120.0  # seconds a desk then waits for the ticket
_HEARTBEAT = 0.05  # seconds


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """What a line plays as one call: sound, script, and the finals that are due for it.

    ``said`` is what finals are compared with, of a recording that is not ``whole`` the turns that are over; None where
    that is not known.
    """

    recording: Recording
    spoken: tuple[Spoken, ...]
    speech_seconds: float
    due: Mapping[Key, str]
    said: Item | None = None
    whole: bool = True


@dataclass(slots=True)
class Live:
    """What came of a measurement. ``cpu`` are processor seconds of the server; memory is its own too, MB."""

    lines: int
    timings: Timings = field(default_factory=Timings)
    account: Account = field(default_factory=Account)
    calls: int = 0  # heard to the end
    told: list[tuple[Item, list[Told], bool]] = field(default_factory=list)  # of those: said, finals, whether whole
    refused: int = 0
    failed: list[str] = field(default_factory=list)  # what the server or the connection said
    speech_seconds: float = 0.0  # in calls heard to the end
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    feeder_cpu_seconds: float = 0.0
    busy_seconds: float = 0.0  # processor seconds of all programs
    feeder_late: list[float] = field(default_factory=list)  # seconds a timer of this process came late
    memory_mb: float = 0.0
    peak_memory_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """``tick``: seconds of audio a frame; ``speed``: seconds of audio a second; ``ramp``: seconds over which the lines
    begin; ``limit``: seconds until it is broken off.
    """

    tick: float = 0.1
    speed: float = 1.0
    ramp: float = 5.0
    limit: float | None = None


async def play(
    lines: Sequence[Iterable[Clip]],
    server: OwnServer,
    utterance: UtteranceSettings,
    pace: Pace | None = None,
    done: Callable[[], None] = lambda: None,
) -> Live:
    """Play ``lines`` into ``server``; ``done`` is called after each call. Calls not over at the limit are lost."""
    pace = pace or Pace()
    result = Live(len(lines))
    player = _Player(server, utterance, pace, result, done)
    wall, cpu, own, busy = time.perf_counter(), server.process.cpu_seconds(), time.process_time(), busy_seconds()
    heart = asyncio.create_task(_heartbeat(result.feeder_late))
    try:
        async with asyncio.timeout(pace.limit):
            async with asyncio.TaskGroup() as tasks:
                for number, clips in enumerate(lines):
                    tasks.create_task(player.line(number, clips, tasks))
    except TimeoutError:
        result.failed.append(f"not over after {pace.limit:.0f} s")
    finally:
        heart.cancel()
    result.wall_seconds = time.perf_counter() - wall
    result.cpu_seconds = server.process.cpu_seconds() - cpu
    result.feeder_cpu_seconds = time.process_time() - own
    result.busy_seconds = busy_seconds() - busy
    result.memory_mb, result.peak_memory_mb = server.process.memory_mb(), server.process.peak_memory_mb()
    return result


class _Player:
    """What all lines share."""

    def __init__(
        self, server: OwnServer, utterance: UtteranceSettings, pace: Pace, result: Live, done: Callable[[], None]
    ) -> None:
        self._server = server
        self._utterance = utterance
        self._pace = pace
        self._result = result
        self._done = done
        self._run = time.time_ns()

    async def line(self, number: int, clips: Iterable[Clip], tasks: asyncio.TaskGroup) -> None:
        """Play ``clips`` one after the other, each when the one before is over, read or not."""
        await asyncio.sleep(number * self._pace.ramp / self._result.lines / self._pace.speed)
        for place, clip in enumerate(clips):
            over = asyncio.Event()
            tasks.create_task(self._call(f"bench-{self._run}-{number}-{place}", clip, over))
            await over.wait()
            self._done()

    async def _call(self, call: str, clip: Clip, over: asyncio.Event) -> None:
        result = self._result
        timing = CallTiming(clip.spoken, clip.recording.seconds, self._utterance)
        refused = False
        try:
            await self._hear(call, clip, timing, over)
        except FeedError as error:
            refused = error.close_code == _TOO_MANY
            result.refused += refused
            if not refused:
                result.failed.append(str(error))
        except TimeoutError:
            result.failed.append(f"{call}: the desk did not see the end of the call")
        except (ConnectionClosed, OSError) as error:
            result.failed.append(f"{call}: the desk connection broke: {error}")
        finally:
            if not refused:
                self._count(timing, clip)
        if refused:
            await asyncio.sleep(clip.recording.seconds / self._pace.speed)  # the line stays empty
        over.set()

    async def _hear(self, call: str, clip: Clip, timing: CallTiming, over: asyncio.Event) -> None:
        pace, address = self._pace, self._server.address
        roles = ROLES if clip.recording.channels == 2 else (Speaker.CITIZEN,)
        options = FeedOptions(roles=roles, speed=pace.speed, tick=pace.tick, attempts=3)
        async with connect(desk_url(address), ping_timeout=None, compression=None, max_size=None) as desk:
            started = asyncio.Event()

            def on_start() -> None:
                if not started.is_set():
                    # the first frame leaves now: when its last sample has been spoken
                    timing.begin(time.perf_counter() - pace.tick / pace.speed)
                    started.set()

            watching = asyncio.create_task(_watch(desk, call, started, timing))
            try:
                await feed_recording(clip.recording, address, call, options, on_start=on_start)
                await asyncio.wait_for(watching, _DESK_PATIENCE)
            finally:
                watching.cancel()
            over.set()
            await _see_read(desk, timing)

    def _count(self, timing: CallTiming, clip: Clip) -> None:
        result = self._result
        result.timings += timing.timings
        result.account += account(clip.due, ((final.key, final.text) for final in timing.finals))
        if timing.ended:
            result.calls += 1
            result.speech_seconds += clip.speech_seconds
            if clip.said is not None:
                result.told.append((clip.said, timing.finals, clip.whole))


async def _watch(desk: ClientConnection, call: str, started: asyncio.Event, timing: CallTiming) -> None:
    await started.wait()
    await desk.send(json.dumps({"type": "subscribe", "call": call, "after": 0}))
    async for text in desk:
        arrived = time.perf_counter()
        message: dict[str, Any] = json.loads(text)
        if message["type"] in ("event", "partial", "provisional"):
            timing.message(arrived, message)
            if timing.ended:
                return


async def _see_read(desk: ClientConnection, timing: CallTiming) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_READING_SHOWN) as patience:
            async for text in desk:
                arrived = time.perf_counter()
                message: dict[str, Any] = json.loads(text)
                if message["type"] == "reading":
                    timing.message(arrived, message)
                    if not message["reading"]:
                        return
                    patience.reschedule(asyncio.get_running_loop().time() + _READ_PATIENCE)


async def _heartbeat(late: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + _HEARTBEAT
        await asyncio.sleep(_HEARTBEAT)
        late.append(loop.time() - due)
