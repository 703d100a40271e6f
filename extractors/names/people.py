"""Full names behind what somebody is (业主李小红, 房东叫刘志强) or behind words of being (我是韩志强), others in a
row with them, and names before what papers tell of somebody (陈秀英，女，). Pure.

In: a text. Out: the places of the names. Nothing in a text without marks tells where a name begins and ends but its
characters: a common surname, one or two characters that stand in given names, and no common word across its borders
(业主高度关注 and 司机马上就走 name nobody).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from extractors.text.cues import alternatives
from extractors.text.segment import dictionary

_USUAL = 4.0  # weight of a character that is usual in given names
_WORD = 50  # frequency in the general dictionary from which two characters are a word
_COMMON_WORD = 600  # from which they are one whatever follows
Place = tuple[int, int]


class PeopleNamed:
    """``rules``: ``people`` of ``privacy.yaml``; ``surnames``: those that count; ``given``: how usual a character is in
    given names; ``doubtful``: surnames that are mostly other words.
    """

    def __init__(
        self, rules: Mapping[str, Any], surnames: frozenset[str], given: Mapping[str, float], doubtful: str
    ) -> None:
        self._surnames, self._given, self._doubtful = surnames, given, frozenset(doubtful)
        roles = alternatives(rules["roles"])
        self._behind_roles = re.compile(f"{roles}(?:{'|'.join(rules['links'])})?")
        self._behind_being = re.compile("|".join(rules["being"]))
        self._row = re.compile(rules["row"])
        self._described = re.compile(f"(?:^|(?<=[^一-鿿]))(?P<name>[一-鿿]{{2,4}})(?={rules['described']})")
        self._bodies = re.compile(alternatives(rules["bodies"]))
        known = alternatives(sorted(surnames, key=len, reverse=True))
        self._surname = re.compile(f"(?:{'|'.join(rules['surname'])})(?P<name>{known})(?=$|[^一-鿿]|[的叫是，])")
        self._familiar = [re.compile(pattern) for pattern in rules["familiar"]]

    def places(self, text: str) -> Iterator[Place]:
        """Where names stand in ``text``."""
        for pattern, sure in ((self._behind_roles, True), (self._behind_being, False)):
            for found in pattern.finditer(text):
                end = self._end(text, found.end(), sure)
                if end is not None and not self._is_body(text, end):
                    yield found.end(), end
                    yield from self._in_a_row(text, end)
        for found in self._described.finditer(text):
            if self._end(text, found.start("name"), True) == found.end("name"):
                yield found.span("name")
        for pattern in (self._surname, *self._familiar):
            for found in pattern.finditer(text):
                yield found.span("name")

    def _in_a_row(self, text: str, end: int) -> Iterator[Place]:
        """Where names stand that follow one which ends at ``end``."""
        while (between := self._row.match(text, end)) is not None:
            start = between.end()
            behind = self._end(text, start, False)
            if behind is None or self._is_body(text, behind):
                return
            yield start, behind
            end = behind

    def _is_body(self, text: str, end: int) -> bool:
        """Whether what ends at ``end`` is the name of a place or a body; its word may have begun before (万佳超|市)."""
        begun = self._bodies.match(text, end - 1)
        return self._bodies.match(text, end) is not None or (begun is not None and begun.end() > end)

    def _end(self, text: str, start: int, sure: bool) -> int | None:
        """Where the name that begins at ``start`` ends; ``sure``: somebody was said to come."""
        length = next((n for n in (2, 1) if text[start : start + n] in self._surnames), 0)
        if not length:
            return None
        surname, behind = text[start : start + length], text[start + length : start + length + 3]
        first, second, after = (behind[place : place + 1] for place in range(3))
        if first not in self._given:
            return None
        word = _often(surname + first) if length == 1 else 0
        usual_first = self._given[first] >= _USUAL
        usual = usual_first and self._given.get(second, 0.0) >= _USUAL
        word_behind = max(_joined(first, second) if not usual_first else 0, _joined(second, after))
        both = second in self._given and not (self._given[second] < _USUAL and word_behind >= _WORD)
        if both and word < (_COMMON_WORD if usual else _WORD) and (usual or (sure and surname not in self._doubtful)):
            return start + length + 2
        alone = sure and usual_first and surname not in self._doubtful
        return start + length + 1 if alone and max(word, _joined(first, second)) < _WORD else None


def _joined(char: str, after: str) -> int:
    """How frequent a word ``char`` makes with the one ``after`` it; 0 where there is none."""
    return _often(char + after) if after else 0


def _often(word: str) -> int:
    return dictionary().get(word, 0)
