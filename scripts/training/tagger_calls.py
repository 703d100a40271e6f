"""What the tagger learns from: written calls and the words their values rest on, as windows of word pieces.

A window is a few turns of a call, as many as are read together at run time, with what each word piece is to each slot.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tokenizers import Tokenizer

from assist.bench.mishearing import misheard
from extractors.choosing.tagger import BEGIN, BEGINS, INSIDE, LENGTH, OUTSIDE, cut, window
from extractors.slots.marked import SLOTS
from extractors.turn import Speaker
from scripts.training import calls_spans

CLEAN = 0.5  # share of the calls that are read as written
SHARES = (0.03, 0.2)  # of the characters that are misheard in the others
WISH, KEPT = "wish", "kept"  # clauses with a wish, and their words that the gold wish has
UNKNOWN = -100  # of a word piece that is in no wish
NO_PAUSES = 0.3  # share of the misheard calls without punctuation
_PAUSES = "，。！？、；"

Sounds = dict[str, list[str]]
Spans = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: who, what, and the characters ``(slot, start, end)`` that give a slot, or are `WISH` or `KEPT`."""

    speaker: Speaker
    text: str
    spans: Spans


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces ``ids``, for each of them what it is to each slot of `SLOTS`, and whether a wish that it stands in
    keeps it (1 or 0, else `UNKNOWN`).
    """

    ids: tuple[int, ...]
    labels: tuple[tuple[int, ...], ...]
    kept: tuple[int, ...]


def read(*folders: Path) -> dict[str, tuple[Said, ...]]:
    """The calls of folders of YAML files, by the names of the files; the words of values that a ticket does not name
    are looked for (`calls_spans`). Raises ``SystemExit`` for words that a call does not say.
    """
    calls = {}
    for path in sorted((path for folder in folders for path in folder.glob("*.yaml")), key=lambda path: path.name):
        for call in yaml.safe_load(path.read_text(encoding="utf-8")):
            calls[str(call["id"])] = tuple(_said(call))
    if not calls:
        raise SystemExit(f"no calls (*.yaml) in {', '.join(map(str, folders))}")
    return calls


def _said(call: Mapping[str, Any]) -> Iterator[Said]:
    gold = call["gold"]
    spans: dict[int, list[tuple[str, int, int]]] = {}
    told = gold["spans"] if "spans" in gold else calls_spans.spans(gold["slots"], call["turns"])
    for slot, places in told.items():
        for turn, words in places if slot in SLOTS else ():
            start = call["turns"][turn][1].find(words)
            if start < 0:
                raise SystemExit(f"call {call['id']}: turn {turn} does not say {words!r}")
            own = spans.setdefault(turn, [])
            own.append((slot, start, start + len(words)))
            if slot == "demand":
                own.append((WISH, *calls_spans.clauses(call["turns"][turn][1], start, start + len(words))))
                ranges = calls_spans.kept(str(gold["slots"][slot]), words)
                own += [(KEPT, start + first, start + last) for first, last in ranges]
    for number, (speaker, text) in enumerate(call["turns"]):
        yield Said(Speaker(speaker), text, tuple(spans.get(number, ())))


def as_heard(call: Sequence[Said], sounds: Sounds, chance: random.Random) -> tuple[Said, ...]:
    """``call`` as written, or as a recogniser might write it."""
    if chance.random() < CLEAN:
        return tuple(call)
    share, pauses = chance.uniform(*SHARES), chance.random() >= NO_PAUSES
    return tuple(_heard(said, share, sounds, chance, pauses=pauses) for said in call)


def _heard(said: Said, share: float, sounds: Sounds, chance: random.Random, *, pauses: bool) -> Said:
    parts = misheard(said.text, share, sounds, chance)
    if not pauses:
        parts = ["" if char in _PAUSES else part for char, part in zip(said.text, parts, strict=True)]
    places = [0]
    for part in parts:
        places.append(places[-1] + len(part))
    moved = ((slot, places[start], places[end]) for slot, start, end in said.spans)
    return Said(said.speaker, "".join(parts), tuple(span for span in moved if span[1] < span[2]))


def windows(call: Sequence[Said], tokenizer: Tokenizer, chance: random.Random) -> Iterator[Window]:
    """``call`` cut into windows, elsewhere every time: any turn is the last of one now and then."""
    pieces = [cut(tokenizer, said.speaker, said.text) for said in call]
    end = len(call) - chance.randint(0, min(2, len(call) - 1))
    while end > 0:
        begin = end - window(pieces[:end])
        ids, labels, kept = [BEGIN], [(OUTSIDE,) * len(SLOTS)], [UNKNOWN]
        for said, piece in zip(call[begin:end], pieces[begin:end], strict=True):
            ids += piece.ids
            labels += zip(*(_labels(slot, said, piece.spans) for slot in SLOTS), strict=True)
            wish, own = (_labels(name, said, piece.spans) for name in (WISH, KEPT))
            kept += [UNKNOWN if a == OUTSIDE else int(b != OUTSIDE) for a, b in zip(wish, own, strict=True)]
        yield Window(tuple(ids[:LENGTH]), tuple(labels[:LENGTH]), tuple(kept[:LENGTH]))
        end = begin


def _labels(slot: str, said: Said, places: Sequence[tuple[int, int]]) -> list[int]:
    labels = [OUTSIDE] * len(places)
    for name, start, end in said.spans:
        if name != slot:
            continue
        touched = [
            number
            for number, (first, last) in enumerate(places)
            if first < last and 2 * (min(end, last) - max(start, first)) >= last - first
        ]
        for number in touched:
            labels[number] = BEGINS if number == touched[0] else INSIDE
    return labels
