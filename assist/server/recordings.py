"""A call's recording as WAV for a browser: 16-bit PCM made on the way, with byte ranges so that it can be played from
anywhere.
"""

from __future__ import annotations

import re
import struct
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response, StreamingResponse

from asr import g711
from assist.server.errors import ApiError
from assist.store import AudioFormat

_HEADER = 44  # bytes
_CHUNK = 65_536  # bytes of PCM read at once
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)  # no file has more bytes


class WavFile:
    """A raw recording seen as a WAV file of ``size`` bytes."""

    def __init__(self, path: Path, audio: AudioFormat) -> None:
        self._path = path
        self._audio = audio
        self._factor = 1 if audio.format == "pcm_s16le" else 2  # G.711 doubles
        raw = path.stat().st_size
        # What a WAV header can count; longer recordings are played up to there.
        self._pcm_bytes = min((raw - raw % audio.frame_bytes) * self._factor, 0xFFFF_FF00)
        self.size = _HEADER + self._pcm_bytes

    def read(self, start: int, end: int) -> bytes:
        """The bytes ``start:end`` of the WAV file."""
        head = self._header()[start:end]
        first, last = max(start - _HEADER, 0), max(end - _HEADER, 0)
        if first >= last:
            return head
        with self._path.open("rb") as file:
            file.seek(first // self._factor)
            raw = file.read(-(-last // self._factor) - first // self._factor)
        pcm = raw if self._audio.format == "pcm_s16le" else _linear(raw, self._audio.format)
        skipped = first % self._factor
        return head + pcm[skipped : skipped + last - first]

    def _header(self) -> bytes:
        channels, rate = len(self._audio.roles), self._audio.sample_rate
        form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
        riff = struct.pack("<4sI4s", b"RIFF", 36 + self._pcm_bytes, b"WAVE")
        return riff + struct.pack("<4sI", b"fmt ", 16) + form + struct.pack("<4sI", b"data", self._pcm_bytes)


def _linear(raw: bytes, law: g711.Law) -> bytes:
    return bytes((g711.decode(raw, law) * 32768).astype("<i2").tobytes())


def wav_answer(path: Path, audio: AudioFormat, range_header: str | None) -> Response:
    """The whole file, or the one range asked for. Raises ``ApiError`` 416 for a range that does not exist."""
    wav = WavFile(path, audio)
    start, end = _range(range_header, wav.size) if range_header else (0, wav.size)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start), "Cache-Control": "no-store"}
    if range_header:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{wav.size}"

    async def body() -> AsyncIterator[bytes]:
        for position in range(start, end, _CHUNK):
            yield await run_in_threadpool(wav.read, position, min(position + _CHUNK, end))

    return StreamingResponse(body(), 206 if range_header else 200, headers, media_type="audio/wav")


def _range(header: str, size: int) -> tuple[int, int]:
    match = _RANGE.fullmatch(header.strip())
    if match and any(match.groups()):
        first, last = match.groups()
        if first:
            start, end = int(first), min(int(last) + 1 if last else size, size)
        else:
            start, end = max(0, size - int(last)), size
        if start < end:
            return start, end
    raise ApiError(416, "bad_range", "请求的字节范围不存在。", f"{header[:80]} of {size} bytes")
