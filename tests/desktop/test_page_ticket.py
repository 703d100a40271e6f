"""Putting a ticket right: the way to what is doubtful, taking back, what a ticket filed without a template tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.desktop.acting import scripted, written

if TYPE_CHECKING:
    from tests.desktop.conftest import Desk, RunningServer

STORED = ("doubtful", "sure", "undo", "second", "unit", "oversight", "still", "opinion", "meanwhile")
UNSURE = {
    "type": "ticket.changed",
    "slots": {
        name: {"value": value, "confidence": confidence, "evidence": []}
        for name, value, confidence in (
            ("caller_name", "梁先生", 0.9),
            ("district", "海珠区", 0.4),
            ("subject", "烧烤档", 0.5),
            ("occurred_at", "今天", 0.9),
        )
    }
    | {  # what both sides said may be doubtful all the same
        "street": {"value": "南石头街道", "confidence": 0.5, "confirmed": True, "evidence": []},
        "phone": {"value": "13602247815", "confidence": 0.9, "confirmed": True, "evidence": []},
    },
    "request_type": {"value": "投诉", "confidence": 0.45},
    "domain": {"value": "城市管理", "confidence": 0.95},
}
SURE = {"type": "ticket.changed", "slots": dict.fromkeys(UNSURE["slots"], None)}
TEMPLATE = {"title": "夜间占道烧烤", "domain": "城市管理", "request_type": "投诉", "probability": 0.3}
UNTITLED = {
    "type": "agent.submitted",
    "command": "e1",
    "slots": {},
    "summary": "来电人反映凤阳街道有烧烤档。",
}


@pytest.fixture(scope="module", autouse=True)
def stored_calls(running_server: RunningServer, call_log: list[dict[str, Any]]) -> None:
    """Ended calls with doubtful values and without, and tickets that were filed without a template."""
    running_server.stop()
    said = {"type": "record.drafted", "draft": {"template": "", "summary": [{"text": "摘要，后来又改了"}]}}
    later = {"at": 40.0, "event": said}
    empty = {"at": 30.0, "event": {"type": "record.drafted", "draft": {"template": "", "record": [], "summary": []}}}
    for call in STORED:
        unsure = {"at": 60.0, "event": SURE if call == "sure" else UNSURE}
        running_server.write(call, [*call_log[:-1], unsure, call_log[-1]])
    running_server.write("untitled", [*call_log, {"at": 34.0, "event": UNTITLED}, later])
    bare = {"at": 34.0, "event": {**UNTITLED, "summary": ""}}
    running_server.write("bare", [*call_log[:-1], empty, call_log[-1], bare])
    running_server.start()


def focused(page: Page) -> str | None:
    """The field in which the focus is."""
    name: str | None = page.evaluate("document.activeElement.closest('.field')?.dataset.testid")
    return name


def test_a_key_leads_from_one_doubtful_field_to_the_next_and_from_the_last_to_the_first(desk: Desk) -> None:
    page = desk.open("doubtful")
    expect(page.get_by_test_id("form")).to_contain_text("Alt+Y 下一处存疑")
    seen = []
    for _ in range(5):
        page.keyboard.press("Alt+y")
        seen.append(focused(page))
    assert seen == ["field-request_type", "field-district", "field-street", "field-subject", "field-request_type"]
    page.keyboard.press("Alt+y")
    expect(page.get_by_test_id("slot-district")).to_have_accessible_description("系统识别；存疑")
    page.keyboard.press("Enter")  # accepted: it is in doubt no more
    page.keyboard.press("Enter")  # and so is the next one
    page.keyboard.press("Alt+y")
    assert focused(page) == "field-subject"
    page.keyboard.press("Alt+y")
    page.keyboard.press("Alt+y")
    assert focused(page) == "field-subject"


def test_where_nothing_is_doubtful_the_key_says_so_and_leaves_the_focus(desk: Desk) -> None:
    page = desk.open("sure")
    page.get_by_test_id("slot-phone").focus()
    for field in page.locator(".field.unsure").all():
        field.locator("input").first.press("Escape")
    page.get_by_test_id("slot-phone").focus()
    page.keyboard.press("Alt+y")
    expect(page.get_by_test_id("notice")).to_have_text("没有存疑的字段。")
    expect(page.get_by_test_id("slot-phone")).to_be_focused()


def test_what_would_be_taken_back_is_named_and_what_was_taken_back_is_told(desk: Desk) -> None:
    page = desk.open("undo")
    undo, notice = page.get_by_test_id("undo"), page.get_by_test_id("notice")
    page.get_by_test_id("slot-district").focus()
    page.keyboard.press("Enter")
    expect(undo).to_have_attribute("title", "撤销：采纳行政区“海珠区”（Ctrl+Z）")
    page.get_by_test_id("slot-street").fill("凤阳街道")
    page.keyboard.press("Enter")
    page.get_by_test_id("slot-subject").focus()
    page.keyboard.press("Escape")
    page.get_by_test_id("type-咨询").click()
    page.keyboard.press("Alt+1")
    for said in (
        "选用模板“夜间占道烧烤油烟噪声扰民”",
        "填写诉求类型“咨询”",
        "拒绝反映对象",
        "填写镇街“凤阳街道”",
        "采纳行政区“海珠区”",
    ):
        expect(undo).to_have_attribute("title", f"撤销：{said}（Ctrl+Z）")
        page.keyboard.press("Control+z")
        expect(notice).to_have_text(f"已撤销：{said}")
    page.keyboard.press("Control+z")
    expect(notice).to_have_text("没有可撤销的操作。")
    expect(page.get_by_test_id("queued")).to_have_count(0)
    assert [event["type"] for event in written(desk, "undo")].count("agent.undone") == 5


def test_a_ticket_that_was_filed_without_a_template_shows_the_summary_it_was_filed_with_and_says_why(
    desk: Desk,
) -> None:
    page = desk.open("untitled")
    expect(page.get_by_test_id("record-note")).to_have_text("提交时未选模板，以下按当时最可能的模板写成。")
    expect(page.get_by_test_id("summary")).to_contain_text("来电人反映凤阳街道有烧烤档。")
    page = desk.open("bare")
    expect(page.get_by_test_id("record-note")).to_contain_text("也没有生成记录和摘要")


def test_who_has_second_thoughts_about_filing_goes_on_where_they_were(desk: Desk) -> None:
    page = desk.open("second")
    page.get_by_test_id("slot-plate_no").focus()
    page.keyboard.type("粤A12345")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit-now")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("submit-dialog")).to_be_hidden()
    expect(page.get_by_test_id("slot-plate_no")).to_be_focused()
    assert [(event["slot"], event["value"]) for event in written(desk, "second")] == [("plate_no", "粤A12345")]


def test_a_unit_is_found_by_what_it_is_called_and_the_ticket_is_filed_from_its_list(desk: Desk) -> None:
    page = desk.open("unit")
    unit = page.get_by_test_id("field-department").get_by_role("combobox")
    unit.focus()
    page.keyboard.type("城管局")
    expect(page.get_by_role("option").first).to_have_text("市城市管理综合执法局")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("field-department")).to_contain_text("市城市管理综合执法局")
    expect(page.get_by_role("option").first).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit-now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("filed")).to_be_visible()
    assert written(desk, "unit")[-1]["department"] == "市城市管理综合执法局"


def test_a_template_that_was_forgotten_is_chosen_in_the_question_whether_to_file(desk: Desk) -> None:
    page = desk.open("oversight")
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_test_id("submit-dialog")
    expect(dialog).to_contain_text("最可能：夜间占道烧烤油烟噪声扰民")
    page.get_by_test_id("submit-choose").click()
    expect(dialog).not_to_contain_text("未选模板")
    expect(page.get_by_test_id("submit-now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("filed")).to_be_visible()
    assert [event["type"] for event in written(desk, "oversight")] == ["agent.chose_template", "agent.submitted"]
    assert written(desk, "oversight")[-1]["template"] == "CG01-001"


def test_templates_that_come_and_go_move_nothing_below_them(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("still")
    expect(page.get_by_test_id("template-1")).to_be_visible()
    parts = [page.get_by_test_id(name) for name in ("template-search", "record", "copy")]
    before = [part.bounding_box() for part in parts]
    for templates in ([], [{**TEMPLATE, "code": f"CG01-00{number}"} for number in (1, 2, 3)]):
        message = {"type": "provisional", "call": "still", "slots": {}, "templates": templates}
        connections[0].send(json.dumps(message))
        expect(page.locator("[data-testid=templates] .card")).to_have_count(len(templates))
        assert [part.bounding_box() for part in parts] == before


def test_another_opinion_of_the_machine_waits_for_the_hand_before_it_takes_a_line_of_the_form(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("opinion")
    page.get_by_test_id("slot-street").fill("凤阳街道")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("queued")).to_have_count(0)
    demand = page.get_by_test_id("slot-demand")
    demand.hover()
    before = demand.bounding_box()
    events = page.request.get(f"{desk.url}v1/calls/opinion/events").json()
    value = {"value": "沙园街道", "confidence": 0.9, "evidence": []}
    logged = {
        **events[-1],
        "seq": events[-1]["seq"] + 1,
        "event": {"type": "ticket.changed", "slots": {"street": value}},
    }
    connections[0].send(json.dumps({"type": "event", "logged": logged}))
    page.wait_for_timeout(500)
    assert demand.bounding_box() == before
    page.get_by_test_id("transcript").hover()
    expect(page.get_by_test_id("suggestion-street")).to_contain_text("系统现认为：沙园街道")
    page.get_by_test_id("takeover-street").press("Enter")
    expect(page.get_by_test_id("queued")).to_have_count(0)
    assert [event["value"] for event in written(desk, "opinion")] == ["凤阳街道", "沙园街道"]


def test_what_is_typed_into_a_field_is_not_added_to_what_the_machine_wrote_there_just_before(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("meanwhile")

    def hear(plate: str) -> None:
        heard = {"plate_no": {"value": plate, "confidence": 0.5, "evidence": []}}
        connections[0].send(json.dumps({"type": "provisional", "call": "meanwhile", "slots": heard}))
        expect(plate_no).to_have_value(plate)

    plate_no = page.get_by_test_id("slot-plate_no")
    plate_no.click()
    hear("粤A1")
    hear("粤A12345")
    page.keyboard.type("粤B54321")
    expect(plate_no).to_have_value("粤B54321")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")  # who puts a figure right in it does that
    hear("粤A12346")
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    expect(plate_no).to_have_value("粤A1234")
    page.keyboard.press("Escape")
    page.get_by_test_id("slot-district").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("凤阳街道")  # in the field that Enter led to
    expect(page.get_by_test_id("slot-street")).to_have_value("凤阳街道")
