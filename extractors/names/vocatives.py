"""How the agent addresses the caller: an agent's turn in, clues of the caller's name out (梁先生, 何志强先生, 简伯).

A surname and a form of address, a full name and one, or a form of address alone. Of whom somebody else is spoken
(李先生的) is not the caller.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.names.address_forms import AddressForms
from extractors.names.rules import NameRules, is_word
from extractors.names.surnames import NameClue, SurnameClue
from extractors.ticket import Evidence
from extractors.turn import Turn

_NAME, _LEAD = 4, 3  # characters of a name, and of a word before it, at most
_FULL_NAME = 0.85  # how sure a full name is by which the agent addresses somebody


class Vocatives:
    """Reads the agent's turns."""

    def __init__(self, rules: NameRules, forms: AddressForms) -> None:
        self._rules = rules
        self._forms = forms

    def read(self, turn: Turn, asked: bool) -> Iterator[NameClue]:
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
            elif len(name) == 1 or name in rules.surnames or (turn.times and self._is_compound(name)):
                if name not in no_surname and rules.surnames.near(name):
                    yield NameClue(evidence, SurnameClue(channel, name), title=title)
                elif turn.times and name_start == 0:
                    yield NameClue(Evidence.of(turn, start, end), title=title)  # the surname was misheard
            elif rules.is_name(name, near=bool(turn.times)):
                surname = rules.surnames.at_start(name) or name[:1]
                yield NameClue(evidence, SurnameClue(channel, surname), name[len(surname) :], title, sure=_FULL_NAME)

    def _is_compound(self, heard: str) -> bool:
        """Whether ``heard``, which is no likely full name, sounds like a compound surname (鸥阳)."""
        compound = any(one in self._rules.surnames.compound for one in self._rules.surnames.homophones(heard))
        return compound and self._rules.surnames.rare(heard[0])

    def _name_start(self, text: str, end: int) -> int:
        """Where the name before a title begins: after the last pause or word of agreement, at most four characters."""
        start = end
        while start > 0 and end - start < _NAME + _LEAD and "\u4e00" <= text[start - 1] <= "\u9fff":
            start -= 1
        start = self._behind_lead(text, max(self._behind_lead(text, start, end), end - _NAME), end)
        return end - 2 if text[max(start, end - 2) : end] in self._rules.surnames.compound else start

    def _behind_lead(self, text: str, start: int, end: int) -> int:
        """Where in ``text[start:end]`` the words of agreement and the like end with which it begins."""
        while lead := self._rules.before_name.match(text[start:end]):
            start += lead.end()
        return start
