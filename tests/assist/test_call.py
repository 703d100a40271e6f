"""A call's state is the fold of its log; nothing the machine says touches what the agent did."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.call import CallState, LogGapError, apply, fold
from assist.decide import Already, Refusal, TemplateRef, Vocabulary, decide
from assist.log import Record
from assist.messages.events import (
    AgentSubmitted,
    CallStarted,
    DispatchSuggested,
    Event,
    RecordDrafted,
    TicketChanged,
    TranscriptFinal,
)
from assist.messages.page import Accept, ChooseTemplate, Command, Edit, Reject, Submit, Undo
from assist.ticket_view import view
from extractors.ticket import Choice, Dispatch, Draft, Part, SlotValue
from extractors.turn import Speaker

STARTED = CallStarted(started_at=datetime(2026, 3, 2, 10, 15, tzinfo=UTC))
SLOTS = ("phone", "district", "street")
TEMPLATES = {
    "CG01-001": TemplateRef("CG01-001", "夜间占道烧烤油烟噪声扰民", "投诉", "城市管理"),
    "ZX01-001": TemplateRef("ZX01-001", "咨询垃圾分类投放时间", "咨询", "城市管理"),
}
VOCABULARY = Vocabulary(
    slots=frozenset({*SLOTS, "confidential"}),
    request_types=frozenset({"投诉", "咨询"}),
    domains=frozenset({"城市管理"}),
    template=TEMPLATES.get,
    flags=frozenset({"confidential"}),
)

values = st.sampled_from(["13602247815", "13800000000", "海珠区", "天河区"])
slot_values = st.builds(SlotValue, value=values, confidence=st.just(0.9), evidence=st.just(()))
choices = st.none() | st.builds(Choice, value=st.sampled_from(["投诉", "咨询"]), confidence=st.just(0.8))
machine_events = st.one_of(
    st.builds(
        TicketChanged,
        slots=st.dictionaries(st.sampled_from(SLOTS), st.none() | slot_values),
        request_type=choices,
        domain=st.none(),
    ),
    st.builds(DispatchSuggested, dispatch=st.none() | st.just(Dispatch("市城市管理综合执法局", 0.8, "suggest"))),
    st.builds(
        TranscriptFinal,
        turn=st.just(0),
        speaker=st.sampled_from(list(Speaker)),
        text=st.just("喂"),
        start=st.just(0.0),
        end=st.just(1.0),
    ),
)
names = st.sampled_from([*SLOTS, "request_type", "department", "no_such_slot"])
ids = st.sampled_from([f"c{n}" for n in range(30)])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Accept, id=ids, call=st.just("c"), slot=names),
    st.builds(Edit, id=ids, call=st.just("c"), slot=names, value=values | st.sampled_from(["投诉", " "])),
    st.builds(Reject, id=ids, call=st.just("c"), slot=names),
    st.builds(ChooseTemplate, id=ids, call=st.just("c"), code=st.sampled_from([*TEMPLATES, "none"])),
    st.builds(Undo, id=ids, call=st.just("c")),
)
steps = st.lists(machine_events | commands, max_size=30)


def started() -> tuple[CallState, list[Record]]:
    record = Record.of("c", 1, 0.0, STARTED)
    return apply(CallState("c"), record), [record]


def happen(state: CallState, event: Event) -> tuple[CallState, Record]:
    record = Record.of("c", state.seq + 1, 0.0, event)
    return apply(state, record), record


def step(state: CallState, what: Event | Command) -> tuple[CallState, list[Record]]:
    if isinstance(what, Accept | Edit | Reject | ChooseTemplate | Undo | Submit):
        decision = decide(state, what, VOCABULARY)
        if isinstance(decision, Already | Refusal):
            return state, []
        what = decision
    state, record = happen(state, what)
    return state, [record]


def run(what: list[Event | Command]) -> tuple[CallState, list[Record]]:
    state, records = started()
    for one in what:
        state, more = step(state, one)
        records += more
    return state, records


def command(state: CallState, what: Command) -> CallState:
    decision = decide(state, what, VOCABULARY)
    assert not isinstance(decision, Already | Refusal), decision
    return happen(state, decision)[0]


def refused(state: CallState, what: Command) -> str:
    decision = decide(state, what, VOCABULARY)
    assert isinstance(decision, Refusal)
    return decision.code


def heard(**slots: str) -> TicketChanged:
    return TicketChanged(
        slots={name: SlotValue(value, 0.9, ()) for name, value in slots.items()}, request_type=Choice("投诉", 0.8)
    )


@given(steps)
def test_reading_a_stored_log_gives_the_state_that_grew_with_it(what: list[Event | Command]) -> None:
    state, records = run(what)
    stored = [Record.parse(record.call, record.seq, record.at, record.data) for record in records]
    assert fold("c", stored) == state


@given(steps, names.filter(lambda name: name != "no_such_slot"), st.lists(machine_events, max_size=10))
def test_what_an_agent_wrote_survives_whatever_the_machine_thinks_later(
    before: list[Event | Command], name: str, after: list[Event]
) -> None:
    state, _ = run(before)
    state = command(state, Edit(id="mine", call="c", slot=name, value="投诉"))
    state = reduce(lambda current, event: happen(current, event)[0], after, state)
    assert state.shown(name) == "投诉"


@given(steps, st.lists(machine_events, max_size=5), commands.filter(lambda one: not isinstance(one, Undo)))
def test_undo_shows_what_was_shown_before(before: list[Event | Command], after: list[Event], what: Command) -> None:
    state, _ = run([*before, *after])
    decision = decide(state, what.model_copy(update={"id": "mine"}), VOCABULARY)
    if isinstance(decision, Already | Refusal):
        return
    changed, _ = happen(state, decision)
    undone = command(changed, Undo(id="undo", call="c"))
    shown = [*SLOTS, "request_type", "department"]
    assert [undone.shown(name) for name in shown] == [state.shown(name) for name in shown]
    assert undone.chosen == state.chosen


@given(steps, commands)
def test_a_command_sent_twice_has_one_effect(before: list[Event | Command], what: Command) -> None:
    state, _ = run(before)
    once, records = step(state, what)
    twice, again = step(once, what)
    if records:
        assert decide(once, what, VOCABULARY) == Already(records[0].seq)
    if records or isinstance(decide(state, what, VOCABULARY), Already):
        assert (twice, again) == (once, [])


@given(steps, commands)
def test_nothing_changes_a_filed_ticket(before: list[Event | Command], what: Command) -> None:
    state, _ = run(before)
    filed = command(state, Submit(id="file", call="c"))
    later, _ = happen(filed, heard(phone="19900000000"))
    assert refused(later, what.model_copy(update={"id": "late"})) == "already_submitted"
    assert view(later, 1.0).slots == view(filed, 1.0).slots
    assert view(later, 1.0).status == "submitted"


def test_the_agents_value_stands_with_the_machines_later_opinion_beside_it() -> None:
    state, _ = run([heard(phone="13602247815")])
    state = command(state, Edit(id="1", call="c", slot="phone", value="13602247816"))
    state, _ = happen(state, heard(phone="13602247817"))
    slot = view(state, 1.0).slots["phone"]
    assert (slot.value, slot.source) == ("13602247816", "edited")
    assert slot.machine is not None
    assert slot.machine.value == "13602247817"


def test_a_rejected_slot_stays_empty_until_the_agent_fills_it() -> None:
    state, _ = run([heard(phone="13602247815")])
    state = command(state, Reject(id="1", call="c", slot="phone"))
    state, _ = happen(state, heard(phone="13602247816"))
    assert state.shown("phone") is None
    state = command(state, Edit(id="2", call="c", slot="phone", value="13602247810"))
    assert state.shown("phone") == "13602247810"


def test_a_chosen_template_decides_request_type_and_domain_unless_the_agent_set_them() -> None:
    state, _ = run([heard(phone="13602247815")])
    state = command(state, ChooseTemplate(id="1", call="c", code="ZX01-001"))
    assert (state.shown("request_type"), state.shown("domain")) == ("咨询", "城市管理")
    state = command(state, Edit(id="2", call="c", slot="request_type", value="投诉"))
    assert state.shown("request_type") == "投诉"
    state = command(command(state, Undo(id="3", call="c")), Undo(id="4", call="c"))
    assert state.chosen is None
    assert state.shown("request_type") == "投诉"  # the machine's own again


def test_the_filed_ticket_holds_what_was_shown() -> None:
    state, _ = run([heard(phone="13602247815", street="南洲街道")])
    state = command(state, Edit(id="1", call="c", slot="phone", value="13800000000"))
    state = command(state, Reject(id="2", call="c", slot="street"))
    state = command(state, ChooseTemplate(id="3", call="c", code="CG01-001"))
    event = decide(state, Submit(id="4", call="c"), VOCABULARY)
    assert event == AgentSubmitted(
        command="4",
        slots={"phone": "13800000000"},
        template="CG01-001",
        request_type="投诉",
        domain="城市管理",
    )


def test_the_record_is_filed_with_what_the_agent_wrote_and_gaps_where_it_was_refused() -> None:
    parts = (
        Part("反映"),
        Part("南洲街道", "street"),
        Part("停水，电话"),
        Part("136", "phone", label="联系电话"),
        Part("。"),
    )
    state, _ = run([heard(phone="136", street="南洲街道"), RecordDrafted(draft=Draft("CG01-001", parts, parts[:2]))])
    state = command(state, Edit(id="1", call="c", slot="street", value="凤阳街道"))
    state = command(state, Reject(id="2", call="c", slot="phone"))
    event = decide(state, Submit(id="3", call="c"), VOCABULARY)
    assert isinstance(event, AgentSubmitted)
    assert (event.record, event.summary) == ("反映凤阳街道停水，电话【联系电话】。", "反映凤阳街道")
    assert view(state, 1.0).record.text == event.record


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (Accept(id="1", call="c", slot="street"), "nothing_to_accept"),
        (Accept(id="1", call="c", slot="shoe_size"), "unknown_slot"),
        (Reject(id="1", call="c", slot="street"), "nothing_to_reject"),
        (Edit(id="1", call="c", slot="phone", value="  "), "bad_value"),
        (Edit(id="1", call="c", slot="phone", value="1" * 2001), "bad_value"),
        (Edit(id="1", call="c", slot="request_type", value="聊天"), "bad_value"),
        (Edit(id="1", call="c", slot="confidential", value="maybe"), "bad_value"),
        (Edit(id="1", call="c", slot="confidential", value=1), "bad_value"),
        (ChooseTemplate(id="1", call="c", code="XX99-999"), "unknown_template"),
        (Undo(id="1", call="c"), "nothing_to_undo"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(what: Command, code: str) -> None:
    state, _ = run([heard(phone="13602247815")])
    assert refused(state, what) == code


@pytest.mark.parametrize("value", [True, False])
def test_a_tick_box_is_ticked_or_not(value: bool) -> None:
    state = command(started()[0], Edit(id="1", call="c", slot="confidential", value=value))
    assert state.shown("confidential") is value


def test_an_event_of_a_newer_version_changes_nothing_but_the_number() -> None:
    state, _ = run([heard(phone="13602247815")])
    newer = Record.parse("c", 3, 1.0, '{"type":"mood.measured","mood":"calm"}')
    after = apply(state, newer)
    assert (after.seq, after.slots) == (3, state.slots)
    assert json.loads(newer.wire)["logged"]["event"]["mood"] == "calm"


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_log_with_a_number_missing_or_twice_is_an_error(seq: int) -> None:
    state, _ = run([heard(phone="13602247815")])
    with pytest.raises(LogGapError, match=f"event {seq}"):
        apply(state, Record.of("c", seq, 0.0, heard()))


def test_the_log_that_the_page_is_tested_with_folds_to_the_same_view() -> None:
    fixture: Any = json.loads((Path(__file__).parent.parent / "fixtures" / "call-log.json").read_text("utf-8"))
    records = [Record.parse(one["call"], one["seq"], one["at"], json.dumps(one["event"])) for one in fixture["events"]]
    state = fold(records[0].call, records)
    shown, expected = view(state, 0.0), fixture["view"]
    for name, slot in expected["slots"].items():
        assert (shown.slots[name].value, shown.slots[name].source) == (slot["value"], slot["state"]), name
    assert shown.slots.keys() == expected["slots"].keys()
    assert (shown.request_type, shown.domain, shown.department, shown.status, len(shown.transcript), state.seq) == (
        *(expected[key] for key in ("request_type", "domain", "department", "status", "turns", "seq")),
    )
    assert shown.template is not None
    assert shown.template.code == expected["template"]
