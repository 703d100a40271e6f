"""Which slots tickets hold is learned from calls with tickets, and judged on those of other writers."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.matching.expected import load_expectations
from extractors.turn import Speaker, Turn
from scripts.training.classifier import FOLDS, ROOT
from scripts.training.expected import SLOTS, main

PLAIN = ROOT / "samples" / "calls" / "plain"


def test_the_command_learns_from_folders_of_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ta", "tb", "tc", "td", "te")[:FOLDS]:
        whole = (PLAIN / f"calls-{name}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"calls-{name}.yaml").write_text("- id:".join(whole.split("- id:")[:9]), encoding="utf-8")
    main([str(tmp_path), "--out", str(tmp_path / "out")])
    expectations = load_expectations(tmp_path / "out")
    said = expectations.read(Turn(0, Speaker.CITIZEN, "收了我三百块"))
    assert set(expectations.odds([said])) == set(SLOTS)
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(SLOTS)


def test_calls_of_too_few_writers_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (PLAIN / "calls-ta.yaml").read_text(encoding="utf-8")
    (tmp_path / "calls.yaml").write_text("- id:".join(whole.split("- id:")[:3]), encoding="utf-8")
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert f"at least {FOLDS} writers" in capsys.readouterr().err
