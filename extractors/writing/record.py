"""The record text of a template, filled with what the ticket holds: template and slots in, parts with evidence out.

A placeholder whose slot is empty stays a gap that can be seen; nothing is guessed. Where the template's words and the
value say the same twice ("要求" + "要求退款", "三十户" + "户"), the value gives way, but not where a word only begins
or ends alike ("龙口东路" + "路灯"). Where the number of a thing is due, what a call is about is filled in only when it
holds a letter or digit. Pure.
Rules: ``catalog/rules/record.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from extractors.text.segment import dictionary
from extractors.ticket import Part, SlotValue, Value

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_COUNTED = re.compile(
    "(?:大概|大约|差不多|约|近|好)?[0-9零〇一二两三四五六七八九十百千万几]"
)  # a value that counts something
_COUNT = re.compile(_COUNTED.pattern + "[0-9.零〇一二两三四五六七八九十百千万几多来余半]*个?.")
_NUMBER = re.compile("[0-9A-Za-z]")
_ABOUT = "subject"  # the slot of what a call is about
_WORD = 4  # characters of the words that are known
_YES, _NO = "是", "否"


def fill(
    record: str,
    slots: Mapping[str, SlotValue],
    labels: Mapping[str, str],
    wishes: Sequence[str] = (),
    units: str = "",
    numbers: Sequence[str] = (),
) -> tuple[Part, ...]:
    """``record`` as parts in order: the template's own words, values of ``slots`` with their evidence, and gaps, which
    are named by ``labels``. ``wishes`` are words that announce a wish, ``units`` characters that count something,
    ``numbers`` words that announce the number of a thing.
    """
    parts: list[Part] = []
    pieces = _PLACEHOLDER.split(record)
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            if piece:
                parts.append(Part(piece))
            continue
        held = slots.get(piece)
        if piece == _ABOUT and pieces[place - 1].endswith(tuple(numbers)) and held is not None:
            held = held if _NUMBER.search(value_text(held.value)) else None
        said = value_text(held.value) if held is not None else ""
        text = _without_repetition(said, text_of(parts), wishes)
        if text and text[-1] in units and _says_again(text, pieces[place + 1]):
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
        again = before.endswith(value[:length])
        if again and not _in_a_word(before, len(before) - length) and not _in_a_word(value, length):
            return value[length:]
    if any(before.endswith(wish) for wish in wishes):
        for wish in sorted(wishes, key=len, reverse=True):
            if value.startswith(wish) and len(value) > len(wish):
                return value[len(wish) :]
    return value


def _says_again(value: str, after: str) -> bool:
    """Whether ``after`` begins with the unit in which ``value`` ends, and not with another word."""
    if not after.startswith(value[-1]):
        return False
    return _COUNT.fullmatch(value) is not None or (_COUNTED.match(value) is not None and not _in_a_word(after, 1))


def _in_a_word(text: str, at: int) -> bool:
    """Whether a word goes on from before the character ``at`` to behind it."""
    known = dictionary()
    starts = range(max(0, at - _WORD + 1), at)
    return any(known.get(text[start:end]) for start in starts for end in range(at + 1, start + _WORD + 1))
