"""What to measure on: a folder of calls, or a manifest of clips with their text.

A folder of calls holds `<id>.flac` (channel 0 agent, channel 1 citizen) and `<id>.json` with `turns` (`speaker`,
`text`, `start`, `end`). A manifest has one JSON object a line: `audio` (path relative to it), `text`, optional
`channel`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.turn import Speaker

ROLES = (Speaker.AGENT, Speaker.CITIZEN)


class ManifestError(Exception):
    """A manifest or folder that cannot be used; says where and why."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stretch of reference text on one channel; times in seconds, None where they are not known."""

    channel: int
    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One recording with what was said in it. ``channel`` picks one channel of the file; None means all."""

    name: str
    audio: Path
    spoken: tuple[Spoken, ...]
    channel: int | None = None


def read(path: Path) -> list[Item]:
    """The recordings of a folder of calls or of a manifest.

    Raises `ManifestError` for one that is missing, empty or malformed.
    """
    if path.is_dir():
        items = [_call(file) for file in sorted(path.glob("*.json")) if file.with_suffix(".flac").is_file()]
    elif path.is_file():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ManifestError(f"{path} cannot be read as UTF-8 text: {error}") from None
        items = [_clip(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    else:
        raise ManifestError(f"{path} does not exist; name a folder of calls or a manifest with one JSON object a line")
    if not items:
        raise ManifestError(f"{path} holds no recording with its text (a folder needs <id>.flac beside <id>.json)")
    return items


def _call(file: Path) -> Item:
    try:
        turns = json.loads(file.read_text(encoding="utf-8"))["turns"]
        spoken = tuple(
            Spoken(ROLES.index(Speaker(turn["speaker"])), turn["text"], turn.get("start"), turn.get("end"))
            for turn in turns
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{file} is not a call script: {error!r}") from None
    return Item(file.stem, file.with_suffix(".flac"), spoken)


def _clip(manifest: Path, number: int, line: str) -> Item:
    try:
        entry: dict[str, Any] = json.loads(line)
        audio = manifest.parent / entry["audio"]
        channel = entry.get("channel")
        return Item(str(entry["audio"]), audio, (Spoken(channel or 0, entry["text"]),), channel)
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{manifest}, line {number}: {error!r}; each line needs at least audio and text") from None
