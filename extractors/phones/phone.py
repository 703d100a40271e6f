"""The caller's phone number, from all the times it is said.

In: turns. Out: the slot ``phone``: 11 digits of a mobile number, or a landline as ``020-83517762`` (the area code only
where it was said). The caller's words and the agent's read-backs are fused digit by digit (`extractors.phones.fusion`);
other readings of an utterance are as many chances to have heard it right, and digits given in groups over several turns
are joined (`extractors.phones.hearings`); what the caller corrects is dropped; the number the switch reports is used
when the caller means it (`extractors.phones.calling_party`), or when what was heard differs from it by next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.numbers.digits import DigitReader, likeliest
from extractors.numbers.numbering_plan import LOCAL, MOBILE, numbering_plan
from extractors.phones.fusion import Guess, PhoneFusion
from extractors.phones.hearings import Hearing, Hearings, plainly
from extractors.phones.landlines import Landlines
from extractors.phones.reading import PhoneReader, PhoneReading
from extractors.phones.tails import RECENT, Tail
from extractors.phones.written import WrittenPhones
from extractors.slots.extractor import Context
from extractors.text.cues import Cues
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_REPEATED = 0.97  # certainty of a number that the agent read back as it was said
_NEARLY_REPEATED = 0.9  # the same of one that other readings have so
_THIS_NUMBER = 0.95  # confidence in the switch's number when the caller says it is the one
_SWITCH = 1.0  # cost by hearing up to which the switch's number is taken for the one heard
_MOST_CERTAIN = 0.99
_RECENT = 4  # hearings considered, the latest


class PhoneExtractor:
    """Fills ``phone``."""

    slots: tuple[str, ...] = ("phone",)

    def __init__(self, reader: DigitReader, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        phone = rules["phone"]
        labels = [f"(?:{word})[^，。？！?!0-9]{{0,6}}[是为，：: ]{{0,2}}$" for word in rules["labels_before"]]
        not_phones = Cues([*labels, *(f"(?:{word})[是为，：: ]{{0,2}}$" for word in rules["other_before"])])
        words = Cues(phone["words"])
        self._dialogue = dialogue
        self._fill: float = phone["fill"]
        self._plan = numbering_plan(phone)
        self._written = WrittenPhones(rules, dialogue, not_phones)
        self._reader = PhoneReader(reader, rules, dialogue, self._plan, self._written, words, not_phones)
        self._hearings = Hearings(words, self._written, self._plan.area, self._plan.local_first)
        self._fusion = PhoneFusion(self._plan.area)
        self._landlines = Landlines(self._plan.area, self._plan.local_first, self._plan.whole_mobile)

    def read(self, turn: Turn, context: Context) -> PhoneReading:
        """The digit runs of ``turn`` and the words about a phone number."""
        return self._reader.read(turn, context)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[PhoneReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The phone number after ``turns``."""
        tails = [reading.tail for reading in readings]
        written = self._written.fold(turns, [reading.written for reading in readings], tails)
        fused = _with_tails(self._fused(turns, readings, context), turns, tails)
        by_switch = "phone" in fused and fused["phone"].value == context.caller_number
        values = fused if written is None or by_switch else {"phone": written}
        incoming = next((turn for turn, one in zip(turns, readings, strict=True) if one.incoming), None)
        if "phone" not in values or incoming is None or context.caller_number is None:
            return values
        if values["phone"].confirmed or self._is_own(values["phone"], turns, readings):
            return values
        return {"phone": _this_number(context.caller_number, Evidence.of(incoming, 0, len(incoming.text)))}

    def _is_own(self, number: SlotValue, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> bool:
        """Whether ``number`` was asked for or told as the caller's own."""
        places = {turn.id: place for place, turn in enumerate(turns)}
        return any(
            readings[places[one.turn]].asked or self._written.is_own(turns[places[one.turn]].text[: one.start])
            for one in number.evidence
        )

    def _fused(
        self, turns: Sequence[Turn], readings: Sequence[PhoneReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The number that all hearings together give."""
        heard = self._hearings.of(turns, readings)
        hearings = [one for one in heard if self._may_be_the_callers(one, turns, readings)]
        told = {_local(one) for one in heard if one not in hearings and self._is_told(one, turns)}
        told |= {_local(one) for one in heard if one.strangers}
        hearings = [one for one in hearings if _local(one) not in told]
        hearings = ([one for one in hearings if not one.spare] or hearings)[-_RECENT:]
        guess = (
            self._repeated(hearings)
            or self._nearly_repeated(hearings)
            or self._plain_landline(hearings)
            or self._fusion.best(hearings, self._plan.mobile)
        )
        if any(one.landline for one in hearings) and not (guess and self._explains_landline(guess)):
            local = self._fusion.best([self._fusion.without_area(one) for one in hearings], self._plan.local)
            if local is not None and (guess is None or local.confidence > min(guess.confidence, self._fill)):
                said_area = any(self._fusion.without_area(one) is not one for one in hearings)
                guess = replace(local, digits=f"{self._plan.area}-{local.digits}" if said_area else local.digits)
        caller = context.caller_number
        if caller is not None:
            meant = self._means_caller(turns, readings)
            if guess is None and meant is not None:
                return {"phone": _this_number(caller, meant)}
            if guess is not None and len(caller) == MOBILE and caller.isdigit():
                apart = sum(self._fusion.apart(one, caller) for one in guess.hearings)
                if apart - guess.cost <= _SWITCH * len(guess.hearings):
                    guess = replace(guess, digits=caller, confidence=max(guess.confidence, _THIS_NUMBER))
        if guess is None or guess.confidence < self._fill:
            return {}
        evidence = tuple(piece for one in guess.hearings for piece in one.evidence)
        both = len({one.speaker for one in guess.hearings}) > 1
        return {
            "phone": SlotValue(guess.digits, round(min(guess.confidence, _MOST_CERTAIN), 3), evidence, confirmed=both)
        }

    def _may_be_the_callers(self, hearing: Hearing, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> bool:
        """Whether a number of the agent's may be the caller's: it is not told to the caller, and the caller is asked
        for one, said digits before, puts the end of it right, or agrees to it.
        """
        if hearing.speaker is Speaker.CITIZEN:
            return True
        if self._is_told(hearing, turns):
            return False
        last = hearing.evidence[-1]
        at = next(place for place, turn in enumerate(turns) if turn.id == last.turn)
        before = zip(turns[:at], readings, strict=False)
        said = (one.runs or one.others or one.asked for turn, one in before if turn.speaker is Speaker.CITIZEN)
        asked = "phone" in self._dialogue.expected(turns[at])
        amended = any(one.tail is not None for one in readings[at + 1 : at + 2])
        return asked or amended or any(said) or self._dialogue.verdict(turns, at, last.start) is True

    def _is_told(self, hearing: Hearing, turns: Sequence[Turn]) -> bool:
        """Whether a number is one that the agent tells the caller."""
        last = hearing.evidence[-1]
        at = next(place for place, turn in enumerate(turns) if turn.id == last.turn)
        return self._dialogue.informs(turns, at, last.start)

    def _repeated(self, hearings: Sequence[Hearing]) -> Guess | None:
        """The whole mobile number that the agent read back last as the caller had said it, digit by digit."""
        agents = [one for one in hearings if one.speaker is Speaker.AGENT]
        digits = plainly(agents[-1].readings[0]) if agents else ""
        callers = [one for one in hearings if one.speaker is Speaker.CITIZEN and digits in map(plainly, one.readings)]
        if not callers or self._plan.whole_mobile.fullmatch(digits) is None:
            return None
        return Guess(digits, _REPEATED, 0.0, (*callers, agents[-1]))

    def _nearly_repeated(self, hearings: Sequence[Hearing]) -> Guess | None:
        """The one whole mobile number that the caller's last words and the agent's last read-back have both, where what
        is heard likeliest differs: in the likeliest reading of one and another reading of the other, of which one may
        have a digit more or less.
        """
        last = {one.speaker: one for one in hearings}
        if len(last) < len(Speaker):
            return None
        caller, agent = last[Speaker.CITIZEN], last[Speaker.AGENT]
        numbers: set[str] = set()
        for one, other in ((caller, agent), (agent, caller)):
            likeliest, *others = map(plainly, one.readings)
            first, *rest = map(plainly, other.readings)
            if self._is_nearly(likeliest, first):
                return None
            numbers |= {likeliest for digits in rest if self._is_nearly(likeliest, digits)}
            numbers |= {digits for digits in others if self._is_nearly(digits, first)}
        if len(numbers) != 1:
            return None
        return Guess(numbers.pop(), _NEARLY_REPEATED, 0.0, (caller, agent))

    def _is_nearly(self, number: str, digits: str) -> bool:
        """Whether ``number`` is a whole mobile number, and ``digits`` the same but for one more or less at most."""
        if self._plan.whole_mobile.fullmatch(number) is None:
            return False
        shorter, longer = sorted((number, digits), key=len)
        lacking = (longer[:at] + longer[at + 1 :] for at in range(len(longer)))
        return number == digits or shorter in lacking

    def _plain_landline(self, hearings: Sequence[Hearing]) -> Guess | None:
        """The landline that was said digit by digit."""
        found = self._landlines.find([one.plain for one in hearings])
        if found is None:
            return None
        number, confidence = found
        same = tuple(one for one in hearings if one.plain.digits[0].endswith(number[-LOCAL:]))
        return Guess(number, confidence, 0.0, same)

    def _explains_landline(self, guess: Guess) -> bool:
        """Whether a mobile number is sure although a landline was spoken of: what was said then is that number."""
        return guess.confidence >= self._fill and any(one.landline for one in guess.hearings)

    def _means_caller(self, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> Evidence | None:
        """The words by which the caller gives the number the call comes from."""
        for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            if reading.this_number:
                return Evidence.of(turn, 0, len(turn.text))
            asked = at > 0 and readings[at - 1].asks_this and turn.speaker is Speaker.CITIZEN
            if asked and self._dialogue.assents(turn):
                return Evidence.of(turn, 0, len(turn.text))
        return None


def _this_number(caller: str, meant: Evidence) -> SlotValue:
    """The number that the call comes from, by the words that mean it."""
    return SlotValue(caller, _THIS_NUMBER, (meant,), confirmed=True)


def _local(hearing: Hearing) -> str:
    """The last digits of what was heard likeliest, as many as a landline has."""
    return likeliest(hearing.readings[0])[-LOCAL:]


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
        put_right = tail.put_in(str(value.value)) if tail is not None else value.value
        if tail is not None and put_right != value.value:
            value = replace(value, value=put_right, evidence=(*value.evidence, tail.evidence), confirmed=False)
    return {"phone": value}
