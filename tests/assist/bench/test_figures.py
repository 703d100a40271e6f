from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asr.engine import Hypothesis, Window
from asr.entities import Names
from assist.bench.figures import holds, over_runs, quantiles, spread
from assist.bench.manifest import Item, Spoken
from assist.bench.offline import Stability
from assist.bench.process import Process, busy_seconds
from assist.bench.score import Score, speech_seconds


def test_nothing_measured_has_no_percentiles() -> None:
    assert spread([]) == {"n": 0, "p50": None, "p95": None, "p99": None}
    assert spread([3.0, 1.0, 2.0]) == {"n": 3, "p50": 2.0, "p95": 3.0, "p99": 3.0}


def test_quantiles_run_from_the_smallest_to_the_largest() -> None:
    values = [float(value) for value in range(200, 0, -1)]
    assert quantiles(values)[0] == 1.0
    assert quantiles(values)[-1] == 200.0
    assert quantiles(values) == sorted(quantiles(values))


def test_over_several_runs_latencies_are_medians_and_what_was_lost_is_added_up() -> None:
    def run(p95: float | None, lost: int) -> dict[str, Any]:
        return {"lost_finals": lost, "final_s": {"p95": p95}, "problems": ["broken"], "distribution": [p95 or 0.0]}

    assert over_runs([run(1.0, 0), run(3.0, 2), run(2.0, 1)]) == {
        "lost_finals": 3,
        "final_s": {"p95": 2.0},
        "problems": ["broken"],
        "distribution": [2.0],
    }
    assert over_runs([run(None, 0), run(2.0, 0)])["final_s"] == {"p95": 2.0}


def test_what_is_counted_stays_a_whole_number_over_runs() -> None:
    calls = over_runs([{"calls": 16, "n": 3, "seconds": 2.0}, {"calls": 16, "n": 4, "seconds": 2.0}])
    assert {name: repr(value) for name, value in calls.items()} == {"calls": "16", "n": "3.5", "seconds": "2.0"}


@pytest.mark.parametrize(
    ("change", "held"),
    [
        ({}, True),
        ({"final_s": {"n": 9, "p95": 1.6}}, False),
        ({"final_s": {"n": 0, "p95": None}}, False),
        ({"lost_finals": 1}, False),
        ({"refused": 1}, False),
        ({"failed": 1}, False),
    ],
)
def test_calls_are_held_only_if_finals_are_quick_and_nothing_was_lost(change: dict[str, Any], held: bool) -> None:
    figures = {"final_s": {"n": 9, "p95": 1.4}, "lost_finals": 0, "refused": 0, "failed": 0}
    assert holds({**figures, **change}, goal=1.5) is held


def test_speech_is_what_the_script_says_up_to_where_the_audio_ends(tmp_path: Path) -> None:
    spoken = (Spoken(0, "您好", 1.0, 3.0), Spoken(1, "喂", 4.0, 6.0))
    assert speech_seconds(Item("a", tmp_path, spoken), otherwise=9.0) == 4.0
    assert speech_seconds(Item("a", tmp_path, spoken), otherwise=9.0, until=5.0) == 3.0
    assert speech_seconds(Item("a", tmp_path, (Spoken(0, "您好"),)), otherwise=9.0) == 9.0


def test_where_no_name_was_said_there_is_no_rate_of_names(tmp_path: Path) -> None:
    names = Names(["海珠区"])
    score = Score("one")
    score.compare(Item("a", tmp_path, (Spoken(0, "您好"),)), {0: "您好"}, names)
    assert score.figures()["entity_error"] is None
    score.compare(Item("b", tmp_path, (Spoken(0, "在海珠区"),)), {0: "在海竹区"}, names)
    assert score.figures()["entity_error"] == 1.0
    assert score.figures()["cer_by_speaker"] == {"clip": pytest.approx(1 / 6, abs=1e-4)}


class Shaky:
    """An engine that hears long windows otherwise when they are not alone."""

    name = "shaky"

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        others = len(windows) > 1
        return [Hypothesis("另" if others and window.seconds > 1 else "同", (), tries=2) for window in windows]


def test_windows_that_a_batch_changes_are_counted() -> None:
    engine = Shaky()
    stability = Stability(engine)
    windows = [Window(np.zeros(16_000 * seconds, np.float32), final=True) for seconds in (1, 2, 1, 3, 1)] * 20
    stability.add((window, engine.decode([window])[0]) for window in windows)
    stability.finish()
    assert stability.windows == 100
    assert stability.batch_difference == pytest.approx(0.4)
    assert stability.retries_per_window == 1.0


def test_processor_time_and_memory_of_a_process_and_its_child_are_seen_from_outside() -> None:
    work = "import subprocess, sys; block = bytearray(40_000_000); sum(range(3_000_000)); "
    child = "import sys; block = bytearray(40_000_000); print('ready', flush=True); sys.stdin.read()"
    parent = f"{work}subprocess.run([sys.executable, '-c', {child!r}])"
    command = [sys.executable, "-c", parent]
    before = busy_seconds()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        watched = Process(process.pid)
        cpu, memory, peak = watched.cpu_seconds(), watched.memory_mb(), watched.peak_memory_mb()
        process.communicate("")
    assert cpu > 0
    assert 80 < memory <= peak
    assert busy_seconds() >= before
    gone = Process(process.pid)
    assert (gone.cpu_seconds(), gone.memory_mb()) == (0.0, 0.0)
