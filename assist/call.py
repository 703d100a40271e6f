"""The state of one call: a fold over its event log, pure and without I/O.

In goes a state and the next record of the log, out comes the next state. The machine's values and the human's lie in
separate places, so that neither can overwrite the other; what a slot shows is worked out from both (`shown`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from assist.log import Record
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
)
from extractors.ticket import (
    Alert,
    Choice,
    Dispatch,
    Draft,
    Guide,
    OtherMatter,
    Question,
    RankedTemplate,
    SlotValue,
    Value,
)

CHOICES = ("request_type", "domain", "department")  # closed sets that can be accepted, edited, rejected like a slot


class LogGapError(Exception):
    """A record does not follow the state: a number is missing or comes twice."""


@dataclass(frozen=True, slots=True)
class Human:
    """What the agent did with a slot; ``value`` is None when it was rejected."""

    source: Literal["accepted", "edited", "rejected"]
    value: Value | None


@dataclass(frozen=True, slots=True)
class Action:
    """What can be undone: event ``seq`` touched ``slot`` (None: the template); ``before`` is what was there."""

    seq: int
    slot: str | None
    before: Human | AgentChoseTemplate | None


@dataclass(frozen=True, slots=True)
class CallState:
    """Everything known of a call after event ``seq``. A fresh state has ``seq`` 0 and knows nothing."""

    call: str
    seq: int = 0
    started: CallStarted | None = None
    ended: CallEnded | None = None
    turns: tuple[TranscriptFinal, ...] = ()
    # the machine's
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    request_type: Choice | None = None
    domain: Choice | None = None
    templates: tuple[RankedTemplate, ...] = ()
    questions: tuple[Question, ...] = ()
    dispatch: Dispatch | None = None
    alerts: tuple[Alert, ...] = ()
    guides: tuple[Guide, ...] = ()
    others: tuple[OtherMatter, ...] = ()
    draft: Draft = field(default_factory=Draft)
    # the human's
    human: Mapping[str, Human] = field(default_factory=dict)
    chosen: AgentChoseTemplate | None = None
    actions: tuple[Action, ...] = ()
    commands: Mapping[str, int] = field(default_factory=dict)  # id of each command that took effect → its event
    filed: CallState | None = None  # the state that was submitted

    @property
    def status(self) -> Literal["live", "ended", "submitted"]:
        """Submitted wins: a ticket may be filed while the citizen still talks."""
        if self.filed is not None:
            return "submitted"
        return "live" if self.ended is None else "ended"

    @property
    def started_at(self) -> datetime:
        """When the call began. Raises ``LogGapError`` on a state without ``call.started``."""
        if self.started is None:
            raise LogGapError(f"call {self.call} has no call.started")
        return self.started.started_at

    def machine_choice(self, name: str) -> Choice | None:
        """The machine's value of one of `CHOICES`."""
        if name == "department":
            found = self.dispatch
            # a unit that is not sure enough to be named is not filed either
            if found is None or not found.unit or found.decision == "abstain":
                return None
            return Choice(found.unit, found.confidence)
        return self.request_type if name == "request_type" else self.domain

    def machine_value(self, name: str) -> Value | None:
        """What the machine has for a slot or one of `CHOICES`."""
        if name in CHOICES:
            choice = self.machine_choice(name)
            return None if choice is None else choice.value
        slot = self.slots.get(name)
        return None if slot is None else slot.value

    def shown(self, name: str) -> Value | None:
        """What the form shows for a slot or one of `CHOICES`: the human's value, the chosen template's, the
        machine's.
        """
        human = self.human.get(name)
        if human is not None:
            return human.value
        if self.chosen is not None and name in ("request_type", "domain"):
            implied: str = getattr(self.chosen, name)
            if implied:
                return implied
        return self.machine_value(name)


def fold(call: str, records: Iterable[Record]) -> CallState:
    """The state after all ``records``."""
    state = CallState(call)
    for record in records:
        state = apply(state, record)
    return state


def apply(state: CallState, record: Record) -> CallState:
    """The state after ``record``. An event of an unknown, newer type changes nothing but ``seq``.

    Raises ``LogGapError`` if ``record`` is not the next one of this call.
    """
    if record.call != state.call or record.seq != state.seq + 1:
        raise LogGapError(f"event {record.seq} of call {record.call} does not follow {state.seq} of {state.call}")
    state = replace(state, seq=record.seq)
    return state if record.event is None else _apply(state, record.event)


def _apply(state: CallState, event: Event) -> CallState:
    match event:
        case CallStarted():
            return replace(state, started=event)
        case TranscriptFinal():
            return replace(state, turns=(*state.turns, event))
        case TicketChanged():
            slots = {**state.slots, **{name: value for name, value in event.slots.items() if value is not None}}
            for name in (name for name, value in event.slots.items() if value is None):
                slots.pop(name, None)
            return replace(state, slots=slots, request_type=event.request_type, domain=event.domain)
        case TemplatesRanked():
            return replace(state, templates=tuple(event.templates))
        case QuestionsDue():
            return replace(state, questions=tuple(event.questions))
        case DispatchSuggested():
            return replace(state, dispatch=event.dispatch)
        case GuidesFound():
            return replace(state, guides=tuple(event.guides))
        case MattersFound():
            return replace(state, others=tuple(event.others))
        case RecordDrafted():
            return replace(state, draft=event.draft)
        case AlertRaised():
            return replace(state, alerts=(*state.alerts, event.alert))
        case CallEnded():
            return replace(state, ended=event)
        case AgentSubmitted():
            return replace(_remember(state, event.command), filed=state)
        case AgentUndone():
            return _undo(_remember(state, event.command), event.undone)
        case AgentChoseTemplate():
            before = Action(state.seq, None, state.chosen)
            return replace(_remember(state, event.command), chosen=event, actions=(*state.actions, before))
        case AgentAccepted():
            return _touch(_remember(state, event.command), event.slot, Human("accepted", event.value))
        case AgentEdited():
            return _touch(_remember(state, event.command), event.slot, Human("edited", event.value))
        case AgentRejected():
            return _touch(_remember(state, event.command), event.slot, Human("rejected", None))


def _remember(state: CallState, command: str) -> CallState:
    return replace(state, commands={**state.commands, command: state.seq})


def _touch(state: CallState, slot: str, human: Human) -> CallState:
    before = Action(state.seq, slot, state.human.get(slot))
    return replace(state, human={**state.human, slot: human}, actions=(*state.actions, before))


def _undo(state: CallState, seq: int) -> CallState:
    action = next((action for action in state.actions if action.seq == seq), None)
    if action is None:
        return state
    actions = tuple(other for other in state.actions if other.seq != seq)
    if action.slot is None:
        before = action.before if isinstance(action.before, AgentChoseTemplate) else None
        return replace(state, chosen=before, actions=actions)
    human = {name: value for name, value in state.human.items() if name != action.slot}
    if isinstance(action.before, Human):
        human[action.slot] = action.before
    return replace(state, human=human, actions=actions)
