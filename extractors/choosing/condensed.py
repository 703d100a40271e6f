"""A wish in as few of its words as a ticket has: the words of a turn in, those that are likely kept out.

Callers wrap what they want in words that only talking needs. How likely a ticket keeps each of them says the tagger
(`extractors.slots.marked.Marking.keeps`), which has learned it from gold tickets. Words are kept or left out whole, in
their order; a negation is not left out where what it is of is kept, nor that where the negation is, nor are little
words alone between two that are kept; nothing is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from extractors.slots.marked import Marking
from extractors.slots.mention import Mention
from extractors.text.general_words import general_segmenter
from extractors.turn import Turn

_PAUSES = re.compile("，+")
_LITTLE = frozenset("和或并及与跟的了人个名户来把")  # words without which what is left reads badly
_ASKING = re.compile(r"(.)[不没]\1|可不可以?|要不(?![要准许再])")  # a question or an 否则, no negation: 能不能, 要不
_NEGATION = re.compile("[不没别勿未莫]")
_ONLY_NEGATES = re.compile("不(?:[要准许能得用再]|可以)?|别|勿|没有?")
_AGAIN = "再"
_SHORTEST = 3  # characters of a wish that is left


class Condensing:
    """Leaves out of wishes the words that are kept with a probability under ``least``."""

    def __init__(self, least: float) -> None:
        self._least = least
        self._words = general_segmenter()

    def __call__(self, wish: Mention, turn: Turn, marking: Marking) -> Mention:
        """``wish``, said in ``turn``, condensed; as it was where next to nothing would be left."""
        value = str(wish.value)
        start, end = wish.evidence.start, wish.evidence.end
        keeps = _of_value(value, turn.text[start:end], marking.keeps[start:end])
        words = list(self._cut(value))
        kept = _PAUSES.sub("，", _readable(words, self._taken(words, keeps))).strip("，")
        if len(kept.replace("，", "")) < _SHORTEST:
            return wish
        return replace(wish, value=kept)

    def _taken(self, words: Sequence[str], keeps: NDArray[np.float32]) -> list[bool]:
        """Which of ``words`` are kept, and what negates them with them; pauses always are."""
        taken, place = [], 0
        for word in words:
            taken.append(word == "，" or float(keeps[place : place + len(word)].mean()) >= self._least)
            place += len(word)
        goes_on = False  # whether something behind is kept, of the same clause
        for number in reversed(range(len(words))):
            taken[number] = taken[number] or (goes_on and _negates(words[number]))
            goes_on = words[number] != "，" and (goes_on or taken[number])
        for number, word in enumerate(words):
            if taken[number] and _ONLY_NEGATES.fullmatch(word):
                _take_what_is_negated(words, taken, number + 1)
        return taken

    def _cut(self, value: str) -> Iterator[str]:
        last = 0
        for asking in _ASKING.finditer(value):
            yield from self._words.cut(value[last : asking.start()])
            yield asking.group()
            last = asking.end()
        yield from self._words.cut(value[last:])


def worth_keeping(mention: Mention, turn: Turn, marking: Marking) -> tuple[float, float]:
    """How likely a ticket keeps the words of ``turn`` that the value of ``mention`` has, and of all that it would keep
    of the words it was said in the share that they are.
    """
    start, end = mention.evidence.start, mention.evidence.end
    keeps = marking.keeps[start:end]
    taken = np.zeros(len(keeps), bool)
    for _, said, length in _shared(str(mention.value), turn.text[start:end]):
        taken[said : said + length] = True
    return float(keeps[taken].mean()) if taken.any() else 0.0, float(keeps[taken].sum() / max(1e-6, keeps.sum()))


def _of_value(value: str, words: str, keeps: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely each character of ``value`` is kept, which stands in ``words`` but for what was put otherwise: that is
    surely kept.
    """
    found = np.ones(len(value), np.float32)
    for own, said, length in _shared(value, words):
        found[own : own + length] = keeps[said : said + length]
    return found


def _shared(value: str, words: str) -> Sequence[tuple[int, int, int]]:
    """Where they have the same characters: places in either, and how many."""
    return SequenceMatcher(None, value, words, autojunk=False).get_matching_blocks()


def _readable(words: Sequence[str], taken: Sequence[bool]) -> str:
    """The words that are ``taken``, and those between two of them of a clause where all of these are little."""
    told, between, little = "", "", True
    for word, is_taken in zip(words, taken, strict=True):
        if is_taken:
            told += between + word if little and told and word != "，" else word
            between, little = "", True
        else:
            between, little = between + word, little and word in _LITTLE
    return told


def _take_what_is_negated(words: Sequence[str], taken: list[bool], begin: int) -> None:
    """Takes the first word from ``begin`` on that a negation may be of, where none of its clause is (不要再拖)."""
    end = words.index("，", begin) if "，" in words[begin:] else len(words)
    of = [place for place in range(begin, end) if words[place] != _AGAIN]
    if of and not any(taken[place] for place in of):
        taken[begin : of[0] + 1] = [True] * (of[0] + 1 - begin)


def _negates(word: str) -> bool:
    return _NEGATION.search(word) is not None and _ASKING.fullmatch(word) is None
