"""What the caller wants of the hotline: turns in, the request type with its odds and the words that speak for it out.

Three witnesses: cue phrases (``catalog/rules/request_types.yaml``, by text and by sound), the ranked templates, each of
which has a type, and what calls like it were (`extractors.matching.opinion`). What each cue and the templates weigh is
learned (``scripts/fit_request_types.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.catalogue.files import REQUEST_TYPES
from extractors.matching.classifier import Classifier, Judgement, Weights
from extractors.matching.ranking import Floats
from extractors.text.cues import Cues
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
    opening: float
    speaker: Speaker
    cues: Cues


class RequestTypes:
    """Tells the request type of a call."""

    def __init__(self, rules: Mapping[str, Any], classifier: Classifier) -> None:
        self._groups = tuple(
            _Group(
                REQUEST_TYPES.index(group["type"]),
                float(group["weight"]),
                float(group["opening"]),
                Speaker(group["by"]),
                Cues(group["words"], sound=group.get("sound", False)),
            )
            for group in rules["groups"]
        )
        self._prior = np.array([float(rules["prior"][name]) for name in REQUEST_TYPES])
        self._opening_turns = int(rules["opening_turns"])
        self._templates_weight = float(rules["templates_weight"])
        self._floor = float(rules["floor"])
        self._weights = Weights.of(rules)
        self._judged = classifier.among(REQUEST_TYPES)
        self._favour_weight = float(rules["favour_weight"])
        self._favour_limit = float(rules["favour_limit"])

    def read(self, turn: Turn) -> tuple[Cue, ...]:
        """The cue phrases of one turn."""
        found = []
        for number, group in enumerate(self._groups):
            if group.speaker is turn.speaker and (match := group.cues.search(turn.text)):
                found.append(Cue(number, Evidence.of(turn, *match.span())))
        return tuple(found)

    def found(self, turns: Sequence[Turn], readings: Iterable[Sequence[Cue]]) -> tuple[Floats, Floats]:
        """For each group of cues whether it was said (1 or 0), and whether the caller opened with it."""
        opening = {turn.id for turn in [t for t in turns if t.speaker is Speaker.CITIZEN][: self._opening_turns]}
        said, opened = np.zeros(len(self._groups)), np.zeros(len(self._groups))
        for cue in (cue for reading in readings for cue in reading):
            said[cue.group] = 1.0
            if cue.evidence.turn in opening:
                opened[cue.group] = 1.0
        return said, opened

    def cue_odds(self, turns: Sequence[Turn], readings: Iterable[Sequence[Cue]]) -> Floats:
        """Log-odds of each of `REQUEST_TYPES` by the cue phrases alone."""
        odds = self._prior.copy()
        for group, said, opened in zip(self._groups, *self.found(turns, readings), strict=True):
            odds[group.type] += group.weight * said + group.opening * opened
        return odds

    def witness(self, mass: Floats) -> Floats:
        """What the templates say of each type, given their probability ``mass`` by type."""
        return np.asarray(np.log(mass + self._floor))

    def own_odds(self, odds: Floats, mass: Floats) -> Floats:
        """Log-odds of each type by cues and templates alone."""
        return np.asarray(odds + self._templates_weight * self.witness(mass))

    def favour(self, odds: Floats) -> Floats:
        """How much log-odds the cues add to the templates of each type (at most 0): the cues alone, not the prior."""
        cues = odds - self._prior
        return np.asarray(np.maximum(self._favour_weight * (cues - cues.max()), -self._favour_limit))

    def choose(
        self,
        odds: Floats,
        mass: Floats,
        readings: Iterable[Sequence[Cue]],
        judgement: Judgement,
        chosen: str | None = None,
    ) -> Choice:
        """The type, given cue odds and the templates' probability ``mass`` by type, before any cue moved them.

        ``judgement``: what the classifier says of the call.
        ``chosen`` is the type of the template the agent chose: as strong a witness as all the templates together.
        """
        if chosen is not None:
            mass = np.array([1.0 if name == chosen else 0.0 for name in REQUEST_TYPES])
        logits = self.own_odds(odds, mass)
        if chosen is None:
            meant, worded = judgement.meant[self._judged], judgement.worded[self._judged]
            logits = self._weights.together(logits, Judgement(meant, worded, judgement.said))
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        best = int(np.argmax(probabilities))
        cues = [cue for reading in readings for cue in reading if self._speaks_for(cue, best)]
        cues.sort(key=lambda cue: (-self._strength(cue), cue.evidence.turn, cue.evidence.start))
        evidence = tuple(cue.evidence for cue in cues[:_EVIDENCE])
        return Choice(REQUEST_TYPES[best], round(float(probabilities[best]), 3), evidence)

    def _strength(self, cue: Cue) -> float:
        return self._groups[cue.group].weight + max(0.0, self._groups[cue.group].opening)

    def _speaks_for(self, cue: Cue, type_: int) -> bool:
        return self._groups[cue.group].type == type_ and self._strength(cue) > 0
