"""A day's work on the page: calls follow each other, a list changes under the hand, a kept call is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import soundfile
from playwright.sync_api import WebSocketRoute, expect

from tests.desktop.acting import goes_to, line, scripted, shows, written

if TYPE_CHECKING:
    from tests.desktop.conftest import Desk, RunningServer

STORED = ("typed", "asked", "reading", "choose", "key", "same", "search", "reload", "other")
TURNS = 60  # of the long call
EDITED = [
    {"type": "agent.edited", "command": "e1", "slot": "street", "value": "凤阳街道"},
    {"type": "agent.rejected", "command": "e2", "slot": "subject"},
]
FILED = {
    "type": "agent.submitted",
    "command": "e3",
    "slots": {"phone": "13602247815", "street": "凤阳街道", "district": "海珠区"},
}
AFTERWARDS = {
    "type": "ticket.changed",
    "slots": {"street": {"value": "沙园街道", "confidence": 0.9, "evidence": []}},
}
TEMPLATES = [
    {"code": code, "title": title, "domain": "城市管理", "request_type": "投诉", "probability": probability}
    for code, title, probability in (("CG01-002", "流动摊贩占用人行道", 0.6), ("CG01-001", "夜间占道烧烤", 0.3))
]
# Of what stands in the top bar: the highest, the lowest lower edge, how far the last one is from the right edge.
BAR = """
  (() => {
    const parts = [...document.querySelectorAll('header > *')].map((one) => one.getBoundingClientRect())
    const most = (what) => Math.max(...parts.map(what))
    return [most((box) => box.height), most((box) => box.bottom), innerWidth - most((box) => box.right)]
  })()
"""
OVERFLOW = "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"


@pytest.fixture(scope="module", autouse=True)
def stored_calls(running_server: RunningServer, call_log: list[dict[str, Any]]) -> None:
    """Ended calls to work on, a long one, and one whose ticket an agent changed and filed."""

    def turn(number: int) -> dict[str, Any]:
        at = 40.0 + number
        said = {"turn": 10 + number, "speaker": "citizen", "text": f"第{number}句", "start": at, "end": at + 0.9}
        return {"at": at, "event": {"type": "transcript.final", **said}}

    running_server.stop()
    for call in STORED:
        running_server.write(call, call_log)
    end = {"at": 120.0, "event": {**call_log[-1]["event"], "seconds": 120.0}}
    alerts = (
        {"at": 34.0, "event": {"type": "alert.raised", "alert": {"kind": "119", "text": text}}} for text in "一二"
    )
    running_server.write("alerted", [*call_log[:-1], *alerts, call_log[-1]])
    running_server.write("long", [*call_log[:-1], *(turn(number) for number in range(TURNS)), end])
    work = ({"at": 34.0, "event": event} for event in [*EDITED, FILED, AFTERWARDS])
    running_server.write("checked", [*call_log, *work])
    running_server.start()


def rank(connection: WebSocketRoute, call: str) -> None:
    """The machine hears something that puts other templates first."""
    message = {"type": "provisional", "call": call, "slots": {}, "templates": TEMPLATES}
    connection.send(json.dumps(message))


def test_what_is_being_typed_when_another_call_is_opened_goes_into_the_ticket_it_was_typed_for(desk: Desk) -> None:
    page = desk.open("typed")
    page.get_by_test_id("slot-plate_no").focus()
    page.keyboard.type("粤A12345")
    goes_to(page, "other")
    expect(page.get_by_test_id("queued")).to_have_count(0)
    assert [(event["slot"], event["value"]) for event in written(desk, "typed")] == [("plate_no", "粤A12345")]
    assert written(desk, "other") == []


def test_the_question_whether_to_file_goes_when_another_call_comes_into_view(desk: Desk) -> None:
    page = desk.open("asked")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit-now")).to_be_focused()
    goes_to(page, "other")
    expect(page.get_by_test_id("submit-dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit-now")).to_be_focused()  # of its own ticket it asks anew
    assert written(desk, "asked") == written(desk, "other") == []


def test_keys_do_nothing_behind_the_question_whether_to_file(desk: Desk) -> None:
    page = desk.open("asked")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit-now")).to_be_focused()
    page.keyboard.press("Alt+1")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("submit-dialog")).to_be_hidden()
    assert written(desk, "asked") == []


def test_the_page_says_that_a_call_is_being_read_as_a_whole_until_it_has_been(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("reading")

    def reading(now: bool) -> None:
        connections[-1].send(json.dumps({"type": "reading", "call": "reading", "reading": now}))

    reading(True)
    expect(page.get_by_test_id("reading")).to_have_text("正在通读整个通话，工单可能还会更新")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit-reading")).to_be_visible()
    reading(False)
    expect(page.get_by_test_id("submit-reading")).to_have_count(0)
    expect(page.get_by_test_id("reading")).to_have_count(0)
    page.get_by_test_id("submit-now").click()
    reading(True)
    expect(page.get_by_test_id("call-status")).to_have_attribute("data-status", "submitted")
    expect(page.get_by_test_id("reading")).to_have_count(0)


def test_a_ticket_the_agent_is_in_stays_in_view_when_its_call_ends_and_the_next_one_comes(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.page
    page.goto(desk.url)
    with line(running_server, "first"):
        shows(page, "first")
        page.get_by_test_id("slot-phone").focus()
    expect(page.get_by_test_id("call-status")).to_have_attribute("data-status", "ended")
    with line(running_server, "second"):
        expect(page.get_by_test_id("new-call")).to_be_visible()
        shows(page, "first")
        page.get_by_test_id("new-call").click()
        shows(page, "second")
        page.get_by_test_id("unfiled").click()  # and leads back to the ticket that was left
        shows(page, "first")


def test_a_call_that_made_way_for_the_next_one_is_remembered_until_its_ticket_is_filed(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.page
    page.goto(desk.url)
    with line(running_server, "third"):
        shows(page, "third")
    expect(page.get_by_test_id("call-status")).to_have_attribute("data-status", "ended")
    with line(running_server, "fourth"):
        shows(page, "fourth")
        expect(page.get_by_test_id("unfiled")).to_contain_text("1 个工单未提交")
        page.get_by_test_id("unfiled").click()
        shows(page, "third")
        page.keyboard.press("Control+Enter")
        page.get_by_test_id("submit-now").click()
        shows(page, "fourth")
        expect(page.get_by_test_id("unfiled")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_label_of_the_top_bar_is_one_line_also_where_much_stands_in_it(
    running_server: RunningServer, desk: Desk, language: str
) -> None:
    connections = scripted(desk.page)
    page = desk.open("asked")
    if language == "en":
        page.get_by_test_id("language").click()
    page.get_by_test_id("slot-phone").focus()
    with line(running_server, f"7d3c1f0e-5a52-4b7e-9d1c-0f6a2b8e4c11-{language}"):
        goes_to(page, "other")
        connections[-1].send(json.dumps({"type": "reading", "call": "other", "reading": True}))
        for part in ("new-call", "unfiled", "reading"):
            expect(page.get_by_test_id(part)).to_be_visible()
        for width in (1024, 1366, 1920):
            page.set_viewport_size({"width": width, "height": 768})
            highest, lowest, left = page.evaluate(BAR)
            assert highest <= 34, width
            assert left >= 8, width
            assert lowest <= 46 or width < 1180, width
            expect(page.get_by_test_id("new-call")).to_be_in_viewport(ratio=1)


def test_a_call_that_was_chosen_shows_again_when_the_page_is_loaded_again(desk: Desk) -> None:
    page = desk.open("other")
    page.keyboard.press("Alt+l")
    page.locator('[data-testid=found-call][data-call="reload"]').click()
    shows(page, "reload")
    page.reload()
    shows(page, "reload")


def test_templates_keep_their_places_while_the_hand_is_on_them(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("choose")
    first = page.get_by_test_id("template-1")
    first.hover()
    rank(connections[0], "choose")
    page.wait_for_timeout(300)
    expect(first).to_have_attribute("data-code", "CG01-001")
    first.click()
    expect(page.get_by_test_id("queued")).to_have_count(0)
    assert [event["code"] for event in written(desk, "choose")] == ["CG01-001"]
    page.get_by_test_id("transcript").hover()
    expect(first).to_have_attribute("data-code", "CG01-002")


def test_a_key_means_the_template_that_was_seen_and_not_the_one_that_took_its_place_just_then(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("key")
    first = page.get_by_test_id("template-1")
    expect(first).to_have_attribute("data-code", "CG01-001")
    page.evaluate(
        """() => new MutationObserver((_, one) => {
             one.disconnect()
             document.body.dispatchEvent(
               new KeyboardEvent('keydown', { code: 'Digit1', key: '1', altKey: true, bubbles: true }))
           }).observe(document.querySelector('[data-testid=templates]'), { childList: true, subtree: true })"""
    )
    rank(connections[0], "key")
    expect(first).to_have_attribute("data-code", "CG01-002")
    expect(page.locator('[data-code="CG01-001"][aria-pressed=true]')).to_be_visible()
    page.wait_for_timeout(700)
    page.keyboard.press("Alt+1")
    expect(page.locator('[data-code="CG01-002"][aria-pressed=true]')).to_be_visible()
    assert [event["code"] for event in written(desk, "key")] == ["CG01-001", "CG01-002"]


def test_what_the_agent_typed_is_the_agents_also_where_the_machine_came_to_it_meanwhile(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("same")
    page.get_by_test_id("slot-order_no").focus()
    page.keyboard.type("A123")
    heard = {"order_no": {"value": "A123", "confidence": 0.5, "evidence": []}}
    connections[0].send(json.dumps({"type": "provisional", "call": "same", "slots": heard}))
    expect(page.get_by_test_id("field-order_no")).to_have_attribute("data-mark", "provisional")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("field-order_no")).to_have_attribute("data-mark", "edited")


def test_taking_back_what_was_typed_into_the_search_leaves_the_ticket_as_it_is(desk: Desk) -> None:
    page = desk.open("search")
    page.get_by_test_id("slot-plate_no").fill("粤A12345")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("queued")).to_have_count(0)
    page.get_by_test_id("template-search").locator("input").focus()
    page.keyboard.type("abc")
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("field-plate_no")).to_have_attribute("data-mark", "edited")


def test_the_conversation_is_one_stop_for_tab_and_is_walked_with_the_arrows(desk: Desk) -> None:
    page = desk.open("long")
    page.get_by_test_id("transcript").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-testid=form]') !== null")
    page.get_by_test_id("transcript").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    turns = page.locator("[data-testid=turn]")
    expect(turns.nth(-2).get_by_role("button")).to_be_focused()
    page.keyboard.press("Home")
    expect(turns.first.get_by_role("button")).to_be_focused()
    expect(turns.first).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    expect(turns.nth(1).get_by_role("button")).to_be_focused()
    page.keyboard.press("End")
    expect(turns.last.get_by_role("button")).to_be_focused()


def test_a_field_reached_by_key_shows_its_words_and_who_reads_a_call_that_is_over_stays_with_them(desk: Desk) -> None:
    page = desk.open("long")
    expect(page.locator("[data-testid=turn]").last).to_be_in_viewport()
    page.get_by_test_id("slot-district").focus()
    words = page.get_by_test_id("evidence")
    expect(words).to_have_text(["海珠区"])
    expect(words).to_be_in_viewport()
    page.wait_for_timeout(4_500)  # longer than the transcript of a call that goes on would wait
    expect(words).to_be_in_viewport()


def test_a_filed_ticket_stands_beside_what_the_machine_had_when_it_was_filed(desk: Desk) -> None:
    page = desk.open("checked")
    expect(page.get_by_test_id("slot-street")).to_have_value("凤阳街道")
    proposed = page.get_by_test_id("suggestion-street")
    expect(proposed).to_contain_text("提交时系统识别为：南石头街道")  # not what it heard afterwards
    expect(page.get_by_test_id("field-subject")).to_have_attribute("data-mark", "rejected")
    expect(page.get_by_test_id("suggestion-subject")).to_contain_text("烧烤")
    expect(page.get_by_test_id("suggestion-district")).to_have_count(0)  # filed as the machine had it
    expect(page.get_by_test_id("takeover-street")).to_have_count(0)
    proposed.hover()
    expect(page.get_by_test_id("evidence").first).to_be_in_viewport()


def test_who_reads_a_filed_ticket_goes_from_value_to_value_by_key_and_sees_their_words(desk: Desk) -> None:
    page = desk.open("checked")
    page.get_by_test_id("transcript").focus()
    seen = []
    while (name := page.evaluate("document.activeElement.dataset.testid")) != "play-phone" and len(seen) < 12:
        seen.append(name)
        page.keyboard.press("Tab")
    expect(page.get_by_test_id("play-phone")).to_be_focused()
    expect(page.get_by_test_id("play-phone")).to_have_accessible_name("联系电话：播放依据 0:19")
    expect(page.get_by_test_id("evidence").first).to_be_in_viewport()


def test_how_a_value_came_about_is_told_to_who_hears_the_page(desk: Desk) -> None:
    page = desk.open("checked")
    expect(page.get_by_test_id("slot-street")).to_have_accessible_description("人工填写")
    phone = page.get_by_test_id("slot-phone")
    expect(phone).to_have_accessible_description(
        "系统识别，双方说法一致或已核对；市民 0:19 “13602247815”；坐席 0:26 “13602247815”"
    )
    unit = page.get_by_test_id("field-department").get_by_role("combobox")
    expect(unit).to_have_accessible_name("承办单位")


def test_a_kept_call_is_played_on_from_a_turn_and_the_turn_that_is_heard_is_marked(
    running_server: RunningServer, desk: Desk, samples: Path, tmp_path: Path
) -> None:
    audio, rate = soundfile.read(samples / "dev-001.flac", stop=8_000 * 16, dtype="int16")
    soundfile.write(tmp_path / "beginning.wav", audio, rate)
    running_server.feed(tmp_path / "beginning.wav", "played", speed=8).join()
    page = desk.open("played")
    turns = page.get_by_test_id("turn")
    turns.first.get_by_role("button").click()
    expect(page.get_by_test_id("stop")).to_be_visible()
    expect(turns.nth(1)).to_have_class("turn citizen played", timeout=15_000)  # it goes on behind its end
    page.get_by_test_id("stop").click()
    expect(page.get_by_test_id("stop")).to_have_count(0)
    expect(page.locator(".played")).to_have_count(0)


def test_a_long_call_is_drawn_in_few_strokes(desk: Desk) -> None:
    desk.page.add_init_script(
        """window.strokes = 0
        new MutationObserver(changes => {
          const drawn = changes.flatMap(change => [...change.addedNodes])
          window.strokes += drawn.some(node => node.querySelector?.('.turn') || node.matches?.('.turn')) ? 1 : 0
        }).observe(document, { childList: true, subtree: true })"""
    )
    page = desk.open("long")
    expect(page.get_by_test_id("turn").nth(TURNS)).to_be_attached()
    assert page.evaluate("window.strokes") < TURNS / 4  # with a stroke for each event, long calls took many seconds


def test_the_list_of_calls_that_go_on_is_kept_up_to_date(running_server: RunningServer, desk: Desk) -> None:
    page = desk.open("other")
    page.keyboard.press("Alt+l")
    page.get_by_test_id("find-status").click()
    page.get_by_role("option", name="通话中", exact=True).click()
    page.get_by_test_id("find").click()
    expect(page.get_by_test_id("found-none")).to_be_visible()
    with line(running_server, "overseen"):
        expect(page.locator('[data-testid=found-call][data-call="overseen"]')).to_be_visible()
    expect(page.get_by_test_id("found-none")).to_be_visible()


@pytest.mark.parametrize("percent", [125, 150, 200])
def test_enlarged_the_page_scrolls_and_nothing_lies_beside_it(desk: Desk, percent: int) -> None:
    width, height = 1366 * 100 // percent, 768 * 100 // percent
    desk.page.set_viewport_size({"width": width, "height": height})
    page = desk.open("long")
    assert page.evaluate(OVERFLOW)[0] == 0
    for name in ("slot-callback_time", "submit", "template-1", "template-search", "record", "language", "next-text"):
        part = page.get_by_test_id(name)
        part.scroll_into_view_if_needed()
        expect(part).to_be_in_viewport(ratio=1)
    page.keyboard.press("Alt+l")
    expect(page.get_by_test_id("found-call").first).to_be_visible()
    page.get_by_test_id("found-call").last.scroll_into_view_if_needed()
    expect(page.get_by_test_id("found-call").last).to_be_in_viewport(ratio=0.9)
    assert page.evaluate(OVERFLOW)[0] == 0


@pytest.mark.parametrize(("height", "dismissed"), [(641, 3), (768, 1)])
def test_what_the_browser_or_alerts_leave_of_a_small_screen_holds_the_whole_form(
    desk: Desk, height: int, dismissed: int
) -> None:
    desk.page.set_viewport_size({"width": 1366, "height": height})
    page = desk.open("alerted")
    for _ in range(dismissed):
        page.get_by_role("button", name="知道了").first.click()
    expect(page.get_by_test_id("alert")).to_have_count(3 - dismissed)
    fields = page.locator("[data-testid=form] .field")
    for index in range(fields.count()):
        expect(fields.nth(index)).to_be_in_viewport(ratio=1)
    assert page.evaluate(OVERFLOW) == [0, 0]
