"""The ticket of one matter: turns in, the `Ticket` out that they come to when all of them are about the same.

`extractors.understanding` tells the matters of a call apart and puts their tickets together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from extractors.catalogue.knowledge import Template
from extractors.compiled import Knowledge
from extractors.matching.steady import steady
from extractors.slot_filling import SlotFilling, of_templates
from extractors.slots.page import RecordLine
from extractors.template_odds import TemplateOdds
from extractors.ticket import RankedTemplate, SlotValue, Ticket
from extractors.turn import Speaker, Turn
from extractors.turn_readings import TurnReader, without_foreign_words

_PRAISE = "表扬"  # the request type of which the subject is whom it is for
_TO_THE_POINT = 12  # matched words by which the summary's clauses are chosen


class OneMatter:
    """Fills the tickets of one call, which began on ``day``: of the whole call, and of stretches of it."""

    def __init__(self, known: Knowledge, reader: TurnReader, filling: SlotFilling, odds: TemplateOdds, day: date):
        self._known = known
        self._reader = reader
        self._filling = filling
        self._odds = odds
        self._day = day

    def ticket(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None = None,
        held: str | None = None,
        slots_of: Callable[[Mapping[str, SlotValue]], dict[str, SlotValue]] = dict,
        lines: Mapping[str, RecordLine] | None = None,
    ) -> Ticket:
        """The ticket after ``turns``, plain and joined ones. ``chosen_template``, ``held`` and ``lines`` are as in
        `Understanding.ticket`; ``slots_of`` makes the ticket's slots of those that ``turns`` fill.

        Raises KeyError when the catalogue has no template of the code ``chosen_template``.
        """
        known = self._known
        chosen = known.catalogue.by_code[chosen_template] if chosen_template is not None else None
        if not turns:
            return Ticket()
        spoken = known.alerts.spoken(turns)
        turns = [without_foreign_words(turn) for turn in turns]
        reads = self._reader.read(turns)
        slots = slots_of(self._filling.slots(turns, reads, lines))
        odds = self._odds.after(turns, reads, slots)
        query, probabilities = odds.said, odds.probabilities
        judgement = known.classifier.judged(query.whole, [read.words for read in reads])
        order = known.ranker.order(probabilities, known.ranker.weights.shown) if odds.scores.any() else []
        if held is not None:
            order = steady(order, probabilities, known.numbers.get(held), known.hold)
        templates = known.catalogue.templates
        ranked = [(templates[number], float(probabilities[number])) for number in order]
        mass = self._odds.type_mass(odds)
        said = any(read.cues for read in reads)
        request_type = (
            known.request_types.choose(
                odds.types, mass, [read.cues for read in reads], judgement, chosen.request_type if chosen else None
            )
            if ranked or said or chosen
            else None
        )
        if request_type is not None and request_type.value == _PRAISE:
            praised = known.praised.subject(turns, slots.get("subject"))
            slots = slots if praised is None else slots | {"subject": praised}
        called = any(turn.speaker is Speaker.CITIZEN for turn in turns)
        best = chosen or (ranked[0][0] if ranked else None)
        slots = of_templates(slots, known.catalogue, [chosen] if chosen else [one for one, _ in ranked])
        to_the_point = known.ranker.matched(query, known.numbers[best.code], _TO_THE_POINT) if best else ()
        domain = (
            known.domains.choose(
                probabilities, [read.keywords for read in reads], judgement, chosen.domain if chosen else None
            )
            if ranked or chosen
            else None
        )
        return Ticket(
            slots=slots,
            request_type=request_type,
            domain=domain,
            templates=tuple(
                _told(template, probability, known.ranker.matched(query, number))
                for (template, probability), number in zip(ranked, order, strict=True)
            ),
            dispatch=known.dispatcher.decide(
                probabilities if ranked and called else probabilities[:0],
                [read.units for read in reads],
                district_of(slots),
                query.whole,
                chosen=chosen,
                text="heard" if any(turn.times for turn in turns) else "written",
            ),
            questions=known.questions.due(
                ranked,
                slots.keys(),
                chosen,
                known.asked.of(turns),
                request_type.confidence if request_type else 0.0,
            ),
            alerts=known.alerts.fold([*(read.alerts for read in reads), spoken], slots),
            guides=known.guides.find(ranked, turns, self._day, chosen),
            draft=known.drafting.draft(turns, slots, request_type.value if request_type else None, best, to_the_point),
        )


def district_of(slots: Mapping[str, SlotValue]) -> str | None:
    """The district that the ticket names; None where it names none."""
    district = slots.get("district")
    return str(district.value) if district else None


def _told(template: Template, probability: float, matched: tuple[str, ...]) -> RankedTemplate:
    return RankedTemplate(
        template.code, template.title, template.domain, template.request_type, round(probability, 3), matched
    )
