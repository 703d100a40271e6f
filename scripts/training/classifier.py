"""Trains the classifier of calls (``models/classifier``): request type and domain, by what was meant and how it was
worded.

Written calls are understood; kernel ridge regression (`extractors.matching.opinion`) learns under which domain and
request type calls of such a meaning were filed, and logistic regression (`extractors.matching.phrasing`) how such calls
are worded. For calls of writers from whom neither has learned (told by the letters that their names begin with), a
fifth of them at a time, it prints what comes of both together with what templates, keywords and cues say, by the
weights that fit best: those in ``catalog/rules/domains.yaml`` and ``request_types.yaml`` are from there. Everything
follows from the calls.

    scripts/train classifier [CALLS …] [--out models/classifier]
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

import models
from assist.bench.gold import Call, read_calls
from extractors.catalogue.cache import opened
from extractors.catalogue.files import REQUEST_TYPES
from extractors.matching.classifier import Classifier, Judgement, Weights
from extractors.matching.opinion import direction, learned, save_opinion
from extractors.matching.phrasing import save_phrasing
from extractors.text.encoder import Floats
from extractors.turn import Turn
from extractors.understanding import Understanding
from scripts.training import phrasing

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = [
    ROOT / "samples" / "calls" / name
    for name in ("training", "plain", "choosing", "alike", "alike-more", "alike-later")
]
NARROW, RIDGE = 3.0, 0.3  # of the kernel
FOLDS = 5
PART = 120  # calls that are understood at a time
RULES = {"domain": "domains", "request_type": "request_types"}  # of the catalogue, that weigh the opinion
OWN = (0.2, 0.3, 0.5, 0.7)  # weights of what templates, keywords and cues say,
MEANT = (0.0, 0.5, 1.0, 1.5, 2.0)  # of the opinion on what was meant,
WORDED = (0.0, 0.5, 0.7, 1.0, 1.4)  # and on how it was worded


@dataclass(frozen=True)
class Example:
    """A call: who wrote it, what was meant, its turns, log-odds of each domain and each type by all else, and what is
    right.
    """

    writer: str
    meaning: Floats
    turns: tuple[Turn, ...]
    odds: dict[str, Floats]
    right: dict[str, str]


def examples(written: Sequence[tuple[str, Call]]) -> list[Example]:
    """Calls and who wrote each, understood."""
    catalogue, made = opened(ROOT / "catalog"), []
    for writer, call in written:
        told = Understanding(catalogue, call.started_at).classified(call.turns)
        made.append(Example(writer, told.meaning, told.turns, told.own, {what: call.gold[what] for what in RULES}))
    return made


def read(folders: Sequence[Path], answers: Mapping[str, Sequence[str]]) -> list[tuple[str, Call]]:
    """The calls of ``folders`` that tell what may be answered, and who wrote each."""
    return [
        (f"{folder.name} {writer(call)}", call)
        for folder in folders
        for call in read_calls(folder)
        if all(call.gold.get(what) in every for what, every in answers.items())
    ]


def writer(call: Call) -> str:
    """Who wrote ``call``: the letters that its name begins with."""
    return call.id.rstrip("0123456789")


def names() -> dict[str, tuple[str, ...]]:
    """What may be answered."""
    domains = opened(ROOT / "catalog").domains.values()
    return {"domain": tuple(one.name for one in domains), "request_type": tuple(REQUEST_TYPES)}


def given(some: Sequence[Example], answers: dict[str, tuple[str, ...]]) -> NDArray[np.float64]:
    """Which of all ``answers`` are right for each of ``some``, ``[calls, answers]``."""
    return np.array(
        [[one.right[what] == name for what, every in answers.items() for name in every] for one in some], np.float64
    )


def chosen(some: Sequence[Example], answers: dict[str, tuple[str, ...]]) -> NDArray[np.int64]:
    """The number of the right answer to each question for each of ``some``, ``[calls, questions]``."""
    return np.array([[every.index(one.right[what]) for what, every in answers.items()] for one in some], np.int64)


def judged(some: Sequence[Example], answers: dict[str, tuple[str, ...]]) -> list[Judgement]:
    """What is said of each of ``some`` by what was learned of other writers' calls."""
    writers, told = sorted({one.writer for one in some}), dict[int, Judgement]()
    for fold in range(FOLDS):
        out = np.isin([one.writer for one in some], writers[fold::FOLDS])
        others = [one for one, is_out in zip(some, out, strict=True) if not is_out]
        classifier = taught(others, answers)
        for number in np.flatnonzero(out):
            words = [classifier.phrasing.read(turn) for turn in some[number].turns]
            told[int(number)] = classifier.judged(some[number].meaning, words)
    return [told[number] for number in range(len(some))]


def taught(some: Sequence[Example], answers: dict[str, tuple[str, ...]]) -> Classifier:
    """What ``some`` teach."""
    every = [name for some_names in answers.values() for name in some_names]
    directions = np.array([direction(one.meaning) for one in some])
    return Classifier(
        learned(every, directions, given(some, answers), NARROW, RIDGE),
        phrasing.learned([one.turns for one in some], answers, chosen(some, answers)),
    )


def scored(
    odds: Sequence[Floats], judgements: Sequence[Judgement], right: NDArray[np.int64], weights: Weights
) -> tuple[float, float]:
    """Mean negative log-likelihood and accuracy of both together."""
    logits = np.array([weights.together(own, told) for own, told in zip(odds, judgements, strict=True)])
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
    told, right, lines, first = judged(some, answers), chosen(some, answers), list[str](), 0
    for question, (what, every) in enumerate(answers.items()):
        part = slice(first, first + len(every))
        own = [one.odds[what] for one in some]
        on_these = [Judgement(one.meant[part], one.worded[part], one.said) for one in told]
        first += len(every)
        rules = opened(ROOT / "catalog").rules(RULES[what])
        floors = float(rules["opinion_floor"]), float(rules["phrasing_floor"])
        tried = [Weights(*weights, *floors) for weights in product(OWN, MEANT, WORDED)]
        best = min(tried, key=lambda weights: scored(own, on_these, right[:, question], weights)[0])
        ways = {
            "without": Weights(1, 0, 0, *floors),
            "meant": replace(best, worded=0),
            "worded": replace(best, meant=0),
        }
        for name, weights in (ways | {"both": best}).items():
            surprise, accuracy = scored(own, on_these, right[:, question], weights)
            print(f"{what} {name}: right {accuracy:.3f}, surprise {surprise:.3f}", flush=True)
            lines.append(f"{what}_{name}: {{right: {accuracy:.3f}, surprise: {surprise:.3f}}}")
        lines.append(f"{what}_weights: {{own: {best.own}, opinion: {best.meant}, phrasing: {best.worded}}}")
        print(lines[-1], flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    classifier = taught(some, answers)
    save_opinion(classifier.opinion, options.out)
    save_phrasing(classifier.phrasing, options.out)
    head = ["# Written by scripts/train classifier; what it means stands in card.md.", f"date: {datetime.now(UTC):%F}"]
    settings = [f"calls: {len(some)}", f"narrow: {NARROW}", f"ridge: {RIDGE}"]
    settings += [f"terms: {len(classifier.phrasing.rarity)}", f"phrasing_ridge: {phrasing.RIDGE}"]
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
