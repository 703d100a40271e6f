"""What a text is compared by: its words, its character pairs and the pairs of its sounds.

In: text. Out: terms (strings that say which kind they are) with counts. The recogniser mishears a fifth to a third of
the characters of a telephone call into others of nearly the same sound (占道烧烤 → 站到烧烤), so the sound of a phrase
often survives where its characters do not; southern confusions are merged by ``extractors.text.cues.by_sound``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection

from extractors.text.cues import by_sound
from extractors.text.segment import Segmenter

WORD, PAIR, SOUND = "w", "p", "s"

_CHINESE = re.compile(r"[㐀-鿿]+|[A-Za-z]{2,}")
_DIGITS = re.compile(r"[0-9A-Za-z]*[0-9][0-9A-Za-z-]*")


class Terms:
    """Turns text into terms. ``stopwords`` count neither as words nor, when they fill it, as a pair."""

    def __init__(self, segmenter: Segmenter, stopwords: Collection[str] = ()) -> None:
        self._cut: Callable[[str], list[str]] = segmenter.cut
        self._stopwords = frozenset(stopwords)

    def of(self, text: str) -> Counter[str]:
        """The terms of ``text`` with their counts; numbers and punctuation part phrases and count for nothing."""
        counts: Counter[str] = Counter()
        for found in _CHINESE.finditer(_DIGITS.sub("，", text)):
            phrase = found.group()
            if phrase.isascii():
                counts[f"{WORD}{phrase.lower()}"] += 1
                continue
            sound = by_sound(phrase)
            for word in self._cut(phrase):
                if len(word) > 1 and word not in self._stopwords:
                    counts[WORD + word] += 1
            for start in range(len(phrase) - 1):
                if phrase[start : start + 2] not in self._stopwords:
                    counts[PAIR + phrase[start : start + 2]] += 1
                    counts[SOUND + sound[start : start + 2]] += 1
        return counts
