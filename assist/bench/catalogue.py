"""How a catalogue performs: how long it takes to build and open, what it weighs, whether a search finds the template.

Held out: of every template one phrasing, chosen by hash, is left out of the index and searched for. What finds it is
what the others, title and keywords say, as with a caller who puts it in words of his own.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from asr.metrics import percentile
from assist.bench.process import status_mb
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import Catalogue, Matter, Template
from extractors.matching.search import SearchIndex, search
from extractors.turn import Speaker, Turn

DEPTHS = (1, 5, 10, 20)


def held_out(template: Template) -> int:
    """The number of the phrasing that is left out of the index: the one whose hash is least."""

    def digest(number: int) -> str:
        return hashlib.sha256(f"{template.code}\n{template.phrasings[number]}".encode()).hexdigest()

    return min(range(len(template.phrasings)), key=digest)


def without_held_out(catalogue: Catalogue) -> Catalogue:
    """``catalogue`` without the phrasings that are held out."""

    def kept(template: Template) -> Template:
        out = held_out(template)
        phrasings = tuple(text for number, text in enumerate(template.phrasings) if number != out)
        return replace(template, phrasings=phrasings)

    matters = tuple(
        Matter(one.code, one.name, one.domain, one.group, tuple(map(kept, one.templates))) for one in catalogue.matters
    )
    return replace(catalogue, matters=matters, cache=None)


@dataclass(frozen=True, slots=True)
class Recall:
    """How often the right template was among the first ``k``, and how long a search took in milliseconds.

    ``at`` is that of searches; ``words`` and ``meaning`` are what either half of the ranking finds alone.
    """

    searches: int
    at: dict[int, float]
    words: dict[int, float]
    meaning: dict[int, float]
    ms_p50: float
    ms_p95: float
    missed: tuple[tuple[str, str], ...]  # template, phrasing: not among the first 5


def recall(catalogue: Catalogue, done: Callable[[], None]) -> Recall:
    """Search for every held-out phrasing."""
    index = SearchIndex(without_held_out(catalogue))
    ranker = index.ranker
    times, missed = [], []
    ranks: dict[str, list[int]] = {"both": [], "words": [], "meaning": []}
    for place, template in enumerate(catalogue.templates):
        text = template.phrasings[held_out(template)]
        begun = time.perf_counter()
        codes = [hit.template.code for hit in search(index, text, max(DEPTHS))]
        times.append((time.perf_counter() - begun) * 1000)
        ranks["both"].append(codes.index(template.code) if template.code in codes else len(catalogue.templates))
        said = ranker.query([ranker.read(Turn(0, Speaker.CITIZEN, text))])
        for half, scores in (
            ("words", ranker.words(said)),
            ("meaning", ranker.dense.scores(said.meaning)),
        ):
            ranks[half].append(int((scores > scores[place]).sum()))
        if template.code not in codes[:5]:
            missed.append((template.code, text))
        done()

    def at(half: str) -> dict[int, float]:
        return {depth: sum(rank < depth for rank in ranks[half]) / len(ranks[half]) for depth in DEPTHS}

    return Recall(
        searches=len(times),
        at=at("both"),
        words=at("words"),
        meaning=at("meaning"),
        ms_p50=percentile(times, 0.5),
        ms_p95=percentile(times, 0.95),
        missed=tuple(missed),
    )


def opening(directory: Path) -> dict[str, Any]:
    """Seconds to build everything from the source, and to open it once built; megabytes that takes."""
    with TemporaryDirectory() as caches:
        before = status_mb(os.getpid(), "VmRSS:")
        begun = time.perf_counter()
        SearchIndex(opened(directory, Path(caches)))
        built = time.perf_counter() - begun
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            index = SearchIndex(opened(directory, Path(caches)))
            times.append(time.perf_counter() - begun)
        memory = status_mb(os.getpid(), "VmRSS:") - before
        size = sum(file.stat().st_size for file in Path(caches).rglob("*") if file.is_file())
        del index
    return {
        "build_s": round(built, 2),
        "load_s": round(float(np.median(times)), 3),
        "memory_mb": round(memory, 1),
        "cache_mb": round(size / 1e6, 1),
    }
