"""The word pieces of calls in Chinese: all that e5 knows in, the pieces such calls use and their tokenizer out.

e5 knows a quarter of a million pieces of a hundred languages. Kept are Chinese in simplified writing (words matter: a
piece is most often a word), digits, short Latin pieces and abbreviations, and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from opencc import OpenCC
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC
from tokenizers.pre_tokenizers import Metaspace

from models.e5 import E5

SPECIAL = 4  # pieces that stand for no text: begin, padding, end, unknown
_HAN = re.compile(r"▁?[\u4e00-\u9fff]+")
_LATIN = re.compile(r"▁?(?:[A-Za-z]{1,2}|[A-Z]{3,5}|[0-9]{1,4}|[!-/:-@\[-`{-~]{1,2})?")
_MARKS = re.compile(r"▁?[。、“”‘’《》【】—…·]")


def kept(pieces: Sequence[str]) -> list[int]:
    """Numbers of the pieces that are kept, the four special ones first."""
    simplified = OpenCC("t2s").convert("\n".join(pieces)).split("\n")
    return [
        number
        for number, (piece, simple) in enumerate(zip(pieces, simplified, strict=True))
        if number < SPECIAL
        or (_HAN.fullmatch(piece) and simple == piece)
        or _LATIN.fullmatch(piece)
        or _MARKS.fullmatch(piece)
    ]


def tokenizer(e5: E5, numbers: Sequence[int]) -> Tokenizer:
    """Cuts a text into the pieces ``numbers``."""
    made = Tokenizer(Unigram([(e5.pieces[n], float(e5.scores[n])) for n in numbers], unk_id=e5.sizes.unknown))
    made.normalizer = NFKC()
    made.pre_tokenizer = Metaspace()
    return made


def vocabulary(tokenizer: Tokenizer) -> list[str]:
    """The word pieces of ``tokenizer`` in the order of their numbers."""
    pieces = tokenizer.get_vocab()
    return sorted(pieces, key=pieces.__getitem__)
