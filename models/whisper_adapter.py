"""A low-rank adapter for a CTranslate2 Whisper model: which part of ``model.bin`` each of its matrices belongs to.

An adapter (LoRA, Hu et al. 2021) holds for each adapted linear layer two small matrices, ``down`` ``[rank, in]`` and
``up`` ``[out, rank]``, the scale already in ``up``; the layer's weight becomes ``weight + up @ down``. Layers are named
as in transformers ("encoder.layers.0.self_attn.q_proj"); CTranslate2 keeps query, key and value of one attention in
one matrix, one below the other. The file is an ``.npz`` of float16, two entries a layer: ``NAME.down``, ``NAME.up``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models import model_bin
from models.model_bin import UnknownLayoutError

Floats: TypeAlias = NDArray[np.float32]

PARTS = {
    "self_attn.q_proj": ("self_attention/linear_0", 0, 3),
    "self_attn.k_proj": ("self_attention/linear_0", 1, 3),
    "self_attn.v_proj": ("self_attention/linear_0", 2, 3),
    "self_attn.out_proj": ("self_attention/linear_1", 0, 1),
    "encoder_attn.q_proj": ("attention/linear_0", 0, 1),
    "encoder_attn.k_proj": ("attention/linear_1", 0, 2),
    "encoder_attn.v_proj": ("attention/linear_1", 1, 2),
    "encoder_attn.out_proj": ("attention/linear_2", 0, 1),
    "fc1": ("ffn/linear_0", 0, 1),
    "fc2": ("ffn/linear_1", 0, 1),
}
_LAYER = re.compile(r"(encoder|decoder)\.layers\.(\d+)\.(.+)")


def place(layer: str) -> tuple[str, int, int]:
    """Variable of ``model.bin`` that holds ``layer``, which of its blocks of rows, and how many blocks it has.

    Raises ``KeyError`` for a layer that Whisper does not have.
    """
    found = _LAYER.fullmatch(layer)
    if found is None or found[3] not in PARTS:
        raise KeyError(layer)
    part, block, blocks = PARTS[found[3]]
    return f"{found[1]}/layer_{found[2]}/{part}/weight", block, blocks


def read_adapter(path: Path) -> dict[str, tuple[Floats, Floats]]:
    """``(down, up)`` of each layer in the file. Raises ``OSError``, ``ValueError`` or ``KeyError`` for another file."""
    with np.load(path, allow_pickle=False) as entries:
        layers = [name.removesuffix(".down") for name in entries.files if name.endswith(".down")]
        return {
            layer: (entries[f"{layer}.down"].astype(np.float32), entries[f"{layer}.up"].astype(np.float32))
            for layer in layers
        }


def adapted(model: bytes, adapter: Mapping[str, tuple[Floats, Floats]]) -> bytes:
    """``model.bin`` with the adapter's changes added to its weights, in the precision they are kept in (float16).

    Raises `UnknownLayoutError` where the model lacks a layer of the adapter or has it in another shape.
    """
    whole = model_bin.read(model)
    changes: dict[str, list[tuple[int, int, Floats]]] = {}
    for layer, (down, up) in adapter.items():
        name, block, blocks = place(layer)
        # summed one rank after the other, so that every machine rounds alike
        change = np.zeros((up.shape[0], down.shape[1]), np.float64)
        for rank in range(down.shape[0]):
            change += np.multiply.outer(up[:, rank].astype(np.float64), down[rank].astype(np.float64))
        changes.setdefault(name, []).append((block, blocks, change.astype(np.float32)))
    known = {variable.name for variable in whole.variables}
    if missing := sorted(changes.keys() - known):
        raise UnknownLayoutError(f"the model has no {missing[0]}")
    return replace(
        whole,
        variables=tuple(
            variable.with_array(_changed(variable, changes[variable.name])) if variable.name in changes else variable
            for variable in whole.variables
        ),
    ).written()


def _changed(variable: model_bin.Variable, changes: list[tuple[int, int, Floats]]) -> Floats:
    weight = variable.array.astype(np.float32)
    for block, blocks, change in changes:
        rows = weight.shape[0] // blocks
        if change.shape != (rows, *weight.shape[1:]):
            raise UnknownLayoutError(f"{variable.name} has another shape than the adapter expects")
        weight[block * rows : (block + 1) * rows] += change
    return weight
