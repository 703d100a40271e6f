"""Which characters an explanation means: "志气的志" as it was heard in, characters with likelihoods out.

People tell a character by a word that has it. Words are recognised better than single characters, so the word decides,
by sound (致其的治 → 志气 → 志): a word of the catalogue, else of the general dictionary, else what was heard itself.
Where the character is heard as it was in the word, one error of the recogniser made both, and counts once (弟业的弟 →
毕业 → 毕), also where it is heard as in the name (姓姐，简单的姐 → 简). Others tell a character by its parts
(`extractors.names.described`). Weights: ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from extractors.names.explaining_words import ExplainingWords, Word
from extractors.names.weights import ToldWeights
from extractors.text.cues import syllable
from extractors.text.segment import dictionary
from extractors.text.sound import Sounds

UNTOLD = 0.001
"""The likelihood of an explanation of a character that it does not fit."""

_SPOKEN, _WRITTEN = 1.0, 0.5  # the word is one people use for this; is in a dictionary
_KNOWN = 0.2  # from this share on a word is one that people know
_OFTEN = {2: 500.0, 3: 20.0, 4: 20.0}  # a word of the dictionary that stands there so often has half of that share
_RARE = 3
_NEAR, _NEAR_WRITTEN = 0.8, 0.45  # no word further from what was heard is thought of
_SAME = 0.15  # a known word that is no further from it is what was said
_THAT = frozenset(("na", "zhe", "ne", "la"))  # 那 and 这 of 那个, heard as part of the word (戚继光纳的戚)


@dataclass(frozen=True, slots=True)
class Told:
    """An explanation as it was heard: ``char`` after 的, ``word`` before it, up to four characters; ``others``: what
    the other readings of the utterance have for it, a word and a character each. ``parts``: the characters that a
    description by parts fits, with likelihoods; ``char`` may be empty then. ``again``: ``char`` sounds as a character
    of the name was heard in the same utterance.
    """

    word: str
    char: str
    others: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, float], ...] = ()
    again: bool = False


class Explanations:
    """``words``: by character the words it is usually told by; ``chars``: all that may be told."""

    def __init__(
        self, words: Mapping[str, Sequence[str]], chars: Set[str], sounds: Sounds, weights: ToldWeights
    ) -> None:
        self._sounds = sounds
        self._weights = weights
        spoken = [Word(word, char, _SPOKEN) for char, told in words.items() for word in told]
        written = [
            Word(word, word, _WRITTEN * often / (often + _OFTEN[len(word)]))
            for word, often in dictionary().items()
            if often >= _RARE and len(word) in _OFTEN and not chars.isdisjoint(word)
        ]
        self._chars = chars
        self._words = (ExplainingWords(spoken, _NEAR, sounds), ExplainingWords(written, _NEAR_WRITTEN, sounds))
        self.fits = lru_cache(maxsize=1024)(self._fits)
        self._meant = lru_cache(maxsize=1024)(self._meaning)

    def _fits(self, told: Told) -> Mapping[str, float]:
        """How likely ``told`` is said of each character that it may mean; of all others `UNTOLD`."""
        if told.parts:
            return dict(told.parts)
        weights = self._weights
        fall = weights.fall_again if told.again else weights.fall
        found: dict[str, float] = {}
        for word, said in ((told.word, told.char), *told.others):
            meant, _ = self._meant(word)
            itself = weights.itself
            for char, heard, share in meant:
                least = 0.0
                if share >= _KNOWN:
                    itself = weights.itself_else
                    least = weights.other_said
                # the same error made both; none where the word tells the character without having it (三个木)
                again = heard != "" and syllable(said) == syllable(heard)
                apart = 0.0 if again or said == char else self._sounds.distance(syllable(said), syllable(char[0]))
                found[char] = max(share * max(exp(-fall * apart), least), found.get(char, UNTOLD))
            found[said] = max(itself, found.get(said, UNTOLD))
        return found

    def clear(self, told: Told, char: str = "") -> bool:
        """Whether ``told`` explains some character, or ``char``, well: it was heard right and is an explanation."""
        fits = self.fits(told)
        return (fits.get(char, 0.0) if char else max(fits.values(), default=0.0)) >= self._weights.clear

    def known(self, told: Told) -> bool:
        """Whether ``told`` is by a word that people use to tell a character, whatever character was heard behind it."""
        return any(self._meant(word)[1] for word, _ in ((told.word, told.char), *told.others))

    def _meaning(self, heard: str) -> tuple[Sequence[tuple[str, str, float]], bool]:
        """The characters that the word ``heard`` may tell, what was heard for each in it (nothing where the word has it
        not), and how likely; whether it is a known word.
        """
        found: list[tuple[str, str, float]] = []
        sounds_known = False
        for part in _parts(heard):
            like = [one for words in self._words for one in words.like(part)]
            written = max((word.share for word, _ in like if word.word == part), default=0.0)
            for word, apart in like:
                near = 0.0 if word.word == part else apart
                sounds_known |= near <= _SAME and word.share >= _KNOWN
                likely = word.share * exp(-self._weights.fall * near)
                if written >= max(_KNOWN, _SPOKEN if word.share == _SPOKEN else 0.0) and word.word != part:
                    likely *= self._weights.other_word
                for char in filter(self._chars.__contains__, dict.fromkeys(word.meant)):
                    at = word.word.find(char)
                    found.append((char, part[at] if at >= 0 else "", likely))
        as_heard = self._weights.as_heard_else if sounds_known else self._weights.as_heard
        return (*found, *((char, char, as_heard) for char in heard)), sounds_known


def _parts(heard: str) -> Iterator[str]:
    """The ends of ``heard`` that may be the word, also without a 那 or 这 behind it."""
    ends = (heard, heard[:-1]) if syllable(heard[-1:] or " ") in _THAT else (heard,)
    for whole in ends:
        for length in range(min(len(whole), max(_OFTEN)), 1, -1):
            yield whole[-length:]
