"""What the page shows when the server does not have what it shows, or nothing comes any more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import ClientConnection, connect

from tests.desktop.acting import START, line, shows, written

if TYPE_CHECKING:
    from tests.desktop.conftest import Desk, RunningServer

STORED = ("asked", "restored", "deleted", "newest")
HASTY = """
    const Plain = WebSocket
    window.WebSocket = class extends Plain {
      constructor(url) {
        super(url)
        this.addEventListener('message', () => { location.hash = 'call=asked' }, { once: true })
      }
    }
"""  # the telephone system names a call in the moment in which the server greets the page


@pytest.fixture(scope="module", autouse=True)
def stored_calls(running_server: RunningServer, call_log: list[dict[str, Any]]) -> None:
    """Ended calls."""
    running_server.stop()
    for call in STORED:
        running_server.write(call, call_log)
    running_server.start()


def feeding(running_server: RunningServer, call: str) -> ClientConnection:
    """Somebody feeds `call` from now on."""
    feeder = connect(f"ws://127.0.0.1:{running_server.port}/v1/calls/{call}/audio")
    feeder.send(json.dumps(START))
    feeder.recv()
    return feeder


def status(page: Page) -> Any:
    """What is expected of the sign that says how the call stands."""
    return expect(page.get_by_test_id("call-status"))


def clock_stands(page: Page) -> bool:
    """Whether the clock of the call shows the same after more than a second."""
    before = page.get_by_test_id("call-clock").text_content()
    page.wait_for_timeout(1_600)
    return page.get_by_test_id("call-clock").text_content() == before


def test_a_page_that_was_opened_for_a_call_before_its_audio_came_shows_it_when_it_comes(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.page
    page.goto(f"{desk.url}#call=soon")
    expect(page.get_by_test_id("idle")).to_contain_text("还没有编号为 soon 的通话")
    status(page).to_have_count(0)
    expect(page.get_by_test_id("call-clock")).to_have_count(0)
    with line(running_server, "soon"):
        shows(page, "soon")
        status(page).to_have_text("通话中")


def test_a_call_that_is_named_in_the_moment_the_page_is_greeted_is_shown(desk: Desk) -> None:
    page = desk.page
    page.add_init_script(HASTY)
    page.goto(desk.url)
    shows(page, "asked")


def test_a_ticket_of_which_a_restored_server_knows_less_is_shown_as_it_is_there_and_not_filed_unseen(
    running_server: RunningServer, desk: Desk, tmp_path: Path
) -> None:
    running_server.stop()
    shutil.copytree(running_server.directory, tmp_path / "backup")
    running_server.start()
    page = desk.open("restored")
    page.get_by_test_id("slot-street").fill("凤阳街道")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("queued")).to_have_count(0)
    running_server.stop()
    expect(page.get_by_test_id("connection")).not_to_have_attribute("data-state", "connected")
    page.get_by_test_id("slot-plate_no").fill("粤A12345")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.get_by_test_id("submit-now").click()
    shutil.rmtree(running_server.directory)
    shutil.copytree(tmp_path / "backup", running_server.directory)
    running_server.start()
    expect(page.get_by_test_id("notice")).to_contain_text("请核对后再提交", timeout=10_000)
    expect(page.get_by_test_id("queued")).to_have_count(0)
    expect(page.get_by_test_id("slot-street")).to_have_value("南石头街道")
    expect(page.get_by_test_id("slot-plate_no")).to_have_value("粤A12345")
    status(page).to_have_text("已挂断")
    assert [(event["type"], event["slot"]) for event in written(desk, "restored")] == [("agent.edited", "plate_no")]


def test_a_ticket_whose_call_is_gone_can_be_read_but_not_changed_or_filed(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.open("deleted")
    running_server.stop()
    running_server.delete("deleted")
    running_server.start()
    expect(page.get_by_test_id("gone")).to_be_visible()
    status(page).to_have_text("已不存在")
    expect(page.get_by_test_id("slot-phone")).to_have_value("13602247815")
    expect(page.get_by_test_id("slot-phone")).to_be_disabled()
    expect(page.get_by_test_id("submit")).to_be_disabled()
    assert clock_stands(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("submit-dialog")).to_be_hidden()


def test_while_nobody_feeds_a_call_the_page_says_so_and_its_clock_stands(
    running_server: RunningServer, desk: Desk
) -> None:
    page = desk.page
    feeder = feeding(running_server, "broken")
    page.goto(f"{desk.url}#call=broken")
    status(page).to_have_text("通话中")
    assert not clock_stands(page)
    feeder.close()
    status(page).to_have_text("音频中断，等待恢复")
    expect(page.get_by_test_id("lag")).to_have_count(0)
    assert clock_stands(page)
    with line(running_server, "broken"):
        status(page).to_have_text("通话中")
        assert not clock_stands(page)
    status(page).to_have_text("已挂断")
