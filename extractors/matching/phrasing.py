"""How calls filed under an answer are worded: what both parties said in, for every answer how likely it is out.

Multinomial logistic regression, one for each question, over the characters of a call and pairs of them, the caller's
apart from the agent's. Each counts by how often it was said and by how few calls have it (tf-idf), those of one party
together have length one. Punctuation, which recognisers put as they please, does not count, and one figure is as good
as another. Learned of whole calls and of their beginnings (``scripts/train classifier``).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.text.encoder import Floats
from extractors.turn import Speaker, Turn

Numbers = NDArray[np.int32]

FILE = "phrasing.npz"
_ARRAYS = ("rarity", "weights", "base", "usual")
_FIGURE, _RUN = re.compile(r"\d"), re.compile(r"[^\W_]+")


def terms(text: str) -> Iterator[str]:
    """The characters of ``text`` and the pairs of neighbours."""
    for run in _RUN.findall(_FIGURE.sub("0", text.lower())):
        yield from run
        yield from map("".join, pairwise(run))


@dataclass(frozen=True, eq=False)
class Phrasing:
    """``terms``: those that count, the caller's and then the agent's, and their numbers; how telling each is by its
    ``rarity``, ``[terms]``; ``weights`` for each of ``answers``, ``[terms, answers]``, and what they add to, ``base``.
    ``usual``: the share of all calls to which each answer was given; ``questions``: how many answers each question has.
    """

    answers: tuple[str, ...]
    questions: tuple[int, ...]
    terms: Mapping[Speaker, Mapping[str, int]]
    rarity: Floats
    weights: Floats
    base: Floats
    usual: Floats

    def read(self, turn: Turn) -> Numbers:
        """The terms that ``turn`` says, as often as it does."""
        known = self.terms[turn.speaker]
        return np.array([known[term] for term in terms(turn.text) if term in known], np.int32)

    def of(self, said: Sequence[Numbers]) -> Floats:
        """How likely each answer is given to a call in whose turns this was ``said``."""
        numbers, values = self.values(said)
        return self._shares(self.base + values @ self.weights[numbers])

    def values(self, said: Sequence[Numbers]) -> tuple[Numbers, Floats]:
        """Which terms were ``said`` in a call and how much each counts."""
        numbers, often = np.unique(np.concatenate([np.zeros(0, np.int32), *said]), return_counts=True)
        values = (1 + np.log(often)) * self.rarity[numbers]
        agents = numbers >= len(self.terms[Speaker.CITIZEN])
        for party in (agents, ~agents):
            values[party] /= max(1e-9, float(np.linalg.norm(values[party])))
        return numbers, np.asarray(values, np.float32)

    def _shares(self, logits: Floats) -> Floats:
        """Probabilities of the answers to each question."""
        some = np.split(logits, np.cumsum(self.questions)[:-1])
        odds = [np.exp(one - one.max()) for one in some]
        return np.concatenate([one / one.sum() for one in odds])


def save_phrasing(phrasing: Phrasing, folder: Path) -> None:
    """Writes the model to `FILE` in ``folder``."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(phrasing, name).astype(np.float16) for name in _ARRAYS}
    arrays |= {speaker.value: np.array([*phrasing.terms[speaker]], str) for speaker in Speaker}
    arrays |= {"answers": np.array(phrasing.answers, str), "questions": np.array(phrasing.questions)}
    with (folder / FILE).open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


@cache
def load_phrasing(folder: Path) -> Phrasing:
    """The model in ``folder``. Raises ``OSError`` where there is none, ``ValueError`` where it holds something else."""
    try:
        with (folder / FILE).open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            rarity, weights, base, usual = (file[name].astype(np.float32) for name in _ARRAYS)
            told = numbered(*(tuple(map(str, file[speaker.value])) for speaker in (Speaker.CITIZEN, Speaker.AGENT)))
            answers, questions = tuple(map(str, file["answers"])), tuple(map(int, file["questions"]))
            return Phrasing(answers, questions, told, rarity, weights, base, usual)
    except (EOFError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"no phrasing: {error}") from error


def numbered(callers: Sequence[str], agents: Sequence[str]) -> dict[Speaker, dict[str, int]]:
    """The terms of either party with their numbers, as `Phrasing` has them."""
    told = {term: number for number, term in enumerate(callers)}
    return {Speaker.CITIZEN: told, Speaker.AGENT: {term: len(told) + number for number, term in enumerate(agents)}}
