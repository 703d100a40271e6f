"""A recording through the whole system as if it were a live call, in audio time: the same code, the same events every
time.

In goes a recording, out come the events of the call and its final ticket. At ``speed`` None it runs as fast as the
machine can and decodes no interim text; at 1 it keeps step with the clock and shows interim text like a live call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from asr.audio import Recording, load
from asr.decoder import Decoder
from asr.engine import Engine
from asr.errors import AudioError
from asr.recognizer import RecognizerSettings
from assist.config import Asr
from assist.facts import Facts
from assist.knowledge import recognition, understands, vocabulary
from assist.log import Record
from assist.messages.desk import DeskPartial, DeskProvisional
from assist.messages.events import CallStarted, Event
from assist.mind import Mind
from assist.room import Room
from assist.session import Session
from assist.store import AudioFormat
from assist.ticket_view import TicketView, view
from extractors.catalogue.knowledge import Catalogue
from extractors.turn import Speaker

_TICK = 0.1  # seconds between pieces of audio when speed is given


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """``roles``: the speaker of each channel. ``speed``: seconds of audio a second, None: as fast as can be.
    ``scribe``: whether the call is read as a whole when it is over.
    """

    started_at: datetime
    roles: tuple[Speaker, ...] = (Speaker.AGENT, Speaker.CITIZEN)
    caller_number: str | None = None
    speed: float | None = None
    call: str = "replay"
    scribe: bool = True


class MemoryLog:
    """A log that is not kept. Numbers events as the store does and shows them to ``on_event``."""

    def __init__(self, on_event: Callable[[Record], None]) -> None:
        self._on_event = on_event
        self._seq = 0

    async def append(self, call: str, events: Sequence[tuple[float, Event]], known: Facts) -> list[Record]:
        """Number the events."""
        records = [Record.of(call, self._seq + n, at, event) for n, (at, event) in enumerate(events, 1)]
        self._seq += len(records)
        for record in records:
            self._on_event(record)
        return records


class MemorySource:
    """Audio in memory, of which ``frames`` sample frames have come in so far."""

    def __init__(self, data: bytes, audio: AudioFormat) -> None:
        self.audio = audio
        self.total = len(data) // audio.frame_bytes
        self.frames = 0
        self._data = data

    def read(self, frame: int, count: int) -> bytes:
        """Up to ``count`` sample frames from ``frame`` on."""
        size = self.audio.frame_bytes
        return self._data[frame * size : min(frame + count, self.frames) * size]


def wire_audio(recording: Recording, roles: Sequence[Speaker]) -> tuple[bytes, AudioFormat]:
    """A recording as a feeder sends it: interleaved 16-bit samples. Raises ``AudioError`` when ``roles`` do not fit
    it.
    """
    if len(roles) != recording.channels or len(set(roles)) != len(roles):
        raise AudioError(
            "roles",
            f"The recording has {recording.channels} channel(s); {len(roles)} role(s) were given.",
            "Name one speaker for each channel, each once: agent,citizen for two, one of them for a mono file.",
        )
    samples = np.clip(np.rint(recording.samples * 32768), -32768, 32767).astype("<i2")
    return samples.tobytes(), AudioFormat("pcm_s16le", recording.sample_rate, tuple(roles))


async def replay(
    path: Path,
    engine: Engine,
    catalogue: Catalogue,
    options: ReplayOptions,
    *,
    settings: RecognizerSettings | None = None,
    on_event: Callable[[Record], None] = lambda record: None,
    on_interim: Callable[[DeskPartial | DeskProvisional], None] = lambda message: None,
) -> TicketView:
    """The final ticket of the recording at ``path``. Raises ``AudioError`` for a file that cannot be used."""
    data, audio = wire_audio(load(path), options.roles)
    source = MemorySource(data, audio)
    room = Room(options.call, MemoryLog(on_event), (), lambda: source.frames / audio.sample_rate)
    started = CallStarted(
        started_at=options.started_at,
        caller_number=options.caller_number,
        catalogue=catalogue.version,
        model=engine.name,
    )
    await room.commit([(0.0, started)])
    room.watchers.add(_InterimWatcher(room, on_interim))
    with ThreadPoolExecutor(2, "replay") as executor, Decoder(engine) as decoder:
        mind = Mind(
            room,
            understands(catalogue)(started),
            executor,
            vocabulary(catalogue),
            executor if options.scribe else None,
        )
        session = Session(
            room,
            source=source,
            mind=mind,
            decoder=decoder,
            settings=settings or recognition(Asr(), catalogue),
            executor=executor,
            interims=options.speed is not None,
        )
        running = asyncio.create_task(session.run())
        feeding = asyncio.create_task(_feed(source, session, options.speed))
        try:
            await running
        finally:
            feeding.cancel()
        if options.scribe:
            await mind.think(room.seconds)
    return view(room.state, room.seconds)


async def _feed(source: MemorySource, session: Session, speed: float | None) -> None:
    if speed is None:
        source.frames = source.total
    else:
        loop = asyncio.get_running_loop()
        start = loop.time()
        while source.frames < source.total:
            source.frames = min(source.total, round((loop.time() - start) * speed * source.audio.sample_rate))
            session.audio_arrived()
            await asyncio.sleep(_TICK / speed)
    session.finish("stopped")


class _InterimWatcher:
    """Tells each new interim message once."""

    def __init__(self, room: Room, tell: Callable[[DeskPartial | DeskProvisional], None]) -> None:
        self._room = room
        self._tell = tell
        self._told: dict[object, object] = {}

    def __call__(self) -> None:
        for key, message in (*self._room.interim.items(), ("provisional", self._room.provisional)):
            if message is not None and self._told.get(key) is not message:
                self._told[key] = message
                self._tell(message)
