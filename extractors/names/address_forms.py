"""Where forms of address stand in a turn and which: text in, places and titles out (王先生，, 卓新省13808826314).

Written ones and what sounds like the commonest are found anywhere; what is only near them, behind a surname and before
a pause. Rules: ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator

from extractors.names.rules import NameRules, is_word
from extractors.text.cues import by_sound, syllable
from extractors.text.sound import Sounds

_MISHEARD = 0.6  # no further from a form of address was it one


class AddressForms:
    """Finds forms of address."""

    def __init__(self, rules: NameRules, sounds: Sounds) -> None:
        self._rules = rules
        self._sounds = sounds

    def spans(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where they stand, in order, and which they are."""
        rules = self._rules
        found = {(match.start(), match.end()): match.group() for match in rules.title_written.finditer(text)}
        for match in rules.title_heard.finditer(by_sound(text)):
            found.setdefault(match.span(), rules.title_sounds[match.group()])
        for match in rules.title_misheard.finditer(text):
            if title := self.misheard(match["name"], match["title"]):
                found.setdefault(match.span("title"), title)
        for (start, end), title in sorted(found.items()):
            yield start, end, title

    def short(self, heard: str) -> str:
        """The short form of address that the character ``heard`` behind a surname known already was; empty: none."""
        if heard in self._rules.titles_short:
            return heard
        return self._rules.short_titles.get(heard) or self._rules.short_title_sounds.get(by_sound(heard), "")

    def misheard(self, name: str, heard: str) -> str:
        """The form of address that ``heard``, two characters between ``name`` and a pause, was; empty: none."""
        if title := self._rules.misheard_titles.get(heard):
            return title
        if name not in self._rules.surnames and (len(name) > 1 or name in self._rules.no_surname):
            return ""
        if is_word(name[-1] + heard[0]):
            return ""  # 容易是
        said = [syllable(char) for char in heard]
        apart = {
            title: sum(self._sounds.distance(one, syllable(char)) for one, char in zip(said, title, strict=True))
            for title in self._rules.title_sounds.values()
        }
        nearest = min(apart, key=lambda title: apart[title])
        return nearest if apart[nearest] <= _MISHEARD else ""
