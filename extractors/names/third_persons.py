"""Third persons whose names callers tell: what a caller's turn says of them in, surnames out.

"我只看到工牌，姓简" answers 您知道这位司机的姓名吗; "她说她姓蓝", "一个姓祝的姑娘" tell by themselves whose name it is.
What callers claim (我姓…) is their own. Rules: ``third_persons`` of ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.conversation.dialogue import Dialogue
from extractors.names.rules import HANZI, PAUSE, NameRules, is_word
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

_CLAIMED = re.compile(r"(?:我(?:也|自己|就|是)?|免贵|本人|真?的?有人)$")  # or nobody's in particular: 真的有人姓强
_SURNAME = re.compile(f"(?<![复百贵同])姓[{PAUSE}]?({HANZI}{{1,2}})")


@dataclass(frozen=True, slots=True)
class ThirdPerson:
    """The ``surname`` of somebody else, told at ``evidence``; with the ``given`` name where that is told."""

    surname: str
    given: str
    evidence: Evidence


class ThirdPersons:
    """Finds the names of third persons."""

    def __init__(self, rules: NameRules, dialogue: Dialogue) -> None:
        self._rules = rules
        self._dialogue = dialogue
        self._name = re.compile(rf"(?:^|[{PAUSE}]|(?:叫|是)[{PAUSE}]?)({HANZI}{{2,4}})(?=$|[{PAUSE}])")

    def read(self, turn: Turn, before: Sequence[Turn]) -> Iterator[ThirdPerson]:
        """The third persons whose name the caller tells in ``turn``, after the turns ``before``."""
        if turn.speaker is not Speaker.CITIZEN:
            return
        asked = self._asked_for(before)
        for found in _SURNAME.finditer(turn.text):
            surname = self._surname(found.group(1))
            start = found.start(1)
            if not surname or _CLAIMED.search(turn.text, 0, found.start()):
                continue
            of_one = re.match(f"的(?!{surname}|[{PAUSE}])", turn.text[start + len(surname) :]) is not None
            if asked or of_one or self._rules.others.search(turn.text[: found.start()]):
                yield ThirdPerson(surname, "", Evidence.of(turn, found.start(), start + len(surname)))
        if asked:
            for found in self._name.finditer(turn.text):
                name = found.group(1)
                surname = self._surname(name)
                if self.is_full_name(name) and not _CLAIMED.search(turn.text, 0, found.start(1) - 1):
                    yield ThirdPerson(surname, name[len(surname) :], Evidence.of(turn, *found.span(1)))

    def is_full_name(self, text: str) -> bool:
        """Whether ``text`` is a surname and what given names are made of, and no word."""
        given = text[len(self._surname(text)) :]
        return self._rules.is_name(text) and set(given) <= self._rules.given.keys() and not is_word(text)

    def _asked_for(self, before: Sequence[Turn]) -> bool:
        """Whether the agent has just asked for the name of somebody else, and not for the caller's."""
        last = before[-1] if before else None
        return (
            last is not None
            and last.speaker is Speaker.AGENT
            and "caller_name" not in self._dialogue.expected(last)
            and self._rules.third_person_asked.search(last.text) is not None
        )

    def _surname(self, text: str) -> str:
        surname = self._rules.surnames.at_start(text)
        return surname if surname not in self._rules.no_surname else ""
