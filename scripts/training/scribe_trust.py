"""Learns what a line of the scribe is worth beside what else a slot may hold (``models/scribe/trust.yaml``).

usage: scripts/train scribe_trust [options]      after scripts/train scribe and assist models fetch call-scribe

Reads calls that the scribe has not learned from, as written and misheard, and whether each value proposed for a slot is
the gold ticket's (`extractors.slots.settling`), of addresses to the character; fits a small logistic model for each
slot and leaves those of other slots as they are. The project's tagger marks the words, unless it has learned from these
calls: then ``--tagger`` names one that has not. Prints what slots come to by cross-validation over writers. Everything
follows from the calls.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

import models
from assist.bench.gold import Call
from assist.bench.matching import right
from assist.bench.mishearing import homophones
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import Catalogue
from extractors.choosing.tagger import Tagger
from extractors.slots.page import SLOTS
from extractors.slots.settling import SITUATIONS, Proposal, Settling
from extractors.turn import Turn
from extractors.understanding import Understanding
from scripts.training.chooser import tagger_of
from scripts.training.classifier import writer
from scripts.training.scribe import KEPT_BACK, ROOT, WRITTEN, calls, misheard_by, parted

FOLDS = 5
RIDGE = 1.0  # weight of the squares of the weights
LEAST = (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
NEXT_TO_NOTHING = 0.005  # of F1
TO_THE_CHARACTER = frozenset({"address"})  # of two that are right the one to type nothing in is wanted


@dataclass(frozen=True)
class Case:
    """A slot of one call: what was proposed for it, whether each is right and whether it is what the weights are to
    tell from others, and whether the ticket has a value.
    """

    writer: str
    slot: str
    proposals: tuple[Proposal, ...]
    right: tuple[bool, ...]
    wanted: tuple[bool, ...]
    gold: bool


def cases(call: Call, heard: bool, sounds: dict[str, list[str]], tagger: Path | None) -> list[Case]:
    """The slots of ``call``, as written or ``heard``."""
    turns: Sequence[Turn] = call.turns
    if heard:
        misheard = misheard_by(random.Random(call.id), turns, sounds)
        turns = [replace(turn, times=((turn.start, turn.end),) * len(turn.text)) for turn in misheard]
    understanding = Understanding(_catalogue(), call.started_at, tagger=_tagger(tagger))
    gold = call.gold["slots"]
    found = understanding.proposals(turns, understanding.lines(turns, SLOTS))
    every = []
    for slot in SLOTS:
        proposed = tuple(found.get(slot, ()))
        good = tuple(slot in gold and right(slot, gold[slot], one.value.value) for one in proposed)
        exact = tuple(one.value.value == gold.get(slot) for one in proposed)
        every.append(
            Case(writer(call), slot, proposed, good, exact if slot in TO_THE_CHARACTER else good, slot in gold)
        )
    return every


def fitted(some: Sequence[Case]) -> NDArray[np.float64]:
    """The weights of a logistic model of the proposals of ``some`` cases, by Newton's method."""
    rows = np.array([one.row() for case in some for one in case.proposals])
    wanted = np.array([float(one) for case in some for one in case.wanted])
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (likely - wanted) + RIDGE * weights
        curve = (rows * (likely * (1 - likely))[:, None]).T @ rows + RIDGE * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def outcome(some: Sequence[Case], settling: Settling) -> tuple[int, int, int]:
    """Values shown, right ones among them, and values of the gold tickets."""
    shown = hits = 0
    for case in some:
        best = settling.settled(case.slot, None, case.proposals)
        if best is not None:
            shown += 1
            hits += any(
                good and one.value.value == best.value for one, good in zip(case.proposals, case.right, strict=True)
            )
    return shown, hits, sum(case.gold for case in some)


def settling_of(some: Sequence[Case], least: float) -> Settling:
    """What is learned from ``some`` cases."""
    weights = _weights(some)
    return Settling({"weights": weights, "least": dict.fromkeys(weights, least)})


def _weights(some: Sequence[Case]) -> dict[str, list[float]]:
    slots = [slot for slot in SLOTS if any(case.slot == slot for case in some)]
    return {slot: [round(float(x), 4) for x in fitted([c for c in some if c.slot == slot])] for slot in slots}


def main() -> None:
    """The command."""
    options = _options()
    read = calls(*options.calls)
    sounds = homophones(turn.text for call in read.values() for turn in call.turns)
    kept_back = parted(read.values(), options.keep_back)[1][:: options.every]
    jobs = [(call, heard) for heard in (False, True) for call in kept_back]
    with ProcessPoolExecutor(options.jobs) as pool:
        work = pool.map(partial(_cases, sounds=sounds, tagger=options.tagger), jobs)
        every = [case for found in _told(work, len(jobs)) for case in found]
    writers = sorted({case.writer for case in every})
    best = {slot: _least([case for case in every if case.slot == slot], writers) for slot in options.slots}
    chosen = best if options.least is None else dict.fromkeys(best, options.least)
    learned = {
        "date": dict.fromkeys(options.slots, datetime.now(UTC).date().isoformat()),
        "calls": dict.fromkeys(options.slots, len(kept_back)),
        "least": chosen,
        "weights": _weights([case for case in every if case.slot in options.slots]),
    }
    path = options.out / "trust.yaml"
    before = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    order = [f"{one} {name}" for one in SITUATIONS for name in ("bias", "line", "own")]
    told = {"order": order, **{key: before.get(key, {}) | new for key, new in learned.items()}}
    text = "# What a line of the scribe is worth. Made by scripts/train scribe_trust; do not edit.\n"
    path.write_text(text + yaml.safe_dump(told, sort_keys=False, default_flow_style=None, width=120), encoding="utf-8")


def _least(some: Sequence[Case], writers: Sequence[str]) -> float:
    """From which probability on values of one slot are best shown: the highest of those that cost next to no F1."""
    found = {}
    for least in LEAST:
        totals = (0, 0, 0)
        for fold in range(FOLDS):
            out = set(writers[fold::FOLDS])
            settling = settling_of([case for case in some if case.writer not in out], least)
            fresh = outcome([case for case in some if case.writer in out], settling)
            totals = tuple(map(sum, zip(totals, fresh, strict=True)))
        shown, hits, gold = totals
        found[least] = 2 * hits / max(1, shown + gold)
        print(f"{some[0].slot} from {least}: F1 {found[least]:.3f}, wrong {1 - hits / max(1, shown):.3f}")
    return max(least for least, score in found.items() if score >= max(found.values()) - NEXT_TO_NOTHING)


def _cases(job: tuple[Call, bool], sounds: dict[str, list[str]], tagger: Path | None) -> list[Case]:
    return cases(*job, sounds, tagger)


def _told(work: Iterator[list[Case]], count: int) -> Iterator[list[Case]]:
    for number, found in enumerate(work, 1):
        if number % 20 == 0:
            print(f"{number}/{count}", flush=True)
        yield found


@cache
def _catalogue() -> Catalogue:
    return opened(ROOT / "catalog")


@cache
def _tagger(folder: Path | None) -> Tagger | None:
    return None if folder is None else tagger_of(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train scribe_trust", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=Path, nargs="+", default=WRITTEN, help="folders of written calls")
    parser.add_argument("--keep-back", nargs="+", default=KEPT_BACK, help="first letters of the calls kept back")
    parser.add_argument("--every", type=int, default=1, help="of these, every so many are read")
    parser.add_argument("--tagger", type=Path, help="folder that `scripts/train tagger` wrote another one into")
    parser.add_argument(
        "--slots",
        nargs="+",
        default=["subject", "demand", "occurred_at", "duration", "address"],
        help="those to learn anew; why lines of other slots count for nothing stands in docs/trials.md",
    )
    parser.add_argument(
        "--least", type=float, help="from which probability on values are shown, instead of where F1 is best"
    )
    parser.add_argument("--out", type=Path, default=models.SCRIBE)
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
