"""Callers who do not speak Chinese, by their words: text in, the words that tell so out.

Text without a Chinese character is foreign when it has enough Latin words and one of them is a plain word of a language
(water, need), not of a name; mixed text when it has many in a row, or asks for another language. Greetings that Chinese
callers use, addresses of the web and single letters count for nothing. Words: ``catalog/rules/alerts.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from extractors.text.clause_gaps import with_gaps
from extractors.text.cues import Cues

_WORD = re.compile(r"(?<![0-9A-Za-z_.@/:-])[A-Za-zÀ-ɏḀ-ỿ]{2,}(?:['’][a-z]+)?(?![0-9A-Za-z_@/-]|\.[0-9A-Za-z])")
_CHINESE = re.compile("[一-鿿]")


class Foreign:
    """Tells by ``rules`` (``language`` of ``alerts.yaml``) what is not Chinese."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self._in_a_row = int(rules["words"])
        self._alone, self._alone_any = int(rules["alone"]), int(rules["alone_any"])
        self._phrases = Cues(map(with_gaps, rules["phrases"]), sound=False)
        self._greetings = frozenset(str(rules["greetings"]).split())
        self._plain = frozenset(str(rules["plain"]).split())

    def spoken(self, text: str) -> tuple[int, int] | None:
        """The words of ``text`` that tell that its speaker needs another language; None where none do."""
        found = self.without_chinese(text) or self._run(text)
        if found is not None:
            return found
        phrase = self._phrases.search(text)
        return phrase.span() if phrase is not None else None

    def without_chinese(self, text: str) -> tuple[int, int] | None:
        """Where the words of a text stand that has no Chinese; None where it has some, or too few words."""
        if _CHINESE.search(text):
            return None
        words = list(_WORD.finditer(text))
        known = [word.group().lower() for word in words]
        telling = [word for word in known if word not in self._greetings]
        plain = any(word in self._plain for word in telling)
        if len(known) >= self._alone and telling and (plain or len(telling) >= self._alone_any):
            return words[0].start(), words[-1].end()
        return None

    def _run(self, text: str) -> tuple[int, int] | None:
        """The first run of enough Latin words with no Chinese between them."""
        run: list[re.Match[str]] = []
        for word in _WORD.finditer(text):
            if run and _CHINESE.search(text, run[-1].end(), word.start()):
                run = []
            run.append(word)
            if len(run) == self._in_a_row:
                return run[0].start(), word.end()
        return None
