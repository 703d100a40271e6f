"""Which words of a turn give which slot: a turn and what was said before it in, marked words with probabilities out.

A small encoder (first layers of multilingual-e5-small, `models.e5_encoder`) reads the turn behind the last ones before
it, each with its speaker, and says of every word piece and slot how likely the slot's words begin or go on there. What
it learned from and how well it marks stands in ``models/tagger/card.md``; `scripts/train tagger` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeAlias

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

import models
from extractors.marked import Marked
from extractors.segment import Segmenter
from extractors.turn import Speaker, Turn
from models.e5_encoder import vocabulary

Floats: TypeAlias = NDArray[np.float32]

ARTEFACT, FILE = "call-tagger", "model.bin"
BEGIN, END = 0, 2  # numbers of the word pieces that open a text and close a turn
LENGTH = 96  # word pieces that are read at once
OUTSIDE, BEGINS, INSIDE = range(3)  # what a word piece may be to a slot
_SPEAKERS = {Speaker.AGENT: "坐席：", Speaker.CITIZEN: "市民："}
_LEAST, _SURE = 0.3, 0.5  # probabilities from which a word piece goes on what a slot says, and makes it worth saying
_APART = frozenset({"occurred_at", "duration", "callback_time", "amount", "people_count", "order_no", "route_no"})
"""Slots of which the same words give one at most."""
_EDGES = "，。！？、；：,.!?;: 　"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A turn in word pieces; ``spans``: the characters of the turn that each of ``ids`` stands for, none of them for
    what tells the speaker.
    """

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def cut(tokenizer: Tokenizer, speaker: Speaker, text: str) -> Pieces:
    """A turn as the encoder reads it."""
    head = _SPEAKERS[speaker]
    encoding: Encoding = tokenizer.encode(head + text)
    spans = tuple((max(0, start - len(head)), max(0, end - len(head))) for start, end in encoding.offsets)
    return Pieces((*encoding.ids, END), (*spans, (len(text), len(text))))


def window(turns: Sequence[Pieces]) -> int:
    """How many of ``turns``, the last ones, are read together."""
    length, count = 1, 0
    for turn in reversed(turns):
        length += len(turn.ids)
        if count and length > LENGTH:
            break
        count += 1
    return count


class Tagger:
    """Marks the words of turns. What it says depends on the texts alone."""

    def __init__(self, model: bytes, tokenizer: Path, heads: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        pieces = vocabulary(self._tokenizer)
        names = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
        files = {
            "model.bin": model,
            "config.json": json.dumps({**names, "layer_norm_epsilon": 1e-12}).encode(),
            "vocabulary.json": json.dumps(pieces).encode(),
        }
        self._encoder = ctranslate2.Encoder(ARTEFACT, compute_type="int8", intra_threads=1, files=files)
        self._words = Segmenter()
        with np.load(heads, allow_pickle=False) as file:
            self.slots: tuple[str, ...] = tuple(str(name) for name in file["slots"])
            self._weight, self._bias = file["weight"].astype(np.float32), file["bias"].astype(np.float32)

    def marked(self, before: Sequence[Turn], turn: Turn) -> tuple[Marked, ...]:
        """The words of ``turn`` that give a slot, slot by slot in order."""
        recent = [cut(self._tokenizer, one.speaker, one.text) for one in (*before[-8:], turn)]
        recent = recent[-window(recent) :]
        own = recent[-1]
        ids = [BEGIN, *(number for one in recent for number in one.ids)]
        first = len(ids) - len(own.ids)
        # a turn longer than what is read at once is marked up to there
        hidden = np.asarray(self._encoder.forward_batch([ids[:LENGTH]]).last_hidden_state, np.float32)[0, first:]
        scores = (hidden @ self._weight.T + self._bias).reshape(len(hidden), len(self.slots), 3)
        odds = np.exp(scores - scores.max(axis=2, keepdims=True))
        shares = odds / odds.sum(axis=2, keepdims=True)
        words = self._words.cut(turn.text)
        found = [
            replace(mark, start=start, end=end)
            for number, slot in enumerate(self.slots)
            for mark in _marks(slot, shares[:, number], own, turn.text)
            for start, end in [_whole_words(words, mark.start, mark.end)]
        ]
        return tuple(one for one in found if not any(_yields(one, other) for other in found))


def _yields(one: Marked, other: Marked) -> bool:
    """Whether the same words rather give the slot of ``other``."""
    rivals = one.slot != other.slot and {one.slot, other.slot} <= _APART
    return rivals and one.touches(other.start, other.end) and one.probability < other.probability


def _marks(slot: str, shares: Floats, own: Pieces, text: str) -> Iterator[Marked]:
    """The stretches of a turn that likely give ``slot``; ``shares`` [pieces, 3]."""
    within = 1 - shares[:, OUTSIDE]
    start = None
    for place in range(len(shares) + 1):
        inside = place < len(shares) and within[place] >= _LEAST
        begins = inside and shares[place, BEGINS] > shares[place, INSIDE]
        if start is not None and (not inside or begins):
            mark = _mark(slot, within[start:place], own.spans[start][0], own.spans[place - 1][1], text)
            if mark is not None:
                yield mark
            start = None
        if inside and start is None:
            start = place


def _mark(slot: str, within: Floats, start: int, end: int, text: str) -> Marked | None:
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    if start >= end or within.max() < _SURE:
        return None
    return Marked(slot, start, end, round(float(within.mean()), 3))


def _whole_words(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The characters ``start:end`` and what is left of the words that they begin and end in."""
    last = 0
    for word in words:
        first, last = last, last + len(word)
        if first < start < last:
            start = first
        if first < end < last:
            end = last
    return start, end


@cache
def load_tagger() -> Tagger | None:
    """The tagger of the project, opened once; None where its model is not on this machine: rules do without."""
    if models.problems(ARTEFACT):
        return None
    folder = models.directory(ARTEFACT)
    return Tagger((folder / FILE).read_bytes(), models.RANKER / "tokenizer.json", models.TAGGER / "adapter.npz")
