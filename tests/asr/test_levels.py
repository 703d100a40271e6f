from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr import RecognizerSettings, UtteranceSettings, load
from asr.levels import Levels, levels_of
from asr.recognizer import Request
from asr.session import CallRecognizer
from asr.stream import chunks_of
from asr.vad import FRAME

DECIBELS = st.floats(-90, 0)


def test_a_tone_of_full_scale_has_a_level_of_three_decibels_below_it() -> None:
    tone = np.sin(2 * np.pi * np.arange(4 * FRAME) / 32).astype(np.float32).reshape(4, FRAME)
    assert levels_of(tone) == pytest.approx([-3.01] * 4, abs=0.01)
    assert levels_of(tone / 10) == pytest.approx([-23.01] * 4, abs=0.01)


def test_digital_silence_has_a_level_and_no_frames_have_none() -> None:
    assert np.isfinite(levels_of(np.zeros((2, FRAME), np.float32))).all()
    assert levels_of(np.zeros((0, FRAME), np.float32)).shape == (0,)


@given(DECIBELS)
def test_no_level_is_noise_before_both_were_heard(level: float) -> None:
    levels = Levels()
    assert not levels.noise(level)
    levels.follow(0.9, -20)
    assert not levels.noise(level)


@given(DECIBELS, DECIBELS, DECIBELS)
def test_what_is_nearer_to_the_noise_is_noise(speech: float, noise: float, level: float) -> None:
    levels = Levels()
    for _ in range(3):
        levels.follow(0.95, speech)
        levels.follow(0.01, noise)
    nearer = abs(level - noise) < abs(level - speech) or level < noise
    if abs(abs(level - noise) - abs(level - speech)) > 1e-6:
        assert levels.noise(level) == (speech - noise >= 3 and nearer)


def test_the_ends_of_real_utterances_over_noise_are_known_sooner(samples: Path) -> None:
    recording = load(samples / "dev-001.flac")

    def ends(fading: float) -> list[tuple[float, float]]:
        settings = RecognizerSettings(UtteranceSettings(fading=fading))
        recognizer = CallRecognizer(recording.channels, recording.sample_rate, settings)
        events = [event for chunk in chunks_of(recording) for event in recognizer.feed(chunk)] + recognizer.finish()
        return [(one.start, one.ready_at) for one in events if isinstance(one, Request) and one.last and one.channel]

    late, soon = dict(ends(UtteranceSettings().end_threshold)), dict(ends(UtteranceSettings().fading))
    both = late.keys() & soon.keys()
    assert len(both) >= 0.7 * len(late)
    sooner = [late[start] - soon[start] for start in both]
    assert min(sooner) >= 0
    assert float(np.median(sooner)) > 0
