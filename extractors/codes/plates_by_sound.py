"""Plates that caller and agent both say, compared by sound: turns in, the plate out.

What a recogniser writes for a plate is as often words and digits as its letters (粤A的开3952, 粤A001739 for 粤AD…);
where both are heard differently it is the likeliest plate that both may have been (`extractors.numbers.said_twice`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from extractors.codes.forms import PlateForm
from extractors.numbers.digits import DigitReader
from extractors.numbers.said_twice import Spelled, both_say, may_be_one
from extractors.numbers.spelled_by_both import Span, Stretch, groups, likeliest, pairs, stretches, value
from extractors.numbers.symbol_lattice import Spelling
from extractors.slots.extractor import Context
from extractors.text.cues import Cues
from extractors.text.sound import Sounds
from extractors.ticket import SlotValue
from extractors.turn import Turn

_BEFORE = 8  # characters before the digits that may be of the plate
_AFTER = 2  # and behind them
_LATELY = 3  # turns before, in which a plate was spoken of
_DEAREST = 2.4
_GLUED = 0.3  # cost of what was written behind a plate as if it were part of it (52白色的: 52004的)
_SHARED = 4  # symbols that both have at least
_DIGITS = 2
_FREE = 0.05
_MOST = 0.95


class PlatesBySound:
    """Finds the plate that both parties spell."""

    def __init__(self, sounds: Sounds, reader: DigitReader, rules: Mapping[str, Any]) -> None:
        """``rules``: those for numbers."""
        plate = rules["plate"]
        self._reader = reader
        self._words = Cues(plate["words"])
        self._phone = Cues(rules["phone"]["words"])
        own: str = plate["sound"]
        named = {one: tuple(way.rstrip("12345") for way in said) for one, said in plate["provinces"].items()}
        between = [*plate["between"], *rules["dictation"]["between"]]
        spelling = Spelling(sounds, between, rules["order"]["lead"], rules["spelled"]["misheard"], named)
        form = PlateForm(tuple(named), own, next(iter(plate["city"])))

        def together(one: str, other: str) -> Spelled | None:
            return both_say(spelling.lattice(one), spelling.lattice(other), form, _DEAREST, _GLUED)

        self._together = lru_cache(maxsize=512)(together)
        self._provinces = "".join(named)

    def read(self, turn: Turn, context: Context) -> tuple[Stretch, ...]:
        """Where ``turn`` may say a plate."""
        if not turn.times or not turn.final:
            return ()
        due = "plate_no" in context.expected or any(
            self._words.match(one.text) for one in (*context.before[-_LATELY:], turn)
        )
        return tuple(stretches(turn, lambda text: self._spans(text, due)))

    def _spans(self, text: str, due: bool) -> Iterator[Span]:
        merged = groups(text, self._reader)
        for at, (start, end) in enumerate(merged):
            floor = merged[at - 1][1] if at else 0
            begin = max(floor, start - _BEFORE)
            if self._phone.match(text[begin:start]):
                continue
            if due or any(one in text[begin:end] for one in self._provinces):
                yield begin, min(len(text), end + _AFTER), due

    def fold(self, turns: Sequence[Turn], told: Sequence[Sequence[Stretch]]) -> SlotValue | None:
        """The plate that both said; None where there is none, or no one of two is much likelier."""
        best: SlotValue | None = None
        for pair in pairs(turns, told):
            _, said, _, again = pair
            if not may_be_one(said.texts[0], again.texts[0], 1):
                continue
            found = likeliest(said, again, self._together, _enough)
            if found is None:
                continue
            both = value(*found, pair, _MOST, _FREE)
            if best is None or both.confidence >= best.confidence:
                best = both
        return best


def _enough(spelled: Spelled) -> bool:
    """Whether both said enough of it."""
    return spelled.shared >= _SHARED and sum(map(str.isdigit, spelled.code)) >= _DIGITS
