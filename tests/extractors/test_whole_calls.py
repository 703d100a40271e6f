"""What short calls of many kinds come to: request type, domain, and a fitting template among the first five."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.catalogue.knowledge import Catalogue
from extractors.understanding import Understanding
from tests.extractors.test_ranking import call

STARTED = datetime(2025, 3, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))
HELLO = "A您好，广州12345热线，请问有什么可以帮您？"
CALLS = yaml.safe_load(Path(__file__).with_name("whole_calls.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("wanted", CALLS, ids=lambda wanted: f"{wanted['domain']}-{wanted['request_type']}")
def test_a_short_call_is_understood(catalogue: Catalogue, wanted: dict[str, Any]) -> None:
    ticket = Understanding(catalogue, STARTED).ticket(call(HELLO, *wanted["turns"]))
    assert ticket.request_type is not None
    assert ticket.domain is not None
    right = {wanted["domain"], wanted.get("domain_also")}
    assert ticket.request_type.value == wanted["request_type"]
    assert ticket.domain.value in right
    names = {code: entry.name for code, entry in catalogue.domains.items()}
    fitting = [t.title for t in ticket.templates if names[t.domain] in right and wanted["word"] in t.title]
    assert fitting, [template.title for template in ticket.templates]
