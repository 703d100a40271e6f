"""A call's log as people may see it who must not know whom it is about. Pure.

In go a call's records, out come the same events with the same numbers, masked as `assist.masking` masks a ticket: the
ticket folded from the masked log is the masked ticket. What is personal is judged by the whole log given: the words of
an early turn are masked too where a later event tells that a name or an address rests on them, also if still later the
value was withdrawn; of such words the masked ticket by itself may show more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assist.call import fold
from assist.log import Record
from assist.masking import Masking, Texts, choice, proofs, resting_on
from assist.messages.events import (
    AgentAccepted,
    AgentChoseTemplate,
    AgentEdited,
    AgentRejected,
    AgentSubmitted,
    AgentUndone,
    AlertRaised,
    CallEnded,
    CallStarted,
    DispatchSuggested,
    Event,
    GuidesFound,
    MattersFound,
    QuestionsDue,
    RecordDrafted,
    TemplatesRanked,
    TicketChanged,
    TranscriptFinal,
    WordRepair,
)
from assist.ticket_view import ShownTurn, view
from extractors.safety.privacy import SIGN
from extractors.ticket import Evidence


def masked_log(masking: Masking, records: Sequence[Record]) -> list[Record]:
    """``records`` (a call's whole log so far), masked. Of an event of a newer, unknown type only the type is left: what
    in it is personal cannot be told.
    """
    known = [record.event for record in records if record.event is not None]
    texts = masking.texts(_turns(known), _resting(known))
    return [_record(masking, record, texts, records[:place]) for place, record in enumerate(records)]


def _record(masking: Masking, record: Record, texts: Texts, before: Sequence[Record]) -> Record:
    if record.event is None:
        data = json.dumps({"type": json.loads(record.data).get("type")})
        return Record(record.call, record.seq, record.at, None, data)
    return Record.of(record.call, record.seq, record.at, _masked(masking, record.event, texts, before))


def _turns(events: Iterable[Event]) -> list[ShownTurn]:
    return [ShownTurn.of(event) for event in events if isinstance(event, TranscriptFinal)]


def _resting(events: Iterable[Event]) -> Iterator[tuple[str, Evidence]]:
    """Every slot that a value ever had, with what it rested on."""
    for event in events:
        if isinstance(event, TicketChanged):
            yield from ((name, proof) for name, slot in event.slots.items() if slot for proof in slot.evidence)
        elif isinstance(event, MattersFound | AgentSubmitted):
            yield from resting_on(event.others)


def _masked(masking: Masking, event: Event, texts: Texts, before: Sequence[Record]) -> Event:
    match event:
        case CallStarted():
            number = event.caller_number
            return event.model_copy(update={"caller_number": number and SIGN * len(number)})
        case TranscriptFinal():
            return _turn(event, texts[event.turn])
        case TicketChanged():
            slots = {name: slot and masking.slot(name, slot, texts) for name, slot in event.slots.items()}
            chosen = {"request_type": choice(event.request_type, texts), "domain": choice(event.domain, texts)}
            return event.model_copy(update={"slots": slots, **chosen})
        case MattersFound():
            return event.model_copy(update={"others": [masking.other(other, texts) for other in event.others]})
        case RecordDrafted():
            return event.model_copy(update={"draft": masking.draft(event.draft, texts)})
        case AlertRaised():
            alert = replace(event.alert, evidence=proofs(event.alert.evidence, texts))
            return event.model_copy(update={"alert": alert})
        case AgentAccepted() | AgentEdited():
            return event.model_copy(update={"value": masking.value(event.slot, event.value, texts)})
        case AgentSubmitted():
            return _submitted(masking, event, texts, before)
        case (
            TemplatesRanked()
            | QuestionsDue()
            | DispatchSuggested()
            | GuidesFound()
            | AgentRejected()
            | AgentChoseTemplate()
            | AgentUndone()
            | CallEnded()
        ):  # words of the catalogue alone
            return event


def _turn(turn: TranscriptFinal, text: str) -> TranscriptFinal:
    """Other readings are as long as they are, so that nothing in them can be matched with what is masked: they go."""
    repairs = [_repair(one, text) for one in turn.repairs]
    return turn.model_copy(update={"text": text, "readings": [], "repairs": repairs})


def _repair(repair: WordRepair, text: str) -> WordRepair:
    hidden = SIGN in text[repair.start : repair.end]
    return repair.model_copy(update={"heard": SIGN * len(repair.heard)}) if hidden else repair


def _submitted(masking: Masking, event: AgentSubmitted, texts: Texts, before: Sequence[Record]) -> AgentSubmitted:
    """The texts that were filed are written anew from the masked ticket that was filed."""
    filed = masking.masked(view(fold(before[0].call, before), 0.0)) if before else None
    return event.model_copy(
        update={
            "slots": {name: masking.value(name, value, texts) for name, value in event.slots.items()},
            "others": [masking.other(other, texts) for other in event.others],
            "record": filed.record.text if filed else "",
            "summary": filed.summary.text if filed else "",
        }
    )
