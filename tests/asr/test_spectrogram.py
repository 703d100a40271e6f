import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from hypothesis import given
from hypothesis import strategies as st

from asr.alignment import HOP
from asr.spectrogram import spectrogram


@given(
    samples=st.integers(1, 48_000),
    level=st.sampled_from([0.0, 1e-4, 0.01, 0.5]),
    silence=st.integers(0, 300),
    seed=st.integers(0, 9),
)
def test_silence_behind_a_window_looks_as_if_it_had_been_computed(
    samples: int, level: float, silence: int, seed: int
) -> None:
    features = FeatureExtractor(feature_size=80)
    audio = (level * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)
    frames = -(-samples // HOP) + silence
    whole = np.zeros(max(frames * HOP, samples), np.float32)
    whole[:samples] = audio
    expected = features(whole, padding=0)[:, :frames]
    told = spectrogram(features, audio, frames)
    assert told.dtype == np.float32
    assert told.shape == (80, frames)
    np.testing.assert_allclose(told, expected, atol=1e-5)
