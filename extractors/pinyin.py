"""Text to syllables: every character of a turn as the sounds it may have been written for.

In: any text. Out: one :class:`Unit` for each spoken syllable, with its place in the text. Digits and Latin letters are
spoken too ("D口" is *di kou*). Punctuation and spaces are silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from pypinyin import Style, lazy_pinyin
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
    found = [parse(style_convert(one, Style.TONE3, strict=False)) for one in marked.split(",")]
    return tuple(dict.fromkeys((base.replace("ü", "v"), tone) for base, tone in found))[:most]


def read_name(name: str) -> tuple[Syllable, ...]:
    """The syllables of a name, read as a phrase (番禺 is *pan yu*); ``name`` holds Chinese characters only."""
    return tuple(parse(one) for one in lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False))
