"""Learns how callers and agents put things (``models/language_model``), by which the readings of a final are chosen.

usage: scripts/train language_model [--calls FOLDER] [--catalog FOLDER] [--texts FILE] [--kept-back N] [--out FOLDER]

From the words of the written calls of ``samples/calls/training`` and the catalogue's titles and phrasings; a hotline
adds its own, a line each, with ``--texts``. ``--kept-back 5`` leaves every fifth call out, those that
`scripts/train calls_heard --every 5` has spoken, so that they can measure. Deterministic; takes seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

import models
from asr.language_model import LanguageModel, learned
from assist.bench.gold import read_calls
from extractors.catalogue_cache import opened

ROOT = Path(__file__).resolve().parent.parent.parent


def texts(options: argparse.Namespace) -> Iterator[str]:
    """All that is learned from."""
    for number, call in enumerate(read_calls(options.calls)):
        if options.kept_back is None or number % options.kept_back:
            yield from (turn.text for turn in call.turns)
    for template in opened(options.catalog).templates:
        yield template.title
        yield from template.phrasings
    if options.texts is not None:
        yield from options.texts.read_text(encoding="utf-8").splitlines()


def main() -> None:
    """The command."""
    options = _options()
    lines = list(texts(options))
    model: LanguageModel = learned(lines, least=options.least)
    options.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out / "weights.npz", **model.arrays())  # type: ignore[arg-type]
    sizes = {"texts": len(lines), "characters": sum(map(len, lines)), "known": len(model.numbers)}
    sizes |= {"pairs": len(model.pairs), "triples": len(model.triples), "least": options.least}
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
    parser.add_argument("--least", type=int, default=2, help="how often a pair or triple was seen to be kept")
    parser.add_argument("--out", type=Path, default=models.LANGUAGE_MODEL)
    return parser.parse_args()


if __name__ == "__main__":
    main()
