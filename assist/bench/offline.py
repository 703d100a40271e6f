"""Recognition as fast as the machine can: finals, what they cost, how they differ when decoded another way."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from asr.audio import Recording
from asr.engine import Engine, Hypothesis, Window
from asr.entities import EntityErrors, Names, entity_errors
from asr.recognizer import RecognizerSettings
from asr.repair import as_heard
from asr.stream import transcribe
from asr.transcript import Final
from assist.bench.manifest import Item
from assist.bench.score import Score, reference, speech_seconds

BATCH = 8  # windows decoded together, as by the decoder of a busy server
_POOL = 64  # windows kept until neighbours in length are decoded together


class Heard:
    """An engine that remembers the windows of finals it decoded and what it made of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.windows: list[tuple[Window, Hypothesis]] = []

    @property
    def name(self) -> str:
        """That of the engine."""
        return self._engine.name

    def batch_key(self, window: Window) -> Hashable:
        """That of the engine."""
        return self._engine.batch_key(window)

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        """What the engine hears."""
        hypotheses = self._engine.decode(windows)
        self.windows += [pair for pair in zip(windows, hypotheses, strict=True) if pair[0].final]
        return hypotheses


class Stability:
    """Whether windows decoded among others say what they said alone, and how often they were tried."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pool: list[tuple[Window, Hypothesis]] = []
        self._tries: list[int] = []
        self.windows = 0
        self.different = 0

    def add(self, alone: Iterable[tuple[Window, Hypothesis]]) -> None:
        """Windows and what was heard in each of them alone."""
        for window, hypothesis in alone:
            if hypothesis.tries is not None:
                self._tries.append(hypothesis.tries)
            self._pool.append((window, hypothesis))
        while len(self._pool) >= _POOL:
            self._compare()

    def finish(self) -> None:
        """No more windows will come."""
        while self._pool:
            self._compare()

    @property
    def batch_difference(self) -> float:
        """Share of the windows whose text was another one in a batch."""
        return self.different / self.windows if self.windows else 0.0

    @property
    def retries_per_window(self) -> float | None:
        """Decodes beyond the first; None where the engine does not tell."""
        return sum(self._tries) / len(self._tries) - 1 if self._tries else None

    def _compare(self) -> None:
        pool, self._pool = self._pool[:_POOL], self._pool[_POOL:]
        pool.sort(key=lambda pair: pair[0].seconds)
        for first in range(0, len(pool), BATCH):
            batch = pool[first : first + BATCH]
            together = self._engine.decode([window for window, _ in batch])
            self.windows += len(batch)
            self.different += sum(alone.text != other.text for (_, alone), other in zip(batch, together, strict=True))


@dataclass(slots=True)
class Pass:
    """A pass over recordings with one engine. ``unrepaired``: names wrong before words were repaired."""

    engine: Engine
    settings: RecognizerSettings
    names: Names
    score: Score
    unrepaired: EntityErrors = field(default_factory=EntityErrors)

    def recognise(self, item: Item, recording: Recording) -> list[Final]:
        """The finals of ``recording``, with what they cost and got wrong added to the score."""
        score = self.score
        wall, cpu = time.perf_counter(), time.process_time()
        finals = [event for event in transcribe(recording, self.engine, self.settings) if isinstance(event, Final)]
        score.wall_seconds += time.perf_counter() - wall
        score.cpu_seconds += time.process_time() - cpu
        score.seconds += recording.seconds
        score.speech_seconds += speech_seconds(item, speech_of(finals, self.settings))
        heard: dict[int, str] = defaultdict(str)
        unrepaired: dict[int, str] = defaultdict(str)
        for final in finals:
            heard[final.channel] += final.text
            unrepaired[final.channel] += as_heard(final.text, final.repairs)
        score.compare(item, heard, self.names)
        for channel, text in reference(item).items():
            self.unrepaired += entity_errors(text, unrepaired[channel], self.names)
        return finals


def speech_of(finals: Iterable[Final], settings: RecognizerSettings) -> float:
    """Seconds of speech in utterances: what was put before and after each is not counted."""
    padding = settings.utterance.pre_roll + settings.utterance.post_roll
    return sum(max(0.0, final.end - final.start - padding) for final in finals)
