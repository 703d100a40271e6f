"""Many terms found by sound at every place of a text: syllables in, terms of the same length within a distance out.

A trie of syllables is walked from each place with all syllables near the one heard. Unlike
`extractors.text.sound.NameIndex` it allows no syllable to be left out, so it is quick for many thousands of short
terms, and what is found can stand in place of what was heard, character for character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from extractors.text.sound import Sounds, Syllables

_OPENING = 2  # syllables by which a walk begins
_FARTHEST = 0.5  # no single syllable is farther from the one heard


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    terms: list[int] = field(default_factory=list)


_Walk: TypeAlias = tuple[_Node, float]  # a place in the trie, and the distance to it


class SoundTrie:
    """``terms`` are sequences of toneless syllables."""

    def __init__(self, terms: Iterable[Sequence[str]], sounds: Sounds, per_syllable: float) -> None:
        """A term of n syllables is found at a distance up to ``per_syllable`` × (n - 1) by the costs of ``sounds``."""
        self._root = _Node()
        self._sounds = sounds
        self._share = per_syllable
        syllables: set[str] = set()
        for number, term in enumerate(terms):
            node = self._root
            for one in term:
                syllables.add(one)
                node = node.children.setdefault(one, _Node())
            node.terms.append(number)
        self._names = sorted(syllables)
        self._syllables = Syllables(self._names)
        begin = [(self._root, 0.0)]
        self._opened = lru_cache(maxsize=1 << 14)(lambda heard: self._walked(begin, heard, 0))
        self._neighbours = lru_cache(maxsize=1 << 12)(self._near)

    def at(self, heard: Sequence[tuple[str, ...]], start: int) -> list[tuple[int, int, float]]:
        """Terms heard from place ``start`` on: (term, place after it, distance). ``heard``: each place's readings."""
        # kept, because few pairs of syllables make up most of what is said
        layer, short = self._opened(tuple(heard[start : start + _OPENING]))
        _, longer = self._walked(layer, heard[start + _OPENING :], _OPENING)
        return [(term, start + length, cost) for term, length, cost in (*short, *longer)]

    def _walked(
        self, layer: list[_Walk], heard: Sequence[tuple[str, ...]], depth: int
    ) -> tuple[list[_Walk], list[tuple[int, int, float]]]:
        """Where ``layer``, at ``depth`` syllables, is after ``heard``; terms on the way: number, length, distance."""
        found: list[tuple[int, int, float]] = []
        for length, options in enumerate(heard, depth + 1):
            if not layer:
                break
            layer = self._grow(layer, options, length)
            found += ((term, length, cost) for term, cost in self._ending(layer, length))
        return layer, found

    def _grow(self, layer: Sequence[_Walk], options: tuple[str, ...], depth: int) -> list[_Walk]:
        """``layer`` walked on by the syllable of place ``depth``."""
        near = self._neighbours(options)
        grown: list[_Walk] = []
        for node, cost in layer:
            spare = min(_FARTHEST, self._share * depth - cost)
            children = node.children
            names = near.keys() & children.keys() if len(near) > len(children) else near
            for one in names:
                child = children.get(one)
                if child is not None and near[one] <= spare:
                    grown.append((child, cost + near[one]))
        return grown

    def _ending(self, layer: Sequence[_Walk], depth: int) -> Iterator[tuple[int, float]]:
        """The terms that end in ``layer``, ``depth`` syllables long, with their distances."""
        limit = self._share * (depth - 1) + 1e-9
        for node, cost in layer:
            if node.terms and cost <= limit:
                yield from ((term, cost) for term in node.terms)

    def _near(self, options: tuple[str, ...]) -> dict[str, float]:
        """The syllables that one of ``options`` may have been, with their distances from it."""
        near: dict[str, float] = {}
        for option in options:
            costs = self._sounds.distances(option, self._syllables)
            for number in np.flatnonzero(costs <= _FARTHEST):
                one, cost = self._names[number], float(costs[number])
                near[one] = min(cost, near.get(one, cost))
        return near
