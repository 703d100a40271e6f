"""Words of Chinese text, by jieba with the hotline's own words.

In: text. Out: words. The tokenizer is an object of its own: jieba's global one is never touched, nothing is logged,
and no cache file is written unless a folder for it is given.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # jieba's sources hold escape sequences newer Pythons warn about, and it looks for the deprecated pkg_resources
    warnings.simplefilter("ignore")
    import jieba

from extractors.catalogue.cache import words as kept_words

_MIN_FREQUENCY = 20


@lru_cache(maxsize=1)
def dictionary() -> dict[str, int]:
    """The words of jieba's general dictionary with their frequencies, and its prefixes with 0; not to be changed."""
    tokenizer: Any = jieba.Tokenizer()
    frequencies: dict[str, int] = tokenizer.gen_pfdict(tokenizer.get_dict_file())[0]
    return frequencies


class Segmenter:
    """Cuts text into words. ``words`` are kept whole where jieba alone would split them; ``cache``: a folder where the
    dictionary with these words is kept.
    """

    def __init__(self, words: Iterable[str] = (), cache: Path | None = None) -> None:
        tokenizer = _tokenizer(kept_words(cache, "words", lambda: _with_words(words)))
        self._cut = tokenizer.cut

    def cut(self, text: str) -> list[str]:
        """The words of ``text`` in order; punctuation counts as words."""
        return [str(word) for word in self._cut(text, HMM=False)]


def _tokenizer(frequencies: dict[str, int]) -> Any:
    """jieba's tokenizer over a dictionary, without its cache in a shared temporary folder and without its log."""
    tokenizer: Any = jieba.Tokenizer()
    tokenizer.FREQ = frequencies
    tokenizer.total = sum(frequencies.values())
    tokenizer.initialized = True
    return tokenizer


def _with_words(words: Iterable[str]) -> dict[str, int]:
    tokenizer = _tokenizer(dict(dictionary()))
    for word in sorted(set(words)):
        frequency = max(tokenizer.suggest_freq(word), _MIN_FREQUENCY)
        tokenizer.add_word(word, frequency)
    frequencies: dict[str, int] = tokenizer.FREQ
    return frequencies
