"""Texts of a catalogue that say the same: a catalogue in, the templates whose texts repeat others out.

Titles and phrasings that stand twice; near-duplicates by the Dice coefficient of character pairs, counted for all texts
at once through an inverted index; near-duplicates by meaning, in other words (`extractors.text.encoder`); titles made
by exchanging one word in another; phrasings that repeat their title. Limits: ``catalog/rules/check.yaml``.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue.knowledge import Catalogue, Template
from extractors.matching.dense import directions, places
from extractors.text.encoder import load_encoder

_ROWS = 512  # compared at once
_AXES = 32
_ROUNDING = 1e-4


def duplicates(catalogue: Catalogue, _: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Titles and phrasings that stand twice: code of the template, kind of problem, message."""
    seen: dict[tuple[str, str], Template] = {}
    for template in catalogue.templates:
        texts = [("title", template.title), *(("phrasing", phrasing) for phrasing in template.phrasings)]
        for kind, text in texts:
            first = seen.setdefault((kind, text), template)
            if first is not template or texts.count((kind, text)) > 1:
                yield template.code, "duplicate", f"{kind} {text!r} stands also in {first.code}; write another"


def alike(catalogue: Catalogue, rules: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Texts that are much like others: code of the template, kind of problem, message."""
    for template in catalogue.templates:
        title = _pairs(template.title)
        for phrasing in template.phrasings:
            share = dice(_pairs(phrasing), title)
            if share >= rules["phrasing_like_title"]:
                yield (
                    template.code,
                    "near-duplicate",
                    f"phrasing {phrasing!r} repeats the title ({share:.2f}); say it as callers do",
                )
    for kind, entries in _texts(catalogue):
        for first, second, share in near_pairs([text for _, text in entries], rules[f"similar_{kind}s"]):
            (other, text), (code, like) = entries[first], entries[second]
            if text != like:
                yield code, "near-duplicate", f"{kind} {like!r} is much like {text!r} of {other} ({share:.2f})"
    for code, other, share in exchanged([(t.code, t.title) for t in catalogue.templates], rules["title_word"]):
        yield (
            code,
            "near-duplicate",
            f"title {catalogue.by_code[code].title!r} is {catalogue.by_code[other].title!r} of {other} with one word "
            f"exchanged ({share:.2f}); name what is different about the situation",
        )


def same_meaning(catalogue: Catalogue, rules: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Titles and phrasings that mean what those of another template mean: code, kind of problem, message."""
    every = directions(catalogue.templates, load_encoder(), catalogue.cache)
    rows: dict[str, list[int]] = {"title": [], "phrasing": []}
    for place in places(catalogue.templates):
        title, _, *phrasings = range(place.start, place.stop)  # as `extractors.matching.dense.texts` has them
        rows["title"].append(title)
        rows["phrasing"] += phrasings
    for kind, entries in _texts(catalogue):
        vectors = every[rows[kind]]
        for first, second, cosine in near_vectors(vectors, rules[f"same_meaning_{kind}s"]):
            (other, text), (code, like) = entries[first], entries[second]
            if code != other and dice(_pairs(text), _pairs(like)) < rules[f"similar_{kind}s"]:
                yield (
                    code,
                    "near-duplicate",
                    f"{kind} {like!r} means what {text!r} of {other} means ({cosine:.2f}); "
                    "say what sets the situations apart, or keep one",
                )


def _texts(catalogue: Catalogue) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Titles and phrasings, each with its template's code."""
    yield "title", [(template.code, template.title) for template in catalogue.templates]
    yield "phrasing", [(t.code, phrasing) for t in catalogue.templates for phrasing in t.phrasings]


def near_vectors(vectors: NDArray[np.float32], least: float) -> Iterator[tuple[int, int, float]]:
    """The pairs of rows (``[texts, size]``), each of length 1, whose cosine is at least ``least``, with it; the later
    row second.

    Along their first principal axes vectors differ most. What is left of them beyond these can add at most the product
    of its lengths to the cosine, so that most pairs are told apart by a few numbers of each row.
    """
    axes = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :_AXES].astype(np.float32)
    main = vectors @ axes
    rest = np.sqrt(np.maximum(0.0, 1 - (main**2).sum(axis=1, keepdims=True)), dtype=np.float32)
    bounds = np.hstack([main, rest])
    for start in range(0, len(vectors), _ROWS):
        rows = bounds[start : start + _ROWS]
        near = np.flatnonzero(rows @ bounds[: start + len(rows)].T >= least - _ROUNDING)
        later, earlier = np.divmod(near, start + len(rows))
        later, earlier = later[earlier < start + later] + start, earlier[earlier < start + later]
        cosines = np.einsum("ij,ij->i", vectors[later], vectors[earlier])
        for number in np.flatnonzero(cosines >= least):
            yield int(earlier[number]), int(later[number]), float(cosines[number])


def exchanged(titles: Sequence[tuple[str, str]], least: float) -> Iterator[tuple[str, str, float]]:
    """Pairs of codes whose titles share beginning and end, together at least ``least`` of the longer one.

    Such titles are equal once the middle of both is left out: what stays is looked up.
    """
    without: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for code, title in titles:
        enough = next((kept for kept in range(len(title) + 1) if kept >= least * len(title)), len(title))
        for kept in range(enough, len(title) + 1):
            for before in range(kept + 1):
                without[title[:before], title[len(title) - kept + before :]].append((code, title))
    seen: set[tuple[str, str]] = set()
    for alike in without.values():
        for (one, title), (other, like) in combinations(alike, 2):
            if (one, other) not in seen and title != like:
                seen.add((one, other))
                before = _common(title, like)
                share = (before + _common(title[before:][::-1], like[before:][::-1])) / max(len(title), len(like))
                if share >= least:
                    yield other, one, share


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of common members: 1 for equal sets, 0 for disjoint ones."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def near_pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    """The pairs of texts whose character pairs have a Dice coefficient of at least ``least``, with it.

    Sets that share so much share one of the rarest members of both (prefix filter: Chaudhuri, Ganti and Kaushik, 2006);
    of those, most are told apart by signatures of 64 bits, in which each missing bit is at least one missing member.
    """
    sets = [_pairs(text) for text in texts]
    frequency = Counter(pair for pairs in sets for pair in pairs)
    sizes = np.array([len(pairs) for pairs in sets], np.float32)
    bits = {pair: 1 << (zlib.crc32(pair.encode()) & 63) for pair in frequency}
    signatures = np.array([_signature(pairs, bits) for pairs in sets], np.uint64)
    having: dict[str, list[int]] = defaultdict(list)
    for number, pairs in enumerate(sets):
        due = math.ceil(least / (2 - least) * len(pairs) - _ROUNDING)  # members shared with the smallest set alike
        rarest = sorted(pairs, key=lambda pair: (frequency[pair], pair))
        for pair in rarest[: len(pairs) - max(1, due) + 1]:
            having[pair].append(number)
    by_length: dict[int, list[list[int]]] = defaultdict(list)
    for numbers in having.values():
        by_length[len(numbers)].append(numbers)
    seen: set[tuple[int, int]] = set()
    for listed in by_length.values():
        for one, other in _perhaps(np.array(listed), sizes, signatures, least):
            if (one, other) not in seen:
                seen.add((one, other))
                share = dice(sets[one], sets[other])
                if share >= least:
                    yield one, other, share


def _perhaps(
    listed: NDArray[np.int64], sizes: NDArray[np.float32], signatures: NDArray[np.uint64], least: float
) -> Iterator[tuple[int, int]]:
    """The pairs of sets within each row of ``listed`` (in order) whose signatures do not tell them apart."""
    for at in range(listed.shape[1] - 1):
        one, other = np.broadcast_arrays(listed[:, at, None], listed[:, at + 1 :])
        missing = np.bitwise_count(signatures[one] & ~signatures[other])
        perhaps = 2 * (sizes[one] - missing) >= (least - _ROUNDING) * (sizes[one] + sizes[other])
        yield from zip(one[perhaps].tolist(), other[perhaps].tolist(), strict=True)


def _signature(pairs: Iterable[str], bits: Mapping[str, int]) -> int:
    signature = 0
    for pair in pairs:
        signature |= bits[pair]
    return signature


def _pairs(text: str) -> frozenset[str]:
    letters = _letters(text)
    return frozenset(one + other for one, other in pairwise(letters))


def _letters(text: Iterable[str]) -> list[str]:
    return [char for char in text if char.isalnum()]
