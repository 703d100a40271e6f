"""A microphone for tests: it brings what the test says."""

from __future__ import annotations

from collections.abc import Iterable

from assist.microphone.devices import Device, MicrophoneError, OnAudio, RateRefusedError, Stream


class ScriptedMicrophone:
    """One device that works at some rates, or is busy."""

    def __init__(self, device: Device, rates: Iterable[int] = (16_000,), *, busy: bool = False) -> None:
        self.device = device
        self.rates = set(rates)
        self.busy = busy
        self.active = False
        self.says: OnAudio = lambda data, overflowed: None

    def devices(self) -> list[Device]:
        return [self.device]

    def open(self, device: Device, sample_rate: int, channels: int, on_audio: OnAudio) -> Stream:
        if self.busy:
            raise MicrophoneError(f"{device.name} cannot be opened")
        if sample_rate not in self.rates:
            raise RateRefusedError(str(sample_rate))
        self.says = on_audio
        self.active = True
        return self

    def close(self) -> None:
        self.active = False
