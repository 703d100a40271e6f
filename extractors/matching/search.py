"""Finding a record template by hand: some words in, the templates they fit out."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.catalogue.knowledge import Catalogue, Template
from extractors.matching.ranking import Ranker, make_ranker
from extractors.turn import Speaker, Turn


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A template found. ``score`` orders hits of one search; ``matched`` are the words it was found by."""

    template: Template
    score: float
    matched: tuple[str, ...]


class SearchIndex:
    """The searchable templates of a catalogue."""

    def __init__(self, catalogue: Catalogue, ranker: Ranker | None = None) -> None:
        self.ranker = ranker or make_ranker(catalogue)
        self.by_code = catalogue.by_code


def search(index: SearchIndex, text: str, k: int = 10) -> list[SearchHit]:
    """The ``k`` templates that fit ``text`` best, best first. A code finds its template; nothing matching, no hits."""
    exact = index.by_code.get(text.strip().upper())
    if exact is not None:
        return [SearchHit(exact, 1.0, (exact.code,))]
    ranker = index.ranker
    query = ranker.query([ranker.read(Turn(0, Speaker.CITIZEN, text))])
    scores = ranker.scores(query)
    best = [number for number in ranker.order(scores)[:k] if scores[number] > 0]
    return [
        SearchHit(ranker.templates[number], round(float(scores[number]), 2), ranker.matched(query, number))
        for number in best
    ]
