"""What lines play: recordings as calls, each with the finals that are due for it, cycled where there are too few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from asr.audio import Recording
from asr.engine import Engine
from asr.recognizer import RecognizerSettings
from asr.stream import transcribe
from asr.transcript import Final
from assist.bench.live import Clip
from assist.bench.manifest import Item
from assist.bench.offline import speech_of
from assist.bench.played import said_until
from assist.bench.score import speech_seconds
from assist.bench.sound import Telephone, cut, sound

_SILENCE_AFTER = 1.5  # seconds a clip's speaker stays on the line, so that the end of what was said can be heard
_SHORTEST = 5.0  # seconds: a shorter rest of a line's time is left empty


class Clips:
    """``items`` to play, recognised beforehand with ``engine`` so that it is known what is due."""

    def __init__(
        self, items: Sequence[Item], engine: Engine, settings: RecognizerSettings, telephone: Telephone
    ) -> None:
        self._items = items
        self._engine = engine
        self._settings = settings
        self._telephone = telephone
        self._known: dict[tuple[int, int], Clip] = {}

    def lines(self, lines: int, seconds: float) -> list[list[Clip]]:
        """What each of ``lines`` lines plays for ``seconds`` of audio; the last call of each breaks off.

        Lines begin with different recordings as far as there are so many.
        """
        return [list(self._line(first, seconds)) for first in range(lines)]

    def endless(self, lines: int, seconds: float) -> list[Iterator[Clip]]:
        """As ``lines``, made up while it is played, of whole recordings only."""
        for index in range(len(self._items)):
            self._clip(index, None)
        return [self._line(first, seconds, whole=True) for first in range(lines)]

    def _line(self, first: int, seconds: float, *, whole: bool = False) -> Iterator[Clip]:
        index, left = first % len(self._items), seconds
        while left >= _SHORTEST:
            clip = self._clip(index, None if whole else left)
            yield clip
            left -= clip.recording.seconds
            index = (index + 1) % len(self._items)

    def _clip(self, index: int, seconds: float | None) -> Clip:
        item = self._items[index]
        whole = self._known.get((index, 0))
        recording = whole.recording if whole else self._sound(item)
        key = index, 0
        if seconds is not None and seconds < recording.seconds:
            recording = cut(recording, seconds)
            key = index, len(recording.samples)
        if key not in self._known:
            finals = [
                event for event in transcribe(recording, self._engine, self._settings) if isinstance(event, Final)
            ]
            speech = speech_seconds(item, speech_of(finals, self._settings), recording.seconds)
            uncut = key[1] == 0
            said = item if uncut else said_until(item, recording.seconds)
            self._known[key] = Clip(recording, item.spoken, speech, due(finals), said, uncut)
        return self._known[key]

    def _sound(self, item: Item) -> Recording:
        recording = sound(item, self._telephone)
        if item.call:
            return recording
        silence = round(_SILENCE_AFTER * recording.sample_rate)
        return Recording(np.pad(recording.samples, ((0, silence), (0, 0))), recording.sample_rate)


def due(finals: Sequence[Final]) -> Mapping[tuple[int, int], str]:
    """The finals that a server tells: those with text."""
    return {(final.channel, final.utterance): final.text for final in finals if final.text}
