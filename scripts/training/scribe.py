"""Trains the scribe (``models/scribe``): a call that is over in, the lines of its ticket out.

usage: scripts/train scribe [options]      after assist models fetch qwen2.5-coder

Learns from the written calls of ``samples/calls/alike``, ``alike-more`` and ``alike-later``, as written or misheard,
one half each, after those of ``plain``, whose tickets are filled in another manner, or goes on ``--from`` an adapter
that has learned already: adapters (LoRA) on every linear part of Qwen2.5 of half a billion parameters. It learns to
write the lines and, from calls as written, to guess how they go on. Calls of the writers in ``--keep-back`` tell how
well it goes on; what a line is worth `scripts/train scribe_trust` learns from calls that an adapter has not learned
from. Everything follows from the seed, up to how sums are added up. Writes adapter and scores; what is printed at the
end belongs in ``models/artefacts.yaml`` if the adapter is to be used. Two cores that compute in bfloat16 took an hour
and a half, other work beside.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import torch
import yaml
from tokenizers import Tokenizer
from torch import Tensor, nn

import models
from assist.bench.gold import Call, GoldError, read_calls
from assist.bench.mishearing import homophones, misheard
from extractors.slots.page import page, record
from extractors.text.cues import by_sound
from extractors.turn import Turn
from models.qwen import Qwen
from models.qwen_decoder import decoder, pieces, settings, vocabulary
from models.qwen_pieces import END, tokenizer
from scripts.training.scribe_network import Writer

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = ROOT / "samples" / "calls"
WRITTEN = [SAMPLES / "alike", SAMPLES / "alike-more", SAMPLES / "alike-later"]
KEPT_BACK = ["ro", "rp", "rq", "rr"]  # first letters of the calls that are
BASE, FILE = "qwen2.5-coder", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
CLEAN = 0.5  # share of the calls that are read as written
SHARES = (0.03, 0.15)  # of the characters that are misheard in the others
NAMES = 0.5  # of the characters of the caller's name
NO_PAUSES = 0.3  # share of the misheard calls without punctuation
PAUSES = "，。！？、；"
GUESSED = 0.35  # of the word pieces of a call as written, what comes behind them is to be guessed
GUESSES = 0.2  # how much that counts beside the lines
_TITLE = re.compile("先生|女士|小姐|太太|阿姨|[叔伯婆姨]+$")
WARM_UP, CHECK = 20, 40  # steps
SETTINGS = ("seed", "passes", "batch", "rank", "rate")


@dataclass(frozen=True, slots=True)
class Example:
    """The numbers of a call's word pieces, of those that are to be written behind them, and where in the call what
    comes next is to be guessed.
    """

    read: list[int]
    written: list[int]
    guessed: list[int]


def calls(*folders: Path) -> dict[str, Call]:
    """The written calls of ``folders`` by name, in the order of their names."""
    try:
        read = (call for folder in folders for call in read_calls(folder))
        return {call.id: call for call in sorted(read, key=lambda call: call.id)}
    except GoldError as error:
        raise SystemExit(str(error)) from None


def parted(some: Iterable[Call], letters: Sequence[str]) -> tuple[list[Call], list[Call]]:
    """Calls to learn from, and those kept back, whose names begin with one of ``letters``. Raises SystemExit where none
    is kept back.
    """
    learned: list[Call] = []
    kept_back: list[Call] = []
    for call in some:
        (kept_back if call.id.lower().startswith(tuple(letters)) else learned).append(call)
    if not kept_back:
        raise SystemExit(f"no call's name begins with {' or '.join(letters)}: give --keep-back letters that some have")
    return learned, kept_back


def as_heard(call: Call, sounds: dict[str, list[str]], chance: random.Random) -> Sequence[Turn]:
    """The turns of ``call`` as written, or as a recogniser might write them."""
    if chance.random() >= CLEAN:
        return call.turns
    return misheard_by(chance, call.turns, sounds, str(call.gold["slots"].get("caller_name", "")))


def misheard_by(
    chance: random.Random, turns: Sequence[Turn], sounds: dict[str, list[str]], name: str = ""
) -> list[Turn]:
    """``turns`` as a recogniser might write them, which seldom knows how a ``name`` is written."""
    share, pauses = chance.uniform(*SHARES), chance.random() >= NO_PAUSES
    named = set(_TITLE.sub("", name))
    heard = []
    for turn in turns:
        parts = misheard(turn.text, share, sounds, chance)
        parts = [
            chance.choice(sounds[by_sound(char)]) if char in named and chance.random() < NAMES else part
            for char, part in zip(turn.text, parts, strict=True)
        ]
        if not pauses:
            parts = ["" if char in PAUSES else part for char, part in zip(turn.text, parts, strict=True)]
        heard.append(Turn(turn.id, turn.speaker, "".join(parts)))
    return heard


def example(turns: Sequence[Turn], slots: Mapping[str, object], cut: Tokenizer) -> Example:
    """What is learned from one call's lines."""
    return Example(cut.encode(page(turns)).ids, [*cut.encode(record(slots)).ids, cut.token_to_id(END)], [])


def guessing(call: Example, chance: random.Random) -> Example:
    """``call``, of whose own words some are to be guessed as well."""
    places = range(len(call.read) - 1)
    return replace(call, guessed=sorted(chance.sample(places, round(GUESSED * len(places)))))


def readings(some: Sequence[Call], passes: float, cut: Tokenizer, chance: random.Random) -> list[Example]:
    """``some`` calls, each read ``passes`` times, as written or misheard, every time anew."""
    sounds = homophones(turn.text for call in some for turn in call.turns)
    plan = []
    for _ in range(math.ceil(passes)):
        for call in chance.sample(some, len(some)):
            turns = as_heard(call, sounds, chance)
            one = example(turns, call.gold["slots"], cut)
            plan.append(guessing(one, chance) if turns is call.turns else one)
    return plan[: round(passes * len(some))]


def losses(network: Writer, call: Example) -> tuple[Tensor, Tensor]:
    """The sums of the cross-entropies of what is to be written, and of what is to be guessed."""
    numbers = torch.tensor([*call.read, *call.written])
    first = len(call.read) - 1
    places = torch.tensor([*call.guessed, *range(first, first + len(call.written))])
    each = nn.functional.cross_entropy(network(numbers[:-1], places), numbers[places + 1], reduction="none")
    return each[len(call.guessed) :].sum(), each[: len(call.guessed)].sum()


@torch.no_grad()
def held_out_loss(network: Writer, examples: Sequence[Example]) -> float:
    """The mean cross-entropy of a word piece that is to be written."""
    return sum(float(losses(network, one)[0]) for one in examples) / sum(len(one.written) for one in examples)


def schedule(step: int, steps: int) -> float:
    """Share of the learning rate: linear warm-up, then a cosine to nothing."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - WARM_UP) / max(1, steps - WARM_UP))))


def train(
    network: Writer,
    plan: Sequence[Example],
    kept_back: Sequence[Example],
    batch: int,
    rate: float,
    check: Callable[[], None] = lambda: None,
) -> float:
    """Train on ``plan``, ``batch`` calls a step; the loss on the calls ``kept_back`` at the end. ``check`` is called
    now and then, to keep what there is.
    """
    steps = len(plan) // batch
    parts = [part for _, part in network.changed()]
    parameters = [part.down for part in parts] + [part.up for part in parts]
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.0)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: schedule(step, steps))
    begun, mean = time.monotonic(), 0.0
    for step in range(steps):
        some = plan[step * batch : (step + 1) * batch]
        count, guessed, total = sum(len(one.written) for one in some), sum(len(one.guessed) for one in some), 0.0
        for one in some:
            lost, beside = losses(network, one)
            (lost / count + GUESSES * beside / max(1, guessed)).backward()
            total += float(lost.detach())
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad()
        network.merge()
        mean = total / count if step == 0 else 0.95 * mean + 0.05 * total / count
        if step % CHECK == CHECK - 1:
            check()
        if step % 5 == 4:
            pace = (time.monotonic() - begun) / (step + 1)
            print(
                f"step {step + 1}/{steps}  loss {mean:.3f}  {pace * (steps - step - 1) / 60:.0f} min left", flush=True
            )
    return held_out_loss(network, kept_back)


def main() -> None:
    """The command."""
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    try:
        path = models.find(BASE) / FILE
    except models.ModelError as error:
        raise SystemExit(str(error)) from None
    qwen = Qwen(path)
    cut = Tokenizer.from_str(tokenizer(qwen, range(len(qwen.pieces))).decode())
    read = calls(*options.calls)
    learned, kept_back = parted(read.values(), options.keep_back)
    chance = random.Random(options.seed)
    plan = readings(list(calls(*options.first).values()), 1, cut, chance)
    plan += readings(learned, options.passes, cut, chance)
    held = [example(call.turns, call.gold["slots"], cut) for call in kept_back[::6]]
    print(f"{len(learned)} calls, {len(kept_back)} kept back; {len(plan) // options.batch} steps", flush=True)
    # processors that only emulate bfloat16 are several times slower with it
    half = torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
    network = Writer(path, options.rank, 2.0, half)
    if options.go_on:
        network.load(options.go_on)
    adapter = options.out / "adapter.npz"
    lost = train(network, plan, held, options.batch, options.rate, lambda: network.save(adapter))
    network.save(adapter)
    scores = {
        "trained": datetime.now(UTC).date().isoformat(),
        "calls": len(learned),
        "settings": {name: getattr(options, name) for name in SETTINGS},
        "went_on_from": sha256(options.go_on.read_bytes()).hexdigest() if options.go_on else None,
        "held_out_loss": round(lost, 4),
    }
    (options.out / "scores.yaml").write_text(yaml.safe_dump(scores, sort_keys=False), encoding="utf-8")
    print(f"held-out loss {lost:.3f}; the adapter is in {options.out}")
    raw = path.read_bytes()
    recipes = {"model.bin": decoder, "tokenizer.json": pieces, "vocabulary.json": vocabulary, "config.json": settings}
    for name, recipe in recipes.items():
        made = recipe(raw, adapter)
        print(f"with it, call-scribe's {name} has {len(made)} bytes, SHA-256 {sha256(made).hexdigest()}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/train scribe", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=Path, nargs="+", default=WRITTEN, help="folders of written calls")
    parser.add_argument(
        "--first", type=Path, nargs="*", default=[SAMPLES / "plain"], help="folders of calls that are read before"
    )
    parser.add_argument("--from", type=Path, dest="go_on", help="adapter of the same rank to go on from")
    parser.add_argument("--keep-back", nargs="+", default=KEPT_BACK, help="first letters of the calls kept back")
    parser.add_argument("--out", type=Path, default=models.SCRIBE, help="where adapter and scores are written")
    parser.add_argument("--passes", type=float, default=1.5, help="how often each call is read")
    parser.add_argument("--batch", type=int, default=8, help="calls a step")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--rate", type=float, default=4e-4, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
