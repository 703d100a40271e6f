"""What several tests of the server's programs share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture
def process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`assist calls` sets these for its process, which here is the tests'."""
    monkeypatch.setenv("SQLITE_TMPDIR", "")
    before = os.umask(0o022)
    yield
    os.umask(before)
