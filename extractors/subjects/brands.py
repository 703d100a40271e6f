"""What a firm, shop or estate is called where it was misheard: a name in, the likelier name out (横越物业 → 恒悦物业).

Proper names are invented, but of characters that such names are made of; a recogniser writes whatever sounds so. Each
character becomes the likeliest of those of its sound; what is a word as it stands is left. The characters:
``brand_characters`` in ``catalog/rules/subject.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from extractors.catalogue.knowledge import Catalogue
from extractors.names.weights import name_weights
from extractors.names.written_names import Names
from extractors.subjects.trades import kinds_of
from extractors.text.cues import sounds_alike
from extractors.text.pinyin import readings
from extractors.text.segment import dictionary
from extractors.text.sound import load_sounds

_LENGTHS = (2, 3)  # characters of names that are put right
_WORD = 30  # frequency in the general dictionary from which characters are a word, not a name
_NO_NAME = frozenset("的了在是不我你他这那一")
_CLEARLY = 0.7  # nats by which another character must be likelier than one of such names that was written


class Brands:
    """``kinds``: what the names of bodies end in; ``characters``: what they are made of; ``words``: a general
    dictionary with frequencies.
    """

    def __init__(self, kinds: Sequence[str], characters: Names, words: Mapping[str, int]) -> None:
        self._kinds = tuple(sorted(kinds, key=len, reverse=True))
        self._characters = characters
        self._words = words
        self.put_right = lru_cache(maxsize=4096)(self._put_right)

    def _put_right(self, name: str) -> str:
        """``name`` with its proper name as it was likely meant, where it has one before its kind; as long as it was."""
        kind = next((kind for kind in self._kinds if name.endswith(kind)), "")
        proper = name[: len(name) - len(kind)]
        if not kind or len(proper) not in _LENGTHS or not all(map(readings, proper)):
            return name
        if _NO_NAME & set(proper) or self._has_word(proper):
            return name
        return "".join(map(self._meant, proper)) + kind

    def _has_word(self, proper: str) -> bool:
        return any(
            self._words.get(proper[start:end], 0) >= _WORD
            for start in range(len(proper))
            for end in range(start + 2, len(proper) + 1)
        )

    def _meant(self, written: str) -> str:
        alike = [char for char in self._characters.names if sounds_alike(char, written)]
        if not alike:
            return written
        likely = self._characters.prior + np.log(self._characters.written(written))
        best = max(alike, key=lambda char: likely[self._characters.number[char]])
        own = self._characters.number.get(written)
        return written if own is not None and likely[own] >= likely[self._characters.number[best]] - _CLEARLY else best


def load_brands(catalogue: Catalogue) -> Brands:
    """The names of bodies of ``catalogue``."""
    rules = catalogue.rules("subject")
    characters = {
        char: float(often) for often, chars in rules["brand_characters"].items() for char in "".join(chars.split())
    }
    written = name_weights(catalogue.rules("names")).written
    names = Names(characters, load_sounds(catalogue.directory), written)
    return Brands(kinds_of(rules["subject"]), names, dictionary())
