"""Cue phrases matched by text and by sound: patterns written in characters in, places in a turn out.

Telephone speech is misheard into other characters of nearly the same sound (贵姓 → 跪姓). ``by_sound`` maps every
Chinese character to one private-use character that stands for its pinyin without tone, with the confusions of
southern Mandarin merged (zh/z, ch/c, sh/s, n/l, ang/an, eng/en, ing/in). The map keeps lengths, so a pattern
compiled from characters can be tried on the sounds of a text and its spans are spans of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pypinyin.constants import PINYIN_DICT, Style
from pypinyin.style import convert as convert_style

from extractors.catalogue.yaml_files import read_mapping

_FIRST_PRIVATE = 0xE000
_MERGED_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_MERGED_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def load_rules(catalog: Path, name: str) -> dict[str, Any]:
    """The rules ``catalog/rules/<name>.yaml``. Raises `CatalogueError` that names the file."""
    return read_mapping(catalog, f"rules/{name}.yaml")


def merged(syllable: str) -> str:
    """The syllable (pinyin, no tone) with what southern Mandarin confuses made equal: ``zhang`` and ``zan`` agree."""
    for written, heard in _MERGED_INITIALS:
        if syllable.startswith(written) and len(syllable) > len(written):
            syllable = heard + syllable[len(written) :]
            break
    for written, heard in _MERGED_FINALS:
        if syllable.endswith(written):
            return syllable[: -len(written)] + heard
    return syllable


@cache
def _syllables() -> dict[int, str]:
    """Code point to the commonest reading, pinyin without tone."""
    return {
        code: convert_style(readings.split(",")[0], Style.NORMAL, strict=False)
        for code, readings in PINYIN_DICT.items()
        if 0x4E00 <= code <= 0x9FFF
    }


@cache
def _sounds() -> dict[int, int]:
    sounds = {code: merged(syllable) for code, syllable in _syllables().items()}
    ids = {sound: _FIRST_PRIVATE + n for n, sound in enumerate(sorted(set(sounds.values())))}
    return {code: ids[sound] for code, sound in sounds.items()}


def syllable(char: str) -> str:
    """The commonest reading of one character, pinyin without tone; the character itself where it has none."""
    return _syllables().get(ord(char), char)


def sounds_alike(one: str, other: str) -> bool:
    """Whether two characters may be heard for each other."""
    return one == other or by_sound(one) == by_sound(other)


@lru_cache(maxsize=4096)
def by_sound(text: str) -> str:
    """``text`` with every Chinese character replaced by its sound; the same length."""
    return text.translate(_sounds())


class Cues:
    """A set of patterns, tried on the text first and then, unless ``sound`` is off, on its sound."""

    def __init__(self, patterns: Iterable[str], *, sound: bool = True, start: bool = False) -> None:
        joined = "|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)"
        if start:
            joined = f"^(?:{joined})"
        self._text = re.compile(joined)
        self._sound = re.compile(joined.translate(_sounds())) if sound else None

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first match in ``text`` from ``start``. Slice by its span: groups may hold sounds."""
        found = self._text.search(text, start)
        if found is None and self._sound is not None:
            found = self._sound.search(by_sound(text), start)
        return found

    def match(self, text: str) -> bool:
        """Whether one of the patterns occurs."""
        return self.search(text) is not None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches on the text, in order."""
        return self._text.finditer(text)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """All matches, on the text and on its sound, in order."""
        found = {match.span() for match in self._text.finditer(text)}
        if self._sound is not None:
            found |= {match.span() for match in self._sound.finditer(by_sound(text))}
        yield from sorted(found)


def alternatives(words: Sequence[str]) -> str:
    """A pattern for any of ``words``, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
