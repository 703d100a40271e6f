"""Phone numbers that stand in typed turns: which of all that are written is the caller's.

In: turns without audio. Out: one number. Nothing was misheard there, so only whole numbers count, however they were
grouped, begun again, or given over two turns; a number of the agent's is the caller's where the caller said its digits
or assents to it, unless it was told to the caller. `extractors.phones.phone` hears numbers in what is misspelt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.numbers.dictated import Dictation, symbols, within
from extractors.numbers.groups_put_right import GroupsPutRight
from extractors.phones.tails import RECENT, Tail
from extractors.slots.extractor import Context
from extractors.text.cues import Cues
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_KINDS = re.compile(r"(?:(?:86)?(?P<mobile>1[3-9]\d{9})|(?P<area>0(?:10|2\d|[3-9]\d\d))?(?P<local>[2-8]\d{7}))")
_COMPLETE = re.compile(r"1[3-9]\d{9}|0(?:10|2\d)[2-8]\d{7}")
_CLAUSE = re.compile(r"[。！？!?；;]")
_TAIL = "，。… "
_SAID = 6  # turns before, in which the caller said what the agent repeats
_HELD = 0.8  # share of the agent's number that the caller said
_ECHO = 16  # characters of an agent's turn between two parts of a number
_BEFORE = 14  # characters before a number that tell whose it is
_AGREED, _TOLD, _ASIDE = 0.97, 0.85, 0.6
_ASKED_FOR, _SPOKEN_OF, _REPEATED, _ANOTHERS = 2.0, 1.0, 1.5, -3.0


@dataclass(frozen=True, slots=True)
class WrittenPhone:
    """A whole number of one turn: its digits without the area code, that code, and how much speaks for it.
    ``replaces``: the caller wants it instead of those told before; ``spare``: only where another is not answered;
    ``own``: it was asked for, or told as the caller's; ``strangers``: it is surely somebody else's.
    """

    digits: str
    area: str
    weight: float
    evidence: tuple[Evidence, ...]
    replaces: bool = False
    spare: bool = False
    own: bool = False
    strangers: bool = False


@dataclass(slots=True)
class _Candidate:
    area: str = ""
    weight: float = 0.0
    spare: bool = False
    speakers: set[Speaker] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    last: tuple[int, int] = (0, 0)

    @property
    def rank(self) -> tuple[bool, bool, float, tuple[int, int]]:
        return self.weight >= 0, not self.spare, self.weight, self.last


class WrittenPhones:
    """Finds the caller's number among those written."""

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue, not_phones: Cues) -> None:
        phone = rules["phone"]
        self._dictation = Dictation(rules["dictation"], _COMPLETE)
        self._groups = GroupsPutRight(rules["dictation"])
        self._dialogue = dialogue
        self._words = Cues(phone["words"], sound=False)
        self._landline = Cues([*phone["landline"], *phone["words"]], sound=False)
        self._not_phones = not_phones
        self._area: str = phone["area_code"]
        self._anothers = re.compile("|".join(phone["not_the_callers"]))
        self._no_more = re.compile("|".join(phone["no_more"]))
        self._strangers = re.compile("|".join(phone["strangers"]))
        self._strangers_asked = re.compile(phone["strangers_asked"])
        self._own_asked = re.compile(phone["own_asked"])
        self._strangers_behind = re.compile("|".join(phone["strangers_behind"]))
        self._own = re.compile(phone["own"])
        self._instead = re.compile(f"(?:{'|'.join(phone['instead'])})$")
        self._spare = re.compile(f"(?:{'|'.join(phone['spare'])})[^。！？!?；;]*$")

    def read(self, turn: Turn, context: Context) -> tuple[WrittenPhone, ...]:
        """The whole numbers of a typed ``turn``, those included that were begun in the speaker's turn before."""
        if turn.times:
            return ()
        asked = "phone" in context.expected
        about = asked or any(self._words.match(one.text) for one in (*context.before[-2:], turn))
        begun = self._begun(context.before, turn)
        if begun is not None:
            of_strangers = self.asks_for_strangers(context.before[: context.before.index(begun)])
            if joined := tuple(self._numbers((begun, turn), asked, True, of_strangers)):
                return joined
        return tuple(self._numbers((turn,), asked, about, self.asks_for_strangers(context.before)))

    @staticmethod
    def _begun(before: Sequence[Turn], turn: Turn) -> Turn | None:
        """The speaker's turn before, where what was said between is short."""
        for one in reversed(before[-2:]):
            if one.speaker is turn.speaker:
                return one
            if len(one.text) > _ECHO:
                return None
        return None

    def _numbers(self, turns: Sequence[Turn], asked: bool, about: bool, of_strangers: bool) -> Iterator[WrittenPhone]:
        said = map(self._groups.said, (one.text.rstrip(_TAIL) if one is not turns[-1] else one.text for one in turns))
        text = "，".join(said)
        border = len(text) - len(turns[-1].text)
        citizen = turns[-1].speaker is Speaker.CITIZEN
        area = self._area if re.search(rf"(?<!\d){self._area}(?!\d)", text) else ""
        for one in self._dictation.read(text):
            kind = _KINDS.fullmatch(one.symbols)
            if kind is None or (border and not one.start < border < one.end):
                continue
            if self._not_phones.match(text[: one.start]):
                continue
            if kind["local"] and not kind["area"] and not self._landline.match(text) and not asked and not about:
                continue
            weight = _ASKED_FOR if asked else _SPOKEN_OF if about else 0.0
            anothers = self.is_anothers(text[: one.start], text[one.end :])
            if anothers:
                weight += _ANOTHERS
            instead = citizen and not anothers and self.is_instead(text[: one.start])
            pieces = [Evidence.of(turns[-1], max(0, one.start - border), one.end - border)]
            if border:
                pieces.insert(0, Evidence.of(turns[0], one.start, len(turns[0].text.rstrip(_TAIL))))
            code = kind["area"] or (area if kind["local"] else "")
            told_own = self.is_own(text[: one.start])
            strangers = citizen and (
                self.is_strangers(text[: one.start], text[one.end :]) or (of_strangers and not told_own)
            )
            own = citizen and not strangers and (asked or told_own)
            spare = self.is_spare(text[: one.start])
            number = kind["mobile"] or kind["local"]
            yield WrittenPhone(number, code, weight, tuple(pieces), instead, spare, own, strangers)

    def is_anothers(self, before: str, after: str) -> bool:
        """Whether the words before and after a number tell that it is somebody else's, or one no longer."""
        if self._no_more.match(after) is not None:
            return True
        clause = _CLAUSE.split(before[-_BEFORE:])[-1]
        return self._anothers.search(clause) is not None and self._instead.search(before) is None

    def is_own(self, before: str) -> bool:
        """Whether the words before a number tell that it is the caller's own (我的电话是…)."""
        return self._own.search(before) is not None

    def is_strangers(self, before: str, after: str) -> bool:
        """Whether the words right before or behind a number tell that it is surely a stranger's (骗子的号码是…)."""
        return self._strangers.search(before) is not None or self._strangers_behind.match(after) is not None

    def asks_for_strangers(self, before: Sequence[Turn]) -> bool:
        """Whether the agent's turn right ``before`` asks for a stranger's number (商家的电话是多少？) and for none of
        the caller's own.
        """
        asks = before[-1].text if before and before[-1].speaker is Speaker.AGENT else ""
        return self._strangers_asked.search(asks) is not None and self._own_asked.search(asks) is None

    def is_instead(self, before: str) -> bool:
        """Whether the words before a number tell that it takes the place of one told before (改成…, 报错了，是…)."""
        return self._instead.search(before) is not None or self._dialogue.put_right(before, len(before))

    def is_spare(self, before: str) -> bool:
        """Whether the words before a number tell that it is only for when another one is not answered (备用…)."""
        return self._spare.search(before[-_BEFORE:]) is not None

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[WrittenPhone, ...]], tails: Sequence[Tail | None]
    ) -> SlotValue | None:
        """The caller's number, or None where none is written. ``tails``: the end of it that a turn puts right."""
        found: dict[str, _Candidate] = {}
        refused: set[str] = set()
        informed: set[str] = set()  # numbers that the agent tells the caller
        strangers = _strangers(readings)
        for at, (turn, numbers, tail) in enumerate(zip(turns, readings, tails, strict=True)):
            for place, one in enumerate(numbers):
                if one.digits in strangers:
                    continue
                weight = one.weight
                if turn.speaker is Speaker.AGENT:
                    verdict = self._dialogue.verdict(turns, at)
                    told = self._dialogue.informs(turns, at, one.evidence[-1].start)
                    held = one.digits in found or _said(turns[max(0, at - _SAID) : at], one.digits)
                    held = held or (verdict is True and not told)
                    if not told and _amended(one.digits, tails[at + 1 : at + 2]):
                        verdict, held = None, True
                    if verdict is False:
                        refused.add(one.digits)
                    if told and not held:
                        informed.add(one.digits)
                    if verdict is False or not held:
                        continue
                    weight = _REPEATED + (_ASKED_FOR if verdict else 0.0)
                elif one.digits in informed:
                    continue  # repeated to have heard it right
                elif one.digits not in refused:
                    for wrong in refused & found.keys():
                        del found[wrong]
                if one.replaces:
                    found = {digits: known for digits, known in found.items() if digits == one.digits}
                known = found.setdefault(one.digits, _Candidate())
                known.area = known.area or one.area
                known.weight = max(known.weight, weight) + (_REPEATED if known.speakers - {turn.speaker} else 0.0)
                known.weight = min(known.weight, weight) if weight < 0 else known.weight
                known.spare = known.spare or one.spare
                known.speakers.add(turn.speaker)
                known.evidence += one.evidence
                known.last = at, place
            if tail is not None:
                _put_right(found, tail, at)
        best = max(found, key=lambda digits: found[digits].rank, default=None)
        if best is None or found[best].weight < 0:
            return None
        chosen = found[best]
        both = len(chosen.speakers) > 1
        confidence = _AGREED if both else _TOLD if chosen.weight > 0 else _ASIDE
        value = f"{chosen.area}-{best}" if chosen.area else best
        return SlotValue(value, confidence, tuple(dict.fromkeys(chosen.evidence)), confirmed=both)


def _strangers(readings: Sequence[Sequence[WrittenPhone]]) -> set[str]:
    """The numbers that the caller tells of as a stranger's and nowhere as their own."""
    told = {one.digits for numbers in readings for one in numbers if one.strangers}
    return told - {one.digits for numbers in readings for one in numbers if one.own}


def _amended(digits: str, behind: Sequence[Tail | None]) -> bool:
    """Whether the caller puts the end or a group of an agent's number right in the turn ``behind`` it (138…1190对吗？
    不是1190，是1910): all else of it is theirs.
    """
    return any(tail is not None and tail.put_in(digits) != digits for tail in behind)


def _put_right(found: dict[str, _Candidate], tail: Tail, at: int) -> None:
    """Gives the number that was said last before turn ``at`` its right end."""
    last = max(found, key=lambda digits: found[digits].last, default=None)
    if last is None or found[last].last[0] < at - RECENT or tail.put_in(last) == last:
        return
    chosen = found.pop(last)
    chosen.evidence.append(tail.evidence)
    chosen.speakers = {Speaker.CITIZEN}
    chosen.last = at, 0
    found[tail.put_in(last)] = chosen


def _said(turns: Sequence[Turn], digits: str) -> bool:
    """Whether the caller said nearly all of ``digits`` in ``turns``, in their order."""
    said = "".join(char for one in turns if one.speaker is Speaker.CITIZEN for char in symbols(one.text))
    return within(digits, said) >= _HELD
