"""The caller's name in typed turns: every character stands there as it is meant, only whose name it is has to be told.

In: the caller's turns without audio. Out: clues (`NameClue`): the own surname (我姓蓝; 匡，匡扶正义那个匡), a full name
(我叫…, 我是她爸，邝志荣, 姓翁，叫翁海洋, 单名一个伟), how the caller wants to be called (叫我简伯, 叫我老王). Parts
that tell a surname (木子李) are that surname, and what follows is the given name. A surname that nobody asked for and
nothing gives to the caller is weak. What was heard: `extractors.names.introductions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.conversation.dialogue import Dialogue
from extractors.names.rules import HANZI, PAUSE, PLACE_ENDS, NameRules, is_word
from extractors.names.surnames import NameClue, SurnameClue
from extractors.slots.extractor import Context
from extractors.text.cues import sounds_alike
from extractors.ticket import Evidence
from extractors.turn import Turn

_INTRODUCED, _EXPLAINED, _ANSWERED = 0.95, 0.9, 0.75
_BARE = 0.44  # a bare name that may be something else counts where the agent repeats it
_CLAUSES = 3  # so many clauses of an answer may begin with the name
_REACH = 30  # characters behind a name in which its characters are explained
_PARTS = 10  # characters behind a surname in which its parts are told
_CALLED = re.compile(rf"(?:^|[{PAUSE}的])({HANZI})(?:先生|女士|小姐|太太)")
_BY_WORD = re.compile(
    rf"我(?:姓|是|这个|那个)*(?P<word>{HANZI}{{0,3}}(?P<name>{HANZI}){HANZI}{{0,3}}的(?:那个|这个)?(?P=name))"
)
_BADGE = re.compile("牌|写")  # from which the name of somebody else is read


class TypedNames:
    """Reads the caller's typed turns."""

    def __init__(self, rules: NameRules, dialogue: Dialogue) -> None:
        self._rules = rules
        self._dialogue = dialogue
        self._clause = re.compile(rf"(?:^|(?<=[{PAUSE}]))(?:我?叫做?|我是|是|就是|姓名是?|名字是|我)?")
        self._lone = re.compile(rf"(?:^|(?<=[{PAUSE}]))({HANZI}{{1,2}})(?=[{PAUSE}])")

    def read(self, turn: Turn, context: Context) -> Iterator[NameClue]:
        """The clues of one turn."""
        text = turn.text
        asked = "caller_name" in context.expected
        surname = self._surname(turn, asked) or self._told_by_parts(turn, asked)
        surname = surname or (self._lone_surname(turn) if asked else None)
        surname = surname or self._put_right(turn, context)
        own = surname.surname.heard if surname is not None and surname.surname is not None and not surname.weak else ""
        full = self._single(turn, context, surname) or self._introduced(turn)
        full = full or self._in_clause(turn, own, context.before[-1:], asked=asked)
        for clue in (surname, full):
            if clue is not None:
                yield replace(self._with_explanation(turn, clue), asked=asked)
        for found in self._rules.say_to_me.finditer(text):
            if self._may_be_surname(found.group(1)):
                yield self._titled(turn, found.span(), found.group(1), found.group(2))
        for found in self._rules.familiar.finditer(text):
            if self._may_be_surname(found["name"]):
                clue = self._titled(turn, found.span(), found["name"], "")
                yield replace(clue, familiar=found["how"])
        before = "".join(one.text for one in context.before[-1:])
        for found in self._rules.title_self.finditer(text):
            name, title = found["name"], found["title"]
            if self._may_be_surname(name) and (
                asked or name == own or f"{name}先生" in before or f"{name}女士" in before
            ):
                yield self._titled(turn, (found.start("name"), found.end()), name, title)

    def _titled(self, turn: Turn, span: tuple[int, int], name: str, title: str) -> NameClue:
        return NameClue(Evidence.of(turn, *span), SurnameClue("typed", name), title=title, byname=True)

    def _may_be_surname(self, name: str) -> bool:
        return name in self._rules.surnames and name not in self._rules.no_surname

    def _surname(self, turn: Turn, asked: bool) -> NameClue | None:
        """The surname after 姓, the last where it is put right; what one 姓蓝的 does is somebody else's."""
        text, rules = turn.text, self._rules
        said: NameClue | None = None
        for found in rules.said_surname.finditer(text):
            start, end = found.span()
            parts = rules.component_phrase.match(text, end)
            if parts is not None:
                end = parts.end() - 1
            name = rules.surnames.at_start(text[end : end + (1 if parts else 2)])
            of_other = re.match(rf"的(?!{name})", text[end + len(name) :]) is not None
            claimed = text[start:end].startswith(("我", "免", "本"))
            if (
                not self._may_be_surname(name)
                or of_other
                or (not claimed and rules.others.search(text[:start].rstrip("姓")))
            ):
                continue
            corrects = self._dialogue.corrected_before(text, start)
            if (said is not None and not corrects) or self._dialogue.negated(text, start):
                continue
            evidence = Evidence.of(turn, parts.start() if parts else end, end + len(name))
            said = NameClue(evidence, SurnameClue("typed", name), corrects=corrects, weak=not (asked or claimed))
        return said

    def _told_by_parts(self, turn: Turn, asked: bool) -> NameClue | None:
        """A surname that begins a clause and is told by its parts (木子李); its given name may follow."""
        for found in self._clause.finditer(turn.text):
            parts = self._rules.component_phrase.match(turn.text, found.end())
            if parts is None:
                continue
            end = parts.end()
            alone = end == len(turn.text) or turn.text[end] in PAUSE
            if alone or (asked and self._full(turn, end - 1, sure=_BARE) is not None):
                evidence = Evidence.of(turn, parts.start(), end)
                return NameClue(evidence, SurnameClue("typed", parts.group()[-1]), weak=not asked)
        return None

    def _put_right(self, turn: Turn, context: Context) -> NameClue | None:
        """The surname that the caller tells by a word where the agent wrote one of the same sound (我是余下的余)."""
        called = {found.group(1) for one in context.before for found in _CALLED.finditer(one.text)}
        for found in _BY_WORD.finditer(turn.text):
            name = found["name"]
            if self._may_be_surname(name) and any(one != name and sounds_alike(one, name) for one in called):
                evidence = Evidence.of(turn, found.start("word"), found.end())
                return NameClue(evidence, SurnameClue("typed", name), corrects=True)
        return None

    def _single(self, turn: Turn, context: Context, surname: NameClue | None) -> NameClue | None:
        """The full name of a caller who tells the surname, now or before, and the one character behind it."""
        found = self._rules.single_given.search(turn.text)
        if found is None:
            return None
        told = (self._surname(one, asked=True) for one in reversed(context.before) if one.speaker is turn.speaker)
        own = surname or next((clue for clue in told if clue is not None), None)
        if own is None or own.surname is None or own.weak:
            return None
        evidence = Evidence.of(turn, *found.span())
        return NameClue(evidence, own.surname, found.group(1), sure=_EXPLAINED)

    def _lone_surname(self, turn: Turn) -> NameClue | None:
        """A surname that stands alone and is told once more (劳，劳动的劳), or is all that is said (骆。)."""
        alone = turn.text.strip(PAUSE)
        if (
            self._may_be_surname(alone)
            and not self._rules.surnames.rare(alone)
            and self._dialogue.answer_in(alone) is None
        ):
            at = turn.text.find(alone)
            return NameClue(Evidence.of(turn, at, at + len(alone)), SurnameClue("typed", alone))
        for found in self._lone.finditer(turn.text):
            name = found.group(1)
            parts = self._rules.component_phrase.match(turn.text, found.end() + 1)
            by_parts = parts is not None and parts.group().endswith(name)
            if self._may_be_surname(name) and (by_parts or self._is_explained(turn.text[found.end() :], name)):
                return NameClue(Evidence.of(turn, *found.span(1)), SurnameClue("typed", name))
        return None

    def _introduced(self, turn: Turn) -> NameClue | None:
        """A full name after words that say whose it is."""
        text, rules = turn.text, self._rules
        for found in rules.said_name.finditer(text):
            before = text[: found.end()].removesuffix("叫").removesuffix("名字")
            if rules.others.search(before) and text[found.start()] != "我":
                continue
            if (clue := self._full(turn, found.end(), sure=_INTRODUCED)) is not None:
                return clue
        for found in rules.relation.finditer(text):
            if (clue := self._full(turn, found.end(), sure=_INTRODUCED)) is not None:
                return clue
        return None

    def _in_clause(self, turn: Turn, own: str, last: Sequence[Turn], *, asked: bool) -> NameClue | None:
        """A full name that begins a clause: with the caller's surname ``own``, in the answer to who is calling, or
        explained throughout (闫淑芳，淑女的淑，芳香的芳), where it is not read off a badge and the agent does not ask
        for somebody else in the ``last`` turn.
        """
        best: NameClue | None = None
        for number, found in enumerate(self._clause.finditer(turn.text)):
            parts = self._rules.component_phrase.match(turn.text, found.end())
            clue = self._full(turn, parts.end() - 1 if parts else found.end(), sure=_BARE)
            if clue is None or clue.surname is None:
                continue
            if own:
                if clue.surname.heard == own:
                    return replace(clue, sure=_EXPLAINED)
                continue
            rest = turn.text[clue.evidence.end :]
            explained = self._is_explained(rest, clue.evidence.text)
            before = turn.text[: found.start()]
            others = any(self._rules.third_person_asked.search(one.text) for one in last)
            told = not (others or _BADGE.search(before) or self._rules.others.search(before))
            throughout = len(clue.given) > 1 and all(self._is_explained(rest, char) for char in clue.given)
            if not asked and told and throughout:
                return replace(clue, sure=_EXPLAINED)  # 闫淑芳，淑女的淑，芳香的芳
            if asked and (number < _CLAUSES or explained):
                if explained or found.group().endswith("叫"):
                    clue = replace(clue, sure=_EXPLAINED)
                elif not found.start() and self._is_likely(clue):
                    clue = replace(clue, sure=_ANSWERED)
                best = clue if best is None or clue.sure > best.sure else best
        return best

    def _is_likely(self, clue: NameClue) -> bool:
        """Whether a bare name is hardly anything else: of two characters that given names have, and no word."""
        return len(clue.given) == 2 and set(clue.given) <= self._rules.given.keys() and not is_word(clue.evidence.text)

    def _full(self, turn: Turn, start: int, *, sure: float) -> NameClue | None:
        """The full name that begins at character ``start`` and ends a clause, or is explained right after."""
        text, rules = turn.text, self._rules
        run = re.match(f"{HANZI}*", text[start:])
        said = run.group() if run else ""
        surname = rules.surnames.at_start(said)
        for length in (len(surname) + 2, len(surname) + 1):
            name, rest = said[:length], text[start + length :]
            if not surname or len(name) != length or name.endswith(PLACE_ENDS) or not rules.after_name.match(rest):
                continue
            given = name[len(surname) :]
            doubtful = any(char in rules.never_given and not self._is_explained(rest, char) for char in given)
            words = any(word in name if len(word) > 1 else word in given for word in rules.never_given_words)
            titled = given in rules.titles or (len(name) == 2 and rules.title_self.fullmatch(name) is not None)
            if doubtful or words or titled or surname in given[:1]:
                continue
            return NameClue(Evidence.of(turn, start, start + length), SurnameClue("typed", surname), given, sure=sure)
        return None

    def _with_explanation(self, turn: Turn, clue: NameClue) -> NameClue:
        """``clue`` with the words that tell its characters among those it rests on."""
        start, end = clue.evidence.start, clue.evidence.end
        told = end
        while (found := self._explanation(clue.evidence.text).match(turn.text, told)) is not None:
            told = found.end()
        component = self._rules.component.search(turn.text[told : told + _PARTS])
        if component is not None and told == end:
            told += component.end()
            told += len(clue.surname.heard) if clue.surname and turn.text.startswith(clue.surname.heard, told) else 0
        return clue if told == end else replace(clue, evidence=Evidence.of(turn, start, told))

    @staticmethod
    def _explanation(name: str) -> re.Pattern[str]:
        return re.compile(rf"[^。！？]{{0,10}}?(?:的|那个|嗰个|这个|个|[一-鿿])[{name}]")

    @staticmethod
    def _is_explained(rest: str, name: str) -> bool:
        """Whether one character of ``name`` is told by a word soon after it (海洋的海, 那个禤, 念善)."""
        return any(re.search(f"(?:的|那个|嗰个|个){char}", rest[:_REACH]) for char in name)
