"""Ears for the hotline: train the adapter that makes Whisper base hear telephone Mandarin.

usage: scripts/train ears [options]      after scripts/train ears_voices

Trains a LoRA adapter on the model that is used at run time, its smaller vocabulary included, and writes it to DATA
(``adapter.npz``, with a JSON file that tells how it was made); ``scripts/train ears_mix`` makes of adapters what is put
to use. Each clip is heard through another telephone every time (`ears_augment`), with as little silence behind it as
the recogniser will spend at run time. The order of everything follows from the seed; a training that was broken off
goes on where it was with ``--resume``, and only that one does: with the same settings, clips and base model. Other
``--steps`` end it elsewhere.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from tokenizers import Tokenizer as RawTokenizer
from torch import Tensor, nn
from transformers import WhisperForConditionalGeneration

import models
from asr.whisper_vocabulary import TokenMap, reduced
from scripts.training.ears_augment import THROATS, another_throat, augment
from scripts.training.ears_checkpoint import Identity, Progress, resume, save
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

    def hashes(self) -> list[str]:
        """What tells each batch from others: its clips, wherever they lie."""
        return [
            sha256(
                "\n".join(
                    f"{clip.audio and clip.audio.name} {clip.text} {clip.seconds} {clip.guard} {clip.foreign}"
                    for clip in clips
                ).encode()
            ).hexdigest()[:16]
            for clips in self._plan
        ]

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


def validated(model: nn.Module, examples: Examples, device: str) -> float:
    """Mean loss of the held-out batches."""
    model.eval()
    with torch.no_grad():
        losses = [
            loss_of(model, {**_on(examples[number], device), "guard": False}, 0.0)[1] for number in range(len(examples))
        ]
    model.train()
    return float(np.mean(losses))


def schedule(settings: Settings, step: int) -> float:
    """Share of the learning rate: linear warm-up, then a cosine to nothing."""
    if step < settings.warm_up:
        return (step + 1) / settings.warm_up
    done = (step - settings.warm_up) / max(1, settings.steps - settings.warm_up)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


@dataclass(frozen=True)
class Run:
    """Where a training runs and what it writes. ``half``: compute in bfloat16; ``check``: batches between held-out
    losses and checkpoints; ``resume``: go on from the checkpoint.
    """

    out: Path
    checkpoint: Path
    device: str = "cpu"
    half: bool = False
    check: int = 200
    resume: bool = False


def train(
    base: WhisperForConditionalGeneration,
    model_hash: str,
    examples: Examples,
    held_out: Examples,
    settings: Settings,
    run: Run,
    about: Mapping[str, Any],
) -> None:
    """Train an adapter for ``base``, whose file has the SHA-256 ``model_hash``, and write it with ``about`` it.

    Raises ``SystemExit`` where ``run`` wants to go on from a checkpoint that is not this training's.
    """
    torch.manual_seed(settings.seed)
    model = with_adapter(base, settings.rank, settings.dropout).to(run.device).train()
    trained = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    decoder = [parameter for name, parameter in trained.items() if ".decoder." in name]
    encoder = [parameter for name, parameter in trained.items() if ".decoder." not in name]
    optimizer = torch.optim.AdamW(
        [{"params": encoder}, {"params": decoder, "lr": settings.rate * settings.decoder}],
        lr=settings.rate,
        weight_decay=0.01,
    )
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: schedule(settings, step))
    identity = Identity(asdict(settings), model_hash, examples.hashes())
    done = resume(run.checkpoint, identity, model, optimizer, scheduler) if run.resume else Progress()
    first = done.step

    def finish_part(lost: float) -> None:
        told = {
            "trained": date.today().isoformat(),
            "settings": asdict(settings),
            "batches": done.step,
            "hours_heard": round(done.seen / 3600, 2),
            **about,
            "held_out_loss": round(lost, 4),
        }
        write_adapter(model, run.out, told, settings.share)

    lost = validated(model, held_out, run.device)
    if first >= settings.steps:
        finish_part(lost)
        print(f"already done: {first} batches, held-out loss {lost:.3f}; the adapter is in {run.out}", flush=True)
        return
    print(f"held-out loss {f'after batch {first}' if first else 'before'}: {lost:.3f}", flush=True)
    begun, mean = time.monotonic(), None
    for step, batch in _loaded(examples, first, run.device):
        with torch.autocast(run.device, torch.bfloat16, enabled=run.half):
            loss, text = loss_of(model, batch, settings.guard)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimizer.step()
        scheduler.step()
        done.step, done.seen = step + 1, done.seen + float(batch["seconds"])
        mean = text if mean is None else 0.97 * mean + 0.03 * text
        if done.step % 20 == 0:
            pace = (time.monotonic() - begun) / (done.step - first)
            left = pace * (settings.steps - done.step) / 60
            print(
                f"batch {done.step}/{settings.steps}  loss {mean:.3f}  {pace:.2f} s a batch  {left:.0f} min left",
                flush=True,
            )
        if done.step % run.check == 0 or done.step == settings.steps:
            lost = validated(model, held_out, run.device)
            print(f"batch {done.step}: held-out loss {lost:.3f}", flush=True)
            save(run.checkpoint, identity, done, model, optimizer, scheduler)
            finish_part(lost)


def main() -> None:
    """The command."""
    options = _options()
    settings = Settings(
        steps=options.steps,
        rank=options.rank,
        rate=options.rate,
        decoder=options.decoder,
        seed=options.seed,
        share=options.share,
    )
    if options.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("this torch has no CUDA device: use --device cpu, or install torch for the GPU")
    torch.set_num_threads(options.threads)
    # processors that only emulate bfloat16 are four times slower with it
    half = options.device == "cuda" or torch.cpu._is_avx512_bf16_supported()
    out = options.out or options.data / "adapter.npz"
    out.parent.mkdir(parents=True, exist_ok=True)
    clips, guards, held = load(options.data, options.real)
    try:
        directory = models.find("whisper-base")
    except models.ModelError as error:
        raise SystemExit(str(error)) from None
    files, tokens = reduced(directory)
    raw = RawTokenizer.from_file(str(directory / "tokenizer.json"))
    tokenizer = Tokenizer(raw, True, task="transcribe", language="zh")
    plan = batches(clips, guards, settings.seconds, settings.steps, settings.seed, GUARD_EVERY, FULL_EVERY)
    minutes = sum(clip.seconds for clip in clips) / 60
    print(
        f"{len(clips)} clips, {minutes:.0f} minutes; {settings.steps} batches of {settings.seconds:.0f} s on "
        f"{options.device}",
        flush=True,
    )
    train(
        whisper(files["model.bin"]),
        sha256(files["model.bin"]).hexdigest(),
        Examples(plan, settings, tokenizer, tokens),
        Examples(batches(held, [], 30.0, 8, 0, 0, 0), Settings(seed=0), tokenizer, tokens),
        settings,
        Run(out, options.data / f"checkpoint-{settings.seed}.pt", options.device, half, options.check, options.resume),
        {
            "clips": len(clips),
            "minutes": round(minutes, 1),
            "voices": dict(Counter(clip.voice.split()[0].split("*")[0].split("-")[0] for clip in clips)),
        },
    )


def _loaded(examples: Examples, first: int, device: str) -> Iterator[tuple[int, dict[str, Any]]]:
    loader = torch.utils.data.DataLoader(
        torch.utils.data.Subset(examples, range(first, len(examples))),
        batch_size=None,
        num_workers=1,
        prefetch_factor=3,
        generator=torch.Generator(),  # a start takes a number of it, which must not be one of the training's
    )
    for step, batch in enumerate(loader, first):
        yield step, _on(batch, device)


def _on(batch: dict[str, Any], device: str) -> dict[str, Any]:
    return {name: value.to(device) if isinstance(value, Tensor) else value for name, value in batch.items()}


def _options() -> argparse.Namespace:
    defaults = Settings()
    parser = argparse.ArgumentParser(prog="scripts/train ears", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("var/ears"), help="where clips were rendered to")
    parser.add_argument(
        "--real", type=Path, help="folder of recorded speech with manifest.jsonl (AISHELL's part is used)"
    )
    parser.add_argument("--out", type=Path, help="file of the adapter; by default adapter.npz in DATA")
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu", help="to train on"
    )
    parser.add_argument("--steps", type=int, default=defaults.steps, help="batches")
    parser.add_argument("--rank", type=int, default=defaults.rank)
    parser.add_argument("--rate", type=float, default=defaults.rate, help="highest learning rate")
    parser.add_argument("--decoder", type=float, default=defaults.decoder, help="share of it that the decoder has")
    parser.add_argument("--share", type=float, default=defaults.share, help="how much of the change is taken")
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--check", type=int, default=200, help="batches between held-out losses and checkpoints")
    parser.add_argument("--resume", action="store_true", help="go on where this training was broken off")
    return parser.parse_args()


if __name__ == "__main__":
    main()
