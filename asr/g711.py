"""The coding of telephone audio, bytes to samples and back (ITU-T G.711: A-law and mu-law, 64 kbit/s at 8 kHz)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Law = Literal["alaw", "mulaw"]


def _alaw_table() -> NDArray[np.int16]:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)


def _mulaw_table() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


_TABLES: dict[Law, NDArray[np.int16]] = {"alaw": _alaw_table(), "mulaw": _mulaw_table()}


def _inverse(table: NDArray[np.int16]) -> Callable[[NDArray[np.int16]], NDArray[np.uint8]]:
    order = np.argsort(table, kind="stable")
    levels = table[order].astype(np.int32)
    borders = (levels[:-1] + levels[1:]) / 2

    def encode(samples: NDArray[np.int16]) -> NDArray[np.uint8]:
        return order[np.searchsorted(borders, samples)].astype(np.uint8)

    return encode


_ENCODERS = {law: _inverse(table) for law, table in _TABLES.items()}


def decode(data: bytes, law: Law) -> NDArray[np.float32]:
    """The samples of ``data``, one a byte, as float32 in [-1, 1]."""
    samples: NDArray[np.float32] = _TABLES[law][np.frombuffer(data, np.uint8)].astype(np.float32) / np.float32(32768)
    return samples


def encode(samples: NDArray[np.float32], law: Law) -> bytes:
    """The nearest code of each sample (float in [-1, 1]; louder ones are clipped)."""
    pcm = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)
    return _ENCODERS[law](pcm).tobytes()
