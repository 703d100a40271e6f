"""The agent's page in a real browser on a real server: what the agent sees and can do."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
import soundfile
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.desktop.conftest import Desk, RunningServer

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
PICTURED = "20260302-2215-0017"
STORED = ("hover", "edit", "accept", "undo", "template", "file", "keyboard", "language", "offline", "two")
ASKED = {
    "slot": "template",
    "text": "请问您说的是“夜间占道烧烤”，还是“店外摆卖”？",
    "options": [{"value": "CG01-001", "label": "夜间占道烧烤"}, {"value": "CG01-002", "label": "店外摆卖"}],
    "apart": "店外摆卖：没有油烟",
}
GUIDE = {
    "code": "HB03-G001",
    "question": "居民楼下可以开饭店吗？",
    "answer": "禁止在居民住宅楼内新建餐饮服务项目。",
    "source": "《大气污染防治法》第八十一条",
    "owner": "市生态环境局",
    "valid_until": "2027-12-31",
}
OTHER = {
    "announced": {"turn": 3, "start": 0, "end": 2, "text": "另外", "from_s": 50.0, "to_s": 51.0},
    "slots": {"district": {"value": "海珠区", "confidence": 0.9, "evidence": []}},
    "templates": [
        {"code": "CJ09-001", "title": "路灯不亮", "domain": "城乡建设", "request_type": "求助", "probability": 0.8}
    ],
    "draft": {
        "template": "CJ09-001",
        "record": [{"text": "反映"}, {"text": "海珠区", "slot": "district"}],
        "summary": [],
    },
}
UNTITLED = {**OTHER, "templates": [], "draft": {"template": "", "record": [{"text": "反映路灯不亮"}], "summary": []}}
HELP = [
    {"type": "questions.due", "questions": [ASKED]},
    {"type": "guides.found", "guides": [GUIDE]},
    {"type": "matters.found", "others": [OTHER, UNTITLED]},
    {"type": "record.drafted", "draft": {"template": "", "record": [], "summary": [{"text": "来电人反映"}]}},
]
SLOW = 90_000  # ms for what waits for speech recognition on a busy machine


@pytest.fixture(scope="module", autouse=True)
def stored_calls(running_server: RunningServer, call_log: list[dict[str, Any]]) -> None:
    """One ended call for each test that works on one, and one with a script for a sentence."""
    running_server.stop()
    for call in STORED:
        running_server.write(call, call_log)
    running_server.write("helped", [*call_log[:-1], *({"at": 60.0, "event": event} for event in HELP), call_log[-1]])
    spoken = {**call_log[1], "event": {**call_log[1]["event"], "text": SCRIPT, "times": []}}
    running_server.write("script", [call_log[0], spoken, *call_log[2:]])
    running_server.start()


@pytest.fixture(scope="session")
def opening(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first half minute of a sample call: the greeting, the matter, the place."""
    audio, rate = soundfile.read(samples / "dev-001.flac", stop=8_000 * 27, dtype="int16")
    path: Path = tmp_path_factory.mktemp("audio") / "opening.wav"
    soundfile.write(path, audio, rate)
    return path


def follows(page: Page, call: str) -> None:
    """Wait until the page has gone to the live call by itself."""
    expect(page.get_by_test_id("workplace")).to_have_attribute("data-call", call, timeout=SLOW)


def mark(page: Page, slot: str, value: str) -> None:
    """Wait until the field came about as `value` says: machine, accepted, edited …"""
    expect(page.get_by_test_id(f"field-{slot}")).to_have_attribute("data-mark", value)


def test_a_live_call_is_shown_as_interim_then_final_text_and_fills_the_form(
    running_server: RunningServer, desk: Desk, opening: Path
) -> None:
    page = desk.page
    page.goto(desk.url)
    feeding = running_server.feed(opening, "live-1", speed=2)
    follows(page, "live-1")
    partials = page.get_by_test_id("partial")
    expect(partials.first).to_be_visible(timeout=SLOW)
    assert partials.count() <= 2  # replaced in place: at most one for each speaker
    final = page.locator('[data-testid=turn][data-turn="0"] [data-testid=turn-text]')
    expect(final).to_have_text(re.compile("请问"), timeout=SLOW)
    before = final.text_content()
    filled = page.locator(".field:is([data-mark=machine],[data-mark=confirmed])")
    expect(filled.first).to_be_visible(timeout=SLOW)
    expect(page.get_by_test_id("call-status")).to_have_attribute("data-status", "ended", timeout=SLOW)
    feeding.join(60)
    expect(partials).to_have_count(0)
    assert final.text_content() == before
    assert filled.count() >= 2


def test_the_machine_does_not_overwrite_what_the_agent_wrote_during_the_call(
    running_server: RunningServer, desk: Desk, opening: Path
) -> None:
    page = desk.page
    page.goto(desk.url)
    feeding = running_server.feed(opening, "live-2", speed=4)
    follows(page, "live-2")
    expect(page.locator("[data-testid=turn][data-speaker=citizen]").first).to_be_visible(timeout=SLOW)
    for slot, value in (("district", "从化区"), ("street", "吕田镇"), ("address", "某路1号")):
        page.get_by_test_id(f"slot-{slot}").fill(value)
        page.keyboard.press("Enter")
    expect(page.get_by_test_id("call-status")).to_have_attribute("data-status", "ended", timeout=SLOW)
    feeding.join(60)
    expect(page.get_by_test_id("queued")).to_have_count(0)
    for slot, value in (("district", "从化区"), ("street", "吕田镇"), ("address", "某路1号")):
        mark(page, slot, "edited")
        expect(page.get_by_test_id(f"slot-{slot}")).to_have_value(value)


def test_a_restart_of_the_server_loses_and_doubles_nothing(
    running_server: RunningServer, desk: Desk, opening: Path
) -> None:
    page = desk.open("hover")
    feeding = running_server.feed(opening, "live-3", speed=2)
    page.get_by_test_id("new-call").click()  # the call shown is not filed: the page asks before it leaves it
    follows(page, "live-3")
    expect(page.locator('[data-testid=turn][data-turn="1"]')).to_be_visible(timeout=SLOW)
    page.get_by_test_id("slot-phone").fill("13602247815")
    page.keyboard.press("Enter")
    running_server.stop()
    expect(page.get_by_test_id("connection")).not_to_have_attribute("data-state", "connected")
    page.get_by_test_id("slot-caller_name").fill("梁先生")  # the form goes on working
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("queued")).to_be_visible()
    running_server.start()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "connected")
    expect(page.get_by_test_id("call-status")).to_have_attribute("data-status", "ended", timeout=SLOW)
    feeding.join(60)
    expect(page.get_by_test_id("queued")).to_have_count(0)
    events = page.request.get(f"{desk.url}v1/calls/live-3/events").json()
    spoken = [logged["event"] for logged in events if logged["event"]["type"] == "transcript.final"]
    shown = page.get_by_test_id("turn-text").all_text_contents()
    assert shown == [turn["text"] for turn in spoken if turn["text"]]
    edits = [logged["event"]["slot"] for logged in events if logged["event"]["type"] == "agent.edited"]
    assert edits == ["phone", "caller_name"]


def test_the_evidence_of_a_field_can_be_heard(running_server: RunningServer, desk: Desk, opening: Path) -> None:
    running_server.feed(opening, "heard", speed=8).join()
    page = desk.open("heard")
    proof = page.locator("button[data-testid^=play-]").first
    with page.expect_response(lambda answer: urlsplit(answer.url).path == "/v1/calls/heard/audio") as answer:
        proof.click()
    assert answer.value.status in (200, 206)
    expect(page.get_by_test_id("notice")).to_have_count(0)


def test_hovering_a_field_lights_its_words_and_quotes_them(desk: Desk) -> None:
    page = desk.open("hover")
    expect(page.get_by_test_id("evidence")).to_have_count(0)
    page.get_by_test_id("field-phone").hover()
    expect(page.get_by_test_id("evidence")).to_have_text(["13602247815", "13602247815"])
    expect(page.get_by_test_id("quotes")).to_contain_text("市民 0:1")
    page.get_by_test_id("transcript").hover()
    expect(page.get_by_test_id("evidence")).to_have_count(0)


def test_an_edit_stays_beside_the_machines_opinion_and_is_stored(desk: Desk) -> None:
    page = desk.open("edit")
    mark(page, "street", "machine")
    page.get_by_test_id("slot-street").fill("凤阳街道")
    page.keyboard.press("Enter")
    mark(page, "street", "edited")
    expect(page.get_by_test_id("queued")).to_have_count(0)
    page.reload()
    mark(page, "street", "edited")
    expect(page.get_by_test_id("slot-street")).to_have_value("凤阳街道")


def test_enter_accepts_and_goes_on_escape_rejects(desk: Desk) -> None:
    page = desk.open("accept")
    page.get_by_test_id("slot-district").focus()
    page.keyboard.press("Enter")
    mark(page, "district", "accepted")
    expect(page.get_by_test_id("slot-street")).to_be_focused()
    page.keyboard.press("Escape")
    mark(page, "street", "rejected")
    expect(page.get_by_test_id("slot-street")).to_have_value("")


def test_undo_takes_back_the_last_action_but_not_typing(desk: Desk) -> None:
    page = desk.open("undo")
    street = page.get_by_test_id("slot-street")
    before = "南石头街道"  # the last of the machine's opinions in the log
    expect(street).to_have_value(before)
    street.fill("凤阳街道")
    page.keyboard.press("Enter")
    mark(page, "street", "edited")
    page.keyboard.press("Control+z")
    mark(page, "street", "machine")
    expect(street).to_have_value(before)
    page.get_by_test_id("slot-subject").focus()
    page.keyboard.type("摊")
    page.keyboard.press("Control+z")  # takes back the typed character
    page.keyboard.press("Escape")
    mark(page, "subject", "machine")


def test_alt_and_a_digit_chooses_a_template_and_the_record_is_written(desk: Desk) -> None:
    page = desk.open("template")
    expect(page.get_by_test_id("template-1")).to_be_visible()
    expect(page.get_by_test_id("template-1").locator(".words")).to_have_attribute("title", re.compile("^命中：.*烧烤"))
    page.keyboard.press("Alt+1")
    expect(page.get_by_test_id("template-1")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("record").locator(".filled").first).to_be_visible()
    expect(page.get_by_test_id("record")).to_contain_text("后滘西大街16号门口")


def test_a_guide_a_question_that_tells_templates_apart_and_a_second_matter_are_shown(desk: Desk) -> None:
    page = desk.open("helped")
    expect(page.get_by_test_id("guides")).to_contain_text("市生态环境局")
    expect(page.get_by_test_id("summary")).to_contain_text("来电人反映")
    other, untitled = (page.get_by_test_id("other-matter").nth(index) for index in (0, 1))
    expect(other).to_contain_text("路灯不亮")
    expect(untitled).to_contain_text("未定模板")
    other.locator("summary").click()
    expect(other).to_contain_text("反映海珠区")
    page.context.grant_permissions(["clipboard-write"])
    other.get_by_test_id("other-copy").click()
    expect(other.get_by_test_id("other-copy")).to_have_text("已复制")
    untitled.locator("summary").click()
    expect(untitled.get_by_test_id("other-copy")).to_have_text("复制")
    asked = page.get_by_test_id("next-question")
    expect(asked).to_contain_text("没有油烟")
    asked.get_by_role("button", name="夜间占道烧烤").click()
    expect(page.locator('[data-code="CG01-001"][aria-pressed=true], [data-testid=template-chosen]')).to_be_visible()
    expect(asked).not_to_contain_text("没有油烟")


def test_filing_asks_once_then_locks_the_form_with_what_was_filed(desk: Desk) -> None:
    page = desk.open("file")
    page.get_by_test_id("slot-demand").fill("清理烧烤档")
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("submit-now").click()
    expect(page.get_by_test_id("filed")).to_be_visible()
    expect(page.get_by_test_id("slot-demand")).to_be_disabled()
    ticket = page.request.get(f"{desk.url}v1/calls/file/ticket").json()
    assert ticket["status"] == "submitted"
    assert ticket["slots"]["demand"]["value"] == "清理烧烤档"
    expect(page.get_by_test_id("slot-demand")).to_have_value("清理烧烤档")


def test_the_whole_form_is_reached_with_the_keyboard(desk: Desk) -> None:
    page = desk.open("keyboard")
    page.get_by_test_id("slot-caller_name").focus()
    names = page.locator("input[data-testid^=slot-]").evaluate_all("all => all.map(one => one.dataset.testid)")
    for name in names[1:5]:
        page.keyboard.press("Tab")
        expect(page.get_by_test_id(name)).to_be_focused()


def test_a_value_can_hold_spaces(desk: Desk) -> None:
    page = desk.open("keyboard")
    page.get_by_test_id("slot-demand").focus()
    page.keyboard.type("a b")
    expect(page.get_by_test_id("slot-demand")).to_have_value(re.compile("a b"))
    page.keyboard.press("Escape")


def test_a_refusal_is_told_with_a_remedy(desk: Desk) -> None:
    one = desk.open("two")
    other = one.context.new_page()
    other.goto(f"{desk.url}#call=two")
    other.get_by_test_id("submit").click()
    other.get_by_test_id("submit-now").click()
    expect(other.get_by_test_id("filed")).to_be_visible()
    expect(one.get_by_test_id("filed")).to_be_visible()  # seen here too, without a reload
    one.goto(f"{desk.url}#call=nowhere")
    expect(one.get_by_test_id("notice")).to_contain_text("请在上方重新选择通话")


def test_edits_made_offline_are_sent_once_when_the_connection_is_back(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.open("offline")
    running_server.stop()
    expect(page.get_by_test_id("connection")).not_to_have_attribute("data-state", "connected")
    page.get_by_test_id("slot-plate_no").fill("粤A12345")
    page.keyboard.press("Enter")
    mark(page, "plate_no", "edited")
    running_server.start()
    expect(page.get_by_test_id("queued")).to_have_count(0)
    events = page.request.get(f"{desk.url}v1/calls/offline/events").json()
    assert [logged["event"]["value"] for logged in events if logged["event"]["type"] == "agent.edited"] == ["粤A12345"]


def test_what_was_said_is_text_whatever_was_said(desk: Desk) -> None:
    page = desk.open("script")
    expect(page.get_by_test_id("turn-text").first).to_have_text(SCRIPT)
    assert page.locator("[data-testid=transcript] img, [data-testid=transcript] script").count() == 0
    assert page.title() == "12345 坐席助手"


def test_nothing_is_loaded_from_elsewhere_and_nothing_personal_is_kept(desk: Desk) -> None:
    page = desk.open("hover")
    page.get_by_test_id("field-phone").hover()
    assert desk.requests
    assert {urlsplit(url).hostname for url in desk.requests if not url.startswith("data:")} == {"127.0.0.1"}
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")
    for personal in ("13602247815", "梁", "后滘西大街"):
        assert personal not in kept


def test_what_is_typed_into_the_search_of_templates_stands_in_no_address(desk: Desk) -> None:
    page = desk.open("hover")
    with page.expect_response("**/v1/catalogue/search") as answered:
        page.get_by_test_id("template-search").locator("input").fill("李小红投诉烧烤")
    assert answered.value.status == 200
    assert answered.value.request.post_data_json == {"text": "李小红投诉烧烤", "limit": 8}
    assert "李小红" not in unquote("".join(desk.requests))
    expect(page.get_by_role("option", name="烧烤").first).to_be_visible()


def test_the_page_speaks_english_on_demand_and_remembers_it(desk: Desk) -> None:
    page = desk.open("language")
    expect(page.get_by_test_id("submit")).to_have_text("提交工单")
    page.get_by_test_id("language").click()
    expect(page.get_by_test_id("submit")).to_have_text("File ticket")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_page_fits_the_screen_with_every_slot_of_a_whole_call_in_sight_and_is_pictured(
    running_server: RunningServer, desk: Desk, samples: Path, tmp_path: Path
) -> None:
    feeding = running_server.feed(samples / "dev-001.flac", PICTURED, speed=8)
    page = desk.open(PICTURED)
    expect(page.get_by_test_id("call-status")).to_have_attribute("data-status", "ended", timeout=SLOW)
    feeding.join(60)
    expect(page.get_by_test_id("record").locator(".filled").first).to_be_visible()
    overflow = page.evaluate(
        "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
    )
    assert overflow == [0, 0]
    for slot in ("caller_name", "phone", "district", "street", "address", "subject", "occurred_at", "demand"):
        expect(page.get_by_test_id(f"slot-{slot}")).to_be_in_viewport(ratio=1)
    page.get_by_test_id("field-street").hover()
    expect(page.get_by_test_id("evidence").first).to_be_visible()
    expect(page.get_by_test_id("quotes")).to_be_visible()
    # the picture of the README: written there only when asked for, so that a test run leaves the checkout as it was
    folder = ROOT / "docs" / "images" if os.environ.get("UPDATE_IMAGES") else tmp_path
    page.screenshot(path=folder / "desktop.png", animations="disabled")
    assert (folder / "desktop.png").stat().st_size > 20_000
