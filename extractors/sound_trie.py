"""Many terms found by sound at every place of a text: syllables in, terms of the same length within a distance out.

A trie of syllables is walked from each place with all syllables near the one heard. Unlike `extractors.sound.NameIndex`
it allows no syllable to be left out, so it is quick for many thousands of short terms, and what is found can stand in
place of what was heard, character for character.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

_FARTHEST = 0.5  # no single syllable is farther from the one heard


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    terms: list[int] = field(default_factory=list)


class SoundTrie:
    """``terms`` are sequences of toneless syllables; ``distance`` is 0 for the same syllable, 1 for unrelated ones."""

    def __init__(
        self, terms: Iterable[Sequence[str]], distance: Callable[[str, str], float], per_syllable: float
    ) -> None:
        """A term of n syllables is found at a distance up to ``per_syllable`` × (n - 1)."""
        self._root = _Node()
        self._distance = distance
        self._share = per_syllable
        syllables: set[str] = set()
        for number, term in enumerate(terms):
            node = self._root
            for one in term:
                syllables.add(one)
                node = node.children.setdefault(one, _Node())
            node.terms.append(number)
        self._syllables = sorted(syllables)
        self._near: dict[str, dict[str, float]] = {}

    def at(self, heard: Sequence[Sequence[str]], start: int) -> list[tuple[int, int, float]]:
        """Terms heard from place ``start`` on: (term, place after it, distance). ``heard``: each place's readings."""
        found: list[tuple[int, int, float]] = []
        layer: list[tuple[_Node, float]] = [(self._root, 0.0)]
        for depth, options in enumerate(heard[start:], 1):
            grown: list[tuple[_Node, float]] = []
            for node, cost in layer:
                spare = min(_FARTHEST, self._share * depth - cost)
                near = self._neighbours(options)
                children = node.children
                names = near.keys() & children.keys() if len(near) > len(children) else near
                for one in names:
                    child = children.get(one)
                    if child is not None and near[one] <= spare:
                        grown.append((child, cost + near[one]))
            for node, cost in grown:
                if node.terms and cost <= self._share * (depth - 1) + 1e-9:
                    found += [(term, start + depth, cost) for term in node.terms]
            if not grown:
                break
            layer = grown
        return found

    def _neighbours(self, options: Sequence[str]) -> dict[str, float]:
        if len(options) == 1:
            return self._near_one(options[0])
        near: dict[str, float] = {}
        for option in options:
            for one, cost in self._near_one(option).items():
                near[one] = min(cost, near.get(one, cost))
        return near

    def _near_one(self, heard: str) -> dict[str, float]:
        near = self._near.get(heard)
        if near is None:
            costs = ((one, self._distance(heard, one)) for one in self._syllables)
            near = self._near[heard] = {one: cost for one, cost in costs if cost <= _FARTHEST}
        return near
