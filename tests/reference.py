"""The reference catalogue for what a test module reads when it is collected; opened once a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assist.catalogues import open_catalogue
from assist.config import CatalogueSource
from extractors.catalogue.knowledge import Catalogue

CATALOG = Path(__file__).resolve().parents[1] / "catalog"


@cache
def reference() -> Catalogue:
    """The reference catalogue, out of the cache that programs use too: it is compiled once, not by every worker."""
    return open_catalogue(CatalogueSource(directory=str(CATALOG)))
