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

_MIN_FREQUENCY = 20


@lru_cache(maxsize=1)
def dictionary() -> dict[str, int]:
    """The words of jieba's general dictionary with their frequencies, and its prefixes with 0; not to be changed."""
    tokenizer: Any = jieba.Tokenizer()
    frequencies: dict[str, int] = tokenizer.gen_pfdict(tokenizer.get_dict_file())[0]
    return frequencies


class Segmenter:
    """Cuts text into words. ``words`` are kept whole where jieba alone would split them."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        tokenizer: Any = jieba.Tokenizer()
        # what Tokenizer.initialize does, without its cache in a shared temporary folder and without its log
        tokenizer.FREQ = dict(dictionary())
        tokenizer.total = sum(tokenizer.FREQ.values())
        tokenizer.initialized = True
        for word in sorted(set(words)):
            frequency = max(tokenizer.suggest_freq(word), _MIN_FREQUENCY)
            tokenizer.add_word(word, frequency)
        self._cut = tokenizer.cut

    def cut(self, text: str) -> list[str]:
        """The words of ``text`` in order; punctuation counts as words."""
        return [str(word) for word in self._cut(text, HMM=False)]


def read_lexicon(path: Path) -> list[str]:
    """The words of a lexicon file, one a line; ``#`` starts a comment, a missing file is an empty lexicon."""
    if not path.is_file():
        return []
    lines = (line.split("#", 1)[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line.split()[0] for line in lines if line]
