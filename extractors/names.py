"""The caller's name as a ticket writes it: the full name when given (何志强), else surname and title (冯阿姨).

A turn yields clues: the surname the caller says, how it is explained ("西早谭", "苏州的苏"), a full name, and how
the agent addresses the caller. Explained characters win over what the recogniser wrote; an agent's "梁先生" is
strong evidence. Rules and surnames: ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from extractors.cues import by_sound, load_rules, sounds_alike
from extractors.dialogue import Dialogue, load_dialogue
from extractors.extractor import Context
from extractors.name_readings import otherwise, with_others
from extractors.name_rules import HANZI, PAUSE, NameRules
from extractors.sound import load_sounds
from extractors.surnames import NameClue, SurnameClue
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn
from extractors.typed_names import TypedNames

_LEAST = 0.45  # below this a surname is a guess, not a reading
_LEAST_FULL = 0.45
_INTRODUCED = 24  # characters of an answer in which a surname is explained
_OWN = 12  # characters behind a surname in which callers say what they are to be called
_TOLD = 0.7  # from here on a given name was explained, at least in part
_TITLE_UNKNOWN = 0.8  # share of the confidence where nobody said how to address the caller


class CallerName:
    """Fills ``caller_name``."""

    slots: tuple[str, ...] = ("caller_name",)

    def __init__(self, rules: NameRules, dialogue: Dialogue) -> None:
        self._rules = rules
        self._dialogue = dialogue
        self._typed = TypedNames(rules, dialogue)

    def read(self, turn: Turn, context: Context) -> tuple[NameClue, ...]:
        """The clues of one turn."""
        if turn.speaker is Speaker.CITIZEN and not turn.times:
            return tuple(self._typed.read(turn, context))
        asked = "caller_name" in context.expected
        clues = self._heard(turn, asked)
        others = [clue for other in otherwise(turn) for clue in self._heard(other, asked)]
        return with_others(turn, clues, others)

    def _heard(self, turn: Turn, asked: bool) -> tuple[NameClue, ...]:
        return tuple(self._addressed(turn) if turn.speaker is Speaker.AGENT else self._introduced(turn, asked))

    def anyhow(self, turn: Turn, context: Context) -> tuple[NameClue, ...]:
        """The clues of one turn of which it is not known whether it was heard or typed: what either reading gives."""
        heard = self._heard(turn, "caller_name" in context.expected)
        return heard if turn.speaker is Speaker.AGENT else (*self._typed.read(turn, context), *heard)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[NameClue, ...]], context: Context
    ) -> dict[str, SlotValue]:
        """The name all clues agree on best."""
        clues = [clue for reading in readings for clue in reading]
        last = max((n for n, clue in enumerate(clues) if clue.corrects), default=0)
        clues = self._believed(clues[last:])
        told = [clue for clue in clues if clue.surname is not None]
        surname, sure = self._rules.surnames.most_probable(clue.surname for clue in told if clue.surname)
        if not surname or sure < _LEAST:
            return {}
        fits = [clue for clue in told if clue.surname and self._fits(clue.surname, surname)]
        evidence = tuple(dict.fromkeys(clue.evidence for clue in fits))
        agreed = {turn.speaker for turn in turns if any(turn.id == one.turn for one in evidence)}
        full = max((clue for clue in fits if clue.given), key=lambda clue: clue.sure, default=None)
        heard_only = any(turn.times for turn in turns)
        if full is not None and heard_only and full.sure < _TOLD and any(clue.title for clue in fits):
            heard = surname + full.given
            if sum(any(True for _ in self._said(turn, heard)) for turn in turns) < 2:
                full = None  # a given name heard once and not explained is mostly misspelt; the form of address is not
        if full is not None:
            value, confidence = surname + full.given, full.sure * sure
            if confidence < _LEAST_FULL:
                return {}
            repeated = [place for turn in turns if turn.speaker is Speaker.AGENT for place in self._said(turn, value)]
            evidence = tuple(dict.fromkeys((*evidence, *repeated)))
            return {"caller_name": SlotValue(value, round(confidence, 3), evidence, confirmed=bool(repeated))}
        titled = [clue for clue in fits if clue.title] or [clue for clue in clues if clue.title]
        title = titled[-1].title if titled else ""
        if titled and titled[-1].evidence not in evidence:
            evidence += (titled[-1].evidence,)
        confidence = sure * (0.95 if title else _TITLE_UNKNOWN)
        return {"caller_name": SlotValue(surname + title, round(confidence, 3), evidence, confirmed=len(agreed) > 1)}

    @staticmethod
    def _believed(clues: Sequence[NameClue]) -> list[NameClue]:
        """The clues that are of the caller: those by which nothing tells so only where the agent uses the name."""
        used = {clue.surname.heard for clue in clues if clue.surname and not clue.weak}
        own = any(clue.surname and not clue.byname and not clue.weak for clue in clues)
        surnames = {clue.surname.heard for clue in clues if clue.surname and not clue.byname}
        return [
            clue
            for clue in clues
            if clue.surname is None
            or (
                (not clue.weak or clue.surname.heard in used)
                and not (clue.byname and own and clue.surname.heard not in surnames)
            )
        ]

    def _fits(self, clue: SurnameClue, surname: str) -> bool:
        if clue.speaker == "typed":
            return clue.heard == surname
        return surname in clue.explained or self._rules.surnames.likely(clue.heard, surname)

    def _said(self, turn: Turn, name: str) -> Iterator[Evidence]:
        at = by_sound(turn.text).find(by_sound(name))
        if at >= 0:
            yield Evidence.of(turn, at, at + len(name))

    # ── what the agent calls the caller ──

    def _addressed(self, turn: Turn) -> Iterator[NameClue]:
        text, rules = turn.text, self._rules
        channel = "agent" if turn.times else "typed"
        for found in (rules.title_short_heard if turn.times else rules.title_short).finditer(text):
            name = found["name"]
            if name in rules.surnames and name not in rules.no_surname:
                evidence = Evidence.of(turn, found.start("name"), found.end("title"))
                title = rules.short_titles.get(found["title"], found["title"])
                yield NameClue(evidence, SurnameClue(channel, name), title=title)
        for start, end, title in self._titles(text):
            name_start = self._name_start(text, start)
            name = text[name_start:start]
            if rules.addressed_other.match(text, end):
                # 安女士的跟您核对一下: a pause misheard
                if turn.times and name_start == 0 and len(name) == 1 and text.startswith("的", end):
                    yield NameClue(Evidence.of(turn, start, end), title=title)
                continue
            evidence = Evidence.of(turn, name_start, end)
            if not name:
                if rules.addressing.match(text, end):
                    yield NameClue(evidence, title=title)
            elif len(name) == 1 or name in rules.surnames:
                if name not in rules.no_surname and rules.surnames.near(name):
                    yield NameClue(evidence, SurnameClue(channel, name), title=title)
                elif turn.times and name_start == 0:
                    yield NameClue(Evidence.of(turn, start, end), title=title)  # the surname was misheard
            elif self._is_name(name):
                surname = rules.surnames.at_start(name)
                yield NameClue(evidence, SurnameClue(channel, surname), name[len(surname) :], title, sure=0.85)

    def _titles(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where forms of address stand, and which; the commonest ones by sound too (女士 → 女是)."""
        found = {(match.start(), match.end()): match.group() for match in self._rules.title_written.finditer(text)}
        for match in self._rules.title_heard.finditer(by_sound(text)):
            found.setdefault(match.span(), self._rules.title_sounds[match.group()])
        for match in self._rules.title_misheard.finditer(text):
            found.setdefault(match.span("title"), self._rules.misheard_titles[match.group("title")])
        for (start, end), title in sorted(found.items()):
            yield start, end, title

    def _name_start(self, text: str, end: int) -> int:
        """Where the name before a title begins: after the last pause or word of agreement, at most four characters."""
        start = end
        while start > 0 and end - start < 4 and "\u4e00" <= text[start - 1] <= "\u9fff":
            start -= 1
        while lead := self._rules.before_name.match(text[start:end]):
            start += lead.end()
        return end - 2 if text[max(start, end - 2) : end] in self._rules.surnames.compound else start

    # ── how the caller introduces themselves ──

    def _introduced(self, turn: Turn, asked: bool) -> Iterator[NameClue]:
        text, rules = turn.text, self._rules
        for found in rules.say_to_me_heard.finditer(text):
            heard = found.group(1)
            if rules.surnames.near(heard):
                evidence = Evidence.of(turn, *found.span())
                title = rules.short_titles.get(found.group(2), found.group(2))
                yield NameClue(evidence, SurnameClue("citizen", heard), title=title)
        surname = self._full_name(turn) or self._surname(turn, asked)
        if surname is None and asked:
            surname = self._full_name(turn, bare=True)
        if asked and surname is None:
            surname = self._told(turn)
        if surname is None or surname.surname is None:
            return
        corrects = self._dialogue.corrected_before(text, surname.evidence.start)
        start, end = surname.evidence.start, surname.evidence.end
        clue = surname.surname
        explained = self._explained_surname(text, clue.heard, end)
        if explained:
            end = explained[1]
            clue = replace(clue, explained=explained[0])
        title = "" if surname.given else self._own_title(text, clue, end)
        evidence = Evidence.of(turn, start, end)
        yield replace(surname, evidence=evidence, surname=clue, title=title, corrects=corrects)

    def _own_title(self, text: str, surname: SurnameClue, after: int) -> str:
        """What callers call themselves after their surname: 易女士, or 女的."""
        told = self._rules.own_title.search(text, after)
        if told is not None and told.start() - after <= _OWN:
            return self._rules.own_titles[told.group(1)]
        for start, _, title in self._titles(text):
            if start > after and any(sounds_alike(text[start - 1], one) for one in (surname.heard, *surname.explained)):
                return title
        return ""

    def _surname(self, turn: Turn, asked: bool) -> NameClue | None:
        text, rules = turn.text, self._rules
        leading = len(text) - len(self._dialogue.clean(text)) if asked else 0
        places = [end for start, end in rules.said_surname.spans(text) if self._is_callers(text, start, end, asked)]
        if not places and asked and leading < len(text):
            found = rules.asked_surname.search(text)
            places = [found.end()] if found else []
        for end in places:
            rest = text[end : end + 2]
            heard = rest if rest in rules.surnames.compound or rules.surnames.homophones(rest) else rest[:1]
            if heard and rules.surnames.near(heard):
                return NameClue(Evidence.of(turn, end, end + len(heard)), SurnameClue("citizen", heard))
        return None

    def _told(self, turn: Turn) -> NameClue | None:
        """The surname that the beginning of an answer explains, however its introduction was heard: 讯议。容易的议。"""
        for found in self._rules.explanation.finditer(turn.text[:_INTRODUCED]):
            char = self._meant(found.group(1), found.group(2))
            if char not in self._rules.surnames:
                continue
            before = [at for at, one in enumerate(turn.text[: found.start()]) if sounds_alike(one, char)]
            start = before[0] if before else found.start(2)
            heard = self._rules.surnames.at_start(turn.text[start:]) or turn.text[start]
            clue = SurnameClue("citizen", heard, (char,) if len(heard) == 1 else ())
            return NameClue(Evidence.of(turn, start, found.end()), clue)
        return None

    def _is_callers(self, text: str, start: int, end: int, asked: bool) -> bool:
        if self._rules.others.search(text[:start].rstrip("姓")) and not text[start:end].startswith(("我", "免", "本")):
            return False
        return asked or text[start] in "我免本" or text[end - 1] == "姓"

    def _full_name(self, turn: Turn, *, bare: bool = False) -> NameClue | None:
        """A full name introduced ("我叫…"), or, ``bare``, as an answer at the start of a clause."""
        text, rules = turn.text, self._rules
        if bare:
            starts = [found.end() for found in re.finditer(rf"(?:^|[{PAUSE}])(?:叫|是|我是|姓名是?)?", text)][:3]
        else:
            starts = [end for _, end in rules.said_name.spans(text)]
        for start in starts:
            introduced = not bare or text[:start].endswith("叫")
            if not bare and rules.others.search(text[:start].removesuffix("叫").removesuffix("名字")):
                continue
            if rules.component.match(text[start : start + 4]):
                continue
            run = re.match(f"{HANZI}*", text[start:])
            said = run.group() if run else ""
            surname = rules.surnames.at_start(said)
            if not surname:
                continue
            for length in (len(surname) + 2, len(surname) + 1):
                name = said[:length]
                if len(name) != length or not self._is_name(name):
                    continue
                chars = self._explained(text, start + length, name)
                ends = rules.after_name.match(text[start + length :]) is not None
                if not ends and not self._explanation_follows(text[start + length :], name):
                    continue
                given = "".join(chars.get(at, char) for at, char in enumerate(name))[len(surname) :]
                base = 0.65 if introduced else 0.45
                told = sum(at >= len(surname) for at in chars) / len(given)
                told_surname = chars.get(0) if len(surname) == 1 else None
                explained = (told_surname,) if told_surname and told_surname in rules.surnames else ()
                clue = SurnameClue("citizen", surname, explained)
                return NameClue(Evidence.of(turn, start, start + length), clue, given, sure=base + 0.3 * told)
        return None

    def _is_name(self, name: str) -> bool:
        surname = self._rules.surnames.at_start(name)
        given = name[len(surname) :]
        return (
            bool(surname)
            and 1 <= len(given) <= 2
            and not self._rules.never_given & set(given)
            and not any(word in name for word in self._rules.never_given_words)
        )

    # ── explanations ──

    def _explanation_follows(self, rest: str, name: str) -> bool:
        found = self._rules.explanation.match(rest)
        return found is not None and any(sounds_alike(found.group(2), char) for char in name)

    def _explained(self, text: str, after: int, name: str) -> dict[int, str]:
        """Characters of ``name`` that the words after it explain: position → character; known words decide first."""
        decided: dict[int, str] = {}
        told = [(found.group(1), found.group(2)) for found in self._rules.explanation.finditer(text, after)]
        for meaning in (self._meant, self._alike):
            for word, heard in told:
                meant = meaning(word, heard)
                for at, char in enumerate(name):
                    if meant and at not in decided and sounds_alike(char, heard) and sounds_alike(meant, char):
                        decided[at] = meant
                        break
        return decided

    def _meant(self, word: str, heard: str) -> str:
        """The character that "``word`` 的 ``heard``" means: told in the word, else by a known word that sounds so."""
        if heard in word:
            return heard
        for length in range(len(word), 1, -1):
            for char in self._rules.explained_by.get(by_sound(word[-length:]), ()):
                if len(char) == 1 and sounds_alike(char, heard):
                    return char
        return ""

    def _alike(self, word: str, heard: str) -> str:
        """The character of ``word`` that sounds like ``heard``: words are recognised better than single characters."""
        return next((char for char in word if sounds_alike(char, heard)), "")

    def _explained_surname(self, text: str, heard: str, after: int) -> tuple[tuple[str, ...], int] | None:
        """The surnames that the words within reach of a surname explain, and where the explanation ends."""
        reach = text[after : after + 14]
        found = self._rules.component.search(reach)
        if found is not None:
            said = by_sound(reach[found.start() : found.end()])
            names = self._rules.component_sounds.get(said, ())
            named = re.match(f"(?:那个|这个|的|得|地)?({HANZI})", reach[found.end() :])
            for said_name in (heard, named.group(1) if named else ""):
                alike = tuple(name for name in names if said_name and sounds_alike(name, said_name))
                if alike:
                    exact = tuple(name for name in alike if name == said_name)
                    return exact or alike, after + found.end()
            return names, after + found.end()
        told = re.match(rf"[{PAUSE}]*({HANZI}{{2,4}}?)(?:那个|这个|的|得|地)({HANZI}{{1,2}})", reach)
        if told is None:
            return None
        word, char = told.group(1), told.group(2)
        for length in range(len(word), 1, -1):
            names = tuple(
                name
                for name in self._rules.explained_by.get(by_sound(word[-length:]), ())
                if name in self._rules.surnames
                and self._rules.surnames.likely(heard, name)
                and by_sound(char).startswith(by_sound(name))
            )
            if names:
                return names, after + told.end()
        for name in dict.fromkeys((char, char[:1])):
            if name in word and name in self._rules.surnames and sounds_alike(name, heard):
                return self._rules.surnames.alternatives(name), after + told.start(2) + len(name)
        return None


def load_caller_name(catalog: Path) -> CallerName:
    """The extractor of the caller's name, with the rules of the catalogue directory ``catalog``."""
    return CallerName(NameRules(load_rules(catalog, "names"), load_sounds(catalog).distance), load_dialogue(catalog))
