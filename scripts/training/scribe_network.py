"""Qwen2.5 in torch, its linear parts changed by adapters that are trained (LoRA, Hu et al. 2021).

An adapter is added to its part's weights once a step, not to what comes out of the part: so a step reads and writes as
much as the network alone would.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from transformers import Qwen2Config, Qwen2ForCausalLM

from models.qwen import Qwen
from models.qwen_decoder import PARTS
from models.qwen_pieces import kept

_ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")


class _Product(torch.autograd.Function):
    """``inputs`` times the changed ``weight``; what is learned goes to ``down`` and ``up``."""

    @staticmethod
    def forward(
        ctx: Any, inputs: Tensor, weight: Tensor, bias: Tensor | None, down: Tensor, up: Tensor, scale: float
    ) -> Tensor:
        ctx.save_for_backward(inputs, weight, down, up)
        ctx.scale = scale
        return functional.linear(inputs, weight, bias)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        inputs, weight, down, up = ctx.saved_tensors
        rows, wanted = inputs.flatten(0, -2), gradient.flatten(0, -2)
        within = rows @ down.to(rows.dtype).t()
        for_up = (wanted.t() @ within).float() * ctx.scale
        for_down = ((wanted @ up.to(rows.dtype)).t() @ rows).float() * ctx.scale
        return gradient @ weight, None, None, for_down, for_up, None


class Changed(nn.Module):
    """A linear part with an adapter of ``rank``, which counts ``scale`` times."""

    def __init__(self, part: nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.register_buffer("base", part.weight.data, persistent=False)
        self.register_buffer("bias", None if part.bias is None else part.bias.data, persistent=False)
        self.register_buffer("weight", part.weight.data.clone(), persistent=False)
        self.down = nn.Parameter(torch.empty(rank, part.in_features))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))
        self.up = nn.Parameter(torch.zeros(part.out_features, rank))
        self.scale = scale

    @torch.no_grad()
    def merge(self) -> None:
        """Let the part compute with the adapter as it is now."""
        whole = torch.addmm(self.base.float(), self.up, self.down, alpha=self.scale)
        self.weight = whole.to(self.base.dtype)

    def forward(self, inputs: Tensor) -> Tensor:
        """``inputs`` through the part."""
        return _Product.apply(inputs, self.weight, self.bias, self.down, self.up, self.scale)


class Writer(nn.Module):
    """The network: numbers of word pieces in, log-odds of what comes behind some of them out."""

    def __init__(self, path: Path, rank: int, scale: float, kind: torch.dtype) -> None:
        super().__init__()
        qwen = Qwen(path)
        self.kept = kept(qwen)
        self.network = _network(qwen).to(kind)
        for parameter in self.network.parameters():
            parameter.requires_grad = False
        for layer in self.network.model.layers:
            for name in PARTS:
                part = layer.self_attn if name in _ATTENTION else layer.mlp
                setattr(part, name, Changed(getattr(part, name), rank, scale))

    def forward(self, numbers: Tensor, places: Tensor) -> Tensor:
        """``numbers`` ``[length]``, ``places`` of those behind which it is asked ``[count]``; out ``[count,
        vocabulary]``.
        """
        hidden = self.network.model(input_ids=numbers[None], use_cache=False).last_hidden_state[0, places]
        scores: Tensor = self.network.lm_head(hidden)
        return scores.float()

    def changed(self) -> Iterator[tuple[str, Changed]]:
        """The parts with adapters, named ``<layer>.<part>``."""
        for number, layer in enumerate(self.network.model.layers):
            for name in PARTS:
                yield f"{number}.{name}", getattr(layer.self_attn if name in _ATTENTION else layer.mlp, name)

    def merge(self) -> None:
        """Let all parts compute with their adapters as they are now."""
        for _, part in self.changed():
            part.merge()

    @torch.no_grad()
    def load(self, path: Path) -> None:
        """Go on from the adapters that `save` wrote. Raises SystemExit where ``path`` has none, or of another rank."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as told:
                found = {name: told[name].astype(np.float32) for name in told.files}
            both = [(part, found[f"{name}.down"], found[f"{name}.up"]) for name, part in self.changed()]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise SystemExit(f"{path} is no adapter of the scribe: {error}") from None
        for part, down, up in both:
            if down.shape != part.down.shape or up.shape != part.up.shape:
                raise SystemExit(f"{path} has rank {len(down)}, not {len(part.down)}: give --rank {len(down)}")
            part.down.copy_(torch.from_numpy(down))
            part.up.copy_(torch.from_numpy(up) / part.scale)
        self.merge()

    def save(self, path: Path) -> None:
        """Write the adapters, the scale in ``up``, as `models.qwen_decoder` reads them."""
        told: dict[str, NDArray[Any]] = {"pieces": np.array(self.kept, np.uint32)}
        for name, part in self.changed():
            told[f"{name}.down"] = part.down.detach().numpy().astype(np.float16)
            told[f"{name}.up"] = (part.up.detach() * part.scale).numpy().astype(np.float16)
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **told)


def _network(qwen: Qwen) -> Qwen2ForCausalLM:
    sizes = qwen.sizes
    made = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(qwen.pieces),
            hidden_size=sizes.hidden,
            intermediate_size=sizes.intermediate,
            num_hidden_layers=sizes.layers,
            num_attention_heads=sizes.heads,
            num_key_value_heads=sizes.key_heads,
            rms_norm_eps=sizes.epsilon,
            rope_parameters={"rope_type": "default", "rope_theta": sizes.rotary_base},
            tie_word_embeddings=True,
        )
    )
    weights = {
        "model.embed_tokens.weight": qwen.embeddings(range(len(qwen.pieces))),
        "model.norm.weight": qwen.weight("output_norm.weight"),
    }
    for number in range(sizes.layers):
        ours, theirs = f"model.layers.{number}", f"blk.{number}"
        weights[f"{ours}.input_layernorm.weight"] = qwen.weight(f"{theirs}.attn_norm.weight")
        weights[f"{ours}.post_attention_layernorm.weight"] = qwen.weight(f"{theirs}.ffn_norm.weight")
        for name, own in PARTS.items():
            part = f"{ours}.{'self_attn' if name in _ATTENTION else 'mlp'}.{name}"
            weights[f"{part}.weight"] = qwen.weight(f"{theirs}.{own}.weight")
            if name in ("q_proj", "k_proj", "v_proj"):
                weights[f"{part}.bias"] = qwen.weight(f"{theirs}.{own}.bias")
    made.load_state_dict({name: torch.from_numpy(weight) for name, weight in weights.items()}, strict=False)
    made.tie_weights()
    return made
