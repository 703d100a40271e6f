"""Calls with gold tickets: a folder of ``<id>.json`` (``turns`` and ``gold``, docs/operations.md) in, `Call`s out.

Calls without recordings may also stand in ``*.yaml``, lists of the same, a turn written ``[speaker, text]``.

Gold templates stand in ``templates.yaml`` beside the calls, else beside the samples (call id → code or list of codes),
else in the call's own ``gold.template``. What a gold ticket does not tell is not measured.
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


class GoldError(Exception):
    """Calls that cannot be measured on; says which and why."""


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
    """The calls of a folder, in order. Raises `GoldError` where it is missing, holds none, or one is malformed."""
    if not folder.is_dir():
        raise GoldError(f"{folder} is no folder; name one that holds calls with gold tickets")
    mapping = next((path for path in (folder / TEMPLATES, samples_dir() / TEMPLATES) if path.is_file()), None)
    templates = _parsed(mapping) if mapping else {}
    if not isinstance(templates, Mapping):
        raise GoldError(f"{mapping} holds no codes of templates by the calls' ids")
    calls = [_call(path, data, templates) for path, data in _read(folder)]
    calls = [call for call in calls if call.gold]
    if not calls:
        raise GoldError(
            f"{folder} holds no call with a gold ticket (<id>.json with `turns` and `gold`, or a list in *.yaml)"
        )
    return calls


def _read(folder: Path) -> Iterator[tuple[Path, Any]]:
    for path in sorted(folder.glob("*.json")):
        data = _parsed(path)
        yield path, {"id": path.stem, **data} if isinstance(data, Mapping) else data
    for path in sorted(folder.glob("*.yaml")):
        if path.name != TEMPLATES:
            listed = _parsed(path)
            if not isinstance(listed, list):
                raise GoldError(f"{path} is no list of calls")
            yield from ((path, call) for call in listed)


def _parsed(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        kind = "JSON" if path.suffix == ".json" else "YAML"
        raise GoldError(f"{path} cannot be read as {kind} in UTF-8: {' '.join(str(error).split())}") from None


def _call(path: Path, data: Any, templates: Mapping[str, Any]) -> Call:
    """Raises `GoldError`."""
    named = data.get("id", "?") if isinstance(data, Mapping) else "?"
    try:
        call = str(data["id"])
        gold, second = data.get("gold") or {}, data.get("second") or {}
        for ticket in (gold, second):
            if not isinstance(ticket, Mapping) or not isinstance(ticket.get("slots", {}), Mapping):
                raise TypeError("`gold`, `second` and their `slots` must be mappings")
        known = templates.get(call, gold.get("template") or ())
        started = data.get("started_at")
        return Call(
            call,
            tuple(_turn(number, turn) for number, turn in enumerate(data.get("turns", []))),
            gold,
            (known,) if isinstance(known, str) else tuple(known),
            datetime.fromisoformat(started).astimezone(UTC) if started else CALL_TIME,
            second,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldError(f"{path}: call {named} is malformed: {error!r}") from None


def _turn(number: int, turn: Any) -> Turn:
    """A turn written out, or as ``[speaker, text]``. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    said = turn if isinstance(turn, Mapping) else dict(zip(("speaker", "text"), turn, strict=True))
    if not isinstance(said["text"], str):
        raise TypeError(f"`text` is {said['text']!r}, not a string")
    return Turn(number, Speaker(said["speaker"]), said["text"], said.get("start", 0.0), said.get("end", 0.0))
