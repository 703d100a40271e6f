"""What tests of extractors share."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.conversation.dialogue import Dialogue, load_dialogue


@pytest.fixture(scope="session")
def dialogue() -> Dialogue:
    return load_dialogue(Path(__file__).resolve().parents[2] / "catalog")
