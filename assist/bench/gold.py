"""Calls with gold tickets: a folder of ``<id>.json`` (``turns`` and ``gold``, docs/operations.md) in, `Call`s out.

Calls without recordings may also stand in ``*.yaml``, lists of the same, a turn written ``[speaker, text]``.

Gold templates stand in ``templates.yaml`` beside the calls, else beside the samples (call id → code or list of codes),
else in the call's own ``gold.template``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from assist.resources import samples_dir
from extractors.turn import Speaker, Turn

TEMPLATES = "templates.yaml"
CALL_TIME = datetime(2025, 6, 18, 10, 0, tzinfo=timezone(timedelta(hours=8)))
"""When a call is taken to start that does not say; gold times are compared by their text."""


@dataclass(frozen=True)
class Call:
    """A call to measure on: its turns as they were spoken, its gold ticket, and the ticket of a ``second`` reader who
    saw the turns alone; empty where there is none.
    """

    id: str
    turns: tuple[Turn, ...]
    gold: Mapping[str, Any]
    templates: tuple[str, ...] = ()
    started_at: datetime = CALL_TIME
    second: Mapping[str, Any] = field(default_factory=dict)


def read_calls(folder: Path) -> list[Call]:
    """The calls of a folder, in order. Raises FileNotFoundError when it holds none."""
    mapping = next((path for path in (folder / TEMPLATES, samples_dir() / TEMPLATES) if path.is_file()), None)
    templates = yaml.safe_load(mapping.read_text(encoding="utf-8")) if mapping else {}
    calls = [_call(data, templates) for data in _read(folder)]
    calls = [call for call in calls if call.gold]
    if not calls:
        raise FileNotFoundError(f"{folder} holds no call with a gold ticket (<id>.json with `turns` and `gold`)")
    return calls


def _read(folder: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted(folder.glob("*.json")):
        yield {"id": path.stem, **json.loads(path.read_text(encoding="utf-8"))}
    for path in sorted(folder.glob("*.yaml")):
        if path.name != TEMPLATES:
            for call in yaml.safe_load(path.read_text(encoding="utf-8")):
                turns = [{"speaker": speaker, "text": text} for speaker, text in call["turns"]]
                yield {**call, "turns": turns}


def _call(data: Mapping[str, Any], templates: Mapping[str, Any]) -> Call:
    call = str(data["id"])
    turns = tuple(
        Turn(number, Speaker(turn["speaker"]), turn["text"], turn.get("start", 0.0), turn.get("end", 0.0))
        for number, turn in enumerate(data.get("turns", []))
    )
    known = templates.get(call, data.get("gold", {}).get("template") or ())
    started = data.get("started_at")
    return Call(
        call,
        turns,
        data.get("gold", {}),
        (known,) if isinstance(known, str) else tuple(known),
        datetime.fromisoformat(started).astimezone(UTC) if started else CALL_TIME,
        data.get("second", {}),
    )
