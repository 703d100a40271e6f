from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue, Template
from extractors.catalogue.load import load
from extractors.conversation.asked import Asked, AskedRules
from extractors.conversation.dialogue import load_dialogue
from extractors.matching.questions import Questions
from extractors.ticket import Question
from tests.extractors import small_catalogue as small
from tests.extractors.test_ranking import call


@pytest.fixture
def few(tmp_path: Path) -> Catalogue:
    return load(small.write(tmp_path / "c"))


@pytest.fixture(scope="module")
def asked_rules(catalogue: Catalogue) -> AskedRules:
    return AskedRules(load_dialogue(catalogue.directory), catalogue.rules("questions"))


@pytest.fixture(scope="module")
def questions(catalogue: Catalogue) -> Questions:
    return Questions(catalogue, catalogue.rules("questions"))


def due(
    catalogue: Catalogue,
    odds: dict[str, float],
    filled: set[str],
    chosen: str | None = None,
    asked: Asked | None = None,
) -> tuple[Question, ...]:
    ranked = [(catalogue.by_code[code], probability) for code, probability in odds.items()]
    template = catalogue.by_code[chosen] if chosen else None
    return Questions(catalogue, catalogue.rules("questions")).due(ranked, filled, template, asked)


def slots(
    catalogue: Catalogue,
    odds: dict[str, float],
    filled: set[str],
    chosen: str | None = None,
    asked: Asked | None = None,
) -> list[str]:
    return [question.slot for question in due(catalogue, odds, filled, chosen, asked)]


def test_empty_required_slots_are_asked_for_and_name_and_phone_come_last(few: Catalogue) -> None:
    asks = slots(few, {"CG01-001": 0.9, "CG01-002": 0.1}, {"district"})
    assert asks == ["street", "address", "occurred_at", "caller_name", "phone"]


def test_a_filled_slot_is_not_asked_for_again(few: Catalogue) -> None:
    assert slots(few, {"CG01-001": 0.9}, {"district", "street", "address", "occurred_at", "caller_name", "phone"}) == []


def test_the_templates_own_question_is_used(few: Catalogue) -> None:
    first = due(few, {"CG01-001": 0.9}, {"district", "street", "address"})[0]
    assert first.text == "请问一般几点出摊、几点收摊？"


def test_close_templates_ask_only_for_what_most_of_them_need(few: Catalogue) -> None:
    asks = slots(few, {"CG01-001": 0.5, "WY01-001": 0.4}, set())
    assert [slot for slot in asks if slot != "template"] == ["district", "address", "caller_name", "phone"]


def test_the_chosen_template_decides_what_is_asked(few: Catalogue) -> None:
    assert "duration" in slots(few, {"CG01-001": 0.9}, set(), chosen="WY01-001")


def test_without_templates_only_the_caller_is_asked_for(few: Catalogue) -> None:
    assert slots(few, {}, set()) == ["caller_name", "phone"]


def pair(catalogue: Catalogue) -> tuple[Template, Template]:
    """Two templates of one request type that the catalogue says are mistaken for each other."""
    for template in catalogue.templates:
        for confusion in template.confused_with:
            other = catalogue.by_code[confusion.code]
            if other.request_type == template.request_type:
                return template, other
    raise AssertionError("the catalogue names no such pair")


def test_templates_that_are_mistaken_for_each_other_are_told_apart_first(catalogue: Catalogue) -> None:
    first, second = pair(catalogue)
    question = due(catalogue, {first.code: 0.4, second.code: 0.3}, set())[0]
    assert question.slot == "template"
    assert first.title in question.text
    assert second.title in question.text
    assert [option.value for option in question.options] == [first.code, second.code]
    assert first.confused_with[0].apart in question.apart or second.title in question.apart


def test_a_sure_template_needs_no_telling_apart_nor_does_one_that_was_chosen(catalogue: Catalogue) -> None:
    first, second = pair(catalogue)
    assert "template" not in slots(catalogue, {first.code: 0.9, second.code: 0.05}, set())
    assert "template" not in slots(catalogue, {first.code: 0.4, second.code: 0.3}, set(), chosen=second.code)


def test_when_the_request_type_says_most_about_the_template_it_is_asked_for(few: Catalogue) -> None:
    question = due(few, {"WY01-001": 0.4, "WY02-001": 0.4}, set())[0]
    assert question.slot == "request_type"
    assert {option.value for option in question.options} == {"投诉", "咨询"}
    assert "投诉" in question.text
    assert "咨询" in question.text


ASK_TIME = "A请问一般几点出摊、几点收摊？"


def test_what_waits_for_its_answer_is_not_asked_again(few: Catalogue, asked_rules: AskedRules) -> None:
    asked = asked_rules.of(call("A请问具体在哪个位置？"))
    assert slots(few, {"CG01-002": 0.9}, {"district"}, asked=asked) == ["caller_name", "phone"]


def test_what_was_just_answered_rests_although_the_answer_was_not_understood(
    few: Catalogue, asked_rules: AskedRules
) -> None:
    turns = call(ASK_TIME, "C晚上那个时候喽")
    assert "occurred_at" not in slots(few, {"CG01-001": 0.9}, {"street"}, asked=asked_rules.of(turns))
    later = call(ASK_TIME, "C晚上那个时候喽", "A好的", "C嗯", "A还有吗", "C没有", "A您稍等", "C好", "A嗯", "C喂")
    assert "occurred_at" in slots(few, {"CG01-001": 0.9}, {"street"}, asked=asked_rules.of(later))


def test_what_the_caller_does_not_know_is_never_asked_again(few: Catalogue, asked_rules: AskedRules) -> None:
    turns = call(ASK_TIME, "C这个我不清楚", *["A好的", "C嗯"] * 6)
    assert "occurred_at" not in slots(few, {"CG01-001": 0.9}, set(), asked=asked_rules.of(turns))


def test_a_caller_who_asks_back_has_not_answered(asked_rules: AskedRules) -> None:
    turns = call("A请问您的联系电话是多少？", "C什么？", *["A好的", "C什么？"] * 3)
    assert asked_rules.of(turns[:2]).rests("phone", "请问您的联系电话是多少？")
    assert not asked_rules.of(turns + call("A您说", "A嗯")).rests("phone", "请问您的联系电话是多少？")


codes = st.sampled_from(["CG01-001", "CG02-003", "WY01-001", "LD01-002", "SC01-001", "HB01-001", "JT01-001"])
names = st.sets(st.sampled_from(["district", "street", "address", "subject", "occurred_at", "amount", "phone"]))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(codes, st.floats(0.01, 1.0), max_size=5), names)
def test_no_question_asks_twice_or_for_what_is_filled(
    catalogue: Catalogue, questions: Questions, odds: dict[str, float], filled: set[str]
) -> None:
    total = sum(odds.values()) or 1.0
    ranked = sorted(
        ((catalogue.by_code[code], share / total) for code, share in odds.items() if code in catalogue.by_code),
        key=lambda item: -item[1],
    )
    asks = [question.slot for question in questions.due(ranked, filled)]
    assert len(asks) == len(set(asks))
    assert not filled & set(asks)
    assert all(question.text for question in questions.due(ranked, filled))
