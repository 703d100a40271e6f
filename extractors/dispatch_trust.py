"""How sure one may be of a unit: what is known about a call in, a probability that its unit is right out.

A logistic model over a dozen signals. Its weights are data (``models/dispatch.yaml``), learned by ``scripts/train
dispatch`` from the catalogue's own phrasings; what its probabilities are worth on tickets is the matter of the
certificate (`extractors.dispatch_certificate`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import models

WEIGHTS = Path(models.__path__[0]) / "dispatch.yaml"
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against a unit. Shares of the templates' probability: ``unit`` of those it handles,
    ``accepts`` of those it handles or may handle, ``second`` of the next unit's, ``template`` of the best template,
    ``next_template`` of the one after, ``matter`` and ``domain`` of the best template's.

    ``domain_sure`` and ``type_sure``: probability of the domain and request type told; ``domain_agrees``: the best
    template is of that domain. ``said``: the agent named the unit (1), another one (−1), none (0). ``words``: weight
    of what was said; ``match``: score of the best template by that weight. ``by_district``: the unit is a district's.
    """

    unit: float
    accepts: float
    second: float
    template: float
    next_template: float
    matter: float
    domain: float
    domain_sure: float
    domain_agrees: float
    type_sure: float
    said: float
    words: float
    match: float
    by_district: float

    def row(self) -> list[float]:
        """The model's inputs, in the order of `NAMES`."""
        return [
            _logit(self.unit),
            _logit(self.accepts),
            math.log((self.unit + _LEAST) / (self.second + _LEAST)),
            _logit(self.template),
            math.log((self.template + _LEAST) / (self.next_template + _LEAST)),
            _logit(self.matter),
            _logit(self.domain),
            _logit(self.domain_sure),
            self.domain_agrees,
            _logit(self.type_sure),
            self.said,
            math.log1p(self.words),
            self.match,
            self.by_district,
        ]


NAMES = tuple(field.name for field in fields(Signals))


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


@cache
def trained() -> Trust:
    """The model that ships."""
    return Trust.of(yaml.safe_load(WEIGHTS.read_text(encoding="utf-8")))


def _logit(share: float) -> float:
    bounded = min(max(share, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))
