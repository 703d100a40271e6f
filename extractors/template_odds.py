"""How probable each record template is after what was said: turns, their readings and filled slots in, `Odds` out.

What was said is compared with every template; how it was put speaks for request types. Words that only fill slots such
as the address are set aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue.files import REQUEST_TYPES
from extractors.compiled import Knowledge
from extractors.composition import SIDE_SLOTS
from extractors.matching.ranking import Floats, Said
from extractors.recent import Recent
from extractors.ticket import SlotValue
from extractors.turn import Turn
from extractors.turn_readings import TurnReading, kept_of


@dataclass(frozen=True, slots=True)
class Odds:
    """What was ``said``; the odds of each request type by how it was put (``types``, ``[request types]``); each
    template's score by what was said alone, and its probability in the light of both (``[templates]``).
    """

    said: Said
    types: Floats
    scores: Floats
    probabilities: NDArray[np.float64]


class TemplateOdds:
    """Ranks the templates for one call."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._said: Recent[tuple[Turn, tuple[tuple[int, int], ...]], Said] = Recent(kept_of(0))

    def keep_for(self, turns: int) -> None:
        """Keep what a call of that many ``turns`` needs again and again."""
        self._said.least = kept_of(turns)

    def after(self, turns: Sequence[Turn], reads: Sequence[TurnReading], slots: Mapping[str, SlotValue]) -> Odds:
        """The odds after ``turns``, which fill ``slots``; ``reads`` has one entry a turn."""
        ranker, types = self._known.ranker, self._known.request_types
        odds = types.cue_odds(turns, [read.cues for read in reads])
        query = ranker.query(self._turns_said(turns, slots), ranker.emphasis(turns))
        scores = ranker.scores(query)
        return Odds(query, odds, scores, ranker.probabilities(scores, types.favour(odds)[self._known.types]))

    def type_mass(self, odds: Odds) -> NDArray[np.float64]:
        """The probability of the templates of each request type (``[request types]``), by what was said alone."""
        probabilities = self._known.ranker.probabilities(odds.scores)
        return np.bincount(self._known.types, weights=probabilities, minlength=len(REQUEST_TYPES)).astype(np.float64)

    def _turns_said(self, turns: Sequence[Turn], slots: Mapping[str, SlotValue]) -> list[Said]:
        aside: dict[int, set[tuple[int, int]]] = {}
        for name in SIDE_SLOTS & slots.keys():
            for evidence in slots[name].evidence:
                aside.setdefault(evidence.turn, set()).add((evidence.start, evidence.end))
        said = []
        for turn in turns:
            key = (turn, tuple(_disjoint(aside.get(turn.id, ()))))
            found = self._said.get(key)
            if found is None:
                found = self._known.ranker.read(*key)
                self._said.put(key, found)
            said.append(found)
        return said


def _disjoint(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
