"""How likely callers and agents are to say a sentence: text in, log-probability out.

Each character is judged by the two before it: a trigram model with absolute discounting, interpolated (Ney, Essen and
Kneser 1994), kept as sorted arrays. A recogniser that follows several readings of an utterance asks it which of them
somebody would say. Digits are all alike to it, so are Latin letters and pauses; what was said is not its business, only
how it is put. `scripts/train language_model` makes it.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asr.text import SpanText, simplified

UNKNOWN, PAUSE, DIGIT, LETTER = range(4)
FIRST = 4  # number of the first character

Ids = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LanguageModel:
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

    def score(self, text: str) -> float:
        """The log-probability of ``text`` between two pauses."""
        ids = _ids(_plain(text), self.numbers)
        before, this = ids[:-1], ids[1:]
        size = len(self.singles)
        place, seen = _found(self.pairs, before * size + this)
        scores = np.where(seen, self.pair_scores[place], self.single_rest[before] + self.singles[this])
        context, known = place[:-1], seen[:-1]
        place, seen = _found(self.triples, (ids[:-2] * size + ids[1:-1]) * size + ids[2:])
        rest = np.where(known, self.pair_rest[context], 0.0)
        scores[1:] = np.where(seen, self.triple_scores[place], rest + scores[1:])
        return float(scores.sum())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The model as it is kept: keys as steps from one to the next, which pack well."""
        kept = {name: getattr(self, name).astype(np.float16) for name in _SCORES}
        return {
            "characters": np.array("".join(self.numbers)),
            "pairs": np.diff(self.pairs, prepend=0),
            "triples": np.diff(self.triples, prepend=0),
            **kept,
        }


_SCORES = ("singles", "single_rest", "pair_scores", "pair_rest", "triple_scores")


@cache
def load_language_model(path: Path) -> LanguageModel:
    """The model in ``path``. Raises ``OSError`` where there is none, ``ValueError`` where it holds something else."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            kept = {name: file[name] for name in ("characters", "pairs", "triples", *_SCORES)}
    except (EOFError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"no language model: {error}") from error
    return LanguageModel(
        {char: number for number, char in enumerate(str(kept["characters"]), FIRST)},
        pairs=np.cumsum(kept["pairs"]),
        triples=np.cumsum(kept["triples"]),
        **{name: kept[name].astype(np.float32) for name in _SCORES},
    )


def learned(texts: Iterable[str], *, least: int = 2, discount: float = 0.75) -> LanguageModel:
    """The model of ``texts``. Pairs and triples seen less than ``least`` times are forgotten; ``discount`` is what is
    taken off each count for what was never seen. Raises ``ValueError`` where no three characters were seen so often.
    """
    lines = [_plain(text) for text in texts]
    characters = sorted({char for line in lines for char in line if _kind(char) == UNKNOWN})
    numbers = {char: number for number, char in enumerate(characters, FIRST)}
    size = FIRST + len(characters)
    said = [_ids(line, numbers) for line in lines]
    ones = np.bincount(np.concatenate([ids[1:] for ids in said]), minlength=size).astype(float)
    pairs, twos = _counted([ids[:-1] * size + ids[1:] for ids in said], least)
    triples, threes = _counted([(ids[:-2] * size + ids[1:-1]) * size + ids[2:] for ids in said], least)
    if not len(triples):
        raise ValueError(f"too little text: no three characters follow each other {least} times")
    singles = np.log((ones + 0.5) / (ones.sum() + 0.5 * size))
    pair_scores, single_rest = _discounted(twos, pairs // size, size, singles[pairs % size], discount)
    # a triple that was seen often enough has its two pairs seen as often
    context = np.searchsorted(pairs, triples // size)
    last = np.searchsorted(pairs, triples % (size * size))
    triple_scores, pair_rest = _discounted(threes, context, len(pairs), pair_scores[last], discount)
    scores = (one.astype(np.float32) for one in (singles, single_rest, pair_scores, pair_rest, triple_scores))
    return LanguageModel(numbers, pairs=pairs, triples=triples, **dict(zip(_SCORES, scores, strict=True)))


def _counted(keys: list[Ids], least: int) -> tuple[Ids, NDArray[np.float64]]:
    found, counts = np.unique(np.concatenate(keys), return_counts=True)
    enough = counts >= least
    return found[enough], counts[enough].astype(float)


def _discounted(
    counts: NDArray[np.float64], contexts: Ids, size: int, lower: NDArray[np.float64], discount: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-probabilities of what was seen in each of ``size`` contexts, and of what is left in each for the rest;
    ``lower``: what shorter contexts say of it.
    """
    whole = np.bincount(contexts, weights=counts, minlength=size)
    kinds = np.bincount(contexts, minlength=size)
    rest = np.where(whole > 0, discount * kinds / np.maximum(whole, 1), 1.0)
    scores = np.maximum(counts - discount, 0) / whole[contexts] + rest[contexts] * np.exp(lower)
    return np.log(scores), np.log(rest)


def _found(keys: Ids, wanted: Ids) -> tuple[Ids, NDArray[np.bool_]]:
    """Where each of ``wanted`` stands in the sorted ``keys``, and whether it does."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return place, keys[place] == wanted


def _kind(char: str) -> int:
    if char.isdigit():
        return DIGIT
    if "\u4e00" <= char <= "\u9fff":
        return UNKNOWN
    return LETTER if char.isalpha() else PAUSE


def _plain(text: str) -> str:
    """``text`` in simplified characters, with a space for each pause inside it."""
    said = simplified(SpanText.timeless(text)).text
    return " ".join("".join(" " if _kind(char) == PAUSE else char for char in said).split())


def _ids(plain: str, numbers: Mapping[str, int]) -> Ids:
    """The numbers of what is said between two pauses."""
    return np.array([PAUSE, *(numbers.get(char, _kind(char)) for char in plain), PAUSE], np.int64)
