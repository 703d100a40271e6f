"""Microphones by pyaudio."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyaudio

from assist.microphone.devices import INVALID_RATE, PIECE, Device, MicrophoneError, OnAudio, RateRefusedError, Stream


class Microphones:
    """Of this computer."""

    def __init__(self) -> None:
        with _quiet():
            self._audio = pyaudio.PyAudio()

    def devices(self) -> list[Device]:
        """The devices that have an input."""
        try:
            default = self._audio.get_default_input_device_info()["index"]
        except OSError:  # there is none
            default = None
        every = [self._audio.get_device_info_by_index(index) for index in range(self._audio.get_device_count())]
        return [
            Device(
                found["index"],
                found["name"],
                found["maxInputChannels"],
                round(found["defaultSampleRate"]),
                found["index"] == default,
            )
            for found in every
            if found["maxInputChannels"]
        ]

    def open(self, device: Device, sample_rate: int, channels: int, on_audio: OnAudio) -> Stream:
        """Open a device."""

        def callback(data: bytes, frames: int, time: Mapping[str, float], status: int) -> tuple[None, int]:
            on_audio(data, bool(status & pyaudio.paInputOverflow))
            return None, pyaudio.paContinue

        try:
            with _quiet():
                return _Stream(
                    self._audio.open(
                        rate=sample_rate,
                        channels=channels,
                        format=pyaudio.paInt16,
                        input=True,
                        input_device_index=device.number,
                        frames_per_buffer=round(PIECE * sample_rate),
                        stream_callback=callback,
                    )
                )
        except OSError as error:
            if INVALID_RATE in error.args:
                raise RateRefusedError(str(error)) from error
            raise MicrophoneError(
                f"{device.name} cannot be opened: {error.args[-1]}. Does another program use it?"
            ) from error


class _Stream:
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    @property
    def active(self) -> bool:
        return bool(self._stream.is_active())

    def close(self) -> None:
        self._stream.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep from stderr what the libraries below PortAudio print about devices that are not there."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
