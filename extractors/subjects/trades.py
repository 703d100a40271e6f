"""What kind of body a misheard name ends in: a name in, the name with its trade put right out (农资电 → 农资店).

The name of a shop or firm is anyone's guess to a recogniser, but what it trades in is a common word, and stands at its
end. Words that end the name as written are left; what is a common word itself is not taken for a trade that sounds
like it. The trades: ``catalog/rules/subject.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from extractors.text.sound import NameIndex, Sounds

_UNLIKE, _UNLIKE_KNOWN = 0.2, 0.1  # sound cost a syllable up to which a trade was meant; where it ends in one already
_LONGER = 0.12  # what a further syllable is worth beside that cost
_COMMON = 100  # frequency in the dictionary from which a word is meant as it stands


def kinds_of(rules: Mapping[str, Any]) -> list[str]:
    """What names of bodies end in: the bodies and the trades of ``rules`` (section ``subject``)."""
    return [*rules["bodies"], *str(rules["trades"]).split()]


class Trades:
    """Hears ``trades`` at the end of names; ``words``: a general dictionary with frequencies."""

    def __init__(self, trades: Sequence[str], sounds: Sounds, words: Mapping[str, int]) -> None:
        self._trades = tuple(trades)
        self._sounds = sounds
        self._words = words
        self._index = NameIndex(sounds, self._trades, [_UNLIKE * len(trade) for trade in self._trades])
        self._longest = max(map(len, self._trades), default=0)
        self._ending = lru_cache(maxsize=4096)(self._put_right)

    def put_right(self, name: str) -> str:
        """``name`` with the trade it ends in as it is written; as long as ``name``."""
        at = max(0, len(name) - self._longest)
        return name[:at] + self._ending(name[at:])

    def _put_right(self, name: str) -> str:
        ending = max((len(trade) for trade in self._trades if name.endswith(trade)), default=0)
        found: list[tuple[float, int, str]] = []
        for fit in self._index.everywhere(self._sounds.hear(name)):
            trade, length = self._trades[fit.name], fit.end - fit.start
            cost = fit.cost / len(trade)
            if fit.end != len(name) or length != len(trade) or length <= ending:
                continue
            if self._words.get(name[fit.start :], 0) < _COMMON and cost <= (_UNLIKE_KNOWN if ending else _UNLIKE):
                found.append((cost - _LONGER * length, fit.start, trade))
        if not found:
            return name
        _, start, trade = min(found)
        return name[:start] + trade
