"""Whom or what the call is about, short: turns in, ``subject`` out.

A named body (永泰物业, 惠百家超市) wins: recognised by the kind of body that ends its name, or as the answer to
"叫什么名字". Characters that the caller spells ("喜悦的悦") are put into the name. Where no body is named, the
thing of the first statement (井盖, 公租房轮候) is the subject. A name heard once is shown only in a call whose text is
clear: recognisers misspell unknown names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.brands import Brands, load_brands
from extractors.catalogue import Catalogue
from extractors.cues import alternatives, by_sound, sounds_alike, syllable
from extractors.dialogue import Dialogue, load_dialogue
from extractors.extractor import Context
from extractors.folding import fold_mentions
from extractors.marked import Marked
from extractors.mention import Mention
from extractors.own_trade import OwnTrade
from extractors.segment import dictionary
from extractors.sound import load_sounds
from extractors.ticket import Evidence, SlotValue, Value
from extractors.trades import Trades, kinds_of
from extractors.turn import Speaker, Turn
from extractors.wording import Wording, load_wording

_PAUSE = "，,、。.！!？?；;：: "
_NAMED, _ANSWERED, _READ_BACK, _UNSURE, _THING = 0.75, 0.8, 0.6, 0.5, 0.45
_LONGEST = 16
_EARLY = 6  # what an agent repeats in the first turns is the matter
_STATEMENTS = 2  # things are looked for in the citizen's first turns
_ALONE_UNCLEAR, _ALONE_CLEAR = 0.2, 0.8  # how likely a name heard once is right in an unclear and in a clear call
_NO_KIND = 0.75  # share of that where nothing tells what kind of body it is
_AGREED = 0.85  # a name of which two turns have most characters
_SAME = 0.6  # share of a name's characters that two turns must have alike
_PRIOR = 60  # so many characters of clear text are taken as heard before the call began
_THING_ONCE, _THING_TWICE, _THING_CLEAR = 0.4, 0.55, 0.1
_LEAST = 0.4  # a subject less likely is not shown
_TOLD = re.compile(f"([一-鿿]{{1,4}}?)(?:的|那个|个)([一-鿿])字?(?=[{_PAUSE}]|$)")
_EXPLAINED = re.compile(
    r"[，,、。；](?=[^，,、。；]{1,4}(?:的|那个|个)[^，,、。；的]+(?:[，,、。；]|$))"
)  # 悦声文化，喜悦的悦


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """Patterns of names of bodies and of things; see ``catalog/rules/subject.yaml``."""

    body: re.Pattern[str]
    kind_only: re.Pattern[str]
    name_start: re.Pattern[str]
    marked_start: re.Pattern[str]
    marked_end: re.Pattern[str]
    whereabouts: re.Pattern[str]
    addressed: re.Pattern[str]
    generic: re.Pattern[str]
    no_name: re.Pattern[str]
    answer_lead: re.Pattern[str]
    no_answer: re.Pattern[str]
    bystanders_before: re.Pattern[str]
    bystanders_after: re.Pattern[str]
    address_head: re.Pattern[str]
    sites: re.Pattern[str]
    things: re.Pattern[str]
    thing_sounds: re.Pattern[str]
    thing_by_sound: Mapping[str, str]
    things_aside: re.Pattern[str]
    spelled: re.Pattern[str]
    aside_sounds: re.Pattern[str]
    operations: re.Pattern[str]
    question: re.Pattern[str]
    line: re.Pattern[str]
    unclear: float
    clear: float


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
        self._trades = trades
        self._brands = brands
        self._dialogue = dialogue
        self._wording = wording

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The bodies named in one turn, and in the citizen's first statements the thing spoken of."""
        named = [one for one in self._named(turn) if not self._aside(one, turn, context)]
        if turn.speaker is Speaker.AGENT:
            early = len(context.before) < _EARLY
            return (*named, *(self._thing(turn) if early else ()))
        if "subject" in context.expected:
            answer = self._answer(turn, named)
            if answer is not None:
                named = [answer, *(one for one in named if one.value != answer.value)]
        first = sum(one.speaker is Speaker.CITIZEN for one in context.before) < _STATEMENTS
        return (*named, *(self._thing(turn) if first else ()))

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """A named body before a thing; of things the one both parties speak of, else the first.

        A name heard once is trusted as far as the call is clear: recognisers misspell unknown names nearly always.
        """
        mentions = [mention for reading in readings for mention in reading]
        clear = self._clear(turns)
        named = [mention for mention in mentions if mention.confidence > _THING]
        agents = {turn.id for turn in turns if turn.speaker is Speaker.AGENT}
        if any(mention.evidence.turn not in agents or self._agreed(mention, turns) for mention in named):
            value = fold_mentions(named, turns, self._dialogue, same=_alike).get("subject")
            if value is not None:
                confidence = min(value.confidence, self._trusted(str(value.value), named, clear))
                if confidence >= _LEAST:
                    return {"subject": replace(value, confidence=round(confidence, 3))}
        if self._name_unheard(turns):
            return {}
        things = [mention for mention in mentions if mention.confidence <= _THING]
        return self._best_thing(things, agents, clear)

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """The name or thing in marked words, with the number of a line (3号线) and the characters that words behind
        explain; None where it only tells where something is.
        """
        text = turn.text
        line = next((one for one in self._rules.line.finditer(text) if one.start() < mark.start < one.end()), None)
        if line is not None:
            mark = replace(mark, start=line.start())
        words = _EXPLAINED.split(self._dialogue.clean(text[mark.start : mark.end]))[0]
        words = self._rules.marked_end.sub("", self._rules.marked_start.sub("", words))
        if not words or self._rules.whereabouts.search(words) or self._rules.bystanders_after.match(text, mark.end):
            return None
        if self._addresses(words, turn, mark) or _explains(words, text[mark.end :]):
            return None
        told = self._spelled(words, text[mark.end :]) if turn.speaker is Speaker.CITIZEN else words
        start = text.find(words, mark.start, mark.end)
        said = (start, start + len(words)) if start >= 0 else (mark.start, mark.end)
        words = self._as_meant(told, turn, spelled=told != words)
        mention = Mention("subject", words, mark.probability, Evidence.of(turn, *said))
        return None if self._aside(mention, turn, context) else mention

    def _addresses(self, words: str, turn: Turn, mark: Marked) -> bool:
        """Whether somebody is only spoken to by the marked ``words``."""
        if self._rules.addressed.fullmatch(words) is None:
            return False
        beside = turn.text[mark.start - 1 : mark.start] + turn.text[mark.end : mark.end + 1]
        return turn.speaker is Speaker.AGENT or not beside.strip(_PAUSE)

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

    def _best_thing(self, things: Sequence[Mention], agents: set[int], clear: float) -> Mapping[str, SlotValue]:
        citizens = [one for one in things if one.evidence.turn not in agents]
        if not citizens:
            return {}
        known = {one.value for one in things if one.evidence.turn in agents}
        first = citizens[0].evidence.turn
        repeated = [one for one in citizens if any(_part(one, value) for value in known)]
        chosen = next(iter(repeated), citizens[0])
        if chosen.evidence.turn != first and clear >= 1:
            chosen = citizens[0]
        confidence = (_THING_TWICE if chosen in repeated else _THING_ONCE) + _THING_CLEAR * clear
        evidence = tuple(one.evidence for one in things if _part(one, chosen.value))
        if confidence < _LEAST:
            return {}
        return {"subject": SlotValue(chosen.value, round(confidence, 3), evidence)}

    def _agreed(self, mention: Mention, turns: Sequence[Turn]) -> bool:
        place = next(n for n, turn in enumerate(turns) if turn.id == mention.evidence.turn)
        return self._dialogue.verdict(turns, place) is True

    # ── bodies ──

    def _named(self, turn: Turn) -> Iterator[Mention]:
        text = turn.text
        for found in self._rules.body.finditer(text):
            start = self._start(text, found.start())
            head = self._rules.address_head.match(text, start, found.start())
            if head is not None and self._rules.sites.search(found.group()):
                continue  # an address ends in it
            start = head.end() if head is not None else start
            name = text[start : found.end()]
            before = text[start : found.start()]
            if (
                self._rules.generic.match(before)
                or self._rules.no_name.search(before)
                or len(name) > _LONGEST
                or not _is_words(before)
            ):
                continue
            agent = turn.speaker is Speaker.AGENT
            if agent and not self._dialogue.is_readback(turn):
                continue
            told = name if agent else self._spelled(name, text[found.end() :])
            if self._rules.bystanders_before.search(text[max(0, start - 8) : start]):
                continue
            if self._rules.bystanders_after.match(text, found.end()):
                continue
            yield Mention(
                slot="subject",
                value=self._as_meant(told, turn, spelled=told != name),
                confidence=_READ_BACK if agent else _NAMED,
                evidence=Evidence.of(turn, start, found.end()),
                corrects=not agent and self._dialogue.corrected_before(text, start),
            )

    def _as_meant(self, name: str, turn: Turn, *, spelled: bool) -> str:
        """``name`` of ``turn`` put right by sound where it was heard; a proper name that was ``spelled`` stays."""
        if not turn.times:
            return name
        name = self._trades.put_right(name)
        return name if spelled else self._brands.put_right(name)

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
        value = self._as_meant(value, turn, spelled=value != name)
        sure = kind is not None or "叫" in text[:start] or self._rules.body.search(name) is not None
        confidence = _ANSWERED if sure else _UNSURE
        return Mention("subject", value, confidence, Evidence.of(turn, start, end), answers=True)

    # ── things ──

    def _thing(self, turn: Turn) -> Iterator[Mention]:
        """The first thing of a turn, with the line it is of and, in a question, what is to be done with it."""
        text = self._wording.repair(turn.text).text
        for start, end, thing in self._things(text):
            before = text[max(0, start - 4) : start]
            if self._rules.things_aside.search(before) or self._rules.aside_sounds.search(by_sound(before)):
                continue
            if self._rules.bystanders_after.match(text, end):
                continue
            value = thing
            line = self._rules.line.search(text, end) if thing == "地铁" else None
            operation = self._rules.operations.search(text, end)
            if line is not None:
                value = f"{thing}{line.group()}"
            elif operation is not None and self._rules.question.search(text):
                value = f"{thing}{operation.group()}"
            yield Mention("subject", value, _THING, Evidence.of(turn, start, end))
            return

    def _things(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The things named as written or sounding exactly so (警盖 → 井盖), in order."""
        found = [(match.start(), match.end(), match.group()) for match in self._rules.things.finditer(text)]
        for match in self._rules.thing_sounds.finditer(by_sound(text)):
            thing = self._rules.thing_by_sound[match.group()]
            heard = text[match.start() : match.end()]
            if thing != heard and all(
                syllable(one) == syllable(other) for one, other in zip(thing, heard, strict=True)
            ):
                found.append((match.start(), match.end(), thing))
        yield from sorted(found)


def _explains(words: str, after: str) -> bool:
    """Whether ``words`` only tell how a character of a name is written (樊梨花的樊)."""
    told = _TOLD.match(words + after)
    return told is not None and told.end() >= len(words) and told.group(2) in told.group(1)


def _part(one: Mention, value: object) -> bool:
    """Whether a thing and another one are the same, one perhaps told more exactly."""
    return str(one.value) in str(value) or str(value) in str(one.value)


def _is_words(text: str) -> bool:
    return bool(re.fullmatch("[\u4e00-\u9fffA-Za-z0-9·]*", text))


def _alike(one: Mention, other: Mention) -> bool:
    """Whether two names are the same, heard or shortened differently."""
    first, second = by_sound(str(one.value)), by_sound(str(other.value))
    return first == second or first.endswith(second) or second.endswith(first)


def load_subject(catalogue: Catalogue) -> Subject:
    """The extractor of the subject, with the rules of ``catalogue``."""
    every = catalogue.rules("subject")
    rules, dialogue = every["subject"], load_dialogue(catalogue.directory)
    bodies, things = alternatives(rules["bodies"]), str(rules["things"]).split()
    heard = [thing for thing in things if thing not in rules["things_as_written"]]
    return Subject(
        SubjectRules(
            body=re.compile(bodies),
            kind_only=re.compile(f"[\u4e00-\u9fff]{{0,2}}{bodies}(?=[{_PAUSE}]|$)"),
            name_start=re.compile("|".join(rules["name_starts"])),
            marked_start=re.compile(f"^(?:{rules['marked_starts']})+(?=..)"),
            marked_end=re.compile(f"(?<=..)[{_PAUSE}]*(?:{rules['marked_ends'].replace(' ', '')})$"),
            whereabouts=re.compile(f"(?:{rules['whereabouts']})$"),
            addressed=re.compile(rules["addressed"]),
            generic=re.compile("|".join(rules["generic"])),
            no_name=re.compile("|".join(rules["no_name"])),
            answer_lead=re.compile(f"(?:{'|'.join(rules['answer_lead'])}|[{_PAUSE}])*"),
            no_answer=re.compile("|".join(rules["no_answer"])),
            bystanders_before=re.compile(f"(?:{'|'.join(rules['bystanders_before'])})[^{_PAUSE}]{{0,4}}$"),
            bystanders_after=re.compile("|".join(rules["bystanders_after"])),
            address_head=re.compile("|".join(rules["address_head"])),
            sites=re.compile(f"{alternatives(rules['sites'])}$"),
            things=re.compile(alternatives(things)),
            thing_sounds=re.compile(alternatives([by_sound(thing) for thing in heard])),
            thing_by_sound={by_sound(thing): thing for thing in heard},
            things_aside=re.compile(f"(?:{'|'.join(rules['things_aside'])})$"),
            spelled=re.compile("([\u4e00-\u9fff]{2,4}?)(?:那个|这个|的|得|地)([\u4e00-\u9fff])"),
            aside_sounds=re.compile(f"(?:{by_sound('|'.join(rules['things_aside_by_sound']))})$"),
            operations=re.compile(alternatives(rules["operations"])),
            question=re.compile("|".join(rules["questions"])),
            line=re.compile("[0-9一二三四五六七八九十]+号线"),
            unclear=rules["unclear"],
            clear=rules["clear"],
        ),
        dialogue,
        load_wording(catalogue),
        Trades(kinds_of(rules), load_sounds(catalogue.directory), dictionary()),
        load_brands(catalogue),
        OwnTrade(every["own_trade"], dialogue),
    )
