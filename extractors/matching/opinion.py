"""What people filed calls like it under: the meaning of a call in, for every answer how likely it is given out.

Kernel ridge regression over the meanings of calls that somebody judged (`extractors.text.encoder`): a call is judged as
calls that mean about the same were. Two opinions ship: on units, of judged tickets (``scripts/train dispatch``,
``models/dispatch/opinion.npz``; all districts count as one unit), and on domains and request types, of written calls
(``scripts/train classifier``, ``models/classifier/opinion.npz``).
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.text.encoder import Floats

FILE = "opinion.npz"
_LITTLE = 3.0  # length of the meaning of which half counts; a greeting's is 0.5, a call's about 30


@dataclass(frozen=True, eq=False)
class Opinion:
    """`direction` of each judged call, ``[calls, size]``, and their ``weights`` for each of ``answers``,
    ``[calls, answers]``. ``usual``: the share of all judged calls to which each answer was given. ``narrow``: how fast
    calls cease to count the less alike they are.
    """

    answers: tuple[str, ...]
    directions: Floats
    weights: Floats
    usual: Floats
    narrow: float

    def of(self, meaning: Floats) -> Floats:
        """About how likely each of ``answers`` is given to a call of this ``meaning``, a vector of any length."""
        return np.asarray(self.usual + alike(direction(meaning)[None], self.directions, self.narrow)[0] @ self.weights)

    def among(self, answers: Sequence[str]) -> NDArray[np.int64]:
        """The places of ``answers`` in this opinion's, -1 for those that nobody gave."""
        places = {name: place for place, name in enumerate(self.answers)}
        return np.array([places.get(name, -1) for name in answers], np.int64)


def learned(
    answers: Sequence[str], directions: Floats, given: NDArray[np.float64], narrow: float, ridge: float
) -> Opinion:
    """The opinion of those who gave ``answers`` to calls: ``given``, ``[calls, answers]``, is 1 where they did."""
    usual = given.mean(axis=0)
    kernel = alike(directions, directions, narrow).astype(np.float64)
    weights = np.linalg.solve(kernel + ridge * np.eye(len(given)), given - usual)
    return Opinion(tuple(answers), directions, weights.astype(np.float32), usual.astype(np.float32), narrow)


def direction(meaning: Floats) -> Floats:
    """Where a ``meaning`` points, of a length under 1: the less was said, as in a greeting, the less it points."""
    return np.asarray(meaning / (np.linalg.norm(meaning) + _LITTLE), np.float32)


def alike(some: Floats, others: Floats, narrow: float) -> Floats:
    """How much alike directions are, 0 to 1, ``[some, others]``: the Gaussian kernel."""
    return np.asarray(np.exp(narrow * (some @ others.T - 1)))


def save_opinion(opinion: Opinion, folder: Path) -> None:
    """Writes the model to `FILE` in ``folder``."""
    arrays = {name: getattr(opinion, name).astype(np.float16) for name in ("directions", "weights", "usual")}
    with (folder / FILE).open("wb") as file:
        np.savez_compressed(file, answers=np.array(opinion.answers, str), narrow=np.array(opinion.narrow), **arrays)


@cache
def load_opinion(folder: Path) -> Opinion:
    """The model in ``folder``. Raises ``OSError`` where there is none, ``ValueError`` where it holds something else."""
    try:
        with (folder / FILE).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            directions, weights, usual = (file[name].astype(np.float32) for name in ("directions", "weights", "usual"))
            return Opinion(tuple(map(str, file["answers"])), directions, weights, usual, float(file["narrow"]))
    except (EOFError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"no opinion: {error}") from error
