"""What a text means, as a vector: texts that mean the same lie in the same direction. Microseconds a text.

The vector of a text is the sum of learned vectors of what it consists of: word pieces, pairs of characters, and pairs
of sounds with southern confusions merged, so that misheard characters still count. Sums of turns are the vector of a
call.
What is learned lies in ``models/ranker``; `scripts/train ranker` makes it, its card tells from what and how well.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

import models
from extractors.text.cues import by_sound

Floats: TypeAlias = NDArray[np.float32]

_NOT_SAID = re.compile(r"\W+")
_SAID = re.compile(r"(?!<.*>$).*\w.*")
_TOKENIZER, _WEIGHTS = "tokenizer.json", "weights.npz"


class Features:
    """Numbers what a text consists of: word pieces first, then ``buckets`` for pairs of characters and as many for
    pairs of sounds; pairs share a bucket where their hashes agree. ``size`` is how many numbers there are.
    """

    def __init__(self, tokenizer: Tokenizer, buckets: int) -> None:
        self._tokenizer = tokenizer
        self._pieces = tokenizer.get_vocab_size()
        self._buckets = buckets
        self.size = self._pieces + 2 * buckets
        self._mute = frozenset(
            number for piece, number in tokenizer.get_vocab().items() if not _SAID.fullmatch(piece)
        )  # punctuation and what stands for no text

    def of(self, text: str) -> list[int]:
        """The numbers of ``text``, repeated ones as often as they stand."""
        said = _NOT_SAID.sub("", text)
        return [
            *(number for number in self._tokenizer.encode(text).ids if number not in self._mute),
            *self._hashed(said, self._pieces),
            *self._hashed(by_sound(said), self._pieces + self._buckets),
        ]

    def _hashed(self, text: str, first: int) -> Iterable[int]:
        for at in range(len(text) - 1):
            yield first + zlib.crc32(text[at : at + 2].encode()) % self._buckets


class Encoder:
    """The learned vectors. ``size`` is theirs; ``fingerprint`` tells what was learned apart from other such."""

    def __init__(self, folder: Path) -> None:
        data = (folder / _WEIGHTS).read_bytes()
        self.fingerprint = hashlib.sha256(data + (folder / _TOKENIZER).read_bytes()).hexdigest()[:12]
        with np.load(folder / _WEIGHTS) as file:
            self._codes: NDArray[np.int8] = file["codes"]
            self._scales = file["scales"].astype(np.float32)
            buckets = int(file["buckets"])
        self.size = self._codes.shape[1]
        self._features = Features(Tokenizer.from_file(str(folder / _TOKENIZER)), buckets)

    def of(self, text: str) -> Floats:
        """The vector of ``text``, longer the more it says; what is said again adds nothing. Zero without words."""
        numbers = list(dict.fromkeys(self._features.of(text)))
        return np.asarray(self._scales[numbers] @ self._codes[numbers], np.float32)

    def directions(self, texts: Sequence[str]) -> Floats:
        """The vectors of ``texts``, each of length 1, as rows."""
        found = np.empty((len(texts), self.size), np.float32)
        for number, text in enumerate(texts):
            found[number] = self.of(text)
        return unit(found)


def unit(vectors: Floats) -> Floats:
    """``vectors`` (rows) brought to length 1; zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


@cache
def load_encoder() -> Encoder:
    """The encoder of the project; opened once."""
    return Encoder(models.RANKER)


def write(folder: Path, tokenizer: Tokenizer, buckets: int, vectors: Floats) -> None:
    """Keep what was learned: ``vectors`` [features, size] in whole numbers of 8 bits with a scale each."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127
    codes = np.rint(vectors / scales[:, None]).astype(np.int8)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / _TOKENIZER), pretty=False)
    np.savez(folder / _WEIGHTS, codes=codes, scales=scales.astype(np.float32), buckets=np.array(buckets))
