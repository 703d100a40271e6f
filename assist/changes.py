"""The difference between the machine's ticket in a call's log and what understanding says now, as events. Pure.

Numbers are rounded (confidences to 3 digits, seconds to 2), so that a log does not depend on the last bit of a
floating-point sum; what differs only below that is no change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assist.call import CallState
from assist.messages.desk import DeskProvisional
from assist.messages.events import (
    AlertRaised,
    DispatchSuggested,
    Event,
    GuidesFound,
    MattersFound,
    QuestionsDue,
    RecordDrafted,
    TemplatesRanked,
    TicketChanged,
)
from extractors.ticket import (
    Alert,
    Choice,
    Dispatch,
    Draft,
    Evidence,
    OtherMatter,
    Part,
    RankedTemplate,
    SlotValue,
    Ticket,
)


def rounded(ticket: Ticket) -> Ticket:
    """The ticket as it is written to a log: numbers rounded, slots in the order of their names."""
    return Ticket(
        slots={name: _slot(ticket.slots[name]) for name in sorted(ticket.slots)},
        request_type=_choice(ticket.request_type),
        domain=_choice(ticket.domain),
        templates=tuple(_template(template) for template in ticket.templates),
        dispatch=_dispatch(ticket.dispatch),
        questions=tuple(ticket.questions),
        alerts=tuple(_alert(alert) for alert in ticket.alerts),
        guides=tuple(ticket.guides),
        draft=_draft(ticket.draft),
        others=tuple(_other(other) for other in ticket.others),
    )


def changes(state: CallState, ticket: Ticket) -> list[Event]:
    """The events that bring the machine's side of ``state`` to the rounded ``ticket``."""
    return list(_changes(state, ticket))


def _changes(state: CallState, ticket: Ticket) -> Iterator[Event]:
    slots: dict[str, SlotValue | None] = {
        name: ticket.slots.get(name)
        for name in sorted({*ticket.slots, *state.slots})
        if ticket.slots.get(name) != state.slots.get(name)
    }
    if slots or ticket.request_type != state.request_type or ticket.domain != state.domain:
        yield TicketChanged(slots=slots, request_type=ticket.request_type, domain=ticket.domain)
    if tuple(ticket.templates) != state.templates:
        yield TemplatesRanked(templates=list(ticket.templates))
    if tuple(ticket.questions) != state.questions:
        yield QuestionsDue(questions=list(ticket.questions))
    if ticket.dispatch != state.dispatch:
        yield DispatchSuggested(dispatch=ticket.dispatch)
    if tuple(ticket.guides) != state.guides:
        yield GuidesFound(guides=list(ticket.guides))
    if tuple(ticket.others) != state.others:
        yield MattersFound(others=list(ticket.others))
    if ticket.draft != state.draft:
        yield RecordDrafted(draft=ticket.draft)
    for alert in _new_alerts(state, ticket):
        yield AlertRaised(alert=alert)


def provisional(state: CallState, ticket: Ticket) -> DeskProvisional:
    """What the rounded ``ticket``, made with interim text, would change on the form of ``state``."""
    return DeskProvisional(
        call=state.call,
        slots={
            name: value
            for name, value in ticket.slots.items()
            if name not in state.human and value != state.slots.get(name)
        },
        request_type=None if ticket.request_type == state.request_type else ticket.request_type,
        domain=None if ticket.domain == state.domain else ticket.domain,
        templates=None if tuple(ticket.templates) == state.templates else list(ticket.templates),
        alerts=_new_alerts(state, ticket),
    )


def _new_alerts(state: CallState, ticket: Ticket) -> list[Alert]:
    """An alert is raised once; that later words move its evidence does not raise it again."""
    raised = {(alert.kind, alert.text) for alert in state.alerts}
    return [alert for alert in ticket.alerts if (alert.kind, alert.text) not in raised]


def _slot(value: SlotValue) -> SlotValue:
    return replace(value, confidence=round(value.confidence, 3), evidence=_evidence(value.evidence))


def _choice(choice: Choice | None) -> Choice | None:
    if choice is None:
        return None
    return replace(choice, confidence=round(choice.confidence, 3), evidence=_evidence(choice.evidence))


def _template(template: RankedTemplate) -> RankedTemplate:
    return replace(template, probability=round(template.probability, 3))


def _dispatch(dispatch: Dispatch | None) -> Dispatch | None:
    return None if dispatch is None else replace(dispatch, confidence=round(dispatch.confidence, 3))


def _alert(alert: Alert) -> Alert:
    return replace(alert, evidence=_evidence(alert.evidence))


def _draft(draft: Draft) -> Draft:
    return Draft(draft.template, _parts(draft.record), _parts(draft.summary))


def _other(other: OtherMatter) -> OtherMatter:
    return OtherMatter(
        announced=_evidence((other.announced,))[0],
        slots={name: _slot(other.slots[name]) for name in sorted(other.slots)},
        request_type=_choice(other.request_type),
        domain=_choice(other.domain),
        templates=tuple(_template(template) for template in other.templates),
        dispatch=_dispatch(other.dispatch),
        draft=_draft(other.draft),
    )


def _parts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(replace(part, evidence=_evidence(part.evidence)) for part in parts)


def _evidence(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple(replace(piece, from_s=round(piece.from_s, 2), to_s=round(piece.to_s, 2)) for piece in evidence)
