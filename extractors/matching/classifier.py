"""What a call is filed under, by what calls like it were: its meaning and its words in, how likely each domain and each
request type is out.

Two opinions, learned from the same written calls (``scripts/train classifier``, ``models/classifier``): on what is
meant (`extractors.matching.opinion`) and on how it is worded (`extractors.matching.phrasing`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.matching.opinion import Opinion, direction, load_opinion
from extractors.matching.phrasing import Numbers, Phrasing, load_phrasing
from extractors.text.encoder import Floats


@dataclass(frozen=True, eq=False)
class Judgement:
    """How likely each answer is by what is ``meant`` and by how it is ``worded``, ``[answers]``, and how much was
    ``said`` to judge by, 0 to 1.
    """

    meant: Floats
    worded: Floats
    said: float


@dataclass(frozen=True, eq=False)
class Classifier:
    """Both opinions on the same answers."""

    opinion: Opinion
    phrasing: Phrasing

    def judged(self, meaning: Floats, words: Sequence[Numbers]) -> Judgement:
        """What is said of a call of this ``meaning`` in whose turns these ``words`` are (`Phrasing.read`)."""
        return Judgement(self.opinion.of(meaning), self.phrasing.of(words), float(np.linalg.norm(direction(meaning))))

    def among(self, answers: Sequence[str]) -> NDArray[np.int64]:
        """The places of ``answers`` in a judgement's, -1 for those that nobody gave."""
        return self.opinion.among(answers)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much log-odds by all else count (``own``), and the logarithms of what a judgement says is likely, each from
    its floor on. Where little is said a judgement counts less, and all else more.
    """

    own: float
    meant: float
    worded: float
    meant_floor: float
    worded_floor: float

    @classmethod
    def of(cls, rules: Mapping[str, Any]) -> Weights:
        """Those that ``rules`` name."""
        return cls(
            float(rules["own_weight"]),
            float(rules["opinion_weight"]),
            float(rules["phrasing_weight"]),
            float(rules["opinion_floor"]),
            float(rules["phrasing_floor"]),
        )

    def together(self, odds: Floats, judgement: Judgement) -> Floats:
        """Log-odds by all else, ``odds``, and by a ``judgement`` of the same answers."""
        meant = np.log(np.clip(judgement.meant, self.meant_floor, 1))
        worded = np.log(np.clip(judgement.worded, self.worded_floor, 1))
        own = 1 - (1 - self.own) * judgement.said
        return np.asarray(own * odds + judgement.said * (self.meant * meant + self.worded * worded))


@cache
def load_classifier(folder: Path) -> Classifier:
    """The classifier in ``folder``. Raises ``OSError`` where there is none, ``ValueError`` where it holds something
    else.
    """
    opinion, phrasing = load_opinion(folder), load_phrasing(folder)
    if opinion.answers != phrasing.answers:
        raise ValueError(f"the opinions in {folder} are on other answers: learn both with `scripts/train classifier`")
    return Classifier(opinion, phrasing)
