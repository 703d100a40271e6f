"""A GGUF file of a Qwen2 that is small enough for tests, its weights drawn by chance."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from gguf import GGUFWriter

from models.qwen_pieces import END, letters

LAYERS, HIDDEN, INTERMEDIATE, HEADS, KEY_HEADS = 2, 32, 64, 4, 2
WORDS = ("烧烤", "烧烤店", "店", "公園", "hello")


def merged(word: str) -> list[str]:
    """``word`` as byte-level pieces write it, merged from the left."""
    by_byte = {byte: letter for letter, byte in letters().items()}
    spelled = [by_byte[byte] for byte in word.encode()]
    return ["".join(spelled[:end]) for end in range(1, len(spelled) + 1)]


def write(path: Path, seed: int = 1) -> None:
    """Write the file."""
    chance = np.random.default_rng(seed)
    pieces, merges = sorted(letters()), []
    for word in WORDS:
        steps = merged(word)
        for before, after in pairwise(steps):
            if after not in pieces:
                pieces.append(after)
                merges.append(f"{before} {after[len(before) :]}")
    pieces.append(END)
    writer = GGUFWriter(path, "qwen2")
    writer.add_block_count(LAYERS)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INTERMEDIATE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(pieces)
    writer.add_token_merges(merges)
    keys = HIDDEN // HEADS * KEY_HEADS
    shapes = {
        "token_embd.weight": (len(pieces), HIDDEN),
        "output_norm.weight": (HIDDEN,),
        **{
            f"blk.{layer}.{name}": shape
            for layer in range(LAYERS)
            for name, shape in {
                "attn_norm.weight": (HIDDEN,),
                "ffn_norm.weight": (HIDDEN,),
                "attn_q.weight": (HIDDEN, HIDDEN),
                "attn_q.bias": (HIDDEN,),
                "attn_k.weight": (keys, HIDDEN),
                "attn_k.bias": (keys,),
                "attn_v.weight": (keys, HIDDEN),
                "attn_v.bias": (keys,),
                "attn_output.weight": (HIDDEN, HIDDEN),
                "ffn_gate.weight": (INTERMEDIATE, HIDDEN),
                "ffn_up.weight": (INTERMEDIATE, HIDDEN),
                "ffn_down.weight": (HIDDEN, INTERMEDIATE),
            }.items()
        },
    }
    for name, shape in shapes.items():
        around = 1.0 if "norm" in name else 0.0
        writer.add_tensor(name, (around + chance.normal(size=shape) * 0.2).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
