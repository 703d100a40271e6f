"""What an agent's command does to a call: the event it becomes, or why it is refused. Pure.

Refusals speak Chinese to the agent; their codes are those of ``docs/protocol.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assist.call import CHOICES, CallState
from assist.messages.events import (
    AgentAccepted,
    AgentChoseTemplate,
    AgentEdited,
    AgentRejected,
    AgentSubmitted,
    AgentUndone,
    Event,
)
from assist.messages.page import Accept, ChooseTemplate, Command, Edit, Reject, Submit, Undo
from assist.shown_draft import shown_record, shown_summary
from extractors.ticket import Value
from extractors.writing.record import text_of

MAX_VALUE = 2_000  # characters of a value an agent writes


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """What the log keeps of a record template that was chosen."""

    code: str
    title: str
    request_type: str
    domain: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the catalogue allows; ``template`` looks one up by its code. ``flags``: slots that are ticked or not."""

    slots: frozenset[str]
    request_types: frozenset[str]
    domains: frozenset[str]
    template: Callable[[str], TemplateRef | None]
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Already:
    """The command took effect before, as event ``seq``."""

    seq: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing happens. ``message`` is for the agent, ``detail`` for the log."""

    code: str
    message: str
    detail: str = ""


def decide(state: CallState, command: Command, vocabulary: Vocabulary) -> Event | Already | Refusal:
    """The event that ``command`` becomes in ``state``."""
    if command.id in state.commands:
        return Already(state.commands[command.id])
    if state.filed is not None:
        return Refusal("already_submitted", "工单已经提交，不能再修改。")
    match command:
        case Accept():
            return _accept(state, command, vocabulary)
        case Edit():
            return _edit(command, vocabulary)
        case Reject():
            return _reject(state, command, vocabulary)
        case ChooseTemplate():
            template = vocabulary.template(command.code)
            if template is None:
                return Refusal("unknown_template", f"目录中没有模板 {command.code[:40]}。")
            return AgentChoseTemplate(
                command=command.id,
                code=template.code,
                title=template.title,
                request_type=template.request_type,
                domain=template.domain,
            )
        case Undo():
            if not state.actions:
                return Refusal("nothing_to_undo", "没有可以撤销的操作。")
            return AgentUndone(command=command.id, undone=state.actions[-1].seq)
        case Submit():
            return _submit(state, command)


def _known(slot: str, vocabulary: Vocabulary) -> Refusal | None:
    if slot in vocabulary.slots or slot in CHOICES:
        return None
    return Refusal("unknown_slot", f"目录中没有字段 {slot[:40]}。")


def _accept(state: CallState, command: Accept, vocabulary: Vocabulary) -> Event | Refusal:
    if refusal := _known(command.slot, vocabulary):
        return refusal
    value = state.machine_value(command.slot)
    if value is None:
        return Refusal("nothing_to_accept", "系统还没有识别出这个字段，请直接填写。")
    return AgentAccepted(command=command.id, slot=command.slot, value=value)


def _edit(command: Edit, vocabulary: Vocabulary) -> Event | Refusal:
    if refusal := _known(command.slot, vocabulary):
        return refusal
    if isinstance(command.value, str):
        if not command.value.strip():
            return Refusal("bad_value", "不能填写空值；要清空这个字段请按 Esc。")
        if len(command.value) > MAX_VALUE:
            return Refusal("bad_value", f"内容太长，最多 {MAX_VALUE} 个字。", f"{len(command.value)} characters")
    if command.slot in vocabulary.flags and not isinstance(command.value, bool):
        return Refusal("bad_value", "只能勾选或不勾选。", f"{command.slot} is true or false")
    allowed = {"request_type": vocabulary.request_types, "domain": vocabulary.domains}.get(command.slot)
    if allowed is not None and command.value not in allowed:
        return Refusal("bad_value", "只能是：" + "、".join(sorted(allowed)) + "。")
    return AgentEdited(command=command.id, slot=command.slot, value=command.value)


def _reject(state: CallState, command: Reject, vocabulary: Vocabulary) -> Event | Refusal:
    if refusal := _known(command.slot, vocabulary):
        return refusal
    if state.shown(command.slot) is None:
        return Refusal("nothing_to_reject", "这个字段本来就是空的。")
    return AgentRejected(command=command.id, slot=command.slot)


def _submit(state: CallState, command: Submit) -> Event:
    slots: dict[str, Value] = {}
    for name in sorted({*state.slots, *state.human} - set(CHOICES)):
        value = state.shown(name)
        if value is not None:
            slots[name] = value
    return AgentSubmitted(
        command=command.id,
        slots=slots,
        template=None if state.chosen is None else state.chosen.code,
        request_type=_text(state.shown("request_type")),
        domain=_text(state.shown("domain")),
        department=_text(state.shown("department")),
        record=text_of(shown_record(state)),
        summary=text_of(shown_summary(state)),
        others=list(state.others),
    )


def _text(value: Value | None) -> str | None:
    return None if value is None else str(value)
