"""A hotline's own texts: files and folders in, the texts in them out, one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

_SUFFIXES = (".jsonl", ".json", ".txt")


class TextsError(Exception):
    """A file whose texts cannot be read; says where and why."""


def own_texts(paths: Iterable[Path]) -> Iterator[str]:
    """The texts of ``paths``: plain text (``.txt``, a text a line), JSON lines with ``text`` (``.jsonl``), calls (a
    JSON object with ``turns``, each with ``text``; ``.json``), and folders of such files.

    Raises `TextsError`, and OSError for a file that cannot be opened.
    """
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES) if path.is_dir() else [path]
        if not files:
            raise TextsError(f"{path} holds no file named {', '.join(_SUFFIXES)}")
        for file in files:
            yield from _of(file)


def _of(file: Path) -> Iterator[str]:
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextsError(f"{file} is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    if file.suffix == ".json":
        entry = _parsed(content, str(file))
        turns = entry.get("turns") if isinstance(entry, dict) else None
        if not isinstance(turns, list):
            raise TextsError(f'{file} is no call; a call is a JSON object with "turns"')
        yield from (_text(turn, f"{file}, turn {number}") for number, turn in enumerate(turns, 1))
        return
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            where = f"{file}, line {number}"
            yield line if file.suffix == ".txt" else _text(_parsed(line, where), where)


def _parsed(content: str, where: str) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise TextsError(f"{where} is not JSON ({error})") from None


def _text(entry: Any, where: str) -> str:
    text = entry.get("text") if isinstance(entry, dict) else None
    if not isinstance(text, str):
        raise TextsError(f'{where} has no "text"')
    return text
