"""Measurements as plain figures: what `--json` writes and the report is drawn from.

Nothing of what was said is in them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import Any

from asr.entities import Names
from asr.metrics import percentile
from assist.bench.live import Live
from assist.bench.offline import Pass, Stability
from assist.bench.played import scored
from assist.bench.score import NORMALISATION, Score, entity_rate

QUANTILES = 50  # steps of a distribution
QUIET = 0.05  # share of the processor that other programs may take before figures are no longer the machine's own
_SUMMED = frozenset({"due_finals", "lost_finals", "changed_finals", "finals_beyond", "refused", "failed"})


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """How many, and nearest-rank percentiles; None where nothing was measured."""
    return {"n": len(values), **{f"p{share}": _rounded(percentile(values, share / 100)) for share in (50, 95, 99)}}


def offline_figures(
    ours: Pass, full: Pass | None, stability: Stability | None, peers: Sequence[Score]
) -> dict[str, Any]:
    """Of a pass as fast as the machine can, beside the same weights with full context and the peers."""
    said = ours.score.entities
    figures: dict[str, Any] = {
        "audio_s": round(ours.score.seconds, 1),
        "speech_s": round(ours.score.speech_seconds, 1),
        "normalisation": NORMALISATION,
        "ours": ours.score.figures(),
        "entities": {
            "said": said.said,
            "error_before_repair": entity_rate(ours.unrepaired),
            "error_after_repair": entity_rate(said),
            "false_before_repair": ours.unrepaired.false,
            "false_after_repair": said.false,
        },
    }
    if full is not None:
        figures["full_context"] = _beside(full.score, ours.score)
    if stability is not None:
        figures["windows"] = stability.windows
        figures["batch_difference"] = round(stability.batch_difference, 4)
        figures["retries_per_window"] = stability.retries_per_window
    if peers:
        figures["versus"] = [_beside(peer, ours.score) for peer in peers]
    return figures


def live_figures(live: Live, cores: int, tick: float, names: Names) -> dict[str, Any]:
    """Of calls in real time, of the names of a catalogue among them."""
    timings, account = live.timings, live.account
    return {
        "calls": live.lines,
        "calls_played": live.calls,
        "chunk_ms": round(tick * 1000),
        "speech_s": round(live.speech_seconds, 1),
        "first_partial_s": spread(timings.first_partial),
        "partial_lag_s": spread(timings.partial_lag),
        "final_s": spread(timings.final),
        "finals_without_partial": timings.without_partial,
        "borders_from_script": round(timings.scripted / timings.borders, 3) if timings.borders else None,
        "due_finals": account.due,
        "lost_finals": account.lost,
        "changed_finals": account.changed,
        "finals_beyond": account.beyond,
        **scored(live.told, names).wrong(),
        "refused": live.refused,
        "failed": len(live.failed),
        "problems": sorted(set(live.failed))[:5],
        "cpu_per_speech_s": _ratio(live.cpu_seconds, live.speech_seconds, 4),
        "server_cpu_share": _ratio(live.cpu_seconds, live.wall_seconds * cores),
        "feeder_cpu_share": _ratio(live.feeder_cpu_seconds, live.wall_seconds * cores),
        "others_cpu_share": _others(live, cores),
        "feeder_late_s": spread(live.feeder_late),
        "memory_mb": round(live.memory_mb, 1),
        "peak_memory_mb": round(live.peak_memory_mb, 1),
        "fill_s": {slot: round(max(delays), 2) for slot, delays in sorted(timings.fill.items())},
        "read_s": spread(timings.read),
        "distribution": {
            "first_partial_s": quantiles(timings.first_partial),
            "partial_lag_s": quantiles(timings.partial_lag),
            "final_s": quantiles(timings.final),
        },
    }


def holds(figures: dict[str, Any], goal: float) -> bool:
    """Whether calls in real time held the goal for finals, seconds, with nothing lost, refused or broken."""
    final = figures["final_s"]
    whole = not (figures["lost_finals"] or figures["refused"] or figures["failed"])
    return bool(final["n"]) and whole and final["p95"] <= goal


def disturbed(results: dict[str, Any]) -> float | None:
    """The largest share of the processor that other programs took while calls were played, if over ``QUIET``."""
    played = [results[mode] for mode in ("live", "soak") if mode in results]
    played += results.get("capacity", {}).get("steps", [])
    largest = max((figures["others_cpu_share"] or 0.0 for figures in played), default=0.0)
    return largest if largest > QUIET else None


def quantiles(values: Sequence[float]) -> list[float]:
    """``QUANTILES`` + 1 values from the smallest to the largest; none for none."""
    if not values:
        return []
    return [round(percentile(values, step / QUANTILES), 3) for step in range(QUANTILES + 1)]


def over_runs(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Medians of the figures of several runs; what was lost, changed, refused or broken is added up."""
    return {
        name: sum(run[name] for run in runs) if name in _SUMMED else _median([run.get(name) for run in runs])
        for name in runs[0]
    }


def _median(values: Sequence[Any]) -> Any:
    if isinstance(values[0], dict):
        names = dict.fromkeys(name for value in values for name in value)
        return {name: _median([value[name] for value in values if name in value]) for name in names}
    if isinstance(values[0], list):
        return [_median(column) for column in zip(*values, strict=False)]
    numbers = [value for value in values if isinstance(value, int | float)]
    if not numbers:
        return values[0]
    middle = round(median(numbers), 4)
    counted = all(isinstance(number, int) for number in numbers) and middle == int(middle)
    return int(middle) if counted else middle


def _ratio(one: float, other: float, digits: int = 3) -> float | None:
    return round(one / other, digits) if other > 0 else None


def _beside(other: Score, ours: Score) -> dict[str, Any]:
    return {
        **other.figures(),
        "times_our_cpu": _ratio(other.cpu_seconds, ours.cpu_seconds),
        "times_our_time": _ratio(other.wall_seconds, ours.wall_seconds),
    }


def _others(live: Live, cores: int) -> float | None:
    """What other programs took of the processor meanwhile."""
    others = max(0.0, live.busy_seconds - live.cpu_seconds - live.feeder_cpu_seconds)
    return _ratio(others, live.wall_seconds * cores)


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)
