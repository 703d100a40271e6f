"""Qwen2.5 out of a GGUF file: file in, sizes, word pieces, their merges and weights out.

The layout is that of llama.cpp, which the package gguf reads; weights are kept in blocks of four to eight bits and come
out in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize
from numpy.typing import NDArray

from models.registry import ModelError

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of the network. ``key_heads``: heads of keys and values, each shared by several of ``heads``."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    key_heads: int
    epsilon: float
    rotary_base: float


class Qwen:
    """The opened file. ``pieces`` are written as its byte-level tokenizer writes them, ``merges`` in their order."""

    def __init__(self, path: Path) -> None:
        """Raises `ModelError` when ``path`` is no GGUF file of this architecture."""
        try:
            reader = GGUFReader(path)
            told = {
                name: reader.fields[f"qwen2.{key}"].contents()
                for name, key in {
                    "layers": "block_count",
                    "hidden": "embedding_length",
                    "intermediate": "feed_forward_length",
                    "heads": "attention.head_count",
                    "key_heads": "attention.head_count_kv",
                    "rotary_base": "rope.freq_base",
                    "epsilon": "attention.layer_norm_rms_epsilon",
                }.items()
            }
            self.pieces: Sequence[str] = reader.fields["tokenizer.ggml.tokens"].contents()
            self.merges: Sequence[str] = reader.fields["tokenizer.ggml.merges"].contents()
        except (KeyError, ValueError, IndexError) as error:
            raise ModelError(f"{path.name} is no GGUF file of Qwen2.5: {error}") from error
        told["epsilon"] = float(f"{told['epsilon']:.6g}")  # 1e-6, which float32 cannot hold
        self.sizes = Sizes(**told)
        self._tensors = {tensor.name: tensor for tensor in reader.tensors}

    def weight(self, name: str) -> Floats:
        """A matrix, outputs by inputs, or a vector. Raises ``KeyError`` for one that the file lacks."""
        tensor: Any = self._tensors[name]
        return np.array(dequantize(tensor.data, tensor.tensor_type), np.float32)

    def embeddings(self, numbers: Sequence[int]) -> Floats:
        """The vectors of the pieces ``numbers``, which are also the weights of what is written next."""
        name = "output.weight" if "output.weight" in self._tensors else "token_embd.weight"
        tensor: Any = self._tensors[name]
        rows = tensor.data[np.asarray(numbers)]
        return np.array(dequantize(rows, tensor.tensor_type), np.float32)
