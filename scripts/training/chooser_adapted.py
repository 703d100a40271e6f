"""Adapts the chooser (``models/chooser``) to calls whose tickets are filled in another manner, such as a hotline's own.

usage: scripts/train chooser_adapted written|recognised CALLS [CALLS ...] [options]        after assist models fetch

CALLS are folders of written calls with gold tickets, which are read as written and misheard. The project's tagger marks
them: it must not have learned from them. For each slot a small network learns which candidates are right, as in
`scripts/train chooser`, and is joined with the one of before (for text that somebody wrote, or for recognised text),
which keeps a share of the say. Prints what that brings for calls of a writer (told by the letters that their names
begin with) whom the new networks have not seen. Everything follows from the seed.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

import models
from extractors.marked import SLOTS
from extractors.traits import NAMES
from scripts.training.chooser import Case, Network, Source, cases, f1, joined, learned, numbered, outcome, shipped


def adapted(some: Sequence[Case], before: Network, options: argparse.Namespace) -> Network:
    """What is learned from the cases of one slot, and what stood there ``before``, as one network."""
    return joined([learned(some, options), before], [1 - options.keep, options.keep])


def main() -> None:
    """The command."""
    options = _options()
    torch.set_num_threads(2)
    sources = [
        Source(n, folder, fold, None, heard=False) for n, folder in enumerate(options.folders) for fold in (0, 1)
    ]
    if options.cases is not None and options.cases.is_file():
        every: list[Case] = pickle.loads(options.cases.read_bytes())
    else:
        with ProcessPoolExecutor(2) as pool:
            every = [case for found in pool.map(cases, sources, [options.seed] * len(sources)) for case in found]
        if options.cases is not None:
            options.cases.write_bytes(pickle.dumps(every))
    calls = numbered(options.folders)
    writers = {number: call.id.rstrip("0123456789") for number, call in calls.items()}
    kept: dict[str, np.ndarray] = {}  # type: ignore[type-arg]
    lines = []
    for slot in sorted({case.slot for case in every}):
        own, before = [case for case in every if case.slot == slot], shipped(options.kind, slot)
        there = sum(slot in call.gold["slots"] for call in calls.values())
        told: dict[str, list[tuple[float, bool, bool]]] = {"before": [], "adapted": []}
        for writer in sorted(set(writers.values())):
            tried = [case for case in own if writers[case.call] == writer and case.text == "written"]
            network = adapted([case for case in own if writers[case.call] != writer], before, options)
            told["before"] += outcome(before, tried)
            told["adapted"] += outcome(network, tried)
        for name, outcomes in told.items():
            now, precise = f1(outcomes, options.least, there - sum(one[2] for one in outcomes))
            print(f"{slot:14} {name:8} gold {there:4}  F1 {now:.3f} precision {precise:.3f}", flush=True)
            lines.append(f"f1_{name}_{slot}: {now:.3f}")
        kept |= {f"{slot}.{name}": part for name, part in adapted(own, before, options).parts().items()}
    options.out.mkdir(parents=True, exist_ok=True)
    names = {"traits": np.array((*NAMES, *SLOTS)), "slots": np.array(sorted({case.slot for case in every}))}
    np.savez(options.out / f"{options.kind}.npz", **names, **kept)  # type: ignore[arg-type]
    settings = ("seed", "members", "keep", "units", "steps", "rate", "decay", "dropout")
    lines = [
        "# Written by scripts/train chooser_adapted; what it means stands in card.md.",
        f"date: {datetime.now(UTC):%Y-%m-%d}",
        f"calls: {len(calls)}",
        *(f"{name}: {getattr(options, name)}" for name in settings),
        *lines,
    ]
    (options.out / f"{options.kind}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train chooser_adapted", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=("written", "recognised"), help="of text")
    parser.add_argument("folders", type=Path, nargs="+", help="of calls; see above")
    parser.add_argument("--cases", type=Path, help="file to keep what was read off the calls in, or to take it from")
    parser.add_argument("--out", type=Path, default=models.CHOOSER)
    parser.add_argument("--keep", type=float, default=0.5, help="share of the say for the chooser of before")
    parser.add_argument("--least", type=float, default=0.4, help="probability from which on a value counts as shown")
    parser.add_argument("--members", type=int, default=3, help="networks whose log odds are averaged")
    parser.add_argument("--units", type=int, default=16, help="of each")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--decay", type=float, default=1.0)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.share = 0.0  # of written text's chooser in what is learned
    return options


if __name__ == "__main__":
    main()
