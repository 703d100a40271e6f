"""What the recogniser may believe: text and the engine's doubts, with figures met on real sounds and real speech."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr import Engine, Final, Hypothesis, Phantoms, Recording, SpeechStarted, Window, load, transcribe
from asr.guards import Guards


@pytest.fixture(scope="module")
def guards(phantoms: Phantoms) -> Guards:
    return Guards(phantoms)


@pytest.mark.parametrize(
    ("text", "log_probability", "no_speech", "seconds"),
    [
        ("我", -3.18, 0.84, 1.0),  # an office without callers
        ("嗯", -1.28, 0.57, 0.7),  # a street
        ("诶诶诶诶诶", -0.53, 0.75, 0.6),  # a xylophone
        ("大家午安", -1.49, 0.42, 12.4),  # a dozen people talking at once
        ("欢迎主席", -1.44, 0.63, 7.3),
        ("谢谢观看", -0.3, 0.1, 2.0),
        ("ありがとうございました", -0.3, 0.1, 2.0),
        ("MBC 뉴스 이덕영입니다", -0.3, 0.1, 2.0),
        ("，。", -0.3, 0.1, 2.0),
        ("好的，字幕由某某某某某某制作", -0.4, 0.8, 2.0),
        ("好的，字幕由某某某某某某制作", -1.1, 0.1, 2.0),
    ],
)
def test_what_was_written_over_sounds_is_not_believed(
    text: str, log_probability: float, no_speech: float, seconds: float, guards: Guards
) -> None:
    assert guards.hide(text, Hypothesis(text, (), log_probability, no_speech), seconds)


@pytest.mark.parametrize(
    ("text", "log_probability", "no_speech", "seconds"),
    [
        ("嗯", -1.13, 0.59, 0.9),
        ("好", -1.14, 0.21, 0.6),
        ("喂", -1.11, 0.44, 1.0),
        ("是的", -1.54, 0.06, 1.0),
        ("对对对", -0.81, 0.41, 1.1),
        ("有", -1.44, 0.21, 1.3),
        ("4444444", -0.9, 0.7, 3.0),
        ("他自己可以的", -1.84, 0.34, 2.0),  # a caller on a loud street
        ("电话号码给你听而已", -0.57, 0.82, 8.0),
        ("Thanks, my name is Peter", -0.5, 0.1, 2.0),
        ("我要投诉小铃铛幼儿园", -0.5, 0.3, 2.0),
        ("完", -0.6, 0.2, 0.6),
    ],
)
def test_short_and_noisy_answers_are_believed(
    text: str, log_probability: float, no_speech: float, seconds: float, guards: Guards
) -> None:
    assert not guards.hide(text, Hypothesis(text, (), log_probability, no_speech), seconds)


@given(
    st.text("好的是对嗯我要投诉广州12", min_size=1, max_size=30),
    st.floats(-5, 0),
    st.floats(0, 1),
    st.floats(0.3, 15),
    st.floats(0, 3),
    st.floats(0, 1),
)
def test_more_doubt_never_makes_text_believed(
    text: str, log_probability: float, no_speech: float, seconds: float, unlikelier: float, less_speech: float
) -> None:
    guards = Guards()
    doubted = Hypothesis(text, (), log_probability - unlikelier, min(1.0, no_speech + less_speech))
    if guards.hide(text, Hypothesis(text, (), log_probability, no_speech), seconds):
        assert guards.hide(text, doubted, seconds)


class Doubter:
    """Hears the same over every window."""

    name = "doubter"

    def __init__(self, hypothesis: Hypothesis) -> None:
        self.hypothesis = hypothesis

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        return [self.hypothesis for _ in windows]


def test_what_no_final_may_say_is_not_shown_as_interim_text_either(samples: Path) -> None:
    recording = load(samples / "dev-001.flac")
    speech = Recording(recording.samples[: 6 * recording.sample_rate, :1], recording.sample_rate)
    engine: Engine = Doubter(Hypothesis("我", ((0.0, 0.1),), -3.1, 0.8))
    events = list(transcribe(speech, engine, partials=True))
    assert [event.text for event in events if isinstance(event, Final)] == [""]
    assert len([event for event in events if not isinstance(event, SpeechStarted)]) == 1


def test_no_finals_of_a_call_are_lost_to_the_guards(samples: Path, whisper: Engine) -> None:
    recording = load(samples / "dev-009.flac")
    call = Recording(recording.samples[: 25 * recording.sample_rate], recording.sample_rate)
    finals = [event for event in transcribe(call, whisper) if isinstance(event, Final)]
    assert np.array([bool(final.text) for final in finals]).all()
