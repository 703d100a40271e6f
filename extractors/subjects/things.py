"""Things that callers speak of (井盖, 公租房轮候): a turn in, a mention of ``subject`` out.

Of those mentioned in a call the one that both parties speak of is the subject.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from extractors.repair.wording import Wording
from extractors.slots.mention import Mention
from extractors.subjects.rules import SubjectRules
from extractors.text.cues import by_sound, syllable
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Turn

THING = 0.45
"""How sure a thing is the subject; names of bodies are surer."""

LEAST = 0.4
"""A subject less likely is not shown."""

LINE = re.compile("[0-9一二三四五六七八九十]+号线")
"""A line of the metro."""

_ONCE, _TWICE = 0.4, 0.55  # how sure a thing is that the caller alone, that both parties speak of
_CLEAR = 0.1  # so much surer in a clear call


class Things:
    """Finds things, in texts whose words ``wording`` puts right."""

    def __init__(self, rules: SubjectRules, wording: Wording) -> None:
        self._rules = rules
        self._wording = wording

    def first(self, turn: Turn) -> Iterator[Mention]:
        """The first thing of a turn, with the line it is of and, in a question, what is to be done with it."""
        text = self._wording.repair(turn.text).text
        for start, end, thing in self._spoken(text):
            before = text[max(0, start - 4) : start]
            if self._rules.things_aside.search(before) or self._rules.aside_sounds.search(by_sound(before)):
                continue
            if self._rules.bystanders_after.match(text, end):
                continue
            value = thing
            line = LINE.search(text, end) if thing == "地铁" else None
            operation = self._rules.operations.search(text, end)
            if line is not None:
                value = f"{thing}{line.group()}"
            elif operation is not None and self._rules.question.search(text):
                value = f"{thing}{operation.group()}"
            yield Mention("subject", value, THING, Evidence.of(turn, start, end))
            return

    @staticmethod
    def best(things: Sequence[Mention], agents: Collection[int], clear: float) -> Mapping[str, SlotValue]:
        """Of ``things`` the one that both parties speak of, else the first. ``agents``: the turns of the agent;
        ``clear``: how clear the text of the call is, 0 to 1.
        """
        citizens = [one for one in things if one.evidence.turn not in agents]
        if not citizens:
            return {}
        known = {one.value for one in things if one.evidence.turn in agents}
        first = citizens[0].evidence.turn
        repeated = [one for one in citizens if any(_part(one, value) for value in known)]
        chosen = next(iter(repeated), citizens[0])
        if chosen.evidence.turn != first and clear >= 1:
            chosen = citizens[0]
        confidence = (_TWICE if chosen in repeated else _ONCE) + _CLEAR * clear
        evidence = tuple(one.evidence for one in things if _part(one, chosen.value))
        if confidence < LEAST:
            return {}
        return {"subject": SlotValue(chosen.value, round(confidence, 3), evidence)}

    def _spoken(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The things named as written or sounding exactly so (警盖 → 井盖), in order."""
        found = [(match.start(), match.end(), match.group()) for match in self._rules.things.finditer(text)]
        for match in self._rules.thing_sounds.finditer(by_sound(text)):
            thing = self._rules.thing_by_sound[match.group()]
            heard = text[match.start() : match.end()]
            if thing != heard and all(
                syllable(one) == syllable(other) for one, other in zip(thing, heard, strict=True)
            ):
                found.append((match.start(), match.end(), thing))
        yield from sorted(found)


def _part(one: Mention, value: object) -> bool:
    """Whether a thing and another one are the same, one perhaps told more exactly."""
    return str(one.value) in str(value) or str(value) in str(one.value)
