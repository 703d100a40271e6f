"""How well tokens go on a text: a language model of characters behind a tokenizer of bytes.

A token may be a character, several of them or a part of one. What has become whole is judged by the two characters
before it (`models.trigrams`); a part waits for its rest. Each whole character, and each pause, also earns a reward,
since otherwise the shortest text would be the likeliest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.trigrams import PAUSE, Trigrams

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Place: TypeAlias = tuple[int, int, bytes]
"""The numbers of the last two characters, and the bytes of one that is not whole yet."""


class Fluency:
    """A guide of a beam search (`asr.beams.Guide`). ``token`` tells the bytes of one by the model's number, the end
    token's are empty; ``alike`` what a character is judged as (a simplified one). ``weight`` times the log-probability
    counts, and as many times ``reward`` (nats) a character.
    """

    begin: Place = (PAUSE, PAUSE, b"")

    def __init__(
        self,
        model: Trigrams,
        token: Callable[[int], bytes],
        alike: Callable[[str], str],
        *,
        weight: float,
        reward: float,
    ) -> None:
        self._model, self._token, self._alike = model, token, alike
        self._weight, self._reward = weight, reward
        self._read = lru_cache(maxsize=1 << 16)(self._numbers)

    def onward(self, places: Sequence[Place], ids: Ints) -> tuple[Floats, list[list[Place]]]:
        """As `asr.beams.Guide` says."""
        size = self._model.size
        keys: list[int] = []
        owners: list[int] = []
        led: list[list[Place]] = []
        for row, (first, second, part) in enumerate(places):
            some = []
            for column, token in enumerate(ids[row].tolist()):
                before, last = first, second
                numbers, rest = self._read(part, token)
                for number in numbers:
                    if number == last == PAUSE:
                        continue
                    keys.append((before * size + last) * size + number)
                    owners.append(row * ids.shape[1] + column)
                    before, last = last, number
                some.append((before, last, rest))
            led.append(some)
        counts = np.zeros(ids.size, np.float32)
        if keys:
            told = self._model.of_triples(np.array(keys, np.int64)) + self._reward
            np.add.at(counts, owners, self._weight * told)
        return counts.reshape(ids.shape), led

    def _numbers(self, part: bytes, token: int) -> tuple[tuple[int, ...], bytes]:
        """The characters that are whole once ``token`` follows ``part``, and what is not whole yet."""
        data = self._token(token)
        if not data:
            return (PAUSE,), b""
        data = part + data
        text, whole = "", 0
        for end in range(len(data), max(0, len(data) - 4), -1):
            try:
                text, whole = data[:end].decode(), end
                break
            except UnicodeDecodeError:
                continue
        rest = data[whole:]
        if len(rest) > 3:  # nothing that can become a character
            rest = b""
        return tuple(self._model.number(char) for char in self._alike(text)), rest
