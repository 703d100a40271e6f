"""Real speech that may be trained on: the AISHELL clips (Apache-2.0) of a folder with a ``manifest.jsonl``.

usage: scripts/train ears_real SPEECH OUT

SPEECH/manifest.jsonl has one object a clip with ``audio``, ``text``, ``speaker``, ``seconds`` and ``source``. Only the
source `TRAINABLE` is taken, 70 of 100 to train on: whole speakers where there are enough of them, else clips, and then
what is held out says ``known_speaker``. All other sources only measure. OUT/real-train.jsonl,
OUT/real-heldout.jsonl and OUT/real-other.jsonl have the fields of the spoken texts' manifests; their ``audio`` is an
absolute path.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scripts.training.ears_text import written

TRAINABLE = "QianZ423/kaldi-asr-aishell-sample"
SHARE = 0.7  # of what may be trained on
_FEW = 5  # speakers that cannot be split


def split(speech: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What to train on and what to hold out of the trainable clips in the folder ``speech``: lines of its manifest."""
    return divided(_manifest(speech))


def divided(clips: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The clips of `TRAINABLE` to train on and to hold out, by the hash of speaker or clip."""
    clips = [clip for clip in clips if clip["source"] == TRAINABLE]
    by_speaker = len({clip["speaker"] for clip in clips}) >= _FEW
    key: Callable[[dict[str, Any]], str] = (lambda one: one["speaker"]) if by_speaker else (lambda one: one["audio"])
    ordered = sorted({key(clip) for clip in clips}, key=lambda one: hashlib.sha256(one.encode()).hexdigest())
    trained = set(ordered[: round(SHARE * len(ordered))])
    speakers = {clip["speaker"] for clip in clips if key(clip) in trained}
    sides: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for clip in clips:
        held_out = key(clip) not in trained
        known = {"known_speaker": clip["speaker"] in speakers} if held_out else {}
        sides[held_out].append({**clip, "text": written(clip["text"]), **known})
    return sides


def _manifest(speech: Path) -> list[dict[str, Any]]:
    path = speech / "manifest.jsonl"
    if not path.is_file():
        raise SystemExit(
            f"{path} is missing: name a folder of speech that has one (its form: scripts/training/ears_real.py)"
        )
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Write both manifests."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("speech", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    whole = _manifest(args.speech)
    others = [clip for clip in whole if clip["source"] != TRAINABLE]
    for name, clips in zip(("train", "heldout", "other"), (*divided(whole), others), strict=True):
        fields = [
            {
                "audio": str((args.speech / clip["audio"]).resolve()), "text": clip["text"],
                "voice": f"real {clip['speaker']}", "kind": "real", "party": "citizen", "seconds": clip["seconds"],
                **({"known_speaker": clip["known_speaker"]} if name == "heldout" else {}),
            }
            for clip in clips
        ]  # fmt: skip
        path = args.out / f"real-{name}.jsonl"
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in fields), "utf-8")
        print(f"{len(fields)} clips, {sum(one['seconds'] for one in fields) / 60:.1f} minutes in {path}")


if __name__ == "__main__":
    main()
