"""Whether the number that the call comes from, the calling party's, is meant: the text of a turn in, yes or no out.

The caller gives it (就这个号码), by its end too (尾号2208那个), or the agent asks whether it is the one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from extractors.slots.extractor import Context
from extractors.text.cues import Cues


class CallingParty:
    """Hears it by the part ``phone`` of the rules for numbers; ``words``: for a phone number."""

    def __init__(self, rules: Mapping[str, Any], words: Cues) -> None:
        self._words = words
        self._this_number, self._this_when_asked, self._asked_this = (
            Cues(one.replace("<哪个>", rules["which"]).replace("<号码>", rules["number"]) for one in rules[name])
            for name in ("this_number", "this_number_asked", "asked_this_number")
        )
        self._not_this = re.compile(rules["not_this_number"])
        self._tail = re.compile(rules["tail"])

    def is_given(self, text: str, context: Context) -> bool:
        """Whether the caller gives the number the call comes from."""
        if self._not_this.search(text):
            return False
        asked = "phone" in context.expected or (bool(context.before) and self._words.match(context.before[-1].text))
        tail = self._tail.search(text)
        if tail is not None:
            return asked and _ends_with(context.caller_number, tail[1])
        return self._this_number.match(text) or (asked and self._this_when_asked.match(text))

    def is_asked(self, text: str, context: Context) -> bool:
        """Whether the agent asks if the caller's number is the one the call comes from."""
        tail = self._tail.search(text)
        return self._asked_this.match(text) if tail is None else _ends_with(context.caller_number, tail[1])


def _ends_with(number: str | None, tail: str) -> bool:
    return number is not None and number.endswith(tail)
