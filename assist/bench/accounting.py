"""Whether live calls said what replay says: every final that was due, once, with the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = tuple[int, int]  # channel, utterance


@dataclass(frozen=True, slots=True)
class Account:
    """Of ``due`` finals, ``lost`` never came and ``changed`` came with another text. ``beyond`` came though not due, or
    a second time.
    """

    due: int = 0
    lost: int = 0
    changed: int = 0
    beyond: int = 0

    def __add__(self, other: Account) -> Account:
        return Account(
            self.due + other.due, self.lost + other.lost, self.changed + other.changed, self.beyond + other.beyond
        )


def account(due: Mapping[Key, str], came: Iterable[tuple[Key, str]]) -> Account:
    """Compare the finals that replay gives with those that came; of a final that came twice the first counts."""
    first: dict[Key, str] = {}
    beyond = 0
    for key, text in came:
        if key in first or key not in due:
            beyond += 1
        first.setdefault(key, text)
    return Account(
        due=len(due),
        lost=sum(key not in first for key in due),
        changed=sum(key in first and first[key] != text for key, text in due.items()),
        beyond=beyond,
    )
