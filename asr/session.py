"""All channels of one call as one: sample frames in, events in order of audio time out. A state machine without I/O.

Finals are released in the order in which the audio ended them, whatever order the decoder answers in, so that a call's
transcript is the same in every run. Words are repaired then, in the light of the finals before: what a text says
follows from the audio alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from asr.engine import Hypothesis
from asr.recognizer import Recognizer, RecognizerEvent, RecognizerSettings, Request
from asr.repair import repaired_final, repaired_partial
from asr.transcript import Final, Partial, SpeechStarted
from asr.vad import VoiceActivity


class CallRecognizer:
    """The recognisers of a call with ``channels`` channels at ``sample_rate`` Hz.

    ``known``: texts of finals, by channel and utterance, that a former run gave and that are not decoded again.
    """

    def __init__(
        self,
        channels: int,
        sample_rate: int,
        settings: RecognizerSettings,
        known: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        self._lexicon = settings.lexicon
        self._known = known or {}
        self._said: list[str] = []  # the texts of the finals released, in order
        self._recognizers = [Recognizer(channel, settings, sample_rate) for channel in range(channels)]
        self._activity = VoiceActivity(channels)
        self._due: deque[Request] = deque()  # final requests in the order their finals are to appear
        self._held: dict[tuple[int, int], Final] = {}
        self._shown: dict[int, Partial] = {}  # the latest interim text of each channel

    @property
    def speaking(self) -> tuple[bool, ...]:
        """For each channel, whether someone speaks on it."""
        return tuple(recognizer.speaking for recognizer in self._recognizers)

    @property
    def pending(self) -> int:
        """Finals that are requested and not yet given."""
        return len(self._due)

    def feed(self, frames: NDArray[np.float32]) -> list[RecognizerEvent]:
        """What the next sample frames ``[n, channels]`` bring about."""
        return self._heard([one.receive(frames[:, index]) for index, one in enumerate(self._recognizers)])

    def finish(self) -> list[RecognizerEvent]:
        """No more audio: every utterance in progress ends."""
        events = self._heard([recognizer.receive_last() for recognizer in self._recognizers])
        return events + self._ordered([recognizer.finish() for recognizer in self._recognizers])

    def resolve(self, request: Request, hypothesis: Hypothesis) -> list[Partial | Final]:
        """What can be shown now that ``request`` was decoded."""
        result = self._recognizers[request.channel].resolve(request, hypothesis)
        if isinstance(result, Partial):
            return [self._show(result)]
        if result is not None:
            self._held[result.channel, result.utterance] = result
        released: list[Partial | Final] = []
        while self._due and (key := (self._due[0].channel, self._due[0].utterance)) in self._held:
            released.append(self._release(self._held.pop(key)))
            self._due.popleft()
        return released

    def _show(self, partial: Partial) -> Partial:
        if self._lexicon:
            shown = self._shown.get(partial.channel)
            before = shown if shown and shown.utterance == partial.utterance else None
            partial = repaired_partial(partial, self._lexicon, self._said, before)
            self._shown[partial.channel] = partial
        return partial

    def _release(self, final: Final) -> Final:
        if self._lexicon:
            final = repaired_final(final, self._lexicon, self._said)
        if said := self._known.get((final.channel, final.utterance), final.text):
            self._said.append(said)
        return final

    def _heard(self, frames: Sequence[NDArray[np.float32]]) -> list[RecognizerEvent]:
        """``frames``: the next ones of each channel, equally many."""
        speech = self._activity.feed(np.stack(frames, axis=1))
        return self._ordered([one.hear(speech[:, index]) for index, one in enumerate(self._recognizers)])

    def _ordered(self, events: Sequence[Sequence[RecognizerEvent]]) -> list[RecognizerEvent]:
        # a stable sort: events of one channel at one time keep their order
        ordered = sorted((event for channel in events for event in channel), key=_time_and_channel)
        self._due.extend(event for event in ordered if isinstance(event, Request) and event.last)
        return ordered


def _time_and_channel(event: RecognizerEvent) -> tuple[float, int]:
    return (event.known_at if isinstance(event, SpeechStarted) else event.ready_at), event.channel
