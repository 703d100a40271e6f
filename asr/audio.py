"""Audio in: files, wire bytes and sample rates of every kind to float32 samples of one rate.

``load`` reads a recording, ``PcmStream`` cuts the bytes of a wire into sample frames, ``Resampler`` brings one channel
to the 16 kHz that recognition works on. A sample frame is one sample of each channel.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from asr import g711
from asr.containers import Unending, counts_frames, shortfall
from asr.engine import SAMPLE_RATE
from asr.errors import AudioError

MIN_RATE, MAX_RATE = 8_000, 48_000  # Hz
MAX_CHANNELS = 2
WireFormat = Literal["pcm_s16le", "alaw", "mulaw"]

_RAW_G711: dict[str, g711.Law] = {".al": "alaw", ".alaw": "alaw", ".ul": "mulaw", ".ulaw": "mulaw"}
_CONVERT = "Convert it to wav or flac, 8 to 48 kHz, one or two channels."
_AGAIN = "Copy it again, or check that the recording was written completely."
_BLOCK = 1 << 18  # sample frames read at once
# errors of libsndfile: the system's; a format not known, one not read; an mp3 file without frames ("is a pipe?")
_SYSTEM, _UNKNOWN, _UNREAD, _NO_FRAMES = 2, 1, 4, 7


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
    ``.al``, ``.alaw``, ``.ul`` or ``.ulaw`` of the file's name. A file that holds less than its header announces is
    ``damaged``; flac, wav and mp3 from writers that could not know their length announce none. Raises ``AudioError``
    with code ``missing``, ``unreadable``, ``empty``, ``not_audio``, ``damaged``, ``sample_rate`` or ``channels``.
    """
    path = Path(path)
    data_size = _size(path)
    if data_size == 0:
        raise AudioError("empty", f"{path} is empty.", "Check that the recording was written completely.")
    if law := _RAW_G711.get(path.suffix.lower()):
        return Recording(g711.decode(path.read_bytes(), law)[:, None], 8_000)
    try:
        with ExitStack() as opened:
            file = opened.enter_context(_Forward(path))
            if file.format == "MP3" and not counts_frames(path):
                file = opened.enter_context(_Forward(opened.enter_context(Unending(path))))
            check_format(file.samplerate, file.channels)
            sample_rate, announced, container = file.samplerate, file.frames, file.format
            samples = _read(file)
    except soundfile.LibsndfileError as error:
        raise _refused(path, error) from error
    if lacking := shortfall(path, container, sample_rate, announced, len(samples)):
        raise AudioError("damaged", f"{path} breaks off: {lacking}.", _AGAIN)
    if len(samples) == 0:
        raise AudioError("empty", f"{path} holds no sound.", "Check that the recording was written completely.")
    if not np.isfinite(samples).all():
        raise AudioError("damaged", f"{path} holds samples that are not numbers.", _CONVERT)
    return Recording(samples, sample_rate)


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """A file read from its beginning to its end, whatever length it says it has.

    soundfile seeks after every read, which fails where a flac file breaks off or leaves its length open.
    """

    def seekable(self) -> bool:
        return False


def _read(file: _Forward) -> NDArray[np.float32]:
    """All sample frames, ``[frames, channels]``, in blocks: a length that is stated may be anything."""
    blocks = []
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        blocks.append(block)
    return np.concatenate(blocks) if blocks else np.zeros((0, file.channels), np.float32)


def _refused(path: Path, error: soundfile.LibsndfileError) -> AudioError:
    """What libsndfile did not read, in our words."""
    cause = "there is no sound in it" if error.code == _NO_FRAMES else error.error_string.rstrip(".")
    if error.code == _SYSTEM:
        return AudioError("unreadable", f"{path} cannot be read: {cause}.", "Check its permissions and the disk.")
    if error.code in {_UNKNOWN, _UNREAD, _NO_FRAMES}:
        return AudioError("not_audio", f"{path} is no audio file that can be read: {cause}.", _CONVERT)
    return AudioError("damaged", f"{path} is damaged: {cause}.", _AGAIN)


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
