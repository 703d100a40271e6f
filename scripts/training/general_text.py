"""Sentences about anything, which the language model learns beside the hotline's, out of clones of public repositories.

usage: scripts/train general_text CLONES OUT [--without MANIFEST …]

CLONES holds clones of KdConv and CrossWOZ (thu-coai; people who talk of films, music and trips; Apache-2.0),
AISHELL-NER (Alibaba-NLP; what speakers of AISHELL-1 read; Apache-2.0) and common-voice-fix (MozillaChina; sentences of
Wikipedia for Common Voice, CC0), each in a folder OWNER+NAME, bare or not; what is missing is told. OUT gets a sentence
a line, none twice. The texts of the recordings in each MANIFEST are left out: they measure.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.training.ears_people import Clone

_MARKS = re.compile(r"[\[\]()<>\s]")  # of names in AISHELL-NER


def _kdconv(clone: Clone) -> Iterator[str]:
    for domain in ("film", "music", "travel"):
        for part in ("dev", "test"):
            for call in json.loads(clone.read(f"data/{domain}/{part}.json") or "[]"):
                yield from (turn["message"] for turn in call["messages"])


def _crosswoz(clone: Clone) -> Iterator[str]:
    for part in ("val", "test"):
        packed = clone.read(f"data/crosswoz/{part}.json.zip")
        if packed is not None:
            archive = zipfile.ZipFile(io.BytesIO(packed))
            for call in json.loads(archive.read(archive.namelist()[0])).values():
                yield from (turn["content"] for turn in call["messages"])


def _aishell(clone: Clone) -> Iterator[str]:
    for part in ("dev", "test"):
        for line in _lines(clone.read(f"data/aishell_ner_transcript.{part}.txt")):
            yield _MARKS.sub("", line.partition(" ")[2])


def _common_voice(clone: Clone) -> Iterator[str]:
    yield from _lines(clone.read("wiki.zh-cn.txt", "0cf49c0"))  # it was moved to another repository later


SOURCES: dict[str, Callable[[Clone], Iterator[str]]] = {
    "thu-coai/KdConv": _kdconv,
    "thu-coai/CrossWOZ": _crosswoz,
    "Alibaba-NLP/AISHELL-NER": _aishell,
    "MozillaChina/common-voice-fix": _common_voice,
}


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode().splitlines()


def bare(text: str) -> str:
    """``text`` without punctuation and spaces."""
    return "".join(char for char in text if char.isalnum())


def sentences(clones: Path, without: set[str]) -> Iterator[str]:
    """The sentences of all clones, none twice; those whose `bare` form is among ``without`` are left out."""
    told = set(without)
    for source, read in SOURCES.items():
        count = 0
        for text in read(Clone(clones, source)):
            if (key := bare(text)) and key not in told:
                told.add(key)
                count += 1
                yield text
        print(f"{count} sentences of {source}" if count else f"no sentences of {source}: clone it into {clones}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/train general_text", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clones", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--without", type=Path, nargs="+", default=[], help="manifests of recordings that measure")
    options = parser.parse_args()
    rows = [line for path in options.without for line in path.read_text(encoding="utf-8").splitlines()]
    measured = {bare(json.loads(row).get("text") or "") for row in rows}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text("".join(f"{text}\n" for text in sentences(options.clones, measured)), encoding="utf-8")


if __name__ == "__main__":
    main()
