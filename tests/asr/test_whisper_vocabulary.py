from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import models
from asr import Engine, Window
from asr.whisper import WhisperEngine
from asr.whisper_vocabulary import TokenMap, reduced
from models.model_bin import UnknownLayoutError
from tests.asr.test_whisper import turns

__all__ = ["turns"]


@pytest.fixture(scope="module")
def model() -> Path:
    return models.find("whisper-base")


def test_a_smaller_vocabulary_hears_what_the_whole_one_hears(whisper: Engine, model: Path, turns: list[Window]) -> None:
    whole = WhisperEngine(model, whole_vocabulary=True).decode(turns)
    for small, large in zip(whisper.decode(turns), whole, strict=True):
        assert small.text.replace(" ", "") == large.text.replace(" ", "")  # a space may be as likely as none
        assert small.log_probability == pytest.approx(large.log_probability, abs=0.1)
        assert small.languages[0][0] == large.languages[0][0] == "zh"


def test_it_keeps_what_is_written_on_this_line_and_nothing_else(model: Path) -> None:
    files, tokens = reduced(model)
    kept = json.loads(files["vocabulary.json"])
    assert len(kept) == len(tokens) < 15_000
    assert {"<|zh|>", "<|ko|>", "<|notimestamps|>", "Ġthe", "1", "12", "ä½ł"} <= set(kept)  # the last is 你
    assert not {"Ð¿", "Ð¾Ð²", "ãģĦãģ¾ãģĻ"} & set(kept)  # Cyrillic, kana
    assert len(files["model.bin"]) < 0.8 * (model / "model.bin").stat().st_size


def test_tokens_are_numbered_by_the_model_and_by_the_tokenizer(model: Path) -> None:
    _, tokens = reduced(model)
    vocabulary = json.loads((model / "vocabulary.json").read_text(encoding="utf-8"))
    end = vocabulary.index("<|endoftext|>")
    assert tokens.to_text(tokens.to_model([5, end])) == [5, end]
    assert TokenMap([3, 7]).to_model([7, 5, 3]) == [1, 0]


@pytest.mark.parametrize(
    ("damage", "said"),
    [(lambda data: data[:1000], "ends too early"), (lambda data: b"\x09" + data[1:], "format 9")],
)
def test_a_model_of_another_layout_is_told(model: Path, tmp_path: Path, damage: object, said: str) -> None:
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        shutil.copy(model / name, tmp_path / name)
    (tmp_path / "model.bin").write_bytes(damage((model / "model.bin").read_bytes()))  # type: ignore[operator]
    with pytest.raises(UnknownLayoutError, match=re.escape(said)):
        reduced(tmp_path)


def test_a_model_without_a_list_of_its_tokens_is_used_whole(model: Path, tmp_path: Path, turns: list[Window]) -> None:
    for name in ("config.json", "tokenizer.json", "model.bin"):
        (tmp_path / name).symlink_to(model / name)
    vocabulary = json.loads((model / "vocabulary.json").read_text(encoding="utf-8"))
    (tmp_path / "vocabulary.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    assert "门口" in WhisperEngine(tmp_path).decode([turns[2]])[0].text
