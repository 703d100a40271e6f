"""The rules around spoken numbers, read once from ``catalog/rules/numbers.yaml``, and matching of their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractors.cues import Cues, load_rules


def load_numbers(catalog: Path) -> dict[str, Any]:
    """The number rules of a catalogue directory. Raises FileNotFoundError or ValueError that name the file."""
    return load_rules(catalog, "numbers")


def labelled(text: str, start: int, label: Cues, within: int = 14) -> bool:
    """Whether one of ``label`` stands in the ``within`` characters before ``start``."""
    return label.match(text[max(0, start - within) : start])
