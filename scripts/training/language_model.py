"""Learns how callers and agents put things (``models/language_model``), by which readings of a final and characters of
one sound are chosen.

usage: scripts/train language_model [--calls FOLDER] [--catalog FOLDER] [--texts FILE] [--kept-back N] [--out FOLDER]

From the words of the written calls of ``samples/calls/training``, the catalogue's titles and phrasings, its names of
places and units and the commoner words of jieba's dictionary; a hotline adds its own, a line each, with ``--texts``:
of those only what is said ``--least`` times is kept. ``--kept-back 5`` leaves every fifth call out, those that
`scripts/train calls_heard --every 5` has spoken, so that they can measure. Deterministic; takes seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import models
from assist.bench.gold import read_calls
from extractors.catalogue_cache import opened
from extractors.gazetteer import load_gazetteer
from extractors.repair_names import load_weights, names_of
from extractors.segment import dictionary
from models.trigrams import Trigrams, learned

ROOT = Path(__file__).resolve().parent.parent.parent
_NAMED = 2  # times that each name counts
_COMMON = 100  # how often a word stands in what jieba's dictionary was counted on


def texts(options: argparse.Namespace) -> Iterator[str]:
    """What the project's own model learns from."""
    for number, call in enumerate(read_calls(options.calls)):
        if options.kept_back is None or number % options.kept_back:
            yield from (turn.text for turn in call.turns)
    catalogue = opened(options.catalog)
    for template in catalogue.templates:
        yield template.title
        yield from template.phrasings
    names = {name.text for name in names_of(catalogue, load_gazetteer(options.catalog), load_weights(options.catalog))}
    yield from sorted(names) * _NAMED
    yield from (word for word, frequency in dictionary().items() if len(word) > 1 and frequency >= _COMMON)


def main() -> None:
    """The command."""
    options = _options()
    lines = list(texts(options))
    own = options.texts.read_text(encoding="utf-8").splitlines() if options.texts is not None else []
    model: Trigrams = learned(lines, own, least=options.least)
    options.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out / "weights.npz", **model.arrays())  # type: ignore[arg-type]
    sizes = {"texts": len(lines) + len(own), "characters": sum(map(len, lines + own)), "known": len(model.numbers)}
    sizes |= {"pairs": len(model.pairs), "triples": len(model.triples)}
    told = ["# Written by scripts/train language_model; what it means stands in card.md."]
    told += [f"date: {datetime.now(UTC):%Y-%m-%d}", *(f"{name}: {size}" for name, size in sizes.items())]
    (options.out / "scores.yaml").write_text("\n".join(told) + "\n", encoding="utf-8")
    print(*told[1:], sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train language_model", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=Path, default=ROOT / "samples" / "calls" / "training")
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog")
    parser.add_argument("--texts", type=Path, help="further sentences, a line each")
    parser.add_argument("--kept-back", type=int, help="leave out every so many calls")
    parser.add_argument("--least", type=int, default=2, help="how often --texts say what is kept of them")
    parser.add_argument("--out", type=Path, default=models.LANGUAGE_MODEL)
    return parser.parse_args()


if __name__ == "__main__":
    main()
