"""How many people or households are affected: turns in, ``people_count`` out.

An exact number of people is a number (六个人 → 6, 一家三口 → 3); a rough one, and one of households, stays as said
("三十几户", "五六个人").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.folding import fold_mentions
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.text.cues import load_rules
from extractors.text.numerals import NUMBER, ROUGH_NUMBER, is_several, parse_number
from extractors.ticket import Evidence, SlotValue, Value
from extractors.turn import Speaker, Turn

_REACH = 8


@dataclass(frozen=True, slots=True)
class CountRules:
    """``count`` finds a number with its unit; ``bare`` also where the unit is short, for answers to a question."""

    count: re.Pattern[str]
    bare: re.Pattern[str]
    frames: re.Pattern[str]
    asides_before: re.Pattern[str]
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]
    people: re.Pattern[str]
    totals: re.Pattern[str]


class PeopleCount:
    """Fills ``people_count``."""

    slots: tuple[str, ...] = ("people_count",)

    def __init__(self, rules: CountRules, dialogue: Dialogue) -> None:
        self._rules = rules
        self._dialogue = dialogue

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The counts of one turn."""
        return tuple(self._counts(turn, "people_count" in context.expected and turn.speaker is Speaker.CITIZEN))

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """The count best supported; an agent's alone is none."""
        mentions = [mention for reading in readings for mention in reading]
        agents = {turn.id for turn in turns if turn.speaker is Speaker.AGENT}
        citizens = {str(mention.value) for mention in mentions if mention.evidence.turn not in agents}
        return fold_mentions([one for one in mentions if str(one.value) in citizens], turns, self._dialogue)

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """The count in marked words."""
        patterns = (self._rules.count, self._rules.bare)
        found = [one for pattern in patterns for one in pattern.finditer(turn.text) if mark.touches(*one.span())]
        asked = "people_count" in context.expected and turn.speaker is Speaker.CITIZEN
        found = [one for one in found if one.re is self._rules.count] or [one for one in found if asked or one["unit"]]
        count = self._count(found[-1]) if found else None
        if count is None or self._others(turn.text, found[-1]) or self._part_of_total(turn.text, found[-1]):
            return None
        corrects = self._dialogue.corrected_before(turn.text, mark.start)
        evidence = Evidence.of(turn, mark.start, mark.end)
        return Mention("people_count", count, mark.probability, evidence, corrects=corrects)

    def formed(self, slot: str, value: Value) -> float:
        """Wholly where the number is told exactly."""
        return float(isinstance(value, int) or self._exact(value))

    def _exact(self, value: Value) -> bool:
        match = self._rules.count.fullmatch(str(value))
        return match is not None and not _rough(match)

    def _count(self, match: re.Match[str]) -> int | str | None:
        if match.group("open") or is_several(match.group("number")):
            return match.group()
        number = parse_number(match.group("number").rstrip("几多来"))
        if number is None or (number == 1 and match.group("unit").startswith("户")):
            return None
        exact = not _rough(match) and self._rules.people.fullmatch(match.group("unit")) is not None
        return int(number) if exact else match.group()

    def _others(self, text: str, match: re.Match[str]) -> bool:
        """Whether a number of people is surely that of others than those concerned."""
        before = self._rules.not_before.search(text, max(0, match.start() - _REACH), match.start())
        return before is not None or self._rules.not_after.match(text, match.end()) is not None

    def _part_of_total(self, text: str, match: re.Match[str]) -> bool:
        """Whether ``text`` tells how many they are all together, and this is not it (一共十七个人，我们班组九个)."""
        totals = [one for one in self._rules.count.finditer(text) if self._rules.totals.search(text, 0, one.start())]
        return bool(totals) and all(one.start() != match.start() for one in totals)

    def _counts(self, turn: Turn, asked: bool) -> Iterator[Mention]:
        text, rules = turn.text, self._rules
        found = list(rules.count.finditer(text)) or (list(rules.bare.finditer(text)) if asked else [])
        for match in found:
            before = text[max(0, match.start() - _REACH) : match.start()]
            count = self._count(match)
            if (
                rules.asides_before.search(before)
                or self._others(text, match)
                or self._part_of_total(text, match)
                or count is None
                or (count in (0, 1) and not asked)
            ):
                continue
            framed = rules.frames.search(before) is not None
            agent = turn.speaker is Speaker.AGENT
            confidence = 0.5 if agent else 0.9 if asked else 0.75 if framed else 0.6
            yield Mention(
                slot="people_count",
                value=count,
                confidence=confidence,
                evidence=Evidence.of(turn, match.start(), match.end()),
                corrects=not agent and self._dialogue.corrected_before(text, match.start()),
                answers=asked,
            )


def stays_as_said(told: SlotValue, turns: Sequence[Turn]) -> bool:
    """Whether a count is rough or one of households (三十几户), not a number of people."""
    return isinstance(told.value, str)


def _rough(match: re.Match[str]) -> bool:
    return bool(match.group("open") or match.group("rough")) or is_several(match.group("number"))


def load_people_count(catalog: Path) -> PeopleCount:
    """The extractor of counts of people, with the rules of the catalogue directory ``catalog``."""
    rules = load_rules(catalog, "subject")["people"]
    units, bare = "|".join(rules["units"]), "|".join(rules["bare_units"])
    number = f"(?:(?P<open>{ROUGH_NUMBER}|好几)|(?P<number>{NUMBER}))(?P<rough>{rules['approximate']})?"
    return PeopleCount(
        CountRules(
            count=re.compile(f"{number}(?P<unit>户|{units})"),
            bare=re.compile(f"{number}个?(?P<unit>{bare})"),
            frames=re.compile("|".join(rules["frames"])),
            not_before=re.compile(f"(?:{'|'.join(rules['not_before'])})$"),
            not_after=re.compile("|".join(rules["not_after"])),
            asides_before=re.compile(f"(?:{'|'.join(rules['asides_before'])})$"),
            people=re.compile("|".join(rules["exact_person_units"])),
            totals=re.compile(f"(?:{rules['totals']})$"),
        ),
        load_dialogue(catalog),
    )
