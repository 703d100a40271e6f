"""`assist calls list` finds calls by the same conditions as the page does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assist.cli.main import app
from assist.facts import Facts
from assist.messages.events import CallEnded, CallStarted
from assist.store import Database
from assist.store_folder import StoreFolder
from tests.assist.test_calls_query import DAY, MONO, version_1

pytestmark = pytest.mark.usefixtures("process_as_it_was")


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["calls", "list", *arguments], env={"ASSIST_STORE__DIRECTORY": str(folder)})


def found(folder: Path, *arguments: str) -> str:
    """The numbers of the calls that are printed."""
    result = run(folder, *arguments)
    assert result.exit_code == 0, result.stderr
    return "".join(line.split("\t")[0].removeprefix("c") for line in result.stdout.splitlines())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Calls c0 to c4, a day apart, the third with an alert."""
    StoreFolder(tmp_path).prepare()
    database = Database(StoreFolder(tmp_path).database)
    for number in range(5):
        call, began = f"c{number}", DAY + timedelta(days=number, hours=9)
        database.create(call, MONO, [(0.0, CallStarted(started_at=began))], began)
        agent = "00\t17\x1b[2J" if number == 4 else f"001{number}"
        alerts = ("110", "120") if number == 2 else ()
        known = Facts(agent, "CG01-001", "夜间占道烧烤油烟噪声扰民", "市住建局", "海珠区", alerts, "edited")
        database.append(call, [(1.0, CallEnded(seconds=100.0 - number))], known)
    database.close()
    return tmp_path


def test_calls_are_printed_by_what_is_asked_for(folder: Path) -> None:
    asked = {
        (): "01234",
        ("--from", "2026-03-03", "--to", "2026-03-05T09:00"): "123",
        ("--before", "2026-03-04", "--to", "2026-03-09"): "01",
        ("--agent", "0011"): "1",
        ("--title", "噪声 烧烤", "--limit", "2"): "01",
        ("--template", "CG01-002"): "",
        ("--unit", "市住建局", "--district", "越秀区"): "",
        ("--alert", "120"): "2",
        ("--ticket", "untouched"): "",
        ("--status", "live"): "",
        ("--min-seconds", "97", "--max-seconds", "98", "--order", "longest"): "23",
        ("--order", "newest", "--limit", "2"): "43",
    }
    assert {arguments: found(folder, *arguments) for arguments in asked} == asked


def test_a_line_tells_what_the_call_was_about_and_nothing_moves_its_columns(folder: Path) -> None:
    lines = run(folder).stdout.splitlines()
    assert lines[2].split("\t") == [
        "c2", "2026-03-04T09:00:00+08:00", "ended", "98.0", "-",
        "0012", "CG01-001", "夜间占道烧烤油烟噪声扰民", "海珠区", "市住建局", "110 120", "edited",
    ]  # fmt: skip
    assert lines[4].split("\t")[5] == "0017[2J"


@pytest.mark.parametrize(
    "wanted", [("--from", "2026-02-30"), ("--to", "tomorrow"), ("--status", "filed"), ("--limit", "0")]
)
def test_what_cannot_be_asked_is_a_wrong_argument(folder: Path, wanted: tuple[str, str]) -> None:
    result = run(folder, *wanted)
    assert (result.exit_code, wanted[0] in result.stderr) == (2, True)


def test_all_calls_are_printed_however_many_are_read_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assist.cli.calls._PAGE", 2)
    assert found(folder) == "01234"


def test_calls_that_an_earlier_version_kept_are_read_before_they_are_printed(tmp_path: Path) -> None:
    version_1(StoreFolder(tmp_path).database, "c0", "c1").close()
    assert found(tmp_path, "--template", "CG01-002", "--alert", "119") == "01"
