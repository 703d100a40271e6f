"""What many tests share: the sample calls, the catalogue and the real speech model, loaded once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assist.cli  # noqa: F401 - numpy then computes in one thread, as in the program; before anything imports numpy
import models

if TYPE_CHECKING:
    from asr.engine import Engine
    from extractors.catalogue.knowledge import Catalogue

# reading a call that is over takes seconds of a processor, which tests of other things do without
os.environ["ASSIST_UNDERSTANDING__SCRIBE"] = "false"
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
    """Whisper base on the CPU, one thread; fetched beforehand by `scripts/test`. Pictures of the documents
    (``UPDATE_IMAGES``) are taken with what ships.
    """
    from asr.whisper import WhisperEngine

    model = "whisper-base-ears" if os.environ.get("UPDATE_IMAGES") else "whisper-base"
    yield WhisperEngine(models.find(model), threads=1)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The reference catalogue, the one that modules use too."""
    from tests.reference import reference

    return reference()
