"""Input devices of this computer, by whichever package for PortAudio is installed: sounddevice, else pyaudio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, TypeAlias

from asr.audio import MAX_RATE, MIN_RATE

# gets interleaved 16-bit samples, and whether some before them were lost; called by a thread of PortAudio
OnAudio: TypeAlias = Callable[[bytes, bool], None]

PIECE = 0.05  # seconds of audio that a device brings at once
INVALID_RATE = -9997  # PortAudio's paInvalidSampleRate
_RATE = 16_000  # Hz: what recognition works on
_BACKENDS = ("assist.microphone.with_sounddevice", "assist.microphone.with_pyaudio")
_INSTALL = "pip install '.[mic]' (pyaudio is compiled: on Debian apt-get install portaudio19-dev first)"


class MicrophoneError(Exception):
    """There is no microphone, or it cannot be used: why, and what to do."""


class RateRefusedError(MicrophoneError):
    """The device does not work at the rate asked for."""


@dataclass(frozen=True, slots=True)
class Device:
    """An input device. ``number`` is PortAudio's, ``channels`` the most it has, ``sample_rate`` its own, in Hz."""

    number: int
    name: str
    channels: int
    sample_rate: int
    default: bool


class Stream(Protocol):
    """A device that is open and brings audio."""

    @property
    def active(self) -> bool:
        """Whether it still brings audio; a device that was unplugged does not."""

    def close(self) -> None:
        """Close the device; nothing comes any more when this returns."""


class Backend(Protocol):
    """A package that reads microphones."""

    def devices(self) -> list[Device]:
        """The devices that have an input."""

    def open(self, device: Device, sample_rate: int, channels: int, on_audio: OnAudio) -> Stream:
        """Open a device. Raises ``RateRefusedError``, or ``MicrophoneError`` where it cannot be opened at all."""


def backend(modules: Sequence[str] = _BACKENDS) -> Backend:
    """The first package that is installed and finds PortAudio. Raises ``MicrophoneError`` where none does."""
    without_library = False
    for module in modules:
        try:
            found: Backend = import_module(module).Microphones()
        except ModuleNotFoundError:
            continue
        except (ImportError, OSError):
            without_library = True
        else:
            return found
    if without_library:
        raise MicrophoneError("PortAudio is not installed: on Debian apt-get install libportaudio2")
    raise MicrophoneError(f"a microphone needs sounddevice or pyaudio: {_INSTALL}")


def choose(devices: Sequence[Device], wanted: str | None) -> Device:
    """The device of that number or with these words in its name; without, the default one.

    Raises ``MicrophoneError``.
    """
    if not devices:
        raise MicrophoneError("no input device is found: connect a microphone, and see that this user may use it")
    if wanted is None:
        return next((device for device in devices if device.default), devices[0])
    found = [device for device in devices if wanted in (str(device.number), device.name)]
    found = found or [device for device in devices if wanted.casefold() in device.name.casefold()]
    if len(found) == 1:
        return found[0]
    problem = f"{wanted!r} is {'the name of several input devices' if found else 'no input device'}"
    listed = ", ".join(f"{device.number} {device.name}" for device in found or devices)
    raise MicrophoneError(f"{problem}; name one of: {listed}")


def open_device(
    microphones: Backend, device: Device, sample_rate: int | None, channels: int, on_audio: OnAudio
) -> tuple[Stream, int]:
    """Open a device at ``sample_rate``, without one at 16 kHz, else at its own rate; also the rate in Hz.

    Raises ``MicrophoneError``.
    """
    if channels > device.channels:
        raise MicrophoneError(
            f"{device.name} has {device.channels} input channel(s), and {channels} roles were given: one for each"
        )
    rates = [sample_rate] if sample_rate is not None else [_RATE, device.sample_rate, MAX_RATE]
    for rate in dict.fromkeys(rate for rate in rates if MIN_RATE <= rate <= MAX_RATE):
        try:
            return microphones.open(device, rate, channels, on_audio), rate
        except RateRefusedError:
            continue
    told = " or ".join(f"{rate} Hz" for rate in dict.fromkeys(rates))
    raise MicrophoneError(f"{device.name} does not work at {told}; its own rate is {device.sample_rate} Hz")
