"""Fewer words to choose from: a Whisper model without the tokens of writings nobody on this line uses.

Half of what Whisper base computes for a token is the score of each of its 51,865 tokens, four fifths of which are
Cyrillic, Arabic, Hangul or rare Latin. A model whose output keeps only the tokens of Chinese, digits, punctuation and
the commoner Latin ones says much the same in less time. Nothing is trained and no other weight changes: rows
of the embedding, which is the output layer too, are left out when the model's file is read.

In: a CTranslate2 model folder. Out: the files of the smaller model, in memory, and a `TokenMap`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from models import model_bin
from models.model_bin import UnknownLayoutError

LATIN = 8000  # byte-pair merges are numbered by frequency: Latin tokens up to this number are kept, and short ones
_EMBEDDING = "decoder/embeddings/weight"
_PER_TOKEN = (_EMBEDDING, "decoder/embeddings/weight_scale", "decoder/projection/weight", "decoder/projection/bias")
_TOKEN_LISTS = ("lang_ids", "suppress_ids", "suppress_ids_begin")


class TokenMap:
    """Numbers of tokens in the whole vocabulary (the tokenizer's) and in the model's own. ``kept``: increasing."""

    def __init__(self, kept: Sequence[int]) -> None:
        self._kept = np.asarray(kept, np.int64)
        self._numbers = {int(token): number for number, token in enumerate(kept)}

    def __len__(self) -> int:
        return len(self._kept)

    def to_model(self, tokens: Iterable[int]) -> list[int]:
        """The model's numbers of ``tokens``, those left out that it does not have."""
        return [self._numbers[token] for token in tokens if token in self._numbers]

    def to_text(self, tokens: Sequence[int]) -> list[int]:
        """The tokenizer's numbers of the model's ``tokens``."""
        text: list[int] = self._kept[list(tokens)].tolist()
        return text


def reduced(model_dir: Path, latin: int = LATIN) -> tuple[dict[str, bytes], TokenMap]:
    """The files of the model in ``model_dir`` with a smaller vocabulary, by name, and the map of its tokens.

    Raises `UnknownLayoutError` for a model of another layout, ``OSError`` where a file cannot be read.
    """
    vocabulary_file = model_dir / "vocabulary.json"
    if not vocabulary_file.is_file():
        raise UnknownLayoutError("it has no vocabulary.json")
    vocabulary: list[str] = json.loads(vocabulary_file.read_text(encoding="utf-8"))
    kept = [number for number, token in enumerate(vocabulary) if _is_kept(number, token, latin)]
    tokens = TokenMap(kept)
    config = json.loads((model_dir / "config.json").read_text(encoding="utf-8"))
    for name in _TOKEN_LISTS:
        if name in config:
            config[name] = tokens.to_model(config[name])
    return {
        "model.bin": _with_rows((model_dir / "model.bin").read_bytes(), len(vocabulary), kept),
        "config.json": json.dumps(config).encode(),
        "vocabulary.json": json.dumps([vocabulary[number] for number in kept], ensure_ascii=False).encode(),
        "tokenizer.json": (model_dir / "tokenizer.json").read_bytes(),
    }, tokens


def _is_kept(number: int, token: str, latin: int) -> bool:
    if token.startswith("<|") or not token:
        return True  # what steers the model: languages, tasks, timestamps
    try:
        data = bytes(_BYTES[char] for char in token)
    except KeyError:
        return True
    if data.isascii():
        return number < latin or len(data.strip()) <= 2 or data.strip().isdigit()
    if len(data) == 1:
        return True
    try:
        return all(_is_chinese(char) for char in data.decode())
    except UnicodeDecodeError:  # a part of a character: kept if it can be one of a Chinese character
        first = data.lstrip(b" ")[0]
        return 0xE3 <= first <= 0xE9 or first == 0xEF or 0x80 <= first < 0xC0


def _is_chinese(char: str) -> bool:
    return char in _MARKS or any(first <= char <= last for first, last in _CHINESE)


_MARKS = " —…·“”‘’"
_CHINESE = (("\u4e00", "\u9fff"), ("\u3000", "\u303f"), ("\uff00", "\uffef"))  # characters, marks, full width


def _byte_characters() -> dict[str, int]:
    """The bytes that the characters of a byte-level vocabulary stand for (GPT-2, Radford et al. 2019)."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(0x100) if byte not in shown]
    return {chr(byte): byte for byte in shown} | {chr(0x100 + n): byte for n, byte in enumerate(hidden)}


_BYTES = _byte_characters()


def _with_rows(model: bytes, size: int, kept: Sequence[int]) -> bytes:
    """``model.bin`` with only the rows ``kept`` of each tensor that has one for each of ``size`` tokens."""
    whole = model_bin.read(model)
    variables = [
        variable.with_array(variable.array[kept])
        if variable.name in _PER_TOKEN and variable.dimensions[:1] == (size,)
        else variable
        for variable in whole.variables
    ]
    if not any(variable.name == _EMBEDDING and variable.dimensions[0] == len(kept) for variable in variables):
        raise UnknownLayoutError("model.bin has no embedding of that many tokens")
    return replace(whole, variables=tuple(variables)).written()
