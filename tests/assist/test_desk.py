"""A slow page loses interim text, never events; one that falls too far behind is told to come again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assist.calls_list import CallsList
from assist.changes import changes, provisional, rounded
from assist.desk import Desk
from assist.facts import Facts
from assist.log import Record
from assist.messages.calls import DeskSummary
from assist.messages.desk import DeskPartial, DeskPong
from assist.messages.events import CallEnded, CallStarted, Event, TicketChanged
from assist.room import Room
from extractors.ticket import Alert, Choice, SlotValue, Ticket
from extractors.turn import Speaker

AT = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)


class InstantLog:
    """Keeps nothing, numbers events."""

    def __init__(self) -> None:
        self.seq = 0

    async def append(self, call: str, events: Sequence[tuple[float, Event]], known: Facts) -> list[Record]:
        records = [Record.of(call, self.seq + n, at, event) for n, (at, event) in enumerate(events, 1)]
        self.seq += len(records)
        return records


async def open_room() -> Room:
    room = Room("c", InstantLog(), (), lambda: 0.0)
    await room.commit([(0.0, CallStarted(started_at=AT))])
    return room


def phone(value: str) -> TicketChanged:
    return TicketChanged(slots={"phone": SlotValue(value, 0.9, ())})


def partial(text: str) -> DeskPartial:
    return DeskPartial(call="c", speaker=Speaker.CITIZEN, text=text, start=0.0, end=1.0)


def pending(desk: Desk) -> list[dict[str, Any]]:
    return [json.loads(message) for message in iter(desk.next_message, None)]


async def test_a_page_that_reads_late_gets_every_event_and_only_the_newest_interim_text() -> None:
    room = await open_room()
    desk = Desk(CallsList(), limit=100, wake=lambda: None)
    desk.subscribe(room, 0)
    for number in range(10):
        room.show(partial("我" * number))
        await room.commit([(1.0, phone(str(number)))])
    messages = pending(desk)
    assert [one["logged"]["seq"] for one in messages if one["type"] == "event"] == list(range(1, 12))
    assert [one["text"] for one in messages if one["type"] == "partial"] == ["我" * 9]
    assert pending(desk) == []


async def test_a_page_that_was_there_and_falls_behind_is_sent_away() -> None:
    room = await open_room()
    desk = Desk(CallsList(), limit=5, wake=lambda: None)
    desk.subscribe(room, 0)
    await room.commit([(1.0, phone(str(number))) for number in range(20)])
    assert not desk.too_far_behind  # it is only catching up
    pending(desk)
    await room.commit([(1.0, phone(str(number))) for number in range(5)])
    assert not desk.too_far_behind
    await room.commit([(1.0, phone("one more"))])
    assert desk.too_far_behind


async def test_an_answer_comes_after_the_events_that_were_there_before_it() -> None:
    room = await open_room()
    desk = Desk(CallsList(), limit=5, wake=lambda: None)
    desk.subscribe(room, 1)
    pending(desk)
    await room.commit([(1.0, phone("1"))])
    desk.answer(DeskPong(id="p"))
    assert [one["type"] for one in pending(desk)] == ["event", "pong"]


async def test_that_nobody_feeds_a_call_is_told_until_somebody_does_or_it_is_over() -> None:
    room = await open_room()
    desk = Desk(CallsList(), limit=5, wake=lambda: None)
    room.fed(True)
    desk.subscribe(room, 0)
    assert "feed" not in [one["type"] for one in pending(desk)]  # it goes without saying
    room.fed(False)
    assert pending(desk) == [{"type": "feed", "call": "c", "connected": False}]
    room.fed(False)
    assert pending(desk) == []
    room.fed(True)
    assert pending(desk) == [{"type": "feed", "call": "c", "connected": True}]
    room.fed(False)
    await room.commit([(1.0, CallEnded(seconds=1.0, reason="lost"))])
    desk.subscribe(room, 0)
    assert "feed" not in [one["type"] for one in pending(desk)]


async def test_a_page_that_asks_and_does_not_read_is_sent_away() -> None:
    woken = []
    desk = Desk(CallsList(), limit=5, wake=lambda: woken.append(desk.too_far_behind))
    pending(desk)
    for number in range(5):
        desk.answer(DeskPong(id=str(number)))
    assert not any(woken)
    desk.answer(DeskPong(id="one more"))
    assert woken[-1]
    assert len(pending(desk)) == 6
    assert not desk.too_far_behind


async def test_a_closed_desk_is_woken_no_more() -> None:
    room, calls, woken = await open_room(), CallsList(), []
    desk = Desk(calls, limit=5, wake=lambda: woken.append(1))
    desk.subscribe(room, 0)
    desk.close()
    woken.clear()
    await room.commit([(1.0, phone("1"))])
    assert woken == []
    assert not room.watchers
    assert not calls.watchers


async def test_a_slot_the_agent_touched_leaves_the_provisional_ticket() -> None:
    from assist.decide import Vocabulary
    from assist.messages.desk import DeskProvisional
    from assist.messages.page import Edit

    room = await open_room()
    room.show(DeskProvisional(call="c", slots={"phone": SlotValue("1", 0.5, ()), "street": SlotValue("s", 0.5, ())}))
    vocabulary = Vocabulary(frozenset({"phone"}), frozenset(), frozenset(), lambda code: None)
    await room.command(Edit(id="1", call="c", slot="phone", value="2"), vocabulary)
    assert room.provisional is not None
    assert room.provisional.slots.keys() == {"street"}


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.integers(0, 5))
def test_the_list_of_calls_can_be_read_on_from_any_place(calls: list[str], read: int) -> None:
    listed = CallsList(limit=4)
    place, seen = 0, {}
    for number, call in enumerate(calls):
        listed.put(DeskSummary(call=call, started_at=AT, status="live", seconds=number, last_seq=number))
        if number % (read + 1) == 0:
            while (change := listed.after(place)) is not None:
                place, summary = change
                seen[summary.call] = summary
    while (change := listed.after(place)) is not None:
        place, summary = change
        seen[summary.call] = summary
    assert all(seen[summary.call] == summary for summary in listed.newest())
    assert len(listed.newest()) <= 4


async def test_only_what_differs_after_rounding_becomes_an_event() -> None:
    room = await open_room()
    ticket = Ticket(
        slots={"phone": SlotValue("13602247815", 0.912345, ())},
        request_type=Choice("投诉", 0.8000004),
        alerts=[Alert("110", "提到打架")],
    )
    first = changes(room.state, rounded(ticket))
    assert [event.type for event in first] == ["ticket.changed", "alert.raised"]
    await room.commit([(1.0, event) for event in first])
    same = Ticket(
        slots={"phone": SlotValue("13602247815", 0.912344, ())},
        request_type=Choice("投诉", 0.8),
        alerts=[Alert("110", "提到打架")],
    )
    assert changes(room.state, rounded(same)) == []
    gone = changes(room.state, rounded(Ticket()))
    assert [event.model_dump(include={"slots", "request_type"}) for event in gone] == [
        {"slots": {"phone": None}, "request_type": None}
    ]


async def test_a_provisional_ticket_holds_only_differences() -> None:
    room = await open_room()
    ticket = Ticket(slots={"phone": SlotValue("1", 0.9, ()), "street": SlotValue("南洲街道", 0.9, ())})
    await room.commit([(1.0, phone("1"))])
    message = provisional(room.state, rounded(ticket))
    assert message.slots.keys() == {"street"}
    assert (message.request_type, message.templates) == (None, None)


async def test_what_cannot_wait_is_told_from_interim_text_until_an_event_raises_it() -> None:
    room = await open_room()
    ticket = rounded(Ticket(alerts=[Alert("119", "疑似火情")]))
    assert [alert.kind for alert in provisional(room.state, ticket).alerts] == ["119"]
    await room.commit([(1.0, event) for event in changes(room.state, ticket)])
    assert provisional(room.state, ticket).alerts == []
