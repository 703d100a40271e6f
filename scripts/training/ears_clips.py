"""Which clips an adapter is trained on, which guard what the model knew, which are held out; and their batches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scripts.training.ears_real import split

POOL = 96  # clips among which those of like length are put together


@dataclass(frozen=True)
class Clip:
    """One recording and its text. ``audio`` None is silence. ``guard``: keeps what the model knew; ``foreign``: of
    another language, whose text is not learned.
    """

    audio: Path | None
    text: str
    voice: str
    seconds: float
    guard: bool = False
    foreign: bool = False


def load(data: Path, real: Path | None) -> tuple[list[Clip], list[Clip], list[Clip]]:
    """Clips to train on, clips that guard, clips held out, the same in whatever order they were rendered. ``real`` is a
    folder of recorded speech or None.

    Raises ``SystemExit`` where a manifest is missing or damaged, or there is nothing to train on or to measure with.
    """
    train, held = _manifest(data / "train.jsonl"), _manifest(data / "heldout.jsonl")
    if real is not None:
        for side, clips in zip((train, held), split(real), strict=True):
            side += [Clip(real / one["audio"], one["text"], "real", one["seconds"]) for one in clips]
    for clips, name in ((train, "train.jsonl"), (held, "heldout.jsonl")):
        if not clips:
            raise SystemExit(f"{data / name} holds no clips: render them with scripts/train ears_voices")
    foreign = data / "foreign.jsonl"
    guards = [
        Clip(clip.audio, clip.text, clip.voice, clip.seconds, guard=True, foreign=True)
        for clip in (_manifest(foreign) if foreign.is_file() else [])
    ]
    return train, guards, held


def batches(
    clips: Sequence[Clip],
    guards: Sequence[Clip],
    seconds: float,
    steps: int,
    seed: int,
    guard_every: int,
    full_every: int,
) -> list[list[Clip]]:
    """``steps`` batches of about ``seconds`` of audio, all clips in turn, clips of like length together.

    Every ``guard_every``th is one of guards, silence and a few clips; every ``full_every``th one of two clips. There
    must be clips.
    """
    rng = np.random.default_rng([seed, 0])
    stream = _grouped(clips, seconds, rng)
    plan: list[list[Clip]] = []
    for number in range(steps):
        batch = next(stream)
        if full_every and number % full_every == full_every - 1:
            batch = batch[:2]
        elif guard_every and guards and number % guard_every == guard_every - 1:
            silent = [Clip(None, "", "silence", float(rng.uniform(1, 6)), guard=True) for _ in range(2)]
            chosen = [guards[one] for one in rng.choice(len(guards), min(3, len(guards)), replace=False)]
            batch = [*chosen, *silent, *batch[:2]]
        plan.append(batch)
    return plan


def _grouped(clips: Sequence[Clip], seconds: float, rng: np.random.Generator) -> Iterator[list[Clip]]:
    while True:
        order = [clips[number] for number in rng.permutation(len(clips))]
        ready: list[list[Clip]] = []
        for first in range(0, len(order), POOL):
            batch: list[Clip] = []
            for clip in sorted(order[first : first + POOL], key=lambda clip: clip.seconds):
                if batch and (len(batch) + 1) * clip.seconds > seconds:
                    ready.append(batch)
                    batch = []
                batch.append(clip)
            ready.append(batch)
        for number in rng.permutation(len(ready)):
            yield ready[number]


def _manifest(path: Path) -> list[Clip]:
    if not path.is_file():
        raise SystemExit(f"{path} is missing: render the clips first with scripts/train ears_voices")
    clips = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            one = json.loads(line)
            clips.append(Clip(path.parent / one["audio"], one["text"], one["voice"], one["seconds"]))
        except (ValueError, KeyError, TypeError):
            raise SystemExit(
                f"{path}, line {number}: not an object with audio, text, voice and seconds: delete the line (a broken "
                "off rendering leaves the last one cut) and run scripts/train ears_voices again"
            ) from None
    return sorted(clips, key=lambda clip: str(clip.audio))
