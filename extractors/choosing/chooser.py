"""Which candidate a slot holds: their traits in, the probability that each is right out.

One small network a slot: a layer of a few units over `extractors.choosing.traits`. What they learned from and how often
they are right stands in ``models/chooser/card.md``; `scripts/train chooser` and `chooser_adapted` make them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

import models
from extractors.choosing.traits import NAMES
from extractors.slots.marked import SLOTS

Floats: TypeAlias = NDArray[np.float32]

FILE = "weights.npz"
PARTS = ("mean", "scale", "in", "in_bias", "out", "out_bias")


class Chooser:
    """Probabilities of candidates, slot by slot."""

    def __init__(self, parts: dict[str, dict[str, Floats]]) -> None:
        """``parts``: what was learned for each slot, by `PARTS`."""
        self._parts = parts

    def probabilities(self, slot: str, rows: Floats) -> Floats:
        """The probability ``[candidates]`` that each of the candidates with the traits ``rows`` is right."""
        part = self._parts[slot]
        units = np.maximum((rows - part["mean"]) * part["scale"] @ part["in"] + part["in_bias"], 0)
        odds = units @ part["out"] + part["out_bias"]
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


@cache
def load_chooser(directory: Path = models.CHOOSER) -> Chooser:
    """The chooser of the project, opened once. Raises ``ValueError`` where it was learned on other traits."""
    path = directory / FILE
    with np.load(path, allow_pickle=False) as file:
        if tuple(map(str, file["traits"])) != (*NAMES, *SLOTS):
            raise ValueError(f"{path} was learned on other traits: `scripts/train chooser` makes it anew")
        slots = [str(slot) for slot in file["slots"]]
        return Chooser({slot: {part: file[f"{slot}.{part}"].astype(np.float32) for part in PARTS} for slot in slots})
