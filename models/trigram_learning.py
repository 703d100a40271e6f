"""How `models.trigrams` is learned: texts in, a `Trigrams` out.

Interpolated Kneser-Ney smoothing (Kneser and Ney 1995): what follows a character when the two before it were never seen
is judged by how many different characters it was seen behind, not by how often. Models of different kinds of text are
blended (Jelinek and Mercer 1980), so that much of one kind does not drown what little there is of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.trigrams import FIRST, PAUSE, SCORES, UNKNOWN, Ids, Trigrams, found, kind, numbered, plain

Floats = NDArray[np.float64]

_ROUNDS = 50  # after which a share hardly moves
_DISCOUNT = 0.75  # what is taken off each count for what was never seen


def characters(texts: Iterable[str]) -> dict[str, int]:
    """The number of each Chinese character in ``texts``."""
    chars = sorted({char for text in texts for char in plain(text) if kind(char) == UNKNOWN})
    return {char: number for number, char in enumerate(chars, FIRST)}


def learned(
    texts: Iterable[str],
    private: Iterable[str] = (),
    *,
    numbers: Mapping[str, int],
    least: int = 2,
) -> Trigrams:
    """The model of ``texts``, and of what ``private`` ones say ``least`` times: what is said less often, as a name is,
    is forgotten. ``numbers``: the characters that it knows (`characters`). Raises ``ValueError`` where no
    three characters remain.
    """
    size = FIRST + len(numbers)
    told = ([plain(text) for text in group] for group in (texts, private))
    said, own = ([numbered(line, numbers) for line in lines if line] for lines in told)
    pairs, twos = _counted(lambda ids: ids[:-1] * size + ids[1:], said, own, least)
    triples, threes = _counted(lambda ids: (ids[:-2] * size + ids[1:-1]) * size + ids[2:], said, own, least)
    if not len(triples):
        raise ValueError("too little text: no three characters follow each other")
    # a triple that was seen often enough has its two pairs seen as often
    context, last = np.searchsorted(pairs, triples // size), np.searchsorted(pairs, triples % (size * size))
    kinds = np.maximum(1, np.bincount(last, minlength=len(pairs)))
    twos = np.where(pairs // size == PAUSE, twos, kinds)  # behind the first pause nothing else decides
    ones = np.bincount(pairs % size, minlength=size)
    singles = np.log((ones + 0.5) / (ones.sum() + 0.5 * size))
    pair_scores, single_rest = _discounted(twos, pairs // size, size, singles[pairs % size])
    triple_scores, pair_rest = _discounted(threes, context, len(pairs), pair_scores[last])
    return _model(numbers, pairs, triples, (singles, single_rest, pair_scores, pair_rest, triple_scores))


def blended(models: Sequence[Trigrams], shares: Sequence[float]) -> Trigrams:
    """A model that gives each character the mean of the probabilities that ``models``, all of the same characters, give
    it, each counting as much as ``shares`` say; what none of them has seen behind two characters shares the rest.
    """
    numbers, size = models[0].numbers, models[0].size
    pairs = np.unique(np.concatenate([model.pairs for model in models]))
    triples = np.unique(np.concatenate([model.triples for model in models]))
    singles = _mean([model.singles for model in models], shares)
    pair_scores = _mean([model.of_pairs(pairs) for model in models], shares)
    triple_scores = _mean([model.of_triples(triples) for model in models], shares)
    single_rest = _rest(pair_scores, singles[pairs % size], pairs // size, size)
    context, last = found(pairs, triples // size)[0], found(pairs, triples % (size * size))[0]
    pair_rest = _rest(triple_scores, pair_scores[last], context, len(pairs))
    return _model(numbers, pairs, triples, (singles, single_rest, pair_scores, pair_rest, triple_scores))


def widened(model: Trigrams, chars: Iterable[str]) -> Trigrams:
    """``model`` with ``chars`` known to it as well, each as likely as any it does not know."""
    new = sorted(set(chars) - model.numbers.keys())
    size = model.size + len(new)
    share = model.singles[UNKNOWN] - np.log(1 + len(new))
    singles = np.concatenate([model.singles, np.full(len(new), share)])
    singles[UNKNOWN] = share
    single_rest = np.concatenate([model.single_rest, np.zeros(len(new))])  # nothing was seen behind them
    pairs = _renumbered(model.pairs // model.size, model.pairs % model.size, size)
    before = _renumbered(model.triples // model.size**2, model.triples // model.size % model.size, size)
    triples = _renumbered(before, model.triples % model.size, size)
    numbers = {**model.numbers, **{char: number for number, char in enumerate(new, model.size)}}
    return _model(
        numbers, pairs, triples, (singles, single_rest, model.pair_scores, model.pair_rest, model.triple_scores)
    )


def likeliest_share(model: Trigrams, own: Trigrams, texts: Sequence[str]) -> float:
    """How much ``own`` should count beside ``model`` for ``texts`` to be as likely as can be, by expectation and
    maximisation; both know the same characters.
    """
    told = [np.exp(np.concatenate([one.scores(text) for text in texts]).astype(np.float64)) for one in (model, own)]
    share = 0.5
    for _ in range(_ROUNDS):
        share = float(np.mean(share * told[1] / ((1 - share) * told[0] + share * told[1])))
    return share


def _renumbered(first: Ids, last: Ids, size: int) -> Ids:
    return np.asarray(first * size + last, np.int64)


def _model(numbers: Mapping[str, int], pairs: Ids, triples: Ids, scores: Sequence[NDArray[Any]]) -> Trigrams:
    told = {name: some.astype(np.float32) for name, some in zip(SCORES, scores, strict=True)}
    return Trigrams(numbers, pairs=pairs, triples=triples, **told)


def _counted(
    keys: Callable[[Ids], Ids], said: Iterable[Ids], private: Iterable[Ids], least: int
) -> tuple[Ids, NDArray[np.float64]]:
    """The ``keys`` of what is ``said``, ascending, and how often each stands there; of ``private`` those that stand
    ``least`` times.
    """
    told, counts = _sorted(keys, said)
    others, many = _sorted(keys, private)
    enough = many >= least
    known, of = np.unique(np.concatenate([told, others[enough]]), return_inverse=True)
    return known, np.bincount(of, np.concatenate([counts, many[enough]]), len(known)).astype(np.float64)


def _sorted(keys: Callable[[Ids], Ids], said: Iterable[Ids]) -> tuple[Ids, NDArray[np.float64]]:
    told, counts = np.unique(np.concatenate([np.zeros(0, np.int64), *map(keys, said)]), return_counts=True)
    return told, counts.astype(np.float64)


def _discounted(counts: Floats, contexts: Ids, size: int, lower: Floats) -> tuple[Floats, Floats]:
    """Log-probabilities of what was seen in each of ``size`` contexts, and of what is left in each for the rest;
    ``lower``: what shorter contexts say of it.
    """
    whole = np.bincount(contexts, weights=counts, minlength=size)
    kinds = np.bincount(contexts, minlength=size)
    rest = np.where(whole > 0, _DISCOUNT * kinds / np.maximum(whole, 1), 1.0)
    scores = np.maximum(counts - _DISCOUNT, 0) / whole[contexts] + rest[contexts] * np.exp(lower)
    return np.log(scores), np.log(rest)


def _mean(scores: Sequence[NDArray[np.float32]], shares: Sequence[float]) -> Floats:
    """The logarithm of the mean of probabilities of which ``scores`` are the logarithms."""
    told = sum(share * np.exp(some.astype(np.float64)) for some, share in zip(scores, shares, strict=True))
    return np.asarray(np.log(told), np.float64)


def _rest(scores: Floats, lower: Floats, contexts: Ids, size: int) -> Floats:
    """What is left in each of ``size`` contexts, beside what was seen there, to be shared as shorter contexts say."""
    left = 1 - np.bincount(contexts, weights=np.exp(scores), minlength=size)
    shared = 1 - np.bincount(contexts, weights=np.exp(lower), minlength=size)
    return np.asarray(np.log(np.maximum(left, 1e-9) / np.maximum(shared, 1e-9)), np.float64)
