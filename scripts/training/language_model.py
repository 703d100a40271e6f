"""Learns how callers and agents put things (``models/language_model``), by which readings of a final and characters of
one sound are chosen.

usage: scripts/train language_model [--calls FOLDER …] [--tickets FOLDER] [--catalog FOLDER] [--general FILE]
                                    [--measure FOLDER] [--kept-back N] [--out FOLDER]

From what is said in the written calls of ``samples/calls/training`` and ``plain`` and the judged tickets of
``samples/dispatch/development``, and, counting less, what is written: the catalogue's titles and phrasings, its names
of places and units and the commoner words of jieba's dictionary. Sentences about anything (``--general``, made by
`scripts/train general_text`) count a little, for what no hotline's callers say; of those only what is said twice is
kept. ``--kept-back 5`` leaves every fifth call out, those that `scripts/train calls_heard --every 5` has spoken, so
that they can measure. Prints how surprised the model is by the calls in ``samples/calls/choosing``, which it has not
read. Deterministic; takes a minute. A hotline's own sentences are learned beside it by `assist models adapt-language`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import models
from assist.bench.gold import read_calls
from assist.judged_tickets import read_tickets
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import Catalogue
from extractors.places.gazetteer import load_gazetteer
from extractors.repair.names import load_weights, names_of
from extractors.text.segment import dictionary
from models.trigram_learning import blended, characters, learned
from models.trigrams import Trigrams, bits_a_character

ROOT = Path(__file__).resolve().parent.parent.parent
_NAMED = 2  # times that each name counts
_COMMON = 100  # how often a word stands in what jieba's dictionary was counted on
_SAID = 0.7  # share of the model of what is said; the rest is that of all
_GENERAL = 0.05  # share of the model of sentences about anything, if there are any


def said(options: argparse.Namespace) -> Iterator[str]:
    """The turns of calls and tickets."""
    for number, call in enumerate(call for folder in options.calls for call in read_calls(folder)):
        if options.kept_back is None or number % options.kept_back:
            yield from (turn.text for turn in call.turns)
    for ticket in read_tickets([options.tickets], units=None):
        yield from (turn.text for turn in ticket.turns)


def named(catalogue: Catalogue) -> list[str]:
    """Names of places and units, each as often as it counts among what is said."""
    directory = catalogue.directory
    names = {name.text for name in names_of(catalogue, load_gazetteer(directory), load_weights(directory))}
    return sorted(names) * _NAMED


def written(catalogue: Catalogue) -> Iterator[str]:
    """Titles, phrasings and words."""
    for template in catalogue.templates:
        yield template.title
        yield from template.phrasings
    yield from (word for word, frequency in dictionary().items() if len(word) > 1 and frequency >= _COMMON)


def mixed(spoken: Sequence[str], lines: Sequence[str], general: Sequence[str]) -> Trigrams:
    """The model of what is ``spoken`` and of all ``lines``, and beside them of ``general`` sentences.

    Raises ``ValueError`` where there is too little text.
    """
    numbers = characters([*lines, *general])
    made = [learned(some, numbers=numbers) for some in (spoken, lines)]
    shares = [_SAID, 1 - _SAID]
    if general:
        made.append(learned((), general, numbers=numbers))
        shares = [*((1 - _GENERAL) * share for share in shares), _GENERAL]
    return blended(made, shares)


def main() -> None:
    """The command."""
    options = _options()
    catalogue = opened(options.catalog)
    spoken = [*said(options), *named(catalogue)]
    lines = [*spoken, *written(catalogue)]
    general = options.general.read_text(encoding="utf-8").splitlines() if options.general is not None else []
    model = mixed(spoken, lines, general)
    options.out.mkdir(parents=True, exist_ok=True)
    model.save(options.out / "weights.npz")
    texts = [*lines, *general]
    sizes = {"texts": len(texts), "characters": sum(map(len, texts)), "known": len(model.numbers)}
    sizes |= {"pairs": len(model.pairs), "triples": len(model.triples)}
    bits = bits_a_character(model, (turn.text for call in read_calls(options.measure) for turn in call.turns))
    told = ["# Written by scripts/train language_model; what it means stands in card.md."]
    told += [f"date: {datetime.now(UTC):%Y-%m-%d}", *(f"{name}: {size}" for name, size in sizes.items())]
    told.append(f"bits_a_character: {bits:.3f}")
    (options.out / "scores.yaml").write_text("\n".join(told) + "\n", encoding="utf-8")
    print(*told[1:], sep="\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train language_model", description=(__doc__ or "").splitlines()[0])
    calls = ROOT / "samples" / "calls"
    parser.add_argument("--calls", type=Path, nargs="+", default=[calls / "training", calls / "plain"])
    parser.add_argument("--tickets", type=Path, default=ROOT / "samples" / "dispatch" / "development")
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog")
    parser.add_argument("--general", type=Path, help="sentences about anything, a line each")
    parser.add_argument("--measure", type=Path, default=calls / "choosing", help="calls to measure by")
    parser.add_argument("--kept-back", type=int, help="leave out every so many calls")
    parser.add_argument("--out", type=Path, default=models.LANGUAGE_MODEL)
    return parser.parse_args()


if __name__ == "__main__":
    main()
