"""The record text of a template, filled with what the ticket holds: template and slots in, parts with evidence out.

A placeholder whose slot is empty stays a gap that can be seen; nothing is guessed. Where the template's words and the
value say the same twice ("要求" + "要求退款", "三十户" + "户"), the value gives way. Pure.
Rules: ``catalog/rules/record.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from extractors.ticket import Part, SlotValue, Value

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_YES, _NO = "是", "否"


def fill(
    record: str,
    slots: Mapping[str, SlotValue],
    labels: Mapping[str, str],
    wishes: Sequence[str] = (),
    units: str = "",
) -> tuple[Part, ...]:
    """``record`` as parts in order: the template's own words, values of ``slots`` with their evidence, and gaps, which
    are named by ``labels``. ``wishes`` are words that announce a wish, ``units`` characters that count something.
    """
    parts: list[Part] = []
    pieces = _PLACEHOLDER.split(record)
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            if piece:
                parts.append(Part(piece))
            continue
        held = slots.get(piece)
        said = value_text(held.value) if held is not None else ""
        text = _without_repetition(said, text_of(parts), wishes)
        if text and text[-1] in units and pieces[place + 1].startswith(text[-1]):
            text = text[:-1]
        if held is None or not said:
            parts.append(gap(piece, labels.get(piece, piece)))
        elif text:
            parts.append(Part(text, piece, evidence=held.evidence, label=labels.get(piece, piece)))
    return tuple(parts)


def gap(slot: str, label: str) -> Part:
    """The place of an empty slot."""
    return Part(label, slot, filled=False, label=label)


def text_of(parts: Iterable[Part]) -> str:
    """The parts as one text, gaps in brackets."""
    return "".join(part.text if part.filled else f"【{part.text}】" for part in parts)


def value_text(value: Value) -> str:
    """A value as a record writes it."""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _without_repetition(value: str, before: str, wishes: Sequence[str]) -> str:
    for length in range(min(len(value), len(before)), 1, -1):
        if before.endswith(value[:length]):
            return value[length:]
    if any(before.endswith(wish) for wish in wishes):
        for wish in sorted(wishes, key=len, reverse=True):
            if value.startswith(wish) and len(value) > len(wish):
                return value[len(wish) :]
    return value
