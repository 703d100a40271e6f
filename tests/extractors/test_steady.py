from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.matching.steady import steady
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding

ODDS = np.array([0.5, 0.45, 0.03, 0.02])


def test_what_led_stays_first_until_another_is_clearly_more_probable() -> None:
    assert steady([0, 1, 2], ODDS, 1, clearly=1.25) == [1, 0, 2]
    assert steady([0, 1, 2], ODDS, 2, clearly=1.25) == [0, 1, 2]
    assert steady([0, 1, 2], ODDS, None, clearly=1.25) == [0, 1, 2]
    assert steady([0, 1], ODDS, 3, clearly=1.25) == [0, 1]


@given(st.permutations(range(4)), st.integers(0, 3), st.floats(1.0, 3.0))
def test_no_template_is_lost_or_doubled(order: list[int], held: int, clearly: float) -> None:
    assert sorted(steady(order, ODDS, held, clearly)) == sorted(order)


def changes(catalogue: Catalogue, file: Path) -> tuple[int, int]:
    """How often the first template changed while a call went on: where none is held, and where the last one is."""
    understanding = Understanding(catalogue, datetime(2026, 3, 2, 10, 0))
    turns: list[Turn] = []
    free: list[str] = []
    kept: list[str] = []
    for number, said in enumerate(json.loads(file.read_text("utf-8"))["turns"]):
        turns.append(Turn(number, Speaker(said["speaker"]), said["text"], said["start"], said["end"]))
        for tops, held in ((free, None), (kept, kept[-1] if kept else None)):
            ticket = understanding.ticket(turns, held=held)
            if ticket.templates:
                tops.append(ticket.templates[0].code)
    return _changes(free), _changes(kept)


def _changes(tops: list[str]) -> int:
    return sum(one != other for one, other in pairwise(tops))


def test_the_first_template_of_the_development_calls_changes_less_often(catalogue: Catalogue, dev_calls: Path) -> None:
    files = sorted(dev_calls.glob("*.json"))
    counted = [changes(catalogue, file) for file in files]
    free, kept = (sum(counts) for counts in zip(*counted, strict=True))
    assert kept <= free
    assert kept <= len(files)
