"""Trains the encoder of the template ranking (``models/ranker``) on the catalogue's own texts.

Every text of a template (title, when it applies, phrasings) is asked for; to be found is the direction of the other
texts of its template, among those of all templates and the other texts of its batch (InfoNCE). It is asked for as it
stands, as a recogniser may mishear it, or among what callers say besides, and without some of its parts. Vectors of
word pieces start as what multilingual-e5-small makes of them, those of pairs near nothing. The phrasings that
``assist bench catalogue`` searches for are never seen. Prints recall on them, and writes weights, tokenizer and scores.

    assist models fetch e5-small && scripts/train ranker
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn
from torch.nn import functional

import models
from assist.bench.catalogue import DEPTHS, held_out, without_held_out
from assist.bench.mishearing import homophones, mishear
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import Catalogue
from extractors.matching.dense import texts
from extractors.text import encoder
from models import pieces
from models.e5 import E5, FILE
from scripts.training.word_vectors import word_vectors

ROOT = Path(__file__).resolve().parent.parent.parent
MISHEARD, SHARES = 0.25, (0.1, 0.4)  # of the texts; of their characters
AMONG, TALK = 0.4, 2  # share of the texts that are asked for among small talk, and how much of it at most
RARE = 1e-3  # how much rarer pieces count at the start: share / (share + frequency), frequency by Zipf
LENGTH = 0.5  # of a piece's first vector
SETTINGS = ("seed", "passes", "batch", "size", "buckets", "tau", "drop", "rate", "from_nothing")
REMADE = 40  # steps after which all texts are encoded anew


@dataclass(frozen=True)
class Texts:
    """All texts of a catalogue, the place of each text's template, and the texts of each template."""

    texts: list[str]
    owner: list[int]
    of: list[list[int]]

    @classmethod
    def read(cls, catalogue: Catalogue) -> Texts:
        """The texts of every template."""
        all_texts: list[str] = []
        owner: list[int] = []
        of = []
        for place, template in enumerate(catalogue.templates):
            own = texts(template)
            of.append(list(range(len(all_texts), len(all_texts) + len(own))))
            all_texts += own
            owner += [place] * len(own)
        return cls(all_texts, owner, of)


class Noise:
    """Makes of a text what might be heard of it in a call."""

    def __init__(self, catalogue: Catalogue, known: Sequence[str], chance: random.Random) -> None:
        self._sounds = homophones(known)
        self._talk = catalogue.rules("ranking")["small_talk"]
        self._chance = chance

    def __call__(self, text: str) -> str:
        """``text`` as it stands, misheard, or among small talk."""
        chance = self._chance
        if chance.random() < AMONG:
            said = [text, *chance.sample(self._talk, chance.randint(1, TALK))]
            chance.shuffle(said)
            text = "，".join(said)
        if chance.random() < MISHEARD:
            text = mishear(text, chance.uniform(*SHARES), self._sounds, chance)
        return text


class Bag(nn.Module):
    """The vectors that are learned: numbers of features in, directions out."""

    def __init__(self, size: int, start: Tensor) -> None:
        super().__init__()
        self.vectors = nn.EmbeddingBag(size, start.shape[1], mode="sum", sparse=True)
        nn.init.normal_(self.vectors.weight, std=0.01)
        with torch.no_grad():
            self.vectors.weight[: len(start)] = start

    def forward(self, features: Sequence[Sequence[int]]) -> Tensor:
        """The direction of each text, [texts, size]."""
        starts = np.cumsum([0, *(len(one) for one in features[:-1])])
        flat = torch.tensor([number for one in features for number in one])
        return functional.normalize(self.vectors(flat, torch.from_numpy(starts)), dim=1)


class Training:
    """The state of a training."""

    def __init__(self, catalogue: Catalogue, options: argparse.Namespace, done: Callable[[int], None]) -> None:
        torch.manual_seed(options.seed)
        self.options = options
        self.chance = random.Random(options.seed)
        self.catalogue = catalogue
        self.seen = Texts.read(without_held_out(catalogue))
        self.noise = Noise(catalogue, self.seen.texts, self.chance)
        e5 = E5((models.find("e5-small") / FILE).read_bytes())
        numbers = pieces.kept(e5.pieces)
        self.tokenizer = pieces.tokenizer(e5, numbers)
        self.features = encoder.Features(self.tokenizer, options.buckets)
        start = beginning(word_vectors(e5, numbers, done), options.size) * (not options.from_nothing)
        self.bag = Bag(self.features.size, start)
        self.numbers = [self.features.of(text) for text in self.seen.texts]
        self.owner = torch.tensor(self.seen.owner)
        self.remake()

    def remake(self) -> None:
        """Encode all texts with what has been learned so far."""
        with torch.inference_mode():
            parts = [self.bag(self.numbers[at : at + 4096]) for at in range(0, len(self.numbers), 4096)]
        self.bank = torch.cat(parts).clone()
        self.sums = torch.zeros(len(self.seen.of), self.options.size).index_add_(0, self.owner, self.bank)

    def loss(self, batch: Sequence[int]) -> Tensor:
        """The mean loss of the texts with numbers ``batch``."""
        options, rows = self.options, torch.tensor(batch)
        own = self.owner[rows]
        asked = self.bag([self._some(self.features.of(self.noise(self.seen.texts[number]))) for number in batch])
        others = [
            self.chance.choice([one for one in self.seen.of[place] if one != number])
            for number, place in zip(batch, own.tolist(), strict=True)
        ]
        live = self.bag([self._some(self.numbers[number]) for number in others])
        # to be found: the others of the template, one of them with its gradient
        target = functional.normalize(functional.normalize(self.sums[own] - self.bank[rows]) + live)
        right = (asked * target).sum(dim=1) / options.tau
        wrong = (asked @ functional.normalize(self.sums).T / options.tau).scatter(1, own[:, None], right[:, None])
        beside = (asked @ live.T / options.tau).masked_fill(own[:, None] == own, -math.inf)
        return (torch.cat([wrong, beside], dim=1).logsumexp(dim=1) - right).mean()

    def _some(self, features: list[int]) -> list[int]:
        kept = [number for number in features if self.chance.random() > self.options.drop]
        return kept or features

    def batches(self) -> Iterator[list[int]]:
        """Numbers of texts without end, each as often as any other."""
        waiting: list[int] = []
        while True:
            if len(waiting) < self.options.batch:
                waiting = list(range(len(self.numbers)))
                self.chance.shuffle(waiting)
            yield [waiting.pop() for _ in range(self.options.batch)]

    def recall(self) -> dict[int, float]:
        """How often the held-out phrasing finds its template, by meaning alone."""
        self.remake()
        asked = [self.features.of(template.phrasings[held_out(template)]) for template in self.catalogue.templates]
        with torch.inference_mode():
            scores = self.bag(asked) @ functional.normalize(self.sums).T
        rank = (scores > scores.diagonal()[:, None]).sum(dim=1)
        return {depth: round(float((rank < depth).float().mean()), 4) for depth in DEPTHS}


def beginning(found: Tensor, size: int) -> Tensor:
    """First vectors of word pieces: e5's in the directions in which they differ most, rare pieces longer."""
    centred = found - found.mean(dim=0)
    _, _, directions = torch.linalg.svd(centred[:: max(1, len(found) // 6000)], full_matrices=False)
    frequency = 1 / (torch.arange(len(found)) + 50)
    share = RARE / (RARE + frequency / frequency.sum())
    return functional.normalize(centred @ directions[:size].T) * share[:, None] * LENGTH


def pace(step: int, steps: int) -> float:
    """The share of the learning rate: it rises for 30 steps, then falls as a cosine."""
    return min(1.0, (step + 1) / 30) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / steps)))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog")
    parser.add_argument("--out", type=Path, default=models.RANKER)
    parser.add_argument("--passes", type=float, default=5.0, help="how often each text is asked for")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--size", type=int, default=128, help="of the vectors")
    parser.add_argument("--buckets", type=int, default=24576, help="for pairs of characters, and for pairs of sounds")
    parser.add_argument("--tau", type=float, default=0.07, help="temperature of the loss")
    parser.add_argument("--drop", type=float, default=0.2, help="share of a text's parts that are left out")
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate")
    parser.add_argument("--from-nothing", action="store_true", help="start without e5, to see what it brings")
    parser.add_argument("--seed", type=int, default=12345)
    return parser.parse_args()


def main() -> None:
    """Reads the arguments, trains, writes."""
    options, console = arguments(), Console(stderr=True)
    torch.set_num_threads(1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        reading = progress.add_task("Word pieces", total=None)
        training = Training(opened(options.catalog), options, lambda count: progress.advance(reading, count))
        steps = int(options.passes * len(training.numbers) / options.batch)
        learning = progress.add_task("Learning", total=steps)
        optimizer = torch.optim.SparseAdam(training.bag.parameters(), lr=options.rate)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: pace(step, steps))
        console.print(f"{len(training.numbers)} texts, {training.features.size} vectors, before: {training.recall()}")
        mean = 0.0
        for step, batch in zip(range(1, steps + 1), training.batches(), strict=False):
            loss = training.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            mean = loss.item() if step == 1 else 0.95 * mean + 0.05 * loss.item()
            if step % REMADE == 0:
                training.remake()
            progress.advance(learning)
            if step % 200 == 0:
                console.print(f"step {step}: loss {mean:.3f}")
    recall = training.recall()
    encoder.write(options.out, training.tokenizer, options.buckets, training.bag.vectors.weight.detach().numpy())
    (options.out / "scores.yaml").write_text(scores(options, recall, mean, training), encoding="utf-8")
    console.print(f"recall of held-out phrasings by meaning alone: {recall}; written to {options.out}")


def scores(options: argparse.Namespace, recall: dict[int, float], loss: float, training: Training) -> str:
    """What the model card tells of this training."""
    lines = [
        "# Written by scripts/train ranker; what it means stands in card.md.",
        f"date: {datetime.now(UTC):%Y-%m-%d}",
        f"catalogue: {training.catalogue.version}",
        f"texts: {len(training.numbers)}",
        *(f"{name}: {getattr(options, name)}" for name in SETTINGS),
        f"loss: {loss:.3f}",
        *(f"dense_recall_at_{depth}: {share}" for depth, share in recall.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
