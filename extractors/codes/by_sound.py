"""Order numbers that caller and agent both say, compared by sound: turns in, the number out.

The caller gives letters and digits, in groups or begun again, the agent repeats them, and each is misheard in its own
way (阿秋7701428, A97701428: RQ7701428). Each stretch of a turn that has digits is a lattice of what it may spell; the
number is what a stretch of the caller's and one of the agent's spell together at the least cost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from extractors.codes.forms import OrderForm
from extractors.codes.labels import CodeLabels
from extractors.codes.written import naming_another
from extractors.numbers.digits import DigitReader
from extractors.numbers.said_twice import Spelled, both_say, may_be_one
from extractors.numbers.spelled_by_both import Span, Stretch, groups, likeliest, pairs, stretches, value
from extractors.numbers.symbol_lattice import Spelling
from extractors.slots.extractor import Context
from extractors.text.cues import Cues, alternatives
from extractors.text.sound import Sounds
from extractors.ticket import SlotValue
from extractors.turn import Turn

_REACH = 24  # characters between the word for the number and the number
_BEFORE = 6  # characters before the digits that may be letters of the number
_PHONE_NEAR = 2  # turns before, in which a phone number may have been spoken of
_LEAST = 4  # digits of a stretch
_DEAREST = 0.28  # cost of a symbol at most
_PAIRS = 2  # pairs of digits that both have at least
_SHARED = 0.6  # share of the symbols that both have at least
_FREE = 0.04  # cost of a symbol that says nothing against a number
_AGAIN = 0.8  # certainty from which a number takes the place of one said before
_MOST = 0.96  # certainty of a number
_PHONE = re.compile(r"1[3-9]\d{9}")
_SOME_DIGITS = re.compile(r"\d{3}")
_TELLING = re.compile(r"[A-Z]{2,}\d{6}")  # a number that shows by itself what it is
_AGAIN_AT_ONCE = re.compile(r"(?P<once>[0-9A-Za-z]{5,})(?P=once)")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_CLAUSE = re.compile(r"[。？！；]")


class CodesBySound:
    """Finds the number that both parties spell."""

    def __init__(self, sounds: Sounds, reader: DigitReader, rules: Mapping[str, Any]) -> None:
        """``rules``: those for numbers."""
        order = rules["order"]
        self._reader = reader
        self._words = CodeLabels(order["words"], order)
        self._phone = Cues(rules["phone"]["words"])
        self._other = naming_another(order["other"])
        self._counts: tuple[str, ...] = tuple(order["not_followed_by"])
        self._provinces = frozenset(rules["plate"]["provinces"])
        self._dash = re.compile("-|" + alternatives(rules["dictation"]["dash"]))
        spelling = Spelling(sounds, rules["dictation"]["between"], order["lead"], rules["spelled"]["misheard"])
        form = OrderForm(order["letters"], order["least"])

        def together(one: str, other: str) -> Spelled | None:
            a, b = spelling.lattice(one), spelling.lattice(other)
            return both_say(a, b, form, _DEAREST * min(sum(a.written), sum(b.written)) + 0.4)

        self._together = lru_cache(maxsize=512)(together)

    def read(self, turn: Turn, context: Context, due: bool) -> tuple[Stretch, ...]:
        """Where ``turn`` may say an order number; ``due``: one was asked for or named before."""
        if not turn.times or not turn.final:
            return ()
        phone = self._of_phone(turn, context)
        found = stretches(turn, lambda text: self._spans(text, due and not phone))
        return tuple(replace(one, texts=tuple(map(_once, one.texts))) for one in found if one.due or not phone)

    def _of_phone(self, turn: Turn, context: Context) -> bool:
        """Whether the talk is of a phone number."""
        own = [one for one in context.before[-_PHONE_NEAR:] if one.speaker is turn.speaker]
        return "phone" in context.expected or any(
            self._phone.match(one.text) and not self._words.match(one.text) and _SOME_DIGITS.search(one.text)
            for one in (*own, turn)
        )

    def _spans(self, text: str, due: bool) -> Iterator[Span]:
        """Begin and end of each stretch of ``text`` with digits, and whether it may be the number asked for."""
        labels = self._words.ends(text)
        merged = groups(text, self._reader, labels)
        for at, (start, end) in enumerate(merged):
            if self._dash.search(text[start:end]):
                continue  # where the dashes are is told by what was written
            floor = merged[at - 1][1] if at else 0
            label = max([one for one in labels if one <= start], default=None)
            begin = max([floor, start - _BEFORE, *([] if label is None else [label])])
            clause = max([one.end() for one in _CLAUSE.finditer(text, 0, start)], default=0)
            if self._other.search(text[max(label or 0, clause) : start]) or set(text[begin:start]) & self._provinces:
                continue
            if self._phone.match(text[max(label or 0, clause) : start]) and label is None:
                continue
            written = sum(map(str.isdigit, text[start:end])) + sum(
                one in "零〇一二三四五六七八九幺" for one in text[start:end]
            )
            if written < _LEAST or text[end:].startswith(self._counts):
                continue
            named = label is not None and start - label <= _REACH
            yield begin, end, named or due

    def fold(self, turns: Sequence[Turn], told: Sequence[Sequence[Stretch]]) -> SlotValue | None:
        """The number that both said; None where there is none, or no one of two is much likelier."""
        best: SlotValue | None = None
        for pair in pairs(turns, told):
            _, said, _, again = pair
            lettered = _LETTERS.search(said.texts[0]) or _LETTERS.search(again.texts[0])
            due = said.due or again.due
            if not (due or lettered) or not may_be_one(said.texts[0], again.texts[0], _PAIRS):
                continue
            found = likeliest(said, again, self._together, lambda one: one.shared >= _SHARED * len(one.code))
            if found is None or _PHONE.fullmatch(found[1].code):
                continue
            both = value(*found, pair, _MOST, _FREE)
            if (due or _TELLING.match(found[1].code)) and (best is None or _instead(both, best)):
                best = both
        return best


def _once(text: str) -> str:
    """``text`` with what was written twice in a row left blank the second time."""
    return _AGAIN_AT_ONCE.sub(lambda found: found["once"] + "，" * len(found["once"]), text)


def _instead(later: SlotValue, before: SlotValue) -> bool:
    """Whether the number that was said ``later`` is the one rather than that ``before``."""
    if later.value != before.value and str(later.value) in str(before.value):
        return False
    return later.confidence >= min(before.confidence, _AGAIN) or str(before.value) in str(later.value)
