"""What the caller wants of the hotline: turns in, the request type with its odds and the words that speak for it out.

Two witnesses: cue phrases (``catalog/rules/request_types.yaml``, by text and by sound) and the ranked templates, each
of which has a type. A caller who names nothing is judged by the templates alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.catalogue_files import REQUEST_TYPES
from extractors.cues import Cues
from extractors.ranking import Floats
from extractors.ticket import Choice, Evidence
from extractors.turn import Speaker, Turn

_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue phrase found: which ``group`` of the rules, and where."""

    group: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Group:
    type: int
    weight: float
    speaker: Speaker
    cues: Cues


class RequestTypes:
    """Tells the request type of a call."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self._groups = tuple(
            _Group(
                REQUEST_TYPES.index(group["type"]),
                float(group["weight"]),
                Speaker(group["by"]),
                Cues(group["words"], sound=group.get("sound", False)),
            )
            for group in rules["groups"]
        )
        self._prior = np.array([float(rules["prior"][name]) for name in REQUEST_TYPES])
        self._opening_turns = int(rules["opening_turns"])
        self._opening_factor = float(rules["opening_factor"])
        self._templates_weight = float(rules["templates_weight"])
        self._floor = float(rules["floor"])
        self._favour_weight = float(rules["favour_weight"])
        self._favour_limit = float(rules["favour_limit"])

    def read(self, turn: Turn) -> tuple[Cue, ...]:
        """The cue phrases of one turn."""
        found = []
        for number, group in enumerate(self._groups):
            if group.speaker is turn.speaker and (match := group.cues.search(turn.text)):
                found.append(Cue(number, Evidence.of(turn, *match.span())))
        return tuple(found)

    def cue_odds(self, turns: Sequence[Turn], readings: Iterable[Sequence[Cue]]) -> Floats:
        """Log-odds of each of `REQUEST_TYPES` by the cue phrases alone."""
        opening = {turn.id for turn in [t for t in turns if t.speaker is Speaker.CITIZEN][: self._opening_turns]}
        best: dict[int, float] = {}
        for cue in (cue for reading in readings for cue in reading):
            factor = self._opening_factor if cue.evidence.turn in opening else 1.0
            best[cue.group] = max(best.get(cue.group, 0.0), factor)
        odds = self._prior.copy()
        for number, factor in best.items():
            odds[self._groups[number].type] += self._groups[number].weight * factor
        return odds

    def favour(self, odds: Floats) -> Floats:
        """How much log-odds the cues add to the templates of each type (at most 0)."""
        return np.asarray(np.maximum(self._favour_weight * (odds - odds.max()), -self._favour_limit))

    def choose(
        self, odds: Floats, mass: Floats, readings: Iterable[Sequence[Cue]], chosen: str | None = None
    ) -> Choice:
        """The type, given cue odds and the templates' probability ``mass`` by type.

        ``chosen`` is the type of the template the agent chose: as strong a witness as all the templates together.
        """
        if chosen is not None:
            mass = np.array([1.0 if name == chosen else 0.0 for name in REQUEST_TYPES])
        logits = odds + self._templates_weight * np.log(mass + self._floor)
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        best = int(np.argmax(probabilities))
        cues = [cue for reading in readings for cue in reading if self._groups[cue.group].type == best]
        cues.sort(key=lambda cue: (-self._groups[cue.group].weight, cue.evidence.turn, cue.evidence.start))
        evidence = tuple(cue.evidence for cue in cues[:_EVIDENCE])
        return Choice(REQUEST_TYPES[best], round(float(probabilities[best]), 3), evidence)
