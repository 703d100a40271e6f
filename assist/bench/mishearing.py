"""Text as a recogniser of telephone speech might write it: characters become others of the same sound, or are lost."""

from __future__ import annotations

import random
from collections.abc import Iterable

from pypinyin.constants import PINYIN_DICT

from extractors.text.cues import by_sound

LOST = 0.15  # share of the misheard characters that are lost altogether
COMMON = 3500  # characters a recogniser writes


def homophones(texts: Iterable[str]) -> dict[str, list[str]]:
    """Sound (southern confusions merged) to the characters of that sound which ``texts`` use."""
    used = {char for text in texts for char in text}
    sounds: dict[str, list[str]] = {}
    for char in sorted(char for char in used if ord(char) in PINYIN_DICT)[:COMMON]:
        sounds.setdefault(by_sound(char), []).append(char)
    return sounds


def mishear(text: str, share: float, sounds: dict[str, list[str]], chance: random.Random) -> str:
    """``text`` with ``share`` of its characters replaced by homophones or lost."""
    return "".join(misheard(text, share, sounds, chance))


def misheard(text: str, share: float, sounds: dict[str, list[str]], chance: random.Random) -> list[str]:
    """What is heard of each character of ``text``: itself, a homophone or nothing."""
    heard = []
    for char in text:
        if chance.random() >= share:
            heard.append(char)
        elif chance.random() >= LOST:
            heard.append(chance.choice(sounds.get(by_sound(char), [char])))
        else:
            heard.append("")
    return heard
