"""The letter of a metro exit as it is written: words as they were heard in, with the letter out (地口 → D口)."""

from __future__ import annotations

from extractors.text.sound import Sounds


class MetroExits:
    """Knows how letters sound, and the characters before 口 that are ``words`` (路口), not a letter."""

    def __init__(self, words: str, sounds: Sounds) -> None:
        self._words = words
        self._sounds = sounds

    def written(self, said: str) -> str:
        """``said`` with the letter of a metro exit at its beginning written as one (地口 → D口)."""
        if said[1:2] != "口" or said[0] in self._words or not "\u4e00" <= said[0] <= "\u9fff":
            return said
        heard = {syllable for syllable, _ in self._sounds.readings(said[0])}
        for letter, spoken in self._sounds.letters.items():
            if any(len(one) == 1 and one[0][0] in heard for one in spoken):
                return letter + said[1:]
        return said
