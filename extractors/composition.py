"""Which extractors fill the ticket: a catalogue directory in, all slot extractors out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractors.extractor import Extractor

SIDE_SLOTS = frozenset({"caller_name", "phone", "district", "street", "address", "plate_no", "id_no", "callback_time"})
"""Slots whose words say little about the matter itself."""


def load_extractors(directory: Path) -> tuple[Extractor[Any], ...]:
    """All slot extractors, with the rules and places of the catalogue in ``directory``."""
    return ()
