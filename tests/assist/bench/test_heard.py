from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import soundfile

import models
from asr.engine import Hypothesis, Window
from asr.recognizer import RecognizerSettings
from asr.repair import Replacement
from asr.utterance import UtteranceSettings
from assist.bench.heard import HeardFile, heard_by, heard_turns
from assist.config import Asr
from extractors.turn import Turn

SETTINGS = RecognizerSettings(UtteranceSettings(clause=15.0, part=15.0))  # an utterance is one window


class SameWords:
    """Hears the same words in every window and counts the windows."""

    name = "same words"

    def __init__(self) -> None:
        self.windows = 0

    def batch_key(self, window: Window) -> int:
        return 0

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        self.windows += len(windows)
        text = "在糖下街道"
        return [Hypothesis(text, tuple((0.1 * n, 0.1 * n + 0.1) for n in range(len(text)))) for _ in windows]


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    text: str


class OneStreet:
    def repairs(self, text: str, earlier: Sequence[str], readings: Sequence[str] = ()) -> Sequence[Replacement]:
        return [Found(1, 3, "棠下")] if text[1:3] == "糖下" else []


@pytest.fixture
def recording(samples: Path, tmp_path: Path) -> Path:
    """The first seconds of a sample call."""
    sound, rate = soundfile.read(samples / "dev-001.flac", frames=8000 * 12)
    soundfile.write(tmp_path / "call-1.flac", sound, rate)
    return tmp_path / "call-1.flac"


def hear(recording: Path, engine: SameWords, file: HeardFile, settings: RecognizerSettings = SETTINGS) -> list[Turn]:
    return list(heard_turns([recording], lambda: engine, settings, lambda: None, file)["call-1"])


def test_what_stands_in_the_file_is_not_recognised_again(recording: Path, tmp_path: Path) -> None:
    engine, file, by = SameWords(), tmp_path / "heard.json", heard_by(Asr(), SETTINGS)
    first = hear(recording, engine, HeardFile(file, by))
    assert first and first[0].text == "在糖下街道"
    decoded = engine.windows
    assert hear(recording, engine, HeardFile(file, by)) == first
    assert engine.windows == decoded > 0


def test_names_are_repaired_as_the_catalogue_of_today_knows_them(recording: Path, tmp_path: Path) -> None:
    engine, file = SameWords(), tmp_path / "heard.json"
    repairing = replace(SETTINGS, lexicon=OneStreet())
    by = heard_by(Asr(), SETTINGS)
    assert heard_by(Asr(), repairing) == by
    hear(recording, engine, HeardFile(file, by))
    decoded = engine.windows
    assert {turn.text for turn in hear(recording, engine, HeardFile(file, by), repairing)} == {"在棠下街道"}
    assert engine.windows == decoded
    assert "棠下" not in file.read_text(encoding="utf-8")


def test_another_recogniser_recognises_anew(recording: Path, tmp_path: Path) -> None:
    engine, file = SameWords(), tmp_path / "heard.json"
    hear(recording, engine, HeardFile(file, heard_by(Asr(model="one"), SETTINGS)))
    decoded = engine.windows
    longer = RecognizerSettings(utterance=UtteranceSettings(end_silence=0.9))
    assert (
        len(
            {
                heard_by(Asr(model="one"), SETTINGS),
                heard_by(Asr(model="other"), SETTINGS),
                heard_by(Asr(model="one"), longer),
            }
        )
        == 3
    )
    hear(recording, engine, HeardFile(file, heard_by(Asr(model="other"), SETTINGS)))
    assert engine.windows == 2 * decoded


def test_a_scribe_that_learned_more_makes_calls_be_heard_anew_only_where_it_chooses_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned = tmp_path / "scribe" / "adapter.npz"
    learned.parent.mkdir()
    monkeypatch.setattr(models, "__path__", [str(tmp_path)])
    monkeypatch.setattr(models, "SCRIBE", learned.parent)

    def told() -> tuple[str, str]:
        learned_by = (heard_by(Asr(rescoring=rescoring), SETTINGS) for rescoring in (False, True))
        return next(learned_by), next(learned_by)

    learned.write_bytes(b"some")
    before = told()
    learned.write_bytes(b"more")
    after = told()
    assert after[0] == before[0]
    assert after[1] != before[1]


@pytest.mark.parametrize("part", ["CHOOSER", "CLASSIFIER", "DISPATCH", "RANKER", "TAGGER"])
def test_what_understands_may_learn_more_and_no_call_is_heard_anew(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned = tmp_path / "part" / "weights.npz"
    learned.parent.mkdir()
    monkeypatch.setattr(models, "__path__", [str(tmp_path)])
    monkeypatch.setattr(models, part, learned.parent)
    learned.write_bytes(b"some")
    before = heard_by(Asr(), SETTINGS)
    learned.write_bytes(b"more")
    assert heard_by(Asr(), SETTINGS) == before


@pytest.mark.parametrize("content", ["", "[]", '{"by": 1}', json.dumps({"by": "one", "recordings": 3})])
def test_a_file_that_is_something_else_is_begun_anew(recording: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "heard.json"
    file.write_text(content, encoding="utf-8")
    assert hear(recording, SameWords(), HeardFile(file, "one"))
    assert json.loads(file.read_text(encoding="utf-8"))["by"] == "one"
