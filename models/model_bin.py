"""CTranslate2's ``model.bin``: bytes in, its variables out, and back again.

The layout follows CTranslate2's ``python/ctranslate2/specs/model_spec.py``: little endian; version, name and revision
of the model; each variable as name, dimensions, type and data; then names that stand for other variables. A string is
its length in two bytes and its characters, the last a zero.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_VERSION = 6
_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)


class UnknownLayoutError(ValueError):
    """The file is not laid out as this module knows it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: ``data`` is its raw content, ``kind`` the number of its type."""

    name: str
    dimensions: tuple[int, ...]
    kind: int
    data: bytes | memoryview

    @property
    def array(self) -> NDArray[np.generic]:
        """The values, of the variable's own type; raises `UnknownLayoutError` for a type not known."""
        if self.kind >= len(_TYPES):
            raise UnknownLayoutError(f"{self.name} is of an unknown type {self.kind}")
        return np.frombuffer(self.data, _TYPES[self.kind]).reshape(self.dimensions)

    def with_array(self, values: NDArray[np.generic]) -> Variable:
        """The same variable with other values, cast to its type."""
        cast = np.ascontiguousarray(values, _TYPES[self.kind])
        return replace(self, dimensions=cast.shape, data=cast.tobytes())


@dataclass(frozen=True, slots=True)
class ModelBin:
    """A whole ``model.bin``: what stands before its variables, the variables, what stands behind them."""

    head: bytes | memoryview
    variables: tuple[Variable, ...]
    tail: bytes | memoryview

    def written(self) -> bytes:
        """The file."""
        count = struct.pack("<I", len(self.variables))
        return b"".join([self.head, count, *_written(self.variables), self.tail])


def read(model: bytes) -> ModelBin:
    """The parts of a ``model.bin``; raises `UnknownLayoutError`."""
    view, at = memoryview(model), 0

    def take(layout: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from("<" + layout, model, at)
        at += struct.calcsize("<" + layout)
        return int(value)

    def text() -> str:
        nonlocal at
        length = take("H")
        at += length
        return bytes(model[at - length : at]).rstrip(b"\0").decode()

    try:
        if (version := take("I")) != _VERSION:
            raise UnknownLayoutError(f"model.bin has format {version}, not {_VERSION}")
        text()
        take("I")
        head = view[:at]
        variables = []
        for _ in range(take("I")):
            name = text()
            dimensions = tuple(take("I") for _ in range(take("B")))
            kind, length = take("B"), take("I")
            if at + length > len(model):
                raise UnknownLayoutError("model.bin ends too early")
            variables.append(Variable(name, dimensions, kind, view[at : at + length]))
            at += length
    except (struct.error, UnicodeDecodeError) as error:
        raise UnknownLayoutError(f"model.bin ends too early or is of another layout ({error})") from None
    return ModelBin(head, tuple(variables), view[at:])


def _written(variables: Iterable[Variable]) -> Iterable[bytes | memoryview]:
    for variable in variables:
        name = variable.name.encode() + b"\0"
        yield struct.pack("<H", len(name)) + name
        yield struct.pack(f"<B{len(variable.dimensions)}I", len(variable.dimensions), *variable.dimensions)
        yield struct.pack("<BI", variable.kind, len(variable.data))
        yield variable.data
