"""Sentences of everyday Mandarin that have nothing to do with a hotline, for voices to speak.

usage: scripts/train ears_sentences TRANSCRIPTS OUT [--but SPEECH]         then scripts/train ears_voices OUT

Ears that learn nothing but calls expect a call in whatever they hear. TRANSCRIPTS has one sentence a line, with or
without an id and marks of entities around words, as AISHELL-NER has them (github.com/Alibaba-NLP/AISHELL-NER,
Apache-2.0; transcripts of AISHELL-1). OUT/text.jsonl gets what `ears_text` writes of calls: those of a length, without
numbers, which can be written in more than one way. Sentences said in the recordings that SPEECH/manifest.jsonl lists
only measure, and are left out. Which sentences follow from their words, not from their order.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path

SHORTEST, LONGEST = 6, 24  # characters
TOGETHER = (1, 1, 2)  # sentences said in one go, in turns
_MARKS = re.compile(r"[\[\]()<>\s]")
_ID = re.compile(r"^\S*\d\S*\s+")
_ALL_HAN = re.compile(r"[\u4e00-\u9fff]+")
_NUMBER = re.compile("[零〇一二两三四五六七八九十百千万亿第几半]")


def sentences(lines: Iterable[str], measured: Iterable[str] = ()) -> Iterator[str]:
    """Those of ``lines`` that are spoken, each once; none that stands among ``measured``."""
    told = {"".join(_ALL_HAN.findall(one)) for one in measured}
    for line in lines:
        sentence = _MARKS.sub("", _ID.sub("", line.strip()))
        fits = SHORTEST <= len(sentence) <= LONGEST and _ALL_HAN.fullmatch(sentence) and not _NUMBER.search(sentence)
        if fits and sentence not in told:
            told.add(sentence)
            yield sentence


def write(path: Path, told: Iterable[str]) -> int:
    """Writes ``told`` as lines for `ears_speak`, in an order that follows from the words; how many they are."""
    ordered = sorted(told, key=lambda one: hashlib.sha256(one.encode()).digest())
    left = iter(ordered)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for number, many in enumerate(cycle(TOGETHER)):
            text = "，".join(islice(left, many)) + "。"
            if text == "。":
                break
            line = {"id": f"sentence-{number:05}", "split": "train", "kind": "sentence", "party": "citizen"}
            file.write(json.dumps({**line, "text": text, "spoken": text}, ensure_ascii=False) + "\n")
    return len(ordered)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/train ears_sentences", description=__doc__.partition("\n")[0])
    parser.add_argument("transcripts", type=Path, help="file with a sentence a line")
    parser.add_argument("out", type=Path, help="folder that voices are rendered to")
    parser.add_argument("--but", type=Path, help="folder of recordings whose sentences are left out")
    options = parser.parse_args()
    measured: list[str] = []
    if options.but is not None:
        manifest = (options.but / "manifest.jsonl").read_text(encoding="utf-8")
        measured = [json.loads(line)["text"] for line in manifest.splitlines()]
    with options.transcripts.open(encoding="utf-8") as lines:
        count = write(options.out / "text.jsonl", sentences(lines, measured))
    print(f"{count} sentences in {options.out / 'text.jsonl'}")


if __name__ == "__main__":
    main()
