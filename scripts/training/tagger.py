"""Trains the tagger (``models/tagger``): which words of a call give which slot.

usage: scripts/train tagger [options]      after assist models fetch e5-small

Learns from the written calls of ``samples/calls/training`` and ``plain``, as written and misheard: an adapter (LoRA) on
the first layers of multilingual-e5-small and a linear head, from the beginning or from an adapter there is
(``--begin``); and which words of a wish the ticket keeps.
Every tenth call is kept back to tell how well it marks. Everything follows from the seed. Writes adapter and scores;
what is printed at the end belongs in ``models/artefacts.yaml`` if the adapter is to be used.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

import models
from assist.bench.mishearing import homophones
from extractors.choosing.tagger import BEGINS, OUTSIDE
from extractors.slots.marked import SLOTS
from models.e5 import E5, FILE
from models.e5_encoder import PARTS, encoder, numbers_of
from scripts.training.e5_network import E5Network, Frozen
from scripts.training.tagger_calls import UNKNOWN, Said, Window, as_heard, read, windows

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = 6.0  # how much faster the head learns than the adapters
KEEPING = 0.1  # weight of which words wishes keep
MARKS = 3.0  # weight of word pieces that belong to a slot: there are few
SETTINGS = ("seed", "passes", "batch", "layers", "rank", "rate", "dropout")


class Adapted(Frozen):
    """A frozen linear part with an adapter of ``rank``."""

    def __init__(self, base: Tensor, bias: Tensor, rank: int) -> None:
        super().__init__(base, bias)
        self.down = nn.Parameter(torch.randn(rank, base.shape[1]) / math.sqrt(base.shape[1]))
        self.up = nn.Parameter(torch.zeros(base.shape[0], rank))

    def forward(self, x: Tensor) -> Tensor:
        """``x`` through the part and its adapter."""
        return super().forward(x) + functional.linear(functional.linear(x, self.down), self.up)


class Reader(nn.Module):
    """The first ``layers`` of e5 with adapters, and the heads: word pieces in; scores ``[rows, length, slots, 3]`` and
    the log odds that a wish keeps a piece, ``[rows, length]``, out.
    """

    def __init__(self, e5: E5, tokenizer: Tokenizer, layers: int, rank: int, dropout: float) -> None:
        super().__init__()
        self.network = E5Network(e5, numbers_of(e5, tokenizer), layers, partial(Adapted, rank=rank), dropout)
        self.head = nn.Linear(e5.sizes.hidden, 3 * len(SLOTS))
        self.keeps = nn.Linear(e5.sizes.hidden, 1)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """``ids`` and ``mask`` (True where there is a piece), [rows, length]."""
        hidden = self.network(ids, mask)
        return self.head(hidden).view(*ids.shape, len(SLOTS), 3), self.keeps(hidden)[..., 0]

    def begin(self, adapter: Path) -> None:
        """Take what ``adapter`` (``adapter.npz`` of a tagger of this rank and no more layers) learned; layers that it
        lacks begin as those of e5.
        """
        with np.load(adapter, allow_pickle=False) as file, torch.no_grad():
            for number, layer in enumerate(self.network.layers):
                for part in PARTS if f"{number}.{PARTS[0]}.down" in file.files else ():
                    layer[part].down.copy_(torch.from_numpy(file[f"{number}.{part}.down"].astype(np.float32)))
                    layer[part].up.copy_(torch.from_numpy(file[f"{number}.{part}.up"].astype(np.float32)))
            self.head.weight.copy_(torch.from_numpy(file["weight"].astype(np.float32)))
            self.head.bias.copy_(torch.from_numpy(file["bias"]))
            if "kept.weight" in file.files:
                self.keeps.weight.copy_(torch.from_numpy(file["kept.weight"].astype(np.float32))[None])
                self.keeps.bias.copy_(torch.from_numpy(file["kept.bias"]))

    def learned(self) -> dict[str, np.ndarray]:
        """What is kept: the adapters as `models.e5_encoder` reads them, float16, and the head."""
        kept: dict[str, np.ndarray] = {"slots": np.array(SLOTS)}
        for number, layer in enumerate(self.network.layers):
            for part in PARTS:
                kept[f"{number}.{part}.down"] = layer[part].down.detach().numpy().astype(np.float16)
                kept[f"{number}.{part}.up"] = layer[part].up.detach().numpy().astype(np.float16)
        kept["weight"] = self.head.weight.detach().numpy().astype(np.float16)
        kept["bias"] = self.head.bias.detach().numpy().astype(np.float32)
        kept["kept.weight"] = self.keeps.weight.detach().numpy().astype(np.float16)[0]
        kept["kept.bias"] = self.keeps.bias.detach().numpy().astype(np.float32)
        return kept


def tensors(batch: Sequence[Window]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pieces, which of them there are, labels, and whether a wish keeps them (-100 where none)."""
    length = max(len(one.ids) for one in batch)
    ids = torch.ones(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    labels = torch.full((len(batch), length, len(SLOTS)), -100)
    kept = torch.full((len(batch), length), UNKNOWN)
    for row, one in enumerate(batch):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        mask[row, : len(one.ids)] = True
        labels[row, : len(one.ids)] = torch.tensor(one.labels)
        kept[row, : len(one.ids)] = torch.tensor(one.kept)
    return ids, mask, labels, kept


def loss_of_kept(odds: Tensor, kept: Tensor) -> Tensor:
    """Of the word pieces that stand in a wish; 0 where there are none."""
    known = kept != UNKNOWN
    if not known.any():
        return odds.sum() * 0
    return functional.binary_cross_entropy_with_logits(odds[known], kept[known].float())


def batches(
    calls: Sequence[Sequence[Said]],
    tokenizer: Tokenizer,
    size: int,
    chance: random.Random,
) -> Iterator[list[Window]]:
    """One pass over ``calls``, as written or made misheard; windows of like length together."""
    sounds = homophones(said.text for call in calls for said in call)
    every = [one for call in calls for one in windows(as_heard(call, sounds, chance), tokenizer, chance)]
    every.sort(key=lambda one: (len(one.ids) // 12, chance.random()))
    made = [every[at : at + size] for at in range(0, len(every), size)]
    chance.shuffle(made)
    yield from made


def marks(labels: Sequence[int]) -> set[tuple[int, int]]:
    """The stretches of one slot in a window."""
    found, start = set(), None
    for place, label in enumerate([*labels, OUTSIDE]):
        if start is not None and label in (OUTSIDE, BEGINS):
            found.add((start, place))
            start = None
        if label == BEGINS or (label != OUTSIDE and start is None):
            start = place
    return found


def measured(reader: Reader, kept: Sequence[Window]) -> dict[str, tuple[int, int, int]]:
    """By slot: stretches found that overlap a right one by half, stretches found, stretches there are."""
    reader.eval()
    counts: Counter[tuple[str, str]] = Counter()
    with torch.inference_mode():
        for at in range(0, len(kept), 32):
            ids, mask, labels, _ = tensors(kept[at : at + 32])
            told = reader(ids, mask)[0].argmax(dim=3)
            for row in range(len(ids)):
                length = int(mask[row].sum())
                for number, slot in enumerate(SLOTS):
                    right = marks(labels[row, :length, number].tolist())
                    found = marks(told[row, :length, number].tolist())
                    counts[slot, "found"] += len(found)
                    counts[slot, "there"] += len(right)
                    counts[slot, "right"] += sum(any(_half(one, other) for other in right) for one in found)
    reader.train()
    return {slot: tuple(counts[slot, what] for what in ("right", "found", "there")) for slot in SLOTS}  # type: ignore[misc]


def _half(one: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * shared >= max(one[1] - one[0], other[1] - other[0])


def f1(right: int, found: int, there: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * right / max(1, found + there)


def _hash(tagger: Path) -> str:
    return sha256((tagger / "adapter.npz").read_bytes()).hexdigest()


def _mean(mean: float | None, loss: Tensor) -> float:
    """The mean of late, with one more ``loss``."""
    return loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()


def _whole(counts: dict[str, tuple[int, int, int]]) -> float:
    """F1 over all slots."""
    return f1(*(sum(column) for column in zip(*counts.values(), strict=True)))


def _told(reader: Reader, kept: Sequence[Window]) -> str:
    counts = measured(reader, kept)
    slots = "  ".join(f"{slot} {f1(*counts[slot]):.2f}" for slot in SLOTS)
    return f"F1 {_whole(counts):.3f}  {slots}"


def main() -> None:
    """The command."""
    options = _options()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    chance = random.Random(options.seed)
    tokenizer = Tokenizer.from_file(str(models.RANKER / "tokenizer.json"))
    calls = list(read(*options.calls).values())
    measured_on = [] if options.all else calls[options.fold :: options.kept_back]
    learning = calls if options.all else [call for call in calls if call not in measured_on]
    steady = random.Random(0)
    kept = [one for call in measured_on for one in windows(call, tokenizer, steady)]
    reader = Reader(
        E5((models.find("e5-small") / FILE).read_bytes()), tokenizer, options.layers, options.rank, options.dropout
    )
    if options.begin is not None:
        reader.begin(options.begin / "adapter.npz")
    trained = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    head = [*reader.head.parameters(), *reader.keeps.parameters()]
    adapters = [parameter for parameter in trained if all(parameter is not one for one in head)]
    rates = [(adapters, options.rate), (head, HEAD * options.rate)]
    optimizer = torch.optim.AdamW([{"params": some, "lr": rate} for some, rate in rates], weight_decay=0.01)
    weights = torch.tensor([1.0, MARKS, MARKS])
    steps = options.passes * len(list(batches(learning, tokenizer, options.batch, random.Random(0))))
    print(
        f"{len(learning)} calls to learn from; {len(measured_on)} kept back; about {steps} batches",
        flush=True,
    )
    if options.begin is not None:
        print(f"before: {_told(reader, kept)}", flush=True)
    begun, step, mean, mean_kept = time.monotonic(), 0, None, None
    for number in range(options.passes):
        for batch in batches(learning, tokenizer, options.batch, chance):
            ids, mask, labels, keep = tensors(batch)
            with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
                scores, odds = (told.float() for told in reader(ids, mask))
            loss = functional.cross_entropy(scores.flatten(0, 2), labels.flatten(), weights, ignore_index=-100)
            of_kept = loss_of_kept(odds, keep)
            pace = min(1.0, (step + 1) / 40) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))
            for group, (_, rate) in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * pace
            optimizer.zero_grad()
            (loss + KEEPING * of_kept).backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            step += 1
            mean, mean_kept = _mean(mean, loss), _mean(mean_kept, of_kept)
        left = (time.monotonic() - begun) / (number + 1) * (options.passes - number - 1) / 60
        told_now = _told(reader, kept)
        print(
            f"pass {number + 1}/{options.passes}: loss {mean:.4f}, of kept words {mean_kept:.3f}  {told_now}  "
            f"{left:.0f} min left",
            flush=True,
        )
    counts = measured(reader, kept)
    options.out.mkdir(parents=True, exist_ok=True)
    np.savez(options.out / "adapter.npz", **reader.learned())
    lines = [
        "# Written by scripts/train tagger; what it means stands in card.md.",
        f"date: {datetime.now(UTC):%Y-%m-%d}",
        f"calls: {len(learning)}",
        f"kept_back: {len(measured_on)}",
        *(f"{name}: {getattr(options, name)}" for name in SETTINGS),
        *([f"begin: {_hash(options.begin)}"] if options.begin is not None else []),
        f"loss: {mean:.4f}",
        f"loss_of_kept_words: {mean_kept:.3f}",
        *(f"f1_{slot}: {f1(*counts[slot]):.3f}" for slot in SLOTS if measured_on),
    ]
    (options.out / "scores.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    base = (models.find("e5-small") / FILE).read_bytes()
    model = encoder(base, options.out / "adapter.npz", models.RANKER / "tokenizer.json")
    print(f"with it, call-tagger's model.bin has {len(model)} bytes, SHA-256 {sha256(model).hexdigest()}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train tagger", description=(__doc__ or "").splitlines()[0])
    written = [ROOT / "samples" / "calls" / name for name in ("training", "plain")]
    parser.add_argument("--calls", type=Path, nargs="+", default=written, help="folders of written calls")
    parser.add_argument("--begin", type=Path, help="folder of a tagger to go on from")
    parser.add_argument("--out", type=Path, default=models.TAGGER)
    parser.add_argument("--passes", type=int, default=8, help="how often each call is read")
    parser.add_argument("--batch", type=int, default=16, help="windows a step")
    parser.add_argument("--layers", type=int, default=6, help="of e5 that are used")
    parser.add_argument("--rank", type=int, default=16, help="of the adapter")
    parser.add_argument("--rate", type=float, default=5e-4, help="highest learning rate of the adapters")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--all", action="store_true", help="learn from all calls, keep none back")
    parser.add_argument("--kept-back", type=int, default=10, help="every so many calls one measures")
    parser.add_argument("--fold", type=int, default=0, help="number of the first call that measures")
    parser.add_argument("--bf16", action="store_true", help="learn in 16 bits: twice as quick with AVX-512 BF16")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
