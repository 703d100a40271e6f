"""From what an engine writes to what a reader wants: simplified characters, punctuation, numbers in their written form.

Every step keeps the time of each character, so that any span of the final text can still be played.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import opencc

from asr.transcript import Times


@dataclass(frozen=True, slots=True)
class SpanText:
    """Text with one ``(start, end)`` in seconds for each of its characters."""

    text: str = ""
    times: Times = ()

    def __post_init__(self) -> None:
        if len(self.text) != len(self.times):
            raise ValueError(f"{len(self.text)} characters but {len(self.times)} times")

    @classmethod
    def timeless(cls, text: str) -> SpanText:
        """``text`` where nobody asks when it was said."""
        return cls(text, ((0.0, 0.0),) * len(text))

    def __add__(self, other: SpanText) -> SpanText:
        return SpanText(self.text + other.text, self.times + other.times)

    def __getitem__(self, span: slice) -> SpanText:
        return SpanText(self.text[span], self.times[span])

    def shifted(self, seconds: float) -> SpanText:
        """The same text, ``seconds`` later."""
        return SpanText(self.text, tuple((start + seconds, end + seconds) for start, end in self.times))

    def replaced(self, replacements: Iterable[tuple[int, int, str]]) -> SpanText:
        """With each span ``start:end`` (ascending, apart) rewritten.

        Text of the same length keeps its times; other text shares the time of what it replaces evenly.
        """
        result, done = SpanText(), 0
        for start, end, text in replacements:
            if len(text) == end - start:
                times = self.times[start:end]
            else:
                times = spread(text, self.times[start][0], self.times[end - 1][1])
            result = result + self[done:start] + SpanText(text, times)
            done = end
        return result + self[done:]


def spread(text: str, start: float, end: float) -> Times:
    """Even times for the characters of ``text`` between ``start`` and ``end``."""
    step = (end - start) / max(1, len(text))
    return tuple((start + step * index, start + step * (index + 1)) for index in range(len(text)))


@dataclass(frozen=True, slots=True)
class Phantoms:
    """Sentences that Whisper invents over noise, learned from the subtitles it was trained on.

    Text that is mostly made of the phrases in ``contained``, or is nothing but one of ``whole`` (once or again and
    again), was not said. People say the former too, amid other words: a text that holds one of them and is mostly
    something else was not said if the engine doubts it. All are compared without punctuation, spaces and case, in
    simplified characters. Raises ``ValueError`` for a phrase without letters and digits, which every text would hold.
    """

    whole: frozenset[str] = frozenset()
    contained: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all((*self.whole, *self.contained)):
            raise ValueError("a phantom sentence needs letters or digits")

    @classmethod
    def of(cls, data: Mapping[str, Iterable[str] | None]) -> Phantoms:
        """From lists under ``whole`` and ``contained``, as in ``catalog/rules/phantoms.yaml``.

        Raises ``ValueError`` for what is no such list, naming the entry.
        """
        if unknown := data.keys() - {"whole", "contained"}:
            raise ValueError(f"unknown list {min(map(str, unknown))!r}: phantoms are listed under whole and contained")
        return cls(frozenset(_phrases(data, "whole")), tuple(_phrases(data, "contained")))

    def hides(self, text: str, *, doubted: bool = False) -> bool:
        """Whether ``text`` is a phantom; ``doubted``: the engine took it for unlikely, or for no speech."""
        bare = _bare(text)
        covered = {
            at
            for phrase in self.contained
            for first in range(len(bare))
            if bare.startswith(phrase, first)
            for at in range(first, first + len(phrase))
        }
        if 2 * len(covered) > len(bare) or (covered and doubted):
            return True
        return any(bare and bare == phrase * (len(bare) // len(phrase)) for phrase in self.whole)


def _phrases(data: Mapping[str, Iterable[str] | None], name: str) -> list[str]:
    phrases = data.get(name) or ()
    if isinstance(phrases, str) or not all(isinstance(phrase, str) for phrase in phrases):
        raise ValueError(f"{name} must be a list of sentences")
    for phrase in phrases:
        if not _bare(phrase):
            raise ValueError(f"{name} holds {phrase!r}, which has no letters or digits; remove it")
    return [_bare(phrase) for phrase in phrases]


def simplified(spans: SpanText) -> SpanText:
    """Traditional characters to simplified ones, each on its own (OpenCC), so that every time stays."""
    return SpanText("".join(map(_simplify, spans.text)), spans.times)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _simplify(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character


_FULL_WIDTH = {",": "，", "?": "？", "!": "！", ";": "；", ":": "：", ".": "。", "｡": "。", "､": "、"}
_HAN = r"[\u3400-\u9fff]"
_SPACE_AS_PAUSE = re.compile(rf"(?<={_HAN})\s(?={_HAN})")
_MARK_AFTER_HAN = re.compile(rf"(?<={_HAN})[,?!;:.｡､]|(?<=[A-Za-z0-9])[,?!;:](?=\s*{_HAN}|$)")
_SUPERFLUOUS = re.compile(
    r"^[\s，。、？！；：,.?!;:·…-]+|(?<=[，。、？！；：])[\s，。、,.]+|\s+$|\s+(?=[^A-Za-z0-9])|(?<=[^A-Za-z0-9,.])\s+"
)


def punctuated(spans: SpanText) -> SpanText:
    """Full-width letters and digits narrowed, Chinese marks after Chinese, a pause written as a space made a comma,
    spaces and repeated or leading marks removed.
    """
    text = "".join(_narrow(character) for character in spans.text)
    text = _SPACE_AS_PAUSE.sub("，", text)
    text = _MARK_AFTER_HAN.sub(lambda match: _FULL_WIDTH[match[0]], text)
    spans = SpanText(text, spans.times)
    return spans.replaced((match.start(), match.end(), "") for match in _SUPERFLUOUS.finditer(text))


def _narrow(character: str) -> str:
    if "０" <= character <= "９" or "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ":
        return chr(ord(character) - 0xFEE0)
    return " " if character.isspace() else character


def _bare(text: str) -> str:
    return "".join(_simplify(character) for character in text.casefold() if character.isalnum())
