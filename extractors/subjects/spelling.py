"""Characters of a body's name that callers explain (喜悦的悦): a name and what follows in, the name put right out."""

from __future__ import annotations

import re

from extractors.subjects.rules import PAUSE
from extractors.text.cues import sounds_alike

_TOLD = re.compile(f"([一-鿿]{{1,4}}?)(?:的|那个|个)([一-鿿])字?(?=[{PAUSE}]|$)")
_EXPLAINED = re.compile(
    r"[，,、。；](?=[^，,、。；]{1,4}(?:的|那个|个)[^，,、。；的]+(?:[，,、。；]|$))"
)  # 悦声文化，喜悦的悦
_SPELLED = re.compile("([\u4e00-\u9fff]{2,4}?)(?:那个|这个|的|得|地)([\u4e00-\u9fff])")
_REACH = 30  # characters behind a name in which it is spelled


def spelled(name: str, after: str) -> str:
    """``name`` with the characters that the words after it explain ("喜悦的悦，飞翔的翔")."""
    chars = list(name)
    for found in _SPELLED.finditer(after[:_REACH]):
        word, told = found.group(1), found.group(2)
        meant = told if told in word else next((char for char in word if sounds_alike(char, told)), "")
        for at, char in enumerate(chars):
            if meant and char != meant and sounds_alike(char, meant) and meant not in chars:
                chars[at] = meant
                break
    return "".join(chars)


def without_explanation(words: str) -> str:
    """``words`` up to where they explain a character of the name that they begin with."""
    return _EXPLAINED.split(words)[0]


def explains(words: str, after: str) -> bool:
    """Whether ``words`` only tell how a character of a name is written (樊梨花的樊)."""
    told = _TOLD.match(words + after)
    return told is not None and told.end() >= len(words) and told.group(2) in told.group(1)
