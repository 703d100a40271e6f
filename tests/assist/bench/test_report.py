"""The report of a measurement: one page that opens without network and says nothing of what was said."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from assist.bench.plots import Series, bar_plot, ecdf_plot, line_plot
from assist.bench.report import page
from assist.bench.summary import summary

SPREAD = {"n": 3, "p50": 0.5, "p95": 0.9, "p99": 1.1}
QUANTILES = [0.1 * step for step in range(51)]


def live(calls: int = 2, **changes: Any) -> dict[str, Any]:
    return {
        "calls": calls,
        "chunk_ms": 100,
        "first_partial_s": SPREAD,
        "partial_lag_s": SPREAD,
        "final_s": SPREAD,
        "read_s": SPREAD,
        "due_finals": 9,
        "lost_finals": 0,
        "changed_finals": 1,
        "cer": 0.2,
        "entity_error": None,
        "refused": 0,
        "failed": 0,
        "cpu_per_speech_s": 0.11,
        "server_cpu_share": 0.4,
        "feeder_cpu_share": 0.01,
        "others_cpu_share": 0.02,
        "peak_memory_mb": 543.2,
        "distribution": {"first_partial_s": QUANTILES, "partial_lag_s": QUANTILES, "final_s": QUANTILES},
        **changes,
    }


def score(name: str, cer: float) -> dict[str, Any]:
    return {
        "name": name,
        "cer": cer,
        "cer_by_speaker": {"agent": cer, "citizen": cer},
        "entity_error": 0.4,
        "real_time_factor": 0.07,
        "cpu_per_audio_s": 0.05,
        "cpu_per_speech_s": 0.06,
    }


@pytest.fixture
def figures() -> dict[str, Any]:
    offline = {
        "ours": score("whisper-base int8", 0.2),
        "full_context": score("full 30 s context", 0.19),
        "versus": [{**score("faster-whisper <beam 5>", 0.21), "times_our_cpu": 2.1}],
        "entities": {"said": 40, "error_before_repair": 0.8, "error_after_repair": 0.4},
        "windows": 50,
        "batch_difference": 0.02,
        "retries_per_window": 0.01,
        "normalisation": "NFKC",
        "memory_mb": 500,
    }
    steps = [live(1, held=True), live(2, held=True), live(4, held=False, final_s={**SPREAD, "p95": 2.0})]
    return summary(
        model="whisper-base int8",
        machine="a machine, 2 cores, load before 0.10",
        date="2026-11-24T12:00:00+00:00",
        command="assist bench asr 'a <folder>' --json f.json",
        recordings=3,
        telephone="none",
        results={
            "offline": offline,
            "live": live(),
            "capacity": {"calls_held": 2, "goal_s": 1.5, "seconds": 90.0, "steps": steps},
            "soak": live(
                8,
                hours=2.0,
                speed=1.0,
                slope_mb_per_hour=0.3,
                first_mb=500.0,
                last_mb=501.0,
                samples=[(30 * step, 500.0 + step / 100) for step in range(240)],
            ),
        },
    )


def test_the_page_needs_nothing_but_itself(figures: dict[str, Any]) -> None:
    report = page(figures)
    assert not re.search(r"https?:|//|@import|url\(|<script|<link|<img|<iframe", report.replace("<!DOCTYPE html>", ""))
    assert "prefers-color-scheme:dark" in report
    assert "@media print" in report


def test_the_page_is_well_formed(figures: dict[str, Any]) -> None:
    document = page(figures).removeprefix("<!DOCTYPE html>")
    tree = ElementTree.fromstring(document)
    assert tree.tag == "html"
    assert len(list(tree.iter("h2"))) == 4
    assert len(list(tree.iter("figure"))) == 6


def test_everything_named_by_others_is_escaped(figures: dict[str, Any]) -> None:
    texts: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            texts.append(data)

    Reader().feed(page(figures))
    read = "".join(texts)
    assert "assist bench asr 'a <folder>' --json f.json" in read
    assert "faster-whisper <beam 5>" in read


def test_figures_that_no_mode_measured_are_left_out() -> None:
    nothing = summary(model="m", machine="m", date="d", command="c", recordings=1, telephone="none", results={})
    assert nothing["final_s"] == {"n": 0, "p50": None, "p95": None, "p99": None}
    assert nothing["cer"] is None
    assert "None" not in page(nothing)


def test_errors_are_those_of_the_pass_and_of_the_played_finals_where_there_was_none(figures: dict[str, Any]) -> None:
    about: dict[str, Any] = {"model": "m", "machine": "m", "date": "d", "command": "c", "recordings": 1}
    both = {"offline": figures["modes"]["offline"], "live": live(cer=0.31, entity_error=0.5)}
    told = summary(**about, telephone="none", results=both)
    assert (told["cer"], told["entity_error"]) == (0.2, 0.4)
    alone = summary(**about, telephone="none", results={"live": both["live"]})
    assert (alone["cer"], alone["entity_error"], alone["offline_cer"]) == (0.31, 0.5, None)
    assert "31.0 %" in page(alone)


def test_headline_figures_are_those_of_the_step_that_held_where_no_calls_were_played_otherwise(
    figures: dict[str, Any],
) -> None:
    results = {"capacity": figures["modes"]["capacity"]}
    only = summary(model="m", machine="m", date="d", command="c", recordings=1, telephone="none", results=results)
    assert (only["calls"], only["calls_held"]) == (2, 2)


def test_every_point_of_a_plot_lies_inside_it() -> None:
    goal_above = line_plot([Series("p95", [(1, 0.3), (16, 0.9), (64, 1.2)], marks=True)], "calls", "s", goal=1.5)
    for across, up in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', goal_above):
        assert 56 <= float(across) <= 548
        assert 14 <= float(up) <= 216
    assert 'class="goal"' in goal_above


@pytest.mark.parametrize("points", [[(1.0, 2.0)], [(1.0, 2.0), (1.0, 2.0)], [(0.0, 0.0), (0.0, 0.0)]])
def test_a_plot_of_equal_values_can_be_drawn(points: list[tuple[float, float]]) -> None:
    drawn = line_plot([Series("one", points)], "x", "y")
    assert ElementTree.fromstring(drawn).tag == "figure"
    assert "nan" not in drawn


def test_nothing_measured_is_drawn_as_nothing() -> None:
    assert line_plot([], "x", "y") == ""
    assert ecdf_plot([("final", [])], "s", "share") == ""
    assert bar_plot([], "%") == ""
