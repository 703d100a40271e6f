"""What multilingual-e5-small makes of single word pieces: the start of the ranker's vectors (as in model2vec)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from models.e5 import E5

_TOGETHER = 512


def word_vectors(e5: E5, numbers: Sequence[int], done: Callable[[int], None]) -> Tensor:
    """The mean of e5's last layer over begin, piece and end for each piece of ``numbers``, [pieces, hidden].

    ``done`` is called with the number of pieces after each step. 25 s on one core.
    """
    network = _Network(e5, numbers)
    found = []
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(numbers), _TOGETHER):
            pieces = torch.arange(start, min(len(numbers), start + _TOGETHER))
            begin, end = torch.full_like(pieces, e5.sizes.begin), torch.full_like(pieces, e5.sizes.end)
            found.append(network.mean(torch.stack([begin, pieces, end], dim=1)))
            done(len(pieces))
    return torch.cat(found).float().clone()


class _Network:
    """e5's BERT, for texts of one length."""

    def __init__(self, e5: E5, numbers: Sequence[int]) -> None:
        self._e5 = e5
        self._words = torch.from_numpy(e5.embeddings(numbers))
        sizes = e5.sizes
        places = e5.floats("emb.pos", sizes.positions, sizes.hidden) + e5.floats("emb.type", 2, sizes.hidden)[:1]
        self._places = torch.from_numpy(places)
        size, inner = sizes.hidden, sizes.intermediate
        shapes = {"q": (size, size), "k": (size, size), "v": (size, size), "ao": (size, size)}
        shapes |= {"fi": (inner, size), "fo": (size, inner)}
        self._linear = {
            (layer, name): (
                torch.from_numpy(e5.matrix(f"l{layer}.{name}.w", *shape)),
                torch.from_numpy(e5.floats(f"l{layer}.{name}.b", shape[0]).copy()),
            )
            for layer in range(sizes.layers)
            for name, shape in shapes.items()
        }

    def mean(self, ids: Tensor) -> Tensor:
        """``ids`` [rows, length] to the mean of the last layer, [rows, hidden]."""
        sizes = self._e5.sizes
        rows, length = ids.shape
        x = self._normed(self._words[ids] + self._places[:length], "emb.ln")
        for layer in range(sizes.layers):
            heads = [
                functional.linear(x, *self._linear[layer, name]).view(rows, length, sizes.heads, -1).transpose(1, 2)
                for name in ("q", "k", "v")
            ]
            seen = functional.scaled_dot_product_attention(*heads).transpose(1, 2).reshape(rows, length, sizes.hidden)
            x = self._normed(x + functional.linear(seen, *self._linear[layer, "ao"]), f"l{layer}.aln")
            up = functional.gelu(functional.linear(x, *self._linear[layer, "fi"]))
            x = self._normed(x + functional.linear(up, *self._linear[layer, "fo"]), f"l{layer}.oln")
        return x.mean(dim=1)

    def _normed(self, x: Tensor, name: str) -> Tensor:
        size = self._e5.sizes.hidden
        weight, bias = (torch.from_numpy(self._e5.floats(f"{name}.{part}", size).copy()) for part in ("w", "b"))
        return functional.layer_norm(x, (size,), weight, bias, self._e5.sizes.epsilon)
