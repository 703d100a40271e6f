"""A call as the scribe reads it, and the lines of a ticket as it writes them: text in and out, no model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.turn import Speaker, Turn

SLOTS = {
    "subject": "主体",
    "demand": "诉求",
    "occurred_at": "时间",
    "duration": "时长",
    "address": "地址",
    "amount": "金额",
    "people_count": "人数",
    "caller_name": "称呼",
}
"""The slots it writes, in their order, and what their lines begin with."""
NONE = "无"
"""What the line of a slot says that the ticket does not have."""
_SPEAKERS = {Speaker.AGENT: "坐席：", Speaker.CITIZEN: "市民："}


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What is written for a slot, nothing where it is said that there is no value, and how likely that is."""

    text: str
    probability: float


def page(turns: Sequence[Turn]) -> str:
    """The call, and the word behind which the lines go on."""
    return "".join(f"{_SPEAKERS[turn.speaker]}{turn.text}\n" for turn in turns) + "\n记录\n"


def record(values: Mapping[str, object]) -> str:
    """The lines of a ticket with ``values``."""
    told = {**values, "address": within(values)}
    return "\n".join(f"{name}：{_value(told.get(slot))}" for slot, name in SLOTS.items())


def within(values: Mapping[str, object]) -> str:
    """What the address in ``values`` tells beyond the district and the street, which are slots of their own."""
    address = str(values.get("address") or "")
    for slot in ("district", "street"):
        address = address.removeprefix(str(values.get(slot) or ""))
    return address


def _value(value: object) -> str:
    return NONE if value in (None, "") else plain(value)


def plain(value: object) -> str:
    """A value as it is written: a whole number without a fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def lines(written: Iterable[tuple[str, float]]) -> Iterator[tuple[str, RecordLine]]:
    """The lines that ``written`` pieces of text, each with its log-probability, make up, by slot; one that does not end
    is none.
    """
    slots = {name: slot for slot, name in SLOTS.items()}
    line, logarithm = "", 0.0
    for text, own in written:
        logarithm += own
        *ended, rest = text.split("\n")
        for end in ended:
            name, colon, value = (line + end).partition("：")
            if colon and name in slots:
                yield slots[name], RecordLine("" if value == NONE else value.strip(), math.exp(min(0.0, logarithm)))
            line, logarithm = "", 0.0
        line += rest
