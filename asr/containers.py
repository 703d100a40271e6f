"""What an audio file says of its own length, where it says so: a recording that breaks off is not taken for whole, nor
one for over that goes on.

The reader of audio files (libsndfile) tells the length of what is there, not what the header of a wav file announces.
Where an mp3 file announces nothing it goes by an estimate from the first frame, and reads no further: of a file of
variable bit rate that begins with speech and ends with silence four fifths were lost, and of several files put
together all but the first. `Unending` lets it read on.
"""

from __future__ import annotations

from io import RawIOBase
from pathlib import Path
from typing import BinaryIO

_UNKNOWN_BYTES = 0x7FFF_F000  # from here on a wav header says only that its writer could not know (sox, ffmpeg: pipes)
_UNKNOWN_FRAMES = 2**63 - 1  # libsndfile: a flac stream whose header leaves its length open
_MP3_SLACK = 0.1  # seconds by which an encoder may miscount its delay
_OGG_HEADER, _OGG_PAGE = 27, 65_307  # bytes: the fixed part of a page's header, the longest page
_MP3_TAG_WITHIN = 4096  # bytes: the first frame holds the tag that counts the others
_MP3_FRAMES, _MP3_BYTES = 1, 2  # flags behind the tag's name: it counts frames, bytes
_MP3_BEHIND = 4096  # bytes behind those counted that may be other tags
_SIZE = 1 << 40  # bytes that an `Unending` file says it has
_TRAILER = 128  # bytes at the end of an mp3 file that may be an ID3 tag


def shortfall(path: Path, container: str, sample_rate: int, announced: int, read: int) -> str | None:
    """What a file lacks of what its header announces, in words; None where it is whole, or announces nothing.

    ``container`` and the sample frames ``announced`` are what libsndfile says, ``read`` those that could be read.
    """
    if container in {"WAV", "WAVEX"}:
        with path.open("rb") as file:
            stated, there = _wav_data(file)
        if there < stated < _UNKNOWN_BYTES:
            return f"{there} of {stated} bytes of sound are there"
        return None
    if container == "OGG":
        with path.open("rb") as file:
            return "its last page is not complete" if _ends_within_page(file) else None
    slack = 0
    if container == "MP3":
        if not counts_frames(path):
            return None
        slack = round(_MP3_SLACK * sample_rate)
    if announced < _UNKNOWN_FRAMES and read < announced - slack:
        return f"{read} of {announced} sample frames could be read"
    return None


def _wav_data(file: BinaryIO) -> tuple[int, int]:
    """Bytes of sound that a wav file announces, and bytes that follow; (0, 0) where it has none."""
    size = file.seek(0, 2)
    position = 12  # behind RIFF, the size of all, WAVE
    while position + 8 <= size:
        file.seek(position)
        name, length = file.read(4), int.from_bytes(file.read(4), "little")
        position += 8
        if name == b"data":
            return length, size - position
        position += length + length % 2
    return 0, 0


def _ends_within_page(file: BinaryIO) -> bool:
    """Whether an ogg file ends before its last page does (RFC 3533, section 6)."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _OGG_PAGE))
    tail = file.read()
    begin = tail.rfind(b"OggS\0")
    if begin < 0:
        return False
    page = tail[begin:]
    if len(page) < _OGG_HEADER:
        return True
    pieces = page[_OGG_HEADER : _OGG_HEADER + page[_OGG_HEADER - 1]]
    return len(pieces) < page[_OGG_HEADER - 1] or len(page) < _OGG_HEADER + len(pieces) + sum(pieces)


def counts_frames(path: Path) -> bool:
    """Whether an mp3 file says how long all of it is (the Xing tag, Info at constant bit rates). Of several files put
    together the first one's tag counts that one alone.
    """
    with path.open("rb") as file:
        place, flags, counted = _mp3_tag(file)
        size = file.seek(0, 2)
    return place >= 0 and bool(flags & _MP3_FRAMES) and not (counted and size > counted + _MP3_BEHIND)


def _mp3_tag(file: BinaryIO) -> tuple[int, int, int]:
    """Where the name of an mp3 file's tag stands (-1: nowhere), its flags, and how many bytes it counts (0: none)."""
    head = file.read(10)
    begin = 0
    if head.startswith(b"ID3") and len(head) == 10:
        # four times seven bits
        begin = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    file.seek(begin)
    first = file.read(_MP3_TAG_WITHIN)
    place = max(first.find(b"Xing"), first.find(b"Info"))
    if place < 0:
        return -1, 0, 0
    flags, one, other = (int.from_bytes(first[place + at : place + at + 4], "big") for at in (4, 8, 12))
    counted = (other if flags & _MP3_FRAMES else one) if flags & _MP3_BYTES else 0
    return begin + place, flags, begin + counted if counted else 0


class Unending(RawIOBase):
    """The mp3 file ``path`` under a size that it never reaches and without its tag, so that who estimates its length by
    the size reads all there is.

    Its last bytes are where that size says that they are. Raises OSError as opening a file does.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._tag, _, _ = _mp3_tag(self._file)
        self._size = self._file.seek(0, 2)
        self._position = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file of the size that it says it has."""
        self._position = offset + (0, self._position, _SIZE)[whence]
        return self._position

    def tell(self) -> int:
        """The place of the next byte."""
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fills ``buffer`` as far as there are bytes; how many they were."""
        at_end = self._position >= _SIZE - _TRAILER
        start = max(0, self._position - _SIZE + self._size) if at_end else self._position
        self._file.seek(start)
        count = self._file.readinto(buffer)
        if self._tag >= 0:
            for place in range(max(start, self._tag), min(start + count, self._tag + 4)):
                memoryview(buffer).cast("B")[place - start] = 0
        self._position += count
        return count

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
        super().close()
