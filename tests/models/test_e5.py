"""The file of e5-small is read as its format says, and only pieces of calls in Chinese are kept."""

import struct
from pathlib import Path

import numpy as np
import pytest

from models import ModelError, pieces
from models.e5 import E5

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "路灯", "坏", "了", "▁", "漢語", "ETC", "bonjour", "。", "привет"]
SCALE = 0.5


def block(codes: list[int]) -> bytes:
    """32 weights of 4 bits: the first 16 in the low halves."""
    return struct.pack("<e", SCALE) + bytes(codes[n] | codes[n + 16] << 4 for n in range(16))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of the format with one 4-bit matrix (the word vectors, 32 wide) and one plain tensor."""
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)])
    words = b"".join(block([(row + column) % 16 for column in range(32)]) for row in range(len(PIECES)))
    bias = np.array([1.5, -2.0], "<f4").tobytes()

    def named(name: str, kind: int, count: int, offset: int, size: int) -> bytes:
        return struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, offset, size)

    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 32, len(PIECES), 8, 1, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob))
    head += ends.astype("<u4").tobytes() + np.zeros(len(PIECES), "<f4").tobytes() + blob
    head += struct.pack("<iI", 0, 0) + struct.pack("<i", 2)
    at = len(head) + len(named("emb.word", 0, 0, 0, 0)) + len(named("b", 0, 0, 0, 0))
    head += named("emb.word", 2, len(PIECES) * 32, at, len(words)) + named("b", 0, 2, at + len(words), len(bias))
    path = tmp_path / "e5.bin"
    path.write_bytes(head + words + bias)
    return path


def test_pieces_and_weights_are_read(file: Path) -> None:
    e5 = E5(file.read_bytes())
    assert e5.pieces == PIECES
    row = e5.embeddings([5])[0]
    assert list(row) == [((5 + column) % 16 - 8) * SCALE for column in range(32)]
    assert list(e5.floats("b", 2)) == [1.5, -2.0]


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "e5.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match="no e5 file"):
        E5((tmp_path / "e5.bin").read_bytes())


def test_simplified_chinese_short_latin_and_marks_are_kept_and_cut_by_words(file: Path) -> None:
    e5 = E5(file.read_bytes())
    kept = pieces.kept(e5.pieces)
    assert [e5.pieces[number] for number in kept[pieces.SPECIAL :]] == ["路灯", "坏", "了", "▁", "ETC", "。"]
    assert pieces.tokenizer(e5, kept).encode("路灯坏了").tokens == ["▁", "路灯", "坏", "了"]
