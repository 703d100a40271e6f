"""The reference catalogue for what a test module reads when it is collected; read once a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from extractors.catalogue import Catalogue
from extractors.catalogue_load import load

CATALOG = Path(__file__).resolve().parents[1] / "catalog"


@cache
def reference() -> Catalogue:
    """The reference catalogue."""
    return load(CATALOG)
