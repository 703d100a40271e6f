"""How likely callers and agents are to say something: simplified characters in, log-probabilities out.

Each character is judged by the two before it: a trigram model, kept as sorted arrays. Digits are all alike to it, so
are Latin letters and pauses; what was said is not its business, only how it is put. `models.trigram_learning` learns
it, by `scripts/train language_model`; a recogniser asks it which of several readings somebody would say
(`asr.whisper`), understanding which characters of one sound (`extractors.repair.homophones`).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNKNOWN, PAUSE, DIGIT, LETTER = range(4)
FIRST = 4  # number of the first character
OWN = Path(__file__).parent / "language_model" / "weights.npz"
"""The project's own; see its card."""

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Trigrams:
    """``numbers`` tells each known character's; ``singles`` is its probability alone. Pairs and triples of numbers that
    were seen stand, packed into one number each, in order in ``pairs`` and ``triples``, with their probabilities.
    ``single_rest`` and ``pair_rest`` are what is left, behind a character or pair, for what was never seen there. All
    probabilities are natural logarithms.
    """

    numbers: Mapping[str, int]
    singles: Scores
    single_rest: Scores
    pairs: Ids
    pair_scores: Scores
    pair_rest: Scores
    triples: Ids
    triple_scores: Scores

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.singles)

    def number(self, char: str) -> int:
        """The number of any character; unknown ones, digits, letters and pauses share one each."""
        return self.numbers.get(char) or kind(char)

    def score(self, text: str) -> float:
        """The log-probability of ``text`` between two pauses."""
        return float(self.scores(text).sum())

    def scores(self, text: str) -> Scores:
        """The log-probability of each character of ``text`` between two pauses, and of the pause behind it; pauses that
        follow a pause are left out.
        """
        ids, size = numbered(plain(text), self.numbers), self.size
        pairs = ids[:-1] * size + ids[1:]
        return np.concatenate([self.of_pairs(pairs[:1]), self.of_triples(pairs[:-1] * size + ids[2:])])

    def of_pairs(self, pairs: Ids) -> Scores:
        """The log-probability of the last character of each of ``pairs`` behind the first."""
        place, seen = found(self.pairs, pairs)
        rest = self.single_rest[pairs // self.size] + self.singles[pairs % self.size]
        return np.asarray(np.where(seen, self.pair_scores[place], rest), np.float32)

    def of_triples(self, triples: Ids) -> Scores:
        """The log-probability of the last character of each of ``triples`` behind the two others."""
        context, known = found(self.pairs, triples // self.size)
        place, seen = found(self.triples, triples)
        rest = np.where(known, self.pair_rest[context], 0.0) + self.of_pairs(triples % self.size**2)
        return np.asarray(np.where(seen, self.triple_scores[place], rest), np.float32)

    def following(self, contexts: Ids, before: Ids, this: Ids) -> tuple[Scores, Ids]:
        """How likely each of the numbers ``this`` (ascending) is behind each context, ``[contexts, this]``; and the
        contexts that these make, likewise. A context is the place of its two characters among ``pairs``, -1 where that
        was never seen; ``before`` has the last character of each.
        """
        size = self.size
        last, of = np.unique(before, return_inverse=True)
        keys = last[:, np.newaxis] * size + this
        place, seen = found(self.pairs, keys)
        scores = np.where(seen, self.pair_scores[place], self.single_rest[last][:, np.newaxis] + self.singles[this])[of]
        known = contexts >= 0
        scores += np.where(known, self.pair_rest[contexts], 0.0)[:, np.newaxis]
        begin = self._begins[contexts]
        many = np.where(known, self._begins[contexts + 1] - begin, 0)
        rows = np.repeat(np.arange(len(contexts)), many)
        triple = np.arange(len(rows)) + np.repeat(begin - (np.cumsum(many) - many), many)
        columns = np.full(size, -1)
        columns[this] = np.arange(len(this))
        column = columns[self._lasts[triple]]
        wanted = column >= 0
        scores[rows[wanted], column[wanted]] = self.triple_scores[triple[wanted]]
        return scores, np.where(seen, place, -1)[of]

    @cached_property
    def _begins(self) -> Ids:
        """Where the triples of each pair begin, and where those of the last end."""
        ends = np.searchsorted(self.triples, (self.pairs + 1) * self.size)
        return np.concatenate([np.searchsorted(self.triples, self.pairs[:1] * self.size), ends])

    @cached_property
    def _lasts(self) -> NDArray[np.int32]:
        """The last character of each triple."""
        return (self.triples % self.size).astype(np.int32)

    def save(self, path: Path) -> None:
        """Write the model to ``path``, whole or not at all."""
        begun = path.with_name(f".{path.name}.begun")
        try:
            with begun.open("wb") as file:
                np.savez_compressed(file, **self._arrays())  # type: ignore[arg-type]
            begun.replace(path)
        finally:
            begun.unlink(missing_ok=True)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """The model as it is kept: keys as steps from one to the next, which pack well."""
        kept = {name: getattr(self, name).astype(np.float16) for name in SCORES}
        return {
            "characters": np.array("".join(self.numbers)),
            "pairs": np.diff(self.pairs, prepend=0),
            "triples": np.diff(self.triples, prepend=0),
            **kept,
        }


SCORES = ("singles", "single_rest", "pair_scores", "pair_rest", "triple_scores")


@cache
def load_trigrams(path: Path = OWN) -> Trigrams:
    """The model in ``path``, the project's own if none is named. Raises ``OSError`` where there is none, ``ValueError``
    where it holds something else.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            kept = {name: file[name] for name in ("characters", "pairs", "triples", *SCORES)}
    except (EOFError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"no language model: {error}") from error
    return Trigrams(
        {char: number for number, char in enumerate(str(kept["characters"]), FIRST)},
        pairs=np.cumsum(kept["pairs"]),
        triples=np.cumsum(kept["triples"]),
        **{name: kept[name].astype(np.float32) for name in SCORES},
    )


def bits_a_character(model: Trigrams, texts: Iterable[str]) -> float:
    """What ``model`` is surprised by ``texts`` on average, pauses included (cross-entropy)."""
    scores = np.concatenate([model.scores(text) for text in texts])
    return float(-scores.mean() / np.log(2))


def found(keys: Ids, wanted: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Where each of ``wanted`` stands in the sorted ``keys``, and whether it does."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return place, keys[place] == wanted


def kind(char: str) -> int:
    """What a character is taken for that the model does not know: `UNKNOWN`, `PAUSE`, `DIGIT` or `LETTER`."""
    if char.isdigit():
        return DIGIT
    if "\u4e00" <= char <= "\u9fff":
        return UNKNOWN
    return LETTER if char.isalpha() else PAUSE


def plain(text: str) -> str:
    """``text`` with a space for each pause inside it."""
    return " ".join("".join(" " if kind(char) == PAUSE else char for char in text).split())


def numbered(plain: str, numbers: Mapping[str, int]) -> Ids:
    """The numbers of what is said between two pauses."""
    return np.array([PAUSE, *(numbers.get(char, kind(char)) for char in plain), PAUSE], np.int64)
