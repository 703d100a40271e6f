"""Silero's detector of speech as an ONNX graph that takes frames of several channels at once.

The file that ships with faster-whisper convolves each frame by itself, over four places at most, and knows one channel.
Here a convolution is one product of matrices over all frames of all channels, and only the recurrent layer goes
through them in order: the same probabilities (https://github.com/snakers4/silero-vad, v6, MIT).

Names: T times, C channels; frames in order of time, those of one time in order of channels.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper

from models.model_bin import UnknownLayoutError
from models.onnx_graph import GraphBuilder

WINDOWS, WINDOW = 4, 256  # of a frame's spectrum: how many, and how many samples of one
WIDTH = 128  # of the recurrent layer
_BANDS = 129
_LSTM = ("onnx::LSTM_209", "onnx::LSTM_210", "onnx::LSTM_211")  # its weights as the exporter named them


def batched(model: bytes) -> bytes:
    """The graph of Silero's ``model``: ``windows [T·C, 4, 256]`` and the state ``h, c [1, C, 128]`` in; ``speech
    [T·C, 1]`` and the next state ``next_h, next_c`` out.

    Raises `UnknownLayoutError` for a model of another layout.
    """
    try:
        known = {one.name: numpy_helper.to_array(one) for one in onnx.load_from_string(model).graph.initializer}
        basis = known["encoder.feature_extractor.forward_basis_buffer"][:, 0]
        if basis.shape != (2 * _BANDS, WINDOW):
            raise UnknownLayoutError(f"the detector of speech has a spectrum of {basis.shape}")
        return _written(_Builder(known), basis)
    except KeyError as error:
        raise UnknownLayoutError(f"the detector of speech has no {error.args[0]}") from error


def _written(build: _Builder, basis: NDArray[np.float32]) -> bytes:
    windows = build.given("windows", TensorProto.FLOAT, "frames", WINDOWS, WINDOW)
    state = [build.given(name, TensorProto.FLOAT, 1, "channels", WIDTH) for name in ("h", "c")]
    spectrum = build.node("MatMul", windows, build.constant(basis.T))
    squares = [build.node("Mul", part, part) for part in build.parts(spectrum, 2, _BANDS)]
    heard = build.node("Sqrt", build.node("Add", *squares))  # [T·C, 4, 129]
    heard = build.convolved(build.beside(heard, (1, 1), [0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5]), 0, slice(None))
    heard = build.reshaped(heard, -1, WINDOWS, WIDTH)
    heard = build.convolved(build.beside(heard, (1, 0), [0, 1, 2, 2, 3, 4]), 1, slice(None))  # two places are left,
    heard = build.convolved(heard, 2, slice(1, None))  # here one, before which there is nothing,
    heard = build.convolved(heard, 3, slice(1, 2))  # and here nothing on either side
    frames, width = (build.constant(np.array([size])) for size in (-1, WIDTH))
    channels = build.node("Shape", "h", start=1, end=2)
    in_order = build.node("Reshape", heard, build.node("Concat", frames, channels, width, axis=0))
    gates = [build.constant(build.known[name]) for name in _LSTM]
    past, *_ = build.nodes("LSTM", in_order, *gates, "", *state, out=("past", "next_h", "next_c"), hidden_size=WIDTH)
    last = build.reshaped(build.node("Relu", past), -1, WIDTH)
    odds = build.linear(last, build.known["decoder.conv1d.weight"][:, :, 0], build.known["decoder.conv1d.bias"])
    build.node("Sigmoid", odds, out="speech")
    for name in ("speech", "next_h", "next_c"):
        build.told(name)
    return build.written("speech")


class _Builder(GraphBuilder):
    def __init__(self, known: Mapping[str, NDArray[np.float32]]) -> None:
        super().__init__()
        self.known = known

    def linear(self, values: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        return self.node("Gemm", values, self.constant(weight), self.constant(bias), transB=1)

    def beside(self, values: str, empty: tuple[int, int], places: list[int]) -> str:
        """``places`` of ``values [·, places, in]``, which so many empty ones stand before and behind."""
        padding = self.constant(np.array([0, empty[0], 0, 0, empty[1], 0], np.int64))
        return self.node("Gather", self.node("Pad", values, padding), self.constant(np.array(places)), axis=1)

    def convolved(self, values: str, layer: int, taps: slice) -> str:
        """A layer of the encoder, ``[·, out]``; ``values``: what each of its ``taps`` sees, one behind the other."""
        kernel, bias = (self.known[f"encoder.conv_layers.{layer}.{part}"] for part in ("weight", "bias"))
        weight = kernel[:, :, taps].swapaxes(1, 2).reshape(len(kernel), -1)
        return self.node("Relu", self.linear(self.reshaped(values, -1, weight.shape[1]), weight, bias))
