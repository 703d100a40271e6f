"""Ways of speaking that once were taken wrongly: each short call must fill its slots and leave others empty."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.catalogue.knowledge import Catalogue
from extractors.understanding import Understanding
from tests.extractors.test_ranking import call

STARTED = datetime(2026, 3, 2, 10, 15, tzinfo=timezone(timedelta(hours=8)))
CALLS = yaml.safe_load(Path(__file__).with_name("spoken_turns.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", CALLS, ids=[one["id"] for one in CALLS])
def test_what_is_said_fills_its_slots_and_no_others(catalogue: Catalogue, one: dict[str, Any]) -> None:
    slots = Understanding(catalogue, STARTED).ticket(call(*one["turns"])).slots
    wanted = one.get("slots", {})
    assert {name: slots[name].value if name in slots else None for name in wanted} == wanted
    assert not slots.keys() & set(one.get("none", ()))
