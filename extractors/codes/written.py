"""Order, receipt and case numbers whose characters all stand there, as the caller dictates and the agent repeats them.

In: turns. Out: one such number. An agent's number counts as the caller's where the caller's words hold its letters and
digits in their order, however they were grouped, begun again or added to ("0103，2509，前面有字母GZ" → GZ01032509).
`extractors.codes.order_no` hears numbers in what is misspelt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.codes.idcard import is_valid
from extractors.codes.labels import CodeLabels
from extractors.conversation.dialogue import Dialogue
from extractors.numbers.dictated import Dictated, Dictation, symbols, within
from extractors.slots.extractor import Context
from extractors.text.cues import Cues, alternatives
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_REACH = 24  # characters between the word for the number and the number
_NEAR = 3  # turns before, in which the word may stand
_PHONE_NEAR = 2  # turns before, in which a phone number may have been asked for
_SAID = 6  # turns before, in which the caller said what the agent repeats
_SYMBOLS, _DIGITS = 6, 4  # a number has so many
_UNNAMED = range(12, 15)  # digits of a number that nobody calls one: fewer are of a phone, more of a card or a person
_TELLING = (2, 6)  # letters and digits by which a number shows what it is
_HELD, _FOREIGN = 0.8, 0.5  # share of the agent's number that the caller said: it is the caller's; it is another
_BOTH, _REPEATED, _LABELLED, _ALONE = 0.97, 0.85, 0.75, 0.6
_PHONE = re.compile(r"1[3-9]\d{9}|0(?:10|2\d)[2-8]\d{7}|[2-8]\d{7}")


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """A number of one turn; ``labelled``: a word for it was said; ``whole``: no syllable before it may belong to it,
    misheard (``吉爱克4202510``).
    """

    code: Dictated
    labelled: bool
    evidence: Evidence
    corrects: bool
    whole: bool


@dataclass(slots=True)
class _Candidate:
    written: str
    speakers: set[Speaker] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    labelled: bool = False
    telling: bool = False
    exact: bool = False
    last: int = 0

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        return self.exact, Speaker.AGENT in self.speakers, self.labelled, self.last

    @property
    def confidence(self) -> float:
        if self.exact:
            return _BOTH
        if Speaker.AGENT in self.speakers:
            return _REPEATED
        return _LABELLED if self.labelled else _ALONE


class WrittenCodes:
    """Finds the numbers of a call that are there to be read."""

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        order = rules["order"]
        self._dictation = Dictation(rules["dictation"])
        self._dialogue = dialogue
        self._phone = Cues(rules["phone"]["words"], sound=False)
        self._words = CodeLabels([*order["words"], *order["papers"]], order, sound=False)
        self._labels = CodeLabels(order["words"], order, sound=False)
        self._other = naming_another(order["other"])
        self._another = re.compile(alternatives(order["another"]))
        self._counts: tuple[str, ...] = tuple(order["not_followed_by"])
        self._provinces = frozenset(rules["plate"]["provinces"])
        self._least: int = order["least"]
        self._lead = leading(order["lead"])

    def read(self, turn: Turn, context: Context) -> tuple[WrittenCode, ...]:
        """The numbers of ``turn``."""
        near = "order_no" in context.expected or (
            "id_no" not in context.expected and any(self._words.match(one.text) for one in context.before[-_NEAR:])
        )
        phone = self._of_phone(turn, context)
        another = phone or any(self._another.search(one.text) for one in context.before[-_PHONE_NEAR:])
        return tuple(self._read(turn, near and not phone, another=another))

    def _read(self, turn: Turn, near: bool, *, another: bool) -> Iterator[WrittenCode]:
        text = turn.text
        for one in self._dictation.read(text):
            said = self._words.ends(text[: one.end])
            here = any(0 <= one.start - end <= _REACH or one.start < end for end in said)
            if one.broken or not self._is_number(text, one, here or near, another=another):
                continue
            yield WrittenCode(
                one,
                here or near,
                Evidence.of(turn, one.start, one.end),
                turn.speaker is Speaker.CITIZEN and self._dialogue.corrected_before(text, one.start),
                self._lead.search(text[: one.start]) is not None,
            )

    def _is_number(self, text: str, one: Dictated, told: bool, *, another: bool) -> bool:
        if len(one.symbols) < _SYMBOLS or one.digits < _DIGITS or text[one.end :].lstrip().startswith(self._counts):
            return False
        if text[: one.start].rstrip().endswith(tuple(self._provinces)):
            return False
        before = text[: one.start]
        other = self._other.search(before)
        labels = self._labels.ends(before)
        if other is not None and (not labels or labels[-1] < other.end()):
            return False
        if is_valid(one.symbols.upper()):
            return False
        if not one.symbols.isdigit():
            return one.code[0].isalpha() or told
        if labels:
            return True
        long = one.digits in _UNNAMED and not another  # one without a word for it counts where the agent repeats it
        return (long or (told and one.digits >= self._least)) and not _PHONE.fullmatch(one.symbols)

    def _of_phone(self, turn: Turn, context: Context) -> bool:
        """Whether the talk is of a phone number."""
        return "phone" in context.expected or any(
            self._phone.match(one.text) for one in (*context.before[-_PHONE_NEAR:], turn)
        )

    def fold(self, turns: Sequence[Turn], readings: Sequence[tuple[WrittenCode, ...]]) -> SlotValue | None:
        """The number that was said, or None where there is none or two are as likely. Of text that a recogniser wrote
        only what both speakers say, or what was announced and is said in one way.
        """
        found: dict[str, _Candidate] = {}
        heard = any(turn.times for turn in turns)
        for at, (turn, mentions) in enumerate(zip(turns, readings, strict=True)):
            for one in mentions:
                if heard and not one.whole:
                    continue
                if one.corrects:
                    found.clear()
                share = 1.0
                if turn.speaker is Speaker.AGENT and one.code.symbols not in found:
                    share = within(one.code.symbols, self._callers(turns[max(0, at - _SAID) : at]))
                    if share < _FOREIGN and any(at - known.last == 1 for known in found.values()):
                        return None  # the answer to the caller's number is another one
                if share < _HELD:
                    continue
                known = found.setdefault(one.code.symbols, _Candidate(one.code.code))
                if turn.speaker is Speaker.AGENT:
                    known.written = one.code.code
                    known.exact = known.exact or share == 1.0
                known.speakers.add(turn.speaker)
                known.evidence.append(one.evidence)
                known.labelled = known.labelled or one.labelled
                known.telling = _tells(one.code)
                known.last = at
        whole = self._whole(found)
        best = max(whole, key=lambda one: one.rank, default=None)
        if best is None or (heard and not best.exact and (len(whole) > 1 or not best.labelled)):
            return None
        return SlotValue(best.written, best.confidence, tuple(best.evidence), confirmed=best.exact)

    @staticmethod
    def _whole(found: Mapping[str, _Candidate]) -> list[_Candidate]:
        """The candidates that are no part of another one, and those that both speakers say anyhow; of those without a
        word for them only the latter.
        """
        return [
            one
            for code, one in found.items()
            if one.exact
            or ((one.labelled or one.telling) and not any(code != other and code in other for other in found))
        ]

    @staticmethod
    def _callers(turns: Sequence[Turn]) -> str:
        return "".join(char for turn in turns if turn.speaker is Speaker.CITIZEN for char in symbols(turn.text))


def leading(words: str) -> re.Pattern[str]:
    """What may stand right before a number without belonging to it: nothing, a sign, a letter or one of ``words``."""
    return re.compile(rf"(?:^|[^\u4e00-\u9fff]|[{words}])$")


def naming_another(words: Sequence[str]) -> re.Pattern[str]:
    """What tells right before a number that it is of another kind: one of ``words``, in the same clause."""
    return re.compile(rf"(?:{'|'.join(words)})[^，,。；;]{{0,6}}$")


def _tells(one: Dictated) -> bool:
    """Whether a code shows by itself what it is: letters, then many digits."""
    letters = len(one.symbols) - one.digits
    return letters >= _TELLING[0] and one.digits >= _TELLING[1] and one.code[0].isalpha()
