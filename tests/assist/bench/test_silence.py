"""Sounds in which nobody speaks give no text, and are what they say."""

from __future__ import annotations

import numpy as np
import pytest

from asr.engine import Engine
from asr.recognizer import RecognizerSettings
from assist.bench.music import TUNES, hold_music
from assist.bench.silence import listen
from assist.bench.sounds import RATE, SOUNDS, recording


@pytest.mark.parametrize("kind", SOUNDS)
def test_no_sound_of_a_telephone_line_becomes_text(kind: str, whisper: Engine) -> None:
    [heard] = listen([(kind, recording(kind, 20))], whisper, RecognizerSettings())
    assert (heard.texts, heard.interim) == ((), 0)


@pytest.mark.parametrize("kind", ["ringing", "keys", "cough", "office", "music 茉莉花"])
def test_a_sound_is_the_same_in_every_run_and_another_with_another_seed(kind: str) -> None:
    first, again, other = (recording(kind, 5, seed).samples for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert np.array_equal(first, other) == (kind == "ringing")
    assert 0 < np.abs(first).max() <= 1


def test_ringing_sounds_one_second_in_five_at_450_hertz() -> None:
    sound = recording("ringing", 10).samples[:, 0]
    loud = np.abs(sound.reshape(-1, RATE)).max(axis=1) > 0.1
    assert loud.tolist() == [True, False, False, False, False] * 2
    assert np.abs(np.fft.rfft(sound[:RATE])).argmax() == 450


@pytest.mark.parametrize("name", TUNES)
def test_hold_music_has_more_than_one_voice(name: str) -> None:
    music = hold_music(name, RATE, 12)
    power = np.abs(np.fft.rfft(music)) ** 2
    strongest = np.sort(power)[::-1]
    assert strongest[:20].sum() < 0.9 * power.sum()
