"""An address as the scribe writes it: its line in, what the slot may hold out (`extractors.settling`).

The line tells what lies beyond district and street, which are slots of their own. What the readings of the turns spell
otherwise (a road of the gazetteer that was misheard) is spelled as they do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from extractors.cues import by_sound
from extractors.grounding import grounds
from extractors.numerals import in_figures
from extractors.page import RecordLine
from extractors.settling import Proposal, alike
from extractors.ticket import SlotValue
from extractors.turn import Turn

_PROVED = 0.7  # share of the characters that words of the call have to prove
_LEAST_NAMED = 2  # characters of a part whose spelling counts
_LONGEST = 60  # characters: more is no address
_NUMBER = re.compile(r"\d+|[号栋座幢巷社队第][一二三四五六七八九十]|[一二三四五六七八九十]+[号栋座幢巷社队层楼室房]")
_FLOOR = 0.02  # probability of what nobody proposed


def proposed(
    line: RecordLine, shown: SlotValue | None, heads: Sequence[str], spelled: Iterable[str], turns: Sequence[Turn]
) -> list[Proposal]:
    """What ``address`` may hold by the scribe's ``line`` and by what is ``shown``. ``heads`` are the district and the
    street of the ticket, ``spelled`` the parts of addresses as the turns' readings spell them.
    """
    text = line.text
    for head in heads:
        text = text.removeprefix(head)
    if not text:
        return [Proposal(shown, "alone", line.probability, shown.confidence)] if shown else []
    text = _spelled(text, spelled)
    proof = grounds(text, turns)
    if proof.share < _PROVED or not proof.evidence or len(text) > _LONGEST:
        return [Proposal(shown, "other", line.probability, shown.confidence)] if shown else []
    whole = "".join(heads) + text
    confirmed = shown is not None and shown.confirmed and alike(shown.value, whole)
    written = SlotValue(whole, line.probability, proof.evidence, confirmed=confirmed)
    if shown is None:
        return [Proposal(written, "line", line.probability, _FLOOR)]
    if in_figures(str(shown.value)) == in_figures(whole):
        return [Proposal(shown, "both", line.probability, shown.confidence)]
    if _leaves_out_too_much(whole, str(shown.value), len("".join(heads))):
        return [Proposal(shown, "other", line.probability, shown.confidence)]
    return [
        Proposal(written, "line", line.probability, shown.confidence),
        Proposal(shown, "other", line.probability, shown.confidence),
    ]


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
