"""Which characters an explanation means: "志气的志" as it was heard in, characters with likelihoods out.

People tell a character by a word that has it. Words are recognised better than single characters, so the word decides,
by sound (致其的治 → 志气 → 志): a word of the catalogue, else of the general dictionary, else what was heard itself.
Where the character is heard as it was in the word, one error of the recogniser made both, and counts once (弟业的弟 →
毕业 → 毕). Others tell a character by its parts (`extractors.described`). Weights: ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import NDArray

from extractors.cues import syllable
from extractors.name_weights import ToldWeights
from extractors.segment import dictionary
from extractors.sound import Sounds, Syllables

UNTOLD = 0.001
"""The likelihood of an explanation of a character that it does not fit."""

_SPOKEN, _WRITTEN = 1.0, 0.5  # the word is one people use for this; is in a dictionary
_KNOWN = 0.2  # from this share on a word is one that people know
_OFTEN = 500.0  # a word of the dictionary that stands there so often has half of that share
_RARE = 3
_NEAR, _NEAR_WRITTEN = 0.8, 0.45  # no word further from what was heard is thought of


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation as it was heard: ``char`` after 的, ``word`` before it, up to four characters; ``others``: what
    the other readings of the utterance have for it, a word and a character each. ``parts``: the characters that a
    description by parts fits, with likelihoods; ``char`` may be empty then.
    """

    word: str
    char: str
    others: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Words of one length: each character of ``chars`` may be told by the word beside it."""

    words: tuple[str, ...]
    meant: tuple[str, ...]  # the characters that the word may tell
    share: NDArray[np.float64]
    nearest: NDArray[np.float64]  # no further from what was heard
    syllables: Syllables  # all that occur
    said: NDArray[np.intp]  # [characters, words]: which of those


class Explanations:
    """``words``: by character the words it is usually told by; ``chars``: all that may be told."""

    def __init__(
        self, words: Mapping[str, Sequence[str]], chars: Set[str], sounds: Sounds, weights: ToldWeights
    ) -> None:
        self._sounds = sounds
        self._weights = weights
        spoken = [(word, char) for char, told in words.items() for word in told]
        written = [(word, often) for word, often in dictionary().items() if len(word) == 2 and often >= _RARE]
        self._words = {
            length: _of_length(
                [
                    *((word, char, _SPOKEN, _NEAR) for word, char in spoken if len(word) == length),
                    *(
                        (word, "".join(meant), _WRITTEN * often / (often + _OFTEN), _NEAR_WRITTEN)
                        for word, often in (written if length == 2 else ())
                        if (meant := chars & set(word))
                    ),
                ]
            )
            for length in (2, 3, 4)
        }
        self.fits = lru_cache(maxsize=1024)(self._fits)

    def _fits(self, told: Told) -> Mapping[str, float]:
        """How likely ``told`` is said of each character that it may mean; of all others `UNTOLD`."""
        if told.parts:
            return dict(told.parts)
        weights = self._weights
        found: dict[str, float] = {}
        for word, said in ((told.word, told.char), *told.others):
            itself = weights.itself
            for char, heard, share in self._meant(word):
                if share >= _KNOWN:
                    itself = weights.itself_else
                # the same error made both; none where the word tells the character without having it (三个木)
                again = heard != "" and syllable(said) == syllable(heard)
                apart = 0.0 if again or said == char else self._sounds.distance(syllable(said), syllable(char[0]))
                found[char] = max(share * exp(-weights.fall * apart), found.get(char, UNTOLD))
            found[said] = max(itself, found.get(said, UNTOLD))
        return found

    def clear(self, told: Told, char: str = "") -> bool:
        """Whether ``told`` explains some character, or ``char``, well: it was heard right and is an explanation."""
        fits = self.fits(told)
        return (fits.get(char, 0.0) if char else max(fits.values(), default=0.0)) >= self._weights.clear

    def _meant(self, heard: str) -> Iterator[tuple[str, str, float]]:
        """The characters that the word ``heard`` may tell, what was heard for each in it (nothing where the word has it
        not), and how likely.
        """
        sounds_known = False
        for length in range(min(len(heard), max(self._words)), 1, -1):
            known, part = self._words[length], heard[-length:]
            apart = np.zeros(len(known.words))
            for char, said in zip(part, known.said, strict=True):
                apart += self._sounds.distances(syllable(char), known.syllables)[said]
            for number in np.flatnonzero(apart <= known.nearest):
                near = 0.0 if known.words[number] == part else float(apart[number])
                sounds_known |= near == 0 and bool(known.share[number] >= _KNOWN)
                for char in known.meant[number]:
                    at = known.words[number].find(char)
                    yield (
                        char,
                        part[at] if at >= 0 else "",
                        float(known.share[number]) * exp(-self._weights.fall * near),
                    )
        for char in heard:
            yield char, char, self._weights.as_heard_else if sounds_known else self._weights.as_heard


def _of_length(words: Sequence[tuple[str, str, float, float]]) -> _Words:
    numbers: dict[str, int] = {}
    length = len(words[0][0])
    said = [[numbers.setdefault(syllable(word[at]), len(numbers)) for word, *_ in words] for at in range(length)]
    return _Words(
        tuple(word for word, *_ in words),
        tuple(meant for _, meant, *_ in words),
        np.array([share for *_, share, _ in words]),
        np.array([nearest for *_, nearest in words]),
        Syllables(list(numbers)),
        np.array(said, np.intp),
    )
