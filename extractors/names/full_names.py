"""Full names by which a caller whose turn was heard introduces himself: a turn in, a clue of the name out.

After words that introduce one (我叫何志强), as a bare answer at the start of a clause, and behind the surname (姓郭，
郭锦洪). A recogniser writes names in whatever characters sound so: what begins like a surname is one where it is
introduced or explained, and an answer that explains its surname at once (霍，霍元甲的霍) is that surname alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.names.address_forms import AddressForms
from extractors.names.explained import Explanations, Told
from extractors.names.rules import HANZI, PAUSE, NameRules, is_word
from extractors.names.surnames import NameClue, SurnameClue
from extractors.names.told_characters import ToldCharacters, explains
from extractors.text.cues import sounds_alike, syllable
from extractors.text.sound import Sounds
from extractors.ticket import Evidence
from extractors.turn import Turn

_CLAUSES = 3  # so many clauses of an answer may begin with the name
_COMMON = 10.0  # people of a surname, in ten thousands, from which it is taken for one before a given name
_MISHEARD = 0.4  # no further from 姓 was it 姓
_NEARLY = 0.45  # nor the surname from how it was heard behind 叫 (我姓苗，叫谬雨晴)


class FullNames:
    """Finds full names in what was heard of the caller."""

    def __init__(
        self, rules: NameRules, forms: AddressForms, explained: Explanations, told: ToldCharacters, sounds: Sounds
    ) -> None:
        self._rules = rules
        self._forms = forms
        self._explained = explained
        self._told = told
        self._sounds = sounds

    def find(self, turn: Turn, *, bare: bool = False) -> NameClue | None:
        """A full name introduced ("我叫…"), or, ``bare``, as an answer at the start of a clause."""
        found = [self._beginning_at(turn, start, bare=bare) for start in self._starts(turn.text, bare=bare)]
        clues = [clue for clue in found if clue is not None]
        return max(clues, key=_explained, default=None) if bare else next(iter(clues), None)

    def given_after(self, rest: str, surname: str) -> str:
        """The given name of a full name that comes behind the surname: 姓郭，郭锦洪."""
        for found in re.finditer(
            rf"(?:^|[{PAUSE}])叫?({HANZI}{{2,4}})(?=$|[^\u4e00-\u9fff])", self._rules.before_number(rest)
        ):
            name, length = found.group(1), len(surname)
            given = name[length:]
            introduced = found.group().removesuffix(name).endswith("叫")
            nearly = introduced and self._apart(name[0], surname[0]) <= _NEARLY
            if not nearly and not sounds_alike(name[0], surname[0]):
                continue
            if len(given) != 2 or self._forms.misheard(name[:length], given):
                continue
            if self._rules.is_name(name, near=True):
                return given
        return ""

    def _apart(self, heard: str, char: str) -> float:
        return self._sounds.distance(syllable(heard), syllable(char))

    def _starts(self, text: str, *, bare: bool) -> list[int]:
        """Where a name may begin."""
        if not bare:
            return [end for _, end in self._rules.said_name.spans(text)]
        starts = [found.end() for found in self._rules.answer.finditer(text)][:_CLAUSES]
        if text.startswith("是") and any(sounds_alike(one.char or " ", "是") for one in self._told.told(text, 1)):
            starts.insert(0, 0)  # a surname that sounds so
        return starts

    def _beginning_at(self, turn: Turn, start: int, *, bare: bool) -> NameClue | None:
        """The full name that begins at ``start``, or the surname alone where that is what it was."""
        text, rules = turn.text, self._rules
        introduced = not bare or text[:start].endswith("叫")
        if not bare and rules.others.search(text[:start].removesuffix("叫").removesuffix("名字")):
            return None
        if self._told.begins_by_parts(text, start) or (bare and self._begins_by_word(text, start)):
            return None  # 木子李, 戚继光的戚
        run = re.match(f"{HANZI}*", text[start:])
        said = run.group() if run else ""
        surname = self._compound(said) or rules.surnames.at_start(said)
        certain = bool(surname) or introduced
        if not surname and said and (bare or rules.surnames.near(said[0])):
            surname = said[0]
        if not surname or rules.title_written.match(said, len(surname)):
            return None
        hardly = surname not in rules.surnames and surname in rules.never_given
        for length in (len(surname) + 2, len(surname) + 1):
            name = said[:length]
            rest = text[start + length :]
            if rules.after_name.match(rest) is None and rules.explanation.match(rest) is None:
                continue
            told = (*self._told.told(text[:start]), *self._told.told(text, start + length))
            explained = self._are_of(told, name, surname, introduced=introduced)
            if hardly and not explained:
                continue
            if len(name) != length or not (rules.is_name(name, near=True) or explained):
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

    def _begins_by_word(self, text: str, start: int) -> bool:
        """Whether what begins at ``start`` is a word that tells its own first character."""
        found = self._rules.explanation.match(text, start)
        return (
            found is not None
            and [sounds_alike(one, found.group(2)) for one in found.group(1)].count(True) == 1
            and (sounds_alike(text[start], found.group(2)))
        )

    def _are_of(self, told: Sequence[Told], name: str, surname: str, *, introduced: bool) -> bool:
        """Whether the explanations ``told`` are of ``name``, whatever characters it was heard in."""
        if sum(explains(one, name) for one in told) > 1:
            return True
        known = surname in self._rules.surnames and bool(told) and explains(told[0], surname)
        return introduced and (known or self._by_words(told) > 1)

    def _compound(self, said: str) -> str:
        """What was heard for the compound surname with which four characters begin (偶阳建军); empty: none."""
        compound = self._rules.surnames.compound
        begins = len(said) == 4 and any(one in compound for one in self._rules.surnames.homophones(said[:2]))
        return said[:2] if begins else ""

    def _by_words(self, told: Sequence[Told]) -> int:
        """How many of the explanations ``told`` are by words that people use for it."""
        return sum(not one.parts and self._explained.known(one) for one in told)

    def _word_of_surname(self, text: str, start: int, length: int) -> Told | None:
        """The explanation whose word begins right behind a surname, its first character (霍，霍元甲的霍), where none
        begins behind the ``length`` characters of a name.
        """
        if any(self._explained.clear(one) for one in self._told.by_words(text[start + length :])):
            return None
        found = self._rules.explanation.match(text, start + 1)
        told = Told(found.group(1), found.group(2)) if found else None
        return told if told and sounds_alike(told.char, text[start]) and self._explained.clear(told) else None

    def _is_surname_said(self, heard: str, told: Sequence[Told]) -> bool:
        """Whether ``heard``, two characters, was 姓 and a surname (静笑，小月肖; 进书，舒服的书)."""
        if not self._rules.surnames.near(heard[1]) or any(sounds_alike(one.char or " ", heard[0]) for one in told):
            return False
        if self._apart(heard[0], "姓") <= _MISHEARD:
            return True
        common = self._rules.surnames.frequency.get(heard[0], 0.0) >= _COMMON
        return not common and bool(told) and explains(told[0], heard[1])


def _explained(clue: NameClue) -> int:
    """How many explanations are of the name in ``clue``."""
    name = clue.surname.heard + clue.given if clue.surname else ""
    return sum(explains(one, name) for one in clue.told)
