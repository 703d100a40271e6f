"""Which slots the ticket of a call so worded holds: what was said in, for each slot the odds of one out.

Callers name days, sums and numbers that no ticket has. Whether it has any the words of the whole call tell better than
those around a value (`extractors.matching.phrasing`): a yes or no for each slot. Learned by ``scripts/train expected``
(``models/chooser/phrasing.npz``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

import models
from extractors.matching.phrasing import Numbers, Phrasing, load_phrasing
from extractors.text.encoder import Floats
from extractors.turn import Turn

_SUREST = 0.999  # of nothing that words tell one is surer


class Expectations:
    """What is to be expected by a ``phrasing`` that answers for each slot whether a ticket holds it: by the name of the
    slot, or that it does not.
    """

    def __init__(self, phrasing: Phrasing) -> None:
        self._phrasing = phrasing
        self._slots = phrasing.answers[::2]

    def read(self, turn: Turn) -> Numbers:
        """What ``turn`` says of it."""
        return self._phrasing.read(turn)

    def odds(self, said: Sequence[Numbers]) -> dict[str, float]:
        """By how much log-odds the ticket of a call in whose turns this was ``said`` is likelier than others to hold
        each slot that was learned.
        """
        apart = _log_odds(self._phrasing.of(said)) - _log_odds(self._phrasing.usual)
        return dict(zip(self._slots, apart[::2].tolist(), strict=True))


def _log_odds(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, 1 - _SUREST, _SUREST)
    return np.asarray(np.log(clipped / (1 - clipped)))


@cache
def load_expectations(folder: Path = models.CHOOSER) -> Expectations:
    """Those in ``folder``. Raises as `extractors.matching.phrasing.load_phrasing` does."""
    return Expectations(load_phrasing(folder))
