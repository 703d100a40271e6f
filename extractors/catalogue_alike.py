"""Texts of a catalogue that say the same: a catalogue in, the templates whose texts repeat others out.

Titles and phrasings that stand twice; near-duplicates by the Dice coefficient of character pairs, counted for all texts
at once through an inverted index; near-duplicates by meaning, in other words (`extractors.encoder`); titles made by
exchanging one word in another; phrasings that repeat their title.
Limits: ``catalog/rules/check.yaml``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue import Catalogue, Template
from extractors.encoder import load_encoder

_ROWS = 512  # compared at once


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
        for phrasing in template.phrasings:
            share = dice(_pairs(phrasing), _pairs(template.title))
            if share >= rules["phrasing_like_title"]:
                yield (
                    template.code,
                    "near-duplicate",
                    f"phrasing {phrasing!r} repeats the title ({share:.2f}); say it as callers do",
                )
    for kind, entries in (
        ("title", [(template.code, template.title) for template in catalogue.templates]),
        ("phrasing", [(t.code, phrasing) for t in catalogue.templates for phrasing in t.phrasings]),
    ):
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
    encoder = load_encoder()
    for kind, entries in (
        ("title", [(template.code, template.title) for template in catalogue.templates]),
        ("phrasing", [(t.code, phrasing) for t in catalogue.templates for phrasing in t.phrasings]),
    ):
        vectors = encoder.directions([text for _, text in entries])
        for first, second, cosine in near_vectors(vectors, rules[f"same_meaning_{kind}s"]):
            (other, text), (code, like) = entries[first], entries[second]
            if code != other and dice(_pairs(text), _pairs(like)) < rules[f"similar_{kind}s"]:
                yield (
                    code,
                    "near-duplicate",
                    f"{kind} {like!r} means what {text!r} of {other} means ({cosine:.2f}); "
                    "say what sets the situations apart, or keep one",
                )


def near_vectors(vectors: NDArray[np.float32], least: float) -> Iterator[tuple[int, int, float]]:
    """The pairs of rows, each of length 1, whose cosine is at least ``least``, with it; the later row second."""
    for start in range(0, len(vectors), _ROWS):
        rows = vectors[start : start + _ROWS]
        cosines = rows @ vectors[: start + len(rows)].T
        for row, other in np.argwhere(cosines >= least):
            if other < start + row:
                yield int(other), int(start + row), float(cosines[row, other])


def exchanged(titles: Sequence[tuple[str, str]], least: float) -> Iterator[tuple[str, str, float]]:
    """Pairs of codes whose titles share beginning and end, together at least ``least`` of the longer one."""
    buckets: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for code, title in titles:
        buckets["begins", title[:2]].append((code, title))
        buckets["ends", title[-3:]].append((code, title))
    seen: set[tuple[str, str]] = set()
    for bucket in buckets.values():
        for (one, title), (other, like) in combinations(bucket, 2):
            longer = max(len(title), len(like))
            before = _common(title, like)
            after = _common(title[before:][::-1], like[before:][::-1])
            if (before + after) / longer >= least and title != like and (one, other) not in seen:
                seen.add((one, other))
                yield other, one, (before + after) / longer


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of common members: 1 for equal sets, 0 for disjoint ones."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def near_pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    """The pairs of texts whose character pairs have a Dice coefficient of at least ``least``, with it."""
    sets = [_pairs(text) for text in texts]
    sizes = np.array([len(one) for one in sets])
    postings: dict[str, list[int]] = {}
    for number, pairs in enumerate(sets):
        candidates = [postings[pair] for pair in sorted(pairs) if pair in postings]
        if candidates:
            shared = np.bincount(np.concatenate(candidates), minlength=number)
            alike = 2 * shared / np.maximum(1, sizes[:number] + sizes[number])
            for other in np.flatnonzero(alike >= least):
                yield int(other), number, float(alike[other])
        for pair in pairs:
            postings.setdefault(pair, []).append(number)


def _pairs(text: str) -> frozenset[str]:
    letters = _letters(text)
    return frozenset(one + other for one, other in pairwise(letters))


def _letters(text: Iterable[str]) -> list[str]:
    return [char for char in text if char.isalnum()]
