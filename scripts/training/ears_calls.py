"""What callers and agents say in the written calls of ``samples/calls/training``, a breath at a time, to be spoken.

`samples/calls/choosing` is left out: its recordings tell how the recogniser hears calls whose words it has not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import yaml

from scripts.training.calls_text import spoken
from scripts.training.ears_numbers import Pair

CALLS = Path(__file__).resolve().parents[2] / "samples" / "calls" / "training"
SHORTEST = 5  # letters: shorter ones are said among the short phrases
_SENTENCE = re.compile(r"[^。？！]+[。？！]*")
_UNSPOKEN = re.compile(r"[（）()“”\"'‘’《》\s]")
_GROUPS = re.compile(r"(?<=\d)[ \-－，](?=\d)")

Called = tuple[str, str, Pair]  # call, party, (written, read aloud)


def said(folder: Path, written: Callable[[str], str], longest: int) -> Iterator[Called]:
    """The sentences of the calls in ``folder``, several together up to ``longest`` letters read aloud. Left out is
    what ``written`` (the recogniser's rules for numbers) would not write as the call has it.
    """
    for path in sorted(folder.glob("*.yaml")):
        for call in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            chance = Random(call["id"])
            for party, text in call["turns"]:
                for breath in _breaths(text, longest, chance):
                    if pair := _pair(breath, written, longest, chance):
                        yield call["id"], party, pair


def _breaths(text: str, longest: int, chance: Random) -> Iterator[str]:
    """``text`` cut after its sentences, as few times as ``longest`` lets; now and then after each."""
    breath = ""
    several = chance.random() < 0.7
    for sentence in _SENTENCE.findall(text):
        if breath and (not several or len(breath) + len(sentence) > longest):
            yield breath
            breath = ""
        breath += sentence
    if breath:
        yield breath


def _pair(breath: str, written: Callable[[str], str], longest: int, chance: Random) -> Pair | None:
    aloud = spoken(breath, chance)
    text = _UNSPOKEN.sub("", _GROUPS.sub("", re.sub(r"[…—]+|\.{3,}", "，", breath)))
    text = re.sub(r"，+", "，", text).strip("，")
    if not SHORTEST <= len(letters(aloud)) <= longest:
        return None
    if not re.search("[A-Za-z]", text) and letters(written(aloud)) != letters(text):
        return None
    return text, aloud


def letters(text: str) -> str:
    """``text`` without punctuation and spaces."""
    return "".join(char for char in text if char.isalnum())
