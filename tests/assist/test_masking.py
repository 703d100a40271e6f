"""QA sees the whole call and not who called."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from assist.call import fold
from assist.changes import changes, rounded
from assist.log import Record
from assist.masking import masking
from assist.messages import CallStarted, Event, TranscriptFinal
from assist.ticket_view import view
from extractors.catalogue import Catalogue
from extractors.understanding import Understanding
from tests.extractors.test_understanding import STREET_LIGHT

STARTED = datetime(2026, 3, 2, 10, 15, tzinfo=timezone(timedelta(hours=8)))


def test_a_masked_ticket_tells_the_matter_and_not_the_caller_and_its_evidence_still_points_to_its_words(
    catalogue: Catalogue,
) -> None:
    events: list[Event] = [CallStarted(started_at=STARTED)]
    events += [
        TranscriptFinal(turn=turn.id, speaker=turn.speaker, text=turn.text, start=turn.start, end=turn.end)
        for turn in STREET_LIGHT
    ]
    state = fold("c", [Record.of("c", seq, 0.0, event) for seq, event in enumerate(events, 1)])
    understood = changes(state, rounded(Understanding(catalogue, STARTED).ticket(STREET_LIGHT)))
    records = [Record.of("c", seq, 0.0, event) for seq, event in enumerate([*events, *understood], 1)]
    plain = view(fold("c", records), 60.0)
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
