"""The adapted model hears telephone calls better than the base model, with less context, and keeps what that knew."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import models
from asr import Engine, Final, Recording, load, transcribe
from asr.language import LanguageWatch
from asr.metrics import ErrorRate, character_errors
from assist.bench.manifest import read
from assist.bench.score import reference
from assist.config import Asr
from assist.speech import decoding_of, whisper

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(scope="module")
def ears() -> Engine:
    return whisper(Asr(workers=1))


def errors(engine: Engine, path: Path) -> ErrorRate:
    [item] = [item for item in read(path.parent) if item.audio == path]
    heard: dict[int, str] = defaultdict(str)
    for event in transcribe(load(path), engine):
        if isinstance(event, Final):
            heard[event.channel] += event.text
    total = ErrorRate()
    for channel, text in reference(item).items():
        total += character_errors(text, heard[channel])
    return total


def test_the_default_model_is_the_adapted_one_with_settings_of_its_own() -> None:
    assert Asr().model == "whisper-base-ears"
    assert decoding_of(Asr()).paddings[0] < decoding_of(Asr(model="whisper-base")).paddings[0]
    assert models.artefact("whisper-base-ears").files[0].recipe == "whisper-adapter"


def test_a_call_is_heard_with_a_sixth_fewer_errors_at_least(ears: Engine, whisper: Engine, samples: Path) -> None:
    call = samples / "dev-009.flac"
    before, after = errors(whisper, call), errors(ears, call)
    assert after.characters == before.characters >= 300
    assert after.rate < before.rate * 5 / 6


def test_an_english_caller_is_still_told(ears: Engine) -> None:
    watch = LanguageWatch()
    for event in transcribe(load(FIXTURES / "arctic_a0009.flac"), ears):
        if isinstance(event, Final):
            watch.feed(event.end - event.start, dict(event.languages))
    assert watch.language == "en"


def test_nothing_is_heard_in_noise(ears: Engine) -> None:
    rng = np.random.default_rng(3)
    for level in (0.003, 0.03, 0.2):
        noise = (level * rng.standard_normal((8_000 * 10, 1))).astype(np.float32)
        assert not [event for event in transcribe(Recording(noise, 8_000), ears) if getattr(event, "text", "")]
