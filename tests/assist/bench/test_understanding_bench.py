from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from assist.bench.baselines import MissingPackageError
from assist.bench.gold import GoldError, read_calls
from assist.bench.understanding import NAMED, Report
from assist.bench.understanding import run as measure
from assist.bench.understanding_page import page
from extractors.catalogue.knowledge import Catalogue
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
HEARD = [Turn(0, Speaker.CITIZEN, "我要投诉<电梯>坏了，电话是13902385562")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    turns = [{"speaker": speaker, "text": text} for speaker, text in TURNS]
    (tmp_path / "call-1.json").write_text(
        json.dumps({"id": "call-1", "turns": turns, "gold": GOLD}, ensure_ascii=False), encoding="utf-8"
    )
    return tmp_path


def run(
    folder: Path,
    catalogue: Catalogue,
    heard: Mapping[str, Sequence[Turn]] | None = None,
    versus: Sequence[str] = (),
) -> Report:
    return measure(read_calls(folder), catalogue, heard, versus)


def test_what_is_right_missed_and_needless_is_counted(folder: Path, catalogue: Catalogue) -> None:
    figures = run(folder, catalogue).to_json()
    text = figures["text"]
    assert text["phone_exact"] == text["district"] == text["request_type"] == text["domain"] == 1.0
    assert text["slots"]["phone"]["f1"] == 1.0
    assert text["slots"]["amount"] == {"precision": None, "recall": 0.0, "f1": 0.0, "gold": 1, "filled": 0}
    assert text["street"] is None
    assert text["template_at_1"] is None
    assert figures["asr"] is None


def test_the_json_file_holds_the_agreed_names_and_no_others(folder: Path, catalogue: Catalogue) -> None:
    figures = run(folder, catalogue, {"call-1": HEARD}).to_json()
    assert set(figures) == {"text", "asr", "dispatch", "update_ms_p95"}
    assert set(figures["text"]) == set(figures["asr"]) == {*NAMED, "slots"}
    assert set(figures["dispatch"]) == {"coverage", "certified_error"}


def test_recognised_turns_are_measured_apart(folder: Path, catalogue: Catalogue) -> None:
    report = run(folder, catalogue, {"call-1": HEARD})
    figures = report.to_json()
    assert figures["asr"]["phone_exact"] == 0.0
    assert figures["text"]["phone_exact"] == 1.0
    assert report.asr is not None
    [mistake] = [one for one in report.asr.mistakes if one.what == "phone"]
    assert (mistake.kind, mistake.gold, mistake.got) == ("wrong", "13902385561", "13902385562")


def test_gold_templates_beside_the_calls_are_used(folder: Path, catalogue: Catalogue) -> None:
    (folder / "templates.yaml").write_text("call-1: [WY01-001, XX00-000]\n", encoding="utf-8")
    assert run(folder, catalogue).to_json()["text"]["template_at_5"] == 1.0


def test_the_markdown_has_each_slot_with_its_interval(folder: Path, catalogue: Catalogue) -> None:
    table = run(folder, catalogue).to_markdown()
    assert "| phone | 1 | 1.000 [0.03, 1.00] | 1.000 [0.03, 1.00] | 1.000 [0.03, 1.00] | – | – | – |" in table
    assert "p95" in table


def test_values_are_looked_at_by_how_sure_they_are(folder: Path, catalogue: Catalogue) -> None:
    report = run(folder, catalogue, {"call-1": HEARD})
    assert report.asr is not None
    [call] = report.asr.calls
    phone = next(confidence for confidence, right in call.shown if not right)
    everything, surer = report.asr.sure(0), report.asr.sure(phone + 0.001)
    assert everything["share"].value == 1.0
    assert everything["f1"].value == report.asr.slot()["f1"].value
    assert everything["wrong"].value == report.asr.slot()["false_fill"].value
    assert surer["share"].value is not None
    assert surer["share"].value < 1.0
    assert len(report.by_confidence()[0][1]) == 6
    assert "| 0.85 |" in report.to_markdown()
    assert "按置信度" in page(report, "")


def test_the_page_shows_each_mistake_with_its_words_marked_and_nothing_unescaped(
    folder: Path, catalogue: Catalogue
) -> None:
    html = page(run(folder, catalogue, {"call-1": HEARD}), "a <test>")
    assert "<q>13902385561</q>" in html
    assert "13902385562</mark>" in html
    assert "&lt;电梯&gt;" in html
    assert "<电梯>" not in html
    assert "src=" not in html


def test_plain_methods_are_measured_beside_it(folder: Path, catalogue: Catalogue) -> None:
    (folder / "templates.yaml").write_text("call-1: [WY01-001]\n", encoding="utf-8")
    report = run(folder, catalogue, versus=["keywords", "bm25"])
    beside = {(name, measure): (theirs.value, ours.value) for name, measure, theirs, ours, *_ in report.beside()}
    assert beside["keywords", "request_type"] == (1.0, 1.0)
    assert beside["bm25", "template_at_5"] == (1.0, 1.0)
    assert "| bm25 | template_at_5 |" in report.to_markdown()


def test_jionlp_finds_what_is_written_plainly(folder: Path, catalogue: Catalogue) -> None:
    pytest.importorskip("jionlp")
    beside = {row[1]: row[2].value for row in run(folder, catalogue, versus=["jionlp"]).beside()}
    assert beside["phone_exact"] == beside["district"] == 1.0


def test_a_missing_package_names_the_extra(folder: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jionlp", None)
    with pytest.raises(MissingPackageError, match="train"):
        run(folder, catalogue, versus=["jionlp"])


def test_a_folder_without_calls_is_named(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="gold"):
        read_calls(tmp_path)
    with pytest.raises(GoldError, match="no folder"):
        read_calls(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.json", b"[1,2", "JSON"),
        ("a.json", b"\xff\xfe", "UTF-8"),
        ("a.json", b"[1]", "malformed"),
        ("a.json", b'{"turns": [{"speaker": "robot", "text": "hi"}], "gold": {"slots": {}}}', "robot"),
        ("a.json", b'{"turns": [{"speaker": "agent"}], "gold": {"slots": {}}}', "text"),
        ("a.json", b'{"turns": [], "gold": [1]}', "mappings"),
        ("a.yaml", b"- id: a\n  turns: [[citizen\n", "YAML"),
        ("a.yaml", b"id: a", "list"),
        ("a.yaml", b"- id: a\n  turns: [[citizen]]\n", "malformed"),
    ],
)
def test_a_malformed_call_is_named_with_what_is_wrong(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GoldError, match=f"(?s){name}.*{why}"):
        read_calls(tmp_path)


def test_what_a_gold_ticket_does_not_tell_is_not_measured(tmp_path: Path, catalogue: Catalogue) -> None:
    gold = {"slots": {"district": "天河区"}}
    call = {"turns": [{"speaker": "citizen", "text": "天河区的路灯坏了"}], "gold": gold}
    (tmp_path / "a.json").write_text(json.dumps(call, ensure_ascii=False), encoding="utf-8")
    figures = run(tmp_path, catalogue).to_json()["text"]
    assert figures["district"] == 1.0
    assert figures["request_type"] is None
