"""Text as a recogniser mishears it: characters become others of the same or nearly the same sound, from a seed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from random import Random

from extractors.text.pinyin import readings
from extractors.text.segment import dictionary

_FREQUENT = 3000


@cache
def _homophones() -> dict[str, list[str]]:
    alike: dict[str, list[str]] = defaultdict(list)
    for char, frequency in dictionary().items():
        if len(char) == 1 and frequency >= _FREQUENT and readings(char):
            alike[readings(char)[0][0]].append(char)
    return alike


def mishear(text: str, share: float, seed: int) -> str:
    """``text`` with about ``share`` of its characters replaced by frequent homophones."""
    random = Random(seed)
    return "".join(_misheard(char, random) if random.random() < share else char for char in text)


def _misheard(char: str, random: Random) -> str:
    said = readings(char)
    others = [one for one in _homophones().get(said[0][0], []) if one != char] if said else []
    return random.choice(others) if others else char
