"""What was asked for lately, kept within bounds: results by key, of which the least recently used ones go."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Keeps what the latest ``least`` different keys asked for gave, and no more than twice as many.

    Two generations take turns, so that a key is hashed once where it is asked for again and again; what is asked for in
    the younger one's time moves into it, and the rest goes with the older one.
    """

    def __init__(self, least: int) -> None:
        self.least = least
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._young | self._old)

    def get(self, key: K) -> V | None:
        """What was put for ``key``; None where that is not known (any more)."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: K, value: V) -> None:
        """Keep ``value``, which is not None, for ``key``."""
        if len(self._young) >= self.least:
            self._old, self._young = self._young, {}
        self._young[key] = value
