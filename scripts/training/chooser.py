"""Trains the chooser (``models/chooser``): which of the candidates of a slot is right.

usage: scripts/train chooser TAGGER0 TAGGER1 [options]      after assist models fetch e5-small

TAGGER0 and TAGGER1 are folders that `scripts/train tagger --kept-back 2 --fold 0 (1) --out FOLDER` wrote: every call
of ``samples/calls/training`` is marked by the one that did not learn from it, those of ``samples/calls/development``,
by other writers, by the project's own; as written, misheard and, with ``--heard FOLDER``, as the recogniser heard those
that `scripts/train calls_heard` had spoken. For each slot a small network learns which candidates are right by the
rules of `assist bench understanding`. Prints by cross-validation over calls what it brings to each kind of text.
Everything follows from the seed.
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

import models
from assist.bench.gold import Call, read_calls
from assist.bench.matching import right
from assist.bench.mishearing import homophones, misheard
from extractors.catalogue_cache import opened
from extractors.chooser import PARTS
from extractors.marked import SLOTS
from extractors.tagger import Tagger
from extractors.traits import NAMES
from extractors.turn import Turn
from extractors.understanding import Understanding
from models.e5 import FILE
from models.e5_encoder import encoder
from scripts.training.calls_heard import heard

ROOT = Path(__file__).resolve().parent.parent.parent
SHARES = (0.03, 0.2)  # of the characters that are misheard
FOLDS = 5
_OTHERS = 10_000  # from this number on calls of the second folder are counted
KINDS = ("written", "misheard", "heard")


@dataclass(frozen=True, slots=True)
class Case:
    """The candidates of one slot after one call, told in one of `KINDS`: traits ``[candidates, traits]``, which are
    right, and whether the gold ticket has the slot.
    """

    call: int
    kind: str
    slot: str
    rows: NDArray[np.float32]
    right: NDArray[np.float32]
    gold: bool


class Network(nn.Module):
    """Traits in, log odds out."""

    def __init__(self, rows: NDArray[np.float32], units: int, dropout: float) -> None:
        super().__init__()
        self.mean = torch.from_numpy(rows.mean(axis=0))
        self.scale = torch.from_numpy(1 / (rows.std(axis=0) + 0.05))
        self.inner, self.outer = nn.Linear(rows.shape[1], units), nn.Linear(units, 1)
        self.dropout = dropout

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Log odds ``[candidates]``."""
        units = functional.relu(self.inner((rows - self.mean) * self.scale))
        odds: torch.Tensor = self.outer(functional.dropout(units, self.dropout, self.training))[:, 0]
        return odds

    def parts(self) -> dict[str, NDArray[np.float32]]:
        """What `extractors.chooser` reads."""
        found = (self.mean, self.scale, self.inner.weight.T, self.inner.bias, self.outer.weight[0], self.outer.bias)
        return {name: part.detach().numpy().astype(np.float32) for name, part in zip(PARTS, found, strict=True)}


def tagger_of(folder: Path) -> Tagger:
    """The tagger that `scripts/train tagger` wrote into ``folder``."""
    adapter, tokenizer = folder / "adapter.npz", models.RANKER / "tokenizer.json"
    return Tagger(encoder((models.find("e5-small") / FILE).read_bytes(), adapter, tokenizer), tokenizer, adapter)


def cases(
    calls: Path, tagger: Path | None, fold: int, told: Mapping[str, Sequence[Turn]], options: argparse.Namespace
) -> list[Case]:
    """Every second call of a folder from number ``fold`` on, as written, misheard and as ``told``; the project's own
    tagger marks them where none is given.
    """
    catalogue, marks = opened(ROOT / "catalog"), None if tagger is None else tagger_of(tagger)
    every = read_calls(calls)
    sounds = homophones(turn.text for call in every for turn in call.turns)
    chance = random.Random(options.seed + fold)
    made = []
    for number, call in list(enumerate(every))[fold::2]:
        texts = [("written", call.turns), ("misheard", _misheard(call.turns, sounds, chance))]
        texts += [("heard", told[call.id])] if call.id in told else []
        for kind, turns in texts:
            found = Understanding(catalogue, call.started_at, tagger=marks).candidates(turns)
            made += list(_judged(number if tagger else number + _OTHERS, kind, call, found))
    return made


def _misheard(turns: Sequence[Turn], sounds: dict[str, list[str]], chance: random.Random) -> list[Turn]:
    share = chance.uniform(*SHARES)
    return [Turn(one.id, one.speaker, "".join(misheard(one.text, share, sounds, chance))) for one in turns]


def _judged(number: int, kind: str, call: Call, found: dict) -> Iterator[Case]:  # type: ignore[type-arg]
    for slot, (candidates, rows) in found.items():
        gold = call.gold["slots"].get(slot)
        told = [gold is not None and right(slot, gold, one.value) for one in candidates]
        yield Case(number, kind, slot, rows, np.array(told, np.float32), gold is not None)


def learned(some: Sequence[Case], options: argparse.Namespace) -> Network:
    """A network for one slot; what was heard counts ``options.heard_weight`` times."""
    torch.manual_seed(options.seed)
    rows = np.concatenate([case.rows for case in some])
    told = torch.from_numpy(np.concatenate([case.right for case in some]))
    weights = [options.heard_weight if case.kind == "heard" else 1.0 for case in some for _ in case.right]
    weight = torch.tensor(weights) / np.mean(weights)
    network = Network(rows, options.units, options.dropout)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=options.decay)
    pace = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options.steps)
    every = torch.from_numpy(rows)
    network.train()
    for _ in range(options.steps):
        optimizer.zero_grad()
        loss: torch.Tensor = functional.binary_cross_entropy_with_logits(network(every), told, weight)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        pace.step()
    return network.eval()


def outcome(network: Network, some: Sequence[Case]) -> list[tuple[float, bool, bool]]:
    """Of each case: probability of the likeliest candidate, whether it is right, whether there is a gold value."""
    with torch.inference_mode():
        odds = [network(torch.from_numpy(case.rows)).numpy() for case in some]
    return [
        (float(1 / (1 + np.exp(-one.max()))), bool(case.right[int(one.argmax())]), case.gold)
        for one, case in zip(odds, some, strict=True)
    ]


def f1(outcomes: Sequence[tuple[float, bool, bool]], least: float, unseen: int) -> tuple[float, float]:
    """F1 and precision of values shown from ``least`` on; ``unseen``: gold values of which there is no candidate."""
    shown = [hit for probability, hit, _ in outcomes if probability >= least]
    there = sum(gold for _, _, gold in outcomes) + unseen
    return 2 * sum(shown) / max(1, len(shown) + there), sum(shown) / max(1, len(shown))


def calibration_error(outcomes: Sequence[tuple[float, bool, bool]]) -> float:
    """How far the probability of the likeliest is from how often it is right, over tenths (Naeini et al. 2015)."""
    tenths = [min(9, int(10 * probability)) for probability, _, _ in outcomes]
    gaps = [
        abs(sum(p - hit for (p, hit, _), one in zip(outcomes, tenths, strict=True) if one == tenth))
        for tenth in range(10)
    ]
    return sum(gaps) / max(1, len(outcomes))


def main() -> None:
    """The command."""
    options = _options()
    torch.set_num_threads(2)
    known = options.cases
    told = {} if options.heard is None else heard(options.heard)
    if known is not None and known.is_file():
        every: list[Case] = pickle.loads(known.read_bytes())
    else:
        with ProcessPoolExecutor(2) as pool:
            jobs = [
                pool.submit(cases, options.calls, tagger, fold, told, options)
                for fold, tagger in enumerate(options.taggers)
            ]
            jobs += [pool.submit(cases, options.others, None, fold, told, options) for fold in (0, 1)]
            every = [case for job in jobs for case in job.result()]
        if known is not None:
            known.write_bytes(pickle.dumps(every))
    slots = sorted({case.slot for case in every})
    calls = [*read_calls(options.calls), *read_calls(options.others)]
    gold = [call.gold["slots"] for call in calls]
    gold_heard = [call.gold["slots"] for call in calls if call.id in told]
    kept: dict[str, NDArray[np.float32]] = {}
    lines, everything = [], []
    for slot in slots:
        own = [case for case in every if case.slot == slot]
        judged: list[tuple[str, tuple[float, bool, bool]]] = []
        for fold in range(FOLDS):
            network = learned([case for case in own if case.call // 2 % FOLDS != fold], options)
            tried = [case for case in own if case.call // 2 % FOLDS == fold]
            judged += zip([case.kind for case in tried], outcome(network, tried), strict=True)
        everything += [one for _, one in judged]
        for kind in KINDS:
            some = [one for other, one in judged if other == kind]
            there = sum(slot in one for one in (gold_heard if kind == "heard" else gold))
            unseen = there - sum(one[2] for one in some)
            best = max((f1(some, least / 100, unseen)[0], least / 100) for least in range(10, 90, 2))
            now, precise = f1(some, 0.4, unseen)
            most = sum(case.right.any() for case in own if case.kind == kind)
            print(
                f"{slot:14} {kind:8} gold {there:4} a candidate right {most:4}  F1 {now:.3f} precision {precise:.3f} "
                f"from 0.4; best {best[0]:.3f} from {best[1]:.2f}",
                flush=True,
            )
            lines += [f"f1_{kind}_{slot}: {now:.3f}"] if some else []
        kept |= {f"{slot}.{name}": part for name, part in learned(own, options).parts().items()}
    error = calibration_error(everything)
    print(f"calibration error {error:.3f} over {len(everything)} values", flush=True)
    lines.append(f"calibration_error: {error:.3f}")
    options.out.mkdir(parents=True, exist_ok=True)
    names = {"traits": np.array((*NAMES, *SLOTS)), "slots": np.array(slots)}
    np.savez(options.out / "weights.npz", **names, **kept)  # type: ignore[arg-type]
    lines = [
        "# Written by scripts/train chooser; what it means stands in card.md.",
        f"date: {datetime.now(UTC):%Y-%m-%d}",
        f"calls: {len(gold)}",
        f"heard: {len(told)}",
        *(
            f"{name}: {getattr(options, name)}"
            for name in ("seed", "heard_weight", "units", "steps", "rate", "decay", "dropout")
        ),
        *lines,
    ]
    (options.out / "scores.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train chooser", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("taggers", type=Path, nargs="*", help="two folders, see above")
    parser.add_argument("--calls", type=Path, default=ROOT / "samples" / "calls" / "training")
    parser.add_argument("--others", type=Path, default=ROOT / "samples" / "calls" / "development")
    parser.add_argument("--cases", type=Path, help="file to keep what was read off the calls in, or to take it from")
    parser.add_argument("--out", type=Path, default=models.CHOOSER)
    parser.add_argument("--heard", type=Path, help="folder that `scripts/train calls_heard` wrote")
    parser.add_argument("--heard-weight", type=float, default=5.0, help="how often what was heard counts")
    parser.add_argument("--units", type=int, default=24)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
