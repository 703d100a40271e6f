"""What people who judge tickets would say of a call: its meaning in, for every unit how likely they name it out.

Templates tell who is to handle a matter as their authors saw it. Judged tickets tell whom dispatchers would send it to,
who do not always agree with them. Kernel ridge regression over the meanings of judged tickets (`extractors.encoder`)
has learned that (``scripts/train dispatch``, ``models/dispatch/opinion.npz``): a call is judged as tickets that mean
about the same were. All districts count as one unit.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import models
from extractors.encoder import Floats

FILE = models.DISPATCH / "opinion.npz"
_LITTLE = 3.0  # length of the meaning of which half counts; a greeting's is 0.5, a call's about 30


@dataclass(frozen=True, eq=False)
class Opinion:
    """`direction` of each judged ticket, ``[tickets, size]``, and their ``weights`` for each of ``units``,
    ``[tickets, units]``. ``usual``: the share of all judged tickets for which each unit was named.
    ``narrow``: how fast tickets cease to count the less alike they are.
    """

    units: tuple[str, ...]
    directions: Floats
    weights: Floats
    usual: Floats
    narrow: float

    def of(self, meaning: Floats) -> Floats:
        """About how likely each of ``units`` is named for a call of this ``meaning``, a vector of any length."""
        return np.asarray(self.usual + alike(direction(meaning)[None], self.directions, self.narrow)[0] @ self.weights)

    def among(self, units: Sequence[str]) -> NDArray[np.int64]:
        """The places of ``units`` in this opinion's, -1 for those that nobody named."""
        places = {name: place for place, name in enumerate(self.units)}
        return np.array([places.get(name, -1) for name in units], np.int64)


def direction(meaning: Floats) -> Floats:
    """Where a ``meaning`` points, of a length under 1: the less was said, as in a greeting, the less it points."""
    return np.asarray(meaning / (np.linalg.norm(meaning) + _LITTLE), np.float32)


def alike(some: Floats, others: Floats, narrow: float) -> Floats:
    """How much alike directions are, 0 to 1, ``[some, others]``: the Gaussian kernel."""
    return np.asarray(np.exp(narrow * (some @ others.T - 1)))


def save_opinion(opinion: Opinion, path: Path = FILE) -> None:
    """Writes the model to ``path``."""
    arrays = {name: getattr(opinion, name).astype(np.float16) for name in ("directions", "weights", "usual")}
    with path.open("wb") as file:
        np.savez_compressed(file, units=np.array(opinion.units, str), narrow=np.array(opinion.narrow), **arrays)


@cache
def load_opinion(path: Path = FILE) -> Opinion:
    """The model in ``path``, the one that ships if none is named. Raises ``OSError`` where there is none,
    ``ValueError`` where it holds something else.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            directions, weights, usual = (file[name].astype(np.float32) for name in ("directions", "weights", "usual"))
            return Opinion(tuple(map(str, file["units"])), directions, weights, usual, float(file["narrow"]))
    except (EOFError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"no opinion on units: {error}") from error
