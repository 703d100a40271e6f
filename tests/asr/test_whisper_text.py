"""Both ways to run Whisper's decoder hear the same."""

import math
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import models
from asr import SAMPLE_RATE, Window, load
from asr.audio import Resampler
from asr.metrics import ErrorRate, character_errors
from asr.whisper import MOST_TOKENS, WhisperEngine, WhisperSettings
from asr.whisper_ct2 import Ct2TextDecoder
from asr.whisper_onnx import OnnxTextDecoder
from asr.whisper_text import Search


@pytest.fixture(scope="module")
def engines() -> tuple[WhisperEngine, WhisperEngine]:
    """One that computes with 8 bits, and one in full precision, which CTranslate2 runs."""
    model = models.find("whisper-base")
    return WhisperEngine(model, compute_type="int8"), WhisperEngine(model, compute_type="float32")


def _windows(samples: Path, *, final: bool) -> list[Window]:
    recording = load(samples / "dev-001.flac")
    windows = []
    for channel, start, end in [(0, 14.5, 17.8), (1, 5.4, 14.1), (0, 26.0, 30.9), (1, 59.9, 64.8)]:
        resampler = Resampler(recording.sample_rate)
        audio = recording.samples[int(start * 8000) : int(end * 8000), channel]
        windows.append(Window(np.concatenate([resampler.feed(audio), resampler.finish()]), final=final))
    return windows


def test_eight_bits_on_a_processor_are_run_by_onnx_runtime_and_the_rest_by_ctranslate2(
    engines: tuple[WhisperEngine, WhisperEngine],
) -> None:
    eight, full = engines
    assert isinstance(eight._text, OnnxTextDecoder)
    assert isinstance(full._text, Ct2TextDecoder)


@pytest.mark.parametrize("final", [True, False])
def test_what_is_heard_in_eight_bits_is_what_is_heard_in_full_precision(
    engines: tuple[WhisperEngine, WhisperEngine], samples: Path, final: bool
) -> None:
    windows = _windows(samples, final=final)
    rates = []
    for eight, full in zip(*(engine.decode(windows) for engine in engines), strict=True):
        rates.append(character_errors(full.text, eight.text))
        assert eight.log_probability == pytest.approx(full.log_probability, abs=0.15)
        assert eight.no_speech == pytest.approx(full.no_speech, abs=0.1)
        if eight.languages and full.languages:
            assert eight.languages[0][0] == full.languages[0][0] == "zh"
            assert sum(share for _, share in eight.languages) <= 1 + 1e-6
        if eight.text == full.text:
            pairs = list(zip(eight.times, full.times, strict=True))
            assert all(math.dist(one, other) < 0.25 for one, other in pairs)
            gaps = [abs(one - other) for one, other in zip(eight.probabilities, full.probabilities, strict=True)]
            assert sum(gaps) / len(gaps) < 0.1
    assert sum(rates, ErrorRate()).rate <= 0.15


def test_a_model_that_knows_english_only_tells_no_languages(
    engines: tuple[WhisperEngine, WhisperEngine], samples: Path
) -> None:
    engine, _ = engines
    decoder = copy(engine._text)
    assert isinstance(decoder, OnnxTextDecoder)
    decoder._steering = replace(decoder._steering, languages=())
    [window, *_] = _windows(samples, final=False)
    [found] = decoder.decode(engine._encode([window], 600), Search(1, 0.0, 1), limit=20, languages=True)
    assert found.languages == ()
    assert found.readings[0].tokens


def test_the_longest_window_may_have_as_many_tokens_as_the_decoder_has_places_for(
    engines: tuple[WhisperEngine, WhisperEngine],
) -> None:
    generous = WhisperSettings(tokens_per_second=50.0)
    for engine in engines:
        window = Window(np.zeros(30 * SAMPLE_RATE, np.float32), final=True)
        frames, limit, _ = engine.with_settings(generous)._shape(window, 0)
        assert limit == MOST_TOKENS
        [found] = engine._text.decode(engine._encode([window], frames), Search(1, 0.0, 1), limit=limit, languages=False)
        assert len(found.readings[0].tokens) <= limit


def test_a_text_is_cut_off_where_it_has_as_many_tokens_as_may_be(
    engines: tuple[WhisperEngine, WhisperEngine], samples: Path
) -> None:
    [*_, window] = _windows(samples, final=False)
    for engine in engines:
        encoded = engine._encode([window], 800)
        for beams in (1, 5):
            [found] = engine._text.decode(encoded, Search(beams, 2.0, beams), limit=7, languages=False)
            assert {len(one.tokens) for one in found.readings} == {7}
            [aligned] = engine._text.align([found], [0], [window.seconds])
            assert len(aligned.probabilities) == 7
            assert max(frame for _, frame in aligned.path) < window.seconds * SAMPLE_RATE / 320
            assert found.languages == ()


def test_a_reading_goes_on_alike_whatever_stands_beside_it(
    engines: tuple[WhisperEngine, WhisperEngine], samples: Path
) -> None:
    eight, _ = engines
    decoder = eight._text
    assert isinstance(decoder, OnnxTextDecoder)
    window = _windows(samples, final=True)[0]
    [encoded] = np.asarray(eight._encode([window], 600))
    prompt = np.array(decoder._steering.prompt)
    many, likeliest = len(prompt), []
    for beside in (1, 3):  # readings with the same first token; the last of them is gone on from
        state = decoder._begun(encoded)
        decoder._step(state, prompt, np.arange(many), np.tri(many, dtype=bool), 1, "top_ids")
        sees = np.concatenate([np.ones((beside, many), bool), np.eye(beside, dtype=bool)], axis=1)
        tokens = np.full(beside, 1000)
        decoder._step(state, tokens, np.full(beside, many), sees, 1, "top_ids")
        on = np.concatenate([sees[-1:], np.ones((1, 1), bool)], axis=1)
        likeliest.append(decoder._step(state, tokens[:1], np.array([many + 1]), on, 5, "top_values", "top_ids"))
    (values, ids), (values_beside, ids_beside) = likeliest
    assert ids.tolist() == ids_beside.tolist()
    np.testing.assert_allclose(values, values_beside, atol=1e-3)
