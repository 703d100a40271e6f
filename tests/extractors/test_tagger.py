"""The tagger marks the words that give a slot, and learned slots make values of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.choosing.tagger import Tagger, load_tagger
from extractors.slots.marked import Marked
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding
from tests.extractors.grill import CALL, turns


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    found = load_tagger()
    assert found is not None, "run `assist models fetch call-tagger`"
    return found


def words(tagger: Tagger, call: list[Turn], place: int) -> dict[str, str]:
    """The words of each slot that are surely marked in a turn."""
    said: dict[str, str] = {}
    for mark in tagger.marked(call[:place], call[place]).marks:
        if mark.probability > 0.5:
            said[mark.slot] = said.get(mark.slot, "") + call[place].text[mark.start : mark.end]
    return said


def test_words_are_marked_with_the_slot_they_give(tagger: Tagger) -> None:
    call = turns(CALL)
    assert "烧烤店" in words(tagger, call, 1)["subject"]
    assert "三个多月" in words(tagger, call, 3)["duration"]
    assert "桌子" in words(tagger, call, 5)["demand"]


def test_what_gives_no_slot_is_not_marked(tagger: Tagger) -> None:
    call = turns([("agent", "您好，请讲。"), ("citizen", "喂，你好，听得到吗？")])
    assert not words(tagger, call, 1)


@given(st.lists(st.text("一二三的了我你他在晚上楼下店铺，。？abc123 ", max_size=60), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_marks_lie_inside_the_turn_whatever_is_said(said: list[str]) -> None:
    tagger = load_tagger()
    assert tagger is not None
    call = turns([("agent" if number % 2 else "citizen", text) for number, text in enumerate(said)])
    for place, turn in enumerate(call):
        for mark in tagger.marked(call[:place], turn).marks:
            assert 0 <= mark.start < mark.end <= len(turn.text)
            assert 0 < mark.probability <= 1


def test_a_very_long_turn_is_read_as_far_as_the_model_can(tagger: Tagger) -> None:
    wish = "希望你们派人来修路灯。"
    long = wish + "我跟你讲这件事情前前后后拖了很久，" * 40
    marks = tagger.marked((), Turn(0, Speaker.CITIZEN, long)).marks
    assert "路灯" in "".join(long[mark.start : mark.end] for mark in marks if mark.end <= len(wish))
    assert all(mark.end <= len(long) for mark in marks)


def test_a_time_asked_for_to_call_back_is_not_when_it_happened(catalogue: Catalogue) -> None:
    call = turns([("agent", "什么时候给您回电话方便？"), ("citizen", "晚上七点以后打给我吧。")])
    slots = Understanding(catalogue, NOW).ticket(call).slots
    assert slots["callback_time"].value == "晚上七点以后"
    assert "occurred_at" not in slots


def test_a_number_cut_short_by_a_mark_is_read_in_full(catalogue: Catalogue) -> None:
    from extractors.particulars.money import load_amount
    from extractors.slots.extractor import Context

    text = "一共交了9480元，一分钱都没退。"
    mark = Marked("amount", text.index("80元"), text.index("元") + 1, 0.9)
    amount = load_amount(catalogue.directory).value(mark, Turn(0, Speaker.CITIZEN, text), Context((), frozenset(), NOW))
    assert amount is not None and amount.value == 9480


NOW = datetime.fromisoformat("2026-11-28T10:00:00+08:00")


def test_a_ticket_is_filled_from_marks(catalogue: Catalogue) -> None:
    ticket = Understanding(catalogue, NOW).ticket(turns(CALL))
    assert "烧烤店" in str(ticket.slots["subject"].value)
    assert "桌子" in str(ticket.slots["demand"].value)
    assert ticket.slots["demand"].evidence[0].turn == 5


def test_what_the_caller_refuses_is_no_demand(catalogue: Catalogue) -> None:
    call = [
        *CALL[:4],
        ("agent", "您的诉求是要求店家赔偿两千元，对吗？"),
        ("citizen", "不是，我不要赔偿，就是叫他们把桌子收进去。"),
    ]
    demand = Understanding(catalogue, NOW).ticket(turns(call)).slots["demand"]
    assert "两千" not in str(demand.value) and "桌子" in str(demand.value)


def test_without_the_model_rules_fill_the_slots(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    from extractors import compiled

    monkeypatch.setattr(compiled, "load_tagger", lambda: None)
    compiled.compile_catalogue.cache_clear()
    try:
        ticket = Understanding(catalogue, NOW).ticket(turns(CALL))
        assert ticket.slots["duration"].value == "三个多月"
    finally:
        compiled.compile_catalogue.cache_clear()


def test_a_missing_model_is_no_tagger(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSIST_MODELS", str(tmp_path))
    load_tagger.cache_clear()
    try:
        assert load_tagger() is None
    finally:
        load_tagger.cache_clear()
