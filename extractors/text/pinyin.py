"""Text to syllables: every character of a turn as the sounds it may have been written for.

In: any text. Out: one :class:`Unit` for each spoken syllable, with its place in the text. Digits and Latin letters are
spoken too ("D口" is *di kou*). Punctuation and spaces are silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from pypinyin import Style
from pypinyin.constants import PHRASES_DICT
from pypinyin.contrib.mmseg import seg
from pypinyin.contrib.tone_convert import to_finals, to_initials
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert as style_convert

Syllable: TypeAlias = tuple[str, int]  # toneless pinyin with v for ü, tone 1-5 (5: neutral)

_APICAL = frozenset({"zh", "ch", "sh", "r", "z", "c", "s"})


@dataclass(frozen=True, slots=True)
class Unit:
    """One spoken syllable: characters ``start:end`` of the text, its possible ``readings``, most usual first."""

    start: int
    end: int
    readings: tuple[Syllable, ...]


def parse(syllable: str) -> Syllable:
    """``"jie1"`` → ``("jie", 1)``; a syllable without a tone digit has the neutral tone."""
    if syllable[-1].isdigit():
        return syllable[:-1], int(syllable[-1])
    return syllable, 5


@lru_cache(maxsize=4096)
def parts(syllable: str) -> tuple[str, str]:
    """Initial and final of a toneless syllable: ``"zhuang"`` → ``("zh", "uang")``, ``"yue"`` → ``("", "ve")``.

    The vowel of *zhi* and *zi* is ``-i``, for it is another sound than that of *ji*.
    """
    initial = to_initials(syllable, strict=True)
    final = to_finals(syllable, strict=True, v_to_u=False)
    if final == "i" and initial in _APICAL:
        final = "-i"
    return initial, final


@lru_cache(maxsize=32768)
def readings(char: str, most: int = 3) -> tuple[Syllable, ...]:
    """The readings of one Chinese character, most usual first, at most ``most``; empty for anything else."""
    marked = pinyin_dict.get(ord(char))
    if marked is None or not "\u4e00" <= char <= "\u9fff":
        return ()
    return tuple(dict.fromkeys(map(_syllable, marked.split(","))))[:most]


@lru_cache(maxsize=65536)
def read_name(name: str) -> tuple[Syllable, ...]:
    """The syllables of a name, read as a phrase (番禺 is *pan yu*); ``name`` holds Chinese characters only.

    As ``pypinyin.lazy_pinyin`` reads it, which spells every syllable anew.
    """
    return tuple(_syllable(marked) for word in seg.cut(name) for marked in _marked(word))


def _marked(word: str) -> list[str]:
    """The syllables of a word of the dictionary or of one character, with marks for their tones."""
    phrase = PHRASES_DICT.get(word)
    return [one[0] for one in phrase] if phrase else [pinyin_dict.get(ord(char), char).split(",")[0] for char in word]


@lru_cache(maxsize=4096)
def _syllable(marked: str) -> Syllable:
    """``"jiē"`` → ``("jie", 1)``."""
    base, tone = parse(style_convert(marked, Style.TONE3, strict=False))
    return base.replace("ü", "v"), tone
