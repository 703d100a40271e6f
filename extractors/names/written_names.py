"""Names by sound: the characters a recogniser wrote in, how likely each of many names was meant out.

A name is written in its own characters now and then, mostly in whatever sounds so and is common in any text. Weights:
``catalog/rules/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from extractors.names.weights import WrittenWeights
from extractors.text.cues import by_sound, merged, syllable
from extractors.text.pinyin import Syllable, readings
from extractors.text.segment import dictionary
from extractors.text.sound import Sounds, Syllables

Vector: TypeAlias = NDArray[np.float64]

_COMMON, _RARE = 10.0, 2.0  # names at least so frequent are common, others rare


class Names:
    """Names of one length, in characters, with how common they are: a prior, and how likely each is written as what was
    heard. ``said``: readings of characters that are also said otherwise.
    """

    def __init__(
        self,
        names: Mapping[str, float],
        sounds: Sounds,
        weights: WrittenWeights,
        said: Mapping[str, Syllable] | None = None,
    ) -> None:
        self.names = tuple(names)
        self.number = {name: at for at, name in enumerate(self.names)}
        frequency = np.array(list(names.values()))
        self.prior: Vector = np.log(frequency / frequency.sum())
        self._weights = weights
        self._itself = np.where(
            frequency >= _COMMON,
            weights.itself_common,
            np.where(frequency >= _RARE, weights.itself, weights.itself_rare),
        )
        self._length = len(self.names[0])
        self._sounds = sounds
        usual = [[(readings(char) or (("", 5),))[0] for char in name] for name in self.names]
        self._said = [_Said(usual)]
        if said and any(char in said for name in self.names for char in name):
            other = [
                [said.get(char, one) for char, one in zip(name, spoken, strict=True)]
                for name, spoken in zip(self.names, usual, strict=True)
            ]
            self._said.append(_Said(other))
        _characters()  # now rather than in the midst of a call
        self.written = lru_cache(maxsize=2048)(self._written)

    def apart(self, heard: str) -> Vector:
        """How unlike the character ``heard`` each candidate of one character sounds."""
        apart = [said.apart(syllable(heard), self._sounds) for said in self._said]
        return np.asarray(np.min(apart, axis=0), np.float64)

    def _written(self, heard: str) -> Vector:
        """How likely each candidate is written as ``heard``."""
        use = _use(heard)
        nothing = np.full(len(self.names), self._weights.otherwise * use)
        if len(heard) != self._length or not all(map(readings, heard)):
            return nothing
        syllables = [readings(char)[0] for char in heard]
        right = np.max([said.right(syllables, self._sounds, self._weights) for said in self._said], axis=0)
        likely = right * (1 - self._itself) * use
        if (own := self.number.get(heard)) is not None:
            likely[own] = self._weights.sound * (self._itself[own] + (1 - self._itself[own]) * use)
        return np.asarray(np.maximum(likely, nothing), np.float64)


class _Said:
    """Names as they are said: a syllable with its tone for each character."""

    def __init__(self, names: Sequence[Sequence[Syllable]]) -> None:
        length = len(names[0])
        self._syllables = [Syllables([name[at][0] for name in names]) for at in range(length)]
        self._tones = [np.array([name[at][1] for name in names]) for at in range(length)]
        self._spelled = np.array([" ".join(syllable for syllable, _ in name) for name in names])
        self._merged = np.array(["".join(merged(syllable) for syllable, _ in name) for name in names])

    def apart(self, heard: str, sounds: Sounds) -> Vector:
        """How far the first syllable of each name is from ``heard``."""
        return sounds.distances(heard, self._syllables[0])

    def right(self, heard: Sequence[Syllable], sounds: Sounds, weights: WrittenWeights) -> Vector:
        """How likely each name sounds like the syllables ``heard``."""
        apart, tones = np.zeros(len(self._merged)), np.ones(len(self._merged))
        for at, (spoken, tone) in enumerate(heard):
            apart += sounds.distances(spoken, self._syllables[at])
            tones *= np.where(self._tones[at] == tone, 1.0, weights.other_tone)
        alike = self._merged == "".join(merged(syllable) for syllable, _ in heard)
        same = self._spelled == " ".join(syllable for syllable, _ in heard)
        near = np.where(alike, weights.alike, weights.near * np.exp(-weights.fall * apart / len(heard)))
        return np.asarray(np.where(same, weights.sound, near) * tones, np.float64)


@lru_cache(maxsize=1)
def _characters() -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How often each character stands in the general dictionary's words, and all of one sound."""
    often: dict[str, int] = {}
    for word, frequency in dictionary().items():
        if frequency:
            for char in word:
                often[char] = often.get(char, 1) + frequency
    alike: dict[str, int] = {}
    for char, frequency in often.items():
        alike[by_sound(char)] = alike.get(by_sound(char), 0) + frequency
    return often, alike


def _use(written: str) -> float:
    """How often what sounds like ``written`` is written so in any text, [0, 1]."""
    often, alike = _characters()
    share = 1.0
    for char in written:
        share *= often.get(char, 1) / alike.get(by_sound(char), 1)
    return share
