from pathlib import Path

import numpy as np
import pytest
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from asr import load
from asr.audio import Resampler
from asr.vad import FRAME, VoiceActivity
from models.model_bin import UnknownLayoutError
from models.silero_onnx import batched


@pytest.fixture(scope="module")
def call(samples: Path) -> NDArray[np.float32]:
    """Frames ``[n, 2, 512]`` of 20 s of both parties."""
    recording = load(samples / "dev-001.flac")
    channels = []
    for channel in range(2):
        resampler = Resampler(recording.sample_rate)
        channels.append(np.concatenate([resampler.feed(recording.samples[:160_000, channel]), resampler.finish()]))
    audio = np.stack(channels)
    return audio[:, : audio.shape[1] // FRAME * FRAME].reshape(2, -1, FRAME).swapaxes(0, 1)


def test_speech_is_as_probable_as_silero_says(call: NDArray[np.float32]) -> None:
    told = VoiceActivity(2).feed(call)
    for channel in range(2):
        audio = call[:, channel].flatten()  # a copy: faster-whisper silences the end of what it is given
        assert np.allclose(told[:-1, channel], get_vad_model()(audio).reshape(-1)[:-1], atol=1e-5)
    assert told.max() > 0.9
    assert told.min() < 0.1


@pytest.mark.parametrize("batch", [1, 2, 3, 25])
def test_a_stream_of_frames_gives_what_the_whole_recording_gives_to_the_last_bit(
    call: NDArray[np.float32], batch: int
) -> None:
    activity = VoiceActivity(2)
    streamed = [activity.feed(call[start : start + batch]) for start in range(0, len(call), batch)]
    assert np.array_equal(np.concatenate(streamed), VoiceActivity(2).feed(call))


def test_a_channel_is_told_the_same_whoever_is_on_the_other(call: NDArray[np.float32]) -> None:
    alone = VoiceActivity(1).feed(call[:, :1])
    assert np.array_equal(VoiceActivity(2).feed(call)[:, :1], alone)


def test_silence_is_no_speech() -> None:
    assert VoiceActivity(1).feed(np.zeros((200, 1, FRAME), np.float32)).max() < 0.2


def test_no_frames_give_no_probabilities() -> None:
    assert VoiceActivity(2).feed(np.zeros((0, 2, FRAME), np.float32)).shape == (0, 2)


def test_a_detector_of_another_layout_is_refused() -> None:
    with pytest.raises(UnknownLayoutError, match="the detector of speech has no"):
        batched(b"")
