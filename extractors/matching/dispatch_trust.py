"""How sure one may be that a unit handles a call: what speaks for the unit in, a probability that it is right out.

A logistic model over a handful of signals: what the ranking of templates says of the unit, and what people said who
judged tickets like the call (`extractors.matching.opinion`). Its weights are data (``models/dispatch/trust.yaml``),
learned by ``scripts/train dispatch`` from judged tickets; what its probabilities are worth on others is the matter of
the certificate (`extractors.matching.dispatch_certificate`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

import models

WEIGHTS = models.DISPATCH / "trust.yaml"
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a unit. ``handles``: the share of the templates' probability that it handles, ``accepts``: that
    it handles or may handle; ``opinion``: how likely somebody would name it who judges tickets like the call. Each
    ``best_``: the most that any unit has. ``usual``: the share of all judged tickets for which it was named. ``said``:
    the agent named it (1), another one (−1), none (0). ``by_district``: it is a district's.
    """

    handles: float
    accepts: float
    opinion: float
    best_handles: float
    best_opinion: float
    usual: float
    said: float
    by_district: bool

    def row(self) -> list[float]:
        """The model's inputs, in the order of `NAMES`."""
        return [
            _logit(self.handles),
            _logit(self.accepts),
            self.opinion,
            self.best_handles - self.handles,
            self.best_opinion - self.opinion,
            self.usual,
            self.said,
            float(self.by_district),
        ]


NAMES = ("handles", "accepts", "opinion", "behind_handles", "behind_opinion", "usual", "said", "by_district")


@dataclass(frozen=True, slots=True)
class Trust:
    """The model: ``bias`` and a weight for each of `NAMES`."""

    bias: float
    weights: tuple[float, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Trust:
        """From ``bias`` and ``weights`` by name. Raises KeyError for one that lacks a name."""
        return cls(float(data["bias"]), tuple(float(data["weights"][name]) for name in NAMES))

    def probability(self, signals: Signals) -> float:
        """How likely the unit is right."""
        total = self.bias + sum(weight * value for weight, value in zip(self.weights, signals.row(), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def chosen(self, found: Sequence[Signals], rather: float) -> tuple[int, float]:
        """The place of the unit to tell among those ``found``, best first, and how likely it is right: the first one,
        or one that is surer by more than ``rather``; what the agent says stands.
        """
        sure = [self.probability(signals) for signals in found]
        best = sure.index(max(sure))
        if sure[best] <= sure[0] + rather or any(signals.said for signals in found):
            best = 0
        return best, sure[best]


@cache
def trained() -> Trust:
    """The model that ships."""
    return Trust.of(yaml.safe_load(WEIGHTS.read_text(encoding="utf-8")))


def _logit(share: float) -> float:
    """Log-odds of a share, which may be a little over 1 by rounding."""
    return math.log((share + _LEAST) / (max(1 - share, 0.0) + _LEAST))
