"""Which candidate a slot holds: their traits in, the probability that each is right out.

One small network a slot and kind of text, written or recognised: a layer of a few units over `extractors.traits`. What
they learned from and how often they are right stands in ``models/chooser/card.md``; `scripts/train chooser` makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

import models
from extractors.marked import SLOTS
from extractors.traits import NAMES

Floats: TypeAlias = NDArray[np.float32]
Kind: TypeAlias = Literal["written", "recognised"]
"""Text that somebody wrote, or what a recogniser made of speech (turns with times)."""

PARTS = ("mean", "scale", "in", "in_bias", "out", "out_bias")


class Chooser:
    """Probabilities of candidates, slot by slot."""

    def __init__(self, parts: dict[str, dict[str, Floats]], columns: Sequence[int] | None = None) -> None:
        """``parts``: what was learned for each slot, by `PARTS`, on the traits ``columns``; None: on all."""
        self._parts = parts
        self._columns = columns

    def probabilities(self, slot: str, rows: Floats) -> Floats:
        """The probability ``[candidates]`` that each of the candidates with the traits ``rows`` is right."""
        part = self._parts[slot]
        rows = rows if self._columns is None else rows[:, self._columns]
        units = np.maximum((rows - part["mean"]) * part["scale"] @ part["in"] + part["in_bias"], 0)
        odds = units @ part["out"] + part["out_bias"]
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


@cache
def load_chooser(kind: Kind, directory: Path = models.CHOOSER) -> Chooser:
    """The chooser of the project for text of ``kind``, opened once. Raises ``ValueError`` where it was learned on
    traits that are no longer told.
    """
    path = directory / f"{kind}.npz"
    with np.load(path, allow_pickle=False) as file:
        known, traits = (*NAMES, *SLOTS), [str(name) for name in file["traits"]]
        if not set(traits) <= set(known):
            raise ValueError(f"{path} was learned on other traits: `scripts/train chooser` makes it anew")
        slots = [str(slot) for slot in file["slots"]]
        parts = {slot: {part: file[f"{slot}.{part}"].astype(np.float32) for part in PARTS} for slot in slots}
        return Chooser(parts, [known.index(name) for name in traits])
