"""Names that have no Chinese surname: a caller's turn in, the whole names told in it out.

With a dot between the parts (买买提·艾力), or in Latin letters (我叫Michael Brown). Nothing is taken apart in them:
such a name stands on the ticket as it was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.names.rules import PAUSE, NameRules
from extractors.slots.extractor import Context
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

_OWN = "我(?:的?(?:中文)?名字)?(?:就?是叫?|叫做?)|叫我|(?:姓名|名字|全名)(?:就?是|叫)|本人叫?"
_PART = "[\u4e00-\u9fff]{1,8}"
_DOTTED = re.compile(rf"(?P<own>{_OWN})?[{PAUSE}]*(?P<lead>叫做?|是)?(?P<name>{_PART}(?:[·•・‧]{_PART})+)")
_LATIN = re.compile(rf"(?P<own>{_OWN})[{PAUSE} ]*(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+){{0,3}})(?![A-Za-z0-9])")
_ALONE = re.compile(rf"[{PAUSE} ]*(?P<name>[A-Z][a-z]+(?: [A-Z][a-z]+){{1,3}})[{PAUSE} ]*")
_NO_NAME = re.compile("^(?:我叫|我是|叫我|我|叫|是)")


@dataclass(frozen=True, slots=True)
class WholeName:
    """A name that is not taken apart. ``latin``: it is in Latin letters."""

    name: str
    latin: bool
    evidence: Evidence


class ForeignNames:
    """Reads the caller's turns."""

    def __init__(self, rules: NameRules) -> None:
        self._rules = rules

    def read(self, turn: Turn, context: Context) -> Iterator[WholeName]:
        """The names by which the caller of ``turn`` introduces himself, unasked or when asked."""
        if turn.speaker is not Speaker.CITIZEN:
            return
        asked = "caller_name" in context.expected
        for found in _DOTTED.finditer(turn.text):
            name = _NO_NAME.sub("", found["name"])
            own = asked or found["own"] or found["name"].startswith(("我叫", "我是", "叫我"))
            start = found.end() - len(name)
            if own and not self._rules.others.search(turn.text[: found.start()]):
                yield WholeName(name, False, Evidence.of(turn, start, found.end()))
        latin = _LATIN.search(turn.text) or (_ALONE.fullmatch(turn.text) if asked else None)
        if latin is not None:
            yield WholeName(latin["name"], True, Evidence.of(turn, *latin.span("name")))
