"""Slots filled from the words that the tagger marks and by rules: turns in, those slots out.

What a mark says is read by the slot's own grammar (`extractors.slots.marked.Reader`). Marks and what rules find are
candidates (`extractors.slots.candidates`) of which the likeliest is shown (`extractors.choosing.chooser`), if it is
likely enough; else what rules find in the answer to the very question, in place of a summary that was refused, or of a
form that the chooser never learned of. Where no tagger looks, rules do without. Limits: ``catalog/rules/learned.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from extractors.choosing.chooser import Chooser
from extractors.choosing.condensed import worth_keeping
from extractors.choosing.own_words import in_callers_words, with_hour
from extractors.choosing.restated import told_once
from extractors.choosing.traits import Scene, traits
from extractors.conversation.dialogue import Dialogue
from extractors.repair.wording import Wording
from extractors.slots.candidates import Candidate, Same, Sign, candidates
from extractors.slots.extractor import Context, Extractor
from extractors.slots.folding import standing
from extractors.slots.marked import Marked, Marking, Reader
from extractors.slots.mention import Mention
from extractors.slots.settling import Proposal, load_settling, proposals
from extractors.text.numerals import in_figures
from extractors.ticket import Evidence, SlotValue, Value
from extractors.turn import Speaker, Turn

_WORDED = frozenset({"subject", "demand"})  # slots that can be said in many ways
_TOLD = frozenset({"occurred_at", "duration", "amount", "people_count"})  # slots told in a few words when asked for
_SURE = 0.8  # confidence of a rule's value from which an answer is taken for one
_FRAMED = 0.7  # confidence of a rule's value whose words around it say what it is
_NOT_UNLIKELY = 0.2  # probability of a rule's value from which it need only be all that an answer begins with
_ALL_SAID = 0.6  # share of the answer that the value must be: who tells more may mean something else
_PAUSE = re.compile("[，。！？；,!?;]")
_HIGHEST = 0.97
_MARKED = 0.3  # probability from which a mark alone says that there is a value: the tagger is unsure of weaker ones
_ALIKE = 0.6  # share of the characters of the shorter of two wordings from which they are of one thing

Kind: TypeAlias = Literal["written", "recognised"]
"""Text that somebody wrote, or what a recogniser made of speech (turns with times)."""

Weighed: TypeAlias = tuple[list[Candidate], NDArray[np.float32]]
"""The candidates of a slot and their traits, a row each."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one turn gives by rules, and by rules and marks together (None where nobody marked)."""

    rules: tuple[Mention, ...]
    signs: tuple[Sign, ...] | None


class Learned:
    """Fills the slots of ``rules`` from marks and by them. ``reader`` reads the values of marks; ``chooser`` weighs
    what they give, and ``least`` says, by kind of text and slot, from which probability on a value is shown.
    ``unlearned``: whether the calls that the chooser learned from hold no such values, so that it knows none; ``told``:
    what a ticket tells of a mention in a turn; ``expected``: how much it counts whether tickets of calls so worded hold
    the slot (`extractors.matching.expected`).
    """

    def __init__(
        self,
        rules: Extractor[tuple[Mention, ...]],
        reader: Reader,
        chooser: Chooser,
        least: Mapping[Kind, Mapping[str, float]],
        dialogue: Dialogue,
        wording: Wording,
        unlearned: Callable[[SlotValue, Sequence[Turn]], bool] = lambda value, turns: False,
        told: Callable[[Mention, Turn, Marking], Mention] = lambda mention, turn, marking: mention,
        expected: float = 0.0,
    ) -> None:
        self.slots = rules.slots
        self._rules = rules
        self._reader = reader
        self._chooser = chooser
        self._least = least
        self._dialogue = dialogue
        self._wording = wording
        self._unlearned = unlearned
        self._told = told
        self._expected = expected
        self._settling = load_settling()

    def read(self, turn: Turn, context: Context) -> Reading:
        """The values that ``turn`` gives."""
        read = self._rules.read(turn, context)
        if context.marked is None:
            return Reading(read, None)
        marking, mentions = context.marked, [(one, False) for one in read]
        expected = context.expected if turn.speaker is Speaker.CITIZEN else frozenset()
        for mark in marking.marks:
            mention = self._reader.value(mark, turn, context) if mark.slot in self.slots else None
            if mention is not None:
                mentions.append((replace(mention, answers=mention.slot in expected), True))
        told = ((self._told(one, turn, marking), marked) for one, marked in mentions)
        return Reading(read, tuple(Sign(one, marked, *_of_words(one, turn, marking)) for one, marked in told))

    def fold(self, turns: Sequence[Turn], readings: Sequence[Reading], context: Context) -> Mapping[str, SlotValue]:
        """The likeliest value of each slot, where it is likely enough."""
        values, others = self._chosen(turns, readings, context)
        for slot, proposed in self._proposed(values, others, turns, context).items():
            settled = self._settling.settled(slot, values.pop(slot, None), proposed)
            values |= {} if settled is None else {slot: settled}
        return values

    def proposals(
        self, turns: Sequence[Turn], readings: Sequence[Reading], context: Context
    ) -> dict[str, list[Proposal]]:
        """What each slot of which the scribe wrote a line might hold."""
        return self._proposed(*self._chosen(turns, readings, context), turns, context)

    def _proposed(
        self,
        values: Mapping[str, SlotValue],
        others: Mapping[str, Sequence[SlotValue]],
        turns: Sequence[Turn],
        context: Context,
    ) -> dict[str, list[Proposal]]:
        def read(mark: Marked, turn: Turn) -> Mention | None:
            return self._reader.value(mark, turn, replace(context, before=(), expected=frozenset()))

        return {
            slot: proposals(slot, context.lines[slot], values.get(slot), others.get(slot, ()), turns, read)
            for slot in self.slots
            if slot in context.lines
        }

    def _chosen(
        self, turns: Sequence[Turn], readings: Sequence[Reading], context: Context
    ) -> tuple[dict[str, SlotValue], dict[str, list[SlotValue]]]:
        """The likeliest value of each slot, where it is likely enough; and all that there may be in a slot of which the
        scribe wrote a line, likeliest first.
        """
        ruled = self._rules.fold(turns, [reading.rules for reading in readings], context)
        if any(reading.signs is None for reading in readings):
            return dict(ruled), {}
        kind: Kind = "recognised" if any(turn.times for turn in turns) else "written"
        values: dict[str, SlotValue] = {}
        odds: dict[str, dict[Value, float]] = {}
        others: dict[str, list[SlotValue]] = {}  # what may be shown, likeliest first
        stands: dict[str, set[Evidence]] = {}  # words of candidates
        for slot, (found, rows) in self.candidates(turns, readings, context, ruled).items():
            probabilities = self._weighed(self._chooser.probabilities(slot, rows), context.likely.get(slot, 0.0))
            odds[slot] = {one.value: float(odd) for one, odd in zip(found, probabilities, strict=True)}
            stands[slot] = {words for one in found for words in _evidence(one)}
            if slot in context.lines:
                order = np.argsort(-probabilities, kind="stable")
                others[slot] = [self._value(found[one], float(probabilities[one]), turns) for one in order]
            best = int(np.argmax(probabilities))
            if probabilities[best] >= self._least[kind][slot] and _said_to_be_one(found[best]):
                best = with_hour(found, probabilities, best) if slot == "occurred_at" else best
                shown = best if slot in _WORDED else in_callers_words(found, probabilities, best, turns)
                values[slot] = self._value(self._once(found[shown], turns), float(probabilities[best]), turns)
        for slot in ruled.keys() - values.keys():
            value, own = ruled[slot], odds.get(slot, {}).get(ruled[slot].value, 0.0)
            if slot in _TOLD and slot in stands and stands[slot].isdisjoint(value.evidence):
                continue  # it was put right
            unlearned = value.confidence >= _FRAMED and self._unlearned(value, turns)
            put_right = slot == "demand" and _put_right(value, readings)
            if (
                unlearned
                or put_right
                or (slot in _TOLD and self._answered(value, readings, turns, first=own >= _NOT_UNLIKELY))
            ):
                values[slot] = value
        return values, others

    def _weighed(self, probabilities: NDArray[np.float32], likely: float) -> NDArray[np.float32]:
        """The ``probabilities`` of candidates of a slot that a ticket so worded is ``likely`` to hold, in log-odds."""
        odds = probabilities / np.maximum(1 - probabilities, 1e-6) * np.exp(self._expected * likely)
        return np.asarray(odds / (1 + odds), np.float32)

    def candidates(
        self,
        turns: Sequence[Turn],
        readings: Sequence[Reading],
        context: Context,
        ruled: Mapping[str, SlotValue] | None = None,
    ) -> dict[str, Weighed]:
        """What each slot might hold, with the traits of each candidate; slots without any are left out."""
        if ruled is None:
            ruled = self._rules.fold(turns, [reading.rules for reading in readings], context)
        by_id = {turn.id: turn for turn in turns}
        signs = [sign for reading in readings for sign in reading.signs or ()]
        made = {}
        for slot in self.slots:
            same = self._same_words if slot in _WORDED else _same_meaning
            found = candidates(slot, self._standing(slot, signs, turns, same), by_id, same, context.announced)
            if found:
                scene = Scene(turns, context.filled, ruled.get(slot), context.started_at, self._wording)
                formed = [self._reader.formed(slot, one.value) for one in found]
                made[slot] = found, traits(found, scene, formed, same, self._dialogue)
        return made

    def _answered(self, value: SlotValue, readings: Sequence[Reading], turns: Sequence[Turn], *, first: bool) -> bool:
        """Whether ``value`` is nearly all that the other party said when it was asked for or to put it right, or all
        they said ``first``.
        """
        texts = {turn.id: turn.text for turn in turns}
        return any(
            (one.corrects or (one.answers and one.confidence >= _SURE))
            and one.evidence in value.evidence
            and one.evidence.end - one.evidence.start >= _ALL_SAID * self._answer(texts[one.evidence.turn], one, first)
            for reading in readings
            for one in reading.rules
        )

    def _answer(self, text: str, mention: Mention, first: bool) -> int:
        """How many characters the answer ``text`` has, or up to the pause behind ``mention`` if ``first``; without the
        words that refuse what it puts right (不是，是前天晚上).
        """
        pause = _PAUSE.search(text, mention.evidence.end) if first else None
        begin = mention.evidence.start if self._dialogue.put_right(text, mention.evidence.start) else 0
        return (pause.start() if pause else len(text)) - begin

    def _once(self, chosen: Candidate, turns: Sequence[Turn]) -> Candidate:
        several = chosen.said[0].mention.slot == "demand" and len(chosen.said) > 1
        return told_once(chosen, turns, self._dialogue, self._same_words) if several else chosen

    def _standing(self, slot: str, signs: Sequence[Sign], turns: Sequence[Turn], same: Same) -> list[Sign]:
        """Those of ``signs``, all of ``slot``, that hold (`extractors.slots.folding.standing`) and were not corrected.
        What can be said in many ways the agent sums up, and it holds unless it is refused or told to the caller.
        """
        signs = sorted((sign for sign in signs if sign.mention.slot == slot), key=lambda one: one.place)
        if slot in _WORDED:
            return [sign for sign in signs if not self._not_the_callers(sign.mention, turns)]
        held = standing([sign.mention for sign in signs], turns, self._dialogue, same)
        texts = {turn.id: turn.text for turn in turns if turn.speaker is Speaker.CITIZEN}
        kept: list[Sign] = []
        for sign in (sign for sign in signs if sign.mention in held):
            turn, start = sign.place
            sure = sign.mention.confidence >= _MARKED and turn in texts
            if sure and self._dialogue.put_right(texts[turn], start):
                kept = [earlier for earlier in kept if same(earlier.mention, sign.mention)]
            kept.append(sign)
        return kept

    def _not_the_callers(self, mention: Mention, turns: Sequence[Turn]) -> bool:
        place = next(place for place, turn in enumerate(turns) if turn.id == mention.evidence.turn)
        start = mention.evidence.start
        if turns[place].speaker is not Speaker.AGENT:
            return mention.slot == "demand" and self._dialogue.only_asked(turns, place, start)
        if mention.slot == "demand" and self._dialogue.replies(turns, place, start):
            return True  # an answer is no wish
        return self._dialogue.verdict(turns, place, start) is False or self._dialogue.informs(turns, place, start)

    def _same_words(self, one: Mention, other: Mention) -> bool:
        left, right = frozenset(str(one.value)), frozenset(str(other.value))
        return len(left & right) >= _ALIKE * max(1, min(len(left), len(right)))

    def _value(self, chosen: Candidate, probability: float, turns: Sequence[Turn]) -> SlotValue:
        places = {turn.id: place for place, turn in enumerate(turns)}
        said = {places[one.place[0]] for one in chosen.support}
        agents = [place for place in said if turns[place].speaker is Speaker.AGENT]
        both = len(agents) < len(said)
        return SlotValue(
            chosen.value,
            round(min(_HIGHEST, probability), 3),
            _evidence(chosen),
            chosen.normalized,
            confirmed=any(both or self._dialogue.verdict(turns, place) is True for place in agents),
        )


def _put_right(value: SlotValue, readings: Sequence[Reading]) -> bool:
    """Whether rules found ``value`` in what was said in place of what the other party had summed up."""
    return any(one.corrects and one.evidence in value.evidence for reading in readings for one in reading.rules)


def _said_to_be_one(candidate: Candidate) -> bool:
    """Whether more than the weakest marks, which only speak for what is said elsewhere, say that it is a value."""
    return any(not one.marked for one in candidate.support) or any(
        one.mention.confidence >= _MARKED for one in candidate.said
    )


def _same_meaning(one: Mention, other: Mention) -> bool:
    """Whether two mentions of a time, sum or number mean the same; one may be told more fully."""
    if one.normalized is not None and one.normalized == other.normalized:
        return True
    if isinstance(one.value, str) and isinstance(other.value, str):
        told, again = in_figures(one.value), in_figures(other.value)
        return told in again or again in told
    return one.value == other.value


def _of_words(mention: Mention, turn: Turn, marking: Marking) -> tuple[tuple[float, ...], tuple[float, float]]:
    """What the tagger says of the words of a mention, as a `Sign` has it."""
    shares = marking.shares(mention.evidence.start, mention.evidence.end)
    return shares, worth_keeping(mention, turn, marking) if mention.slot == "demand" else (0.0, 0.0)


def _evidence(chosen: Candidate) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(one.mention.evidence for one in chosen.support))
