"""How well spans found fit spans marked: both by sentence in, precision, recall and F1 with their intervals out.

*Exact*: the same characters under the same tag. *Overlapping*: at least one character in common under the same tag;
several found may then share one marked. F1 is what is right among found and marked together, which for exact spans is
the usual harmonic mean.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assist.bench.bootstrap import Figure, ratio


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start:end`` are a ``tag``."""

    start: int
    end: int
    tag: str


Pair: TypeAlias = tuple[Collection[Span], Collection[Span]]  # marked and found in one sentence


@dataclass(frozen=True, slots=True)
class Fit:
    """Figures of one way to compare."""

    precision: Figure
    recall: Figure
    f1: Figure

    def as_dict(self) -> dict[str, Any]:
        """Values and intervals, for JSON."""
        return {
            name: {"value": one.value, "low": one.low, "high": one.high}
            for name, one in (("precision", self.precision), ("recall", self.recall), ("f1", self.f1))
        }


@dataclass(frozen=True, slots=True)
class Score:
    """How ``found`` spans fit ``marked`` ones (numbers of spans)."""

    marked: int
    found: int
    exact: Fit
    overlapping: Fit

    def as_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        fits = {"exact": self.exact.as_dict(), "overlapping": self.overlapping.as_dict()}
        return {"marked": self.marked, "found": self.found, **fits}


def score(pairs: Sequence[Pair]) -> Score:
    """How the found spans of all sentences fit the marked ones."""
    return Score(
        sum(len(marked) for marked, _ in pairs),
        sum(len(found) for _, found in pairs),
        _fit(pairs, lambda one, others: one in others),
        _fit(pairs, lambda one, others: any(_overlap(one, other) for other in others)),
    )


def of_tag(pairs: Iterable[Pair], tag: str) -> list[Pair]:
    """The same sentences with the spans of ``tag`` alone, those told wrongly (``tag:…``) included."""
    return [([one for one in a if _base(one) == tag], [one for one in b if _base(one) == tag]) for a, b in pairs]


def within(one: Span, others: Iterable[Span]) -> bool:
    """Whether all characters of ``one`` lie in ``others`` together, whatever their tags."""
    return set(range(one.start, one.end)) <= {place for other in others for place in range(other.start, other.end)}


def merged(spans: Iterable[Span]) -> list[Span]:
    """``spans`` in order, those that overlap as one under the tag of the first."""
    joined: list[Span] = []
    for one in sorted(spans):
        if joined and one.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(one.end, joined[-1].end), joined[-1].tag)
        else:
            joined.append(one)
    return joined


def _base(one: Span) -> str:
    return one.tag.partition(":")[0]


def _overlap(one: Span, other: Span) -> bool:
    return one.tag == other.tag and one.start < other.end and other.start < one.end


def _fit(pairs: Sequence[Pair], fits: Callable[[Span, Collection[Span]], bool]) -> Fit:
    right = [sum(fits(one, marked) for one in found) for marked, found in pairs]
    hit = [sum(fits(one, found) for one in marked) for marked, found in pairs]
    found_of = [len(found) for _, found in pairs]
    marked_of = [len(marked) for marked, _ in pairs]
    both = [sum(one) for one in zip(right, hit, strict=True)]
    of = [sum(one) for one in zip(found_of, marked_of, strict=True)]
    return Fit(ratio(right, found_of), ratio(hit, marked_of), ratio(both, of))
