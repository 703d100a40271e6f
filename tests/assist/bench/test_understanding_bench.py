from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assist.bench.understanding import read_calls, run
from extractors.catalogue import Catalogue
from extractors.turn import Speaker, Turn

TURNS = [
    ("agent", "您好，广州12345热线，请问有什么可以帮您？"),
    ("citizen", "我要投诉，我们小区的电梯坏了好多天，物业一直不修。"),
    ("agent", "请问是哪个区？您的电话是多少？"),
    ("citizen", "越秀区，电话13902385561。"),
]
GOLD: dict[str, Any] = {
    "request_type": "投诉",
    "domain": "物业管理",
    "matter": "电梯故障",
    "department": "市住建局",
    "department_alt": ["越秀区政府", "市市场监管局"],
    "divert": None,
    "slots": {"district": "越秀区", "phone": "13902385561", "amount": 500},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    turns = [{"speaker": speaker, "text": text} for speaker, text in TURNS]
    (tmp_path / "call-1.json").write_text(
        json.dumps({"id": "call-1", "turns": turns, "gold": GOLD}, ensure_ascii=False), encoding="utf-8"
    )
    return tmp_path


def test_what_is_right_missed_and_needless_is_counted(folder: Path, catalogue: Catalogue) -> None:
    figures = run(folder, catalogue).to_json()
    text = figures["text"]
    assert text["phone_exact"] == text["district"] == text["request_type"] == text["domain"] == 1.0
    assert text["slots"]["phone"]["f1"] == 1.0
    assert text["slots"]["amount"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "gold": 1, "filled": 0}
    assert text["street"] is None
    assert text["template_at_1"] is None
    assert text["template_at_5_by_domain_and_type"] == 1.0
    assert figures["asr"] is None


def test_recognised_turns_are_measured_apart(folder: Path, catalogue: Catalogue) -> None:
    heard = [Turn(0, Speaker.CITIZEN, "我要投诉电梯坏了")]
    report = run(folder, catalogue, lambda call: heard if call == "call-1" else None)
    figures = report.to_json()
    assert figures["asr_calls"] == 1
    assert figures["asr"]["phone_exact"] == 0.0
    assert figures["text"]["phone_exact"] == 1.0
    assert any(mistake.what == "phone" and mistake.kind == "missed" for mistake in report.asr.mistakes)  # type: ignore[union-attr]


def test_gold_templates_beside_the_calls_are_used(folder: Path, catalogue: Catalogue) -> None:
    (folder / "templates.yaml").write_text("call-1: [WY01-001, XX00-000]\n", encoding="utf-8")
    assert run(folder, catalogue).to_json()["text"]["template_at_5"] == 1.0


def test_the_markdown_has_a_row_for_each_slot(folder: Path, catalogue: Catalogue) -> None:
    table = run(folder, catalogue).to_markdown()
    assert "| phone | 1 | 1.000 | 1.000 | 1.000 | – | – | – |" in table
    assert "p95" in table


def test_a_folder_without_calls_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gold"):
        read_calls(tmp_path)
