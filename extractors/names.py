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

from extractors.address_forms import AddressForms
from extractors.cues import by_sound, load_rules, sounds_alike, syllable
from extractors.described import Descriptions
from extractors.dialogue import Dialogue, load_dialogue
from extractors.explained import Explanations, Told
from extractors.extractor import Context
from extractors.heard_names import HeardName, HeardNames, NameMeant
from extractors.name_readings import with_others
from extractors.name_rules import HANZI, PAUSE, NameRules, is_word
from extractors.sound import Sounds, load_sounds
from extractors.surnames import NameClue, SurnameClue
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn, otherwise
from extractors.typed_names import TypedNames

_LEAST, _LEAST_HEARD = 0.45, 0.5  # below this a surname is a guess, not a reading
_LEAST_GIVEN, _LEAST_GIVEN_ALONE = 0.45, 0.25  # the same of a given name, beside a form of address and without one
_INTRODUCED = 24  # characters of an answer in which a surname is explained
_OWN = 12  # characters behind a surname in which callers say what they are to be called
_PARTS = 14  # characters behind a surname in which its parts are told
_COMMON = 10.0  # people of a surname, in ten thousands, from which it is taken for one before a given name
_DIGIT, _DIGITS = re.compile(r"(?<!\d)\d(?!\d)"), "零一二三四五六七八九"
_CALLED = f"{PAUSE}叫是"  # before what callers call themselves
_NOT = ("不是", "没有", "没", "不系", "唔系")
_MISHEARD = 0.4  # no further from 姓 was it 姓
_TITLE_UNKNOWN = 0.8  # share of the confidence where nobody said how to address the caller


class CallerName:
    """Fills ``caller_name``."""

    slots: tuple[str, ...] = ("caller_name",)

    def __init__(self, rules: NameRules, dialogue: Dialogue, sounds: Sounds) -> None:
        self._rules = rules
        self._dialogue = dialogue
        self._sounds = sounds
        self._forms = AddressForms(rules, sounds)
        self._typed = TypedNames(rules, dialogue)
        chars = {*rules.surnames.frequency, *rules.given}
        self._explained = Explanations(rules.explained, {char for char in chars if len(char) == 1}, sounds)
        self._described = Descriptions(rules.radicals, rules.built, rules.components, sounds)
        self._heard_names = HeardNames(
            rules.surnames.frequency, rules.surname_readings, rules.given, self._explained, sounds
        )

    def read(self, turn: Turn, context: Context) -> tuple[NameClue, ...]:
        """The clues of one turn."""
        if turn.speaker is Speaker.CITIZEN and not turn.times:
            return (*self._typed.read(turn, context), *self._own_gender(turn))
        asked = self._answered(context) if turn.speaker is Speaker.AGENT else "caller_name" in context.expected
        clues = self._heard(turn, asked)
        others = [clue for other in otherwise(turn) for clue in self._heard(other, asked)]
        return (*with_others(turn, clues, others), *self._own_gender(turn))

    def _answered(self, context: Context) -> bool:
        """Whether what the caller said last answers a question for the name, so that the agent may repeat it."""
        before = context.before
        while before and before[-1].speaker is Speaker.AGENT:
            before = before[:-1]
        while before and before[-1].speaker is Speaker.CITIZEN:
            before = before[:-1]
        return "caller_name" in self._dialogue.asked(before)

    def _own_gender(self, turn: Turn) -> Iterator[NameClue]:
        """How callers who say that they are a man or a woman are to be addressed, whatever the agent called them."""
        found = self._rules.own_gender.search(turn.text)
        if found is not None and turn.speaker is Speaker.CITIZEN:
            title = self._rules.own_genders[found.group()]
            yield NameClue(Evidence.of(turn, *found.span()), title=title, byname=True)

    def _heard(self, turn: Turn, asked: bool) -> tuple[NameClue, ...]:
        if turn.times:  # 姓0, 7女士: a digit by itself may be a character of a name
            turn = replace(turn, text=_DIGIT.sub(lambda digit: _DIGITS[int(digit.group())], turn.text))
        if turn.speaker is Speaker.CITIZEN:
            return tuple(self._introduced(turn, asked))
        clues = tuple(self._addressed(turn, asked))
        said = turn.times and (asked or any(one.surname for one in clues))
        told = tuple(one for one in self._explanations(turn.text, 0) if self._explained.clear(one)) if said else ()
        return (*clues, NameClue(Evidence.of(turn, 0, len(turn.text)), told=told)) if told else clues

    def anyhow(self, turn: Turn, context: Context) -> tuple[NameClue, ...]:
        """The clues of one turn of which it is not known whether it was heard or typed: what either reading gives."""
        heard = self._heard(turn, "caller_name" in context.expected)
        return heard if turn.speaker is Speaker.AGENT else (*self._typed.read(turn, context), *heard)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[NameClue, ...]], context: Context
    ) -> dict[str, SlotValue]:
        """The name all clues agree on best."""
        refused = {
            (turn.id, clue.evidence.start)
            for place, (turn, reading) in enumerate(zip(turns, readings, strict=True))
            for clue in reading
            if turn.speaker is Speaker.AGENT and self._dialogue.verdict(turns, place, clue.evidence.start) is False
        }
        clues = [
            one for reading in readings for one in reading if (one.evidence.turn, one.evidence.start) not in refused
        ]
        last = max((n for n, clue in enumerate(clues) if clue.corrects), default=0)
        clues = self._believed(clues[last:])
        heard = any(clue.surname and clue.surname.speaker != "typed" for clue in clues)
        meant, fits = self._heard_name(clues) if heard else self._typed_name(clues)
        if not meant.surname or meant.sure < (_LEAST_HEARD if heard else _LEAST):
            return {}
        evidence = tuple(dict.fromkeys(clue.evidence for clue in fits))
        agreed = {turn.speaker for turn in turns if any(turn.id == one.turn for one in evidence)}
        own = [clue for clue in clues if clue.title and clue.byname and not clue.surname]
        titled = own or [clue for clue in fits if clue.title] or [clue for clue in clues if clue.title]
        title = titled[-1].title if titled else ""
        least = 0.0 if not heard else _LEAST_GIVEN if title else _LEAST_GIVEN_ALONE
        if meant.given and meant.given_sure >= least:
            value, confidence = meant.surname + meant.given, meant.given_sure * meant.sure
            if not heard and confidence < _LEAST:
                return {}
            repeated = [place for turn in turns if turn.speaker is Speaker.AGENT for place in self._said(turn, value)]
            evidence = tuple(dict.fromkeys((*evidence, *repeated)))
            return {"caller_name": SlotValue(value, round(confidence, 3), evidence, confirmed=bool(repeated))}
        if titled and titled[-1].evidence not in evidence:
            evidence += (titled[-1].evidence,)
        confidence = meant.sure * (0.95 if title else _TITLE_UNKNOWN)
        familiar = next((clue.familiar for clue in reversed(fits) if clue.familiar), "")
        value = meant.surname + title if title else familiar + meant.surname
        return {"caller_name": SlotValue(value, round(confidence, 3), evidence, confirmed=len(agreed) > 1)}

    def _heard_name(self, clues: Sequence[NameClue]) -> tuple[NameMeant, list[NameClue]]:
        """The name that recognised ``clues`` agree on best, and the clues that fit it."""
        told = tuple(dict.fromkeys((clue.told, *clue.told_otherwise) for clue in clues if clue.told))
        told_when_asked = [clue for clue in clues if clue.asked and not clue.bare]
        clues = [
            clue
            for clue in clues
            if clue.asked is None
            or not told_when_asked
            or clue in told_when_asked
            or not clue.surname
            or any(self._agree(clue, one) for one in told_when_asked)
        ]
        heard = tuple(
            HeardName(
                clue.surname.heard,
                clue.given,
                clue.surname.others,
                clue.surname.speaker == "agent",
            )
            for clue in clues
            if clue.surname
        )
        meant = self._heard_names.meant(heard, told)
        if self._rules.surnames.rare(meant.surname) and not self._explains_clearly(told, meant.surname):
            meant = NameMeant("", 0.0)  # 第先生: rather none than what is hardly a surname
        return meant, [clue for clue in clues if clue.surname and self._fits(clue.surname, meant.surname)]

    def _agree(self, bare: NameClue, other: NameClue) -> bool:
        """Whether ``bare`` is a full name of the surname that ``other`` has."""
        if not bare.given or bare.surname is None or other.surname is None:
            return False
        return self._rules.surnames.likely(bare.surname.heard, other.surname.heard)

    def _explains_clearly(self, told: Sequence[Sequence[Sequence[Told]]], surname: str) -> bool:
        return any(self._explained.clear(one, surname) for readings in told for some in readings for one in some)

    def _typed_name(self, clues: Sequence[NameClue]) -> tuple[NameMeant, list[NameClue]]:
        """The name that typed ``clues`` agree on best, and the clues that fit it."""
        surname, sure = self._rules.surnames.most_probable(clue.surname for clue in clues if clue.surname)
        fits = [clue for clue in clues if clue.surname and self._fits(clue.surname, surname)]
        full = max((clue for clue in fits if clue.given), key=lambda clue: clue.sure, default=None)
        return NameMeant(surname, sure, full.given if full else "", full.sure if full else 0.0), fits

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

    def _addressed(self, turn: Turn, asked: bool) -> Iterator[NameClue]:
        """The clues of an agent's turn; ``asked``: the caller has just told the name."""
        text, rules = turn.text, self._rules
        channel = "agent" if turn.times else "typed"
        no_surname = rules.no_surname_heard if turn.times else rules.no_surname
        for found in (rules.title_short_heard if turn.times else rules.title_short).finditer(text):
            name = found["name"]
            if is_word(name + found["title"]):
                continue  # 理解
            known = name in rules.surnames or (turn.times and asked and not found.start() and rules.surnames.near(name))
            if known and name not in rules.no_surname:
                evidence = Evidence.of(turn, found.start("name"), found.end("title"))
                title = rules.short_titles.get(found["title"], found["title"])
                yield NameClue(evidence, SurnameClue(channel, name), title=title)
        for at, end, title in self._forms.spans(text):
            start = at - 1 if at > 1 and text[at - 1] == "老" else at  # 梁老先生
            name_start = self._name_start(text, start)
            name = text[name_start:start]
            if rules.addressed_other.match(text, end):
                # 安女士的跟您核对一下: a pause misheard
                if turn.times and name_start == 0 and len(name) == 1 and text.startswith("的", end):
                    told = SurnameClue(channel, name) if rules.surnames.near(name) else None
                    yield NameClue(Evidence.of(turn, start, end), told, title=title)
                continue
            evidence = Evidence.of(turn, name_start, end)
            if not name:
                if rules.addressing.match(text, end) or (turn.times and (start == 0 or text[start - 1].isdecimal())):
                    yield NameClue(evidence, title=title)
            elif len(name) == 1 or name in rules.surnames:
                if name not in no_surname and rules.surnames.near(name):
                    yield NameClue(evidence, SurnameClue(channel, name), title=title)
                elif turn.times and name_start == 0:
                    yield NameClue(Evidence.of(turn, start, end), title=title)  # the surname was misheard
            elif self._is_name(name, near=bool(turn.times)):
                surname = rules.surnames.at_start(name) or name[:1]
                yield NameClue(evidence, SurnameClue(channel, surname), name[len(surname) :], title, sure=0.85)

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
        clue = self._full_name(turn) or self._surname(turn, asked)
        if clue is None and asked:
            clue = self._full_name(turn, bare=True) or self._told(turn)
        if asked:
            yield from self._called(turn)
        if clue is None or clue.surname is None:
            if asked and (told := self._explanations(text, 0)):
                yield NameClue(Evidence.of(turn, 0, len(text)), told=told)
            return
        corrects = self._dialogue.corrected_before(text, clue.evidence.start)
        start, end = clue.evidence.start, clue.evidence.end
        surname, given = clue.surname, clue.given
        told = clue.told or self._explanations(text, end)
        if not given:
            given = self._given_after(text[end:], surname.heard)
        parts = self._parts(text, end)
        if parts:
            surname, end = replace(surname, explained=parts[0]), parts[1]
        title = "" if given else self._own_title(text, surname, end)
        evidence = Evidence.of(turn, start, end)
        yield replace(
            clue,
            evidence=evidence,
            surname=surname,
            given=given,
            title=title,
            told=told,
            corrects=corrects,
            asked=asked,
        )

    def _given_after(self, rest: str, surname: str) -> str:
        """The given name of a full name that comes behind the surname: 姓郭，郭锦洪."""
        for found in re.finditer(
            rf"(?:^|[{PAUSE}])叫?({HANZI}{{2,4}})(?=$|[^\u4e00-\u9fff])", self._before_numbers(rest)
        ):
            name, length = found.group(1), len(surname)
            given = name[length:]
            if not sounds_alike(name[0], surname[0]) or len(given) != 2 or self._forms.misheard(name[:length], given):
                continue
            if self._is_name(name, near=True):
                return given
        return ""

    def _own_title(self, text: str, surname: SurnameClue, after: int) -> str:
        """What callers call themselves after their surname: 易女士, or 女的."""
        told = self._rules.own_title.search(text, after)
        if told is not None and told.start() - after <= _OWN:
            return self._rules.own_titles[told.group(1)]
        for start, _, title in self._forms.spans(text):
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
        corrected = [end for end in places if self._dialogue.corrected_before(text, end - 1)]
        for end in (*corrected[::-1], *places):
            rest = text[end : end + 2]
            heard = rest if rest in rules.surnames.compound or rules.surnames.homophones(rest) else rest[:1]
            if heard and rules.surnames.near(heard):
                return NameClue(Evidence.of(turn, end, end + len(heard)), SurnameClue("citizen", heard))
        return None

    def _told(self, turn: Turn) -> NameClue | None:
        """The surname that the beginning of an answer explains, however its introduction was heard: 讯议。容易的议。"""
        text = turn.text
        for found in self._rules.explanation.finditer(text[:_INTRODUCED]):
            told = Told(found.group(1), found.group(2))
            char = max(self._explained.fits(told).items(), key=lambda one: (one[1], one[0]), default=("", 0.0))[0]
            if char not in self._rules.surnames:
                continue
            before = [at for at, one in enumerate(text[: found.start()]) if sounds_alike(one, char)]
            start = before[0] if before else found.start(2)
            heard = self._rules.surnames.at_start(text[start:]) or text[start]
            evidence = Evidence.of(turn, start, found.end())
            return NameClue(evidence, SurnameClue("citizen", heard), told=self._explanations(text, 0), bare=True)
        return None

    def _is_callers(self, text: str, start: int, end: int, asked: bool) -> bool:
        if self._rules.others.search(text[:start].rstrip("姓")) and not text[start:end].startswith(("我", "免", "本")):
            return False
        return asked or text[start] in "我免本" or text[end - 1] == "姓"

    def _called(self, turn: Turn) -> Iterator[NameClue]:
        """What callers who were asked call themselves in a clause of its own: 金先生."""
        text = turn.text
        for found in self._rules.called_heard.finditer(text):
            name = found["name"]
            if self._rules.surnames.near(name) and name not in self._rules.no_surname:
                title = self._rules.short_titles.get(found["title"], found["title"])
                evidence = Evidence.of(turn, found.start("name"), found.end("title"))
                yield NameClue(evidence, SurnameClue("citizen", name), title=title, asked=True)
        for start, end, title in self._forms.spans(text):
            alone = (
                start > 0 and (start == 1 or text[start - 2] in _CALLED) and text[end : end + 1] in f"{PAUSE}0123456789"
            )
            if alone and self._rules.surnames.near(text[start - 1]) and text[start - 1] not in self._rules.no_surname:
                evidence = Evidence.of(turn, start - 1, end)
                yield NameClue(evidence, SurnameClue("citizen", text[start - 1]), title=title, asked=True)

    def _full_name(self, turn: Turn, *, bare: bool = False) -> NameClue | None:
        """A full name introduced ("我叫…"), or, ``bare``, as an answer at the start of a clause."""
        text, rules = turn.text, self._rules
        if bare:
            starts = [found.end() for found in re.finditer(rf"(?:^|[{PAUSE}])(?:叫|是|我是|姓名是?)?", text)]
            starts = starts[:3]
            if text.startswith("是") and any(
                sounds_alike(one.char or " ", "是") for one in self._explanations(text, 1)
            ):
                starts.insert(0, 0)  # a surname that sounds so
        else:
            starts = [end for _, end in rules.said_name.spans(text)]
        for start in starts:
            introduced = not bare or text[:start].endswith("叫")
            if not bare and rules.others.search(text[:start].removesuffix("叫").removesuffix("名字")):
                continue
            if any(one.start == 0 for one in self._described.spans(text[start : start + _PARTS])):
                continue  # 木子李
            run = re.match(f"{HANZI}*", text[start:])
            said = run.group() if run else ""
            surname = rules.surnames.at_start(said)
            certain = bool(surname) or introduced
            if not surname and said and (bare or rules.surnames.near(said[0])):
                surname = said[0]
            if not surname or rules.title_written.match(said, len(surname)):
                continue
            if surname not in rules.surnames and surname in rules.never_given:
                continue
            for length in (len(surname) + 2, len(surname) + 1):
                name = said[:length]
                rest = text[start + length :]
                if rules.after_name.match(rest) is None and rules.explanation.match(rest) is None:
                    continue
                told = (*self._explanations(text[:start], 0), *self._explanations(text, start + length))
                explained = sum(_explains(one, name) for one in told) > 1
                if len(name) != length or not (self._is_name(name, near=True) or explained):
                    continue
                if rest.startswith("的") or (length == 2 and sounds_alike(*name)):
                    continue  # 广州的广, 冉冉升起的冉
                if bare and (word := self._word_of_surname(text, start, length)):
                    clue = SurnameClue("citizen", name[0])
                    return NameClue(Evidence.of(turn, start, start + 1), clue, told=(word,))
                if bare and length == 2 and self._is_surname_said(name, told):
                    clue = SurnameClue("citizen", name[1])
                    return NameClue(Evidence.of(turn, start + 1, start + 2), clue, told=told)
                evidence = Evidence.of(turn, start, start + length)
                if not (certain or told) or (bare and not told and is_word(name)):
                    continue
                clue = SurnameClue("citizen", surname)
                return NameClue(evidence, clue, name[len(surname) :], told=told, bare=not (introduced or told))
        return None

    def _word_of_surname(self, text: str, start: int, length: int) -> Told | None:
        """The explanation whose word begins right behind a surname, its first character (霍，霍元甲的霍), where none
        begins behind the ``length`` characters of a name.
        """
        if any(self._explained.clear(one) for one in self._by_words(text[start + length :])):
            return None
        found = self._rules.explanation.match(text, start + 1)
        told = Told(found.group(1), found.group(2)) if found else None
        return told if told and sounds_alike(told.char, text[start]) and self._explained.clear(told) else None

    def _is_surname_said(self, heard: str, told: Sequence[Told]) -> bool:
        """Whether ``heard``, two characters, was 姓 and a surname (静笑，小月肖; 进书，舒服的书)."""
        if not self._rules.surnames.near(heard[1]) or any(sounds_alike(one.char or " ", heard[0]) for one in told):
            return False
        if self._sounds.distance(syllable(heard[0]), syllable("姓")) <= _MISHEARD:
            return True
        common = self._rules.surnames.frequency.get(heard[0], 0.0) >= _COMMON
        return not common and bool(told) and _explains(told[0], heard[1])

    def _is_name(self, name: str, *, near: bool = False) -> bool:
        """Whether ``name`` is a surname and one or two characters; ``near``: a surname or what may have been one."""
        surname = self._rules.surnames.at_start(name)
        if not surname and near and name and self._rules.surnames.near(name[0]):
            surname = name[0]
        given = name[len(surname) :]
        return (
            bool(surname)
            and 1 <= len(given) <= 2
            and not self._rules.never_given & set(given)
            and not any(word in given for word in self._rules.never_given_words)
        )

    # ── explanations ──

    def _explanations(self, text: str, start: int) -> tuple[Told, ...]:
        """What the words from ``start`` on explain, by words and by parts, up to a number."""
        end = start + len(self._before_numbers(text[start:]))
        told: list[Told] = []
        after = 0
        for one in self._described.spans(text[start:end]):
            told += self._by_words(text[start + after : start + one.start])
            if text[: start + one.start].endswith(_NOT):
                after = one.end  # 不是耳朵旁那个
                continue
            told.append(Told(text[start + one.start : start + one.end], one.said, parts=tuple(one.chars.items())))
            after = one.end
        return (*told, *self._by_words(text[start + after : end]))

    def _by_words(self, text: str) -> Iterator[Told]:
        return (Told(one.group(1), one.group(2)) for one in self._rules.explanation.finditer(text))

    @staticmethod
    def _before_numbers(text: str) -> str:
        return re.split(r"\d{3}|电话|手机|号码", text, maxsplit=1)[0]

    def _parts(self, text: str, after: int) -> tuple[tuple[str, ...], int] | None:
        """The characters that the parts told within reach of a surname fit best (木子李), and where that ends."""
        for one in self._described.spans(text[after : after + _PARTS]):
            likeliest = max(one.chars.values())
            return tuple(char for char, likely in one.chars.items() if likely == likeliest), after + one.end
        return None


def _explains(told: Told, name: str) -> bool:
    """Whether ``told`` may well be of a character of ``name``, which was heard beside it."""
    likely = max((likely for _, likely in told.parts), default=0.0)
    said = (*told.char, *([] if told.parts else told.word), *(char for char, fit in told.parts if fit == likely))
    return any(sounds_alike(char, one) for char in name for one in said)


def load_caller_name(catalog: Path) -> CallerName:
    """The extractor of the caller's name, with the rules of the catalogue directory ``catalog``."""
    sounds = load_sounds(catalog)
    return CallerName(NameRules(load_rules(catalog, "names"), sounds.distance), load_dialogue(catalog), sounds)
