"""A call's recording: the audio bytes as received, appended to one file.

What is acknowledged is read off the file: ``frames`` whole sample frames are in it, ``synced`` of them are known to be
on disk (fdatasync). ``write`` goes to the operating system at once, so a killed process loses nothing; a machine that
loses power loses at most what was not acknowledged.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from assist.store import AudioFormat, StoreError


class Source(Protocol):
    """Where the audio is (`Recording`, or memory for a replay)."""

    @property
    def audio(self) -> AudioFormat:
        """How the bytes are to be read."""

    @property
    def frames(self) -> int:
        """Sample frames that are there."""

    def read(self, frame: int, count: int) -> bytes:
        """Up to ``count`` sample frames from ``frame`` on."""


class Recording:
    """The file of one call, open for writing at its end and reading anywhere. Raises ``StoreError``."""

    def __init__(self, path: Path, audio: AudioFormat) -> None:
        self.audio = audio
        self._path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            size = os.fstat(self._fd).st_size
            # A crash can tear the last sample frame; the feeder sends it again.
            self._size = size - size % audio.frame_bytes
            if self._size != size:
                os.ftruncate(self._fd, self._size)
            os.fsync(self._fd)
        except OSError as error:
            raise _error(path, error) from error
        self.synced = self.frames

    @property
    def frames(self) -> int:
        """Whole sample frames in the file."""
        return self._size // self.audio.frame_bytes

    @property
    def seconds(self) -> float:
        """Length of the recording."""
        return self.frames / self.audio.sample_rate

    def write(self, data: bytes) -> None:
        """Append bytes; they may cut through a sample frame."""
        view = memoryview(data)
        while view:
            try:
                written = os.pwrite(self._fd, view, self._size)
            except OSError as error:
                raise _error(self._path, error) from error
            self._size += written
            view = view[written:]

    def drop_torn(self) -> None:
        """Forget a cut sample frame at the end: a new connection starts on a whole one."""
        self._size -= self._size % self.audio.frame_bytes

    def sync(self) -> int:
        """Wait until all that was written is on disk; returns how many sample frames that is."""
        frames = self.frames
        try:
            os.fdatasync(self._fd)
        except OSError as error:
            raise _error(self._path, error) from error
        self.synced = max(self.synced, frames)
        return self.synced

    def read(self, frame: int, count: int) -> bytes:
        """Up to ``count`` sample frames from frame number ``frame`` on."""
        size = self.audio.frame_bytes
        count = max(0, min(count, self.frames - frame))
        try:
            return os.pread(self._fd, count * size, frame * size)
        except OSError as error:
            raise _error(self._path, error) from error

    def close(self) -> None:
        """Let go of the file; reading and writing raise ``StoreError`` from now on."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1


def _error(path: Path, error: OSError) -> StoreError:
    return StoreError(f"recording {path.name}: {error.strerror}; make room or check the rights of {path.parent}")
