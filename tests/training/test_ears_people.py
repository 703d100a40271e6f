"""Recordings of people out of clones, and single words strung together."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scripts.training import ears_people, ears_words
from tests.training.clones import clone

CALL = Path(__file__).resolve().parents[2] / "samples" / "dev-001.flac"


def citizen(start: float, end: float) -> np.ndarray:
    """What the caller of a sample call says between ``start`` and ``end`` seconds."""
    sound, rate = soundfile.read(CALL, dtype="float32", start=int(start * 8000), stop=int(end * 8000))
    assert rate == 8000
    return sound[:, 1]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six recordings of two speakers, each with a second of quiet on either side."""
    turns = json.loads(CALL.with_suffix(".json").read_text(encoding="utf-8"))["turns"]
    said = [turn for turn in turns if turn["speaker"] == "citizen"][:3]
    lines = []
    for number, turn in enumerate(said * 2):
        quiet = np.zeros(8000, np.float32)
        sound = np.concatenate([quiet, citizen(turn["start"], turn["start"] + 0.6), quiet])
        soundfile.write(tmp_path / f"{number}.wav", sound, 8000)
        lines.append({"audio": f"{number}.wav", "text": "甲乙丙"[number % 3], "speaker": f"s{number // 3}"})
    (tmp_path / "manifest.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    return tmp_path


def test_the_quiet_around_a_word_is_cut_off(folder: Path) -> None:
    sound = ears_words.word(folder / "0.wav")
    assert 0.3 * ears_words.RATE < len(sound) < 0.9 * ears_words.RATE
    assert np.abs(sound).max() == pytest.approx(0.6, abs=1e-3)


def test_a_recording_of_nothing_is_no_word(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "quiet.wav", np.zeros(16000, np.float32), 16000)
    assert not len(ears_words.word(tmp_path / "quiet.wav"))


def test_an_utterance_has_different_words_and_no_recording_is_used_twice() -> None:
    words = [{"text": "甲乙丙丁"[n % 4], "audio": str(n)} for n in range(40)]
    groups = list(ears_words.utterances(words, np.random.default_rng(1)))
    used = [one["audio"] for group in groups for one in group]
    assert len(used) == len(set(used)) and len(used) > 30
    assert all(len({one["text"] for one in group}) == len(group) >= ears_words.FEWEST for group in groups)


def test_all_speakers_are_strung_together_once_however_often_it_is_asked_for(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = ears_words.render(folder, out, 1.0, 1)
    lines = [json.loads(line) for line in (out / "train.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["voice"] for line in lines} == {"words s0", "words s1"}
    for line in lines:
        assert sorted(line["text"].strip("。").replace("，", "")) == sorted("甲乙丙")
        assert soundfile.info(out / line["audio"]).duration == pytest.approx(line["seconds"], abs=0.01)
    assert ears_words.render(folder, out, 1.0, 1) == first
    assert len((out / "train.jsonl").read_text(encoding="utf-8").splitlines()) == len(lines)


def test_the_list_of_people_names_many_who_are_told_apart() -> None:
    with ears_people.LISTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len({row["speaker"] for row in rows}) > 50
    assert len({(row["source"], row["path"]) for row in rows}) == len(rows)


def test_words_come_out_of_a_clone_under_numbers_instead_of_names(tmp_path: Path) -> None:
    files = {}
    for word in (0, 6, 15):  # the last one is an English word
        sound = BytesIO()
        soundfile.write(sound, citizen(6, 7), 8000, format="WAV")
        files[f"speech_data/15300000001/15300000001-{word:02d}-01.wav"] = sound.getvalue()
    clone(tmp_path / "clones", ears_people.WORDS_SOURCE, files)
    lines = list(ears_people.words(tmp_path / "clones", tmp_path / "out"))
    assert [(one["text"], one["speaker"]) for one in lines] == [("数字", "dsp01"), ("北京", "dsp01")]
    assert all((tmp_path / "out" / "words" / str(one["audio"])).stat().st_size > 1000 for one in lines)


def test_clones_that_are_missing_are_told_and_nothing_is_made_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(ears_people.sentences(tmp_path, tmp_path / "out")) == []
    assert "left out" in capsys.readouterr().err
