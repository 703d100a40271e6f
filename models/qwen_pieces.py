"""The word pieces of calls in Chinese: all that Qwen knows in, the pieces such calls use and their tokenizer out.

Kept are single bytes, Chinese in simplified writing, digits, short Latin pieces and punctuation, and whatever these are
merged from; so any text can be cut, and Chinese is cut as before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opencc import OpenCC

if TYPE_CHECKING:
    from models.qwen import Qwen

END = "<|im_end|>"
"""What closes a text."""
_HAN = re.compile(r"[，。、！？；：“”]?[\u4e00-\u9fff]+")
_OTHER = re.compile(
    r" ?(?:[A-Za-z]{1,3}|[0-9]{1,4}|[!-/:-@\[-`{-~]{1,2})|\n+| |[。、“”‘’《》【】—…·，！？；：（）～￥]+\n*"
)
_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def letters() -> dict[str, int]:
    """The bytes that the letters of byte-level pieces stand for (GPT-2's table)."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {chr(256 + place): byte for place, byte in enumerate(others)}


def _text(piece: str, letters: Mapping[str, int]) -> str:
    """What ``piece`` stands for; nothing where that is no whole text."""
    try:
        return bytes(letters[letter] for letter in piece).decode()
    except (KeyError, UnicodeDecodeError):
        return ""


def kept(qwen: Qwen) -> list[int]:
    """Numbers of the pieces that are kept, in their order."""
    own = letters()
    simplified = OpenCC("t2s").convert
    number = {piece: place for place, piece in enumerate(qwen.pieces)}
    todo = [
        place
        for place, piece in enumerate(qwen.pieces)
        if len(piece) == 1
        or _OTHER.fullmatch(text := _text(piece, own))
        or (_HAN.fullmatch(text) and simplified(text) == text)
    ]
    merged = _merged(qwen.merges)
    found = {*todo, number[END]}
    while todo:
        for part in merged.get(qwen.pieces[todo.pop()], ()):
            if number[part] not in found:
                found.add(number[part])
                todo.append(number[part])
    return sorted(found)


def tokenizer(qwen: Qwen, numbers: Sequence[int]) -> bytes:
    """``tokenizer.json`` (of the package tokenizers) that cuts a text into the pieces ``numbers``, numbered anew."""
    pieces = {qwen.pieces[number]: place for place, number in enumerate(numbers)}
    merges = [parts for whole, parts in _merged(qwen.merges).items() if whole in pieces and {*parts} <= pieces.keys()]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    split = {"type": "Split", "pattern": {"Regex": _SPLIT}, "behavior": "Isolated", "invert": False}
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    whole = {
        "version": "1.0",
        "added_tokens": [{"id": pieces[END], "content": END, **special}],
        "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, level]},
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
        "model": {"type": "BPE", "vocab": pieces, "merges": merges},
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _merged(merges: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The two parts that each piece is merged from."""
    merged: dict[str, tuple[str, str]] = {}
    for merge in merges:
        first, second = merge.split(" ")
        merged.setdefault(first + second, (first, second))
    return merged
