"""The caller's phone number, from all the times it is said.

In: turns. Out: the slot ``phone``: 11 digits of a mobile number, or a landline as ``020-83517762`` (the area code only
where it was said). The caller's words and the agent's read-backs are fused digit by digit (``extractors/digits.py``);
other readings of an utterance are as many chances to have heard it right; digits given in groups over several turns
are joined; what the caller corrects is dropped; the number the switch reports is used when the caller means it, or when
what was heard differs from it by next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from math import exp
from typing import Any

from extractors.cues import Cues
from extractors.dialogue import Dialogue
from extractors.digits import SURE, Costs, DigitReader, DigitRun, Settled, likeliest, mismatch, settle
from extractors.extractor import Context
from extractors.landlines import Landlines, Plain, is_part
from extractors.number_groups import said
from extractors.phone_tails import RECENT, Tail, Tails
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn
from extractors.written_phones import WrittenPhone, WrittenPhones

_MOBILE, _LOCAL = 11, 8
_NUMBERS = frozenset({"phone", "order_no", "id_no", "plate_no"})
_BEGUN = re.compile(r"(?<!\d)1[3-9]\d[，。、,. ]*$")  # the first group of a mobile number at the end of a turn
_LONGEST = 15  # more digits than this are another kind of number
_WHOLE = 7  # digits of a turn that speaks of no phone number from which they are looked at
_UNRELATED = 3.5  # a hearing that fits a number worse than this is about something else
_ELSEWHERE = 1.5  # the same where it is likely to be about something else
_LIKE, _CLEAR = 1.2, 0.2  # what a hearing costs by itself at most that is like such a number, and that is clearly one
_PART = 3  # digits fewer than a number has from which a hearing is of a part of it
_INCOMPLETE = 0.3  # what it costs that it is
_TOLERATED = 0.8  # cost a hearing of the right number may well have
_RIVAL = 3.0  # how fast a worse explanation loses probability
_AGENT = 2.0  # weight of the agent's read-backs: their audio is clearer
_REPEATED = 0.97  # certainty of a number that the agent read back as it was said
_WHOLE_NUMBER = 3.0  # weight of a hearing that has as many digits as a number
_ONE_AGENT, _ONE_CITIZEN = 0.88, 0.75  # certainty of a number heard once
_CONTRADICTED = 0.6  # share of the certainty where the agent read another number back
_BESIDE_AGENT = 0.15  # weight of a misfit in the caller's words where the agent's are there too
_MISSING, _UNKNOWN_DIGIT = 0.55, 0.2  # a digit nobody heard is a guess, and which of too many is none
_SWITCH = 1.0  # cost by hearing up to which the switch's number is taken for the one heard
_ASIDE, _PLAIN = 0.6, 0.75  # share of confidence where nothing says that the digits are a phone number; but their form
_THIS_NUMBER = 0.95  # confidence in the switch's number when the caller says it is the one
_BESIDE = 2  # characters between such a word and the digits
_NAMED = 6  # characters between a word for a phone number and its digits
_WORDS = 2  # syllables of a run that may be none of its digits
_NEAR = 4  # turns that may still speak of a phone number
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
    asked: bool = False  # for a phone number and for no other one
    landline: bool = False
    this_number: bool = False  # the caller means the number the call comes from
    asks_this: bool = False  # the agent asks whether it is that number
    corrects: bool = False
    tail: Tail | None = None  # the end of the number, put right


@dataclass(frozen=True, slots=True)
class _Hearing:
    readings: tuple[tuple[Costs, ...], ...]  # the likeliest first
    evidence: tuple[Evidence, ...]
    speaker: Speaker
    about: bool
    landline: bool
    plain: Plain


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
        self._this_number, self._this_when_asked, self._asked_this = (
            Cues(one.replace("<哪个>", phone["which"]).replace("<号码>", phone["number"]) for one in phone[name])
            for name in ("this_number", "this_number_asked", "asked_this_number")
        )
        self._not_this = re.compile(phone["not_this_number"])
        self._tail = re.compile(phone["tail"])
        labels = [f"(?:{word})[^，。？！?!0-9]{{0,6}}[是为，：: ]{{0,2}}$" for word in rules["labels_before"]]
        self._other = Cues([*labels, *(f"(?:{word})[是为，：: ]{{0,2}}$" for word in rules["other_before"])])
        self._tails = Tails(phone["tails"], dialogue)
        self._written = WrittenPhones(rules, dialogue, self._other)
        self._area: str = phone["area_code"]
        self._fill: float = phone["fill"]
        any_digit = "0123456789"
        self._mobile = (*phone["prefixes"], *[any_digit] * (_MOBILE - len(phone["prefixes"])))
        self._local = (phone["local_first"], *[any_digit] * (_LOCAL - 1))
        mobile = "".join(f"[{digits}]" for digits in phone["prefixes"]) + rf"\d{{{_MOBILE - len(phone['prefixes'])}}}"
        local = f"{self._area}[，, ]?[{phone['local_first']}]\\d{{{_LOCAL - 1}}}"
        self._whole = re.compile(rf"(?<!\d)(?:{mobile}|{local})(?!\d)")
        self._whole_mobile = re.compile(mobile)
        self._landlines = Landlines(self._area, phone["local_first"], self._whole_mobile)
        self._settle = lru_cache(maxsize=1024)(settle)
        self._mismatch = lru_cache(maxsize=4096)(mismatch)

    def read(self, turn: Turn, context: Context) -> PhoneReading:
        """The digit runs of ``turn`` and the words about a phone number."""
        asked = "phone" in context.expected
        about = asked or any(self._words.match(one.text) for one in (*context.before[-_NEAR:], turn))
        least = 3 if about or _BEGUN.search(turn.text) else _WHOLE
        found = [run for run in map(_once, self._reader.runs(turn.text, least)) if self._may_be_phone(turn.text, run)]
        named = self._after_label(turn.text, found)
        runs = tuple(self._spelled_out(turn.text, run) for run in found if run.start >= named or _count(run) >= _WHOLE)
        others = tuple(
            max(heard, key=lambda run: len(run.heard))
            for text in turn.readings
            if (heard := [run for run in map(_once, self._reader.runs(text, _LOCAL)) if self._may_be_phone(text, run)])
        )
        citizen = turn.speaker is Speaker.CITIZEN
        return PhoneReading(
            runs=runs,
            written=self._written.read(turn, context),
            others=others if about or any(len(run.heard) > _WHOLE for run in runs) else (),
            about=about,
            asked=self._asked_alone(context),
            landline=self._landline.match(turn.text),
            this_number=citizen and self._gives_this(turn.text, context),
            asks_this=not citizen and self._asks_this(turn.text, context),
            corrects=citizen
            and (self._dialogue.denies(turn) or any(self._dialogue.corrected_before(turn.text, r.start) for r in runs)),
            tail=self._tails.read(turn),
        )

    def _asked_alone(self, context: Context) -> bool:
        """Whether a phone number was asked for, and no other number."""
        if context.expected & _NUMBERS:
            return context.expected & _NUMBERS == {"phone"}
        last = context.before[-1] if context.before else None
        return last is not None and last.speaker is Speaker.AGENT and self._landline.match(last.text)

    def _gives_this(self, text: str, context: Context) -> bool:
        """Whether the caller gives the number the call comes from."""
        if self._not_this.search(text):
            return False
        asked = "phone" in context.expected or (bool(context.before) and self._words.match(context.before[-1].text))
        tail = self._tail.search(text)
        if tail is not None:
            return asked and _ends_with(context.caller_number, tail[1])
        return self._this_number.match(text) or (asked and self._this_when_asked.match(text))

    def _asks_this(self, text: str, context: Context) -> bool:
        """Whether the agent asks if the caller's number is the one the call comes from."""
        tail = self._tail.search(text)
        return self._asked_this.match(text) if tail is None else _ends_with(context.caller_number, tail[1])

    def _after_label(self, text: str, runs: Sequence[DigitRun]) -> int:
        """Where the digits begin that a word for a phone number stands right before: those before count something else
        (退回6400元、联系电话130); 0 where there are none.
        """
        labels = [end for _, end in self._words.spans(text)]
        return next((run.start for run in runs if any(0 <= run.start - end <= _BESIDE for end in labels)), 0)

    def _spelled_out(self, text: str, run: DigitRun) -> DigitRun:
        """Of ``run`` the whole number that stands in it in digits: words beside it that sound like some are none."""
        found = self._whole.search(text, run.start, run.end)
        if found is None:
            return run
        return DigitRun(tuple(one for one in run.heard if found.start() <= one.start < found.end()))

    def _may_be_phone(self, text: str, run: DigitRun) -> bool:
        return sum(one.certain for one in run.heard) <= _LONGEST and not self._other.match(text[: run.start])

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[PhoneReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The phone number after ``turns``."""
        tails = [reading.tail for reading in readings]
        written = self._written.fold(turns, [reading.written for reading in readings], tails)
        fused = _with_tails(self._fused(turns, readings, context), turns, tails)
        if written is None or ("phone" in fused and fused["phone"].value == context.caller_number):
            return fused
        return {"phone": written}

    def _fused(
        self, turns: Sequence[Turn], readings: Sequence[PhoneReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The number that all hearings together give."""
        hearings = self._hearings(turns, readings)[-_RECENT:]
        guess = self._repeated(hearings) or self._plain_landline(hearings) or self._best(hearings, self._mobile)
        if any(one.landline for one in hearings) and not (guess and self._explains_landline(guess)):
            local = self._best([self._without_area(one) for one in hearings], self._local)
            if local is not None and (guess is None or local.confidence > min(guess.confidence, self._fill)):
                said_area = any(self._without_area(one) is not one for one in hearings)
                guess = replace(local, digits=f"{self._area}-{local.digits}" if said_area else local.digits)
        caller = context.caller_number
        if caller is not None:
            meant = self._means_caller(turns, readings)
            if guess is None and meant is not None:
                return {"phone": SlotValue(caller, _THIS_NUMBER, (meant,), confirmed=True)}
            if guess is not None and len(caller) == _MOBILE and caller.isdigit():
                apart = sum(self._apart(one, caller) for one in guess.hearings)
                if apart - guess.cost <= _SWITCH * len(guess.hearings):
                    guess = replace(guess, digits=caller, confidence=max(guess.confidence, _THIS_NUMBER))
        if guess is None or guess.confidence < self._fill:
            return {}
        evidence = tuple(piece for one in guess.hearings for piece in one.evidence)
        both = len({one.speaker for one in guess.hearings}) > 1
        return {"phone": SlotValue(guess.digits, round(min(guess.confidence, 0.99), 3), evidence, confirmed=both)}

    def _repeated(self, hearings: Sequence[_Hearing]) -> _Guess | None:
        """The whole mobile number that the agent read back last as the caller had said it, digit by digit."""
        agents = [one for one in hearings if one.speaker is Speaker.AGENT]
        digits = _plainly(agents[-1].readings[0]) if agents else ""
        callers = [one for one in hearings if one.speaker is Speaker.CITIZEN and digits in map(_plainly, one.readings)]
        if not callers or self._whole_mobile.fullmatch(digits) is None:
            return None
        return _Guess(digits, _REPEATED, 0.0, (*callers, agents[-1]))

    def _plain_landline(self, hearings: Sequence[_Hearing]) -> _Guess | None:
        """The landline that was said digit by digit."""
        found = self._landlines.find([one.plain for one in hearings])
        if found is None:
            return None
        number, confidence = found
        same = tuple(one for one in hearings if one.plain.digits[0].endswith(number[-_LOCAL:]))
        return _Guess(number, confidence, 0.0, same)

    def _explains_landline(self, guess: _Guess) -> bool:
        """Whether a mobile number is sure although a landline was spoken of: what was said then is that number."""
        return guess.confidence >= self._fill and any(one.landline for one in guess.hearings)

    def _hearings(self, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> list[_Hearing]:
        """Each time a number was said: one run, or the groups of one turn or of successive turns joined."""
        corrected = [
            at
            for at, reading in enumerate(readings)
            if (reading.corrects and _long(reading.runs))
            or (reading.tail and any(_long(later.runs) for later in readings[at + 1 :]))
        ]
        first = corrected[-1] if corrected else 0
        runs = [reading.runs if at >= first else () for at, reading in enumerate(readings)]
        hearings: list[tuple[int, _Hearing]] = []
        heard_whole = set()
        for one in said(turns, runs, _MOBILE, _LOCAL):
            at = one.runs[-1][0]
            reading = readings[at]
            asked = at > 0 and readings[at - 1].about and bool(readings[at - 1].runs)
            if len(one.runs) > 1 or asked:
                reading = replace(reading, about=True)
            whole = DigitRun(tuple(syllable for _, run in one.runs for syllable in run.heard))
            others = reading.others if len(one.runs) == 1 else ()
            evidence = tuple(Evidence.of(turns[n], run.start, run.end) for n, run in one.runs)
            reading = replace(reading, asked=any(readings[n].asked for n, _ in one.runs))
            hearings.append((at, self._hearing((whole, *others), turns, reading, evidence)))
            heard_whole.add(at)
        for at, reading in enumerate(readings):
            if at >= first and reading.others and at not in heard_whole:
                evidence = (_place(turns[at], reading.runs),)
                hearings.append((at, self._hearing(reading.others, turns, reading, evidence)))
        return [hearing for _, hearing in sorted(hearings, key=lambda item: item[0])]

    def _hearing(
        self,
        runs: Sequence[DigitRun],
        turns: Sequence[Turn],
        reading: PhoneReading,
        evidence: tuple[Evidence, ...],
    ) -> _Hearing:
        """A number that was heard as each of ``runs``, the likeliest first."""
        first, last = evidence[0], evidence[-1]
        turn = next(one for one in turns if one.id == last.turn)
        begin = next(one for one in turns if one.id == first.turn).text
        landline = reading.landline or (reading.about and _begins_with(self._area, runs[0]))
        different = _different(runs)
        plain = Plain(
            turn.speaker,
            tuple(_plainly(_without_words(costs)) for costs in different),
            asked=reading.asked,
            named=any(first.start - end <= _NAMED for _, end in self._words.spans(begin[: first.start + _WORDS])),
            own=not self._written.is_anothers(begin[: first.start], turn.text[last.end :]),
            part=is_part([one for one in turns if one.speaker is turn.speaker], first, last),
        )
        return _Hearing(different, evidence, turn.speaker, reading.about, landline, plain)

    def _apart(self, hearing: _Hearing, digits: str) -> float:
        """What it costs that ``hearing`` was of the number ``digits``, in the reading that fits it best."""
        return min(
            self._unlike(costs, digits) + (_OTHER if place else 0.0) for place, costs in enumerate(hearing.readings)
        )

    def _unlike(self, costs: tuple[Costs, ...], digits: str) -> float:
        """What it costs that ``costs`` were heard for ``digits``, or for a part of them where they are too few."""
        lacking = len(digits) - len(costs)
        if lacking < _PART:
            return self._mismatch(costs, digits)
        parts = (digits[start : start + len(costs)] for start in range(lacking + 1))
        return _INCOMPLETE + min(self._mismatch(costs, part) for part in parts)

    def _best(self, hearings: Sequence[_Hearing], allowed: tuple[str, ...]) -> _Guess | None:
        """The number that explains all hearings best; one of them may be about something else, at a price."""
        usable = [one for one in hearings if any(len(costs) >= len(allowed) - _PART for costs in one.readings)]
        whole = [one for one in usable if any(len(costs) > len(allowed) - _PART for costs in one.readings)]
        chances: list[tuple[tuple[Costs, ...], ...]] = [(costs,) for one in whole for costs in one.readings]
        chances += [(one.readings[0], other.readings[0]) for one, other in combinations(whole, 2)]
        alone = [self._alone(one, allowed) for one in usable]
        clear = [one for one, cost in zip(usable, alone, strict=True) if cost < _CLEAR]
        if any(one not in clear and not one.about for one in usable) and clear:
            return self._best([one for one in hearings if one.about or one in clear], allowed)
        beside = [
            _UNRELATED if one.about and cost < _LIKE else _ELSEWHERE for one, cost in zip(usable, alone, strict=True)
        ]
        candidates: dict[str, Settled] = {}
        for some in chances:
            settled = self._settle(some, allowed)
            if settled is not None:
                candidates.setdefault(settled.digits, settled)
        guesses: list[tuple[float, _Guess]] = []
        for digits in candidates:
            costs = [self._apart(one, digits) for one in usable]
            heard = [one for one, cost, most in zip(usable, costs, beside, strict=True) if cost < most]
            if heard:
                total = sum(
                    min(cost, most) * self._weight(one, len(allowed))
                    for one, cost, most in zip(usable, costs, beside, strict=True)
                )
                own = sum(cost for cost, most in zip(costs, beside, strict=True) if cost < most)
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
            * (
                _BESIDE_AGENT
                if one.speaker is Speaker.CITIZEN and Speaker.AGENT in speakers and one not in clear
                else 1.0
            )
            for one in guess.hearings
        )
        if len(guess.hearings) == 1 and (
            guess.cost >= _MISSING or not any(_certain(one) <= len(allowed) for one in guess.hearings[0].readings)
        ):
            ceiling *= _UNKNOWN_DIGIT
        if Speaker.AGENT not in speakers and any(
            one.speaker is Speaker.AGENT and most == _UNRELATED and one not in guess.hearings
            for one, most in zip(usable, beside, strict=True)
        ):
            ceiling *= _CONTRADICTED
        about = any(one.about for one in guess.hearings)
        plain = len(allowed) == _MOBILE and any(
            one.speaker is Speaker.CITIZEN and len(one.readings[0]) == _MOBILE == _certain(one.readings[0])
            for one in guess.hearings
        )
        confidence = ceiling / (1 + doubt) / rivals * (1.0 if about else _PLAIN if plain else _ASIDE)
        return replace(guess, confidence=confidence)

    @staticmethod
    def _weight(hearing: _Hearing, length: int) -> float:
        """How much it says that a number does not fit ``hearing``: more where that has as many digits as the number."""
        whole = any(len(_plainly(reading)) == length for reading in hearing.readings[:1])
        return (_AGENT if hearing.speaker is Speaker.AGENT else 1.0) * (_WHOLE_NUMBER if whole else 1.0)

    def _alone(self, hearing: _Hearing, allowed: tuple[str, ...]) -> float:
        """What it costs, by itself, that a hearing is of a whole number like the one sought."""
        found = [self._settle((costs,), allowed) for costs in hearing.readings]
        return min(one.cost if one is not None else _UNRELATED for one in found)

    def _without_area(self, hearing: _Hearing) -> _Hearing:
        """The hearing from after the area code on, in each reading that begins with one."""
        rests = [self._after_area(costs) for costs in hearing.readings]
        if not any(rests):
            return hearing
        readings = tuple(rest or costs for rest, costs in zip(rests, hearing.readings, strict=True))
        return replace(hearing, readings=readings)

    def _after_area(self, reading: tuple[Costs, ...]) -> tuple[Costs, ...]:
        """The digits after an area code at the beginning of ``reading``; none where there is none."""
        for skip in range(3):
            costs = reading[skip : skip + len(self._area)]
            rest = reading[skip + len(self._area) :]
            if len(rest) >= _LOCAL - 1 and sum(
                one[int(digit)] for one, digit in zip(costs, self._area, strict=True)
            ) <= 0.3 * len(self._area):
                return rest[: _LOCAL + 1]
        return ()

    def _means_caller(self, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> Evidence | None:
        """The words by which the caller gives the number the call comes from."""
        for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            if reading.this_number:
                return Evidence.of(turn, 0, len(turn.text))
            asked = at > 0 and readings[at - 1].asks_this and turn.speaker is Speaker.CITIZEN
            if asked and self._dialogue.assents(turn):
                return Evidence.of(turn, 0, len(turn.text))
        return None


def _ends_with(number: str | None, tail: str) -> bool:
    return number is not None and number.endswith(tail)


def _with_tails(
    values: Mapping[str, SlotValue], turns: Sequence[Turn], tails: Sequence[Tail | None]
) -> Mapping[str, SlotValue]:
    """``values`` with the end of the number put right by what was said soon after it."""
    value = values.get("phone")
    if value is None:
        return values
    places = {turn.id: place for place, turn in enumerate(turns)}
    last = max(places[one.turn] for one in value.evidence)
    for tail in tails[last : last + RECENT + 1]:
        if tail is not None and not str(value.value).endswith(tail.digits):
            put_right = tail.put_in(str(value.value))
            value = replace(value, value=put_right, evidence=(*value.evidence, tail.evidence), confirmed=False)
    return {"phone": value}


def _once(run: DigitRun) -> DigitRun:
    """What was said twice in a row, the second time; else all of ``run``."""
    half = len(run.heard) // 2
    again = half >= _LOCAL and len(run.heard) == 2 * half and run.digits[:half] == run.digits[half:]
    return DigitRun(run.heard[half:]) if again else run


def _count(run: DigitRun) -> int:
    return sum(one.certain for one in run.heard)


def _plainly(reading: Sequence[Costs]) -> str:
    """The digits of a reading in which each is one in its own right; empty where some are not."""
    return likeliest(reading) if _certain(reading) == len(reading) else ""


def _without_words(reading: Sequence[Costs]) -> Sequence[Costs]:
    """A reading without the few syllables at its ends that are digits by their neighbours alone."""
    sure = [at for at, costs in enumerate(reading) if min(costs) <= SURE]
    return reading[sure[0] : sure[-1] + 1] if sure and len(reading) - (sure[-1] + 1 - sure[0]) <= _WORDS else reading


def _certain(reading: Sequence[Costs]) -> int:
    """Its digits that are some in their own right."""
    return sum(min(costs) <= SURE for costs in reading)


def _long(runs: Sequence[DigitRun]) -> bool:
    return any(len(run.heard) >= _LOCAL for run in runs)


def _begins_with(area: str, run: DigitRun) -> bool:
    """Whether the first digits that are surely some are the area code."""
    certain = next((at for at, one in enumerate(run.heard) if one.certain), 0)
    return run.digits.startswith(area, certain)


def _different(runs: Sequence[DigitRun]) -> tuple[tuple[Costs, ...], ...]:
    """The first of ``runs`` whose digits differ."""
    readings: dict[str, tuple[Costs, ...]] = {}
    for run in runs:
        readings.setdefault(run.digits, tuple(one.costs for one in run.heard))
    return tuple(readings.values())[:_READINGS]


def _place(turn: Turn, runs: Sequence[DigitRun]) -> Evidence:
    """Where ``turn`` has what only other readings of it hear as a number, as far as that can be told."""
    start, end = (runs[0].start, runs[-1].end) if runs else (0, len(turn.text))
    return Evidence.of(turn, start, end)
