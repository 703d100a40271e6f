from pathlib import Path

import numpy as np
import pytest
from faster_whisper.vad import get_vad_model

from asr import load
from asr.audio import Resampler
from asr.vad import FRAME, VoiceActivity


@pytest.mark.parametrize("batch", [1, 3, 25, 10_000])
def test_a_stream_of_frames_gives_what_the_whole_recording_gives(samples: Path, batch: int) -> None:
    recording = load(samples / "dev-001.flac")
    resampler = Resampler(recording.sample_rate)
    audio = np.concatenate([resampler.feed(recording.samples[:160_000, 1]), resampler.finish()])
    audio = audio[: len(audio) // FRAME * FRAME]
    expected = get_vad_model()(audio).reshape(-1)
    activity, frames = VoiceActivity(), audio.reshape(-1, FRAME)
    streamed = np.concatenate([activity.feed(frames[start : start + batch]) for start in range(0, len(frames), batch)])
    assert np.allclose(streamed, expected, atol=1e-5)
    assert streamed.max() > 0.9
    assert streamed.min() < 0.1


def test_silence_is_no_speech() -> None:
    assert VoiceActivity().feed(np.zeros((200, FRAME), np.float32)).max() < 0.2


def test_no_frames_give_no_probabilities() -> None:
    assert VoiceActivity().feed(np.zeros((0, FRAME), np.float32)).shape == (0,)
