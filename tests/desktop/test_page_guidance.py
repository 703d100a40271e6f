"""What the page tells the agent to ask and how far the unit can be relied on; and that all of it can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.desktop.conftest import Desk, RunningServer

ROUTE = {"slot": "route_no", "text": "请问是哪一路车？"}
COUNT = {"slot": "people_count", "text": "请问影响到多少户？"}
TYPES = {
    "slot": "request_type",
    "text": "请问您这次是想投诉，还是想咨询了解情况？",
    "options": [{"value": "投诉", "label": "投诉"}, {"value": "咨询", "label": "咨询"}],
}
DISTRICT = "请问这件事发生在哪个区？"
UNIT = {"unit": "市城市管理综合执法局", "confidence": 0.97, "decision": "suggest", "alternatives": ["市公安局"]}
STANDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "certified": ({**UNIT, "certified": 0.0181}, "已认证", "派错的比例不超过 1.9%"),
    "check": (UNIT, "建议，需核对", "没有检验过"),
    "ask": ({**UNIT, "confidence": 0.62, "decision": "ask", "question": DISTRICT}, "先问清再派", DISTRICT),
    "abstain": ({**UNIT, "confidence": 0.2, "decision": "abstain"}, "无法判断单位", "请您填写"),
}
CONTRASTS = Path(__file__).with_name("contrasts.js").read_text("utf-8")
# Colours that are on their way from one to another are nobody's to read.
COME_TO_REST = """
  () => Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity).map((one) => one.finished)).then(() => null)
"""
RUNS_OVER = """
  [...document.querySelectorAll('.next .ask .line, .stand span')].some((one) => one.scrollWidth > one.clientWidth)
"""


@pytest.fixture(scope="module", autouse=True)
def stored_calls(running_server: RunningServer, call_log: list[dict[str, Any]]) -> None:
    """Ended calls that differ in what is to be asked and in how sure the unit is."""

    def write(call: str, *events: dict[str, Any]) -> None:
        told = ({"at": 60.0, "event": event} for event in events)
        running_server.write(call, [*call_log[:-1], *told, call_log[-1]])

    running_server.stop()
    for call in ("asked", "moved"):
        write(call, {"type": "questions.due", "questions": [ROUTE, COUNT]})
    write("typed", {"type": "questions.due", "questions": [TYPES, ROUTE]})
    for call, (dispatch, _, _) in STANDS.items():
        write(call, {"type": "dispatch.suggested", "dispatch": dispatch}, {"type": "questions.due", "questions": []})
    running_server.start()


def boxes(page: Page) -> list[Any]:
    """Where the band, the form and the templates lie."""
    names = ("next-question", "form", "dispatch", "templates")
    return [page.get_by_test_id(name).bounding_box() for name in names]


def test_the_next_question_stands_to_be_read_with_why_it_is_asked_and_leads_to_its_field(desk: Desk) -> None:
    page = desk.open("asked")
    expect(page.get_by_test_id("next-text")).to_have_text(ROUTE["text"])
    expect(page.get_by_test_id("next-why")).to_have_text("“线路”还空着")
    expect(page.get_by_test_id("next-later")).to_contain_text("人数")
    expect(page.get_by_test_id("next-go")).to_have_attribute("title", "转到“线路”（Alt+Q）")
    page.keyboard.press("Alt+q")
    expect(page.get_by_test_id("slot-route_no")).to_be_focused()


def test_an_answered_question_makes_way_for_the_next_and_nothing_on_the_page_moves(desk: Desk) -> None:
    page = desk.open("moved")
    before = boxes(page)
    page.get_by_test_id("slot-route_no").fill("3号线")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("next-text")).to_have_text(COUNT["text"])
    assert boxes(page) == before
    page.get_by_test_id("slot-people_count").fill("20")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("next-text")).to_have_text("没有待问的问题。")
    assert boxes(page) == before


def test_a_question_that_decides_between_two_is_answered_from_the_keyboard(desk: Desk) -> None:
    page = desk.open("typed")
    expect(page.get_by_test_id("next-why")).to_have_text("诉求类型还分不清：“投诉”与“咨询”")
    page.keyboard.press("Alt+q")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("field-request_type")).to_have_attribute("data-mark", "edited")
    expect(page.get_by_test_id("next-text")).to_have_text(ROUTE["text"])
    # the answer has gone, the focus has not
    assert page.evaluate("document.activeElement.closest('[data-testid=next-question]') !== null")


@pytest.mark.parametrize("call", STANDS)
def test_how_far_the_unit_can_be_relied_on_is_told_in_a_word_and_explained_on_focus(desk: Desk, call: str) -> None:
    page = desk.open(call)
    _, word, explained = STANDS[call]
    shown = page.get_by_test_id("dispatch").get_by_role("button")
    expect(shown).to_have_text(word)
    expect(shown).to_have_accessible_name(f"派单 {word}")
    shown.focus()
    expect(page.locator(".told")).to_contain_text(explained)
    expect(shown).to_have_accessible_description(re.compile(re.escape(explained)))


def test_a_unit_that_is_not_clear_is_asked_for_and_then_is_the_agents(desk: Desk) -> None:
    page = desk.open("ask")
    expect(page.get_by_test_id("next-text")).to_have_text(DISTRICT)
    expect(page.get_by_test_id("next-why")).to_have_text("承办单位还定不下来")
    page.get_by_test_id("alternatives").get_by_role("button", name="市公安局").click()
    expect(page.get_by_test_id("dispatch")).to_have_attribute("data-stand", "human")
    expect(page.get_by_test_id("next-text")).to_have_text("没有待问的问题。")


def test_who_reads_an_ended_call_sees_what_was_left_unasked(desk: Desk) -> None:
    page = desk.open("asked")
    expect(page.get_by_test_id("next-question")).to_contain_text("尚未问清")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("call", ["typed", "ask"])
def test_every_word_can_be_read_and_nothing_runs_over(desk: Desk, call: str, width: int, height: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": height})
    page = desk.open(call)
    expect(page.get_by_test_id("template-1")).to_be_visible()
    page.evaluate(COME_TO_REST)
    lowest, text = page.evaluate(CONTRASTS)[0]
    assert lowest >= 4.5, text
    assert page.evaluate(
        "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
    ) == [0, 0]
    assert not page.evaluate(RUNS_OVER)
