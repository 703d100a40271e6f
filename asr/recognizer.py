"""One channel of a call: samples in, requests to decode out; hypotheses in, text out. A state machine without I/O.

The recogniser never decodes. It says what has to be decoded (``Request``) and makes text of what was heard
(``resolve``); whoever drives it decides when. The windows of finals follow from the audio alone, so finals are the same
live and in replay.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from asr.audio import Resampler
from asr.engine import SAMPLE_RATE, Hypothesis, Window
from asr.guards import Guards
from asr.hypothesis import InterimText
from asr.language import LanguageSettings
from asr.levels import levels_of
from asr.parts import Part, final_of
from asr.readings import normalised
from asr.repair import Lexicon
from asr.text import SpanText
from asr.transcript import Final, Partial, SpeechStarted
from asr.utterance import Divided, Due, Ended, Paused, Started, UtteranceEvent, Utterances, UtteranceSettings
from asr.vad import FRAME, FRAME_SECONDS


@dataclass(frozen=True, slots=True)
class RecognizerSettings:
    """``interim_window``: seconds after which what is stable of an interim text is kept and not decoded again;
    ``hold_back``: seconds before the end of a window within which no text counts as stable.

    ``guards`` decide which text nobody said: such a final is empty, such interim text is not shown. ``language`` is for
    whoever watches the languages of finals (`asr.language.LanguageWatch`). ``lexicon``: words that other ones are
    repaired to; None repairs nothing.
    """

    utterance: UtteranceSettings = field(default_factory=UtteranceSettings)
    interim_window: float = 5.0
    hold_back: float = 0.4
    guards: Guards = field(default_factory=Guards)
    language: LanguageSettings = field(default_factory=LanguageSettings)
    lexicon: Lexicon | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """A window to decode, ``start`` to ``end`` seconds of call audio, for the final or an interim text of an utterance.

    A final is made of one window or of several, of which the ``last`` ends the utterance. ``ready_at`` is the audio
    time at which it was known to be needed. A final request carries the very ``window`` of the interim request made
    when the speaker paused, so that it need not be decoded twice. That one is ``certain`` where a final will be made of
    its window whether or not the speaker goes on.
    """

    channel: int
    utterance: int
    final: bool
    window: Window
    start: float
    end: float
    ready_at: float
    last: bool = False
    certain: bool = False

    @property
    def whole(self) -> bool:
        """Whether the window is all of the utterance, or of its part in progress, decoded as for its final."""
        return self.window.final


RecognizerEvent: TypeAlias = SpeechStarted | Request


class Recognizer:
    """The recogniser of channel ``channel``, fed with mono float32 samples at ``sample_rate``."""

    def __init__(self, channel: int, settings: RecognizerSettings, sample_rate: int) -> None:
        self.channel = channel
        self.settings = settings
        self._resampler = Resampler(sample_rate)
        self._utterances = Utterances(settings.utterance)
        self._audio = np.zeros(0, np.float32)  # 16 kHz, from sample number _origin on
        self._origin = 0
        self._received = 0
        self._frames = 0  # frames of voice activity done
        self._levels: list[float] = []  # of those given last, in dB
        self._pause: Request | None = None
        self._parts: dict[int, dict[Request, Part | None]] = {}  # of finals to come, in order; None: not heard yet
        self._interim = self._new_interim()
        self._interim_of = -1  # the utterance it belongs to
        self._finished = -1  # last utterance whose final was given

    @property
    def speaking(self) -> bool:
        """Whether an utterance is in progress."""
        return self._utterances.speaking

    def receive(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The frames ``[n, 512]`` at 16 kHz that the next samples complete; `hear` is to be told who speaks in them."""
        return self._framed(self._resampler.feed(samples))

    def receive_last(self) -> NDArray[np.float32]:
        """No more audio: the frames that were held back, the last one filled up with silence."""
        samples = self._resampler.finish()
        rest = -(len(self._audio) + self._origin + len(samples)) % FRAME
        return self._framed(np.concatenate([samples, np.zeros(rest, np.float32)]), received=len(samples))

    def hear(self, speech: NDArray[np.float32]) -> list[RecognizerEvent]:
        """What the frames bring about that were given last, in order of audio time; ``speech [n]``: how probable it is
        in each.
        """
        events = self._translate(self._utterances.feed(speech.tolist(), self._levels))
        self._forget()
        return events

    def finish(self) -> list[RecognizerEvent]:
        """After the last frames: whatever was begun is ended."""
        return self._translate(self._utterances.finish())

    def resolve(self, request: Request, hypothesis: Hypothesis) -> Partial | Final | None:
        """What was heard in ``request`` as text; None for an interim window that has nothing new to say."""
        heard = SpanText(hypothesis.text, hypothesis.times).shifted(request.start)
        if request.final:
            return self._final(request, hypothesis, heard)
        if request.utterance <= self._finished or not hypothesis.reliable:
            return None
        if request.utterance != self._interim_of:
            self._interim, self._interim_of = self._new_interim(), request.utterance
        interim = self._interim
        if request.end <= interim.heard_to or request.start < (interim.decided_to if request.whole else interim.cut):
            return None  # overtaken by a later window, or decided
        spans, stable = interim.update(heard, request.end, whole=request.whole)
        if not request.whole:
            pauses = [pause * FRAME_SECONDS for pause in self._utterances.pauses]
            interim.shorten(heard, request.start, request.end, pauses)
        if self.settings.guards.hide(spans.text, hypothesis, request.window.seconds):
            return None
        start = min(request.start, spans.times[0][0]) if spans.times else request.start
        return Partial(self.channel, request.utterance, start, request.end, spans.text, _rounded(spans), stable)

    def _final(self, request: Request, hypothesis: Hypothesis, heard: SpanText) -> Final | None:
        """The final of an utterance once all of its parts were heard."""
        hidden = self.settings.guards.hide(normalised(heard).text, hypothesis, request.window.seconds)
        silence = request.ready_at - request.end
        parts = self._parts[request.utterance]
        parts[request] = Part(request.start, request.end, heard, hypothesis, hidden, silence)
        told = _first_told(parts.values())
        if len(told) < len(parts) or not next(reversed(parts)).last:
            if told and request.utterance == self._interim_of:
                sure = sum((part.heard for part in told if not part.hidden), SpanText())
                self._interim.decide(sure, told[-1].end)
            return None
        self._finished = max(self._finished, request.utterance)
        del self._parts[request.utterance]
        return final_of(self.channel, request.utterance, told)

    def _new_interim(self) -> InterimText:
        return InterimText(self.settings.interim_window, self.settings.hold_back, normalised)

    def _framed(self, samples: NDArray[np.float32], received: int | None = None) -> NDArray[np.float32]:
        self._received += len(samples) if received is None else received
        self._audio = np.concatenate([self._audio, samples])
        begin = self._frames * FRAME - self._origin
        count = (len(self._audio) - begin) // FRAME
        self._frames += count
        frames = self._audio[begin : begin + count * FRAME].reshape(count, FRAME)
        self._levels = levels_of(frames).tolist()
        return frames

    def _translate(self, utterance_events: list[UtteranceEvent]) -> list[RecognizerEvent]:
        events: list[RecognizerEvent] = []
        for event in utterance_events:
            match event:
                case Started():
                    self._pause = None
                    events.append(
                        SpeechStarted(self.channel, event.utterance, _seconds(event.start), _seconds(event.at))
                    )
                case Due():
                    events.append(self._request(event, final=False, start=self._interim_start(event)))
                case Paused():
                    self._pause = self._request(event, final=False, start=event.start, whole=True)
                    events.append(self._pause)
                case Divided() | Ended():
                    request = self._request(event, final=True, start=event.start)
                    self._parts.setdefault(event.utterance, {})[request] = None
                    events.append(request)
        return events

    def _interim_start(self, event: Due) -> float:
        if self._interim_of != event.utterance:
            return event.start
        return max(event.start, self._interim.cut / FRAME_SECONDS)

    def _request(
        self, event: Due | Paused | Divided | Ended, *, final: bool, start: float, whole: bool = False
    ) -> Request:
        paused = self._pause
        until = min(event.end * FRAME, self._received)
        begin, end = _seconds(start), round(until / SAMPLE_RATE, 3)
        if final and paused and (paused.utterance, paused.end) == (event.utterance, end):
            window = paused.window
        else:
            first = round(start * FRAME) - self._origin
            window = Window(self._audio[first : until - self._origin].copy(), final or whole)
        last, certain = isinstance(event, Ended), isinstance(event, Paused) and event.divides
        return Request(self.channel, event.utterance, final, window, begin, end, _seconds(event.at), last, certain)

    def _forget(self) -> None:
        """Drop audio that no window can need any more."""
        needed = self._utterances.needed_from * FRAME
        # moved in large steps: each costs a copy of what is kept
        if needed - self._origin > SAMPLE_RATE:
            self._audio = self._audio[needed - self._origin :].copy()
            self._origin = needed


def _first_told(parts: Iterable[Part | None]) -> list[Part]:
    """The parts that were heard, from the first one up to one that was not."""
    return [part for part in takewhile(lambda part: part is not None, parts) if part is not None]


def _seconds(frames: float) -> float:
    return round(frames * FRAME_SECONDS, 3)


def _rounded(spans: SpanText) -> tuple[tuple[float, float], ...]:
    return tuple((round(start, 3), round(end, 3)) for start, end in spans.times)
