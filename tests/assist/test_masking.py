"""QA sees the whole call and not who called."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from assist.call import fold
from assist.changes import changes, rounded
from assist.log import Record
from assist.masking import masking
from assist.masking_log import masked_log
from assist.messages.events import (
    AgentEdited,
    AgentSubmitted,
    CallStarted,
    Event,
    MattersFound,
    TranscriptFinal,
    WordRepair,
)
from assist.ticket_view import view
from extractors.catalogue.knowledge import Catalogue
from extractors.ticket import Evidence, OtherMatter, SlotValue
from extractors.turn import Speaker
from extractors.understanding import Understanding
from tests.extractors.test_understanding import STREET_LIGHT

STARTED = datetime(2026, 3, 2, 10, 15, tzinfo=timezone(timedelta(hours=8)))


def told_as_events(catalogue: Catalogue, *more: Event) -> list[Record]:
    """The log of a call about a street light, then ``more``."""
    events: list[Event] = [CallStarted(started_at=STARTED, caller_number="13826450917")]
    events += [
        TranscriptFinal(
            turn=turn.id,
            speaker=turn.speaker,
            text=turn.text,
            start=turn.start,
            end=turn.end,
            readings=[turn.text],
            repairs=[WordRepair(start=0, end=len(turn.text), heard=turn.text)],
        )
        for turn in STREET_LIGHT
    ]
    state = fold("c", [Record.of("c", seq, 0.0, event) for seq, event in enumerate(events, 1)])
    events += changes(state, rounded(Understanding(catalogue, STARTED).ticket(STREET_LIGHT)))
    return [Record.of("c", seq, 0.0, event) for seq, event in enumerate([*events, *more], 1)]


def test_a_masked_ticket_tells_the_matter_and_not_the_caller_and_its_evidence_still_points_to_its_words(
    catalogue: Catalogue,
) -> None:
    plain = view(fold("c", told_as_events(catalogue)), 60.0)
    hidden = masking(catalogue).masked(plain)
    told = hidden.model_dump_json()
    for secret in ("13826450917", "范", "沿沙东路那边"):
        assert secret in plain.model_dump_json()
        assert secret not in told
    for matter in ("路灯", "番禺区", "洛浦街道"):
        assert matter in told
    texts = {turn.turn: turn.text for turn in hidden.transcript}
    assert [len(texts[turn.turn]) for turn in plain.transcript] == [len(turn.text) for turn in plain.transcript]
    for slot in hidden.slots.values():
        for proof in slot.evidence:
            assert texts[proof.turn][proof.start : proof.end] == proof.text


def test_a_masked_log_has_every_event_with_its_number_and_folds_to_the_masked_ticket(catalogue: Catalogue) -> None:
    edits: list[Event] = [
        AgentEdited(command="1", slot="caller_name", value="范志刚"),
        AgentEdited(command="2", slot="demand", value="请回电13826450917"),
    ]
    open_call = fold("c", told_as_events(catalogue, *edits))
    filed = view(open_call, 60.0)
    values = {name: slot.value for name, slot in filed.slots.items() if slot.value is not None}
    submitted = AgentSubmitted(command="3", slots=values, record=filed.record.text, summary=filed.summary.text)
    records = told_as_events(catalogue, *edits, submitted)
    hidden = masked_log(masking(catalogue), records)
    assert [(record.seq, record.at) for record in hidden] == [(record.seq, record.at) for record in records]
    masked = masking(catalogue).masked(view(fold("c", records), 60.0))
    assert view(fold("c", hidden), 60.0).model_dump() == masked.model_dump()
    stored, told = ("".join(record.logged_json for record in log) for log in (records, hidden))
    for secret in ("13826450917", "范", "沿沙东路那边"):
        assert secret in stored
        assert secret not in told
    assert "路灯" in told


def test_of_an_event_of_a_newer_version_a_masked_log_tells_the_type_alone(catalogue: Catalogue) -> None:
    known = Record.of("c", 1, 0.0, CallStarted(started_at=STARTED))
    newer = Record.parse("c", 2, 1.0, '{"type":"caller.moved","to":"某路1号"}')
    [_, left] = masked_log(masking(catalogue), [known, newer])
    assert left.logged_json == '{"call": "c", "seq": 2, "at": 1.0,"event":{"type": "caller.moved"}}'


def test_a_place_on_which_only_a_further_matter_rests_is_masked_as_well(catalogue: Catalogue) -> None:
    records = told_as_events(catalogue)
    [turn, place] = next(
        (record.event, record.event.text.index("路灯"))
        for record in records
        if isinstance(record.event, TranscriptFinal) and "路灯" in record.event.text
    )
    proof = Evidence(turn.turn, place, place + 2, "路灯", turn.start, turn.end)
    other = OtherMatter(announced=proof, slots={"address": SlotValue("路灯", 0.9, (proof,))})
    further = Record.of("c", len(records) + 1, 0.0, MattersFound(others=[other]))
    hidden = masking(catalogue).masked(view(fold("c", [*records, further]), 60.0))
    assert hidden.transcript[turn.turn].text[place : place + 2] == "**"
    assert hidden.others[0].slots["address"].evidence[0].text == "**"


def test_a_name_that_shows_only_in_what_was_heard_is_masked_in_ticket_and_log(catalogue: Catalogue) -> None:
    heard = [WordRepair(start=0, end=2, heard="我姓"), WordRepair(start=3, end=5, heard="先生")]
    final = TranscriptFinal(turn=0, speaker=Speaker.CITIZEN, text="可能黄心疼，路灯坏了", start=0, end=2, repairs=heard)
    shown = final.model_copy(update={"repairs": []})
    for event, hidden in ((final, True), (shown, False)):
        records = [Record.of("c", 1, 0.0, CallStarted(started_at=STARTED)), Record.of("c", 2, 0.0, event)]
        ticket = masking(catalogue).masked(view(fold("c", records), 2.0))
        assert ("黄" not in ticket.transcript[0].text) is hidden
        assert "heard" not in ticket.model_dump()["transcript"][0]
        [_, said] = masked_log(masking(catalogue), records)
        assert ("黄" not in said.data) is hidden


def test_a_name_that_was_masked_in_a_turn_is_masked_where_it_is_a_value_alone(catalogue: Catalogue) -> None:
    said = TranscriptFinal(turn=0, speaker=Speaker.CITIZEN, text="業主李小红在楼上养鸡", start=0, end=2)
    edits: list[Event] = [
        CallStarted(started_at=STARTED),
        said,
        AgentEdited(command="1", slot="subject", value="李小红"),
        AgentEdited(
            command="2", slot="demand", value="要求李小红不养鸡，联系经办人王建国，手机号１３８２６４５０９１７"
        ),
    ]
    records = [Record.of("c", seq, 0.0, event) for seq, event in enumerate(edits, 1)]
    ticket = masking(catalogue).masked(view(fold("c", records), 2.0)).model_dump_json()
    log = "".join(record.logged_json for record in masked_log(masking(catalogue), records))
    for told in (ticket, log):
        assert "养鸡" in told
        for secret in ("李", "王建国", "１３８"):
            assert secret not in told
