"""Audio in: files, wire bytes and sample rates of every kind to float32 samples of one rate.

``load`` reads a recording, ``PcmStream`` cuts the bytes of a wire into sample frames, ``Resampler`` brings one channel
to the 16 kHz that recognition works on. A sample frame is one sample of each channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from asr import g711
from asr.engine import SAMPLE_RATE
from asr.errors import AudioError

MIN_RATE, MAX_RATE = 8_000, 48_000  # Hz
MAX_CHANNELS = 2
WireFormat = Literal["pcm_s16le", "alaw", "mulaw"]

_RAW_G711: dict[str, g711.Law] = {".al": "alaw", ".alaw": "alaw", ".ul": "mulaw", ".ulaw": "mulaw"}
_CONVERT = "Convert it to wav or flac, 8 to 48 kHz, one or two channels."


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A recorded call: ``samples`` is float32 ``[frames, channels]`` in [-1, 1] at ``sample_rate`` Hz."""

    samples: NDArray[np.float32]
    sample_rate: int

    @property
    def channels(self) -> int:
        """Number of channels, 1 or 2."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return len(self.samples) / self.sample_rate


def check_format(sample_rate: int, channels: int) -> None:
    """Raises ``AudioError`` (``sample_rate`` or ``channels``) for audio that cannot be recognised."""
    if not MIN_RATE <= sample_rate <= MAX_RATE:
        raise AudioError(
            "sample_rate",
            f"The sample rate is {sample_rate} Hz; {MIN_RATE} to {MAX_RATE} Hz are possible.",
            "Resample the audio, or correct the rate that was stated.",
        )
    if not 1 <= channels <= MAX_CHANNELS:
        raise AudioError(
            "channels",
            f"The audio has {channels} channels; one or two (agent, citizen) are possible.",
            "Mix or choose channels first.",
        )


def load(path: Path | str) -> Recording:
    """Read a recording.

    Wav (PCM, float, A-law, mu-law), flac, mp3 and ogg are known by their headers, raw 8 kHz mono G.711 by the ending
    ``.al``, ``.alaw``, ``.ul`` or ``.ulaw`` of the file's name. Raises ``AudioError`` with code ``missing``,
    ``unreadable``, ``empty``, ``not_audio``, ``damaged``, ``sample_rate`` or ``channels``.
    """
    path = Path(path)
    data_size = _size(path)
    if data_size == 0:
        raise AudioError("empty", f"{path} is empty.", "Check that the recording was written completely.")
    if law := _RAW_G711.get(path.suffix.lower()):
        return Recording(g711.decode(path.read_bytes(), law)[:, None], 8_000)
    try:
        with soundfile.SoundFile(path) as file:
            check_format(file.samplerate, file.channels)
            samples = file.read(dtype="float32", always_2d=True)
            sample_rate, announced, container = file.samplerate, file.frames, file.format
    except soundfile.LibsndfileError as error:
        raise AudioError(
            "not_audio", f"{path} is no audio file that can be read: {error.error_string}", _CONVERT
        ) from error
    if len(samples) == 0:
        raise AudioError("empty", f"{path} holds no sound.", "Check that the recording was written completely.")
    if not np.isfinite(samples).all():
        raise AudioError("damaged", f"{path} holds samples that are not numbers.", _CONVERT)
    if container == "FLAC" and len(samples) < announced:
        raise AudioError(
            "damaged",
            f"{path} breaks off: {len(samples)} of {announced} sample frames could be read.",
            "Copy it again.",
        )
    return Recording(samples, sample_rate)


def _size(path: Path) -> int:
    if not path.exists():
        raise AudioError("missing", f"There is no file {path}.", "Correct the path.")
    if not path.is_file():
        raise AudioError("unreadable", f"{path} is not a file.", "Name an audio file.")
    try:
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        raise AudioError("unreadable", f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from error


class PcmStream:
    """Wire bytes in, whole sample frames out; the bytes of a frame not yet complete are kept for the next call."""

    def __init__(self, wire_format: WireFormat, channels: int) -> None:
        self._format = wire_format
        self._channels = channels
        self.frame_bytes = channels * (2 if wire_format == "pcm_s16le" else 1)
        self._rest = b""

    def feed(self, data: bytes) -> NDArray[np.float32]:
        """The sample frames that ``data`` completes, float32 ``[frames, channels]`` in [-1, 1]."""
        data = self._rest + data
        whole = len(data) // self.frame_bytes * self.frame_bytes
        data, self._rest = data[:whole], data[whole:]
        if self._format == "pcm_s16le":
            samples = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
        else:
            samples = g711.decode(data, self._format)
        frames: NDArray[np.float32] = samples.reshape(-1, self._channels)
        return frames


class Resampler:
    """One channel of any rate to 16 kHz, as it comes in; the result does not depend on how the input was cut.

    Telephone audio, of half that rate, is doubled by a filter that looks ahead 2 ms. For other rates it is soxr's "LQ",
    which looks ahead least (60 ms at 8 kHz; "HQ" 120 ms). Its roll-off lies above telephone speech.
    """

    def __init__(self, sample_rate: int) -> None:
        self._stream: _Doubler | soxr.ResampleStream | None = None
        if sample_rate * 2 == SAMPLE_RATE:
            self._stream = _Doubler()
        elif sample_rate != SAMPLE_RATE:
            self._stream = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1, dtype="float32", quality="LQ")

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The 16 kHz samples that are ready after mono ``samples``."""
        return self._run(samples, last=False)

    def finish(self) -> NDArray[np.float32]:
        """What was still held back; nothing can be fed afterwards."""
        return self._run(np.zeros(0, np.float32), last=True)

    def _run(self, samples: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        if self._stream is None:
            return samples
        resampled: NDArray[np.float32] = self._stream.resample_chunk(np.ascontiguousarray(samples), last=last)
        return resampled


class _Doubler:
    """Twice the sample rate, as a stream: samples stay, a windowed sinc gives those between (half-band filter)."""

    def __init__(self) -> None:
        places = np.arange(_AHEAD * 2) - _AHEAD + 0.5
        taps = np.sinc(places) * np.kaiser(_AHEAD * 2, _KAISER)
        self._taps = (taps / taps.sum()).astype(np.float32)
        self._held = np.zeros(_AHEAD - 1, np.float32)

    def resample_chunk(self, samples: NDArray[np.float32], last: bool = False) -> NDArray[np.float32]:
        held = [self._held, samples, np.zeros(_AHEAD if last else 0, np.float32)]
        known = np.concatenate(held, dtype=np.float32)
        ready = len(known) - len(self._taps) + 1
        if ready <= 0:
            self._held = known
            return np.zeros(0, np.float32)
        doubled = np.empty(2 * ready, np.float32)
        doubled[0::2] = known[_AHEAD - 1 : _AHEAD - 1 + ready]
        doubled[1::2] = np.convolve(known, self._taps, "valid")
        self._held = known[ready:]
        return doubled


_AHEAD = 16  # samples that the filter looks ahead
_KAISER = 8.0  # images lie 80 dB below
