"""A microphone as a source of a feeder, and the live call that is made of both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assist.feed import FeedError, call_start, feed_source
from assist.microphone.backlog import Backlog
from assist.microphone.devices import Backend, Device, MicrophoneError, open_device
from assist.microphone.meter import Meter
from assist.store import AudioFormat
from extractors.turn import Speaker

_LOOK = 0.1  # seconds between looks at the device
_DEAD = 3.0  # seconds without audio worth a warning
_PIECE = 0.2  # the most seconds of audio in a message


class Display(Protocol):
    """Where a live call is shown to the person at the microphone."""

    def levels(self, levels: Sequence[float]) -> None:
        """The latest peak of each channel, dBFS."""

    def tell(self, message: str) -> None:
        """Something the person should know."""


@dataclass(frozen=True, slots=True)
class MicrophoneOptions:
    """``sample_rate``: Hz, None: 16 kHz, else the device's own. ``attempts``: how often in a row to try to connect
    once the call has begun.
    ``kept``: seconds of audio kept while the server is away.
    """

    roles: tuple[Speaker, ...] = (Speaker.CITIZEN,)
    sample_rate: int | None = None
    caller_number: str | None = None
    agent: str | None = None
    attempts: int = 60
    kept: float = 300.0


class Live:
    """Audio that comes in as it is spoken, until it is ended; see ``assist.feed.Source``. Belongs to one event loop."""

    def __init__(self, audio: AudioFormat, kept: float, display: Display) -> None:
        self._rate = audio.sample_rate
        self._backlog = Backlog(audio.frame_bytes, round(kept * self._rate))
        self._display = display
        self._told = 0  # of the lost sample frames
        self._begun = False
        self._away = False
        self._changed = asyncio.Event()
        self._ended = False

    @property
    def waiting(self) -> float:
        """Seconds that the server does not have on its disk."""
        return self._backlog.waiting / self._rate

    def arrived(self, data: bytes) -> None:
        """The microphone brought ``data``."""
        self._backlog.add(data)
        self._changed.set()

    def end(self) -> None:
        """Nothing more comes."""
        self._ended = True
        self._changed.set()

    def broke(self, reason: str) -> None:
        """The server cannot be reached for now. Raises ``FeedError`` where it never was: better told at once."""
        if not self._begun:
            raise FeedError(f"the server cannot be reached: {reason}")
        if not self._away:
            self._display.tell(f"the server is away, what is said meanwhile is kept: {reason}")
        self._away = True

    async def pieces(self, received: int) -> AsyncIterator[bytes]:
        """What the server does not have, and what comes, until it is ended."""
        if self._away:
            self._display.tell("the server is back, the call goes on")
        self._begun, self._away = True, False
        self._backlog.resume(received)
        while True:
            self._changed.clear()
            piece = self._backlog.take(round(_PIECE * self._rate))
            self._tell_lost()
            if piece:
                yield piece
            elif self._ended:
                return
            else:
                await self._changed.wait()

    def acknowledged(self, received: int) -> None:
        """The server has this many sample frames on its disk."""
        self._backlog.acknowledged(received)

    def _tell_lost(self) -> None:
        if lost := self._backlog.lost - self._told:
            self._told = self._backlog.lost
            self._display.tell(f"{lost / self._rate:.1f} s are lost: more was said than is kept for the server")


class MicrophoneCall:
    """A call from a microphone, open from the beginning. Belongs to the event loop it is made in."""

    def __init__(self, microphones: Backend, device: Device, options: MicrophoneOptions, display: Display) -> None:
        """Open the device. Raises ``MicrophoneError``."""
        self._loop = asyncio.get_running_loop()
        self._device = device
        self._options = options
        self._display = display
        self._hung_up = asyncio.Event()
        self._latest = self._loop.time()  # when audio came
        self._stream, rate = open_device(
            microphones, device, options.sample_rate, len(options.roles), self._from_device
        )
        self.audio = AudioFormat("pcm_s16le", rate, options.roles)
        self._meter = Meter(rate, len(options.roles))
        self._live = Live(self.audio, options.kept, display)

    @property
    def waiting(self) -> float:
        """Seconds that the server does not have on its disk."""
        return self._live.waiting

    def hang_up(self) -> None:
        """End the call: the microphone is closed, and what was said until now is delivered."""
        self._hung_up.set()

    async def run(self, server: str, call: str) -> None:
        """Feed ``call`` until it is hung up; returns when the server has understood and stored all of it.

        Raises ``FeedError``, and ``MicrophoneError`` where the device went away (what it brought is stored then).
        """
        options = self._options
        start = call_start(self.audio, caller_number=options.caller_number, agent=options.agent)
        listening = asyncio.create_task(self._listen())
        try:
            await feed_source(self._live, server, call, start, options.attempts, self._live.broke)
            await listening
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        if not self._hung_up.is_set():
            raise MicrophoneError(f"{self._device.name} is gone; the call was ended, and what it brought is stored")

    async def _listen(self) -> None:
        """Until the call is hung up or the device is gone; then nothing more comes."""
        dead = False
        try:
            while not self._hung_up.is_set() and self._stream.active:
                self._display.levels(self._meter.levels)
                if (stalled := self._loop.time() - self._latest > _DEAD) and not dead:
                    self._display.tell(f"{self._device.name} brings nothing any more: is it still connected?")
                dead = stalled
                await asyncio.wait({hung_up := asyncio.ensure_future(self._hung_up.wait())}, timeout=_LOOK)
                hung_up.cancel()
        finally:
            await asyncio.to_thread(self._stream.close)
            self._live.end()

    def _from_device(self, data: bytes, overflowed: bool) -> None:
        """Called by a thread of PortAudio."""
        self._loop.call_soon_threadsafe(self._arrived, data, overflowed)

    def _arrived(self, data: bytes, overflowed: bool) -> None:
        self._latest = self._loop.time()
        if overflowed:
            self._display.tell("this computer is too slow: some sound was lost between microphone and program")
        for channel in self._meter.hear(data):
            role, seconds = self.audio.roles[channel], self._meter.silent_seconds(channel)
            self._display.tell(f"nothing but silence from {role} for {seconds:.0f} s: is the microphone muted?")
        self._live.arrived(data)
