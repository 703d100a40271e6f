"""Whisper's text decoder as ONNX graphs with 8-bit weights: the decoder's variables in, two graphs out.

ONNX Runtime lays constant weights out for the processor once, when it loads them. Each weight is cut to 8 bits, one
scale an output; what is multiplied with it is cut at run time. The first graph makes the keys and values of an encoded
window, once for all steps; the second is a step: it takes new tokens, of one reading or of several side by side, and
which of all the tokens before each of them sees. So readings share what they have in common, and going on from another
one moves nothing.

Names: N new tokens, P tokens before, of all readings, L = P + N, T encoder frames, H heads, D numbers a head, W = H·D.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from models import model_bin
from models.model_bin import UnknownLayoutError
from models.onnx_graph import GraphBuilder

Floats = NDArray[np.float32]

_LAYER = re.compile(r"decoder/layer_(\d+)/")
_LEVELS = 90  # of a weight's 8 bits: where AVX2 adds two products in 16 bits, those of 127 levels overflow
NEVER = -1e9  # added to the log odds of a token that must not be written


@dataclass(frozen=True, slots=True)
class Graphs:
    """``memory``: ``encoded [T, W]`` in; ``ck0 [H, 1, D, T]``, ``cv0 [H, 1, T, D]`` … out, a pair a layer.

    ``step``: ``tokens [N]``, ``positions [N]``, ``mask [N, L]`` (added to what each sees of those before and of one
    another), ``top`` (how many tokens to tell), the memory and the past ``pk0, pv0 [H, P, D]`` … in; the next past
    ``nk0, nv0 [H, L, D]`` …, ``logits [N, scored]``, the likeliest tokens ``top_ids``, their log-probabilities
    ``top_values [N, top]``, and ``attention [heads told, N, 1, T]``, before it is made to sum to one, out.
    """

    memory: bytes
    step: bytes
    layers: int
    heads: int
    width: int
    scored: int


def graphs(model: bytes, told: Sequence[Sequence[int]], never: Sequence[int], scored: int) -> Graphs:
    """The graphs of the decoder in ``model``, a ``model.bin`` of Whisper.

    ``told``: layer and head of each cross-attention to hand on; ``never``: tokens that are never among the likeliest;
    ``scored``: how many tokens, the first ones, have a score. Raises `UnknownLayoutError` for a model of another
    layout.
    """
    try:
        variables = _variables(model)
        heads = int(variables["decoder/num_heads"])
        layers = 1 + max(int(found[1]) for name in variables if (found := _LAYER.match(name)))
        width = variables["decoder/embeddings/weight"].shape[1]
        step = _step(_Builder(variables), layers, heads, told, never, scored)
        return Graphs(_memory(_Builder(variables), layers, heads), step, layers, heads, width, scored)
    except KeyError as error:
        raise UnknownLayoutError(f"the model has no {error.args[0]}") from error


def _variables(model: bytes) -> dict[str, Floats]:
    """The decoder's variables in full precision; those stored in 8 bits stand beside their scales."""
    stored = {one.name: one.array for one in model_bin.read(model).variables if one.name.startswith("decoder/")}
    scales = {name: stored[f"{name}_scale"] for name in stored if f"{name}_scale" in stored}
    return {
        name: np.divide(values, scales[name][:, None] if name in scales else 1, dtype=np.float32)
        for name, values in stored.items()
    }


class _Builder(GraphBuilder):
    """Of the decoder with ``variables``."""

    def __init__(self, variables: Mapping[str, Floats]) -> None:
        super().__init__()
        self.variables = variables

    def variable(self, name: str) -> str:
        return self.constant(self.variables[name])

    def linear(
        self, values: str, name: str, *, scale: Floats | None = None, first: int | None = None, out: str = ""
    ) -> str:
        """``values`` by the weights ``[out, in]`` of ``name``, cut to 8 bits, and its bias; outputs times ``scale``,
        the ``first`` of them only.
        """
        weight, bias = self.variables[f"{name}/weight"][:first], self.variables.get(f"{name}/bias")
        if scale is not None:
            weight, bias = weight * scale[:, None], None if bias is None else bias * scale
        steps = np.maximum(np.abs(weight).max(axis=1), np.finfo(np.float32).tiny) / _LEVELS
        cut = np.rint(weight / steps[:, None]).astype(np.int8)
        constants = [cut.T, steps.astype(np.float32), np.zeros(len(steps), np.int8), *([] if bias is None else [bias])]
        return self.node("DynamicQuantizeMatMul", values, *map(self.constant, constants), out=out, fused=True)

    def norm(self, values: str, name: str) -> str:
        factors = self.variable(f"{name}/gamma"), self.variable(f"{name}/beta")
        return self.node("LayerNormalization", values, *factors, axis=-1, epsilon=1e-5)


def _memory(build: _Builder, layers: int, heads: int) -> bytes:
    width = build.variables["decoder/embeddings/weight"].shape[1]
    encoded = build.given("encoded", TensorProto.FLOAT, "T", width)
    for layer in range(layers):
        pair = build.linear(encoded, f"decoder/layer_{layer}/attention/linear_1")
        keys, values = (build.reshaped(part, -1, 1, heads, width // heads) for part in build.parts(pair, 2, width))
        build.node("Transpose", keys, perm=[2, 1, 3, 0], out=f"ck{layer}")
        build.node("Transpose", values, perm=[2, 1, 0, 3], out=f"cv{layer}")
        build.told(f"ck{layer}")
        build.told(f"cv{layer}")
    return build.written("memory")


def _step(
    build: _Builder, layers: int, heads: int, told: Sequence[Sequence[int]], never: Sequence[int], scored: int
) -> bytes:
    embeddings = build.variables["decoder/embeddings/weight"]
    width = embeddings.shape[1]
    build.given("tokens", TensorProto.INT64, "N")
    build.given("positions", TensorProto.INT64, "N")
    build.given("mask", TensorProto.FLOAT, "N", "L")
    build.given("top", TensorProto.INT64, 1)
    table = build.constant(embeddings.astype(np.float16))
    looked_up = build.node("Cast", build.node("Gather", table, "tokens"), to=TensorProto.FLOAT)
    places = build.node("Gather", build.variable("decoder/position_encodings/encodings"), "positions")
    stream = build.node("Add", looked_up, places)
    attention = []
    for layer in range(layers):
        name = f"decoder/layer_{layer}"
        stream = build.node("Add", stream, _among_tokens(build, stream, layer, heads, width))
        heard, scores = _on_memory(build, stream, layer, heads, width)
        mine = np.array([head for of, head in told if of == layer], np.int64)
        if len(mine):
            attention.append(build.node("Gather", scores, build.constant(mine), axis=0))
        stream = build.node("Add", stream, heard)
        inner = build.linear(build.norm(stream, f"{name}/ffn/layer_norm"), f"{name}/ffn/linear_0")
        stream = build.node("Add", stream, build.linear(build.node("Gelu", inner, fused=True), f"{name}/ffn/linear_1"))
    build.node("Concat", *attention, axis=0, out="attention")
    build.linear(build.norm(stream, "decoder/layer_norm"), "decoder/embeddings", first=scored, out="logits")
    mask = np.zeros(scored, np.float32)
    mask[[token for token in never if token < scored]] = NEVER
    likely = build.node("LogSoftmax", build.node("Add", "logits", build.constant(mask)), axis=-1)
    build.nodes("TopK", likely, "top", out=("top_values", "top_ids"), axis=-1)
    for output in ("attention", "logits", "top_values"):
        build.told(output)
    build.told("top_ids", TensorProto.INT64)
    return build.written("step")


def _among_tokens(build: _Builder, stream: str, layer: int, heads: int, width: int) -> str:
    """What the new tokens learn from themselves and those before them."""
    name, size = f"decoder/layer_{layer}/self_attention", width // heads
    normed = build.norm(stream, f"{name}/layer_norm")
    scale = np.repeat(np.array([size**-0.5, 1, 1], np.float32), width)  # of the queries
    three = build.parts(build.linear(normed, f"{name}/linear_0", scale=scale), 3, width)
    asks, *own = (build.node("Transpose", build.reshaped(one, -1, heads, size), perm=[1, 0, 2]) for one in three)
    for kind, new in zip("kv", own, strict=True):
        past = build.given(f"p{kind}{layer}", TensorProto.FLOAT, heads, "P", size)
        build.node("Concat", past, new, axis=1, out=f"n{kind}{layer}")
        build.told(f"n{kind}{layer}")
    scores = build.node("Add", build.node("FusedMatMul", asks, f"nk{layer}", fused=True, transB=1), "mask")
    mixed = build.node("MatMul", build.node("Softmax", scores, axis=-1), f"nv{layer}")
    joined = build.reshaped(build.node("Transpose", mixed, perm=[1, 0, 2]), -1, width)
    return build.linear(joined, f"{name}/linear_1")


def _on_memory(build: _Builder, stream: str, layer: int, heads: int, width: int) -> tuple[str, str]:
    """What the new tokens learn from the window, and their scores ``[H, N, 1, T]`` of its frames.

    One row a product: ONNX Runtime lays out the other factor of a product of several rows anew.
    """
    name, size = f"decoder/layer_{layer}/attention", width // heads
    normed = build.norm(stream, f"{name}/layer_norm")
    scale = np.full(width, size**-0.5, np.float32)
    asks = build.reshaped(build.linear(normed, f"{name}/linear_0", scale=scale), -1, heads, 1, size)
    keys = build.given(f"ck{layer}", TensorProto.FLOAT, heads, 1, size, "T")
    values = build.given(f"cv{layer}", TensorProto.FLOAT, heads, 1, "T", size)
    scores = build.node("MatMul", build.node("Transpose", asks, perm=[1, 0, 2, 3]), keys)
    mixed = build.node("MatMul", build.node("Softmax", scores, axis=-1), values)
    joined = build.reshaped(build.node("Transpose", mixed, perm=[1, 0, 2, 3]), -1, width)
    return build.linear(joined, f"{name}/linear_2"), scores
