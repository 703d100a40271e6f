"""Whom or what the call is about, short: turns in, ``subject`` out.

A named body (永泰物业, 惠百家超市) wins (`extractors.subjects.bodies`). Where none is named, the thing of the first
statement (井盖, 公租房轮候) is the subject (`extractors.subjects.things`). A name heard once is shown only in a call
whose text is clear: recognisers misspell unknown names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.catalogue.knowledge import Catalogue
from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.conversation.own_trade import OwnTrade
from extractors.repair.wording import Wording, load_wording
from extractors.slots.extractor import Context
from extractors.slots.folding import agreed, fold_mentions
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.subjects.bodies import Bodies, alike
from extractors.subjects.brands import Brands, load_brands
from extractors.subjects.rules import PAUSE, SubjectRules, subject_rules
from extractors.subjects.spelling import explains, spelled, without_explanation
from extractors.subjects.things import LEAST, LINE, THING, Things
from extractors.subjects.trades import Trades, kinds_of
from extractors.text.segment import dictionary
from extractors.text.sound import load_sounds
from extractors.ticket import Evidence, SlotValue, Value
from extractors.turn import Speaker, Turn

_EARLY = 6  # what an agent repeats in the first turns is the matter
_STATEMENTS = 2  # things are looked for in the citizen's first turns
_ALONE_UNCLEAR, _ALONE_CLEAR = 0.2, 0.8  # how likely a name heard once is right in an unclear and in a clear call
_NO_KIND = 0.75  # share of that where nothing tells what kind of body it is
_AGREED = 0.85  # a name of which two turns have most characters
_SAME = 0.6  # share of a name's characters that two turns must have alike
_PRIOR = 60  # so many characters of clear text are taken as heard before the call began


class Subject:
    """Fills ``subject``."""

    slots: tuple[str, ...] = ("subject",)

    def __init__(
        self,
        rules: SubjectRules,
        dialogue: Dialogue,
        wording: Wording,
        trades: Trades,
        brands: Brands,
        own: OwnTrade,
    ) -> None:
        self._rules = rules
        self._own = own
        self._bodies = Bodies(rules, dialogue, trades, brands)
        self._things = Things(rules, wording)
        self._dialogue = dialogue
        self._wording = wording

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The bodies named in one turn, and in the citizen's first statements the thing spoken of."""
        named = [one for one in self._bodies.named(turn) if not self._aside(one, turn, context)]
        if turn.speaker is Speaker.AGENT:
            early = len(context.before) < _EARLY
            return (*named, *(self._things.first(turn) if early else ()))
        if "subject" in context.expected:
            answer = self._bodies.answer(turn, named)
            if answer is not None:
                named = [answer, *(one for one in named if one.value != answer.value)]
        first = sum(one.speaker is Speaker.CITIZEN for one in context.before) < _STATEMENTS
        return (*named, *(self._things.first(turn) if first else ()))

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """A named body before a thing; of things the one both parties speak of, else the first.

        A name heard once is trusted as far as the call is clear: recognisers misspell unknown names nearly always.
        """
        mentions = [mention for reading in readings for mention in reading]
        clear = self._clear(turns)
        named = [mention for mention in mentions if mention.confidence > THING]
        agents = {turn.id for turn in turns if turn.speaker is Speaker.AGENT}
        if any(mention.evidence.turn not in agents or agreed(mention, turns, self._dialogue) for mention in named):
            value = fold_mentions(named, turns, self._dialogue, same=alike).get("subject")
            if value is not None:
                confidence = min(value.confidence, self._trusted(str(value.value), named, clear))
                if confidence >= LEAST:
                    return {"subject": replace(value, confidence=round(confidence, 3))}
        if self._name_unheard(turns):
            return {}
        things = [mention for mention in mentions if mention.confidence <= THING]
        return self._things.best(things, agents, clear)

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """The name or thing in marked words, with the number of a line (3号线) and the characters that words behind
        explain; None where it only tells where something is.
        """
        text = turn.text
        line = next((one for one in LINE.finditer(text) if one.start() < mark.start < one.end()), None)
        if line is not None:
            mark = replace(mark, start=line.start())
        words = without_explanation(self._dialogue.clean(text[mark.start : mark.end]))
        words = self._rules.marked_end.sub("", self._rules.marked_start.sub("", words))
        if not words or self._rules.whereabouts.search(words) or self._rules.bystanders_after.match(text, mark.end):
            return None
        if self._addresses(words, turn, mark) or explains(words, text[mark.end :]):
            return None
        told = spelled(words, text[mark.end :]) if turn.speaker is Speaker.CITIZEN else words
        start = text.find(words, mark.start, mark.end)
        said = (start, start + len(words)) if start >= 0 else (mark.start, mark.end)
        words = self._bodies.as_meant(told, turn, explained=told != words)
        mention = Mention("subject", words, mark.probability, Evidence.of(turn, *said))
        return None if self._aside(mention, turn, context) else mention

    def _addresses(self, words: str, turn: Turn, mark: Marked) -> bool:
        """Whether somebody is only spoken to by the marked ``words``."""
        if self._rules.addressed.fullmatch(words) is None:
            return False
        beside = turn.text[mark.start - 1 : mark.start] + turn.text[mark.end : mark.end + 1]
        return turn.speaker is Speaker.AGENT or not beside.strip(PAUSE)

    def formed(self, slot: str, value: Value) -> float:
        """Wholly where it ends like the name of a body, by half where it names a thing that callers speak of."""
        text = str(value)
        if any(found.end() == len(text) for found in self._rules.body.finditer(text)):
            return 1.0
        return 0.5 if self._rules.things.search(text) else 0.0

    def _aside(self, body: Mention, turn: Turn, context: Context) -> bool:
        """Whether ``body`` only tells where it happened or who calls."""
        said = body.evidence
        return self._tells_where(body, turn, context) or self._own.tells(turn, said.start, said.end, context.before)

    def _tells_where(self, body: Mention, turn: Turn, context: Context) -> bool:
        """Whether ``body`` is only where it happened: a landmark in the answer to that question, or in the read-back of
        it, of a kind that the caller had not spoken of.
        """
        site = self._rules.sites.search(str(body.value))
        if site is None or any(site.group() in one.text for one in context.before if one.speaker is Speaker.CITIZEN):
            return False
        if turn.speaker is Speaker.CITIZEN:
            asked = context.expected
        else:
            before = [one for one in context.before if one.speaker is Speaker.AGENT]
            asked = self._dialogue.expected(before[-1]) if before else frozenset()
        return "address" in asked and "subject" not in asked

    def _clear(self, turns: Sequence[Turn]) -> float:
        """How clear the recognised text of the call is: 0 like a bad line, 1 like typed text."""
        clarity = [(self._wording.repair(turn.text).clarity(), len(turn.text)) for turn in turns]
        clarity.append((self._rules.clear, _PRIOR))
        mean = sum(share * length for share, length in clarity) / sum(length for _, length in clarity)
        return min(1.0, max(0.0, (mean - self._rules.unclear) / (self._rules.clear - self._rules.unclear)))

    def _name_unheard(self, turns: Sequence[Turn]) -> bool:
        """Whether the citizen answered the question for a name and no name could be read off the answer."""
        for asked, turn in pairwise(turns):
            if turn.speaker is Speaker.CITIZEN and "subject" in self._dialogue.expected(asked):
                return self._rules.no_answer.search(turn.text[:8]) is None
        return False

    def _trusted(self, name: str, named: Sequence[Mention], clear: float) -> float:
        """How likely ``name`` is spelled right."""
        kind = self._rules.body.search(name)
        stem = name[: kind.start()] if kind and kind.start() else name
        if any(one.value == name != one.evidence.text for one in named):  # its characters were explained
            return _AGREED
        spoken = {one.evidence.turn for one in named if str(one.value) == name}
        others = [one.evidence.text for one in named if not spoken <= {one.evidence.turn}]
        shares = [sum(char in other for char in stem) / len(stem) for other in others]
        if max(shares, default=0.0) >= _SAME:
            return _AGREED
        alone = _ALONE_UNCLEAR + (_ALONE_CLEAR - _ALONE_UNCLEAR) * clear
        return alone if kind else alone * _NO_KIND


def load_subject(catalogue: Catalogue) -> Subject:
    """The extractor of the subject, with the rules of ``catalogue``."""
    every = catalogue.rules("subject")
    dialogue = load_dialogue(catalogue.directory)
    return Subject(
        subject_rules(every["subject"]),
        dialogue,
        load_wording(catalogue),
        Trades(kinds_of(every["subject"]), load_sounds(catalogue.directory), dictionary()),
        load_brands(catalogue),
        OwnTrade(every["own_trade"], dialogue),
    )
