"""Who is praised, where only the surname is known, or the name apart from what the person does: turns in, subject out.

"我想夸一个开公交车的", later "他讲姓屈": the subject is 屈姓公交司机; with a full name 护士黎晓彤, and 甘医生 where the
caller calls somebody so. It rests on the words for both. Rules: ``praised`` of ``catalog/rules/subject.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.catalogue.knowledge import Catalogue
from extractors.conversation.dialogue import Dialogue
from extractors.names.rules import NameRules
from extractors.names.third_persons import ThirdPerson, ThirdPersons
from extractors.text.sound import load_sounds
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_CONFIDENCE = 0.85
_AGREED = 0.95  # where the agent says it so as well


@dataclass(frozen=True, slots=True)
class _Role:
    name: str
    evidence: Evidence


class Praised:
    """Finds who is praised by the ``rules``, the part ``praised`` of those for the subject."""

    def __init__(self, rules: Mapping[str, Any], third_persons: ThirdPersons) -> None:
        self._third_persons = third_persons
        said = "|".join(f"(?:{pattern})" for pattern in rules["said"])
        told = {f"told{number}": name for number, name in enumerate(rules["told"])}
        otherwise = "|".join(f"(?P<{group}>{rules['told'][name]})" for group, name in told.items())
        self._told = told
        self._role = re.compile(f"{otherwise}|{said}")
        self._praise = re.compile(rules["praise"])
        self._works_at = re.compile(f"(?:{rules['works_at']})$")
        self._relatives = re.compile(f"(?:{rules['relatives']})[^，。？！]{{0,4}}$")

    def subject(self, turns: Sequence[Turn], known: SlotValue | None) -> SlotValue | None:
        """Who is praised in ``turns``: ``known`` where it names the person or nothing better is told."""
        people = list(self._people(turns))
        if len({one.surname for one in people}) != 1:
            return known
        person = next((one for one in people if one.given), people[-1])
        named = (person.surname + person.given) if person.given else f"{person.surname}姓"
        role = self._of(turns)
        if role is None or (known is not None and (named in str(known.value) or self._ends_in_name(str(known.value)))):
            return known
        called = re.compile(f"{person.surname}{role.name}")
        by_role = any(called.search(turn.text) for turn in turns if turn.speaker is Speaker.CITIZEN)
        where: tuple[Evidence, ...] = ()
        if person.given:
            value = role.name + person.surname + person.given
            if known is not None and self._works_at.search(str(known.value)) is not None:
                value, where = str(known.value) + value, known.evidence
        else:
            value = f"{person.surname}{'' if by_role else '姓'}{role.name}"
        agreed = any(value in turn.text for turn in turns if turn.speaker is Speaker.AGENT)
        evidence = tuple(dict.fromkeys((*where, role.evidence, person.evidence)))
        return SlotValue(value, _AGREED if agreed else _CONFIDENCE, evidence, confirmed=agreed)

    def _ends_in_name(self, subject: str) -> bool:
        """Whether ``subject`` tells somebody's full name already."""
        return any(self._third_persons.is_full_name(subject[-length:]) for length in (3, 2))

    def _people(self, turns: Sequence[Turn]) -> Iterator[ThirdPerson]:
        for at, turn in enumerate(turns):
            for one in self._third_persons.read(turn, turns[:at]):
                if not self._relatives.search(turn.text[: one.evidence.start]):
                    yield one

    def _of(self, turns: Sequence[Turn]) -> _Role | None:
        """What the praised person does: told behind words of praise, else by the caller, else by the agent."""
        callers = [turn for turn in turns if turn.speaker is Speaker.CITIZEN]
        for turn in callers:
            praise = self._praise.search(turn.text)
            if praise is not None and (role := self._first(turn, praise.end())) is not None:
                return role
        both = (*callers, *(turn for turn in turns if turn.speaker is Speaker.AGENT))
        return next((role for turn in both if (role := self._first(turn, 0)) is not None), None)

    def _first(self, turn: Turn, start: int) -> _Role | None:
        found = self._role.search(turn.text, start)
        if found is None:
            return None
        name = next((name for group, name in self._told.items() if found[group]), found.group())
        return _Role(name, Evidence.of(turn, *found.span()))


def load_praised(catalogue: Catalogue, dialogue: Dialogue) -> Praised:
    """Who is praised, by the rules of ``catalogue``."""
    names = NameRules(catalogue.rules("names"), load_sounds(catalogue.directory).distance)
    return Praised(catalogue.rules("subject")["praised"], ThirdPersons(names, dialogue))
