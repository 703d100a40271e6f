"""Several matters in one call: turns in, the stretches that announce another matter out, and which are one. Pure.

A caller says "另外还有一个事 …", or the agent asks "第二件事呢？". What follows is read for itself, with all that
stands before it blanked so that places in the turns stay what they are. It becomes a second ticket only when it is
surely found as another matter than the rest of the call. Rules: ``catalog/rules/matters.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extractors.cues import Cues
from extractors.dialogue import Dialogue
from extractors.ticket import Evidence, OtherMatter, SlotValue, Ticket
from extractors.turn import Speaker, Turn

_BLANK = "，"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Turns that may be about another matter; ``announced``: the words that say so."""

    turns: tuple[Turn, ...]
    announced: Evidence


class Matters:
    """Tells the matters of any call apart."""

    def __init__(self, dialogue: Dialogue, rules: Mapping[str, Any]) -> None:
        self._dialogue = dialogue
        self._announced, self._asked = Cues(rules["announced"], sound=False), Cues(rules["asked"], sound=False)
        self._none = Cues(rules["none"], sound=False)
        self._ends = frozenset(rules["ends"])
        self._least, self._sure, self._apart = int(rules["least"]), float(rules["sure"]), float(rules["apart"])
        self._shared, self._inherited = tuple(rules["shared"]), tuple(rules["inherited"])

    def stretches(self, turns: Sequence[Turn]) -> Iterator[Stretch]:
        """Where another matter is announced, to where the agent goes on to what is of all matters."""
        starts = list(self._starts(turns))
        for number, (place, start, end) in enumerate(starts):
            last = starts[number + 1][0] if number + 1 < len(starts) else len(turns)
            first = turns[place]
            kept = [replace(first, text=_BLANK * start + first.text[start:])]
            for turn in turns[place + 1 : last]:
                if turn.speaker is Speaker.AGENT and self._ends & self._dialogue.expected(turn):
                    break
                kept.append(turn)
            said = sum(len(turn.text) for turn in kept if turn.speaker is Speaker.CITIZEN) - start
            if said >= self._least:
                yield Stretch(tuple(kept), Evidence.of(first, start, end))

    def _starts(self, turns: Sequence[Turn]) -> Iterator[tuple[int, int, int]]:
        """Turn, and the characters of it that announce another matter."""
        asked = False
        for place, turn in enumerate(turns):
            if turn.speaker is Speaker.AGENT:
                asked = self._asked.match(turn.text)
                continue
            found = self._announced.search(turn.text) if place else None
            if found is not None:
                yield place, found.start(), found.end()
            elif asked and turn.text and not self._none.match(turn.text):
                yield place, 0, min(4, len(turn.text))
            asked = False

    def is_other(self, rest: Ticket, other: Ticket, matters: Mapping[str, str]) -> bool:
        """Whether ``other``, understood from a stretch alone, is surely about another matter than the ``rest`` of the
        call; ``matters`` gives the matter of each template's code.
        """
        if not rest.templates or not other.templates:
            return False
        best = other.templates[0]
        about = matters[best.code]
        likely = sum(one.probability for one in rest.templates if matters[one.code] == about)
        same = sum(one.probability for one in other.templates if matters[one.code] == matters[rest.templates[0].code])
        return best.probability >= self._sure and likely <= self._apart and same <= self._apart

    def slots(self, first: Mapping[str, SlotValue], own: Mapping[str, SlotValue]) -> dict[str, SlotValue]:
        """The second ticket's slots: its own, the caller's, and the place of the first where it names none."""
        slots = {name: value for name, value in own.items() if name not in self._shared}
        borrowed = self._shared if any(name in own for name in self._inherited) else (*self._shared, *self._inherited)
        slots.update({name: first[name] for name in borrowed if name in first})
        return slots

    def told(self, stretch: Stretch, ticket: Ticket) -> OtherMatter:
        """The second ticket as it is shown."""
        return OtherMatter(
            announced=stretch.announced,
            slots=ticket.slots,
            request_type=ticket.request_type,
            domain=ticket.domain,
            templates=tuple(ticket.templates)[:3],
            dispatch=ticket.dispatch,
            draft=ticket.draft,
        )
