"""Learns which slots the ticket of a call so worded holds (``models/chooser/phrasing.npz``): calls with tickets in.

usage: scripts/train expected [CALLS ...] [--out models/chooser]

For calls of writers (told by the letters that their names begin with) from whom it has not learned, a fifth of them at
a time, it prints how often it is right for each slot, and how often who always says what is usual. Everything follows
from the calls.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import models
from assist.bench.gold import Call, read_calls
from extractors.conversation.joined import joined
from extractors.conversation.plain import plain_turn
from extractors.matching.phrasing import Floats, save_phrasing
from extractors.turn import Turn
from scripts.training import phrasing
from scripts.training.classifier import FOLDS, ROOT, writer

SLOTS = ("occurred_at", "duration", "amount", "people_count", "callback_time")
ANSWERS = {slot: (slot, f"no {slot}") for slot in SLOTS}  # as `extractors.matching.expected.Expectations` reads them


def held(calls: Sequence[Call]) -> NDArray[np.int64]:
    """The number of the right answer for each slot of each of ``calls``."""
    return np.array([[int(slot not in call.gold["slots"]) for slot in SLOTS] for call in calls])


def said(call: Call) -> Sequence[Turn]:
    """The turns of ``call`` as they are read."""
    return joined([plain_turn(turn) for turn in call.turns]).turns


def foretold(calls: Sequence[Call]) -> Floats:
    """How likely the ticket of each of ``calls`` holds each slot, by those of other writers."""
    writers = [writer(call) for call in calls]
    everybody, told = sorted(set(writers)), np.zeros((len(calls), len(SLOTS)), np.float32)
    for fold in range(FOLDS):
        out = np.isin(writers, everybody[fold::FOLDS])
        others = [call for call, is_out in zip(calls, out, strict=True) if not is_out]
        learned = phrasing.learned([said(call) for call in others], ANSWERS, held(others))
        for number in np.flatnonzero(out):
            told[number] = learned.of([learned.read(turn) for turn in said(calls[number])])[::2]
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/train expected", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("calls", type=Path, nargs="*", default=[ROOT / "samples" / "calls" / "alike"])
    parser.add_argument("--out", type=Path, default=models.CHOOSER)
    options = parser.parse_args(arguments)
    calls = [call for folder in options.calls for call in read_calls(folder)]
    if len(set(map(writer, calls))) < FOLDS:
        parser.error(f"calls of at least {FOLDS} writers are needed")
    told, right = foretold(calls), held(calls) == 0
    for number, slot in enumerate(SLOTS):
        share, hits = right[:, number].mean(), (told[:, number] > 0.5) == right[:, number]
        print(f"{slot:14} right {hits.mean():.3f}, by what is usual {max(share, 1 - share):.3f}", flush=True)
    options.out.mkdir(parents=True, exist_ok=True)
    save_phrasing(phrasing.learned([said(call) for call in calls], ANSWERS, held(calls)), options.out)


if __name__ == "__main__":
    main()
