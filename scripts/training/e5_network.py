"""multilingual-e5-small, or its first layers, as torch computes it: word pieces in, a vector for each of them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.e5 import E5
from models.e5_encoder import PARTS, places, shape, weight


class Frozen(nn.Module):
    """A linear part that is not trained."""

    def __init__(self, base: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("base", base)
        self.register_buffer("bias", bias)

    def forward(self, x: Tensor) -> Tensor:
        """``x`` through the part."""
        return functional.linear(x, self.base, self.bias)


class E5Network(nn.Module):
    """The first ``layers`` of e5 over the word pieces ``numbers``; ``part`` makes of weights and bias a linear part."""

    def __init__(
        self,
        e5: E5,
        numbers: Sequence[int],
        layers: int,
        part: Callable[[Tensor, Tensor], nn.Module] = Frozen,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.sizes = e5.sizes
        self.register_buffer("words", torch.from_numpy(e5.embeddings(numbers)))
        self.register_buffer("places", torch.from_numpy(places(e5)))
        self.layers = nn.ModuleList(
            nn.ModuleDict({name: part(*_linear(e5, layer, name)) for name in PARTS}) for layer in range(layers)
        )
        names = ["emb.ln", *(f"l{layer}.{name}" for layer in range(layers) for name in ("aln", "oln"))]
        self.norms = nn.ModuleDict({name.replace(".", "_"): _norm(e5, name) for name in names})
        self.dropout = nn.Dropout(dropout)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """``ids`` and ``mask`` (True where there is a piece), [rows, length], to [rows, length, hidden]."""
        rows, length = ids.shape
        seen = None if mask is None else mask[:, None, None, :]
        x: Tensor = self.norms["emb_ln"](self.words[ids] + self.places[:length])
        for number, layer in enumerate(self.layers):
            heads = [layer[part](x).view(rows, length, self.sizes.heads, -1).transpose(1, 2) for part in "qkv"]
            looked = functional.scaled_dot_product_attention(*heads, attn_mask=seen)
            looked = layer["ao"](looked.transpose(1, 2).reshape(rows, length, -1))
            x = self.norms[f"l{number}_aln"](x + self.dropout(looked))
            x = self.norms[f"l{number}_oln"](x + self.dropout(layer["fo"](functional.gelu(layer["fi"](x)))))
        return x


def _linear(e5: E5, layer: int, part: str) -> tuple[Tensor, Tensor]:
    bias = e5.floats(f"l{layer}.{part}.b", shape(part, e5.sizes)[0])
    return torch.from_numpy(weight(e5, layer, part).copy()), torch.from_numpy(bias.copy())


def _norm(e5: E5, name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(e5.sizes.hidden, eps=e5.sizes.epsilon)
    with torch.no_grad():
        norm.weight.copy_(torch.from_numpy(e5.floats(f"{name}.w", e5.sizes.hidden).copy()))
        norm.bias.copy_(torch.from_numpy(e5.floats(f"{name}.b", e5.sizes.hidden).copy()))
    return norm.requires_grad_(False)
