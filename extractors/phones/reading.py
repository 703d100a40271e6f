"""What one turn says of a phone number: a turn in, its digit runs and what is said about them out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.numbers.digits import READ_OUT, DigitReader, DigitRun, Heard
from extractors.numbers.groups_put_right import GroupsPutRight
from extractors.numbers.numbering_plan import LOCAL, NumberingPlan
from extractors.phones.calling_party import CallingParty
from extractors.phones.tails import Tail, Tails
from extractors.phones.written import WrittenPhone, WrittenPhones
from extractors.slots.extractor import Context
from extractors.text.cues import Cues
from extractors.turn import Speaker, Turn

_NUMBERS = frozenset({"phone", "order_no", "id_no", "plate_no"})
_BEGUN = re.compile(r"(?<!\d)1[3-9]\d[，。、,. ]*$")  # the first group of a mobile number at the end of a turn
_LETTERED = re.compile(r"[A-Za-z]{2}$")
_FIGURES = 4  # figures in a row from which words beside them that sound like digits are none
_LONGEST = 15  # more digits than this are another kind of number
_WHOLE = 7  # digits of a turn that speaks of no phone number from which they are looked at
_GROUP = 3  # the same of one that does
_BESIDE = 2  # characters between such a word and the digits
_NEAR = 4  # turns that may still speak of a phone number


@dataclass(frozen=True, slots=True)
class PhoneReading:
    """Digit runs of one turn that may belong to a phone number, and what is said about it."""

    runs: tuple[DigitRun, ...] = ()
    written: tuple[WrittenPhone, ...] = ()  # whole numbers, where nothing was misheard
    others: tuple[DigitRun, ...] = ()  # whole numbers in the other readings of the turn; places in those
    about: bool = False  # the turn or the question before speaks of a phone number
    asked: bool = False  # for a phone number and for no other one
    of_strangers: bool = False  # for a stranger's number
    landline: bool = False
    this_number: bool = False  # the caller means the number the call comes from
    asks_this: bool = False  # the agent asks whether it is that number
    corrects: bool = False
    incoming: bool = False  # and says so, and no digits
    tail: Tail | None = None  # the end of the number, put right


class PhoneReader:
    """Reads turns by the ``rules`` for numbers."""

    def __init__(
        self,
        reader: DigitReader,
        rules: Mapping[str, Any],
        dialogue: Dialogue,
        plan: NumberingPlan,
        written: WrittenPhones,
        words: Cues,
        not_phones: Cues,
    ) -> None:
        phone = rules["phone"]
        self._reader = reader
        self._dialogue = dialogue
        self._plan = plan
        self._written = written
        self._words = words
        self._not_phones = not_phones
        self._landline = Cues(phone["landline"])
        self._incoming = Cues([phone["incoming"]], sound=False)
        self._calling_party = CallingParty(phone, words)
        self._groups = GroupsPutRight(rules["dictation"])
        self._tails = Tails(rules, self._groups, dialogue)

    def read(self, turn: Turn, context: Context) -> PhoneReading:
        """The digit runs of ``turn`` and the words about a phone number."""
        asked = "phone" in context.expected
        about = asked or any(self._words.match(one.text) for one in (*context.before[-_NEAR:], turn))
        text = self._groups.said(turn.text)
        least = _GROUP if about or _BEGUN.search(text) else _WHOLE
        found = [run for run in map(_once, self._reader.runs(text, least)) if self._may_be_phone(text, run, asked)]
        named = self._after_label(text, found)
        runs = tuple(self._spelled_out(text, run) for run in found if run.start >= named or _certain(run) >= _WHOLE)
        others = tuple(
            self._spelled_out(other, max(heard, key=lambda run: len(run.heard)))
            for other in map(self._groups.said, turn.readings)
            if (heard := self._long_enough(other, asked))
        )
        citizen = turn.speaker is Speaker.CITIZEN
        tail = self._tails.read(turn, context.before)
        if tail is not None and tail.group:
            runs, others = (), ()
        this_number = citizen and self._calling_party.is_given(turn.text, context)
        return PhoneReading(
            runs=runs,
            written=self._written.read(turn, context),
            others=others if about or any(len(run.heard) > _WHOLE for run in runs) else (),
            about=about,
            asked=self._asked_alone(context),
            of_strangers=self._written.asks_for_strangers(context.before),
            landline=self._landline.match(turn.text),
            this_number=this_number,
            incoming=this_number and not runs and self._incoming.match(turn.text),
            asks_this=not citizen and self._calling_party.is_asked(turn.text, context),
            corrects=citizen
            and (self._dialogue.denies(turn) or any(self._puts_right(text, run.start) for run in runs)),
            tail=tail,
        )

    def _puts_right(self, text: str, at: int) -> bool:
        """Whether digits at ``at`` take the place of what was said before."""
        return self._dialogue.corrected_before(text, at) or self._written.is_instead(text[:at])

    def _asked_alone(self, context: Context) -> bool:
        """Whether a phone number was asked for, and no other number."""
        if context.expected & _NUMBERS:
            return context.expected & _NUMBERS == {"phone"}
        last = context.before[-1] if context.before else None
        return last is not None and last.speaker is Speaker.AGENT and self._landline.match(last.text)

    def _after_label(self, text: str, runs: Sequence[DigitRun]) -> int:
        """Where the digits begin that a word for a phone number stands right before: those before count something else
        (退回6400元、联系电话130); 0 where there are none.
        """
        labels = [end for _, end in self._words.spans(text)]
        return next((run.start for run in runs if any(0 <= run.start - end <= _BESIDE for end in labels)), 0)

    def _spelled_out(self, text: str, run: DigitRun) -> DigitRun:
        """Of ``run`` the whole number that stands in it in digits, or the figures that stand in it in a row: words
        beside them that sound like digits are none.
        """
        found = self._plan.whole.search(text, run.start, run.end)
        if found is not None:
            return DigitRun(tuple(one for one in run.heard if found.start() <= one.start < found.end()))
        return self._figures(text, run)

    def _figures(self, text: str, run: DigitRun) -> DigitRun:
        """Of ``run`` the figures with the numerals right beside them, where no word stands between figures; of a whole
        number in figures those alone.
        """
        at = [place for place, one in enumerate(run.heard) if _is_figure(text[one.start])]
        if len(at) < _FIGURES or at[-1] - at[0] >= len(at):
            return run
        first, last = at[0], at[-1] + 1
        whole = DigitRun(run.heard[first:last])
        if self._plan.whole_mobile.fullmatch(whole.digits):
            return whole
        if first and self._plan.whole_mobile.fullmatch(DigitRun(run.heard[first - 1 : last]).digits):
            return DigitRun(run.heard[first - 1 : last])  # 要37…
        while first and text[run.heard[first - 1].start] in READ_OUT:
            first -= 1
        while last < len(run.heard) and text[run.heard[last].start] in READ_OUT:
            last += 1
        if last == at[-1] + 2 and _begins_word(text, run.heard[at[-1]], run.heard[last - 1]):
            last -= 1
        return DigitRun(run.heard[first:last])

    def _long_enough(self, text: str, asked: bool) -> list[DigitRun]:
        runs = map(_once, self._reader.runs(text, LOCAL))
        return [run for run in runs if self._may_be_phone(text, run, asked)]

    def _may_be_phone(self, text: str, run: DigitRun, asked: bool) -> bool:
        """Whether ``run`` may be a number that was ``asked`` for, or one told unasked, which has no letter before it
        (SF1380427765519).
        """
        before = text[: run.start]
        if not asked and _LETTERED.search(before):
            return False
        return _certain(run) <= _LONGEST and not self._not_phones.match(before)


def _is_figure(char: str) -> bool:
    return char.isascii() and char.isdigit()


def _begins_word(text: str, figure: Heard, numeral: Heard) -> bool:
    """Whether ``numeral``, apart from the last ``figure``, begins a word (7841，一定)."""
    return figure.end < numeral.start and text[numeral.end : numeral.end + 1].isalnum()


def _once(run: DigitRun) -> DigitRun:
    """What was said twice in a row, the second time; else all of ``run``."""
    half = len(run.heard) // 2
    again = half >= LOCAL and len(run.heard) == 2 * half and run.digits[:half] == run.digits[half:]
    return DigitRun(run.heard[half:]) if again else run


def _certain(run: DigitRun) -> int:
    return sum(one.certain for one in run.heard)
