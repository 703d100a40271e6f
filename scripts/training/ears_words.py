"""People who say single words: the words of one speaker strung together into utterances to train the ears on.

usage: scripts/train ears_words FOLDER OUT --minutes N [--seed N]

FOLDER/manifest.jsonl has one object a recording: ``audio``, ``text`` (a word), ``speaker`` (`ears_people` writes one).
OUT gets utterances of `FEWEST` to `MOST` different words of a speaker as the other voices' clips (`ears_voices`): FLAC
in ``audio/`` and lines in ``train.jsonl``. All speakers have the same time, as far as what they said reaches. Silence
around each word is cut off, a pause put between; a long one is written as a comma. What is there already is kept.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

RATE = 16_000
FEWEST, MOST = 3, 8  # words of an utterance
PAUSES = (0.03, 0.5)  # seconds between two words
COMMA = 0.3  # a pause of that many seconds is written
_FRAME = RATE // 50
_SHORTEST = 3  # frames
_SILENT = 0.003  # peak of a recording in which nobody says anything
_UNDER = 25.0  # dB under the loudest frames: no longer the word
_ABOVE = 0.35  # of the way from noise to speech, in dB: already the word
_BEFORE, _BEHIND = 3, 5  # frames around it that stay

Word = dict[str, Any]
Samples = NDArray[np.float32]


def word(path: Path) -> Samples:
    """The sound of a word, float32 mono at `RATE`, without what is around it; empty where nothing is heard."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = sound[:, 0] if rate == RATE else soxr.resample(sound[:, 0], rate, RATE).astype(np.float32)
    frames = mono[: len(mono) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if len(frames) < _SHORTEST or np.abs(mono).max() < _SILENT:
        return np.zeros(0, np.float32)
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)
    floor, peak = np.percentile(level, (10, 98))
    loud = np.flatnonzero(level > max(peak - _UNDER, floor + _ABOVE * (peak - floor)))
    cut = mono[max(0, loud[0] - _BEFORE) * _FRAME : (loud[-1] + 1 + _BEHIND) * _FRAME]
    return np.asarray(0.6 / np.abs(cut).max() * cut, np.float32)


def utterances(words: list[Word], rng: np.random.Generator) -> Iterator[list[Word]]:
    """The words of one speaker in chance order, every recording once, in groups of different words."""
    left = [words[number] for number in rng.permutation(len(words))]
    while len({one["text"] for one in left}) >= FEWEST:
        wanted = int(rng.integers(FEWEST, MOST + 1))
        taken: dict[str, Word] = {}
        for one in left:
            if one["text"] not in taken:
                taken[one["text"]] = one
            if len(taken) == wanted:
                break
        group = list(taken.values())
        chosen = set(map(id, group))
        left = [one for one in left if id(one) not in chosen]
        yield group


def spoken(group: list[Word], folder: Path, rng: np.random.Generator) -> tuple[Samples, str]:
    """An utterance of ``group``: its sound and what is said."""
    pieces: list[Samples] = []
    text = ""
    for number, one in enumerate(group):
        sound = word(folder / one["audio"])
        if not len(sound):
            continue
        if number and pieces:
            pause = float(rng.uniform(*PAUSES))
            pieces.append(np.zeros(int(pause * RATE), np.float32))
            text += "，" if pause >= COMMA else ""
        pieces.append(sound)
        text += one["text"]
    return (np.concatenate(pieces) if pieces else np.zeros(0, np.float32)), text + ("。" if text else "")


def render(folder: Path, out: Path, minutes: float, seed: int) -> float:
    """Write ``minutes`` of utterances; how many there are in the end."""
    entries = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    by_speaker: dict[str, list[Word]] = {}
    for one in entries:
        by_speaker.setdefault(str(one["speaker"]), []).append(one)
    manifest, audio = out / "train.jsonl", out / "audio"
    audio.mkdir(parents=True, exist_ok=True)
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.exists() else []
    known = {json.loads(line)["audio"] for line in lines}
    each, total = 60 * minutes / len(by_speaker), 0.0
    with manifest.open("a", encoding="utf-8") as file:
        for speaker, words in sorted(by_speaker.items()):
            rng, seconds = np.random.default_rng([seed, *speaker.encode()]), 0.0
            for number, group in enumerate(utterances(words, rng)):
                if seconds >= each:
                    break
                path = audio / f"words-{_plain(speaker)}-{seed}-{number:04d}.flac"
                sound, text = spoken(group, folder, rng)
                seconds += len(sound) / RATE
                if not text or f"audio/{path.name}" in known:
                    continue
                soundfile.write(path, sound, RATE, subtype="PCM_16")
                line = {
                    "audio": f"audio/{path.name}", "text": text, "voice": f"words {speaker}", "kind": "words",
                    "party": "citizen", "seconds": round(len(sound) / RATE, 3),
                }  # fmt: skip
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            total += seconds
    return total / 60


def _plain(speaker: str) -> str:
    return "".join(char for char in speaker if char.isascii() and char.isalnum())


def main() -> None:
    """String words together."""
    parser = argparse.ArgumentParser(prog="scripts/train ears_words", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(f"{render(args.folder, args.out, args.minutes, args.seed):.1f} minutes of words in {args.out}")


if __name__ == "__main__":
    main()
