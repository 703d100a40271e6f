"""Several matters in one call: turns in, the stretches that announce another matter out, and which are one. Pure.

A caller says "另外还有一个事 …", or the agent asks "第二件事呢？", or takes down apart what the caller went on with
("还有那个路灯 …" "好，路灯另记一条"). What follows is read for itself, with all that
stands before it blanked so that places in the turns stay what they are. It becomes a second ticket only when it is
surely found as another matter than the rest of the call, which is then read without it. Rules:
``catalog/rules/matters.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.text.cues import Cues
from extractors.ticket import Evidence, OtherMatter, SlotValue, Ticket
from extractors.turn import Speaker, Turn

_BLANK = "，"
_QUESTION = "咨询"
_SENTENCE = re.compile("[。！？!?；;]")
_WITH_END = re.compile("[^。！？!?]+[。！？!?]?")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that may be about another matter. ``turns``: they alone; ``announced``: the words that say so; ``spans``:
    place of a turn, and the characters of it, in order; ``noted``: whether the agent says that it is taken down apart.
    """

    turns: tuple[Turn, ...]
    announced: Evidence
    spans: tuple[tuple[int, int, int], ...]
    noted: bool = False


class Matters:
    """Tells the matters of any call apart."""

    def __init__(self, dialogue: Dialogue, rules: Mapping[str, Any]) -> None:
        self._dialogue = dialogue
        self._announced, self._asked = Cues(rules["announced"], sound=False), Cues(rules["asked"], sound=False)
        self._listed = Cues(rules["listed"], sound=False)
        self._none = Cues(rules["none"], sound=False)
        self._asking = Cues(rules["asking"], sound=False)
        self._hinted, self._noted = Cues(rules["hinted"], sound=False), Cues(rules["noted"], sound=False)
        self._ends = frozenset(rules["ends"])
        self._least, self._sure, self._apart = int(rules["least"]), float(rules["sure"]), float(rules["apart"])
        self._sure_of_matter, self._sure_if_noted = float(rules["sure_of_matter"]), float(rules["sure_if_noted"])
        self._shared, self._inherited = tuple(rules["shared"]), tuple(rules["inherited"])

    def stretches(self, turns: Sequence[Turn]) -> list[Stretch]:
        """Where another matter is announced, to the next announcement or to where the agent goes on to what is of all
        matters.
        """
        starts = list(self._starts(turns))
        found = []
        for (place, start, end), (last, before, _) in zip(starts, [*starts[1:], (len(turns), 0, 0)], strict=False):
            spans = [(place, start, before if place == last else len(turns[place].text))]
            noted = False
            for number in range(place + 1, min(last + 1, len(turns))):
                turn = turns[number]
                notes = self._notes(turn)
                noted = noted or bool(notes)
                if turn.speaker is Speaker.AGENT and self._ends & self._dialogue.expected(turn):
                    spans += [(number, *note) for note in notes]
                    break
                spans.append((number, 0, before if number == last else len(turn.text)))
            spans = [span for span in spans if span[1] < span[2]]
            said = sum(last - first for number, first, last in spans if turns[number].speaker is Speaker.CITIZEN)
            if said >= self._least:
                found.append(_stretch(turns, spans, Evidence.of(turns[place], start, end), noted=noted))
        return found

    def joined(self, turns: Sequence[Turn], one: Stretch, other: Stretch) -> Stretch:
        """``one`` and ``other``, which follows it, as one."""
        return _stretch(turns, (*one.spans, *other.spans), one.announced, noted=one.noted or other.noted)

    def rest(self, turns: Sequence[Turn], stretches: Sequence[Stretch]) -> list[Turn]:
        """``turns`` without what is said in ``stretches``."""
        spans: dict[int, list[tuple[int, int]]] = {}
        for stretch in stretches:
            for place, start, end in stretch.spans:
                spans.setdefault(place, []).append((start, end))
        left = (_without(turn, spans.get(place, ())) for place, turn in enumerate(turns))
        return [turn for turn in left if turn is not None]

    def announcements(self, turns: Sequence[Turn]) -> tuple[tuple[int, int], ...]:
        """Turn (its ``id``) and character where another matter is announced, whether it proves to be one or not."""
        return tuple((turns[place].id, start) for place, start, _ in self._starts(turns))

    def _starts(self, turns: Sequence[Turn]) -> Iterator[tuple[int, int, int]]:
        """Place of a turn, and the characters of it that announce another matter."""
        asked, said = False, 0
        for place, turn in enumerate(turns):
            if turn.speaker is Speaker.AGENT:
                asked = self._asked.match(turn.text)
                continue
            found = self._announcements(turn.text, said)
            if asked and turn.text and not self._none.match(turn.text) and (not found or found[0][0] > self._least):
                found.insert(0, (0, min(4, len(turn.text))))
            if not found and place + 1 < len(turns) and self._notes(turns[place + 1]):
                found = self._hints(turn.text)
            yield from ((place, start, end) for start, end in found)
            asked = False
            said += len(turn.text)

    def _announcements(self, text: str, said: int) -> list[tuple[int, int]]:
        """The announcements in a turn of the caller's, who ``said`` so many characters before. One that opens what is
        said announces no further matter, one right behind another announces the same.
        """
        listed = self._of_list(text)
        found: list[tuple[int, int]] = []
        for start, end in sorted(one.span() for one in (*self._announced.finditer(text), *listed)):
            before = start - found[-1][1] if found else said + start
            if before >= self._least:
                found.append((start, end))
        return found

    def _notes(self, turn: Turn) -> list[tuple[int, int]]:
        """The sentences in which the agent says, and does not only ask, that something is taken down apart."""
        if turn.speaker is not Speaker.AGENT:
            return []
        sentences = _WITH_END.finditer(turn.text)
        return [one.span() for one in sentences if self._noted.match(one[0]) and not self._asking.match(one[0])]

    def _hints(self, text: str) -> list[tuple[int, int]]:
        """The last words of a turn that go on with something else (还有那个路灯), where enough is said behind them."""
        hints = [one.span() for one in self._hinted.finditer(text) if len(text) - one.end() >= self._least]
        return hints[-1:]

    def _of_list(self, text: str) -> list[re.Match[str]]:
        """Where the matters of a list in ``text`` begin, each but the first; nowhere where the list only names what is
        going to be told (一个是树，一个是单车).
        """
        listed = list(self._listed.finditer(text))
        borders = [*(one.start() for one in listed[1:]), len(text)]
        items = (_SENTENCE.split(text[one.end() : end])[0] for one, end in zip(listed, borders, strict=False))
        return listed[1:] if any(len(item) >= self._least for item in items) else []

    def is_other(self, rest: Ticket, stretch: Stretch, other: Ticket, matters: Mapping[str, str]) -> bool:
        """Whether ``other``, understood from ``stretch`` alone, is surely about another matter than the ``rest`` of the
        call; ``matters`` gives the matter of each template's code. Two questions of a list are of one matter.
        """
        if not rest.templates or not other.templates:
            return False
        best = other.templates[0]
        about = matters[best.code]
        least = self._sure_if_noted if stretch.noted else self._sure
        sure = best.probability >= least or _of_matter(other, about, matters) >= self._sure_of_matter
        likely, same = _of_matter(rest, about, matters), _of_matter(other, matters[rest.templates[0].code], matters)
        if self._listed.match(stretch.announced.text) and _asks(rest) and _asks(other):
            return False
        return sure and likely <= self._apart and same <= self._apart

    def goes_on(self, earlier: Ticket, later: Ticket, matters: Mapping[str, str]) -> bool:
        """Whether ``later``, understood from the stretch after that of ``earlier``, is about the same matter."""
        if not earlier.templates or not later.templates:
            return False
        return _of_matter(later, matters[earlier.templates[0].code], matters) > self._apart

    def first_slots(self, whole: Mapping[str, SlotValue], own: Mapping[str, SlotValue]) -> dict[str, SlotValue]:
        """The first ticket's slots where there is a second: its ``own``, and what of the ``whole`` call both share."""
        slots = {name: value for name, value in own.items() if name not in self._shared}
        return {**slots, **{name: whole[name] for name in self._shared if name in whole}}

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


def _of_matter(ticket: Ticket, about: str, matters: Mapping[str, str]) -> float:
    """How probable the templates of the matter ``about`` are together."""
    return sum(one.probability for one in ticket.templates if matters[one.code] == about)


def _asks(ticket: Ticket) -> bool:
    return ticket.request_type is not None and ticket.request_type.value == _QUESTION


def _stretch(
    turns: Sequence[Turn], spans: Sequence[tuple[int, int, int]], announced: Evidence, *, noted: bool
) -> Stretch:
    by_turn: dict[int, list[tuple[int, int]]] = {}
    for place, start, end in spans:
        by_turn.setdefault(place, []).append((start, end))
    return Stretch(tuple(_only(turns[place], kept) for place, kept in by_turn.items()), announced, tuple(spans), noted)


def _only(turn: Turn, spans: Sequence[tuple[int, int]]) -> Turn:
    """``turn`` with all but ``spans`` blanked."""
    edges = [0, *(edge for span in spans for edge in span), len(turn.text)]
    return _blanked(turn, list(zip(edges[::2], edges[1::2], strict=True)))


def _without(turn: Turn, spans: Sequence[tuple[int, int]]) -> Turn | None:
    """``turn`` with ``spans`` blanked; None where nothing is left of it."""
    blanked = _blanked(turn, spans)
    return blanked if not spans or blanked.text.strip(_BLANK) else None


def _blanked(turn: Turn, spans: Sequence[tuple[int, int]]) -> Turn:
    """``turn`` without the characters of ``spans``; what follows them stays where it is."""
    text, heard = turn.text, turn.heard
    for start, end in spans:
        blank = _BLANK * (end - start)
        text = text[:start] + blank + text[end:]
        heard = heard and heard[:start] + blank + heard[end:]
    if text == turn.text:
        return turn
    kept = len(text.rstrip(_BLANK))
    return replace(turn, text=text[:kept], heard=heard[:kept], times=turn.times[:kept], readings=())
