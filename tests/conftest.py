"""What many tests share: the sample calls, the catalogue and the real speech model, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import models

if TYPE_CHECKING:
    from asr.engine import Engine
    from extractors.catalogue import Catalogue

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of sample calls: `<id>.flac` (agent left, citizen right) and `<id>.json` (script and gold ticket)."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def dev_calls() -> Path:
    """The folder of development calls; skips where it is absent."""
    folder = ROOT.parent / "shared" / "calls" / "dev"
    if not folder.is_dir():
        pytest.skip("the development calls are not on this machine")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of third-party material for measuring; skips where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the measuring material is not on this machine")
    return folder


@pytest.fixture(scope="session")
def whisper() -> Iterator[Engine]:
    """Whisper base on the CPU, one thread; fetched beforehand by `scripts/test`."""
    from asr.whisper import WhisperEngine

    yield WhisperEngine(models.find("whisper-base"), threads=1)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The reference catalogue, out of the cache that programs use too: it is compiled once, not by every worker."""
    from assist.catalogues import open_catalogue
    from assist.config import CatalogueSource

    return open_catalogue(CatalogueSource(directory=str(ROOT / "catalog")))
