from __future__ import annotations

from pathlib import Path

import pytest

from extractors.catalogue import Catalogue, load
from extractors.questions import questions
from tests.extractors import small_catalogue as small


@pytest.fixture
def few(tmp_path: Path) -> Catalogue:
    return load(small.write(tmp_path / "c"))


def slots(catalogue: Catalogue, odds: dict[str, float], filled: set[str], chosen: str | None = None) -> list[str]:
    ranked = [(catalogue.by_code[code], probability) for code, probability in odds.items()]
    template = catalogue.by_code[chosen] if chosen else None
    return [question.slot for question in questions(catalogue, ranked, filled, template)]


def test_empty_required_slots_are_asked_for_and_name_and_phone_come_last(few: Catalogue) -> None:
    due = slots(few, {"CG01-001": 0.9, "CG01-002": 0.1}, {"district"})
    assert due == ["street", "address", "occurred_at", "caller_name", "phone"]


def test_a_filled_slot_is_not_asked_for_again(few: Catalogue) -> None:
    assert slots(few, {"CG01-001": 0.9}, {"district", "street", "address", "occurred_at", "caller_name", "phone"}) == []


def test_the_templates_own_question_is_used(few: Catalogue) -> None:
    due = questions(few, [(few.by_code["CG01-001"], 0.9)], {"district", "street", "address"})
    assert due[0].text == "请问一般几点出摊、几点收摊？"


def test_close_templates_ask_only_for_what_all_of_them_need(few: Catalogue) -> None:
    due = slots(few, {"CG01-001": 0.5, "WY01-001": 0.4}, set())
    assert due == ["district", "address", "caller_name", "phone"]


def test_the_chosen_template_decides_what_is_asked(few: Catalogue) -> None:
    assert "duration" in slots(few, {"CG01-001": 0.9}, set(), chosen="WY01-001")


def test_without_templates_only_the_caller_is_asked_for(few: Catalogue) -> None:
    assert slots(few, {}, set()) == ["caller_name", "phone"]
