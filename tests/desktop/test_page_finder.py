"""Finding kept calls on the page: filters, more of them, the keyboard, and a call that is read stays in view."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from websockets.sync.client import connect

from tests.desktop.conftest import Desk

if TYPE_CHECKING:
    from tests.desktop.conftest import RunningServer

CALLS = 60  # more than a page of the list
ALERT = {"at": 30.0, "event": {"type": "alert.raised", "alert": {"kind": "119", "text": "起火"}}}
FILED = {"at": 70.0, "event": {"type": "agent.submitted", "command": "s", "slots": {}}}


@pytest.fixture(scope="module", autouse=True)
def kept_calls(running_server: RunningServer, call_log: list[dict[str, Any]]) -> None:
    """Calls k00 to k59, a quarter of an hour apart, k59 the newest; k05 with an alert, k07 filed."""
    began = datetime.fromisoformat(call_log[0]["event"]["started_at"])

    def log(number: int) -> list[dict[str, Any]]:
        start = call_log[0]["event"] | {
            "started_at": (began + timedelta(minutes=15 * number)).isoformat(),
            "agent": f"{number % 10:04d}",
        }
        more = {5: [ALERT], 7: [FILED]}.get(number, [])
        return [{"at": 0.0, "event": start}, *call_log[1:-1], *more, call_log[-1]]

    running_server.stop()
    running_server.write_all({f"k{number:02d}": log(number) for number in range(CALLS)})
    running_server.start()


def opened(page: Page) -> Locator:
    """The finder, opened with its key, with the first calls in it; the list of them."""
    page.keyboard.press("Alt+l")
    expect(page.get_by_test_id("found-call").first).to_be_visible()
    expect(page.get_by_test_id("find-from")).to_be_focused()
    return page.get_by_test_id("found-call")


def choose(page: Page, test_id: str, option: str) -> None:
    """Choose from a list of the finder."""
    page.get_by_test_id(test_id).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_all_kept_calls_are_reached_page_by_page(desk: Desk) -> None:
    page = desk.open("k00")
    found = opened(page)
    expect(found).to_have_count(50)
    expect(found.first).to_have_attribute("data-call", "k59")
    expect(found.first).to_contain_text(re.compile(r"2026-03-\d\d \d\d:\d\d"))
    page.get_by_test_id("found-more").click()
    expect(found).to_have_count(CALLS)
    expect(page.get_by_test_id("found-more")).to_have_count(0)
    calls = found.evaluate_all("all => all.map(one => one.dataset.call)")
    assert calls == [f"k{number:02d}" for number in reversed(range(CALLS))]
    expect(found.nth(50)).to_be_focused()  # the first of those that came


def test_a_call_is_found_and_opened_with_the_keyboard_alone(desk: Desk) -> None:
    page = desk.open("k00")
    found = opened(page)
    page.get_by_test_id("find-agent").focus()
    page.keyboard.type("0003")
    page.keyboard.press("Enter")
    expect(found).to_have_count(6)
    found.first.focus()
    page.keyboard.press("ArrowDown")
    expect(found.nth(1)).to_be_focused()
    page.keyboard.press("Control+Enter")  # files nothing: the call behind is not what is looked at
    expect(page.get_by_test_id("submit-now")).to_have_count(0)
    found.nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("finder")).to_be_hidden()
    expect(page.get_by_test_id("workplace")).to_have_attribute("data-call", "k43")


def test_filters_narrow_the_list_and_an_empty_one_says_so(desk: Desk) -> None:
    page = desk.open("k00")
    found = opened(page)
    choose(page, "find-alert", "火警 119")
    page.get_by_test_id("find").click()
    expect(found).to_have_count(1)
    expect(found).to_contain_text("火警 119")
    choose(page, "find-status", "已提交")
    page.get_by_test_id("find").click()
    expect(page.get_by_test_id("found-none")).to_be_visible()
    page.get_by_test_id("find-clear").click()
    page.get_by_test_id("find-from").fill("2026-03-09")
    page.get_by_test_id("find-to").fill("2026-03-01")
    page.get_by_test_id("find").click()
    expect(page.get_by_test_id("find-problem")).to_contain_text("日期先后")
    desk.complaints.clear()  # the browser itself reports the refusal
    page.get_by_test_id("find-to").fill("")
    page.get_by_test_id("find").click()
    expect(page.get_by_test_id("found-none")).to_be_visible()
    expect(page.get_by_test_id("find-problem")).to_have_count(0)


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_days_and_times_are_written_alike_whatever_the_language_of_the_browser(
    chromium: Browser, running_server: RunningServer, locale: str
) -> None:
    context = chromium.new_context(locale=locale, timezone_id="America/New_York")
    page = Desk(context.new_page(), running_server.url).open("k00")
    found = opened(page)
    newest = found.first.locator("span").first.inner_text()
    assert re.fullmatch(r"2026-03-0\d \d\d:\d\d", newest)  # of the hotline, not of where the browser stands
    page.get_by_test_id("find-from").fill(newest.replace("-0", "/").replace(" ", "  "))
    page.get_by_test_id("find-to").fill(f"{newest[:10].replace('-', '')}")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("find-from")).to_have_value(newest)
    expect(page.get_by_test_id("find-to")).to_have_value(newest[:10])
    expect(found).to_have_count(1)
    page.get_by_test_id("find-to").fill("03/02/2026")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("find-problem")).to_contain_text("2026-03-02 09:30")
    expect(page.get_by_test_id("find-to")).to_have_attribute("aria-invalid", "true")
    page.get_by_test_id("find-to-calendar").evaluate(
        "box => { box.value = '2026-03-09'; box.dispatchEvent(new Event('change')) }"
    )
    expect(page.get_by_test_id("find-to")).to_have_value("2026-03-09")
    expect(page.get_by_test_id("find-to")).to_be_focused()
    context.close()


def test_a_search_that_fails_says_so_and_can_be_made_again(desk: Desk) -> None:
    page = desk.open("k00")
    page.route("**/v1/calls/search", lambda route: route.abort())
    page.get_by_test_id("open-finder").click()
    expect(page.get_by_test_id("find-problem")).to_contain_text("请稍后再试")
    page.unroute("**/v1/calls/search")
    desk.complaints.clear()  # the browser itself reports the request that failed
    page.get_by_test_id("find").click()
    expect(page.get_by_test_id("found-call")).to_have_count(50)
    expect(page.get_by_test_id("find-problem")).to_have_count(0)


def test_what_is_looked_for_stands_in_no_address_and_is_not_kept(desk: Desk) -> None:
    page = desk.open("k00")
    opened(page)
    with page.expect_response("**/v1/calls/search") as answered:
        page.get_by_test_id("find-agent").fill("李小红")
        page.keyboard.press("Enter")
    assert answered.value.request.post_data_json == {"limit": 50, "order": "newest", "agent": "李小红"}
    assert "%E6%9D%8E" not in "".join(desk.requests) and "李" not in "".join(desk.requests)
    assert "李" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href])")


def test_a_filed_call_that_is_being_read_stays_in_view_when_a_new_call_comes(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.open("k00")
    found = opened(page)
    choose(page, "find-status", "已提交")
    page.get_by_test_id("find").click()
    expect(found).to_have_count(1)
    found.click()
    expect(page.get_by_test_id("filed")).to_be_visible()
    start = {"type": "start", "format": "pcm_s16le", "sample_rate": 8_000, "channels": 1, "roles": ["citizen"]}
    with connect(f"ws://127.0.0.1:{running_server.port}/v1/calls/coming/audio") as line:
        line.send(json.dumps(start))
        line.recv()
        expect(page.get_by_test_id("new-call")).to_be_visible()
        expect(page.get_by_test_id("workplace")).to_have_attribute("data-call", "k07")
        page.get_by_test_id("new-call").click()
        expect(page.get_by_test_id("workplace")).to_have_attribute("data-call", "coming")
        line.send('{"type":"stop"}')
        while "stopped" not in str(line.recv()):
            pass


def test_the_finder_fits_the_screen_and_speaks_english_on_demand(desk: Desk) -> None:
    page = desk.open("k00")
    page.get_by_test_id("language").click()
    opened(page)
    expect(page.get_by_test_id("found-more")).to_have_text("More")
    expect(page.get_by_role("dialog", name="Find calls")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("finder")).to_be_hidden()
