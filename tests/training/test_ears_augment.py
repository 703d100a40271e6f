"""A clip augmented stays a clip: finite, in range, about as long, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from faster_whisper.feature_extractor import FeatureExtractor
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.training.ears_augment import (
    AFTER,
    BEFORE,
    CUT,
    NOISES,
    RATE,
    SPEED,
    THROATS,
    Samples,
    another_throat,
    augment,
    line,
    noise,
)


def voiced(seconds: float, pitch: float = 180.0) -> Samples:
    """Syllables of a buzzing voice, a fifth of a second each."""
    clock = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * pitch * n * clock) / n for n in range(1, 12))
    return (0.3 * np.asarray(buzz) * np.sin(np.pi * clock * 5) ** 2).astype(np.float32)


OTHERS = [voiced(1.0, 120.0), voiced(2.5, 230.0)]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), seconds=st.floats(0.15, 6.0), others=st.booleans())
def test_length_and_range_hold_for_every_draw(seed: int, seconds: float, others: bool) -> None:
    clip = voiced(seconds)
    heard = augment(clip, np.random.default_rng(seed), OTHERS if others else ())
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()
    assert 1e-4 < np.abs(heard).max() <= 1
    assert seconds / SPEED[1] - CUT + BEFORE[0] + AFTER[0] - 0.01 <= len(heard) / RATE
    assert len(heard) / RATE <= seconds / SPEED[0] + BEFORE[1] + AFTER[1] + 0.01


def test_the_same_seed_gives_the_same_call_and_another_one_another() -> None:
    clip = voiced(2)
    first, again, other = (augment(clip, np.random.default_rng(seed), OTHERS) for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first[: len(other)], other[: len(first)])


def test_the_clip_itself_is_left_as_it_was() -> None:
    clip = voiced(2)
    before = clip.copy()
    for seed in range(20):
        augment(clip, np.random.default_rng(seed), OTHERS)
    assert np.array_equal(clip, before)


def test_a_line_carries_no_high_frequencies() -> None:
    white = 0.2 * noise("white", 2 * RATE, np.random.default_rng(0))
    for seed in range(5):
        spectrum = np.abs(np.fft.rfft(line(white, np.random.default_rng(seed)))) ** 2
        frequency = np.fft.rfftfreq(2 * RATE, 1 / RATE)[: len(spectrum)]
        assert spectrum[frequency > 4200].sum() < 0.01 * spectrum.sum()


@pytest.mark.parametrize("kind", NOISES)
def test_backgrounds_have_the_length_and_loudness_asked_for(kind: str) -> None:
    made = noise(kind, 3 * RATE + 1, np.random.default_rng(3), OTHERS)
    assert len(made) == 3 * RATE + 1
    assert float(np.std(made)) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("pitch", [400, 900, 2000, 3300])
@pytest.mark.parametrize("factor", THROATS)
def test_another_throat_moves_a_tone_by_its_factor(pitch: int, factor: float) -> None:
    def seen(hertz: float) -> Samples:
        tone = 0.3 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE).astype(np.float32)
        mel: Samples = FeatureExtractor()(tone, padding=0)
        return mel

    moved, wanted = (mel[:, 40].argmax() for mel in (another_throat(seen(pitch), factor), seen(pitch * factor)))
    assert abs(int(moved) - int(wanted)) <= 1


def test_a_throat_of_the_same_length_changes_nothing() -> None:
    mel: Samples = FeatureExtractor()(voiced(1), padding=0)
    assert np.allclose(another_throat(mel, 1.0), mel, atol=1e-4)
