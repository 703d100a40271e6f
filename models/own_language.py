"""How the callers of one hotline put things, learned beside what a language model knows: texts in, a `Trigrams` out.

What was known stays known: the model that was there and one of the hotline's own sentences are blended, with the shares
by which sentences that neither has read are likeliest. Of the hotline's sentences only what is said several times is
kept, characters too: what somebody said once cannot be read off the result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models.trigram_learning import blended, characters, learned, likeliest_share, widened
from models.trigrams import Trigrams, bits_a_character, plain

LEAST = 2  # times that something is said which is kept
_KEPT_BACK = 10  # every so many sentences tell the shares
_ENOUGH = 100  # sentences, below which those kept back say nothing


class TooLittleTextError(ValueError):
    """Too few sentences to learn from; says how many."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """``model`` with the own ``sentences`` counting ``share``; bits a character of those kept back, ``before`` and
    ``after``, by models that have not read them.
    """

    model: Trigrams
    sentences: int
    share: float
    before: float
    after: float


def adapted(model: Trigrams, sentences: Sequence[str], least: int = LEAST) -> Adapted:
    """``model`` blended with what ``sentences`` say ``least`` times.

    Raises `TooLittleTextError` for fewer than a hundred sentences, or where hardly anything is said so often.
    """
    told = [text for text in sentences if plain(text)]
    if len(told) < _ENOUGH:
        raise TooLittleTextError(f"{len(told)} sentences; {_ENOUGH} are the least, some thousands are better")
    often = Counter(char for text in told for char in text)
    model = widened(model, (char for char in characters(told) if often[char] >= least))
    kept_back = told[::_KEPT_BACK]
    try:
        own = _own(model, [text for at, text in enumerate(told) if at % _KEPT_BACK], least)
        whole = _own(model, told, least)
    except ValueError as error:
        raise TooLittleTextError(f"of {len(told)} sentences hardly anything is said {least} times") from error
    share = likeliest_share(model, own, kept_back)
    shares = [1 - share, share]
    after = bits_a_character(blended([model, own], shares), kept_back)
    return Adapted(blended([model, whole], shares), len(told), share, bits_a_character(model, kept_back), after)


def _own(model: Trigrams, texts: Sequence[str], least: int) -> Trigrams:
    return learned((), texts, numbers=model.numbers, least=least)
