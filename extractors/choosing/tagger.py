"""Which words of a turn give which slot: a turn and what was said before it in, marked words with probabilities out.

A small encoder (first layers of multilingual-e5-small, `models.e5_encoder`) reads the turn behind the last ones before
it, each with its speaker, and says of every word piece and slot how likely the slot's words begin or go on there. What
it learned from and how well it marks stands in ``models/tagger/card.md``; `scripts/train tagger` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TypeAlias

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

import models
from extractors.slots.marked import SLOTS, Marked, Marking
from extractors.text.general_words import general_segmenter
from extractors.turn import Speaker, Turn
from models.pieces import vocabulary

Floats: TypeAlias = NDArray[np.float32]

ARTEFACT, FILE = "call-tagger", "model.bin"
BEGIN, END, UNKNOWN = (
    0,
    2,
    3,
)  # numbers of the word pieces that open a text, close a turn, and stand for a rare character
LENGTH = 96  # word pieces that are read at once
OUTSIDE, BEGINS, INSIDE = range(3)  # what a word piece may be to a slot
_SPEAKERS = {Speaker.AGENT: "坐席：", Speaker.CITIZEN: "市民："}
_SURE = (0.3, 0.5)  # probabilities from which a word piece goes on what a slot says, and makes it worth saying
_UNSURE = (0.12, 0.15)  # the same for words where nothing surer stands: what is said elsewhere may speak for them
_EDGES = "，。！？、；：,.!?;: 　“”「」『』《》"


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
    """Marks the words of turns. What it says depends on the texts alone.

    Raises ``ValueError`` for heads that were trained for other slots or do not tell which words a wish keeps.
    """

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
        self._words = general_segmenter()
        self._cut = lru_cache(maxsize=1024)(partial(cut, self._tokenizer))
        self._marks = lru_cache(maxsize=64)(self._mark)  # a further matter's turns are read behind the same ones again
        with np.load(heads, allow_pickle=False) as file:
            if tuple(map(str, file["slots"])) != SLOTS or "kept.weight" not in file.files:
                raise ValueError(
                    f"{heads} marks other slots or tells nothing of wishes: `scripts/train tagger` makes it anew"
                )
            self._weight, self._bias = file["weight"].astype(np.float32), file["bias"].astype(np.float32)
            self._keeps = tuple(file[f"kept.{part}"].astype(np.float32) for part in ("weight", "bias"))

    def marked(self, before: Sequence[Turn], turn: Turn) -> Marking:
        """The words of ``turn`` that give a slot."""
        recent = [self._cut(one.speaker, one.text) for one in (*before[-8:], turn)]
        return self._marks(tuple(recent[-window(recent) :]), turn.text)

    def _mark(self, recent: tuple[Pieces, ...], text: str) -> Marking:
        """The words of ``text``, the last of ``recent``, that give a slot."""
        own = recent[-1]
        ids = [BEGIN, *(number for one in recent for number in one.ids)]
        first = len(ids) - len(own.ids)
        # a turn longer than what is read at once is marked up to there
        hidden = np.asarray(self._encoder.forward_batch([ids[:LENGTH]]).last_hidden_state, np.float32)[0, first:]
        scores = (hidden @ self._weight.T + self._bias).reshape(len(hidden), len(SLOTS), 3)
        odds = np.exp(scores - scores.max(axis=2, keepdims=True))
        shares = odds / odds.sum(axis=2, keepdims=True)
        within = 1 - shares[:, :, OUTSIDE]
        words = self._words.cut(text)
        marks = [
            replace(mark, start=start, end=end)
            for number, slot in enumerate(SLOTS)
            if within[:, number].max() >= _UNSURE[1]
            for mark in _marks(slot, within[:, number], shares[:, number], own, text)
            for start, end in [_whole_words(words, mark.start, mark.end)]
        ]
        weight, bias = self._keeps
        kept = 1 / (1 + np.exp(-(hidden @ weight + bias)))
        return Marking(
            tuple(marks),
            _by_character(within, own.spans, len(text)),
            _by_character(kept[:, None], own.spans, len(text))[:, 0],
        )


def _by_character(within: Floats, spans: Sequence[tuple[int, int]], length: int) -> Floats:
    """What is said of word pieces, of each of ``length`` characters."""
    likely = np.zeros((length, within.shape[1]), np.float32)
    for row, (start, end) in zip(within, spans, strict=False):
        likely[start:end] = row
    return likely


def _marks(slot: str, within: Floats, shares: Floats, own: Pieces, text: str) -> Iterator[Marked]:
    """The stretches of a turn that may give ``slot``: ``within``, how likely each piece does; ``shares`` [pieces, 3],
    what it is to the slot.
    """
    likely = _bridged(within, own.ids)
    begins = shares[:, BEGINS] > shares[:, INSIDE]
    taken = np.zeros(len(likely), bool)
    for least, sure in (_SURE, _UNSURE):
        for start, end in _stretches((likely >= least) & ~taken, begins):
            beside = least != _SURE[0] and taken[max(0, start - 1) : end + 1].any()
            if beside or likely[start:end].max() < sure:
                continue
            taken[start:end] = True
            first, last = _trimmed(text, own.spans[start][0], own.spans[end - 1][1])
            if first < last:
                yield Marked(slot, first, last, float(likely[start:end].mean()))


def _bridged(likely: Floats, ids: Sequence[int]) -> Floats:
    """A character that the encoder does not know goes with its neighbours."""
    bridged = likely.copy()
    for place, number in enumerate(ids[1:-1], 1):
        if number == UNKNOWN:
            bridged[place] = max(likely[place], min(likely[place - 1], likely[place + 1]))
    return bridged


def _stretches(inside: NDArray[np.bool_], begins: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    start = None
    for place in range(len(inside) + 1):
        goes_on = place < len(inside) and inside[place]
        if start is not None and (not goes_on or begins[place]):
            yield start, place
            start = None
        if goes_on and start is None:
            start = place


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end


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
