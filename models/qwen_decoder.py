"""Qwen2.5, changed by an adapter, as a decoder that CTranslate2 runs in 8 bits.

In: a GGUF file and an adapter (LoRA: ``<layer>.<part>.down`` and ``.up``, parts as in `PARTS`; ``pieces``, the numbers
of the word pieces that are kept, `models.qwen_pieces`). Out: ``model.bin``, what CTranslate2 reads beside it, and the
tokenizer. Every machine makes the same bytes of the same files.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from ctranslate2.specs import common_spec, transformer_spec
from numpy.typing import NDArray

from models.qwen import Qwen
from models.qwen_pieces import END, tokenizer

Floats: TypeAlias = NDArray[np.float32]
Changes: TypeAlias = Mapping[str, NDArray[np.float64]]

PARTS = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
"""Linear parts of a layer as transformers names them, and as the file does."""


@contextmanager
def opened(raw: bytes) -> Iterator[Qwen]:
    """The file whose content is ``raw``. Raises `ModelError`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.gguf"
        path.write_bytes(raw)
        yield Qwen(path)


def pieces(raw: bytes, adapter: Path) -> bytes:
    """``tokenizer.json`` for the decoder made of the same files. Raises `ModelError`, ``KeyError``."""
    with np.load(adapter, allow_pickle=False) as file, opened(raw) as qwen:
        return tokenizer(qwen, file["pieces"].tolist())


def vocabulary(raw: bytes, adapter: Path) -> bytes:
    """``vocabulary.json``: those word pieces in their order. Raises `ModelError`, ``KeyError``."""
    with np.load(adapter, allow_pickle=False) as file, opened(raw) as qwen:
        return json.dumps([qwen.pieces[number] for number in file["pieces"].tolist()]).encode()


def settings(raw: bytes, _adapter: Path) -> bytes:
    """``config.json``, which CTranslate2 reads beside the weights. Raises `ModelError`."""
    with opened(raw) as qwen:
        names = dict.fromkeys(("bos_token", "eos_token", "unk_token"), END)
        return json.dumps({**names, "layer_norm_epsilon": qwen.sizes.epsilon}).encode()


def decoder(raw: bytes, adapter: Path) -> bytes:
    """``model.bin`` of the Qwen in ``raw`` with the changes in ``adapter``. Raises `ModelError`, ``KeyError``."""
    with np.load(adapter, allow_pickle=False) as file:
        changes = {name: file[name].astype(np.float64) for name in file.files if name.endswith((".down", ".up"))}
        numbers = file["pieces"].tolist()
    with opened(raw) as qwen:
        sizes = qwen.sizes
        spec = transformer_spec.TransformerDecoderModelSpec.from_config(
            sizes.layers,
            sizes.heads,
            activation=common_spec.Activation.SWISH,
            ffn_glu=True,
            rms_norm=True,
            rotary_dim=0,
            rotary_interleave=False,
            rotary_base=sizes.rotary_base,
            num_heads_kv=sizes.key_heads,
        )
        _fill(spec.decoder, qwen, numbers, changes)
        spec.register_vocabulary([qwen.pieces[number] for number in numbers])
    spec.config.bos_token = spec.config.eos_token = spec.config.unk_token = END
    spec.config.layer_norm_epsilon = sizes.epsilon
    spec.validate()
    spec.optimize(quantization="int8")
    with tempfile.TemporaryDirectory() as folder:
        spec.save(folder)
        return (Path(folder) / "model.bin").read_bytes()


def _fill(made: Any, qwen: Qwen, numbers: Sequence[int], changes: Changes) -> None:
    made.scale_embeddings = False
    made.embeddings.weight = made.projection.weight = qwen.embeddings(numbers)
    made.layer_norm.gamma = qwen.weight("output_norm.weight")
    for number, layer in enumerate(made.layer):
        weights = {part: _changed(qwen, number, part, changes) for part in PARTS}
        attention, ffn = layer.self_attention, layer.ffn
        attention.linear[0].weight = np.concatenate([weights[f"{part}_proj"] for part in "qkv"])
        attention.linear[0].bias = np.concatenate([qwen.weight(f"blk.{number}.attn_{part}.bias") for part in "qkv"])
        attention.linear[1].weight = weights["o_proj"]
        ffn.linear_0.weight = weights["gate_proj"]
        ffn.linear_0_noact.weight = weights["up_proj"]
        ffn.linear_1.weight = weights["down_proj"]
        attention.layer_norm.gamma = qwen.weight(f"blk.{number}.attn_norm.weight")
        ffn.layer_norm.gamma = qwen.weight(f"blk.{number}.ffn_norm.weight")


def _changed(qwen: Qwen, layer: int, part: str, changes: Changes) -> Floats:
    base = qwen.weight(f"blk.{layer}.{PARTS[part]}.weight")
    down, up = changes.get(f"{layer}.{part}.down"), changes.get(f"{layer}.{part}.up")
    if down is None or up is None:
        return base
    whole = base.astype(np.float64)
    # summed one rank after the other, so that every machine rounds alike
    for rank in range(down.shape[0]):
        whole += np.multiply.outer(up[:, rank], down[rank])
    return whole.astype(np.float32)
