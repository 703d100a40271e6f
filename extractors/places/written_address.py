"""An address as the scribe writes it: its line in, what the slot may hold out (`extractors.slots.settling`).

The line tells what lies beyond district and street, which are slots of their own. What the readings of the turns spell
otherwise (a road of the gazetteer that was misheard) is spelled as they do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from extractors.slots.grounding import grounds
from extractors.slots.page import RecordLine, within
from extractors.slots.settling import Proposal, alike, beside
from extractors.text.cues import by_sound
from extractors.text.numerals import in_figures
from extractors.ticket import SlotValue
from extractors.turn import Turn

_PROVED = 0.7  # share of the characters that words of the call have to prove
_LEAST_NAMED = 2  # characters of a part whose spelling counts
_LONGEST = 60  # characters: more is no address
_NUMBER = re.compile(r"\d+|[号栋座幢巷社队第][一二三四五六七八九十]|[一二三四五六七八九十]+[号栋座幢巷社队层楼室房]")


def proposed(
    line: RecordLine,
    shown: SlotValue | None,
    divisions: Mapping[str, str],
    spelled: Iterable[str],
    turns: Sequence[Turn],
) -> list[Proposal]:
    """What ``address`` may hold by the scribe's ``line`` and by what is ``shown``. ``divisions`` are the ``district``
    and the ``street`` of the ticket, where it has them, ``spelled`` the parts of addresses as the turns' readings spell
    them.
    """
    line = replace(line, text=_spelled(within({**divisions, "address": line.text}), spelled))
    written = _written(line, shown, "".join(divisions.values()), turns)
    if shown and written and in_figures(str(shown.value)) == in_figures(str(written.value)):
        return beside(line, shown, shown, agree=True)
    return beside(line, shown, written)


def _written(line: RecordLine, shown: SlotValue | None, head: str, turns: Sequence[Turn]) -> SlotValue | None:
    """The address that the line tells behind ``head``; None where the call does not prove it, or tells more."""
    proof = grounds(line.text, turns)
    if not proof.told or proof.share < _PROVED or not proof.evidence or len(line.text) > _LONGEST:
        return None
    whole = head + line.text
    if shown and _leaves_out_too_much(whole, str(shown.value), len(head)):
        return None
    confirmed = shown is not None and shown.confirmed and alike(shown.value, whole)
    return SlotValue(whole, line.probability, proof.evidence, confirmed=confirmed)


def _leaves_out_too_much(text: str, shown: str, head: int) -> bool:
    """Whether ``text`` has not half of what is ``shown`` behind the first ``head`` characters, or nothing but what is
    shown there without the number of a house, floor or room.
    """
    if 2 * (len(text) - head) < len(shown) - head:
        return True
    less = Counter(_NUMBER.findall(shown)) - Counter(_NUMBER.findall(text))
    return bool(less) and not Counter(text) - Counter(shown)


def _spelled(text: str, parts: Iterable[str]) -> str:
    """``text`` with the spelling of those of ``parts`` that sound like words of it, longest first."""
    for part in sorted({one for one in parts if len(one) >= _LEAST_NAMED}, key=lambda one: (-len(one), one)):
        at = by_sound(text).find(by_sound(part))
        if at >= 0:
            text = text[:at] + part + text[at + len(part) :]
    return text
