"""An ONNX graph, put together node by node.

Values are names; each method adds what makes a value and returns its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

_FUSED = "com.microsoft"  # operators of ONNX Runtime's own
_OPSET, _IR = 17, 8


class GraphBuilder:
    """Collects the nodes and constants of a graph; ``written`` is the model."""

    def __init__(self) -> None:
        self._inputs: list[ValueInfoProto] = []
        self._outputs: list[ValueInfoProto] = []
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def given(self, name: str, kind: int, *shape: str | int) -> str:
        """An input of the graph."""
        self._inputs.append(helper.make_tensor_value_info(name, kind, list(shape)))
        return name

    def told(self, name: str, kind: int = TensorProto.FLOAT) -> None:
        """Make the value ``name`` an output of the graph."""
        self._outputs.append(helper.make_tensor_value_info(name, kind, None))

    def constant(self, values: NDArray[np.generic]) -> str:
        """``values``, laid out for the processor once, when the model is loaded."""
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, *inputs: str, out: str = "", fused: bool = False, **settings: Any) -> str:
        """What the operator ``kind`` makes of ``inputs``; ``fused``: an operator of ONNX Runtime's own."""
        return self.nodes(kind, *inputs, out=(out,), fused=fused, **settings)[0]

    def nodes(
        self, kind: str, *inputs: str, out: Sequence[str], fused: bool = False, **settings: Any
    ) -> tuple[str, ...]:
        """The same for an operator that makes several values."""
        names = tuple(name or f"value{len(self._nodes)}.{number}" for number, name in enumerate(out))
        domain = _FUSED if fused else ""
        self._nodes.append(helper.make_node(kind, list(inputs), list(names), domain=domain, **settings))
        return names

    def reshaped(self, values: str, *shape: int) -> str:
        """The same numbers in another shape."""
        return self.node("Reshape", values, self.constant(np.array(shape, np.int64)))

    def parts(self, values: str, count: int, width: int) -> tuple[str, ...]:
        """``values`` cut along the last dimension into ``count`` parts of ``width`` numbers."""
        widths = self.constant(np.full(count, width, np.int64))
        return self.nodes("Split", values, widths, out=("",) * count, axis=-1)

    def written(self, name: str) -> bytes:
        """The model as a file's content."""
        graph = helper.make_graph(self._nodes, name, self._inputs, self._outputs, self._constants)
        sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=sets)
        model.ir_version = _IR
        data: bytes = model.SerializeToString()
        return data
