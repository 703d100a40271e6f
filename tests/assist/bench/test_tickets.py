"""A ticket is compared with the one that a human would have filled, second matters included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from assist.bench.gold import Call, read_calls
from assist.bench.tickets import Tally, scored
from extractors.catalogue.knowledge import Catalogue
from extractors.understanding import Understanding

SAMPLES = Path(__file__).resolve().parent.parent.parent.parent / "samples" / "calls"


def figures(call: Call, catalogue: Catalogue) -> dict[str, tuple[float | None, int]]:
    ticket = Understanding(catalogue, call.started_at).ticket(call.turns)
    found = Tally([scored(call, call.turns, ticket, catalogue)]).figures()
    return {name: (figure.value, figure.cases) for name, figure in found.items() if "other_matter" in name}


def test_a_second_matter_counts_as_found_and_needless_where_the_gold_ticket_has_none(catalogue: Catalogue) -> None:
    call = next(one for one in read_calls(SAMPLES / "alike-later") if one.id == "RT18")
    assert figures(call, catalogue)["other_matter"] == (1.0, 1)
    alone = replace(call, gold={**call.gold, "other_matters": []})
    assert figures(alone, catalogue)["no_false_other_matter"] == (0.0, 1)
