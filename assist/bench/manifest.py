"""What to measure on: a folder of calls, or a manifest of clips with their text.

A folder of calls holds `<id>.flac` (channel 0 agent, channel 1 citizen) and `<id>.json` with `turns` (`speaker`,
`text`, `start`, `end` in seconds). A manifest has one JSON object a line: `audio` (path relative to it), `text`,
optional `channel` (from 0; without it a file of one channel). Other columns (speaker, corpus, …) are not read; one that
looks like a misspelt `channel` is refused. A folder with a `manifest.jsonl` stands for that; one without calls of its
own for the calls in its subfolders. Everything is UTF-8, with or without a mark of it at the beginning.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from extractors.turn import Speaker

ROLES = (Speaker.AGENT, Speaker.CITIZEN)

_MANIFEST = "manifest.jsonl"
_LINE = 'each line is a JSON object such as {"audio": "clip.wav", "text": "你好", "channel": 0} (channel optional)'


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
    """One recording with what was said in it: a call of two parties, or (``call`` false) a clip of one speaker.

    ``channel`` picks the channel of a clip's file; None: the only one.
    """

    name: str
    audio: Path
    spoken: tuple[Spoken, ...]
    channel: int | None = None
    call: bool = False


def read(path: Path) -> list[Item]:
    """The recordings of a folder or of a manifest.

    Raises `ManifestError` for one that is missing, empty or malformed, or that names audio that is not there.
    """
    if path.is_dir():
        own = path / _MANIFEST
        items = _clips(own) if own.is_file() else _calls(path) or _calls_below(path)
    elif path.is_file():
        items = _clips(path)
    else:
        raise ManifestError(f"{path} does not exist; name a folder of calls or a manifest with one JSON object a line")
    if not items:
        raise ManifestError(
            f"{path} holds no recording with its text (a folder needs {_MANIFEST}, or <id>.flac beside <id>.json, in "
            "it or in its subfolders)"
        )
    return items


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path} cannot be read as UTF-8 text: {error}") from None


def _clips(manifest: Path) -> list[Item]:
    lines = _text(manifest).split("\n")  # not splitlines: JSON may hold other ends of lines as they are
    return [_clip(manifest, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _calls(folder: Path) -> list[Item]:
    return [_call(file) for file in sorted(folder.glob("*.json")) if file.with_suffix(".flac").is_file()]


def _calls_below(folder: Path) -> list[Item]:
    below = (entry for entry in sorted(folder.iterdir()) if entry.is_dir())
    return [replace(item, name=f"{entry.name}/{item.name}") for entry in below for item in _calls(entry)]


def _call(file: Path) -> Item:
    try:
        turns = json.loads(_text(file))["turns"]
        if not isinstance(turns, list):
            raise TypeError(f"`turns` is {turns!r}, not a list")
        spoken = tuple(map(_turn, turns))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ManifestError(f"{file} is not a call script: {error!r}") from None
    return Item(file.stem, file.with_suffix(".flac"), spoken, call=True)


def _turn(turn: Any) -> Spoken:
    """Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
    text, start, end = turn["text"], turn.get("start"), turn.get("end")
    if not isinstance(text, str):
        raise TypeError(f"`text` is {text!r}, not a string")
    for name, time in (("start", start), ("end", end)):
        if time is not None and (type(time) not in (int, float) or not isfinite(time) or time < 0):
            raise TypeError(f"`{name}` is {time!r}, not a number of seconds")
    if start is not None and end is not None and start > end:
        raise ValueError(f"a turn ends at {end} s and begins at {start} s")
    return Spoken(ROLES.index(Speaker(turn["speaker"])), text, start, end)


def _clip(manifest: Path, number: int, line: str) -> Item:
    where = f"{manifest}, line {number}"
    try:
        entry: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"{where} is not JSON ({error}); {_LINE}") from None
    if not isinstance(entry, dict):
        raise ManifestError(f"{where} is not a JSON object; {_LINE}")
    missing = [column for column in ("audio", "text") if column not in entry]
    if missing:
        there = ", ".join(f"`{column}`" for column in entry) or "none"
        wanted = " and ".join(f"`{column}`" for column in missing)
        raise ManifestError(f"{where} has no column {wanted}; its columns are: {there}; {_LINE}")
    if "channel" not in entry and (misspelt := get_close_matches("channel", map(str, entry), 1, 0.8)):
        raise ManifestError(f"{where}: unknown column `{misspelt[0]}`: did you mean `channel`? {_LINE}")
    audio, text, channel = entry["audio"], entry["text"], entry.get("channel")
    if not isinstance(audio, str) or not isinstance(text, str):
        raise ManifestError(f"{where}: `audio` and `text` must be strings; {_LINE}")
    if channel is not None and (type(channel) is not int or channel not in (0, 1)):
        raise ManifestError(f"{where}: `channel` is {channel!r}; it must be 0 or 1")
    if not (manifest.parent / audio).is_file():
        raise ManifestError(f"{where}: there is no audio file {manifest.parent / audio}; paths count from the manifest")
    return Item(audio, manifest.parent / audio, (Spoken(0, text),), channel)
