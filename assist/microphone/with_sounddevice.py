"""Microphones by sounddevice."""

from __future__ import annotations

from typing import Any

import sounddevice

from assist.microphone.devices import INVALID_RATE, PIECE, Device, MicrophoneError, OnAudio, RateRefusedError, Stream


class Microphones:
    """Of this computer."""

    def devices(self) -> list[Device]:
        """The devices that have an input."""
        default = sounddevice.default.device[0]
        return [
            Device(
                found["index"],
                found["name"],
                found["max_input_channels"],
                round(found["default_samplerate"]),
                found["index"] == default,
            )
            for found in sounddevice.query_devices()
            if found["max_input_channels"]
        ]

    def open(self, device: Device, sample_rate: int, channels: int, on_audio: OnAudio) -> Stream:
        """Open a device."""

        def callback(data: Any, frames: int, time: Any, status: Any) -> None:
            on_audio(bytes(data), bool(status.input_overflow))

        try:
            stream = sounddevice.RawInputStream(
                samplerate=sample_rate,
                blocksize=round(PIECE * sample_rate),
                device=device.number,
                channels=channels,
                dtype="int16",
                callback=callback,
            )
            stream.start()
        except sounddevice.PortAudioError as error:
            if INVALID_RATE in error.args:
                raise RateRefusedError(str(error)) from error
            raise MicrophoneError(
                f"{device.name} cannot be opened: {error.args[0]}. Does another program use it?"
            ) from error
        opened: Stream = stream
        return opened
