from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from asr import SAMPLE_RATE, Engine, ModelError, Window, load
from asr.alignment import HOP, character_times
from asr.audio import Resampler
from asr.rescoring import likelihoods
from asr.whisper import WhisperEngine, WhisperSettings, compression, stammers
from models.call_decoder import call_decoder
from models.trigrams import load_trigrams


@pytest.fixture(scope="module")
def turns(samples: Path) -> list[Window]:
    """Two turns of the agent and two of the citizen."""
    recording = load(samples / "dev-001.flac")
    windows = []
    for channel, start, end in [(0, 14.5, 17.8), (1, 5.4, 14.1), (0, 26.0, 30.9), (1, 59.9, 64.8)]:
        resampler = Resampler(recording.sample_rate)
        audio = recording.samples[int(start * 8000) : int(end * 8000), channel]
        windows.append(Window(np.concatenate([resampler.feed(audio), resampler.finish()]), final=True))
    return windows


def test_telephone_speech_is_heard(whisper: Engine, turns: list[Window]) -> None:
    [hypothesis] = whisper.decode([turns[2]])
    assert "16" in hypothesis.text
    assert "什" in hypothesis.text
    assert hypothesis.reliable
    assert hypothesis.log_probability > -1


def test_other_readings_and_the_probability_of_every_character_are_handed_on(
    whisper: Engine, turns: list[Window]
) -> None:
    [hypothesis] = whisper.decode([turns[2]])
    assert len(hypothesis.probabilities) == len(hypothesis.text)
    assert all(0 <= probability <= 1 for probability in hypothesis.probabilities)
    assert 1 <= len(hypothesis.alternatives) <= 4
    assert all(other.text != hypothesis.text for other in hypothesis.alternatives)
    likelihoods = [other.log_probability for other in hypothesis.alternatives]
    assert likelihoods == sorted(likelihoods, reverse=True)
    [interim] = whisper.decode([Window(turns[2].audio, final=False)])
    assert interim.alternatives == ()


@pytest.mark.parametrize("rescoring", [False, True])
def test_of_the_readings_of_a_final_the_one_is_taken_that_callers_would_say(
    rescoring: bool, whisper: WhisperEngine, turns: list[Window]
) -> None:
    model, network = load_trigrams(), call_decoder() if rescoring else None
    assert (network is not None) == rescoring
    settings = replace(whisper.settings, readings=5)  # all of which are handed on
    whisper = whisper.with_settings(settings)
    weighing = WhisperEngine(
        models.find("whisper-base"), threads=1, settings=settings, language_model=model, network=network
    )
    changed = 0
    for window in turns:
        [heard], [chosen] = whisper.decode([window]), weighing.decode([window])
        readings = {heard.text, *(other.text for other in heard.alternatives)}
        assert {chosen.text, *(other.text for other in chosen.alternatives)} == readings
        liked, before = likelihoods([chosen.text, heard.text], model, network)
        assert liked >= before - 0.1  # what else is weighed changes the last digits
        assert len(chosen.times) == len(chosen.probabilities) == len(chosen.text)
        changed += chosen.text != heard.text
    assert changed
    [first], [second] = (one.decode([Window(turns[1].audio, final=False)]) for one in (whisper, weighing))
    assert second.text == first.text


def test_every_character_has_a_time_inside_the_window(whisper: Engine, turns: list[Window]) -> None:
    for window, hypothesis in zip(turns, whisper.decode(turns), strict=True):
        assert len(hypothesis.times) == len(hypothesis.text) > 0
        assert all(0 <= start <= end <= window.seconds + 0.02 for start, end in hypothesis.times)
        assert all(before <= after for (before, _), (after, _) in pairwise(hypothesis.times))
        assert hypothesis.times[-1][1] > window.seconds / 2
        assert "�" not in hypothesis.text


def test_a_window_is_heard_the_same_alone_and_among_others(whisper: Engine, turns: list[Window]) -> None:
    alone = [whisper.decode([window])[0].text for window in turns]
    assert [hypothesis.text for hypothesis in whisper.decode(turns)] == alone
    assert [hypothesis.text for hypothesis in whisper.decode([turns[0], *turns[::-1]])] == [alone[0], *alone[::-1]]


@pytest.mark.parametrize("seconds", [0.05, 0.4, 1.6, 3.0])
def test_silence_of_any_length_ends_soon_and_says_nothing_for_sure(whisper: Engine, seconds: float) -> None:
    [hypothesis] = whisper.decode([Window(np.zeros(round(seconds * SAMPLE_RATE), np.float32), final=True)])
    assert len(hypothesis.text) <= 40
    assert hypothesis.no_speech > 0.3 or not hypothesis.text or hypothesis.log_probability < -0.5


def test_a_window_longer_than_whisper_hears_is_refused(whisper: Engine) -> None:
    with pytest.raises(ValueError, match="too long"):
        whisper.decode([Window(np.zeros(31 * SAMPLE_RATE, np.float32), final=False)])


@given(seconds=st.floats(0, 30), padding=st.floats(0, 30), grid=st.floats(0.02, 3))
def test_the_padded_length_holds_the_window_and_is_never_one_that_ctranslate2_misreads(
    whisper: WhisperEngine, seconds: float, padding: float, grid: float
) -> None:
    frames = whisper.padded_frames(seconds, padding, grid)
    assert frames % 2 == 0
    assert frames // 2 != 80
    assert seconds * SAMPLE_RATE / HOP <= frames <= 3000
    assert frames == 3000 or frames >= (seconds + padding) * SAMPLE_RATE / HOP


def test_a_loop_is_recognised_by_how_well_it_compresses() -> None:
    assert compression("谢谢" * 60) > WhisperSettings().max_compression
    assert compression("您好，广州12345热线，请问有什么可以帮您？") < WhisperSettings().max_compression
    assert compression("") == 0


def test_a_stammer_is_recognised_and_what_people_repeat_is_not() -> None:
    assert stammers("在曾曾曾曾曾曾红路")
    assert stammers("我们我们我们我们我们我们去")
    assert not stammers("对对对对对，差不多")
    assert not stammers("000000000")


def test_characters_of_a_token_share_its_time_and_a_character_of_several_tokens_has_one() -> None:
    # tokens: 您好 | half of 滘 | other half | 街 | end
    path = [(0, 0), (0, 10), (1, 20), (2, 30), (3, 40), (4, 50)]
    times = character_times(path, [("您好", 1), ("滘", 2), ("街", 1)], seconds=2.0)
    assert [start for start, _ in times] == pytest.approx([0.0, 0.2, 0.4, 0.8])
    assert [end for _, end in times] == pytest.approx([0.2, 0.4, 0.8, 1.0])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 400)), max_size=12))
def test_times_never_run_backwards(path: list[tuple[int, int]]) -> None:
    times = character_times(path, [("一二", 1), ("三", 2), ("", 1), ("四", 1)], seconds=3.0)
    assert len(times) == 4
    flat = [moment for span in times for moment in span]
    assert all(before <= after + 1e-9 for before, after in pairwise(flat))
    assert all(0 <= moment <= 3.0 + 1e-9 for moment in flat)


def test_a_missing_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="assist models fetch") as caught:
        WhisperEngine(tmp_path / "whisper-none")
    assert caught.value.code == "model_missing"


def test_a_model_folder_that_lacks_a_file_is_not_completed_from_the_internet(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"x")
    with pytest.raises(ModelError, match=r"lacks config\.json, tokenizer\.json") as caught:
        WhisperEngine(tmp_path)
    assert caught.value.code == "model_incomplete"


def test_a_damaged_model_is_named_with_what_to_do(whisper: Engine, tmp_path: Path) -> None:
    source = models.find("whisper-base")
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (tmp_path / name).symlink_to(source / name)
    with (source / "model.bin").open("rb") as file:
        (tmp_path / "model.bin").write_bytes(file.read(1_000_000))
    with pytest.raises(ModelError, match="assist models verify") as caught:
        WhisperEngine(tmp_path)
    assert caught.value.code == "model_corrupt"
