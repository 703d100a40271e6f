"""Where utterances begin and end: probability and level of speech in, speech events out. A state machine without I/O.

Everything is counted in frames of voice activity (32 ms), so that borders follow from the audio alone, never from how
it arrived. Hysteresis keeps weak syllables inside; a short pause announces a likely end, so that the final text can be
decoded while the longer silence that proves the end is still being awaited. A long utterance is divided at pauses, so
that in the end only its last part is left to decode, and that what was decoded ahead is of use if the speaker goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from asr.levels import Levels
from asr.vad import FRAME_SECONDS


@dataclass(frozen=True, slots=True)
class UtteranceSettings:
    """All times in seconds of audio.

    Speech begins where the probability reaches ``start_threshold`` for ``min_speech`` and lasts until it stays under
    ``end_threshold`` for ``end_silence``; what is less probable than ``fading`` then, and in its level nearer to noise
    than to speech, is silence. An utterance begins ``pre_roll`` early and ends ``post_roll`` late. A silence of
    ``pause`` announces a likely end; after ``part`` of speech one of ``part_pause`` does. If the speaker goes on, it
    divides the utterance after ``clause`` of speech, so that what was decoded ahead is seldom decoded in vain. From
    ``soft_limit`` on ever shorter pauses end the utterance; at ``hard_limit`` it is cut where speech was weakest since
    ``soft_limit``. The first interim window is due ``first_interim`` after the beginning of speech, the next ones every
    ``interim_interval``, at first sooner: a window of half a second often holds nothing that can be believed yet.
    """

    start_threshold: float = 0.3
    end_threshold: float = 0.12
    fading: float = 0.7
    min_speech: float = 0.128
    pre_roll: float = 0.25
    post_roll: float = 0.2
    pause: float = 0.25
    clause: float = 3.0
    part: float = 5.0
    part_pause: float = 0.16
    end_silence: float = 0.5
    soft_limit: float = 10.0
    hard_limit: float = 15.0
    first_interim: float = 0.45
    interim_interval: float = 0.64

    def __post_init__(self) -> None:
        if not 0 < self.end_threshold <= self.start_threshold < 1:
            raise ValueError("0 < end_threshold <= start_threshold < 1 must hold")
        if not self.post_roll <= self.pause <= self.end_silence:
            raise ValueError("post_roll <= pause <= end_silence must hold")
        if not 0 < self.part_pause <= self.pause:
            raise ValueError("0 < part_pause <= pause must hold")
        if not 0 < self.clause <= self.part:
            raise ValueError("0 < clause <= part must hold")
        if not 1 <= self.soft_limit < self.hard_limit <= 25:
            raise ValueError("1 <= soft_limit < hard_limit <= 25 must hold: a window has to fit Whisper's 30 s")


@dataclass(frozen=True, slots=True)
class Started:
    """Speech began: frame ``start`` is the first of utterance ``utterance``; known at frame ``at``."""

    utterance: int
    start: int
    at: int


@dataclass(frozen=True, slots=True)
class Due:
    """Frames ``start:end`` of the utterance in progress should be decoded for an interim text."""

    utterance: int
    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The speaker paused; if this is the end, the last part of the utterance will be frames ``start:end``. They are a
    part in any case where the pause ``divides``.
    """

    utterance: int
    start: int
    end: int
    at: int
    divides: bool


@dataclass(frozen=True, slots=True)
class Divided:
    """The speaker went on: frames ``start:end`` are a part of the utterance for itself; the next begins in the pause, a
    little before ``end``.
    """

    utterance: int
    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The utterance is over; its last part, the only one most often, is frames ``start:end``."""

    utterance: int
    start: int
    end: int
    at: int


UtteranceEvent: TypeAlias = Started | Due | Paused | Divided | Ended

_SMOOTHING = 5  # frames over which weakness of speech is judged for a cut
_LAST_PART = 1.0  # seconds before the soft limit from which on nothing is divided: the utterance may be cut there
_ONSET = 3  # frames of the pause that dividing parts share: speech may begin again before it is believed
_SHORTEST_PAUSE = 4  # frames: gaps that interim windows may be cut at, and the least that ends a long utterance


def _frames(seconds: float) -> int:
    return max(1, round(seconds / FRAME_SECONDS))


class Utterances:
    """Cuts one channel into utterances."""

    def __init__(self, settings: UtteranceSettings) -> None:
        self._settings = settings
        self._frame = 0  # frames seen
        self._levels = Levels()
        self._utterance = -1
        self._floor = 0  # end of the utterance before: the next cannot begin earlier
        self._onset: int | None = None  # first frame of a run that may become speech
        self._start: int | None = None  # first frame of the utterance in progress
        self._part = 0  # first frame of its part in progress
        self._division: int | None = None  # where that part ends if the speaker goes on
        self._voiced = 0  # frame after the last one with speech
        self._next_due = 0
        self._paused = False
        self._probabilities: list[float] = []  # since the start of the utterance
        self.pauses: list[int] = []  # middles of the pauses inside the utterance in progress, in frames

    @property
    def speaking(self) -> bool:
        """Whether an utterance is in progress."""
        return self._start is not None

    @property
    def needed_from(self) -> int:
        """The first frame that an event to come can name."""
        if self._start is not None:
            return self._start
        onset = self._frame if self._onset is None else self._onset
        return max(self._floor, onset - _frames(self._settings.pre_roll))

    def feed(self, probabilities: Iterable[float], levels: Iterable[float]) -> list[UtteranceEvent]:
        """The events that the next frames bring about: of each the probability of speech, and its level in dB."""
        events: list[UtteranceEvent] = []
        for probability, level in zip(probabilities, levels, strict=True):
            self._frame += 1
            self._levels.follow(probability, level)
            if self._start is None:
                self._listen(probability, events)
            elif probability < self._settings.fading and self._levels.noise(level):
                self._follow(0.0, events)
            else:
                self._follow(probability, events)
        return events

    def finish(self) -> list[UtteranceEvent]:
        """No more audio: an utterance in progress ends here."""
        if self._start is None:
            return []
        end = min(self._frame, self._voiced + _frames(self._settings.post_roll))
        return [self._end(end if self._division is None else self._division)]

    def _listen(self, probability: float, events: list[UtteranceEvent]) -> None:
        settings = self._settings
        if self._onset is None:
            if probability < settings.start_threshold:
                return
            self._onset = self._frame - 1
        if probability < settings.end_threshold:
            self._onset = None
            return
        if self._frame - self._onset < _frames(settings.min_speech):
            return
        start = max(self._floor, self._onset - _frames(settings.pre_roll))
        events.append(self._begin(start, due=self._onset + _frames(settings.first_interim)))
        self._voiced = self._frame
        self._probabilities = [1.0] * (self._frame - start)

    def _begin(self, start: int, due: int) -> Started:
        self._utterance += 1
        self._start = self._part = start
        self._division = None
        self._onset = None
        self._paused = False
        self._next_due = due
        self.pauses = []
        return Started(self._utterance, start, self._frame)

    def _follow(self, probability: float, events: list[UtteranceEvent]) -> None:
        settings = self._settings
        assert self._start is not None
        self._probabilities.append(probability)
        silence = self._frame - self._voiced
        # after silence, only a clear beginning of speech goes on; within speech, a weak syllable does
        if probability >= (settings.end_threshold if silence <= 1 else settings.start_threshold):
            if silence > _SHORTEST_PAUSE:
                self.pauses.append(self._voiced + (silence - 1) // 2)
            if self._division is not None:
                events.append(Divided(self._utterance, self._part, self._division, self._frame))
                self._part, self._division = max(self._voiced, self._division - _ONSET), None
            self._voiced = self._frame
            self._paused = False
            if self._frame - self._start >= _frames(settings.hard_limit):
                self._cut(events)
            elif self._frame >= self._next_due:
                events.append(Due(self._utterance, self._start, self._frame, self._frame))
                spoken = (self._frame - self._start) * FRAME_SECONDS - settings.pre_roll
                soon = max(settings.first_interim / 2, spoken / 2)
                self._next_due = self._frame + _frames(min(settings.interim_interval, soon))
            return
        end = self._voiced + min(silence, _frames(settings.post_roll)) if self._division is None else self._division
        announces = settings.part_pause if self._divisible(settings.part) else settings.pause
        if silence >= self._silence_needed():
            events.append(self._end(end))
        elif silence >= _frames(announces) and not self._paused:
            self._paused = True
            divides = self._divisible(settings.clause)
            self._division = end if divides else None
            events.append(Paused(self._utterance, self._part, end, self._frame, divides))
            self._next_due = self._frame + _frames(settings.interim_interval)

    def _divisible(self, seconds: float) -> bool:
        """Whether a pause may divide the utterance now that its part in progress has lasted ``seconds``."""
        assert self._start is not None
        latest = self._start + _frames(self._settings.soft_limit - _LAST_PART)
        return self._part + _frames(seconds) <= self._voiced <= latest

    def _silence_needed(self) -> int:
        settings = self._settings
        assert self._start is not None
        over = (self._voiced - self._start) * FRAME_SECONDS - settings.soft_limit
        share = min(1.0, max(0.0, over / (settings.hard_limit - settings.soft_limit)))
        full = _frames(settings.end_silence)
        return max(_SHORTEST_PAUSE, round(full + share * (_SHORTEST_PAUSE - full)))

    def _end(self, end: int) -> Ended:
        assert self._start is not None
        ended = Ended(self._utterance, self._part, end, self._frame)
        self._start, self._onset, self._floor = None, None, end
        self._probabilities = []
        self.pauses = []
        return ended

    def _cut(self, events: list[UtteranceEvent]) -> None:
        """End the utterance at its weakest place since the soft limit and begin the next one there."""
        assert self._start is not None
        start, voiced, probabilities = self._start, self._voiced, self._probabilities
        first, last = _frames(self._settings.soft_limit), len(probabilities) - _SMOOTHING
        weakness = {
            position: sum(probabilities[position : position + _SMOOTHING])
            for position in range(first, max(first + 1, last))
        }
        position = min(weakness, key=lambda p: (weakness[p], -p)) + _SMOOTHING // 2
        cut = start + position
        events.append(self._end(cut))
        events.append(self._begin(cut, due=self._frame + _frames(self._settings.interim_interval)))
        self._voiced = voiced
        self._probabilities = probabilities[position:]
