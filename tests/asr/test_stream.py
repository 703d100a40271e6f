from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from asr import (
    CallRecognizer,
    Decoder,
    Engine,
    Final,
    Hypothesis,
    Partial,
    RecognizerSettings,
    Recording,
    Request,
    SpeechStarted,
    Window,
    load,
    transcribe,
    transcribe_chunks,
)
from asr.metrics import character_errors

SETTINGS = RecognizerSettings()
DIVIDING = replace(SETTINGS, utterance=replace(SETTINGS.utterance, part=3.0))  # what is said in the sample is short


class Remembering:
    """An engine that decodes no window a second time, so that many tests cost no more than one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[tuple[bytes, bool], Hypothesis] = {}
        self.name = engine.name

    def batch_key(self, window: Window) -> Hashable:
        return self._engine.batch_key(window)

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        return [self._one(window) for window in windows]

    def _one(self, window: Window) -> Hypothesis:
        key = window.audio.tobytes(), window.final
        if key not in self._known:
            [self._known[key]] = self._engine.decode([window])
        return self._known[key]


@pytest.fixture(scope="module")
def ears(whisper: Engine) -> Engine:
    return Remembering(whisper)


@pytest.fixture(scope="module")
def finals(call: Recording, ears: Engine) -> list[Final]:
    return [event for event in transcribe(call, ears) if isinstance(event, Final)]


class Ruler:
    """Hears one character a tenth of a second, so that windows can be checked without a model."""

    name = "ruler"

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def batch_key(self, window: Window) -> Hashable:
        return window.final

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        self.seconds += [window.seconds for window in windows]
        return [self.hear(window.seconds) for window in windows]

    @staticmethod
    @cache
    def hear(seconds: float) -> Hypothesis:
        count = int(seconds * 10)
        return Hypothesis("好" * count, tuple((i / 10, (i + 1) / 10) for i in range(count)))


def test_both_parties_of_a_call_are_heard_in_order(finals: list[Final]) -> None:
    assert [final.channel for final in finals[:3]] == [0, 1, 0]
    assert "广州" in finals[0].text and "帮您" in finals[0].text
    assert "烧烤" in finals[1].text
    assert "请问" in finals[2].text
    assert finals[0].start < 0.8 and finals[0].end == pytest.approx(4.88, abs=0.5)


def test_every_character_of_a_final_can_be_found_in_the_recording(call: Recording, finals: list[Final]) -> None:
    for final in finals:
        assert len(final.text) == len(final.times)
        assert 0 <= final.start < final.end <= call.seconds
        assert all(final.start <= start <= end <= final.end + 0.02 for start, end in final.times)
        assert all(before[0] <= after[0] for before, after in pairwise(final.times))
        assert final.text.isprintable() and "�" not in final.text


@pytest.mark.parametrize("milliseconds", [20, 40, 100, 733])
def test_finals_do_not_depend_on_how_the_audio_came(
    milliseconds: int, call: Recording, finals: list[Final], ears: Engine
) -> None:
    size = call.sample_rate * milliseconds // 1000
    chunks = [call.samples[start : start + size] for start in range(0, len(call.samples), size)]
    events = transcribe_chunks(chunks, call.channels, call.sample_rate, ears)
    assert [event for event in events if isinstance(event, Final)] == finals


def test_finals_are_the_same_alone_and_among_fifteen_other_calls(
    call: Recording, finals: list[Final], whisper: Engine, samples: Path
) -> None:
    """All windows wait together, so that batches form of windows of different calls."""
    other = load(samples / "dev-009.flac")
    rate = other.sample_rate
    others = [other.samples[second * rate : (second + 4) * rate] for second in range(5, 65, 4)]
    recognizer = CallRecognizer(call.channels, call.sample_rate, SETTINGS)
    heard: list[Partial | Final] = []
    with Decoder(whisper, workers=2) as decoder:
        for number, samples_of_other in enumerate(others):
            stranger = CallRecognizer(other.channels, rate, SETTINGS)
            for event in stranger.feed(samples_of_other) + stranger.finish():
                if isinstance(event, Request) and event.final:
                    decoder.submit(number, event)
        requests = [
            event
            for event in recognizer.feed(call.samples) + recognizer.finish()
            if isinstance(event, Request) and event.final
        ]
        waiting = [(request, decoder.submit("call", request)) for request in requests]
        for request, future in waiting:
            hypothesis = future.result(60)
            assert hypothesis is not None
            heard += recognizer.resolve(request, hypothesis)
    assert [final.text for final in heard] == [final.text for final in finals]
    assert [final.times for final in heard] == [final.times for final in finals]


def test_interim_text_grows_into_the_final(call: Recording, finals: list[Final], ears: Engine) -> None:
    short = Recording(call.samples[: 6 * call.sample_rate, :1], call.sample_rate)
    events = list(transcribe(short, ears, partials=True))
    assert isinstance(events[0], SpeechStarted)
    partials = [event for event in events if isinstance(event, Partial)]
    assert len(partials) >= 4
    assert partials[0].end - events[0].at < 1.2
    assert all(len(partial.text) == len(partial.times) >= partial.stable for partial in partials)
    [final] = [event for event in events if isinstance(event, Final)]
    assert final == finals[0]
    # the window decoded at the pause is that of the final; only what was stable before it stays as it was, which may be
    # a character more or less
    beyond = partials[-1].text[partials[-2].stable :]
    assert beyond
    assert final.text.endswith(beyond)
    assert partials[-1].stable > 0
    for earlier, later in pairwise(partials):
        assert later.text.startswith(earlier.text[: earlier.stable])
        assert later.stable >= earlier.stable


@dataclass(frozen=True)
class Longer:
    """A character replaced by two."""

    start: int
    text: str = "某某"

    @property
    def end(self) -> int:
        return self.start + 1


class Wavering:
    """Finds something else to repair in every text."""

    def repairs(self, text: str, earlier: Sequence[str], readings: Sequence[str] = ()) -> list[Longer]:
        return [Longer(at) for at in range(len(text) % 3, len(text), 4)]


def test_stable_text_stays_while_an_utterance_lasts_however_repairs_come_and_go(call: Recording, ears: Engine) -> None:
    short = Recording(call.samples[: 6 * call.sample_rate, :1], call.sample_rate)
    events = transcribe(short, ears, replace(SETTINGS, lexicon=Wavering()), partials=True)
    partials = [event for event in events if isinstance(event, Partial)]
    assert any(partial.repairs and partial.repairs[0].end <= partial.stable for partial in partials)
    for earlier, later in pairwise(partials):
        assert later.text.startswith(earlier.text[: earlier.stable])
        assert later.stable >= earlier.stable
        assert len(later.times) == len(later.text)


def test_the_window_of_a_final_is_the_one_decoded_at_the_pause(call: Recording) -> None:
    ruler = Ruler()
    assert [event for event in transcribe(call, ruler, partials=True) if isinstance(event, Final)]
    recognizer = CallRecognizer(call.channels, call.sample_rate, SETTINGS)
    requests = [e for e in recognizer.feed(call.samples) + recognizer.finish() if isinstance(e, Request)]
    windows = {id(request.window) for request in requests}
    assert len(ruler.seconds) == len(windows) < len(requests)


def test_a_long_monologue_costs_no_more_a_second_than_a_short_one(samples: Path) -> None:
    recording = load(samples / "dev-009.flac")
    speech = recording.samples[int(25.5 * 8000) : int(37.5 * 8000), 1:]
    monologue = Recording(np.concatenate([speech] * 5), recording.sample_rate)
    ruler = Ruler()
    events = list(transcribe(monologue, ruler, partials=True))
    longest = SETTINGS.utterance.hard_limit + 1
    assert max(ruler.seconds) <= longest
    interim = [event for event in events if isinstance(event, Partial)]
    assert sum(ruler.seconds) / monologue.seconds < 10
    assert all(len(partial.text) == len(partial.times) for partial in interim)
    assert all(before[0] <= after[0] + 1e-6 for p in interim for before, after in pairwise(p.times))


def noises() -> dict[str, NDArray[np.float32]]:
    rate, seconds = 8000, 20
    rng = np.random.default_rng(3)
    clock = np.arange(rate * seconds) / rate
    ringing = np.sin(2 * np.pi * 450 * clock) * (clock % 5 < 1)
    keys = np.sin(2 * np.pi * 770 * clock) + np.sin(2 * np.pi * 1336 * clock)
    sounds = {
        "silence": np.zeros(rate * seconds),
        "white noise": rng.normal(0, 0.02, rate * seconds),
        "hum": 0.05 * np.sin(2 * np.pi * 50 * clock),
        "ringing": 0.2 * ringing,
        "keys": 0.1 * keys * (clock % 0.5 < 0.1),
    }
    return {name: sound.astype(np.float32)[:, None] for name, sound in sounds.items()}


@pytest.mark.parametrize("name", noises())
def test_nothing_is_heard_where_nobody_speaks(name: str, whisper: Engine) -> None:
    events = list(transcribe(Recording(noises()[name], 8000), whisper, partials=True))
    assert "".join(event.text for event in events if not isinstance(event, SpeechStarted)) == ""


def test_no_audio_gives_no_events() -> None:
    assert list(transcribe_chunks([], 2, 8000, Ruler())) == []
    recognizer = CallRecognizer(1, 48000, SETTINGS)
    assert recognizer.feed(np.zeros((0, 1), np.float32)) == []
    assert recognizer.finish() == []


def requests_of(recognizer: CallRecognizer, call: Recording) -> list[Request]:
    events = recognizer.feed(call.samples) + recognizer.finish()
    return [event for event in events if isinstance(event, Request)]


def test_finals_wait_for_those_that_ended_earlier(call: Recording) -> None:
    recognizer = CallRecognizer(call.channels, call.sample_rate, SETTINGS)
    requests = [request for request in requests_of(recognizer, call) if request.final]
    first, second = [(request.channel, request.utterance) for request in requests if request.last][:2]
    nothing = Hypothesis("", ())
    for request in requests:
        if (request.channel, request.utterance) == second:
            assert recognizer.resolve(request, nothing) == []
    released = [
        final
        for request in requests
        if (request.channel, request.utterance) == first
        for final in recognizer.resolve(request, nothing)
    ]
    assert [(final.channel, final.utterance) for final in released] == [first, second]
    assert recognizer.pending > 0


def test_the_parts_of_an_utterance_make_one_final_in_whatever_order_they_are_heard(call: Recording) -> None:
    caller = Recording(call.samples[:, 1:], call.sample_rate)
    finals = []
    for reverse in (False, True):
        recognizer = CallRecognizer(1, caller.sample_rate, DIVIDING)
        parts = [one for one in requests_of(recognizer, caller) if one.final and one.utterance == 0]
        assert [part.last for part in parts] == [False, True]
        assert parts[0].start < parts[1].start <= parts[0].end
        *before, final = [
            recognizer.resolve(part, Ruler.hear(part.window.seconds))
            for part in sorted(parts, key=lambda one: one.start, reverse=reverse)
        ]
        assert before == [[]]
        [heard] = final
        assert (heard.start, heard.end) == (parts[0].start, parts[1].end)
        assert len(heard.text) == sum(int(part.window.seconds * 10) for part in parts)
        finals.append(heard)
    assert finals[0] == finals[1]


def test_interim_text_holds_each_part_of_an_utterance_once(call: Recording) -> None:
    events = list(transcribe(call, Ruler(), DIVIDING, partials=True))
    partials = [event for event in events if isinstance(event, Partial) and event.channel == 1]
    assert max(partial.end - partial.start for partial in partials) > DIVIDING.utterance.part + 3
    for partial in partials:
        assert len(partial.text) == pytest.approx(10 * (partial.end - partial.start), abs=3)


def test_a_hypothesis_of_a_part_that_is_decided_already_is_not_shown(call: Recording) -> None:
    recognizer = CallRecognizer(call.channels, call.sample_rate, DIVIDING)
    requests = [one for one in requests_of(recognizer, call) if (one.channel, one.utterance) == (1, 0)]
    [decided] = [one for one in requests if one.final and not one.last]
    [paused] = [one for one in requests if not one.final and one.window is decided.window]
    recognizer.resolve(requests[0], Ruler.hear(requests[0].window.seconds))
    heard = Ruler.hear(decided.window.seconds)
    assert recognizer.resolve(decided, heard) == []
    assert recognizer.resolve(paused, heard) == []


def test_an_interim_hypothesis_that_comes_after_the_final_is_not_shown(call: Recording) -> None:
    recognizer = CallRecognizer(call.channels, call.sample_rate, SETTINGS)
    events = recognizer.feed(call.samples) + recognizer.finish()
    requests = [event for event in events if isinstance(event, Request) and event.channel == 0 and event.utterance == 0]
    [final] = [request for request in requests if request.final]
    interim = next(request for request in requests if not request.final)
    assert isinstance(recognizer.resolve(final, Ruler.hear(2.0))[0], Final)
    assert recognizer.resolve(interim, Ruler.hear(1.0)) == []


def test_a_hypothesis_that_went_astray_leaves_the_interim_text_as_it_was(call: Recording) -> None:
    recognizer = CallRecognizer(call.channels, call.sample_rate, SETTINGS)
    requests = [event for event in recognizer.feed(call.samples) if isinstance(event, Request)]
    assert recognizer.resolve(requests[0], Hypothesis("好好", ((0, 0.1), (0.1, 0.2)), reliable=False)) == []


def test_the_sample_calls_are_heard_well_enough_to_work_with(finals: list[Final]) -> None:
    """Not a benchmark: a guard against losing whole turns."""
    said = "您好，广州12345热线，请问有什么可以帮您？先生您别着急，请问具体在什么位置呢？"
    agent = "".join(final.text for final in finals if final.channel == 0)
    assert character_errors(said, agent).rate < 0.45
