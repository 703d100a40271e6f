"""The whole of understanding: the turns of a call in, its `Ticket` out.

`Understanding.ticket` is a pure function of the turns. Each turn is read once and its readings are kept, so that
another turn costs its own reading and one cheap fold of all readings. What is compiled from a catalogue (`Knowledge`)
is shared by all calls.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

import models
from extractors.alerts import Alerts
from extractors.asked import AskedRules
from extractors.caller_number import callers_number
from extractors.catalogue import Catalogue, Template
from extractors.catalogue_files import REQUEST_TYPES
from extractors.catalogue_yaml import CatalogueError, Problem
from extractors.chooser import Kind, load_chooser
from extractors.composition import BY_SOUND, SIDE_SLOTS, WORDED, load_extractors
from extractors.dialogue import Dialogue, load_dialogue
from extractors.dispatch import Dispatcher
from extractors.dispatch_certificate import claimed
from extractors.dispatch_opinion import load_opinion
from extractors.dispatch_trust import Signals, trained
from extractors.domain import Domains
from extractors.drafting import Drafting
from extractors.extractor import Context, Extractor
from extractors.foreign import Foreign
from extractors.guides import Guides
from extractors.joined import joined
from extractors.learned import Learned, Weighed
from extractors.marked import Marking
from extractors.matters import Matters, Stretch
from extractors.plain import plain_turn, quoting
from extractors.praised import Praised, load_praised
from extractors.questions import Questions
from extractors.ranking import Floats, Ranker, Said, make_ranker
from extractors.recent import Recent
from extractors.request_type import RequestTypes
from extractors.steady import steady
from extractors.tagger import Tagger, load_tagger
from extractors.ticket import Evidence, RankedTemplate, SlotValue, Ticket
from extractors.turn import Speaker, Turn

_KEPT = 1000  # readings of a call's turns, interim ones among them
_A_TURN = 4  # of a long call: what is read of each turn again and again, as part of the call and of its matters
_LONGEST = 200  # characters of a value: more is no value but a text
_PRAISE = "表扬"  # the request type of which the subject is whom it is for
_TO_THE_POINT = 12  # matched words by which the summary's clauses are chosen


@dataclass(frozen=True)
class Knowledge:
    """What is compiled once from a catalogue and shared by all calls."""

    catalogue: Catalogue
    extractors: tuple[Extractor[Any], ...]
    dialogue: Dialogue
    ranker: Ranker
    request_types: RequestTypes
    domains: Domains
    dispatcher: Dispatcher
    alerts: Alerts
    foreign: Foreign
    questions: Questions
    asked: AskedRules
    drafting: Drafting
    guides: Guides
    hold: float
    matters: Matters
    praised: Praised
    tagger: Tagger | None
    types: NDArray[np.int64]  # of each template, the number of its request type
    numbers: Mapping[str, int]  # of templates by code
    matter_of: Mapping[str, str]  # template's code to its matter


@lru_cache(maxsize=2)
def compile_catalogue(catalogue: Catalogue) -> Knowledge:
    """All that understanding needs of ``catalogue``; compiled once, about a second. Raises `CatalogueError`, or
    `models.ModelError` where a file that ships with the project is damaged.
    """
    try:
        with models.explained():
            return _compile(catalogue)
    except (KeyError, TypeError, ValueError, re.error) as error:
        # Rules are read by the part that uses them; what they lack shows only when it is put to use.
        message = f"a rule is missing or malformed ({error!r}); compare with the reference catalogue"
        raise CatalogueError(catalogue.directory, (Problem("rules", 0, "", "schema", message),)) from error


def _compile(catalogue: Catalogue) -> Knowledge:
    dialogue = load_dialogue(catalogue.directory)
    for kind in get_args(Kind):
        load_chooser(kind)  # a damaged one shows now, not in a call
    asking, foreign = catalogue.rules("questions"), Foreign(catalogue.rules("alerts")["language"])
    return Knowledge(
        catalogue=catalogue,
        extractors=load_extractors(catalogue),
        dialogue=dialogue,
        ranker=make_ranker(catalogue),
        request_types=RequestTypes(catalogue.rules("request_types")),
        domains=Domains(catalogue, catalogue.rules("domains")),
        dispatcher=_dispatcher(catalogue),
        alerts=Alerts(catalogue.rules("alerts"), dialogue, foreign),
        foreign=foreign,
        questions=Questions(catalogue, asking),
        asked=AskedRules(dialogue, asking),
        drafting=Drafting(catalogue, dialogue),
        guides=Guides(catalogue, catalogue.rules("guides")),
        matters=Matters(dialogue, catalogue.rules("matters")),
        praised=load_praised(catalogue, dialogue),
        hold=float(catalogue.rules("ranking")["hold"]),
        tagger=load_tagger(),
        types=np.array([REQUEST_TYPES.index(one.request_type) for one in catalogue.templates], dtype=np.int64),
        numbers={template.code: number for number, template in enumerate(catalogue.templates)},
        matter_of={template.code: template.matter for template in catalogue.templates},
    )


def _dispatcher(catalogue: Catalogue) -> Dispatcher:
    return Dispatcher(catalogue, catalogue.rules("dispatch"), trained(), load_opinion(), claimed(catalogue))


@dataclass(frozen=True, slots=True)
class _Read:
    """All readings of one turn: of each extractor, and of what looks at the turn alone."""

    slots: tuple[Any, ...]
    cues: Any
    keywords: Any
    units: Any
    alerts: Any


class Understanding:
    """Understands one call.

    ``started_at`` is the call's start, against which "昨晚" is resolved; ``caller_number`` what the switch tells, with
    any prefix; ``tagger`` marks words instead of the project's own.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        started_at: datetime,
        caller_number: str | None = None,
        tagger: Tagger | None = None,
    ) -> None:
        known = compile_catalogue(catalogue)
        self._knowledge = known if tagger is None else replace(known, tagger=tagger)
        self._started_at = started_at
        self._caller_number = callers_number(caller_number)
        self._reads: Recent[tuple[int, Turn], tuple[int, _Read]] = Recent(_KEPT)
        self._serial = 0
        self._said: Recent[tuple[Turn, tuple[tuple[int, int], ...]], Said] = Recent(_KEPT)

    def ticket(self, turns: Sequence[Turn], chosen_template: str | None = None, held: str | None = None) -> Ticket:
        """The ticket after ``turns``; the last ones may be interim. ``chosen_template`` is the code the agent chose,
        ``held`` that of the template shown first so far: it stays first until another is clearly more probable.

        Raises KeyError when the catalogue has no template of that code.
        """
        self._reads.least = self._said.least = max(_KEPT, _A_TURN * len(turns))
        plain = [plain_turn(turn) for turn in turns]
        read = joined(plain)
        ticket = read.apart(self._of_call(read.turns, chosen_template, held))
        return quoting(ticket, turns) if any(map(operator.ne, turns, plain)) else ticket

    def _of_call(self, turns: Sequence[Turn], chosen_template: str | None, held: str | None) -> Ticket:
        """The ticket of plain turns, with the further matters of the call."""
        whole = self._ticket(turns, chosen_template, held)
        others = self._others(turns, whole)
        if not others:
            return whole
        known = self._knowledge.matters
        rest = known.rest(turns, [stretch for stretch, _ in others])
        ticket = self._ticket(rest, chosen_template, held, lambda own: known.first_slots(whole.slots, own))
        told = tuple(known.told(stretch, other) for stretch, other in others)
        return replace(ticket, alerts=whole.alerts, others=told)

    def _others(self, turns: Sequence[Turn], ticket: Ticket) -> list[tuple[Stretch, Ticket]]:
        """The further matters of the call, each understood from its own words."""
        known = self._knowledge.matters
        found: list[tuple[Stretch, Ticket]] = []
        for stretch in known.stretches(turns):
            own = stretch, self._own(ticket, stretch)
            if found and known.goes_on(found[-1][1], own[1], self._knowledge.matter_of):
                joined = known.joined(turns, found.pop()[0], stretch)
                own = joined, self._own(ticket, joined)
            found.append(own)
        return [
            (stretch, other)
            for stretch, other in found
            if known.is_other(self._ticket(known.rest(turns, [stretch])), stretch, other, self._knowledge.matter_of)
        ]

    def _own(self, ticket: Ticket, stretch: Stretch) -> Ticket:
        known = self._knowledge.matters
        return self._ticket(stretch.turns, slots_of=lambda own: known.slots(ticket.slots, own))

    def _ticket(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None = None,
        held: str | None = None,
        slots_of: Callable[[Mapping[str, SlotValue]], dict[str, SlotValue]] = dict,
    ) -> Ticket:
        """The ticket of one matter; ``slots_of`` makes its slots of those that ``turns`` fill."""
        known = self._knowledge
        chosen = known.catalogue.by_code[chosen_template] if chosen_template is not None else None
        if not turns:
            return Ticket()
        spoken = known.alerts.spoken(turns)
        turns = [_without_foreign_words(turn) for turn in turns]
        reads = self._read_all(turns)
        slots = slots_of(self._slots(turns, reads))
        query, odds, scores, probabilities = self._rank(turns, reads, slots)
        order = known.ranker.order(probabilities, known.ranker.weights.shown) if scores.any() else []
        if held is not None:
            order = steady(order, probabilities, self._knowledge.numbers.get(held), known.hold)
        templates = known.catalogue.templates
        ranked = [(templates[number], float(probabilities[number])) for number in order]
        mass = self._mass(known.ranker.probabilities(scores))
        said = any(read.cues for read in reads)
        request_type = (
            known.request_types.choose(
                odds, mass, [read.cues for read in reads], chosen.request_type if chosen else None
            )
            if ranked or said or chosen
            else None
        )
        if request_type is not None and request_type.value == _PRAISE:
            praised = known.praised.subject(turns, slots.get("subject"))
            slots = slots if praised is None else slots | {"subject": praised}
        called = any(turn.speaker is Speaker.CITIZEN for turn in turns)
        best = chosen or (ranked[0][0] if ranked else None)
        slots = _of_templates(slots, known.catalogue, [chosen] if chosen else [one for one, _ in ranked])
        to_the_point = known.ranker.matched(query, self._knowledge.numbers[best.code], _TO_THE_POINT) if best else ()
        domain = (
            known.domains.choose(probabilities, [read.keywords for read in reads], chosen.domain if chosen else None)
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
                _district(slots),
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
            guides=known.guides.find(ranked, turns, self._started_at.date(), chosen),
            draft=known.drafting.draft(turns, slots, request_type.value if request_type else None, best, to_the_point),
        )

    def candidates(self, turns: Sequence[Turn]) -> dict[str, Weighed]:
        """What each slot that is learned might hold after ``turns``, with the traits of each candidate."""
        turns = _as_read(turns)
        reads = self._read_all(turns)
        filled: dict[str, SlotValue] = {}
        context = self._context_of_all(turns, filled)
        weighed: dict[str, Weighed] = {}
        for number, extractor in enumerate(self._knowledge.extractors):
            readings = [read.slots[number] for read in reads]
            if isinstance(extractor, Learned):
                weighed |= extractor.candidates(turns, readings, context)
            else:
                filled |= extractor.fold(turns, readings, context)
        return weighed

    def units(self, turns: Sequence[Turn], most: int) -> tuple[list[tuple[str, Signals]], Floats]:
        """The ``most`` likeliest units after ``turns``, with what speaks for each, and what was meant by all that was
        said.
        """
        turns = [_without_foreign_words(turn) for turn in _as_read(turns)]
        reads = self._read_all(turns)
        slots = self._slots(turns, reads)
        query, _, _, probabilities = self._rank(turns, reads, slots)
        dispatcher, told = self._knowledge.dispatcher, [read.units for read in reads]
        return dispatcher.weigh(probabilities, told, _district(slots), query.whole, most), query.whole

    def type_mass(self, turns: Sequence[Turn]) -> NDArray[np.float64]:
        """The probability of the templates of each request type after ``turns``, by what was said alone."""
        turns = _as_read(turns)
        reads = self._read_all(turns)
        _, _, scores, _ = self._rank(turns, reads, self._slots(turns, reads))
        return self._mass(self._knowledge.ranker.probabilities(scores))

    def _rank(
        self, turns: Sequence[Turn], reads: Sequence[_Read], slots: Mapping[str, SlotValue]
    ) -> tuple[Said, Floats, Floats, NDArray[np.float64]]:
        """What was said; the odds of each request type by how it was put; each template's score, and its probability in
        the light of both.
        """
        ranker, types = self._knowledge.ranker, self._knowledge.request_types
        odds = types.cue_odds(turns, [read.cues for read in reads])
        query = ranker.query(self._turns_said(turns, slots), ranker.emphasis(turns))
        scores = ranker.scores(query)
        return query, odds, scores, ranker.probabilities(scores, types.favour(odds)[self._knowledge.types])

    def _mass(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self._knowledge.types, weights=probabilities, minlength=len(REQUEST_TYPES)).astype(
            np.float64
        )

    def _context(self, before: Sequence[Turn], speaker: Speaker) -> Context:
        """What is known when ``speaker`` says the turn after ``before``."""
        expected = self._knowledge.dialogue.asked(before) if speaker is Speaker.CITIZEN else frozenset()
        return Context(tuple(before), expected, self._started_at, self._caller_number)

    def _context_of_all(self, turns: Sequence[Turn], filled: Mapping[str, SlotValue]) -> Context:
        """What is known after ``turns``, where extractors have ``filled`` slots."""
        announced = self._knowledge.matters.announcements(turns)
        return replace(self._context(turns, Speaker.CITIZEN), filled=filled, announced=announced)

    def _marked(self, before: Sequence[Turn], turn: Turn) -> Marking | None:
        """What the tagger marks in ``turn``; nothing in interim text, which is seldom worth the time it takes."""
        tagger = self._knowledge.tagger
        if tagger is None:
            return None
        read = turn.final and not self._is_foreign(turn)
        return tagger.marked(before, turn) if read else Marking.nothing(turn.text)

    def _is_foreign(self, turn: Turn) -> bool:
        return turn.speaker is Speaker.CITIZEN and self._knowledge.foreign.without_chinese(turn.text) is not None

    def _read_all(self, turns: Sequence[Turn]) -> list[_Read]:
        """The readings of each turn. They are kept by the turn and all turns before it (``history`` numbers those)."""
        reads, history = [], 0
        for number, turn in enumerate(turns):
            found = self._reads.get((history, turn))
            if found is None:
                self._serial += 1
                context = self._context(turns[:number], turn.speaker)
                context = replace(context, marked=self._marked(turns[:number], turn))
                found = self._serial, self._read(turn, context)
                self._reads.put((history, turn), found)
            history = found[0]
            reads.append(found[1])
        return reads

    def _read(self, turn: Turn, context: Context) -> _Read:
        known = self._knowledge
        wording = _wordless(turn) if self._is_foreign(turn) else turn
        return _Read(
            slots=tuple(
                one.read(
                    wording if not WORDED.isdisjoint(one.slots) else turn.as_heard if _by_sound(one) else turn, context
                )
                for one in known.extractors
            ),
            cues=known.request_types.read(turn),
            keywords=known.domains.read(turn),
            units=known.dispatcher.read(turn),
            alerts=known.alerts.read(turn, context.before),
        )

    def _slots(self, turns: Sequence[Turn], reads: Sequence[_Read]) -> dict[str, SlotValue]:
        slots: dict[str, SlotValue] = {}
        context = self._context_of_all(turns, slots)
        by_id = {turn.id: turn for turn in turns}
        for number, extractor in enumerate(self._knowledge.extractors):
            values = extractor.fold(turns, [read.slots[number] for read in reads], context)
            if _by_sound(extractor):
                values = {name: _quoting(value, by_id) for name, value in values.items()}
            for name, value in values.items():
                usable = not isinstance(value.value, str) or len(value.value) <= _LONGEST
                if usable and (name not in slots or value.confidence > slots[name].confidence):
                    slots[name] = value
        return {name: slots[name] for name in self._knowledge.catalogue.slots if name in slots}

    def _turns_said(self, turns: Sequence[Turn], slots: Mapping[str, SlotValue]) -> list[Said]:
        aside: dict[int, set[tuple[int, int]]] = {}
        for name in SIDE_SLOTS & slots.keys():
            for evidence in slots[name].evidence:
                aside.setdefault(evidence.turn, set()).add((evidence.start, evidence.end))
        said = []
        for turn in turns:
            key = (turn, tuple(_disjoint(aside.get(turn.id, ()))))
            found = self._said.get(key)
            if found is None:
                found = self._knowledge.ranker.read(*key)
                self._said.put(key, found)
            said.append(found)
        return said


def _by_sound(extractor: Extractor[Any]) -> bool:
    """Whether ``extractor`` reads what was heard, not what was probably said."""
    return not BY_SOUND.isdisjoint(extractor.slots)


def _quoting(value: SlotValue, turns: Mapping[int, Turn]) -> SlotValue:
    """``value`` with its evidence in the words that the transcript shows."""
    quoted = (Evidence.of(turns[one.turn], one.start, one.end) for one in value.evidence)
    return replace(value, evidence=tuple(quoted))


def _district(slots: Mapping[str, SlotValue]) -> str | None:
    district = slots.get("district")
    return str(district.value) if district else None


def _of_templates(
    slots: Mapping[str, SlotValue], catalogue: Catalogue, templates: Sequence[Template]
) -> dict[str, SlotValue]:
    """The slots common to all tickets, and those that one of ``templates`` lists."""
    listed = {name for template in templates for name in (*template.required, *template.optional)}
    return {name: value for name, value in slots.items() if catalogue.slots[name].common or name in listed}


def _as_read(turns: Sequence[Turn]) -> Sequence[Turn]:
    return joined([plain_turn(turn) for turn in turns]).turns


def _without_foreign_words(turn: Turn) -> Turn:
    """What was made of a language that the recogniser was not told to expect means nothing."""
    return turn if turn.language is None else _wordless(turn)


def _wordless(turn: Turn) -> Turn:
    return replace(turn, text="", times=(), readings=(), heard="")


def _told(template: Template, probability: float, matched: tuple[str, ...]) -> RankedTemplate:
    return RankedTemplate(
        template.code, template.title, template.domain, template.request_type, round(probability, 3), matched
    )


def _disjoint(spans: Any) -> list[tuple[int, int]]:
    """The spans in order, overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
