"""The words of a call that its gold values rest on, where the ticket does not name them.

What `assist bench understanding` counts as right decides (`assist.bench.matching`): a time, a number or a sum is the
stretch of a turn nearest in length to the gold value that is right for it; a subject the gold words themselves or what
has most of their characters; a wish the clauses that together come nearest to it. A value may be said in several turns,
by either party; one that no turn says is left out. `kept` tells which words of a wish the gold one has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, pairwise
from typing import Any

from assist.bench.matching import normal, overlap, right
from extractors.slots.marked import SLOTS
from extractors.text.numerals import in_figures
from extractors.text.segment import Segmenter

SUBJECT = 0.75  # least overlap of a subject with the gold one
DEMAND = {"citizen": 0.45, "agent": 0.6}  # and of a wish, by who says it: the agent's own words are often no wish
_LONGER = 6  # characters by which a stretch may be longer than the gold subject
_PAUSES = "，。？！；：、,.?!;:"
_PAUSE = re.compile(f"[{_PAUSES}]")
_ENDS = f"{_PAUSES} "  # of a run of clauses
_SUM = re.compile("([0-9零一二两三四五六七八九十百千万点.]+)(?:块钱?|元)?")

Spans = dict[str, list[tuple[int, str]]]
"""By slot the turns that give it, and in which words."""


def spans(slots: Mapping[str, Any], turns: Sequence[Sequence[str]]) -> Spans:
    """The words that give ``slots``, those that the tagger marks, in ``turns`` of speaker and text."""
    found: Spans = {}
    for slot in SLOTS:
        if slot in slots:
            told = [(number, _words(slot, str(slots[slot]), *turn)) for number, turn in enumerate(turns)]
            found[slot] = [(number, words) for number, words in told if words]
    return {slot: places for slot, places in found.items() if places}


def _words(slot: str, gold: str, speaker: str, text: str) -> str:
    if slot == "caller_name":
        return next((name for name in (gold, f"姓{gold[0]}") if name in text), "")
    if slot == "subject":
        return gold if gold in text else _nearest(gold, text)
    if slot == "demand":
        return _clauses(gold, text, DEMAND[speaker])
    told = _sums(gold, text) if slot == "amount" else _right(slot, gold, text)
    return min(told, key=lambda one: (abs(len(normal(one)) - len(normal(gold))), abs(len(one) - len(gold))), default="")


def _stretches(text: str, longest: int) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + longest) + 1):
            yield text[start:end]


def _right(slot: str, gold: str, text: str) -> Iterator[str]:
    for one in _stretches(text, 2 * len(gold) + 4):
        if not _PAUSE.match(one[0]) and not _PAUSE.match(one[-1]) and right(slot, gold, one):
            yield one


def _sums(gold: str, text: str) -> Iterator[str]:
    for told in _SUM.finditer(text):
        if right("amount", gold, in_figures(told[1])):
            yield told[0]


def _nearest(gold: str, text: str) -> str:
    parts = (one for clause in _PAUSE.split(text) for one in _stretches(clause, len(gold) + _LONGER))
    best = max(parts, key=lambda one: (overlap(gold, one), -len(one)), default="")
    return best if overlap(gold, best) >= SUBJECT else ""


def _clauses(gold: str, text: str, least: float) -> str:
    """The run of clauses that is nearest to ``gold``, without what at its ends only takes from that."""
    cuts = sorted({0, len(text), *(place for pause in _PAUSE.finditer(text) for place in pause.span())})
    runs = (text[start:end].strip(_ENDS) for start, end in combinations(cuts, 2))
    best = max(runs, key=lambda one: overlap(gold, one), default="")
    if overlap(gold, best) < least:
        return ""
    while len(best) > 1:
        shorter = max(best[1:], best[:-1], key=lambda one: overlap(gold, one))
        if overlap(gold, shorter) <= overlap(gold, best):
            break
        best = shorter
    return best.strip(_ENDS)


def clauses(text: str, start: int, end: int) -> tuple[int, int]:
    """The clauses of ``text`` that the characters ``start:end`` are in."""
    before = [pause.end() for pause in _PAUSE.finditer(text, 0, start)]
    after = _PAUSE.search(text, end)
    return max(before, default=0), after.start() if after else len(text)


def kept(gold: str, words: str) -> list[tuple[int, int]]:
    """The stretches of ``words`` that the ``gold`` wish has: whole words at least half of whose characters stand in it,
    each as often as it does.
    """
    places = [0]
    for word in _segmenter().cut(words):
        places.append(places[-1] + len(word))
    left = Counter(normal(gold))
    taken = set()
    for start, end in sorted(pairwise(places), key=lambda place: -_share(words[slice(*place)], left)):
        word = words[start:end]
        if not _PAUSE.match(word) and _share(word, left) >= 0.5:
            taken.add((start, end))
            left -= Counter(normal(word))
    found: list[tuple[int, int]] = []
    for start, end in sorted(taken):
        found[-1:] = [(found[-1][0], end)] if found and found[-1][1] == start else [*found[-1:], (start, end)]
    return found


def _share(word: str, left: Counter[str]) -> float:
    """How much of ``word`` is there: whole words before parts of others, longer ones before shorter ones."""
    told = Counter(normal(word))
    return (told & left).total() / max(1, told.total()) + 0.001 * told.total() * (told <= left) if told else 0.0


@cache
def _segmenter() -> Segmenter:
    return Segmenter()
