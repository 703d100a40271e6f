"""Thirty whole calls written for the slots: how many of their values the ticket gets right."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import yaml

from assist.bench.matching import right
from extractors.catalogue.knowledge import Catalogue
from extractors.understanding import Understanding
from tests.extractors.test_ranking import call

STARTED = datetime(2026, 3, 2, 10, 15, tzinfo=timezone(timedelta(hours=8)))
CALLS = yaml.safe_load(Path(__file__).with_name("slot_calls.yaml").read_text(encoding="utf-8"))
SURE = {"phone", "street", "district"}
COMMON = {*SURE, "caller_name", "address", "subject", "demand", "amount", "plate_no", "id_no", "order_no", "route_no"}


def test_values_of_whole_calls_are_found_and_few_are_wrong(catalogue: Catalogue) -> None:
    found, shown, wanted, wrong = 0, 0, 0, []
    for one in CALLS:
        slots = Understanding(catalogue, STARTED).ticket(call(*one["turns"])).slots
        said = {name: value for name, value in one["slots"].items() if name in COMMON}
        values = {name: slot.value for name, slot in slots.items() if name in COMMON}
        good = {name for name in said.keys() & values.keys() if right(name, said[name], values[name])}
        found, shown, wanted = found + len(good), shown + len(values), wanted + len(said)
        wrong += [(one["id"], name, said.get(name), values.get(name)) for name in SURE & said.keys() - good]
    assert wanted > 180
    assert found / wanted > 0.85, (found, wanted)
    assert found / shown > 0.9, (found, shown)
    assert len(wrong) <= 2, wrong
