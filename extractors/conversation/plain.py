"""Turns as understanding reads them: any text in, plain text of the same length out, and evidence back into the text.

Rules and models know simplified characters and letters, digits and signs of the usual width. Typed text may have others
(天河區, １２號, 粤Ａ１２３４５). They are put one for one, so that every place in the plain text is the same place in
what was written, and evidence quotes what was written. Of a text longer than anybody says only the beginning is read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from opencc import OpenCC

from extractors.conversation.retold import Told, retold
from extractors.ticket import Evidence
from extractors.turn import Turn

MOST = 1000  # characters that are read of a turn: minutes of speech
_NO_CHARACTER = "\ufffd"  # stands for half a surrogate pair, which no encoding knows
_WIDE_SIGNS = frozenset("－／．＋＃＆＠％＝＿")
_NAMES = frozenset("乾昇陞堃邨龢甦濛鉅")  # of names in simplified text as well
_TRADITIONAL = frozenset("後於徵夥麽")  # known to GB 2312 all the same
_FORMS = ("<wide>", "<font>", "<compat>")  # of letters, digits and characters that are the same in another dress


class _Plain(dict[int, int]):
    """The plain character of each code point; found when it is first met."""

    def __missing__(self, code: int) -> int:
        self[code] = ord(_plain(chr(code)))
        return self[code]


_TABLE = _Plain()


def plain_text(text: str) -> str:
    """``text`` in plain characters, one for one."""
    return text if text.isascii() else text.translate(_TABLE)


def plain_turn(turn: Turn) -> Turn:
    """``turn`` as it is read."""
    return replace(
        turn,
        text=plain_text(turn.text[:MOST]),
        times=turn.times[:MOST],
        readings=tuple(plain_text(reading[:MOST]) for reading in turn.readings),
        heard=plain_text(turn.heard[:MOST]),
    )


def quoting(told: Told, turns: Sequence[Turn]) -> Told:
    """What is ``told`` of ``turns``, with the evidence in the words that stand there, however they were read."""
    written = {turn.id: turn.text for turn in turns}

    def quoted(one: Evidence) -> tuple[Evidence]:
        text = written.get(one.turn)
        return (one if text is None else replace(one, text=text[one.start : one.end]),)

    return retold(told, quoted)


def _plain(character: str) -> str:
    if 0xD800 <= ord(character) <= 0xDFFF:
        return _NO_CHARACTER
    form = unicodedata.decomposition(character).split(" ")[0]
    if form and (not form.startswith("<") or form in _FORMS):
        usual = unicodedata.normalize("NFKC", character)
        if len(usual) == 1 and (usual.isalnum() or character in _WIDE_SIGNS):
            character = usual
    if character in _NAMES or (_common(character) and character not in _TRADITIONAL):
        return character
    simplified: str = _converter().convert(character)
    return simplified if len(simplified) == 1 and _common(simplified) else character


def _common(character: str) -> bool:
    """Whether ``character`` is one of those that simplified text is written with."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
