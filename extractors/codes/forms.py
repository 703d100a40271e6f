"""How order numbers and plates are made, symbol by symbol: automata for `extractors.numbers.said_twice`.

Costs are how much rarer a form is than the usual one, in the scale of costs of sounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_LETTERED: Final = (0.1, 0.4, 0.0, 0.4)  # an order number begins with no, one, two, three letters
_YEAR: Final = "202"
_YEARS: Final = frozenset(_YEAR[:at] for at in (1, 2, 3))
_OTHER: Final = "---"
_NO_YEAR: Final = 0.2  # most numbers, but far fewer with any one beginning
_CITY: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O on plates
_NEW_ENERGY: Final = "DFABCEGHJK"  # the first or the last of the six characters of a new-energy car
_USUAL: Final = "DF"  # of those nearly all have one of these
_FAR, _ELSEWHERE = 0.4, 0.35  # a plate of another province, of another city than the hotline's
_LETTER, _ANOTHER_LETTER = 0.05, 0.2  # of a plate behind the city's
_NO_LETTER = 0.2  # five digits
_LACKING = 0.3  # five characters that look like those of a new-energy car, one of which was not heard


class OrderForm:
    """Letters, then digits, which often begin with the year: JF7730621984, GZ2022110735."""

    start: Final = (0, 0, "")

    def __init__(self, letters: int, least: int) -> None:
        """At most so many ``letters``, at ``least`` so many digits."""
        self._letters = min(letters, len(_LETTERED) - 1)
        self._least = least

    def after(self, state: tuple[int, int, str], symbol: str) -> tuple[tuple[int, int, str], float] | None:
        """The state, how many letters and digits so far and the first digits, after ``symbol``."""
        letters, digits, first = state
        if symbol.isdigit():
            first = first if len(first) == len(_YEAR) else first + symbol if (first + symbol) in _YEARS else _OTHER
            return (letters, min(digits + 1, self._least), first), 0.0
        if digits or letters >= self._letters or not symbol.isascii():
            return None
        return (letters + 1, 0, ""), 0.0

    def ends(self, state: tuple[int, int, str]) -> float | None:
        """What it costs that the number ends in ``state``."""
        letters, digits, first = state
        return _LETTERED[letters] + (0.0 if first == _YEAR else _NO_YEAR) if digits >= self._least else None


class PlateForm:
    """Province, letter of the city, five or six characters: 粤A8K36Q, 粤AD12345."""

    start: Final = ""

    def __init__(self, provinces: Sequence[str], own: str, city: str) -> None:
        """``own`` and ``city``: province and letter of the hotline's own plates."""
        self._provinces = frozenset(provinces)
        self._own, self._city = own, city

    def after(self, state: str, symbol: str) -> tuple[str, float] | None:
        """The state, what was read so far with any digit as 0, after ``symbol``."""
        if not state:
            return (symbol, 0.0 if symbol == self._own else _FAR) if symbol in self._provinces else None
        if symbol in self._provinces or len(state) > 7:
            return None
        if len(state) == 1:
            if symbol not in _CITY:
                return None
            return state + symbol, _ELSEWHERE if state == self._own and symbol != self._city else 0.0
        if symbol.isdigit():
            return state + "0", 0.0
        letters = sum(map(str.isalpha, state[2:]))
        if symbol not in _CITY or letters > 2:
            return None
        return state + symbol, _LETTER if not letters else _ANOTHER_LETTER

    def ends(self, state: str) -> float | None:
        """What it costs that the plate ends in ``state``."""
        body = state[2:]
        if len(body) == 5:
            if body.isdigit():
                return _NO_LETTER
            return None if body.isalpha() else _LACKING if body[0] in _USUAL and body[1:].isdigit() else 0.0
        if len(body) != 6:
            return None
        first, last = body[0] in _NEW_ENERGY, body[-1] in _NEW_ENERGY
        if not ((first and body[2:].isdigit()) or (last and body[:-1].isdigit())):
            return None
        return 0.0 if body[0] in _USUAL or body[-1] in _USUAL else _LETTER
