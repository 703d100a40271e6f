"""One call while its audio comes in: recording → recogniser → decoder → understanding → log.

The recogniser reads the recording, not the connection: what it has not heard yet waits on disk, a call whose server
died is heard again from the start, and finals that its log holds already are not decoded again. Events carry audio time
and follow from the audio alone, however it arrived.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, ParamSpec, Protocol, TypeVar

from asr.audio import PcmStream
from asr.engine import Hypothesis
from asr.language import LanguageWatch
from asr.readings import other_readings
from asr.recognizer import RecognizerEvent, RecognizerSettings, Request
from asr.repair import heard_in_place
from asr.session import CallRecognizer
from asr.transcript import Final, Partial
from assist.messages.desk import DeskLag, DeskPartial, DeskProvisional
from assist.messages.events import CallEnded, TranscriptFinal, WordRepair
from assist.mind import Mind
from assist.recording import Source
from assist.room import Room
from extractors.turn import Speaker, Turn

BLOCK = 0.02  # seconds
_LEAST_BLOCKS = 2  # heard in one go by a worker thread, so that small frames cost no more than larger ones
_BUSY_BLOCKS = 10  # the same while finals wait: each look at the audio costs time that they need
_BUSY = 0.5  # seconds that one waits then
_MOST_BLOCKS = 50  # others get their turn in between
_NEAR = 2.0  # seconds behind the audio within which interim text is worth decoding
_PAUSE = 3.0  # seconds of silence within which a conversation goes on
_UNWRITTEN = "…"  # text of an utterance in a language that the recogniser could not write
_REST = 3  # times as long as it took to understand interim text, before more of it is: long calls take long
_LAG_STEP = 0.5  # seconds: smaller changes of the lag are not told

P = ParamSpec("P")
T = TypeVar("T")
Reason = Literal["stopped", "lost"]
_log = logging.getLogger(__name__)


class Decodes(Protocol):
    """The shared decoder (`asr.decoder.Decoder`)."""

    @property
    def lag(self) -> float:
        """Seconds that the longest waiting final has waited."""

    def submit(self, call: Hashable, request: Request) -> Future[Hypothesis | None]:
        """The hypothesis of ``request``, or None when it became pointless."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A final to come; ``decoded`` is None where the log holds it already."""

    request: Request
    decoded: Future[Hypothesis | None] | None


class Session:
    """A call being heard. ``await run()`` returns when the call has ended; cancelling it leaves the call as it is on
    disk.
    """

    def __init__(
        self,
        room: Room,
        *,
        source: Source,
        mind: Mind,
        decoder: Decodes,
        settings: RecognizerSettings,
        executor: Executor,
        interims: bool = True,
    ) -> None:
        self.room = room
        self.finals = 0  # stored by this session
        self._source = source
        self._mind = mind
        self._decoder = decoder
        self._executor = executor
        self._interims = interims
        audio = source.audio
        self._block = round(audio.sample_rate * BLOCK)
        self._pcm = PcmStream(audio.format, len(audio.roles))
        said = {(turn.channel, turn.utterance): turn.text for turn in room.state.turns}
        self._recognizer = CallRecognizer(len(audio.roles), audio.sample_rate, settings, said)
        self._ears = asyncio.Lock()  # the recogniser is a state machine: one at a time
        self._heard = 0  # sample frames
        self._spoke = 0  # how many had been heard when someone spoke last
        self._language = LanguageWatch(settings.language)  # of the caller
        told = [turn.language for turn in room.state.turns if turn.speaker is Speaker.CITIZEN]
        self._language.language = told[-1] if told else None
        self._logged = said.keys()
        self._due: asyncio.Queue[_Due | None] = asyncio.Queue()
        self._waiting: list[Request] = []  # finals that are due, oldest first
        self._said: dict[int, Partial] = {}  # the latest interim text of each channel
        self._spoken: dict[int, str | None] = {}  # and the language it is in, where not the expected one
        self._news = asyncio.Event()  # audio came, or the end
        self._progress = asyncio.Condition()
        self._thoughts = asyncio.Event()  # interim text changed
        self._reason: Reason | None = None
        self._glimpses: set[asyncio.Task[None]] = set()

    @property
    def behind(self) -> float:
        """Seconds of audio that are recorded and not yet turned into text."""
        done = self._waiting[0].ready_at if self._waiting else self._heard / self._source.audio.sample_rate
        return max(0.0, self._source.frames / self._source.audio.sample_rate - done)

    @property
    def speaking(self) -> int:
        """Channels on which someone speaks."""
        return sum(self._recognizer.speaking)

    @property
    def load(self) -> int:
        """Channels on which someone speaks; 1 where all are silent, but not for long: someone is about to speak."""
        return max(self.speaking, int(self._heard - self._spoke < _PAUSE * self._source.audio.sample_rate))

    @property
    def reason(self) -> Reason | None:
        """Why no more audio comes, once none does."""
        return self._reason

    def audio_arrived(self) -> None:
        """The recording grew."""
        self._news.set()

    def finish(self, reason: Reason) -> None:
        """No more audio will come; `run` returns once all of it is understood."""
        if self._reason is None:
            self._reason = reason
        self._news.set()

    async def keep_up(self, seconds: float) -> None:
        """Wait until no more than ``seconds`` of audio are untreated."""
        async with self._progress:
            await self._progress.wait_for(lambda: self.behind <= seconds)

    async def run(self) -> None:
        """Hear the recording from its start until `finish`. Raises ``StoreError`` when the log cannot be written."""
        try:
            async with asyncio.TaskGroup() as group:
                ahead = group.create_task(self._think_ahead())
                group.create_task(self._listen())
                await group.create_task(self._settle())
                ahead.cancel()
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            for glimpse in self._glimpses:
                glimpse.cancel()

    # ── hearing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        while True:
            self._news.clear()
            frames, reason = self._source.frames, self._reason
            blocks = (frames - self._heard) // self._block
            least = _BUSY_BLOCKS if self._decoder.lag > _BUSY else _LEAST_BLOCKS
            if blocks >= least:
                await self._hear(min(blocks, _MOST_BLOCKS) * self._block)
            elif reason is None:
                await self._news.wait()
            else:
                await self._hear(frames - self._heard)
                await self._take(await self._in_thread(self._recognizer.finish))
                self._due.put_nowait(None)
                return
            await self._report()

    async def _hear(self, count: int) -> None:
        def work(first: int) -> list[RecognizerEvent]:
            return self._recognizer.feed(self._pcm.feed(self._source.read(first, count)))

        await self._take(await self._in_thread(work, self._heard))
        self._heard += count
        if self.speaking:
            self._spoke = self._heard

    async def _take(self, events: list[RecognizerEvent]) -> None:
        for event in events:
            if not isinstance(event, Request):
                continue
            logged = (event.channel, event.utterance) in self._logged
            if event.final:
                self._waiting.append(event)
                self._due.put_nowait(_Due(event, None if logged else self._decoder.submit(self.room.call, event)))
            elif self._interims and not logged and self.room.length() - event.ready_at < _NEAR:
                task = asyncio.create_task(self._glimpse(event, self._decoder.submit(self.room.call, event)))
                self._glimpses.add(task)
                task.add_done_callback(self._glimpses.discard)

    # ── finals ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _settle(self) -> None:
        turns = self.room.state.turns
        if turns:
            # The server may have died between a final and what it changed.
            await self._mind.think(self.room.records[-1].at)
        while (due := await self._due.get()) is not None:
            hypothesis = await self._hypothesis(due)
            for result in await self._in_thread(self._recognizer.resolve, due.request, hypothesis):
                if isinstance(result, Final):
                    await self._settle_final(result, due.request.ready_at)
            self._waiting.remove(due.request)
            await self._report()
        seconds = round(self._source.frames / self._source.audio.sample_rate, 3)
        await self.room.commit([(seconds, CallEnded(seconds=seconds, reason=self._reason or "stopped"))])
        self.room.show(DeskProvisional(call=self.room.call))

    async def _hypothesis(self, due: _Due) -> Hypothesis:
        if due.decoded is None:
            return Hypothesis("", ())
        try:
            return await asyncio.wrap_future(due.decoded) or Hypothesis("", ())
        except Exception:
            # One utterance that cannot be decoded must not end the call.
            request = due.request
            _log.exception("call %s: speech at %.1f s could not be decoded", self.room.call, request.start)
            return Hypothesis("", ())

    async def _settle_final(self, final: Final, at: float) -> None:
        if (final.channel, final.utterance) in self._logged:
            return
        speaker = self._source.audio.roles[final.channel]
        language = None
        if speaker is Speaker.CITIZEN:
            language = self._language.feed(final.end - final.start, dict(final.languages))
        if language is not None and not final.text:
            # speech that could not be written down is still a turn, and proof for the agent
            final = replace(final, text=_UNWRITTEN, times=((final.start, final.end),), doubts=())
        if final.text:
            turn = TranscriptFinal(
                turn=len(self.room.state.turns),
                speaker=speaker,
                text=final.text,
                start=round(final.start, 2),
                end=round(final.end, 2),
                times=[(round(start, 2), round(end, 2)) for start, end in final.times],
                channel=final.channel,
                utterance=final.utterance,
                language=language,
                repairs=[WordRepair(start=one.start, end=one.end, heard=one.heard) for one in final.repairs],
                readings=list(other_readings(final)),
                doubts=list(final.doubts),
            )
            await self.room.commit([(at, turn)])
            self.finals += 1
        said = self._said.get(final.channel)
        if said is not None and said.utterance <= final.utterance:
            del self._said[final.channel]
            self._show(replace(said, text="", stable=0, repairs=()))
        if final.text:
            await self._mind.think(at)
        self._thoughts.set()

    # ── interim text ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _glimpse(self, request: Request, decoded: Future[Hypothesis | None]) -> None:
        try:
            hypothesis = await asyncio.wrap_future(decoded)
        except Exception:
            _log.exception("call %s: interim speech at %.1f s could not be decoded", self.room.call, request.start)
            return
        if hypothesis is None or self._ends_with(request):
            return
        for result in await self._in_thread(self._recognizer.resolve, request, hypothesis):
            if isinstance(result, Partial) and not self._ends_with(request):
                self._said[result.channel] = result
                self._spoken[result.channel] = self._language_of(request, hypothesis)
                self._show(result)
                self._thoughts.set()

    def _ends_with(self, request: Request) -> bool:
        """Whether what was decoded for ``request`` is the end of a final that is due: that shows it, and for good."""
        return any(due.last and due.window is request.window for due in self._waiting)

    def _language_of(self, request: Request, hypothesis: Hypothesis) -> str | None:
        """What a caller speaks instead of the expected language, as far as the utterance in progress tells."""
        if self._source.audio.roles[request.channel] is not Speaker.CITIZEN:
            return None
        return self._language.glance(request.window.seconds, dict(hypothesis.languages))

    def _show(self, said: Partial) -> None:
        self.room.show(
            DeskPartial(
                call=self.room.call,
                speaker=self._source.audio.roles[said.channel],
                text=said.text,
                stable=said.stable,
                start=round(said.start, 2),
                end=round(said.end, 2),
                repairs=[WordRepair(start=one.start, end=one.end, heard=one.heard) for one in said.repairs],
            )
        )

    async def _think_ahead(self) -> None:
        """Show what interim text would change, in a quarter of the time at most: a ticket is of the whole call, so that
        each look at it costs more the longer the call lasts.
        """
        loop = asyncio.get_running_loop()
        thought: tuple[Turn, ...] = ()
        rested = loop.time()
        again: asyncio.TimerHandle | None = None
        while True:
            await self._thoughts.wait()
            self._thoughts.clear()
            if again is not None:
                again.cancel()
            interim = self._interim_turns()
            if interim == thought or any(request.last for request in self._waiting):
                continue  # the final that is waited for thinks anyway
            begun = loop.time()
            if interim and begun < rested:
                again = loop.call_at(rested, self._thoughts.set)
                continue
            thought = interim
            nothing = DeskProvisional(call=self.room.call)
            message: DeskProvisional | None = nothing
            if interim:
                message = await self._mind.think_ahead(interim)
                rested = loop.time() + _REST * (loop.time() - begun)
            if message is not None and message != (self.room.provisional or nothing):
                self.room.show(message)

    def _interim_turns(self) -> tuple[Turn, ...]:
        """What two hypotheses agreed on, as turns after the last final; of foreign speech that it is foreign."""
        first = len(self.room.state.turns)
        shown = [said for _, said in sorted(self._said.items()) if said.stable or self._spoken[said.channel]]
        return tuple(
            Turn(
                first + place,
                self._source.audio.roles[said.channel],
                said.text[: said.stable or None],
                said.start,
                said.end,
                said.times[: said.stable or None],
                self._spoken[said.channel],
                final=False,
                heard=heard_in_place(said.text, said.repairs)[: said.stable or None],
            )
            for place, said in enumerate(shown)
        )

    async def _report(self) -> None:
        lag = round(self.behind / _LAG_STEP) * _LAG_STEP
        if self.room.lag is None or self.room.lag.seconds != lag:
            self.room.show(DeskLag(call=self.room.call, seconds=lag))
        async with self._progress:
            self._progress.notify_all()

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._ears:
            running = asyncio.get_running_loop().run_in_executor(self._executor, partial(work, *args, **kwargs))
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                # The thread uses the recogniser and the recording until it is done.
                await asyncio.wait({running})
                raise
