"""`assist bench asr` on the beginning of a real call: a server of its own, calls at once, the peer, the report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import soundfile
from typer.testing import CliRunner, Result

from assist.bench.own_server import OwnServerError
from assist.bench.recognition import Bench
from assist.bench.summary import summary
from assist.cli import errors
from assist.cli.main import app

SECONDS = 7


@pytest.fixture(scope="module")
def folder(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of a sample call, with the turns that are over by then."""
    folder = tmp_path_factory.mktemp("calls")
    audio, rate = soundfile.read(samples / "dev-001.flac", frames=SECONDS * 8_000, dtype="int16")
    soundfile.write(folder / "dev-001.flac", audio, rate)
    turns = json.loads((samples / "dev-001.json").read_text(encoding="utf-8"))["turns"]
    script = {"turns": [turn for turn in turns if turn["end"] < SECONDS]}
    (folder / "dev-001.json").write_text(json.dumps(script, ensure_ascii=False), encoding="utf-8")
    return folder


def bench(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["bench", "asr", str(folder), *options], env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def measured(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, str]:
    """The figures, the report and what was printed by a process of its own, of two calls at once in every mode and of
    passes beside the peer.
    """
    out = tmp_path_factory.mktemp("out")
    modes = [part for mode in ("offline", "live", "capacity", "soak") for part in ("--mode", mode)]
    played = ["--calls", "2", "--seconds", str(SECONDS), "--max-calls", "1", "--goal", "30"]
    soak = ["--hours", "0.01", "--speed", "6"]
    peer = ["--versus", "faster-whisper"]
    files = ["--json", str(out / "f.json"), "--html", str(out / "r.html")]
    result = subprocess.run(
        [sys.executable, "-m", "assist", "bench", "asr", str(folder), *modes, *played, *soak, *peer, *files],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    assert result.returncode == 0, result.stderr
    figures = json.loads((out / "f.json").read_text(encoding="utf-8"))
    return figures, (out / "r.html").read_text(encoding="utf-8"), result.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_what_was_measured_is_shown_where_no_file_can_hold_it(folder: Path) -> None:
    result = bench(folder, "--mode", "offline", "--quick", "--json", "/dev/full")
    assert result.exit_code == 3
    assert "real_time_factor" in result.stdout
    assert "/dev/full cannot be written: No space left on device" in result.stderr


def test_every_figure_has_its_name(measured: tuple[dict[str, Any], str, str]) -> None:
    figures = measured[0]
    assert figures.keys() >= {"model", "machine", "calls", "cpu_per_speech_s", "cer", "offline_cer", "entity_error"}
    for name in ("partial_lag_s", "first_partial_s", "final_s"):
        assert figures[name]["n"] > 0
        assert figures[name]["p50"] <= figures[name]["p95"] <= figures[name]["p99"]
    assert figures["calls"] == 2
    assert figures["cpu_per_speech_s"] > 0
    assert 0 <= figures["cer"] < 0.5
    assert 0 <= figures["offline_cer"] < 0.5
    played = figures["modes"]["live"]
    assert 0 <= played["cer"] < 0.5
    assert played["characters"] > 0


def test_no_final_is_lost_and_none_comes_that_replay_has_not(measured: tuple[dict[str, Any], str, str]) -> None:
    live = measured[0]["modes"]["live"]
    assert live["due_finals"] >= 4
    assert (live["lost_finals"], live["finals_beyond"], live["refused"], live["failed"]) == (0, 0, 0, 0)
    assert live["calls_played"] == 2


def test_no_call_is_read_where_the_scribe_is_left_out(measured: tuple[dict[str, Any], str, str]) -> None:
    assert measured[0]["modes"]["live"]["read_s"]["n"] == 0


def test_the_peer_heard_the_same_audio(measured: tuple[dict[str, Any], str, str]) -> None:
    offline = measured[0]["modes"]["offline"]
    assert [peer["name"][:14] for peer in offline["versus"]] == ["faster-whisper", "faster-whisper"]
    for peer in offline["versus"]:
        assert peer["characters"] == offline["ours"]["characters"]
        assert 0 <= peer["cer"] < 0.5
        assert peer["times_our_cpu"] > 0


def test_the_report_is_one_page_that_says_nothing_of_what_was_said(
    measured: tuple[dict[str, Any], str, str],
) -> None:
    report = measured[1]
    assert ElementTree.fromstring(report.removeprefix("<!DOCTYPE html>")).tag == "html"
    for word in ("您好", "投诉", "烧烤"):
        assert word not in report
        assert word not in json.dumps(measured[0], ensure_ascii=False)


def test_what_is_printed_names_the_machine(measured: tuple[dict[str, Any], str, str]) -> None:
    figures, _, printed = measured
    assert figures["machine"] in " ".join(printed.split())  # a long name goes over two lines
    assert "final_s" in printed


def test_capacity_and_soak_play_calls_too(measured: tuple[dict[str, Any], str, str]) -> None:
    figures = measured[0]
    assert figures["calls_held"] == 1
    [step] = figures["modes"]["capacity"]["steps"]
    assert step["held"]
    played = figures["modes"]["soak"]
    assert played["lost_finals"] == 0
    assert played["calls_played"] == 10
    assert played["samples"][0][0] == 0
    assert len(played["samples"]) >= 2
    assert played["last_mb"] > 50
    assert "final_s" not in played


def test_where_nothing_was_played_live_the_number_of_calls_that_held_tells_what_they_cost() -> None:
    steps = [{"calls": calls, "cpu_per_speech_s": calls / 10, "cer": 0.1} for calls in (1, 2, 3)]
    results = {"capacity": {"calls_held": 2, "steps": steps}, "soak": {"cpu_per_speech_s": 0.7}}
    figures = summary(model="", machine="", date="", command="", recordings=1, telephone="none", results=results)
    assert figures["cpu_per_speech_s"] == 0.2


def test_an_option_that_is_no_mode_is_refused(folder: Path) -> None:
    assert bench(folder, "--mode", "streaming").exit_code == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--mode", "offline", "--calls", "4"], "--calls does nothing without --mode live or --mode capacity"),
        (["--mode", "live", "--quick"], "--quick does nothing without --mode offline"),
        (["--goal", "2"], "--goal does nothing without --mode capacity"),
        (["--mode", "capacity", "--mode", "soak", "--runs", "2"], "--runs does nothing without --mode live"),
    ],
)
def test_an_option_that_changes_nothing_is_refused(options: list[str], told: str, folder: Path) -> None:
    result = bench(folder, *options)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.replace("│", " ").split())


def test_what_was_measured_before_a_mode_failed_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OwnServerError("the server is gone")

    monkeypatch.setattr(Bench, "live", fail)
    figures = tmp_path / "f.json"
    result = bench(folder, "--quick", "--json", str(figures))
    assert result.exit_code == errors.SERVER
    assert "the server is gone" in result.stderr
    written = json.loads(figures.read_text(encoding="utf-8"))
    assert written["cer"] is not None
    assert list(written["modes"]) == ["offline"]
