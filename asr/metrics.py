"""How good and how fast: character error rate with a stated normalisation, percentiles.

Normalisation of both sides before characters are compared: Unicode NFKC, lower case, traditional characters to
simplified (OpenCC, one by one), numerals of any kind to digits (幺三六, 一三六 and 136 are alike, as are
一万二千八百 and 12800, 三点五 and 3.5), then everything but letters and digits left out.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from asr.numbers import cardinal
from asr.text import SpanText, simplified

_NUMERAL = re.compile("[零〇幺一二三四五六七八九十百千万亿两]+")
_FRACTION = re.compile("(?<=点)[零〇一二三四五六七八九]+(?=[万亿])")  # 三点五万 is 3.5万, not 3点50000
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_DIGITS = str.maketrans("零〇幺一二三四五六七八九两", "0011234567892")


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Edits needed to make the hypothesis the reference, of ``characters`` in the reference."""

    edits: int = 0
    characters: int = 0

    @property
    def rate(self) -> float:
        """Edits a character; 0 for nothing said and nothing written."""
        return self.edits / self.characters if self.characters else float(self.edits > 0)

    def __add__(self, other: ErrorRate) -> ErrorRate:
        return ErrorRate(self.edits + other.edits, self.characters + other.characters)


def character_errors(reference: str, hypothesis: str) -> ErrorRate:
    """Levenshtein distance of the normalised texts."""
    said, heard = comparable(reference), comparable(hypothesis)
    return ErrorRate(_distance(said, heard), len(said))


def comparable(text: str) -> str:
    """``text`` normalised for comparison."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = simplified(SpanText.timeless(text)).text
    text = _FRACTION.sub(lambda match: match[0].translate(_DIGITS), text)
    text = _NUMERAL.sub(lambda match: _digits(match[0]), text)
    text = _POINT.sub("点", text)
    return "".join(character for character in text if character.isalnum())


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that ``share`` (0 to 1) of them do not exceed (nearest rank); NaN for none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _digits(numeral: str) -> str:
    if any(unit in numeral for unit in "十百千万亿") and (value := cardinal(numeral)) is not None:
        return str(value)
    return numeral.translate(_DIGITS)


def _distance(left: str, right: str) -> int:
    if not left or not right:
        return len(left) + len(right)
    columns = np.frombuffer(right.encode("utf-32-le"), np.uint32)
    steps = np.arange(len(right) + 1)
    row = steps.copy()
    for index, character in enumerate(left):
        changed = row[:-1] + (columns != ord(character))
        row[1:] = np.minimum(changed, row[1:] + 1)
        row[0] = index + 1
        # insertions run along the row: a running minimum of (cost - column)
        row = np.minimum.accumulate(row - steps) + steps
    return int(row[-1])
