"""Whom or what the call is about, short: turns in, ``subject`` out.

A named body (永泰物业, 惠百家超市) wins: recognised by the kind of body that ends its name, or as the answer to
"叫什么名字". Characters that the caller spells ("喜悦的悦") are put into the name. Where no body is named, the
thing of the first statement (井盖, 公租房轮候) is the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.cues import alternatives, by_sound, load_rules, sounds_alike, syllable
from extractors.dialogue import Dialogue, load_dialogue
from extractors.extractor import Context
from extractors.folding import fold_mentions
from extractors.mention import Mention
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_PAUSE = "，,、。.！!？?；;：: "
_NAMED, _ANSWERED, _READ_BACK, _UNSURE, _THING = 0.75, 0.8, 0.6, 0.5, 0.45
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """Patterns of names of bodies and of things; see ``catalog/rules/subject.yaml``."""

    body: re.Pattern[str]
    kind_only: re.Pattern[str]
    name_start: re.Pattern[str]
    generic: re.Pattern[str]
    answer_lead: re.Pattern[str]
    no_answer: re.Pattern[str]
    bystanders_before: re.Pattern[str]
    bystanders_after: re.Pattern[str]
    things: re.Pattern[str]
    thing_sounds: re.Pattern[str]
    thing_by_sound: Mapping[str, str]
    things_aside: re.Pattern[str]
    spelled: re.Pattern[str]


class Subject:
    """Fills ``subject``."""

    slots: tuple[str, ...] = ("subject",)

    def __init__(self, rules: SubjectRules, dialogue: Dialogue) -> None:
        self._rules = rules
        self._dialogue = dialogue

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The bodies named in one turn, and in the citizen's first statements the thing spoken of."""
        named = list(self._named(turn))
        if turn.speaker is Speaker.AGENT:
            return tuple(named)
        if "subject" in context.expected:
            answer = self._answer(turn, named)
            if answer is not None:
                named = [answer, *(one for one in named if one.value != answer.value)]
        earlier = sum(one.speaker is Speaker.CITIZEN for one in context.before)
        if not named and earlier < 2:
            named = list(self._thing(turn, earlier))
        return tuple(named)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """A named body before a thing, the first thing before later ones; names that sound alike are one."""
        mentions = [mention for reading in readings for mention in reading]
        named = [mention for mention in mentions if mention.confidence > _THING]
        agents = {turn.id for turn in turns if turn.speaker is Speaker.AGENT}
        if not any(mention.evidence.turn not in agents or self._agreed(mention, turns) for mention in named):
            named = []
        return fold_mentions(named or mentions[:1], turns, self._dialogue, same=_alike)

    def _agreed(self, mention: Mention, turns: Sequence[Turn]) -> bool:
        place = next(n for n, turn in enumerate(turns) if turn.id == mention.evidence.turn)
        return self._dialogue.verdict(turns, place) is True

    # ── bodies ──

    def _named(self, turn: Turn) -> Iterator[Mention]:
        text = turn.text
        for found in self._rules.body.finditer(text):
            start = self._start(text, found.start())
            name = text[start : found.end()]
            before = text[start : found.start()]
            if self._rules.generic.match(before) or len(name) > _LONGEST or not _is_words(before):
                continue
            agent = turn.speaker is Speaker.AGENT
            if agent and not self._dialogue.is_readback(turn):
                continue
            if self._rules.bystanders_before.search(text[max(0, start - 8) : start]):
                continue
            if self._rules.bystanders_after.match(text, found.end()):
                continue
            yield Mention(
                slot="subject",
                value=self._spelled(name, text[found.end() :]) if not agent else name,
                confidence=_READ_BACK if agent else _NAMED,
                evidence=Evidence.of(turn, start, found.end()),
                corrects=not agent and self._dialogue.corrected_before(text, start),
            )

    def _start(self, text: str, end: int) -> int:
        """Where the name that ends before ``end`` begins: after the last pause or word that cannot be part of it."""
        start = max((text.rfind(stop, 0, end) for stop in _PAUSE), default=-1) + 1
        lead = self._rules.name_start.match(text[start:end])
        return start + lead.end() if lead else start

    def _spelled(self, name: str, after: str) -> str:
        """``name`` with the characters that the words after it explain ("喜悦的悦，飞翔的翔")."""
        chars = list(name)
        for found in self._rules.spelled.finditer(after[:30]):
            word, told = found.group(1), found.group(2)
            meant = told if told in word else next((char for char in word if sounds_alike(char, told)), "")
            for at, char in enumerate(chars):
                if meant and char != meant and sounds_alike(char, meant) and meant not in chars:
                    chars[at] = meant
                    break
        return "".join(chars)

    def _answer(self, turn: Turn, named: Sequence[Mention]) -> Mention | None:
        """The first clause after "叫什么名字？"; with a body's kind in the next clause both make the name."""
        text = turn.text
        lead = self._rules.answer_lead.match(text)
        start = lead.end() if lead else 0
        end = next((at for at in range(start, len(text)) if text[at] in _PAUSE), len(text))
        name = text[start:end]
        if not 2 <= len(name) <= _LONGEST or self._rules.no_answer.search(name) or not _is_words(name):
            return None
        rest = text[end:].lstrip(_PAUSE)
        kind = self._rules.kind_only.match(rest)
        if kind is not None and not name.endswith(kind.group()):
            offset = len(text) - len(rest)
            name, end = name + kind.group(), offset + kind.end()
        elif any(mention.evidence.start == start for mention in named):
            return next(mention for mention in named if mention.evidence.start == start)
        value = self._spelled(name, text[end:])
        sure = kind is not None or "叫" in text[:start] or self._rules.body.search(name) is not None
        confidence = _ANSWERED if sure else _UNSURE
        return Mention("subject", value, confidence, Evidence.of(turn, start, end), answers=True)

    # ── things ──

    def _thing(self, turn: Turn, earlier: int) -> Iterator[Mention]:
        for start, end, thing in self._things(turn.text):
            if not self._rules.things_aside.search(turn.text[max(0, start - 4) : start]):
                yield Mention("subject", thing, _THING - 0.05 * earlier, Evidence.of(turn, start, end))
                return

    def _things(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The things named as written, else those that sound exactly so (警盖 → 井盖)."""
        for found in self._rules.things.finditer(text):
            yield found.start(), found.end(), found.group()
        for found in self._rules.thing_sounds.finditer(by_sound(text)):
            thing = self._rules.thing_by_sound[found.group()]
            heard = text[found.start() : found.end()]
            if all(syllable(one) == syllable(other) for one, other in zip(thing, heard, strict=True)):
                yield found.start(), found.end(), thing


def _is_words(text: str) -> bool:
    return bool(re.fullmatch("[\u4e00-\u9fffA-Za-z0-9·]*", text))


def _alike(one: Mention, other: Mention) -> bool:
    """Whether two names are the same, heard or shortened differently."""
    first, second = by_sound(str(one.value)), by_sound(str(other.value))
    return first == second or first.endswith(second) or second.endswith(first)


def load_subject(catalog: Path) -> Subject:
    """The extractor of the subject, with the rules of the catalogue directory ``catalog``."""
    rules = load_rules(catalog, "subject")["subject"]
    bodies, things = alternatives(rules["bodies"]), str(rules["things"]).split()
    return Subject(
        SubjectRules(
            body=re.compile(bodies),
            kind_only=re.compile(f"[\u4e00-\u9fff]{{0,2}}{bodies}(?=[{_PAUSE}]|$)"),
            name_start=re.compile("|".join(rules["name_starts"])),
            generic=re.compile("|".join(rules["generic"])),
            answer_lead=re.compile(f"(?:{'|'.join(rules['answer_lead'])}|[{_PAUSE}])*"),
            no_answer=re.compile("|".join(rules["no_answer"])),
            bystanders_before=re.compile(f"(?:{'|'.join(rules['bystanders_before'])})[^{_PAUSE}]{{0,4}}$"),
            bystanders_after=re.compile("|".join(rules["bystanders_after"])),
            things=re.compile(alternatives(things)),
            thing_sounds=re.compile(alternatives([by_sound(thing) for thing in things])),
            thing_by_sound={by_sound(thing): thing for thing in things},
            things_aside=re.compile(f"(?:{'|'.join(rules['things_aside'])})$"),
            spelled=re.compile("([\u4e00-\u9fff]{2,4}?)(?:那个|这个|的|得|地)([\u4e00-\u9fff])"),
        ),
        load_dialogue(catalog),
    )
