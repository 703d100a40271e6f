"""The sound of an item as it is fed: its channel, as a telephone would carry it, cut to a length, in 16-bit steps."""

from __future__ import annotations

from typing import Literal

import numpy as np
import soxr

from asr import g711
from asr.audio import Recording, load
from assist.bench.manifest import ROLES, Item, ManifestError

Telephone = Literal["none", "alaw", "mulaw"]
TELEPHONE_RATE = 8_000  # Hz


def sound(item: Item, telephone: Telephone = "none") -> Recording:
    """The recording of ``item``.

    With ``alaw`` or ``mulaw`` it is brought to 8 kHz (soxr, "HQ") and through G.711 and back, as a telephone carries
    it. Samples are rounded to 16 bits, as every feeder sends them. Raises `AudioError` for a file that cannot be used,
    `ManifestError` for a channel that it has not.
    """
    recording = load(item.audio)
    samples = recording.samples
    if item.call and recording.channels != len(ROLES):
        raise ManifestError(f"{item.audio} has {recording.channels} channel; a call has two: agent, citizen")
    if item.channel is not None:
        if item.channel >= recording.channels:
            raise ManifestError(f"{item.audio} has no channel {item.channel}; it has {recording.channels}, from 0")
        samples = samples[:, item.channel : item.channel + 1]
    elif recording.channels > 1 and not item.call:
        raise ManifestError(f"{item.audio} has {recording.channels} channels: name the one with the text as `channel`")
    rate = recording.sample_rate
    if telephone != "none":
        if rate != TELEPHONE_RATE:
            samples = soxr.resample(samples, rate, TELEPHONE_RATE, quality="HQ")
            rate = TELEPHONE_RATE
        samples = g711.decode(g711.encode(samples.reshape(-1), telephone), telephone).reshape(samples.shape)
    rounded = np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.float32) / np.float32(32768)
    return Recording(rounded, rate)


def cut(recording: Recording, seconds: float) -> Recording:
    """The first ``seconds`` of ``recording``."""
    return Recording(recording.samples[: round(seconds * recording.sample_rate)], recording.sample_rate)
