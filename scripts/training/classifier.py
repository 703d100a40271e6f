"""Trains the classifier of calls (``models/classifier``): request type and domain, by what was meant.

Written calls are understood, and kernel ridge regression (`extractors.opinion`) learns under which domain and request
type calls of such a meaning were filed. For calls of writers from whom it has not learned (told by the letters that
their names begin with), a fifth of them at a time, it prints what comes of that together with what templates, keywords
and cues say, for several weights of either: those in ``catalog/rules/domains.yaml`` and ``request_types.yaml`` are from
there. Everything follows from the calls.

    scripts/train classifier [CALLS …] [--out models/classifier]
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

import models
from assist.bench.gold import Call, read_calls
from extractors.catalogue_cache import opened
from extractors.catalogue_files import REQUEST_TYPES
from extractors.opinion import Floats, direction, learned, save_opinion, weighed
from extractors.understanding import Understanding

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = [ROOT / "samples" / "calls" / name for name in ("training", "plain", "choosing", "alike")]
NARROW, RIDGE = 3.0, 0.3  # of the kernel
FOLDS = 5
PART = 120  # calls that are understood at a time
RULES = {"domain": "domains", "request_type": "request_types"}  # of the catalogue, that weigh the opinion
OWN = (0.3, 0.5, 0.7, 1.0)  # weights of what templates, keywords and cues say
OPINION = (0.0, 0.6, 0.9, 1.2, 1.5, 2.0, 2.5)  # weights of the opinion


@dataclass(frozen=True)
class Example:
    """A call: who wrote it, what was meant, log-odds of each domain and each type by all else, and what is right."""

    writer: str
    meaning: Floats
    odds: dict[str, Floats]
    right: dict[str, str]


def examples(written: Sequence[tuple[str, Call]]) -> list[Example]:
    """Calls and who wrote each, understood."""
    catalogue, made = opened(ROOT / "catalog"), []
    for writer, call in written:
        meaning, odds = Understanding(catalogue, call.started_at).classified(call.turns)
        made.append(Example(writer, meaning, odds, {what: call.gold[what] for what in RULES}))
    return made


def read(folders: Sequence[Path], answers: Mapping[str, Sequence[str]]) -> list[tuple[str, Call]]:
    """The calls of ``folders`` that tell what may be answered, and who wrote each."""
    return [
        (f"{folder.name} {call.id.rstrip('0123456789')}", call)
        for folder in folders
        for call in read_calls(folder)
        if all(call.gold.get(what) in every for what, every in answers.items())
    ]


def names() -> dict[str, tuple[str, ...]]:
    """What may be answered."""
    domains = opened(ROOT / "catalog").domains.values()
    return {"domain": tuple(one.name for one in domains), "request_type": tuple(REQUEST_TYPES)}


def given(some: Sequence[Example], answers: dict[str, tuple[str, ...]]) -> NDArray[np.float64]:
    """Which of all ``answers`` are right for each of ``some``, ``[calls, answers]``."""
    return np.array(
        [[one.right[what] == name for what, every in answers.items() for name in every] for one in some], np.float64
    )


def judged(some: Sequence[Example], answers: dict[str, tuple[str, ...]]) -> Floats:
    """What is said of each of ``some`` by what was learned of other writers' calls, ``[calls, answers]``."""
    directions, right = np.array([direction(one.meaning) for one in some]), given(some, answers)
    every, told = [name for some_names in answers.values() for name in some_names], np.zeros(right.shape, np.float32)
    writers = sorted({one.writer for one in some})
    for fold in range(FOLDS):
        out = np.isin([one.writer for one in some], writers[fold::FOLDS])
        opinion = learned(every, directions[~out], right[~out], NARROW, RIDGE)
        told[out] = np.array([opinion.of(one.meaning) for one, is_out in zip(some, out, strict=True) if is_out])
    return told


def scored(
    odds: Floats, likely: Floats, said: Floats, right: NDArray[np.int64], own: float, weight: float
) -> tuple[float, float]:
    """Mean negative log-likelihood and accuracy of both together (`extractors.opinion.weighed`)."""
    pairs = zip(odds, likely, said, strict=True)
    logits = np.array([weighed(each, own, told, weight, float(much)) for each, told, much in pairs])
    logits -= logits.max(axis=1, keepdims=True)
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    surprise = -np.log(np.maximum(shares[np.arange(len(right)), right], 1e-9))
    return float(surprise.mean()), float((shares.argmax(axis=1) == right).mean())


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = _parser()
    options, answers = parser.parse_args(arguments), names()
    written = read(options.calls, answers)
    if len({writer for writer, _ in written}) < FOLDS:
        parser.error(f"calls of at least {FOLDS} writers that tell domain and request type are needed")
    some = understood(written)
    told, lines, first = judged(some, answers), [], 0
    directions = np.array([direction(one.meaning) for one in some])
    said = np.linalg.norm(directions, axis=1)
    for what, every in answers.items():
        right = np.array([every.index(one.right[what]) for one in some], np.int64)
        odds = np.array([one.odds[what] for one in some])
        floor = opened(ROOT / "catalog").rules(RULES[what])["opinion_floor"]
        likely = np.clip(told[:, first : first + len(every)], floor, 1)
        first += len(every)
        found = {(own, weight): scored(odds, likely, said, right, own, weight) for own, weight in product(OWN, OPINION)}
        best = min(found, key=lambda pair: found[pair][0])
        for name, pair in (("without", (1.0, 0.0)), ("with", best)):
            surprise, accuracy = found[pair]
            print(f"{what} {name} opinion (weights {pair}): right {accuracy:.3f}, surprise {surprise:.3f}", flush=True)
            lines.append(f"{what}_{name}_opinion: {{right: {accuracy:.3f}, surprise: {surprise:.3f}}}")
        lines.append(f"{what}_weights: {{own: {best[0]}, opinion: {best[1]}}}")
    every_name = [name for every in answers.values() for name in every]
    options.out.mkdir(parents=True, exist_ok=True)
    save_opinion(learned(every_name, directions, given(some, answers), NARROW, RIDGE), options.out)
    head = ["# Written by scripts/train classifier; what it means stands in card.md.", f"date: {datetime.now(UTC):%F}"]
    settings = [f"calls: {len(some)}", f"narrow: {NARROW}", f"ridge: {RIDGE}"]
    (options.out / "scores.yaml").write_text("\n".join([*head, *settings, *lines]) + "\n", encoding="utf-8")


def understood(written: Sequence[tuple[str, Call]]) -> list[Example]:
    """Calls and who wrote each, understood by two processes if they are many."""
    parts = [written[first : first + PART] for first in range(0, len(written), PART)]
    if len(parts) == 1:
        return examples(parts[0])
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return [one for part in track(pool.map(examples, parts), "understood", total=len(parts)) for one in part]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/train classifier", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("calls", type=Path, nargs="*", default=FOLDERS, help="folders of written calls with tickets")
    parser.add_argument("--out", type=Path, default=models.CLASSIFIER)
    return parser


if __name__ == "__main__":
    main()
