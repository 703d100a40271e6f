"""Which language a caller speaks: real speech through the model, and the watch as a state machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr import Engine, Final, Recording, Window, load, transcribe
from asr.audio import Resampler
from asr.engine import SAMPLE_RATE
from asr.language import UNKNOWN, LanguageWatch

FIXTURES = Path(__file__).parents[1] / "fixtures"
WINDOWS = st.lists(
    st.tuples(
        st.floats(0.3, 15),
        st.dictionaries(st.sampled_from(["zh", "en", "ja", "ko", "la"]), st.floats(0, 1), max_size=5),
    ),
    max_size=20,
)


def heard(recording: Recording, engine: Engine, channel: int = 0) -> LanguageWatch:
    one = Recording(recording.samples[:, channel : channel + 1], recording.sample_rate)
    watch = LanguageWatch()
    for event in transcribe(one, engine):
        if isinstance(event, Final):
            watch.feed(event.end - event.start, dict(event.languages))
    return watch


def test_english_is_told_from_one_sentence(whisper: Engine) -> None:
    assert heard(load(FIXTURES / "arctic_a0009.flac"), whisper).language == "en"


@pytest.mark.parametrize("call", ["dev-001", "dev-019"])
def test_callers_who_speak_mandarin_are_never_taken_for_foreigners(call: str, samples: Path, whisper: Engine) -> None:
    recording = load(samples / f"{call}.flac")
    short = Recording(recording.samples[: 60 * recording.sample_rate], recording.sample_rate)
    assert heard(short, whisper, channel=1).language is None


def test_a_single_short_answer_decides_nothing() -> None:
    watch = LanguageWatch()
    assert watch.feed(0.9, {"ja": 0.99, "zh": 0.001}) is None
    assert watch.feed(1.2, {"ja": 0.88, "zh": 0.05}) is None


def test_a_caller_may_turn_to_english_later() -> None:
    watch = LanguageWatch()
    assert watch.feed(2.0, {"zh": 0.97}) is None
    assert watch.feed(2.5, {"en": 0.99, "zh": 0.001}) is None
    assert watch.feed(5.0, {"en": 0.99, "zh": 0.001}) == "en"


def test_a_caller_who_goes_on_in_mandarin_is_taken_back() -> None:
    watch = LanguageWatch()
    assert watch.feed(4.0, {"en": 0.95, "zh": 0.002}) == "en"
    assert watch.feed(15.0, {"zh": 0.99}) is None


def test_a_language_that_cannot_be_named_is_still_not_mandarin() -> None:
    watch = LanguageWatch()
    assert watch.feed(4.0, {"la": 0.4, "th": 0.3}) is None
    assert watch.feed(4.0, {"la": 0.3, "cy": 0.4}) == UNKNOWN


@given(WINDOWS)
def test_nothing_is_decided_before_two_seconds_of_speech(windows: list[tuple[float, dict[str, float]]]) -> None:
    watch, spoken = LanguageWatch(), 0.0
    for seconds, languages in windows:
        if seconds >= watch.settings.shortest and languages:
            spoken += seconds
        if watch.feed(seconds, languages) is not None:
            assert spoken >= watch.settings.least


@given(WINDOWS)
def test_a_likely_mandarin_window_never_raises_an_alarm(windows: list[tuple[float, dict[str, float]]]) -> None:
    watch = LanguageWatch()
    for seconds, languages in windows:
        assert watch.feed(seconds, {**languages, "zh": 1.0}) is None


@given(WINDOWS, st.floats(0.3, 15), st.dictionaries(st.sampled_from(["zh", "en", "ja"]), st.floats(0, 1), max_size=3))
def test_a_glance_tells_what_would_be_told_and_changes_nothing(
    windows: list[tuple[float, dict[str, float]]], seconds: float, languages: dict[str, float]
) -> None:
    watch = LanguageWatch()
    for window in windows:
        watch.feed(*window)
    before = watch.language
    told = watch.glance(seconds, languages)
    assert watch.language == before
    assert watch.glance(seconds, languages) == told == watch.feed(seconds, languages)


def test_interim_windows_of_some_seconds_tell_their_language(whisper: Engine) -> None:
    recording = load(FIXTURES / "arctic_a0009.flac")
    english = Resampler(recording.sample_rate).feed(recording.samples[:, 0])
    [long, short] = whisper.decode([Window(english[: seconds * SAMPLE_RATE], False) for seconds in (3, 1)])
    assert long.languages[0][0] == "en"
    assert short.languages == ()
