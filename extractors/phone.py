"""The caller's phone number, from all the times it is said.

In: turns. Out: the slot ``phone``: 11 digits of a mobile number, or a landline as ``020-83517762`` (the area code only
where it was said). The caller's words and the agent's read-backs are fused digit by digit (``extractors/digits.py``);
other readings of an utterance are as many chances to have heard it right; digits given in groups over several turns
are joined; what the caller corrects is dropped; the number the switch reports is used when the caller means it, or when
what was heard differs from it by next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from math import exp
from typing import Any

from extractors.cues import Cues
from extractors.dialogue import Dialogue
from extractors.digits import Costs, DigitReader, DigitRun, Settled, mismatch, settle
from extractors.extractor import Context
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn
from extractors.written_phones import WrittenPhone, WrittenPhones

_MOBILE, _LOCAL = 11, 8
_LONGEST = 15  # more digits than this are another kind of number
_WHOLE = 7  # fewer digits are only a group of a number
_UNRELATED = 3.5  # a hearing that fits a number worse than this is about something else
_TOLERATED = 0.8  # cost a hearing of the right number may well have
_RIVAL = 3.0  # how fast a worse explanation loses probability
_AGENT = 2.0  # weight of the agent's read-backs: their audio is clearer
_ONE_AGENT, _ONE_CITIZEN = 0.88, 0.75  # certainty of a number heard once
_BESIDE_AGENT = 0.15  # weight of a misfit in the caller's words where the agent's are there too
_MISSING, _UNKNOWN_DIGIT = 0.55, 0.2  # a digit nobody heard is a guess
_SWITCH = 1.0  # cost by hearing up to which the switch's number is taken for the one heard
_ASIDE = 0.6  # share of confidence where nothing says that the digits are a phone number
_THIS_NUMBER = 0.95  # confidence in the switch's number when the caller says it is the one
_NEAR = 4  # turns over which a number is given in groups
_RECENT = 4  # hearings considered, the latest
_OTHER = 0.2  # what it costs to take another reading than the likeliest
_READINGS = 4  # readings of a hearing considered


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """Digit runs of one turn that may belong to a phone number, and what is said about it."""

    runs: tuple[DigitRun, ...] = ()
    written: tuple[WrittenPhone, ...] = ()  # whole numbers, where nothing was misheard
    others: tuple[DigitRun, ...] = ()  # whole numbers in the other readings of the turn; places in those
    about: bool = False  # the turn or the question before speaks of a phone number
    landline: bool = False
    this_number: bool = False  # the caller means the number the call comes from
    asks_this: bool = False  # the agent asks whether it is that number
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class _Hearing:
    readings: tuple[tuple[Costs, ...], ...]  # the likeliest first
    evidence: tuple[Evidence, ...]
    speaker: Speaker
    about: bool
    landline: bool


@dataclass(frozen=True, slots=True)
class _Guess:
    digits: str
    confidence: float
    cost: float
    hearings: tuple[_Hearing, ...]


class PhoneExtractor:
    """Fills ``phone``."""

    slots: tuple[str, ...] = ("phone",)

    def __init__(self, reader: DigitReader, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        phone = rules["phone"]
        self._reader = reader
        self._dialogue = dialogue
        self._words = Cues(phone["words"])
        self._landline = Cues(phone["landline"])
        self._this_number = Cues(phone["this_number"])
        self._asked_this = Cues(phone["asked_this_number"])
        labels = [f"(?:{word})[^，。？！?!0-9]{{0,6}}[是为，：: ]{{0,2}}$" for word in rules["labels_before"]]
        self._other = Cues([*labels, *(f"(?:{word})[是为，：: ]{{0,2}}$" for word in rules["other_before"])])
        self._written = WrittenPhones(rules, dialogue, self._other)
        self._area: str = phone["area_code"]
        self._fill: float = phone["fill"]
        any_digit = "0123456789"
        self._mobile = (*phone["prefixes"], *[any_digit] * (_MOBILE - len(phone["prefixes"])))
        self._local = (phone["local_first"], *[any_digit] * (_LOCAL - 1))
        self._settle = lru_cache(maxsize=1024)(settle)
        self._mismatch = lru_cache(maxsize=4096)(mismatch)

    def read(self, turn: Turn, context: Context) -> PhoneReading:
        """The digit runs of ``turn`` and the words about a phone number."""
        asked = "phone" in context.expected
        about = asked or any(self._words.match(one.text) for one in (*context.before[-_NEAR:], turn))
        runs = tuple(
            run for run in self._reader.runs(turn.text, 3 if about else _WHOLE) if self._may_be_phone(turn.text, run)
        )
        others = tuple(
            max(found, key=lambda run: len(run.heard))
            for text in turn.readings
            if (found := [run for run in self._reader.runs(text, _LOCAL) if self._may_be_phone(text, run)])
        )
        citizen = turn.speaker is Speaker.CITIZEN
        return PhoneReading(
            runs=runs,
            written=self._written.read(turn, context),
            others=others if about or any(len(run.heard) > _WHOLE for run in runs) else (),
            about=about,
            landline=self._landline.match(turn.text),
            this_number=citizen and self._this_number.match(turn.text),
            asks_this=not citizen and self._asked_this.match(turn.text),
            corrects=citizen
            and (self._dialogue.denies(turn) or any(self._dialogue.corrected_before(turn.text, r.start) for r in runs)),
        )

    def _may_be_phone(self, text: str, run: DigitRun) -> bool:
        return sum(one.certain for one in run.heard) <= _LONGEST and not self._other.match(text[: run.start])

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[PhoneReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The phone number after ``turns``."""
        written = self._written.fold(turns, [reading.written for reading in readings])
        fused = self._fused(turns, readings, context)
        if written is None or ("phone" in fused and fused["phone"].value == context.caller_number):
            return fused
        return {"phone": written}

    def _fused(
        self, turns: Sequence[Turn], readings: Sequence[PhoneReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The number that all hearings together give."""
        hearings = self._hearings(turns, readings)[-_RECENT:]
        guess = self._best(hearings, self._mobile)
        if any(one.landline for one in hearings) and (guess is None or guess.confidence < self._fill):
            local = self._best([self._without_area(one) for one in hearings], self._local)
            if local is not None and (guess is None or local.confidence > guess.confidence):
                said_area = any(self._without_area(one) is not one for one in hearings)
                guess = replace(local, digits=f"{self._area}-{local.digits}" if said_area else local.digits)
        caller = context.caller_number
        if caller is not None and len(caller) == _MOBILE and caller.isdigit():
            meant = self._means_caller(turns, readings)
            if guess is None and meant is not None:
                return {"phone": SlotValue(caller, _THIS_NUMBER, (meant,), confirmed=True)}
            if guess is not None:
                apart = sum(self._apart(one, caller) for one in guess.hearings)
                if apart - guess.cost <= _SWITCH * len(guess.hearings):
                    guess = replace(guess, digits=caller, confidence=max(guess.confidence, _THIS_NUMBER))
        if guess is None or guess.confidence < self._fill:
            return {}
        evidence = tuple(piece for one in guess.hearings for piece in one.evidence)
        both = len({one.speaker for one in guess.hearings}) > 1
        return {"phone": SlotValue(guess.digits, round(min(guess.confidence, 0.99), 3), evidence, confirmed=both)}

    def _hearings(self, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> list[_Hearing]:
        """Each time a number was said: one run, or the groups of one turn or of successive turns joined."""
        hearings: list[_Hearing] = []
        groups: dict[Speaker, list[tuple[int, DigitRun]]] = {Speaker.AGENT: [], Speaker.CITIZEN: []}
        for at, turn in enumerate(turns):
            reading = readings[at]
            if reading.corrects and any(len(run.heard) >= _LOCAL for run in reading.runs):
                hearings.clear()
            if at and readings[at - 1].about and readings[at - 1].runs:
                reading = replace(reading, about=True)
            pieces = groups[turn.speaker]
            pieces[:] = [(when, run) for when, run in pieces if at - when <= _NEAR]
            whole = False
            for run in reading.runs:
                begun = sum(len(one.heard) for _, one in pieces)
                if len(run.heard) > _WHOLE and begun + len(run.heard) != _MOBILE:
                    whole = True
                    hearings.append(_hearing([(turn, run)], reading, self._area, reading.others))
                else:
                    pieces.append((at, run))
            if 10 <= sum(len(run.heard) for _, run in pieces) <= _LONGEST:
                hearings.append(
                    _hearing([(turns[when], run) for when, run in pieces], replace(reading, about=True), self._area)
                )
                pieces.clear()
            if reading.others and not whole:
                hearings.append(_other_hearing(turn, reading, self._area))
        return hearings

    def _apart(self, hearing: _Hearing, digits: str) -> float:
        """What it costs that ``hearing`` was of the number ``digits``, in the reading that fits it best."""
        return min(
            self._mismatch(costs, digits) + (_OTHER if place else 0.0) for place, costs in enumerate(hearing.readings)
        )

    def _best(self, hearings: Sequence[_Hearing], allowed: tuple[str, ...]) -> _Guess | None:
        """The number that explains all hearings best; one of them may be about something else, at a price."""
        usable = [one for one in hearings if any(len(costs) >= len(allowed) - 3 for costs in one.readings)]
        chances: list[tuple[tuple[Costs, ...], ...]] = [(costs,) for one in usable for costs in one.readings]
        chances += [(one.readings[0], other.readings[0]) for one, other in combinations(usable, 2)]
        candidates: dict[str, Settled] = {}
        for some in chances:
            settled = self._settle(some, allowed)
            if settled is not None:
                candidates.setdefault(settled.digits, settled)
        guesses: list[tuple[float, _Guess]] = []
        for digits in candidates:
            costs = [self._apart(one, digits) for one in usable]
            heard = [one for one, cost in zip(usable, costs, strict=True) if cost < _UNRELATED]
            if heard:
                total = sum(
                    min(cost, _UNRELATED) * (_AGENT if one.speaker is Speaker.AGENT else 1.0)
                    for one, cost in zip(usable, costs, strict=True)
                )
                own = sum(cost for cost in costs if cost < _UNRELATED)
                guesses.append((total, _Guess(digits, 0.0, own, tuple(heard))))
        if not guesses:
            return None
        guesses.sort(key=lambda one: one[0])
        total, guess = guesses[0]
        rivals = sum(exp(-_RIVAL * (other - total)) for other, _ in guesses)
        speakers = {one.speaker for one in guess.hearings}
        ceiling = 0.99 if len(guess.hearings) > 1 else _ONE_AGENT if Speaker.AGENT in speakers else _ONE_CITIZEN
        doubt = sum(
            max(0.0, self._apart(one, guess.digits) - _TOLERATED)
            * (_BESIDE_AGENT if one.speaker is Speaker.CITIZEN and Speaker.AGENT in speakers else 1.0)
            for one in guess.hearings
        )
        if len(guess.hearings) == 1 and guess.cost >= _MISSING:
            ceiling *= _UNKNOWN_DIGIT
        about = any(one.about for one in guess.hearings)
        confidence = ceiling / (1 + doubt) / rivals * (1.0 if about else _ASIDE)
        return replace(guess, confidence=confidence)

    def _without_area(self, hearing: _Hearing) -> _Hearing:
        """The hearing from after the area code on, where it begins with one."""
        first = hearing.readings[0]
        for skip in range(3):
            costs = first[skip : skip + len(self._area)]
            rest = first[skip + len(self._area) :]
            if len(rest) >= _LOCAL - 1 and sum(
                one[int(digit)] for one, digit in zip(costs, self._area, strict=True)
            ) <= 0.3 * len(self._area):
                return replace(hearing, readings=(rest[: _LOCAL + 1],))
        return hearing

    def _means_caller(self, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> Evidence | None:
        """The words by which the caller gives the number the call comes from."""
        for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            if reading.this_number:
                return Evidence.of(turn, 0, len(turn.text))
            asked = at > 0 and readings[at - 1].asks_this and turn.speaker is Speaker.CITIZEN
            if asked and self._dialogue.assents(turn):
                return Evidence.of(turn, 0, len(turn.text))
        return None


def _begins_with(area: str, run: DigitRun) -> bool:
    """Whether the first digits that are surely some are the area code."""
    certain = next((at for at, one in enumerate(run.heard) if one.certain), 0)
    return run.digits.startswith(area, certain)


def _hearing(
    parts: Sequence[tuple[Turn, DigitRun]], reading: PhoneReading, area: str, others: Sequence[DigitRun] = ()
) -> _Hearing:
    """The number in ``parts``; ``others`` are other readings of the same."""
    first = [one for _, run in parts for one in run.heard]
    runs = {"".join(run.digits for _, run in parts): tuple(one.costs for one in first)}
    for run in others:
        runs.setdefault(run.digits, tuple(one.costs for one in run.heard))
    return _Hearing(
        readings=tuple(runs.values())[:_READINGS],
        evidence=tuple(Evidence.of(turn, run.start, run.end) for turn, run in parts),
        speaker=parts[-1][0].speaker,
        about=reading.about,
        landline=reading.landline or (reading.about and _begins_with(area, parts[0][1])),
    )


def _other_hearing(turn: Turn, reading: PhoneReading, area: str) -> _Hearing:
    """A number that only the other readings of a turn have, in its place in the turn as far as that can be told."""
    first, *others = reading.others
    hearing = _hearing([(turn, first)], reading, area, others)
    runs = reading.runs
    start, end = (runs[0].start, runs[-1].end) if runs else (0, len(turn.text))
    return replace(hearing, evidence=(Evidence.of(turn, start, end),))
