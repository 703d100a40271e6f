"""Persons in whose name callers have a ticket written who are not themselves: a turn in, the full name out.

Callers tell it (写我爸的，尤国强; 叫江炳根，就写他), agents take it down (登记人尤国强，). Rules: ``registered`` of
``catalog/rules/names.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.names.rules import HANZI, PAUSE, PLACE_ENDS, NameRules
from extractors.names.third_persons import ThirdPersons
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

_REACH = 24  # characters behind the words that tell whose name is meant, in which it is told
_MOST = 4  # characters of a name


class RegisteredNames:
    """Finds them by what agents and callers say around the name; ``third_persons`` knows full names."""

    def __init__(self, rules: NameRules, third_persons: ThirdPersons) -> None:
        words = rules.registered
        self._third_persons = third_persons
        name = rf"(?P<name>{HANZI}{{2,{_MOST}}}?)"
        behind = rf"(?=$|[{PAUSE}]|{rules.title_written.pattern}|{words['bearer']})"
        self._agent = re.compile(rf"(?:{words['agent']}){name}{behind}")
        self._before = re.compile(rf"(?:{words['before']})[{PAUSE}]")
        self._name = re.compile(rf"[{PAUSE}](?:{words['told']})?{name}(?=$|[{PAUSE}])")
        self._behind = re.compile(rf"(?:叫|是){name}[{PAUSE}]+(?:{words['behind']})(?=$|[{PAUSE}])")

    def read(self, turn: Turn) -> Iterator[tuple[str, Evidence]]:
        """The names that ``turn`` tells."""
        text = turn.text
        if turn.speaker is Speaker.AGENT:
            found = self._agent.search(text)
        elif before := self._before.search(text):
            found = self._first(text, before.end() - 1, before.end() + _REACH)
        else:
            found = self._behind.search(text)
        if found is not None and self._is_full(found["name"]):
            yield found["name"], Evidence.of(turn, *found.span("name"))

    def _first(self, text: str, start: int, end: int) -> re.Match[str] | None:
        at = start
        while (found := self._name.search(text, at, end)) is not None and not self._is_full(found["name"]):
            at = found.start() + 1
        return found

    def _is_full(self, name: str) -> bool:
        return self._third_persons.is_full_name(name) and not name.endswith(PLACE_ENDS)
