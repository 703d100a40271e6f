"""Adapts the chooser (``models/chooser``) to calls whose tickets are filled in another manner, such as a hotline's own.

usage: scripts/train chooser_adapted CALLS [CALLS ...] [options]        after assist models fetch

CALLS are folders of written calls with gold tickets, which are read as written and misheard. The project's tagger marks
them if it has not learned from them, else ``--taggers``, which `scripts/train tagger --calls CALLS … --kept-back 2
--fold 0 (1)` wrote: each marks what it has not learned from. For each slot a small network learns which candidates are
right, as in `scripts/train chooser`, and is joined with the one of before, which keeps a share of the say. Prints what
that brings for calls of writers (told by the letters that their names begin with) whom the new networks have not seen,
a fifth of them at a time. Everything follows from the seed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from scripts.training.chooser import (
    FOLDS,
    SETTINGS,
    Case,
    Network,
    Source,
    add_settings,
    averaged,
    f1,
    joined,
    numbered,
    outcome,
    read,
    shipped,
    write,
)
from scripts.training.classifier import writer


def adapted(some: Sequence[Case], before: Network, options: argparse.Namespace) -> Network:
    """What is learned from the cases of one slot, and what stood there ``before``, as one network."""
    return joined([averaged(some, options), before], [1 - options.keep, options.keep])


def main() -> None:
    """The command."""
    options = _options()
    torch.set_num_threads(2)
    sources = [
        Source(n, folder, fold, tagger)
        for n, folder in enumerate(options.folders)
        for fold, tagger in enumerate(options.taggers or (None, None))
    ]
    every = read(sources, options)
    calls = numbered(options.folders)
    writers = {number: writer(call) for number, call in calls.items()}
    everybody = sorted(set(writers.values()))
    kept: dict[str, NDArray[np.float32]] = {}
    lines = []
    for slot in sorted({case.slot for case in every}):
        own, before = [case for case in every if case.slot == slot], shipped(slot)
        there = sum(slot in call.gold["slots"] for call in calls.values())
        told: dict[str, list[tuple[float, bool, bool]]] = {"before": [], "adapted": []}
        for group in range(min(FOLDS, len(everybody))):
            unseen = set(everybody[group::FOLDS])
            tried = [case for case in own if writers[case.call] in unseen and case.text == "written"]
            network = adapted([case for case in own if writers[case.call] not in unseen], before, options)
            told["before"] += outcome(before, tried)
            told["adapted"] += outcome(network, tried)
        for name, outcomes in told.items():
            now, precise = f1(outcomes, options.least, there - sum(one[2] for one in outcomes))
            print(f"{slot:14} {name:8} gold {there:4}  F1 {now:.3f} precision {precise:.3f}", flush=True)
            lines.append(f"f1_{name}_{slot}: {now:.3f}")
        kept |= {f"{slot}.{name}": part for name, part in adapted(own, before, options).parts().items()}
    write(options, "chooser_adapted", ("seed", "members", "keep", *SETTINGS), len(calls), kept, lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train chooser_adapted", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", help="of calls; see above")
    parser.add_argument("--taggers", type=Path, nargs=2, help="those that know half of the calls each")
    parser.add_argument("--keep", type=float, default=0.5, help="share of the say for the chooser of before")
    parser.add_argument("--least", type=float, default=0.4, help="probability from which on a value counts as shown")
    add_settings(parser, members=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
