"""Calls that two readers filled tickets of, and how far these agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist.bench import readers
from assist.bench.gold import read_calls
from assist.cli.main import app

CALLS = """
- id: x1
  turns:
    - [agent, "您好，请讲。"]
    - [citizen, "天河区石牌街道有人占道卖水果，我姓何。"]
  gold:
    request_type: 投诉
    domain: 城市管理
    slots: {caller_name: 何先生, district: 天河区, subject: 水果摊}
    department: 市城市管理综合执法局
  second:
    request_type: 举报
    domain: 城市管理
    departments: [天河区政府]
    slots: {caller_name: 何先生, district: 天河区, street: 石牌街道}
- id: x2
  turns:
    - [citizen, "路灯坏了。"]
  gold: {request_type: 求助, domain: 城乡建设, slots: {subject: 路灯}, department: 市住建局}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calls.yaml").write_text(CALLS, encoding="utf-8")
    return tmp_path


def test_calls_without_recordings_are_read_from_yaml(folder: Path) -> None:
    first, second = read_calls(folder)
    assert [(turn.speaker.value, turn.id) for turn in first.turns] == [("agent", 0), ("citizen", 1)]
    assert first.gold["domain"] == "城市管理" and not second.second


def test_the_second_readers_slots_are_held_against_the_gold_ones(folder: Path) -> None:
    tally = readers.run(read_calls(folder))
    assert len(tally.calls) == 1  # the other was read once
    assert tally.slot()["precision"].value == pytest.approx(2 / 3, abs=1e-3)  # 石牌街道 is not in the gold ticket
    assert tally.slot()["recall"].value == pytest.approx(2 / 3, abs=1e-3)  # the subject is missing
    assert tally.rate("request_type").value == 0 and tally.rate("domain").value == 1


def test_the_command_prints_and_writes_the_agreement(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    result = CliRunner().invoke(app, ["bench", "readers", str(folder), "--json", str(out)])
    assert result.exit_code == 0 and "second reader" in result.output
    assert json.loads(out.read_text())["slots"]["district"] == 1


def test_calls_read_once_are_refused_with_the_reason(folder: Path) -> None:
    (folder / "calls.yaml").write_text(CALLS[CALLS.index("- id: x2") :], encoding="utf-8")
    result = CliRunner().invoke(app, ["bench", "readers", str(folder)])
    assert result.exit_code != 0 and "read twice" in result.output
