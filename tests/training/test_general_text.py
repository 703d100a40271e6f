"""Sentences about anything come out of clones once each, and never those that measure."""

import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

from scripts.training import general_text
from tests.training.clones import clone


@pytest.fixture
def clones(tmp_path: Path) -> Path:
    films = [{"messages": [{"message": "这部电影的导演是谁？"}, {"message": "好像是一位老人。"}]}]
    clone(tmp_path, "thu-coai/KdConv", {"data/film/dev.json": json.dumps(films).encode()})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        talk = {"1": {"messages": [{"content": "附近有什么好吃的吗？"}, {"content": "好像是一位老人！"}]}}
        archive.writestr("val.json", json.dumps(talk))
    clone(tmp_path, "thu-coai/CrossWOZ", {"data/crosswoz/val.json.zip": packed.getvalue()})
    read = "S0724W0121 (番禺)区 [甲某] 说\nS0724W0122 测量用的句子\n".encode()
    clone(tmp_path, "Alibaba-NLP/AISHELL-NER", {"data/aishell_ner_transcript.dev.txt": read})
    return tmp_path


def test_each_clone_gives_its_sentences_none_twice_and_none_that_measures(
    clones: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = list(general_text.sentences(clones, {general_text.bare("测量用的句子。")}))
    assert told == ["这部电影的导演是谁？", "好像是一位老人。", "附近有什么好吃的吗？", "番禺区甲某说"]
    assert "no sentences of MozillaChina/common-voice-fix: clone it" in capsys.readouterr().out


def test_what_recordings_say_is_left_out_of_the_file(
    clones: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = tmp_path / "measured.jsonl"
    manifest.write_text(json.dumps({"text": "附近有什么好吃的吗"}, ensure_ascii=False) + "\n", encoding="utf-8")
    out = tmp_path / "made" / "general.txt"
    monkeypatch.setattr(sys, "argv", ["general_text", str(clones), str(out), "--without", str(manifest)])
    general_text.main()
    lines = out.read_text(encoding="utf-8").splitlines()
    assert "附近有什么好吃的吗？" not in lines
    assert len(lines) == 4
