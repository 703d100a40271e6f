"""Pairs of worded values that two people judged, and what the rule that compares them is worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist.bench import wording
from assist.cli.main import app

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
HEADER = "slot\treference\tshown\tfirst\tsecond\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "judged.tsv"
    path.write_text(
        HEADER
        + "demand\t尽快修好路灯\t尽快把路灯修好\tsame\tsame\n"
        + "demand\t全额退还装修押金\t一分不少退，五千块全部退\tsame\tpart\n"
        + "subject\t公厕\t装修\tother\tother\n",
        encoding="utf-8",
    )
    return path


def test_verdicts_are_counted_where_both_readers_agree(file: Path) -> None:
    pairs = wording.read(file)
    assert wording.verdicts(pairs) == {"same": 1, "part": 0, "other": 1, "divided": 1}
    assert wording.agreement(pairs).value == pytest.approx(2 / 3, abs=1e-3)
    assert [pair.counted for pair in pairs] == [True, False, False]


def test_the_command_tells_what_the_rule_makes_of_each_slot(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    result = CliRunner().invoke(app, ["bench", "wording", str(file), "--json", str(out)])
    assert result.exit_code == 0 and "3 values" in result.output
    told = json.loads(out.read_text(encoding="utf-8"))["verdicts"]
    assert told["demand"]["right"]["same"] == 1 and told["subject"]["wrong"]["other"] == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER, "no judged pair"),
        (HEADER + "demand\t修路灯\t修\tsame\n", "line 2: no second"),
        (HEADER + "demand\t修路灯\t修\tsame\tyes\n", "line 2: a verdict is one of"),
    ],
)
def test_a_file_of_something_else_is_refused_with_the_reason(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "judged.tsv"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["bench", "wording", str(path)])
    assert result.exit_code == 3 and told in " ".join(result.output.split())


def test_a_wish_that_the_rule_rejects_is_seldom_a_false_one() -> None:
    wishes = [pair for pair in wording.read(SAMPLES / "wording.tsv") if pair.slot == "demand" and not pair.counted]
    assert wording.verdicts(wishes)["other"] < 0.1 * len(wishes)
