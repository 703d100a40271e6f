"""Where a turn explains the characters of a name: text in, what it tells of them out (`Told`), in order.

By a word that has the character (志气的志) or by its parts (西早谭), up to the number that mostly follows a name. Which
characters an explanation means: `extractors.names.explained`, `extractors.names.described`.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.names.described import Descriptions
from extractors.names.explained import Told
from extractors.names.rules import NameRules
from extractors.text.cues import sounds_alike

_PARTS = 14  # characters behind a surname in which its parts are told


class ToldCharacters:
    """Finds explanations by the rules of names."""

    def __init__(self, rules: NameRules, described: Descriptions) -> None:
        self._rules = rules
        self._described = described

    def told(self, text: str, start: int = 0) -> tuple[Told, ...]:
        """What the words from ``start`` on explain, by words and by parts, up to a number."""
        end = start + len(self._rules.before_number(text[start:]))
        told: list[Told] = []
        after = 0
        for one in self._described.spans(text[start:end]):
            told += self.by_words(text[start + after : start + one.start])
            if text[: start + one.start].endswith(self._rules.denied):
                after = one.end  # 不是耳朵旁那个
                continue
            told.append(Told(text[start + one.start : start + one.end], one.said, parts=tuple(one.chars.items())))
            after = one.end
        return (*told, *self.by_words(text[start + after : end]))

    def by_words(self, text: str) -> Iterator[Told]:
        """The explanations by words in ``text``, in order."""
        return (Told(one.group(1), one.group(2)) for one in self._rules.explanation.finditer(text))

    def parts(self, text: str, after: int) -> tuple[tuple[str, ...], int] | None:
        """The characters that the parts told within reach of a surname fit best (木子李), and where that ends."""
        for one in self._described.spans(text[after : after + _PARTS]):
            likeliest = max(one.chars.values())
            return tuple(char for char, likely in one.chars.items() if likely == likeliest), after + one.end
        return None

    def begins_by_parts(self, text: str, start: int) -> bool:
        """Whether parts of a character are told from ``start`` on (木子李)."""
        return any(one.start == 0 for one in self._described.spans(text[start : start + _PARTS]))


def explains(told: Told, name: str) -> bool:
    """Whether ``told`` may well be of a character of ``name``, which was heard beside it."""
    likely = max((likely for _, likely in told.parts), default=0.0)
    said = (*told.char, *([] if told.parts else told.word), *(char for char, fit in told.parts if fit == likely))
    return any(sounds_alike(char, one) for char in name for one in said)
