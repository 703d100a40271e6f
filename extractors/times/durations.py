"""How long it has lasted: one turn in, a mention of ``duration`` out ("半个月", "从上个月到现在").

A length of time counts for the matter when the agent asked for it, or when words of lasting stand around it; hours
spent in a queue, and lengths of terms and of other matters, do not. Rules: ``catalog/rules/times.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.ticket import Evidence
from extractors.times.context import any_of, clause_before, early
from extractors.turn import Turn

_COUNT = (
    "(?<![0-9零〇一二三四五六七八九十月年周期拜第])(?<!几个)(?:[0-9]{1,3}|[一二两三四五六七八九十百]+|好几|几|大?半)"
)
_AGO = re.compile("(?:以|之)?前(?![面台后往])")
_HOURS = re.compile("时|钟")
_ASKED, _SURE, _LIKELY = 0.85, 0.75, 0.6


class Durations:
    """Finds lengths of time, by the ``rules`` of times."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        units = "|".join(rules["length_units"])
        further = f"(?:[0-9]{{1,3}}|[一二两三四五六七八九十几]+)(?:几|多|来)?(?:个半)?(?:{units})半?"
        length = f"{_COUNT}(?:几|多|来)?(?:个半|个多)?(?:{units})半?"
        self._length = re.compile(
            f"{rules['length_to_now']}|{length}(?:[零又]?{further}){{0,2}}(?:多一?点|出头|多(?=了|[，。]|$))?"
        )
        self._day_of = re.compile(
            f"(?:{rules['length_day_before']})(?P<length>(?:[0-9]{{1,3}}|[一二三四五六七八九十百]+)天)"
            f"{rules['length_day_after']}"
        )
        self._promised_before = any_of(rules["length_day_promised"], end=True)
        self._framed_before = any_of(rules["length_before"], end=True)
        self._lasting_after = any_of(rules["length_after"])
        self._all_along = any_of(rules["length_all_along"])
        self._asides_before = any_of(rules["length_asides_before"], end=True)
        self._asides_after = any_of(rules["length_asides_after"])
        self._waits_before = any_of(rules["waits_before"], end=True)
        self._none_before = any_of(rules["no_length_before"], end=True)
        self._none_after = any_of(rules["no_length_after"])
        self._none = any_of(rules["no_length"])

    def read(self, turn: Turn, context: Context) -> Iterator[Mention]:
        """At most one mention: the first length of time that is the matter's, else the day of it that it is."""
        asked = "duration" in context.expected
        for found in self._length.finditer(turn.text):
            confidence = self._confidence(turn.text, *found.span(), asked=asked, telling=early(context))
            if confidence is not None:
                yield Mention("duration", found.group(), confidence, Evidence.of(turn, *found.span()), answers=asked)
                return
        for length, start, end in self._days_of(turn.text):
            confidence = _ASKED if asked else _LIKELY
            yield Mention("duration", length, confidence, Evidence.of(turn, start, end), answers=asked)
            return

    def day_of(self, mark: Marked, text: str) -> tuple[str, int, int] | None:
        """The length told by the day of the matter that ``mark`` touches (第五天 → 五天), and its place in ``text``."""
        return next((one for one in self._days_of(text) if mark.touches(*one[1:])), None)

    def _days_of(self, text: str) -> Iterator[tuple[str, int, int]]:
        for found in self._day_of.finditer(text):
            if self._promised_before.search(text, 0, found.start()):
                continue  # days since then
            yield found["length"], found.start(), found.end()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where ``text`` tells lengths of time."""
        return [found.span() for found in self._length.finditer(text)]

    def whole(self, mark: Marked, text: str) -> tuple[int, int]:
        """The longest length of time that ``mark`` touches in ``text``; what is marked where it touches none."""
        touched = [span for span in self.spans(text) if mark.touches(*span)]
        return max(touched, key=lambda one: one[1] - one[0], default=(mark.start, mark.end))

    def ago(self, text: str, end: int) -> bool:
        """Whether the length of time before ``end`` tells when something was (三天前), not how long it lasted."""
        return _AGO.match(text, end) is not None

    def queued(self, text: str, start: int, end: int) -> bool:
        """Whether the length of time ``start:end`` is hours spent in a queue, which tells nothing of the matter's."""
        return _in_hours(text[start:end]) and self._waits_before.search(clause_before(text, start)) is not None

    def of_none(self, text: str, start: int, end: int) -> bool:
        """Whether the length of time ``start:end`` is surely none of the matter's."""
        return bool(
            self._none.fullmatch(text, start, end)
            or self._none_before.search(clause_before(text, start))
            or self._none_after.match(text, end)
        )

    def _confidence(self, text: str, start: int, end: int, *, asked: bool, telling: bool) -> float | None:
        """How sure the length of time ``start:end`` is the matter's; None where it is likely none, or a wait in the
        course of the story. ``telling``: the caller is still telling what the call is about.
        """
        before, hours = clause_before(text, start), _in_hours(text[start:end])
        waited = not hours and self._waits_before.search(before) is not None
        aside = not waited and self._asides_before.search(before) is not None
        if aside or self._asides_after.match(text, end) or self.of_none(text, start, end):
            return None
        if asked:
            return _ASKED
        if self._all_along.match(text, end):
            return _SURE
        framed = waited or self._framed_before.search(before) is not None
        lasting = self._lasting_after.match(text, end) is not None
        if (waited or not (framed and lasting)) and not telling:
            return None
        if not ((framed and not hours) or (lasting and (framed or not hours))):
            return None
        return _SURE if framed and lasting else _LIKELY


def _in_hours(length: str) -> bool:
    return _HOURS.search(length) is not None
