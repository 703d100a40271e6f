"""Which settings of recognition are best: the same recordings under many settings, errors and cost side by side.

A setting is a field of the decoding (`WhisperSettings`), of the cutting into utterances (`UtteranceSettings`) or of the
recogniser (`RecognizerSettings`). Finals are decoded in batches, as on a busy server. Interim text is judged by what an
agent sees of it: how long a character takes to become stable, and how many stable ones the final contradicts.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

from asr.audio import Recording
from asr.engine import Engine, Hypothesis, Window
from asr.metrics import ErrorRate, character_errors, comparable, percentile
from asr.recognizer import RecognizerSettings, Request
from asr.session import CallRecognizer
from asr.stream import chunks_of
from asr.transcript import Final, Partial
from asr.utterance import UtteranceSettings
from asr.whisper import WhisperSettings
from assist.bench.bootstrap import Figure, ratio
from assist.bench.manifest import Item
from assist.bench.offline import BATCH
from assist.bench.score import reference

_PLACES: tuple[tuple[str, type], ...] = (
    ("decoding", WhisperSettings),
    ("utterance", UtteranceSettings),
    ("recognizer", RecognizerSettings),
)


class SweepError(Exception):
    """A setting that cannot be swept; says which and why."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The values that one setting takes; ``place`` says what it is a field of."""

    place: str
    name: str
    values: tuple[Any, ...]


def earlier(path: Path, items: Sequence[Item]) -> dict[str, ErrorRate]:
    """The errors by recording in a file that a sweep of one combination over ``items`` wrote.

    Raises `SweepError` for another file, or one of other recordings.
    """
    try:
        [outcome] = json.loads(path.read_bytes())["outcomes"]
        before = {name: ErrorRate(int(edits), int(of)) for name, (edits, of) in outcome["recordings"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SweepError(f"{path} is not the --json of a sweep over one combination of settings ({error!r})") from None
    if before.keys() != {item.name for item in items}:
        raise SweepError(f"{path} is of other recordings than these; sweep them with that model again")
    return before


@dataclass(slots=True)
class Outcome:
    """What one combination of settings gave. Seconds of speech are those in utterances, pre- and post-roll included."""

    settings: Mapping[str, Any]
    recordings: dict[str, ErrorRate] = field(default_factory=dict)  # of finals, by the recording's name
    utterances: int = 0
    windows: int = 0
    tries: int = 0
    speech_seconds: float = 0.0
    cpu_seconds: float = 0.0  # of finals
    interim_cpu_seconds: float = 0.0
    stable_after: list[float] = field(default_factory=list)  # seconds from the end of a character to its being stable
    stable_errors: ErrorRate = field(default_factory=ErrorRate)  # stable text against the final

    @property
    def errors(self) -> Figure:
        """Character error rate of the finals, with its interval over recordings."""
        rates = self.recordings.values()
        return ratio([one.edits for one in rates], [one.characters for one in rates])

    def against(self, before: Mapping[str, ErrorRate]) -> Figure:
        """Errors left of those ``before`` on the same recordings, as a share of them, with its interval."""
        return ratio([one.edits for one in self.recordings.values()], [before[name].edits for name in self.recordings])

    def to_json(self, before: Mapping[str, ErrorRate] | None = None) -> dict[str, Any]:
        """The figures, and edits and characters of each recording."""
        recordings = {name: (one.edits, one.characters) for name, one in self.recordings.items()}
        return {**self.figures(before), "recordings": recordings}

    def figures(self, before: Mapping[str, ErrorRate] | None = None) -> dict[str, Any]:
        """As a table shows it; ``before``: the errors of an earlier sweep to compare with."""
        speech = max(self.speech_seconds, 1e-9)
        errors = self.errors
        shown: dict[str, Any] = {
            **self.settings,
            "cer": errors.value,
            "cer_95": (errors.low, errors.high),
            "utterances": self.utterances,
            "retries": round(self.tries / max(1, self.windows) - 1, 3),
            "cpu_per_speech_s": round(self.cpu_seconds / speech, 4),
        }
        if before is not None:
            left = self.against(before)
            shown["errors_left"], shown["errors_left_95"] = left.value, (left.low, left.high)
        if self.stable_after:
            shown["interim_cpu_per_speech_s"] = round(self.interim_cpu_seconds / speech, 4)
            shown["stable_after_p50"] = round(percentile(self.stable_after, 0.5), 2)
            shown["stable_after_p95"] = round(percentile(self.stable_after, 0.95), 2)
            shown["stable_contradicted"] = round(self.stable_errors.rate, 4)
        return shown


def axis(text: str) -> Axis:
    """``name=value,value…`` as an axis; the ladder of paddings as ``paddings=2.56/7.68/30,3.84/10.24/30``.

    Raises `SweepError` for a setting that does not exist or a value that is no number.
    """
    name, _, written = text.partition("=")
    settings = {
        one.name: (place, one.default)
        for place, kind in _PLACES
        for one in fields(kind)
        if isinstance(one.default, (int, float, tuple))
    }
    if name not in settings:
        raise SweepError(f"{name!r} is no setting of recognition; there are {', '.join(sorted(settings))}")
    place, default = settings[name]
    try:
        values = tuple(_value(one, default) for one in written.split(","))
    except ValueError:
        raise SweepError(f"{text!r}: every value of {name} must be a number") from None
    return Axis(place, name, values)


def _value(written: str, like: Any) -> Any:
    if isinstance(like, tuple):
        return tuple(float(one) for one in written.split("/"))
    return int(written) if isinstance(like, int) else float(written)


def sweep(
    recordings: Sequence[tuple[Item, Recording]],
    axes: Sequence[Axis],
    decoding: WhisperSettings,
    recognizer: RecognizerSettings,
    engine: Callable[[WhisperSettings], Engine],
    *,
    interims: bool,
    done: Callable[[], None],
) -> Iterator[Outcome]:
    """The outcome of every combination of the axes' values, other settings as given; ``done`` after each recording.

    Raises `SweepError` for a combination that makes no sense.
    """
    for values in product(*(one.values for one in axes)):
        chosen: dict[str, dict[str, Any]] = defaultdict(dict)
        for one, value in zip(axes, values, strict=True):
            chosen[one.place][one.name] = value
        try:
            hearing = replace(
                recognizer, utterance=replace(recognizer.utterance, **chosen["utterance"]), **chosen["recognizer"]
            )
        except ValueError as error:
            raise SweepError(str(error)) from None
        model = engine(replace(decoding, **chosen["decoding"]))
        outcome = Outcome({one.name: value for one, value in zip(axes, values, strict=True)})
        for item, recording in recordings:
            _measure(outcome, item, recording, model, hearing, interims=interims)
            done()
        yield outcome


def _measure(
    outcome: Outcome, item: Item, recording: Recording, engine: Engine, settings: RecognizerSettings, *, interims: bool
) -> None:
    recognizer = CallRecognizer(recording.channels, recording.sample_rate, settings)
    events = [event for chunk in chunks_of(recording) for event in recognizer.feed(chunk)] + recognizer.finish()
    requests = [event for event in events if isinstance(event, Request) and event.final]
    begun = time.process_time()
    hypotheses = decoded(engine, [request.window for request in requests])
    outcome.cpu_seconds += time.process_time() - begun
    outcome.utterances += sum(request.last for request in requests)
    outcome.windows += len(requests)
    outcome.tries += sum(hypothesis.tries or 1 for hypothesis in hypotheses)
    finals: list[Final] = []
    for request, hypothesis in zip(requests, hypotheses, strict=True):
        outcome.speech_seconds += request.end - request.start
        finals += [event for event in recognizer.resolve(request, hypothesis) if isinstance(event, Final)]
    heard: dict[int, str] = defaultdict(str)
    for final in finals:
        heard[final.channel] += final.text
    errors = outcome.recordings.get(item.name, ErrorRate())
    for channel, text in reference(item).items():
        errors += character_errors(text, heard[channel])
    outcome.recordings[item.name] = errors
    if interims:
        _measure_interims(outcome, recording, engine, settings, finals)


def decoded(engine: Engine, windows: Sequence[Window]) -> list[Hypothesis]:
    """What ``engine`` hears in ``windows``, those of like length together."""
    order = sorted(range(len(windows)), key=lambda index: windows[index].seconds)
    heard: dict[int, Hypothesis] = {}
    while order:
        key = engine.batch_key(windows[order[0]])
        batch = [index for index in order[:BATCH] if engine.batch_key(windows[index]) == key]
        heard.update(zip(batch, engine.decode([windows[index] for index in batch]), strict=True))
        order = [index for index in order if index not in heard]
    return [heard[index] for index in range(len(windows))]


def _measure_interims(
    outcome: Outcome, recording: Recording, engine: Engine, settings: RecognizerSettings, finals: Iterable[Final]
) -> None:
    """Interim text as a decoder gives it that is never busy."""
    recognizer = CallRecognizer(recording.channels, recording.sample_rate, settings)
    last: dict[tuple[int, int], Partial] = {}
    for chunk in chunks_of(recording):
        for event in recognizer.feed(chunk):
            if not isinstance(event, Request) or event.final or event.whole:
                continue
            begun = time.process_time()
            [hypothesis] = engine.decode([event.window])
            outcome.interim_cpu_seconds += time.process_time() - begun
            for partial in recognizer.resolve(event, hypothesis):
                if isinstance(partial, Partial):
                    key = partial.channel, partial.utterance
                    before = last[key].stable if key in last else 0
                    new = partial.times[before : partial.stable]
                    outcome.stable_after += [event.ready_at - end for _, end in new]
                    last[key] = partial
    for final in finals:
        shown = last.get((final.channel, final.utterance))
        if shown is not None and shown.stable:
            stable = shown.text[: shown.stable]
            length = len(comparable(stable))
            # the beginning of the final that fits best: what comes later was not yet said
            beginnings = (comparable(final.text)[: length + more] for more in range(-3, 4))
            outcome.stable_errors += min(
                (character_errors(stable, beginning) for beginning in beginnings), key=lambda errors: errors.edits
            )
