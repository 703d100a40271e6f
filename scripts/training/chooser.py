"""Trains the chooser (``models/chooser``): which of the candidates of a slot is right.

usage: scripts/train chooser TAGGER0 TAGGER1 [options]         after assist models fetch e5-small

TAGGER0 and TAGGER1 are folders that `scripts/train tagger --calls samples/calls/training --kept-back 2 --fold 0 (1)
--out FOLDER` wrote: every call of ``samples/calls/training`` is marked by the one that did not learn from it, those of
``samples/calls/development``, by other writers, by the project's own; as written and misheard. For each slot a small
network learns which candidates are right by the rules of `assist bench understanding`. Prints what it brings by
cross-validation over calls. Everything follows from the seed.
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
from extractors.catalogue.cache import opened
from extractors.choosing.chooser import FILE, PARTS
from extractors.choosing.tagger import Tagger
from extractors.choosing.traits import NAMES
from extractors.slots.marked import SLOTS
from extractors.turn import Turn
from extractors.understanding import Understanding
from models import e5
from models.e5_encoder import encoder

ROOT = Path(__file__).resolve().parent.parent.parent
SHARES = (0.03, 0.2)  # of the characters that are misheard
FOLDS = 5
_FOLDER = 10_000  # calls of one folder are numbered below it, those of the next from it on
SETTINGS = ("units", "steps", "rate", "decay", "dropout")  # of the networks
TEXTS = ("written", "misheard")


@dataclass(frozen=True, slots=True)
class Case:
    """The candidates of one slot after one call, told in one of `TEXTS`: traits ``[candidates, traits]``, which are
    right, and whether the gold ticket has the slot.
    """

    call: int
    text: str
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
        """What `extractors.choosing.chooser` reads."""
        found = (self.mean, self.scale, self.inner.weight.T, self.inner.bias, self.outer.weight[0], self.outer.bias)
        return {name: part.detach().numpy().astype(np.float32) for name, part in zip(PARTS, found, strict=True)}


def joined(networks: Sequence[Network], counts: Sequence[float]) -> Network:
    """One network that gives the mean of the log odds of ``networks``, each counting as much as ``counts`` says."""
    size = networks[0].inner.in_features
    made = Network(np.zeros((1, size), np.float32), 1, 0.0)
    made.mean, made.scale = torch.zeros(size), torch.ones(size)
    made.inner = nn.Linear(size, sum(one.inner.out_features for one in networks))
    made.outer = nn.Linear(made.inner.out_features, 1)
    shares = [count / sum(counts) for count in counts]
    with torch.no_grad():
        weights = [one.inner.weight * one.scale for one in networks]
        biases = [one.inner.bias - weight @ one.mean for one, weight in zip(networks, weights, strict=True)]
        made.inner.weight.copy_(torch.cat(weights))
        made.inner.bias.copy_(torch.cat(biases))
        outer = [share * one.outer.weight for one, share in zip(networks, shares, strict=True)]
        made.outer.weight.copy_(torch.cat(outer, dim=1))
        told = [share * one.outer.bias for one, share in zip(networks, shares, strict=True)]
        made.outer.bias.copy_(torch.stack(told).sum(dim=0))
    return made.eval()


def shipped(slot: str) -> Network:
    """What the project's chooser learned for ``slot``; traits that it did not know then say nothing to it."""
    with np.load(models.CHOOSER / FILE, allow_pickle=False) as file:
        known, parts = _places(list(map(str, file["traits"]))), {part: file[f"{slot}.{part}"] for part in PARTS}
        for part, of_others in (("mean", 0.0), ("scale", 1.0), ("in", 0.0)):
            whole = np.full((len(NAMES) + len(SLOTS), *parts[part].shape[1:]), of_others, np.float32)
            whole[known] = parts[part]
            parts[part] = whole
    mean, scale, inner, inner_bias, outer, outer_bias = (
        torch.from_numpy(np.atleast_1d(parts[part].astype(np.float32))) for part in PARTS
    )
    made = Network(np.zeros((1, len(mean)), np.float32), inner.shape[1], 0.0)
    with torch.no_grad():
        made.mean, made.scale = mean, scale
        made.inner.weight.copy_(inner.T)
        made.inner.bias.copy_(inner_bias)
        made.outer.weight.copy_(outer[None])
        made.outer.bias.copy_(outer_bias)
    return made.eval()


def _places(known: Sequence[str]) -> list[int]:
    """Where the traits ``known`` stand among those of today. The last are the slots, some named as traits are."""
    names = [NAMES.index(name) for name in known[: -len(SLOTS)]]
    return names + [len(NAMES) + SLOTS.index(slot) for slot in known[-len(SLOTS) :]]


def tagger_of(folder: Path) -> Tagger:
    """The tagger that `scripts/train tagger` wrote into ``folder``."""
    adapter, tokenizer = folder / "adapter.npz", models.RANKER / "tokenizer.json"
    return Tagger(encoder((models.find("e5-small") / e5.FILE).read_bytes(), adapter, tokenizer), tokenizer, adapter)


@dataclass(frozen=True, slots=True)
class Source:
    """Every second call of the ``number``-th folder, ``calls``, from ``fold`` on, marked by the tagger in ``tagger``;
    None: by the project's own.
    """

    number: int
    calls: Path
    fold: int
    tagger: Path | None


def cases(source: Source, seed: int) -> list[Case]:
    """What the calls of ``source`` give."""
    catalogue, marks = opened(ROOT / "catalog"), None if source.tagger is None else tagger_of(source.tagger)
    every = read_calls(source.calls)
    sounds = homophones(turn.text for call in every for turn in call.turns)
    chance = random.Random(seed + source.fold)
    made = []
    for number, call in list(enumerate(every))[source.fold :: 2]:
        texts = {"written": call.turns, "misheard": _misheard(call.turns, sounds, chance)}
        for text, turns in texts.items():
            found = Understanding(catalogue, call.started_at, tagger=marks).candidates(turns)
            made += list(_judged(source.number * _FOLDER + number, text, call, found))
    return made


def numbered(folders: Sequence[Path]) -> dict[int, Call]:
    """The calls of ``folders`` by the number that `cases` gives them."""
    return {
        number * _FOLDER + place: call
        for number, folder in enumerate(folders)
        for place, call in enumerate(read_calls(folder))
    }


def _misheard(turns: Sequence[Turn], sounds: dict[str, list[str]], chance: random.Random) -> list[Turn]:
    share = chance.uniform(*SHARES)
    return [Turn(one.id, one.speaker, "".join(misheard(one.text, share, sounds, chance))) for one in turns]


def _judged(number: int, text: str, call: Call, found: dict) -> Iterator[Case]:  # type: ignore[type-arg]
    for slot, (candidates, rows) in found.items():
        gold = call.gold["slots"].get(slot)
        told = [gold is not None and right(slot, gold, one.value) for one in candidates]
        yield Case(number, text, slot, rows, np.array(told, np.float32), gold is not None)


def averaged(some: Sequence[Case], options: argparse.Namespace) -> Network:
    """``options.members`` networks for one slot, begun by chance from one seed each, as one."""
    members = [_member(some, options, options.seed + number) for number in range(options.members)]
    return joined(members, [1.0] * len(members))


def _member(some: Sequence[Case], options: argparse.Namespace, seed: int) -> Network:
    torch.manual_seed(seed)
    rows = np.concatenate([case.rows for case in some])
    told = torch.from_numpy(np.concatenate([case.right for case in some]))
    network = Network(rows, options.units, options.dropout)
    optimizer = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=options.decay)
    pace = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options.steps)
    every = torch.from_numpy(rows)
    network.train()
    for _ in range(options.steps):
        optimizer.zero_grad()
        loss: torch.Tensor = functional.binary_cross_entropy_with_logits(network(every), told)
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
    sources = _sources(options)
    folders = list(dict.fromkeys(source.calls for source in sources))
    every = read(sources, options)
    slots = sorted({case.slot for case in every})
    gold = [call.gold["slots"] for folder in folders for call in read_calls(folder)]
    kept: dict[str, NDArray[np.float32]] = {}
    lines, everything = [], []
    for slot in slots:
        own = [case for case in every if case.slot == slot]
        judged: list[tuple[str, tuple[float, bool, bool]]] = []
        for fold in range(FOLDS):
            network = averaged([case for case in own if case.call // 2 % FOLDS != fold], options)
            tried = [case for case in own if case.call // 2 % FOLDS == fold]
            judged += zip([case.text for case in tried], outcome(network, tried), strict=True)
        everything += [one for _, one in judged]
        for text in dict.fromkeys(case.text for case in own):
            some = [one for other, one in judged if other == text]
            there = sum(slot in one for one in gold)
            unseen = there - sum(one[2] for one in some)
            best = max((f1(some, least / 100, unseen)[0], least / 100) for least in range(10, 90, 2))
            now, precise = f1(some, 0.4, unseen)
            most = sum(case.right.any() for case in own if case.text == text)
            print(
                f"{slot:14} {text:8} gold {there:4} a candidate right {most:4}  F1 {now:.3f} precision {precise:.3f} "
                f"from 0.4; best {best[0]:.3f} from {best[1]:.2f}",
                flush=True,
            )
            lines.append(f"f1_{text}_{slot}: {now:.3f}")
        kept |= {f"{slot}.{name}": part for name, part in averaged(own, options).parts().items()}
    error = calibration_error(everything)
    print(f"calibration error {error:.3f} over {len(everything)} values", flush=True)
    lines.append(f"calibration_error: {error:.3f}")
    write(options, "chooser", ("seed", "members", *SETTINGS), len(gold), kept, lines)


def read(sources: Sequence[Source], options: argparse.Namespace) -> list[Case]:
    """What the calls of all ``sources`` give; taken from the file ``options.cases`` if it is there, else kept in it."""
    known: Path | None = options.cases
    if known is not None and known.is_file():
        every: list[Case] = pickle.loads(known.read_bytes())
        return every
    with ProcessPoolExecutor(2) as pool:
        every = [case for found in pool.map(cases, sources, [options.seed] * len(sources)) for case in found]
    if known is not None:
        known.write_bytes(pickle.dumps(every))
    return every


def write(
    options: argparse.Namespace,
    part: str,
    settings: Sequence[str],
    calls: int,
    networks: Mapping[str, NDArray[np.float32]],
    scores: Sequence[str],
) -> None:
    """Writes the ``networks`` (`Network.parts` under slot and name), and beside them with which ``settings``
    `scripts/train` ``part`` learned them from how many ``calls``, with what ``scores``.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    slots = sorted({name.split(".")[0] for name in networks})
    names = {"traits": np.array((*NAMES, *SLOTS)), "slots": np.array(slots)}
    np.savez(options.out / FILE, **names, **networks)  # type: ignore[arg-type]
    lines = [
        f"# Written by scripts/train {part}; what it means stands in card.md.",
        f"date: {datetime.now(UTC):%Y-%m-%d}",
        f"calls: {calls}",
        *(f"{name}: {getattr(options, name)}" for name in settings),
        *scores,
    ]
    (options.out / "scores.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _sources(options: argparse.Namespace) -> list[Source]:
    first = [Source(0, options.calls, fold, tagger) for fold, tagger in enumerate(options.taggers)]
    return first + [Source(1, options.others, fold, None) for fold in (0, 1)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train chooser", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("taggers", type=Path, nargs=2, help="that know half of the calls each; see above")
    parser.add_argument("--calls", type=Path, default=ROOT / "samples" / "calls" / "training")
    parser.add_argument("--others", type=Path, default=ROOT / "samples" / "calls" / "development")
    add_settings(parser, members=5)
    return parser.parse_args()


def add_settings(parser: argparse.ArgumentParser, members: int) -> None:
    """The options of whatever learns choosers: what is kept where, and how the networks learn."""
    parser.add_argument("--cases", type=Path, help="file to keep what was read off the calls in, or to take it from")
    parser.add_argument("--out", type=Path, default=models.CHOOSER)
    parser.add_argument("--members", type=int, default=members, help="networks whose log odds are averaged")
    parser.add_argument("--units", type=int, default=16, help="of each")
    parser.add_argument("--steps", type=int, default=120)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--decay", type=float, default=1.0)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)


if __name__ == "__main__":
    main()
