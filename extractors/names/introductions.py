"""How callers whose turn was heard introduce themselves: a turn in, clues of their name out.

The surname (我姓谭, 免贵姓谭), explained or not; a full name (`extractors.names.full_names`); what they are to be
called (叫我简伯, 金先生); the beginning of an answer that explains a surname, however that was heard. What was typed:
`extractors.names.typed_names`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from extractors.conversation.dialogue import Dialogue
from extractors.names.address_forms import AddressForms
from extractors.names.explained import Explanations, Told
from extractors.names.full_names import FullNames
from extractors.names.rules import PAUSE, NameRules, only_sounds
from extractors.names.surnames import NameClue, SurnameClue
from extractors.names.told_characters import ToldCharacters, explains
from extractors.text.cues import sounds_alike
from extractors.ticket import Evidence
from extractors.turn import Turn

_INTRODUCED = 24  # characters of an answer in which a surname is explained
_OWN = 12  # characters behind a surname in which callers say what they are to be called
_CALLED = f"{PAUSE}叫是"  # before what callers call themselves


class Introductions:
    """Reads what was heard of the caller."""

    def __init__(
        self,
        rules: NameRules,
        dialogue: Dialogue,
        forms: AddressForms,
        explained: Explanations,
        told: ToldCharacters,
        full_names: FullNames,
    ) -> None:
        self._rules = rules
        self._dialogue = dialogue
        self._forms = forms
        self._explained = explained
        self._told = told
        self._full_names = full_names

    def read(self, turn: Turn, asked: bool) -> Iterator[NameClue]:
        """The clues of one turn; ``asked``: for the name."""
        text, rules = turn.text, self._rules
        for found in rules.say_to_me_heard.finditer(text):
            heard = found.group(1)
            if rules.surnames.near(heard):
                evidence = Evidence.of(turn, *found.span())
                title = rules.short_titles.get(found.group(2), found.group(2))
                yield NameClue(evidence, SurnameClue("citizen", heard), title=title)
        clue = self._full_names.find(turn) or self._surname(turn, asked)
        if asked and (clue is None or not clue.given):
            clue = self._answer(turn, clue) or self._explained_surname(turn)
        if asked:
            yield from self._called(turn)
        if clue is None or clue.surname is None:
            if asked and (told := self._told.told(text)):
                yield NameClue(Evidence.of(turn, 0, len(text)), told=told)
            return
        corrects = self._dialogue.corrected_before(text, clue.evidence.start)
        start, end = clue.evidence.start, clue.evidence.end
        surname, given = clue.surname, clue.given
        told = clue.told or self._told.told(text, end)
        if not given:
            given = self._full_names.given_after(text[end:], surname.heard)
        parts = self._told.parts(text, end)
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

    def _answer(self, turn: Turn, surname: NameClue | None) -> NameClue | None:
        """A full name that the answer begins with, or the ``surname`` that it has where that is another, unless it only
        sounds as if it were told (苍乐怡，经常的苍，心旷神怡的怡).
        """
        full = self._full_names.find(turn, bare=True)
        if surname is None or surname.surname is None or full is None or full.surname is None or not full.given:
            return full if surname is None else surname
        if any(
            found.start("name") == full.evidence.start for found in self._rules.title_short_heard.finditer(turn.text)
        ):
            return surname  # 毕姨
        same = sounds_alike(full.surname.heard, surname.surname.heard)
        said = "姓" in turn.text[: surname.evidence.start]
        explained = sum(explains(one, full.given) for one in full.told)
        if same and said and len(full.given) == 1 and not explained:
            return surname  # 姓池，吃火: 池伯
        if same or (full.told and not said):
            return full
        return replace(surname, given=full.given) if explained > 1 else surname

    def _surname(self, turn: Turn, asked: bool) -> NameClue | None:
        text, rules = turn.text, self._rules
        leading = len(text) - len(self._dialogue.clean(text)) if asked else 0
        places = [end for start, end in rules.said_surname.spans(text) if self._is_callers(text, start, end, asked)]
        if not places and asked and leading < len(text):
            found = rules.asked_surname.search(text)
            places = [found.end()] if found else []
        places = [end for end in places if not only_sounds(text[end - 1 : end + 1])]
        corrected = [end for end in places if self._dialogue.corrected_before(text, end - 1)]
        for end in (*corrected[::-1], *places):
            rest = text[end : end + 2]
            heard = rest if rest in rules.surnames.compound or rules.surnames.homophones(rest) else rest[:1]
            if heard and rules.surnames.near(heard):
                return NameClue(Evidence.of(turn, end, end + len(heard)), SurnameClue("citizen", heard))
        return None

    def _is_callers(self, text: str, start: int, end: int, asked: bool) -> bool:
        if self._rules.others.search(text[:start].rstrip("姓")) and not text[start:end].startswith(("我", "免", "本")):
            return False
        return asked or text[start] in "我免本" or text[end - 1] == "姓"

    def _explained_surname(self, turn: Turn) -> NameClue | None:
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
            return NameClue(evidence, SurnameClue("citizen", heard), told=self._told.told(text), bare=True)
        return None

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

    def _own_title(self, text: str, surname: SurnameClue, after: int) -> str:
        """What callers call themselves after their surname: 易女士, or 女的."""
        told = self._rules.own_title.search(text, after)
        if told is not None and told.start() - after <= _OWN:
            return self._rules.own_titles[told.group(1)]
        own = (surname.heard, *surname.explained)
        for start, _, title in self._forms.spans(text):
            if start > after and any(sounds_alike(text[start - 1], one) for one in own):
                return title
        for found in self._rules.clause_of_two.finditer(text, after):
            title = self._forms.short(found["title"])
            if title and any(sounds_alike(found["name"], one) for one in own):
                return title
        return ""
