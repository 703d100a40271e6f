"""The whole of understanding: the turns of a call in, its `Ticket` out.

`Understanding.ticket` is a pure function of the turns. Each turn is read once and its readings are kept
(`extractors.turn_readings`), so that another turn costs its own reading and one cheap fold of all readings. The turns
of each matter of the call are understood for themselves (`extractors.one_matter`).
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue.knowledge import Catalogue
from extractors.choosing.learned import Weighed
from extractors.choosing.tagger import Tagger
from extractors.compiled import compile_catalogue
from extractors.conversation.joined import joined
from extractors.conversation.matters import Stretch
from extractors.conversation.plain import plain_turn, quoting
from extractors.matching.dispatch_trust import Signals
from extractors.matching.ranking import Floats
from extractors.one_matter import OneMatter, district_of
from extractors.phones.caller_number import callers_number
from extractors.slot_filling import SlotFilling
from extractors.slots.page import RecordLine
from extractors.slots.scribe import load_scribe
from extractors.slots.settling import Proposal, load_settling
from extractors.template_odds import Odds, TemplateOdds
from extractors.ticket import SlotValue, Ticket
from extractors.turn import Speaker, Turn
from extractors.turn_readings import TurnReader, TurnReading, without_foreign_words


@dataclass(frozen=True, slots=True)
class Unclassified:
    """A call before its classifier: its ``meaning``, a vector of the encoder's size, its ``turns`` as they were read,
    and by all else the log-odds ``own`` of each domain and of each request type.
    """

    meaning: Floats
    turns: tuple[Turn, ...]
    own: dict[str, Floats]


class Understanding:
    """Understands one call.

    ``started_at`` is the call's start, against which "昨晚" is resolved; ``caller_number`` what the switch tells, with
    any prefix; ``tagger`` marks words instead of the project's own. Raises as `compile_catalogue` does.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        started_at: datetime,
        caller_number: str | None = None,
        tagger: Tagger | None = None,
    ) -> None:
        known = compile_catalogue(catalogue)
        self._known = known = known if tagger is None else replace(known, tagger=tagger)
        self._reader = TurnReader(known, started_at, callers_number(caller_number))
        self._filling = SlotFilling(known, self._reader)
        self._odds = TemplateOdds(known)
        self._matter = OneMatter(known, self._reader, self._filling, self._odds, started_at.date())

    def ticket(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None = None,
        held: str | None = None,
        lines: Mapping[str, RecordLine] | None = None,
    ) -> Ticket:
        """The ticket after ``turns``; the last ones may be interim. ``chosen_template`` is the code the agent chose,
        ``held`` that of the template shown first so far: it stays first until another is clearly more probable.
        ``lines`` are those of a call that is over (`lines`); of several matters they are of the first.

        Raises KeyError when the catalogue has no template of the code ``chosen_template``.
        """
        self._reader.keep_for(len(turns))
        self._odds.keep_for(len(turns))
        plain = [plain_turn(turn) for turn in turns]
        read = joined(plain)
        ticket = read.apart(self._of_call(read.turns, chosen_template, held, lines))
        return quoting(ticket, turns) if any(map(operator.ne, turns, plain)) else ticket

    def _of_call(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None,
        held: str | None,
        lines: Mapping[str, RecordLine] | None,
    ) -> Ticket:
        """The ticket of plain turns, with the further matters of the call."""
        whole = self._matter.ticket(turns, chosen_template, held)
        others = self._others(turns, whole)
        if not others:
            return self._matter.ticket(turns, chosen_template, held, lines=lines) if lines else whole
        matters = self._known.matters
        rest = matters.rest(turns, [stretch for stretch, _ in others])
        ticket = self._matter.ticket(
            rest, chosen_template, held, lambda own: matters.first_slots(whole.slots, own), lines
        )
        told = tuple(matters.told(stretch, other) for stretch, other in others)
        return replace(ticket, alerts=whole.alerts, others=told)

    def _others(self, turns: Sequence[Turn], ticket: Ticket) -> list[tuple[Stretch, Ticket]]:
        """The further matters of the call, each understood from its own words."""
        matters, matter_of = self._known.matters, self._known.matter_of
        found: list[tuple[Stretch, Ticket]] = []
        for stretch in matters.stretches(turns):
            own = stretch, self._own(ticket, stretch)
            if found and matters.goes_on(found[-1][1], own[1], matter_of):
                both = matters.joined(turns, found.pop()[0], stretch)
                own = both, self._own(ticket, both)
            found.append(own)
        return [
            (stretch, other)
            for stretch, other in found
            if matters.is_other(self._matter.ticket(matters.rest(turns, [stretch])), stretch, other, matter_of)
        ]

    def _own(self, ticket: Ticket, stretch: Stretch) -> Ticket:
        """The ticket of ``stretch``, with what it has of the ``ticket`` of the whole call."""
        return self._matter.ticket(stretch.turns, slots_of=lambda own: self._known.matters.slots(ticket.slots, own))

    def lines(self, turns: Sequence[Turn], wanted: Collection[str] | None = None) -> dict[str, RecordLine]:
        """The lines of a ticket as the scribe writes them that has read the whole call: seconds of work. None where its
        model is not on this machine, or nobody told anything. Behind those of ``wanted`` slots, by default those that
        count, no more are written.
        """
        read = [self._reader.in_chinese(turn) for turn in _as_read(turns)]
        told = any(turn.text for turn in read if turn.speaker is Speaker.CITIZEN)
        scribe = load_scribe() if told else None
        if scribe is None:
            return {}
        return scribe.lines([turn for turn in read if turn.text], wanted or load_settling().slots)

    def proposals(self, turns: Sequence[Turn], lines: Mapping[str, RecordLine]) -> dict[str, list[Proposal]]:
        """What each slot of which the scribe wrote one of ``lines`` might hold after ``turns``."""
        turns = [without_foreign_words(turn) for turn in _as_read(turns)]
        return self._filling.proposals(turns, self._reader.read(turns), lines)

    def candidates(self, turns: Sequence[Turn]) -> dict[str, Weighed]:
        """What each slot that is learned might hold after ``turns``, with the traits of each candidate."""
        turns = _as_read(turns)
        return self._filling.candidates(turns, self._reader.read(turns))

    def units(self, turns: Sequence[Turn], most: int) -> tuple[list[tuple[str, Signals]], Floats]:
        """The ``most`` likeliest units after ``turns``, with what speaks for each, and what was meant by all that was
        said, a vector of the encoder's size.
        """
        reads, slots, odds = self._after([without_foreign_words(turn) for turn in _as_read(turns)])
        told, whole = [read.units for read in reads], odds.said.whole
        return self._known.dispatcher.weigh(odds.probabilities, told, district_of(slots), whole, most), whole

    def classified(self, turns: Sequence[Turn]) -> Unclassified:
        """What is known of ``turns`` before the classifier says what such calls are filed under."""
        domains, types = self._known.domains, self._known.request_types
        told = [without_foreign_words(turn) for turn in _as_read(turns)]
        reads, _, odds = self._after(told)
        own = {
            "domain": domains.odds(odds.probabilities, domains.said(read.keywords for read in reads)),
            "request_type": types.own_odds(odds.types, self._odds.type_mass(odds)),
        }
        return Unclassified(odds.said.whole, tuple(told), own)

    def type_mass(self, turns: Sequence[Turn]) -> NDArray[np.float64]:
        """The probability of the templates of each request type after ``turns`` (``[request types]``), by what was said
        alone.
        """
        return self._odds.type_mass(self._after(_as_read(turns))[2])

    def _after(self, turns: Sequence[Turn]) -> tuple[list[TurnReading], dict[str, SlotValue], Odds]:
        """The readings of plain turns, the slots they fill, and the templates' odds."""
        reads = self._reader.read(turns)
        slots = self._filling.slots(turns, reads)
        return reads, slots, self._odds.after(turns, reads, slots)


def _as_read(turns: Sequence[Turn]) -> Sequence[Turn]:
    return joined([plain_turn(turn) for turn in turns]).turns
