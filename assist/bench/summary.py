"""The figures of all modes under the names that operators and comparisons look for."""

from __future__ import annotations

from typing import Any

_NOTHING: dict[str, Any] = {"n": 0, "p50": None, "p95": None, "p99": None}


def summary(
    *, model: str, machine: str, date: str, command: str, recordings: int, telephone: str, results: dict[str, Any]
) -> dict[str, Any]:
    """One object: the headline figures (null where no mode measured them) and, under ``modes``, everything.

    Latencies, processor time and lost finals are those of the live mode; without it, of the step of the capacity mode
    that held, else of the soak. ``cpu_per_speech_s`` of an offline pass (no interim text) stands in where calls were
    not played; ``cer`` and ``entity_error`` are those of that pass, which hears every recording whole, else of the
    finals of the calls that were played.
    """
    offline, capacity, soak = (results.get(mode) for mode in ("offline", "capacity", "soak"))
    live: dict[str, Any] = results.get("live") or _held(capacity) or soak or {}
    passed = offline["ours"] if offline else {}
    figures = {
        "model": model,
        "machine": machine,
        "date": date,
        "command": command,
        "recordings": recordings,
        "telephone": telephone,
        "calls": live.get("calls", 0),
        "first_partial_s": live.get("first_partial_s", _NOTHING),
        "partial_lag_s": live.get("partial_lag_s", _NOTHING),
        "final_s": live.get("final_s", _NOTHING),
        "lost_finals": live.get("lost_finals"),
        "changed_finals": live.get("changed_finals"),
        "cpu_per_speech_s": live.get("cpu_per_speech_s", passed.get("cpu_per_speech_s")),
        "memory_mb": live.get("peak_memory_mb", offline["memory_mb"] if offline else None),
        "cer": passed.get("cer", live.get("cer")),
        "offline_cer": offline["full_context"]["cer"] if offline and "full_context" in offline else None,
        "entity_error": passed.get("entity_error", live.get("entity_error")),
        "real_time_factor": passed.get("real_time_factor"),
        "batch_difference": offline.get("batch_difference") if offline else None,
    }
    if capacity:
        figures["calls_held"] = capacity["calls_held"]
    return {**figures, "modes": results}


def _held(capacity: dict[str, Any] | None) -> dict[str, Any] | None:
    if not capacity:
        return None
    steps: list[dict[str, Any]] = capacity["steps"]
    return next((step for step in steps if step["calls"] == capacity["calls_held"]), steps[0])
