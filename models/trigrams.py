"""How likely callers and agents are to say something: simplified characters in, log-probabilities out.

Each character is judged by the two before it: a trigram model with absolute discounting, interpolated (Ney, Essen and
Kneser 1994), kept as sorted arrays. Digits are all alike to it, so are Latin letters and pauses; what was said is not
its business, only how it is put. `scripts/train language_model` makes it; a recogniser asks it which of several
readings somebody would say (`asr.whisper`), understanding which characters of one sound (`extractors.homophones`).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
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
        ids = _ids(_plain(text), self.numbers)
        before, this = ids[:-1], ids[1:]
        size = self.size
        place, seen = _found(self.pairs, before * size + this)
        scores = np.where(seen, self.pair_scores[place], self.single_rest[before] + self.singles[this])
        context, known = place[:-1], seen[:-1]
        place, seen = _found(self.triples, (ids[:-2] * size + ids[1:-1]) * size + ids[2:])
        rest = np.where(known, self.pair_rest[context], 0.0)
        scores[1:] = np.where(seen, self.triple_scores[place], rest + scores[1:])
        return np.asarray(scores, np.float32)

    def following(self, contexts: Ids, before: Ids, this: Ids) -> tuple[Scores, Ids]:
        """How likely each of the numbers ``this`` (ascending) is behind each context, ``[contexts, this]``; and the
        contexts that these make, likewise. A context is the place of its two characters among ``pairs``, -1 where that
        was never seen; ``before`` has the last character of each.
        """
        size = self.size
        last, of = np.unique(before, return_inverse=True)
        keys = last[:, np.newaxis] * size + this
        place, seen = _found(self.pairs, keys)
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
def load_trigrams(path: Path = OWN) -> Trigrams:
    """The model in ``path``, the project's own if none is named. Raises ``OSError`` where there is none, ``ValueError``
    where it holds something else.
    """
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            kept = {name: file[name] for name in ("characters", "pairs", "triples", *_SCORES)}
    except (EOFError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"no language model: {error}") from error
    return Trigrams(
        {char: number for number, char in enumerate(str(kept["characters"]), FIRST)},
        pairs=np.cumsum(kept["pairs"]),
        triples=np.cumsum(kept["triples"]),
        **{name: kept[name].astype(np.float32) for name in _SCORES},
    )


def learned(texts: Iterable[str], private: Iterable[str] = (), *, least: int = 2, discount: float = 0.85) -> Trigrams:
    """The model of ``texts``, and of what ``private`` ones say ``least`` times: what is said less often, as a name is,
    is forgotten. ``discount`` is what is taken off each count for what was never seen. Raises ``ValueError`` where no
    three characters remain.
    """
    told = [[_plain(text) for text in group] for group in (texts, private)]
    characters = sorted({char for lines in told for line in lines for char in line if kind(char) == UNKNOWN})
    numbers = {char: number for number, char in enumerate(characters, FIRST)}
    size = FIRST + len(characters)
    said, own = ([_ids(line, numbers) for line in lines if line] for lines in told)
    chars, ones = _counted(lambda ids: ids[1:], said, own, 1)
    pairs, twos = _counted(lambda ids: ids[:-1] * size + ids[1:], said, own, least)
    triples, threes = _counted(lambda ids: (ids[:-2] * size + ids[1:-1]) * size + ids[2:], said, own, least)
    if not len(triples):
        raise ValueError("too little text: no three characters follow each other")
    singles = np.full(size, np.log(0.5 / (ones.sum() + 0.5 * size)))
    singles[chars] = np.log((ones + 0.5) / (ones.sum() + 0.5 * size))
    pair_scores, single_rest = _discounted(twos, pairs // size, size, singles[pairs % size], discount)
    # a triple that was seen often enough has its two pairs seen as often
    context = np.searchsorted(pairs, triples // size)
    last = np.searchsorted(pairs, triples % (size * size))
    triple_scores, pair_rest = _discounted(threes, context, len(pairs), pair_scores[last], discount)
    scores = (one.astype(np.float32) for one in (singles, single_rest, pair_scores, pair_rest, triple_scores))
    return Trigrams(numbers, pairs=pairs, triples=triples, **dict(zip(_SCORES, scores, strict=True)))


def _counted(
    keys: Callable[[Ids], Ids], said: Iterable[Ids], private: Iterable[Ids], least: int
) -> tuple[Ids, NDArray[np.float64]]:
    """The ``keys`` of what is ``said``, ascending, and how often each stands there; of ``private`` those that stand
    ``least`` times.
    """
    found, counts = _sorted(keys, said)
    others, many = _sorted(keys, private)
    enough = many >= least
    known, of = np.unique(np.concatenate([found, others[enough]]), return_inverse=True)
    return known, np.bincount(of, np.concatenate([counts, many[enough]]), len(known)).astype(np.float64)


def _sorted(keys: Callable[[Ids], Ids], said: Iterable[Ids]) -> tuple[Ids, NDArray[np.float64]]:
    found, counts = np.unique(np.concatenate([np.zeros(0, np.int64), *map(keys, said)]), return_counts=True)
    return found, counts.astype(np.float64)


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


def kind(char: str) -> int:
    """What a character is taken for that the model does not know: `UNKNOWN`, `PAUSE`, `DIGIT` or `LETTER`."""
    if char.isdigit():
        return DIGIT
    if "\u4e00" <= char <= "\u9fff":
        return UNKNOWN
    return LETTER if char.isalpha() else PAUSE


def _plain(text: str) -> str:
    """``text`` with a space for each pause inside it."""
    return " ".join("".join(" " if kind(char) == PAUSE else char for char in text).split())


def _ids(plain: str, numbers: Mapping[str, int]) -> Ids:
    """The numbers of what is said between two pauses."""
    return np.array([PAUSE, *(numbers.get(char, kind(char)) for char in plain), PAUSE], np.int64)
