"""The letters and digits that two stretches of speech say both, each misheard in its own way.

In: two lattices (`extractors.numbers.symbol_lattice`), as a rule of the caller and of the agent who reads back, and a
`Form` of what may be spelled. Out: `Spelled`, the likeliest code with the places it was heard at. Searched is by
uniform cost: what agrees costs nothing and is found at once; a symbol that only one of them has, and what stands
between, costs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from math import exp
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from extractors.numbers.digits import READ_OUT
from extractors.numbers.symbol_lattice import Lattice

_MISSED, _MISSED_LETTER = 0.7, 0.8  # cost of a digit or letter that one did not say, or was not heard to say
_MISSED_READING_BACK = 0.9  # the same of a digit where who reads the whole number back did not
_DOUBLED = 0.4  # of one digit too few among equal ones
_GROUP = 0.4  # cost of a group that is no part of the code: it was begun again, or is another number
_WORSE = 0.7  # so much dearer another code is not looked for
_WAYS = 2  # to come to the same places of both texts that are followed
_STEPS = 2000  # of the search, at most
_TRUST = 6.0  # how fast probability falls with cost

S = TypeVar("S", bound=Hashable)
_Span: TypeAlias = tuple[int, int, int, int]  # of the first text from and to, of the second: places


class Form(Protocol[S]):
    """Which codes there are, symbol by symbol: an automaton."""

    @property
    def start(self) -> S:
        """The state before the first symbol."""

    def after(self, state: S, symbol: str) -> tuple[S, float] | None:
        """The state after ``symbol`` and what it costs; None where no code goes on so."""

    def ends(self, state: S) -> float | None:
        """What it costs that a code ends here; None where none does."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A ``code`` that costs ``cost``; ``odds``: the share of its likelihood beside the next likely one's; ``spans``:
    the characters of each text that it was said in; ``shared``: so many of its symbols both have.
    """

    code: str
    cost: float
    odds: float
    spans: tuple[tuple[int, int], tuple[int, int]]
    shared: int


class _Way(NamedTuple, Generic[S]):
    """How far a code was followed: up to place ``a`` of one text and ``b`` of the other. ``number`` tells ways of the
    same cost apart.
    """

    cost: float
    number: int
    a: int
    b: int
    state: S
    code: str
    shared: int
    span: _Span
    whole: bool


def both_say(one: Lattice, other: Lattice, form: Form[S], dearest: float, glued: float = 1.0) -> Spelled | None:
    """What ``one`` (the caller) and ``other`` (the agent who repeats) both spell, at no higher cost than ``dearest``;
    None where there is nothing. ``glued``: the most that it costs that a syllable which was written as one more symbol
    is no part of it.
    """
    search = _Search(one, other, form, dearest, glued)
    best: _Way[S] | None = None
    for way in search.whole():
        if best is None:
            best = way
            search.limit = min(dearest, way.cost + _WORSE)
        elif way.code != best.code:
            return search.spelled(best, 1 / (1 + exp(-_TRUST * (way.cost - best.cost))))
    return None if best is None else search.spelled(best, 1.0)


class _Search(Generic[S]):
    """All ways of spelling something that both texts have, the cheapest first, up to the cost ``limit``."""

    def __init__(self, one: Lattice, other: Lattice, form: Form[S], limit: float, glued: float) -> None:
        self._one, self._other, self._form = one, other, form
        self._ends = _after(one, glued), _after(other, glued)
        self._heap: list[_Way[S]] = []
        self._pushed = 0
        self.limit = limit

    def whole(self) -> Iterator[_Way[S]]:
        """The ways on which a code ends."""
        for a, cost_a in _starts(self._one):
            for b, cost_b in _starts(self._other):
                self._push(cost_a + cost_b, a, b, self._form.start, "", 0, (a, a, b, b))
        seen: dict[tuple[int, int, S], list[str]] = {}
        for _ in range(_STEPS):
            if not self._heap or self._heap[0].cost > self.limit:
                return
            way = heappop(self._heap)
            if way.whole:
                if way.span[0] < way.span[1] and way.span[2] < way.span[3]:
                    yield way
                continue
            known = seen.setdefault((way.a, way.b, way.state), [])
            if way.code not in known and len(known) < _WAYS:
                known.append(way.code)
                self._go_on(way)

    def spelled(self, way: _Way[S], odds: float) -> Spelled:
        """What was spelled on a whole ``way``."""
        from_a, to_a, from_b, to_b = way.span
        one, other = self._one.spans, self._other.spans
        spans = (one[from_a][0], one[to_a - 1][1]), (other[from_b][0], other[to_b - 1][1])
        return Spelled(way.code, way.cost, odds, spans, way.shared)

    def _push(self, cost: float, a: int, b: int, state: S, code: str, shared: int, span: _Span) -> None:
        if cost <= self.limit:
            self._pushed += 1
            heappush(self._heap, _Way(cost, self._pushed, a, b, state, code, shared, span, whole=False))

    def _go_on(self, way: _Way[S]) -> None:
        """All ways that begin with ``way`` and are a symbol longer, leave a syllable out, or end there."""
        cost, _, a, b, state, code, shared, span, _ = way
        end = self._form.ends(state)
        if end is not None:
            self._pushed += 1
            heappush(
                self._heap,
                way._replace(cost=cost + end + self._ends[0][a] + self._ends[1][b], number=self._pushed, whole=True),
            )
        if code and a < len(self._one):
            self._push(cost + self._one.left_out[a], a + 1, b, state, code, shared, span)
        if code and b < len(self._other):
            self._push(cost + self._other.left_out[b], a, b + 1, state, code, shared, span)
        callers = self._one.edges[a] if a < len(self._one) else ()
        agents = self._other.edges[b] if b < len(self._other) else ()
        for said in callers:
            then = self._form.after(state, said.symbol)
            if then is None:
                continue
            more, longer = cost + said.cost + then[1], code + said.symbol
            lacking = _missed(code, said.symbol, _MISSED_READING_BACK)
            self._push(more + lacking, said.to, b, then[0], longer, shared, (span[0], said.to, *span[2:]))
            for same in agents:
                if same.symbol == said.symbol:
                    both = (span[0], said.to, span[2], same.to)
                    self._push(more + same.cost, said.to, same.to, then[0], longer, shared + 1, both)
        for told in agents:
            then = self._form.after(state, told.symbol)
            if then is not None:
                more = cost + told.cost + then[1] + _missed(code, told.symbol, _MISSED)
                self._push(more, a, told.to, then[0], code + told.symbol, shared, (*span[:3], told.to))


def may_be_one(one: str, other: str, least: int) -> bool:
    """Whether two texts have so many pairs of digits in common that they may say the same number."""
    return len(_pairs(one) & _pairs(other)) >= least


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(READ_OUT.get(char, char) for char in text if char in READ_OUT or char.isdecimal()))


def _missed(code: str, symbol: str, digit: float) -> float:
    """What it costs that only one of both was heard to say ``symbol`` behind ``code``; ``digit``: if it is a digit."""
    if not symbol.isdigit():
        return _MISSED_LETTER
    return _DOUBLED if code.endswith(symbol) else digit


def _groups(lattice: Lattice) -> list[int]:
    """Of each place, and the end, how many groups of written letters and digits begin before it."""
    begun, count = [], 0
    for written, joined in zip(lattice.written, lattice.joined, strict=True):
        begun.append(count)
        count += written and not joined
    return [*begun, count]


def _starts(lattice: Lattice) -> Iterator[tuple[int, float]]:
    """Where a code may begin, and what it costs that what stands before is no part of it."""
    begun = _groups(lattice)
    lost = 0.0
    for place in range(len(lattice)):
        inside = lattice.joined[place]
        if not inside:
            lost = 0.0
        yield place, _GROUP * (begun[place] - (1 if inside else 0)) + lost + lattice.begins[place]
        if lattice.written[place]:
            lost += lattice.left_out[place]


def _after(lattice: Lattice, glued: float) -> list[float]:
    """Of each place, and the end, what it costs that a code ends there and what follows is no part of it."""
    begun = _groups(lattice)
    found = [_GROUP * (begun[-1] - one) for one in begun]
    for place in reversed(range(len(lattice))):
        if lattice.joined[place]:
            found[place] = found[place + 1] + min(glued, lattice.left_out[place])
    return found
