"""Ears for the hotline: train the adapter that makes Whisper base hear telephone Mandarin.

usage: scripts/train ears [options]      after scripts/train ears_voices

Trains a LoRA adapter on the model that is used at run time, its smaller vocabulary included, and writes it to
``models/whisper-base-ears.npz`` with a JSON file that tells how it was made. Each clip is heard through another
telephone every time (`ears_augment`), with as little silence behind it as the recogniser will spend at run time. The
order of everything follows from the seed; a training that was broken off goes on where it was.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from tokenizers import Tokenizer as RawTokenizer
from torch import Tensor, nn

import models
from asr.whisper_vocabulary import TokenMap, reduced
from scripts.training.ears_augment import THROATS, another_throat, augment
from scripts.training.ears_clips import Clip, batches, load
from scripts.training.ears_model import decode, encode, whisper, with_adapter, write_adapter

RATE, HOP, FULL = 16000, 160, 30.0
PADDINGS = (0.32, 0.64, 0.96, 1.28, 1.92, 2.56, 3.84)  # seconds of silence behind a clip, one of them a batch
FULL_EVERY = 40  # every so many batches a small one with all 30 s, for windows that are decoded again
GUARD_EVERY = 12  # every so many batches one that keeps what the model knew: other languages, noise


@dataclass(frozen=True)
class Settings:
    """How the adapter is trained. ``seconds``: of audio a batch."""

    steps: int = 900
    seconds: float = 40.0
    rank: int = 16
    dropout: float = 0.05
    rate: float = 4e-4
    decoder: float = 0.4  # of the rate for the decoder, whose changes cost voices it does not know more than they give
    warm_up: int = 60
    seed: int = 1
    guard: float = 1.0  # weight of the loss that keeps what the model knew
    share: float = (
        0.4  # of the change that is taken (WiSE-FT, Wortsman et al. 2022): whole, it knows few voices too well
    )


class Examples(torch.utils.data.Dataset[dict[str, Any]]):
    """Batches as the model takes them; number ``n`` is the same whenever it is asked for."""

    def __init__(
        self, plan: Sequence[Sequence[Clip]], settings: Settings, tokenizer: Tokenizer, tokens: TokenMap
    ) -> None:
        self._plan, self._settings, self._tokenizer, self._tokens = plan, settings, tokenizer, tokens
        self._features = FeatureExtractor()
        self._prompt = tokens.to_model([*tokenizer.sot_sequence, tokenizer.no_timestamps])
        self._end = tokens.to_model([tokenizer.eot])

    def __len__(self) -> int:
        return len(self._plan)

    def __getitem__(self, number: int) -> dict[str, Any]:
        rng = np.random.default_rng([self._settings.seed, number])
        clips = self._plan[number]
        sounds = [samples(clip) for clip in clips]
        heard = [
            augment(sound, rng, sounds[:number] + sounds[number + 1 :])[: round(28 * RATE)]
            for number, sound in enumerate(sounds)
        ]
        longest = max(map(len, heard)) / RATE
        full = number % FULL_EVERY == FULL_EVERY - 1
        padding = FULL if full else float(rng.choice(PADDINGS))
        # any length a window may have at run time, even, never 2 * mels (CTranslate2 misreads it)
        frames = min(3000, 2 * math.ceil((longest + padding) * RATE / HOP / 2))
        mels = np.stack([self._mel(one, frames, rng) for one in heard])
        texts = [self._tokens.to_model(self._tokenizer.encode(clip.text)) for clip in clips]
        rows = [[*self._prompt, *text, *self._end] for text in texts]
        length = max(map(len, rows))
        inputs = np.array([row + self._end * (length - len(row)) for row in rows])
        targets = np.full_like(inputs, -100)
        for row, (text, clip) in enumerate(zip(texts, clips, strict=True)):
            if not clip.foreign:
                first = len(self._prompt)
                targets[row, first : first + len(text) + 1] = [*text, *self._end]
        return {
            "mels": torch.from_numpy(mels),
            "inputs": torch.from_numpy(inputs[:, :-1]),
            "targets": torch.from_numpy(targets[:, 1:]),
            "guard": any(clip.guard for clip in clips),
            "seconds": sum(map(len, heard)) / RATE,
        }

    def _mel(self, heard: np.ndarray, frames: int, rng: np.random.Generator) -> np.ndarray:
        padded = np.zeros(frames * HOP, np.float32)
        padded[: len(heard)] = heard[: len(padded)]
        mel = self._features(padded, padding=0).astype(np.float32)[:, :frames]
        if rng.random() < 0.5:
            mel = another_throat(mel, rng.uniform(*THROATS))
        if rng.random() < 0.5:  # SpecAugment (Park et al. 2019), mildly
            floor = mel.min()
            for _ in range(2):
                start = rng.integers(0, max(1, frames - 20))
                mel[:, start : start + rng.integers(0, 12)] = floor
            band = rng.integers(0, 70)
            mel[band : band + rng.integers(0, 10)] = floor
        return mel


def samples(clip: Clip) -> np.ndarray:
    """The sound of a clip, float32 mono 16 kHz."""
    if clip.audio is None:
        return np.zeros(round(clip.seconds * RATE), np.float32)
    sound, rate = soundfile.read(clip.audio, dtype="float32", always_2d=True)
    if rate != RATE:
        raise SystemExit(f"{clip.audio} has {rate} Hz, not {RATE}: render it again with scripts/train ears_voices")
    return np.ascontiguousarray(sound[:, 0])


def loss_of(model: nn.Module, batch: dict[str, Any], guard: float) -> tuple[Tensor, float]:
    """Cross-entropy of the text, and for guard batches the distance from what the unadapted model says first."""
    base = model.get_base_model()
    encoded = encode(base, batch["mels"])
    scores = decode(base, encoded, batch["inputs"])
    wanted = batch["targets"]
    text = nn.functional.cross_entropy(
        scores.flatten(0, 1).float(), wanted.flatten(), ignore_index=-100, reduction="sum"
    )
    count = int((wanted != -100).sum())
    loss = text / max(1, count)
    if batch["guard"]:
        with torch.no_grad(), model.disable_adapter():
            first = decode(base, encode(base, batch["mels"]), batch["inputs"][:, :1])[:, 0].float()
        now = nn.functional.log_softmax(scores[:, 0].float(), -1)
        loss = loss + guard * nn.functional.kl_div(now, first.log_softmax(-1), log_target=True, reduction="batchmean")
    return loss, float(text.detach()) / max(1, count)


def validated(model: nn.Module, examples: Examples) -> float:
    """Mean loss of the held-out batches."""
    model.eval()
    with torch.no_grad():
        losses = [loss_of(model, {**examples[number], "guard": False}, 0.0)[1] for number in range(len(examples))]
    model.train()
    return float(np.mean(losses))


def schedule(settings: Settings, step: int) -> float:
    """Share of the learning rate: linear warm-up, then a cosine to nothing."""
    if step < settings.warm_up:
        return (step + 1) / settings.warm_up
    done = (step - settings.warm_up) / max(1, settings.steps - settings.warm_up)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def main() -> None:
    """The command."""
    options = _options()
    settings = Settings(
        steps=options.steps, rank=options.rank, rate=options.rate, seed=options.seed, share=options.share
    )
    torch.manual_seed(settings.seed)
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # processors that only emulate bfloat16 are four times slower with it
    half = device == "cuda" or torch.cpu._is_avx512_bf16_supported()
    directory = models.find("whisper-base")
    files, tokens = reduced(directory)
    raw = RawTokenizer.from_file(str(directory / "tokenizer.json"))
    tokenizer = Tokenizer(raw, True, task="transcribe", language="zh")
    train, guards, held = load(options.data, options.real)
    plan = batches(train, guards, settings.seconds, settings.steps, settings.seed, GUARD_EVERY, FULL_EVERY)
    examples = Examples(plan, settings, tokenizer, tokens)
    held_out = Examples(batches(held, [], 30.0, 8, 0, 0, 0), Settings(seed=0), tokenizer, tokens)
    model = with_adapter(whisper(files["model.bin"]), settings.rank, settings.dropout).to(device).train()
    trained = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    decoder = [parameter for name, parameter in trained.items() if ".decoder." in name]
    encoder = [parameter for name, parameter in trained.items() if ".decoder." not in name]
    optimizer = torch.optim.AdamW(
        [{"params": encoder}, {"params": decoder, "lr": settings.rate * settings.decoder}],
        lr=settings.rate,
        weight_decay=0.01,
    )
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: schedule(settings, step))
    checkpoint = options.data / f"checkpoint-{settings.seed}.pt"
    first, seen = _resume(checkpoint, model, optimizer, scheduler) if options.resume else (0, 0.0)
    print(
        f"{len(train)} clips, {sum(clip.seconds for clip in train) / 60:.0f} minutes; {settings.steps} batches of "
        f"{settings.seconds:.0f} s; held-out loss before: {validated(model, held_out):.3f}",
        flush=True,
    )
    begun, mean = time.monotonic(), None
    for step, batch in _loaded(examples, first, device):
        with torch.autocast(device, torch.bfloat16, enabled=half):
            loss, text = loss_of(model, batch, settings.guard)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimizer.step()
        scheduler.step()
        seen += float(batch["seconds"])
        mean = text if mean is None else 0.97 * mean + 0.03 * text
        if (step + 1) % 20 == 0:
            pace = (time.monotonic() - begun) / (step + 1 - first)
            left = pace * (settings.steps - step - 1) / 60
            print(
                f"batch {step + 1}/{settings.steps}  loss {mean:.3f}  {pace:.2f} s a batch  {left:.0f} min left",
                flush=True,
            )
        if (step + 1) % options.check == 0 or step + 1 == settings.steps:
            lost = validated(model, held_out)
            print(f"batch {step + 1}: held-out loss {lost:.3f}", flush=True)
            _save(checkpoint, step + 1, seen, model, optimizer, scheduler)
            about = {
                "trained": date.today().isoformat(),
                "settings": asdict(settings),
                "batches": step + 1,
                "hours_heard": round(seen / 3600, 2),
                "clips": len(train),
                "minutes": round(sum(clip.seconds for clip in train) / 60, 1),
                "voices": dict(Counter(clip.voice.split()[0].split("*")[0].split("-")[0] for clip in train)),
                "held_out_loss": round(lost, 4),
            }
            write_adapter(model, options.out, about, settings.share)


def _loaded(examples: Examples, first: int, device: str) -> Iterator[tuple[int, dict[str, Any]]]:
    loader = torch.utils.data.DataLoader(
        torch.utils.data.Subset(examples, range(first, len(examples))),
        batch_size=None,
        num_workers=1,
        prefetch_factor=3,
    )
    for step, batch in enumerate(loader, first):
        yield step, {name: value.to(device) if isinstance(value, Tensor) else value for name, value in batch.items()}


def _save(path: Path, step: int, seen: float, model: nn.Module, optimizer: Any, scheduler: Any) -> None:
    trained = {name: value for name, value in model.state_dict().items() if "lora_" in name}
    state = {
        "step": step,
        "seen": seen,
        "adapter": trained,
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _resume(path: Path, model: nn.Module, optimizer: Any, scheduler: Any) -> tuple[int, float]:
    """Batches done and seconds of audio heard in them."""
    if not path.is_file():
        return 0, 0.0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["adapter"], strict=False)
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    print(f"going on after batch {state['step']}", flush=True)
    return int(state["step"]), float(state["seen"])


def _options() -> argparse.Namespace:
    defaults = Settings()
    parser = argparse.ArgumentParser(prog="scripts/train ears", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("var/ears"), help="where clips were rendered to")
    parser.add_argument(
        "--real", type=Path, help="folder of recorded speech with manifest.jsonl (AISHELL's part is used)"
    )
    parser.add_argument("--out", type=Path, default=Path("models/whisper-base-ears.npz"))
    parser.add_argument("--steps", type=int, default=defaults.steps, help="batches")
    parser.add_argument("--rank", type=int, default=defaults.rank)
    parser.add_argument("--rate", type=float, default=defaults.rate, help="highest learning rate")
    parser.add_argument("--share", type=float, default=defaults.share, help="how much of the change is taken")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--check", type=int, default=200, help="batches between held-out losses and checkpoints")
    parser.add_argument("--resume", action="store_true", help="go on where a training with this seed was broken off")
    return parser.parse_args()


if __name__ == "__main__":
    main()
