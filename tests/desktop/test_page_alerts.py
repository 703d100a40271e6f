"""What cannot wait: in the call in view it moves nothing; of other calls it is told once and is not in the way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import soundfile
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.desktop.acting import goes_to, line, scripted, shows

if TYPE_CHECKING:
    from tests.desktop.conftest import Desk, RunningServer

ENGLISH = Path(__file__).parents[1] / "fixtures" / "arctic_a0009.flac"
FIRE = {"kind": "119", "text": "疑似正在发生的火情或需要消防救援：提醒来电人拨打119"}
HARM = {"kind": "110", "text": "来电人或他人可能轻生：安抚情绪，不要挂断，请班长介入并转110"}
SECRET = {"kind": "confidential", "text": "来电人要求保密"}
TURNS = 40


@pytest.fixture(scope="module", autouse=True)
def stored_calls(running_server: RunningServer, call_log: list[dict[str, Any]]) -> None:
    """Ended calls to look at, a long one, and one with an alert that nobody needs to be told of any more."""

    def turn(number: int) -> dict[str, Any]:
        said = {"turn": 10 + number, "speaker": "citizen", "text": f"第{number}句", "start": 40.0, "end": 41.0}
        return {"at": 41.0, "event": {"type": "transcript.final", **said}}

    running_server.stop()
    for call in ("desk", "other"):
        running_server.write(call, call_log)
    running_server.write("long", [*call_log[:-1], *map(turn, range(TURNS)), call_log[-1]])
    alert = {"at": 30.0, "event": {"type": "alert.raised", "alert": FIRE}}
    running_server.write("past", [*call_log[:-1], alert, call_log[-1]])
    running_server.start()


def tell(connection: WebSocketRoute, call: str, *raised: dict[str, str], status: str = "live") -> None:
    """The server tells every desk of the alerts of a call."""
    summary = {"call": call, "started_at": "2026-03-02T22:15:00+08:00", "status": status, "seconds": 5, "last_seq": 3}
    connection.send(json.dumps({"type": "call", "summary": {**summary, "raised": raised}}))


def say(connection: WebSocketRoute, *alerts: dict[str, str]) -> None:
    """What is being said in the long call raises alerts."""
    connection.send(json.dumps({"type": "provisional", "call": "long", "slots": {}, "alerts": alerts}))


def where(part: Locator) -> list[float]:
    """Where a part of the page lies: left, top, width, height in pixels."""
    box = part.bounding_box()
    assert box is not None
    return [box["x"], box["y"], box["width"], box["height"]]


def place(part: Locator) -> Any:
    """The same to compare with; a pixel more or less nobody sees."""
    return pytest.approx(where(part), abs=1)


def urgent(page: Page) -> Locator:
    """The alerts of the call in view that somebody has to be called for; its log has another one."""
    return page.locator("[data-testid=alert]:not([data-kind=confidential])")


def told(page: Page) -> Locator:
    """The notices of alerts of other calls."""
    return page.get_by_test_id("other-alert")


def test_who_looks_at_another_call_is_told_of_a_caller_who_speaks_no_chinese_and_opens_that_call_by_key(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.open("desk")
    with line(running_server, "abroad") as feeder:
        audio, rate = soundfile.read(ENGLISH, dtype="int16")
        for start in range(0, len(audio), rate // 5):
            feeder.send(audio[start : start + rate // 5 : rate // 8_000].tobytes())
        feeder.send(bytes(2 * 8_000 * 2))
        expect(told(page)).to_have_attribute("data-call", "abroad", timeout=90_000)
        expect(told(page)).to_contain_text("语言协助")
        shows(page, "desk")
        page.keyboard.press("Alt+j")
        shows(page, "abroad")
        expect(told(page)).to_have_count(0)
        expect(page.get_by_test_id("alert")).to_have_attribute("data-kind", "language")
        expect(page.get_by_test_id("transcript")).to_be_focused()
        goes_to(page, "desk")
        page.wait_for_timeout(300)
        expect(told(page)).to_have_count(0)  # it was seen
        page.reload()
        shows(page, "desk")
        page.wait_for_timeout(300)
        expect(told(page)).to_have_count(0)


def test_an_alert_of_another_call_leaves_the_focus_and_what_is_being_typed_alone(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("desk")
    page.get_by_test_id("slot-plate_no").focus()
    page.keyboard.type("粤A12")
    parts = [page.get_by_test_id(name) for name in ("form", "templates", "transcript", "record")]
    before = [place(part) for part in parts]
    tell(connections[0], "burning", FIRE)
    expect(told(page)).to_contain_text("火警 119")
    expect(told(page)).to_contain_text("22:15 burning")
    expect(page.get_by_test_id("slot-plate_no")).to_be_focused()
    page.keyboard.type("345")
    expect(page.get_by_test_id("slot-plate_no")).to_have_value("粤A12345")
    assert [where(part) for part in parts] == before
    assert page.evaluate("document.querySelector('[data-testid=other-said]').ariaLive") == "assertive"
    expect(page.get_by_test_id("other-said")).to_contain_text("其他通话告警：火警 119，22:15 burning")


def test_alerts_of_calls_with_long_names_stay_on_the_screen(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("desk")
    for number in range(5):
        tell(connections[0], f"7d3c1f0e-5a52-4b7e-9d1c-0f6a2b8e4c1{number}-of-a-switch", HARM)
    expect(page.get_by_test_id("other-more")).to_have_text("其他通话另有 2 条告警")
    for card in told(page).all():
        left, _, width, _ = where(card)
        assert (left > 0, left + width <= 1366, width <= 372) == (True, True, True)
        expect(card.get_by_test_id("other-dismiss")).to_be_in_viewport(ratio=1)


def test_the_same_alert_is_told_once_and_another_one_of_the_same_call_again(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("desk")
    tell(connections[0], "twice", FIRE)
    page.get_by_test_id("other-dismiss").click()
    expect(told(page)).to_have_count(0)
    tell(connections[0], "twice", FIRE)
    tell(connections[0], "twice", FIRE, status="ended")
    tell(connections[0], "quiet", SECRET)  # that is for the agent alone
    page.wait_for_timeout(300)
    expect(told(page)).to_have_count(0)
    tell(connections[0], "twice", FIRE, HARM, status="ended")
    expect(told(page)).to_have_count(0)  # it had ended
    tell(connections[0], "again", FIRE, HARM)
    expect(told(page)).to_have_count(2)


def test_alerts_of_before_are_no_news(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("desk")
    tell(connections[0], "past", FIRE, status="submitted")  # filed now
    page.wait_for_timeout(300)
    expect(told(page)).to_have_count(0)


def test_a_click_that_was_on_its_way_when_a_notice_came_goes_where_it_was_meant_to(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("desk")
    x, y = 1366 - 200, 768 - 40  # the corner where notices lie
    page.mouse.move(x, y)
    page.evaluate("addEventListener('click', event => { window.hit = event.target.closest('.card') !== null })")
    tell(connections[0], "sudden", FIRE)
    expect(told(page)).to_be_visible()
    page.mouse.click(x, y)
    assert page.evaluate("window.hit") is False
    page.wait_for_timeout(700)
    page.mouse.click(x, y)
    assert page.evaluate("window.hit") is True


def test_who_wants_no_notices_of_other_calls_gets_none_until_the_bell_is_pressed_again(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("desk")
    tell(connections[0], "first", FIRE)
    page.get_by_test_id("other-mute").click()
    expect(told(page)).to_have_count(0)
    page.reload()
    shows(page, "desk")
    tell(connections[-1], "second", HARM)
    page.wait_for_timeout(300)
    expect(told(page)).to_have_count(0)
    expect(page.get_by_test_id("other-bell")).to_have_attribute("aria-pressed", "false")
    page.get_by_test_id("other-bell").click()
    expect(told(page)).to_have_attribute("data-call", "second")


def test_an_alert_of_another_call_opens_it_by_click_also_from_the_list_of_calls_that_is_being_searched(
    desk: Desk,
) -> None:
    connections = scripted(desk.page)
    page = desk.open("desk")
    page.keyboard.press("Alt+l")
    expect(page.get_by_test_id("find-from")).to_be_focused()
    tell(connections[0], "other", FIRE)
    page.get_by_test_id("other-open").click()
    expect(page.get_by_test_id("finder")).to_be_hidden()
    shows(page, "other")
    expect(told(page)).to_have_count(0)


def test_an_alert_of_the_call_in_view_moves_nothing_on_the_page(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("long")
    parts = [page.get_by_test_id(name) for name in ("next-question", "form", "templates", "record", "slot-phone")]
    parts.append(page.get_by_test_id("turn").last)
    before = [place(part) for part in parts]
    say(connections[0], FIRE, HARM)
    expect(urgent(page)).to_have_count(2)
    page.wait_for_timeout(100)
    assert [where(part) for part in parts] == before
    urgent(page).first.get_by_role("button", name="知道了").click()
    expect(urgent(page)).to_have_count(1)
    assert [where(part) for part in parts] == before


def test_who_reads_further_up_stays_with_the_words_when_an_alert_comes(desk: Desk) -> None:
    connections = scripted(desk.page)
    page = desk.open("long")
    turn = page.get_by_test_id("turn").nth(20)
    turn.scroll_into_view_if_needed()
    page.get_by_test_id("transcript").hover()
    page.mouse.wheel(0, 40)
    page.wait_for_timeout(200)
    before = place(turn)
    say(connections[0], FIRE)
    expect(urgent(page)).to_be_visible()
    page.wait_for_timeout(100)
    assert where(turn) == before


def test_enlarged_an_alert_is_in_sight_wherever_the_page_is_scrolled_to_and_moves_nothing(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 683, "height": 384})
    connections = scripted(desk.page)
    page = desk.open("long")
    part = page.get_by_test_id("slot-demand")
    part.scroll_into_view_if_needed()
    before = place(part)
    say(connections[0], FIRE)
    expect(urgent(page)).to_be_in_viewport(ratio=1)
    assert where(part) == before
