"""Recordings of many people out of clones of public repositories: sentences that measure, single words to train on.

usage: scripts/train ears_people CLONES OUT

CLONES holds clones of the repositories that ``ears_people.tsv`` names, each in a folder OWNER+NAME, bare or not; what
is missing is left out and told. OUT/people.jsonl gets the sentences, 73 by some sixty people (AISHELL-1, AISHELL-3 and
THCHS-30, Apache-2.0; FLEURS, CC-BY-4.0), which only measure: ``assist bench sweep OUT/people.jsonl --telephone alaw``.
OUT/words gets twelve words by 34 students, some twenty times each (DSPSpeech-20, MIT), for ``scripts/train
ears_words OUT/words``. No recording is in the repository; speakers have numbers instead of what their files are called.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.training.ears_text import written

LISTED = Path(__file__).with_suffix(".tsv")
WORDS_SOURCE = "zhongyuchen/DSPSpeech-20"
WORDS = ("数字", "语音", "语言", "识别", "中国", "总工", "北京", "背景", "上海", "商行", "复旦", "饭店")
_WORD = re.compile(r"speech_data/(?P<student>\d+)/(?P=student)-(?P<word>\d\d)-(?P<take>\d\d)\.wav")
_POINTER = b"version https://git-lfs"


class Clone:
    """Reads files of the newest commit of a clone, or of another one that it has."""

    def __init__(self, clones: Path, source: str) -> None:
        self._folder = clones / source.replace("/", "+")

    def paths(self) -> list[str]:
        """All files of the newest commit; none where there is no such clone."""
        return self._git("ls-tree", "-r", "--name-only", "HEAD").decode().splitlines()

    def read(self, path: str, commit: str = "HEAD") -> bytes | None:
        """The bytes of a file; None where the clone or the file is missing, or only a pointer to it is there."""
        found = self._git("show", f"{commit}:{path}") or self._git("show", f"HEAD:{path}")
        return None if not found or found.startswith(_POINTER) else found

    def _git(self, *words: str) -> bytes:
        command = ["git", "-C", str(self._folder), "-c", "core.quotepath=off", *words]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""


def sentences(clones: Path, out: Path) -> Iterator[dict[str, object]]:
    """What each listed person says, the recordings written to ``out``/people."""
    folder = out / "people"
    folder.mkdir(parents=True, exist_ok=True)
    with LISTED.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)):
            sound = Clone(clones, row["source"]).read(row["path"], row["commit"])
            if sound is None:
                print(f"left out: {row['path']} of github.com/{row['source']}", file=sys.stderr)
                continue
            path = folder / f"{number:03d}.wav"
            path.write_bytes(sound)
            text, voice = written(row["text"]), f"real {row['speaker']}"
            yield {"audio": str(path.resolve()), "text": text, "voice": voice, "kind": "real", "party": "citizen"}


def words(clones: Path, out: Path) -> Iterator[dict[str, object]]:
    """The words that the students say, the recordings written to ``out``/words."""
    folder = out / "words"
    folder.mkdir(parents=True, exist_ok=True)
    clone = Clone(clones, WORDS_SOURCE)
    found = [match for match in map(_WORD.fullmatch, clone.paths()) if match and int(match["word"]) < len(WORDS)]
    numbers = {student: number for number, student in enumerate(sorted({match["student"] for match in found}), 1)}
    for match in found:
        sound = clone.read(match.group())
        if sound is None:
            continue
        speaker = f"dsp{numbers[match['student']]:02d}"
        name = f"{speaker}-{match['word']}-{match['take']}.wav"
        (folder / name).write_bytes(sound)
        yield {"audio": name, "text": WORDS[int(match["word"])], "speaker": speaker}


def main() -> None:
    """Write both."""
    parser = argparse.ArgumentParser(prog="scripts/train ears_people", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("clones", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    for path, lines in (
        (args.out / "people.jsonl", list(sentences(args.clones, args.out))),
        (args.out / "words" / "manifest.jsonl", list(words(args.clones, args.out))),
    ):
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")
        print(f"{len(lines)} recordings in {path}")


if __name__ == "__main__":
    main()
