"""Which of the fields of government the call belongs to: the ranked templates, the keywords of domains and what calls
like it were filed under in, a choice out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from extractors.catalogue.knowledge import Catalogue
from extractors.matching.classifier import Classifier, Judgement, Weights
from extractors.matching.ranking import Floats
from extractors.text.cues import Cues, alternatives
from extractors.ticket import Choice, Evidence
from extractors.turn import Speaker, Turn

_EVIDENCE = 3


class Domains:
    """Tells the domain of a call."""

    def __init__(self, catalogue: Catalogue, rules: Mapping[str, Any], classifier: Classifier) -> None:
        self.codes = tuple(catalogue.domains)
        self.names = tuple(domain.name for domain in catalogue.domains.values())
        numbers = {code: number for number, code in enumerate(self.codes)}
        self._of_template = np.array([numbers[template.domain] for template in catalogue.templates])
        self._keywords = tuple(
            Cues([alternatives(domain.keywords)] if domain.keywords else [], sound=False)
            for domain in catalogue.domains.values()
        )
        self._templates_weight = float(rules["templates_weight"])
        self._floor = float(rules["floor"])
        self._keyword_weight = float(rules["keyword_weight"])
        self._keyword_limit = int(rules["keyword_limit"])
        self._place_after = tuple(rules["place_after"])
        self._weights = Weights.of(rules)
        self._judged = classifier.among(self.names)

    def read(self, turn: Turn) -> tuple[tuple[int, Evidence], ...]:
        """The keywords of domains the citizen says in one turn, other than in the name of a place: domain, evidence."""
        if turn.speaker is not Speaker.CITIZEN:
            return ()
        return tuple(
            (number, Evidence.of(turn, start, end))
            for number, cues in enumerate(self._keywords)
            for start, end in cues.spans(turn.text)
            if not turn.text.startswith(self._place_after, end)
        )

    def choose(
        self,
        probabilities: Floats,
        readings: Iterable[Sequence[tuple[int, Evidence]]],
        judgement: Judgement,
        chosen: str | None = None,
    ) -> Choice | None:
        """The domain, given the templates' probabilities; None while nothing speaks for any.

        ``judgement``: what the classifier says of the call.
        ``chosen`` is the domain code of the template the agent chose; it decides.
        """
        said = self.said(readings)
        if chosen is not None:
            number = self.codes.index(chosen)
            return Choice(self.names[number], 0.99, tuple(said.get(number, [])[:_EVIDENCE]))
        logits = self._weights.together(self.odds(probabilities, said), self._on_domains(judgement, probabilities))
        odds = np.exp(logits - logits.max())
        odds /= odds.sum()
        best = int(np.argmax(odds))
        return Choice(self.names[best], round(float(odds[best]), 3), tuple(said.get(best, [])[:_EVIDENCE]))

    def said(self, readings: Iterable[Sequence[tuple[int, Evidence]]]) -> dict[int, list[Evidence]]:
        """The keywords of each domain in ``readings``."""
        said: dict[int, list[Evidence]] = {}
        for number, evidence in (found for reading in readings for found in reading):
            said.setdefault(number, []).append(evidence)
        return said

    def odds(self, probabilities: Floats, said: Mapping[int, Sequence[Evidence]]) -> Floats:
        """Log-odds of each domain by the templates' probabilities and the keywords ``said`` alone."""
        logits = self._templates_weight * np.log(self._mass(probabilities) + self._floor)
        for number, found in said.items():
            different = len({evidence.text for evidence in found})
            logits[number] += self._keyword_weight * min(different, self._keyword_limit)
        return np.asarray(logits)

    def _on_domains(self, judgement: Judgement, probabilities: Floats) -> Judgement:
        """The ``judgement`` on each domain; what the templates say of those under which nothing was filed yet."""
        mass = self._mass(probabilities)
        meant, worded = (
            np.where(self._judged >= 0, one[self._judged], mass) for one in (judgement.meant, judgement.worded)
        )
        return Judgement(meant, worded, judgement.said)

    def _mass(self, probabilities: Floats) -> Floats:
        return np.asarray(np.bincount(self._of_template, weights=probabilities, minlength=len(self.codes)))
