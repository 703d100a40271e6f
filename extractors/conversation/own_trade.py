"""Who calls, told by their trade: turns in, whether words only say what the caller lives by.

A firm that the caller is of ("我是正丰蔬菜合作社的") and a shop of their own, named where it lies, are not what the
call is about, unless the dispute is with them (pay, insurance, dismissal). Rules: ``catalog/rules/subject.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.turn import Speaker, Turn

_CLAUSE = re.compile("[^，,、。！!？?；;：:]+")
_BEFORE = re.compile("[^，,、。！!？?；;：:]*$")  # of a clause
_RECENT = 2  # turns before an agent's that it may repeat


class OwnTrade:
    """Tells the caller's own trade, employer and shop from what the call is about."""

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        """``rules``: those of ``own_trade``."""
        self._told = re.compile("|".join(rules["told"]))
        self._shops = re.compile(rules["shops"])
        self._sites = re.compile(rules["sites"])
        self._inquiries = re.compile(rules["inquiries"])
        self._complaints = re.compile(rules["complaints"])
        self._names_asked = re.compile(rules["names_asked"])
        self._disputes = re.compile(rules["disputes"])
        self._dialogue = dialogue

    def tells(self, turn: Turn, start: int, end: int, before: Sequence[Turn]) -> bool:
        """Whether the characters ``start:end`` of ``turn``, after ``before``, tell only the caller's own trade,
        employer or shop, or are the agent's repetition of that.
        """
        if turn.speaker is Speaker.CITIZEN:
            return self._of_caller(turn, start, end, before)
        words = turn.text[start:end]
        for place in range(len(before) - 1, max(-1, len(before) - 1 - _RECENT), -1):
            told = before[place]
            at = told.text.find(words) if told.speaker is Speaker.CITIZEN else -1
            if at >= 0:
                return self._of_caller(told, at, at + len(words), before[:place])
        return False

    def _of_caller(self, turn: Turn, start: int, end: int, before: Sequence[Turn]) -> bool:
        inside = any(first <= start and end <= last for first, last in self._stretches(turn.text))
        if not inside and not self._place_asked(before):
            return False
        said = [one.text for one in before if one.speaker is Speaker.CITIZEN]
        if any(map(self._disputes.search, (*said, turn.text))):
            return False
        return inside or self._tells_own_place(turn.text, start, end, said)

    def _place_asked(self, before: Sequence[Turn]) -> bool:
        """Whether the agent asked for a place, and for no name."""
        asked = self._dialogue.asked(before)
        if "address" not in asked or "subject" in asked:
            return False
        question = next(one.text for one in reversed(before) if one.speaker is Speaker.AGENT)
        return self._names_asked.search(question) is None

    def _tells_own_place(self, text: str, start: int, end: int, said: Sequence[str]) -> bool:
        """Whether what the answer ``text`` names at ``start:end`` is the caller's own, or of a call that only asks
        something, and nothing of it was ``said`` before.
        """
        clause = _BEFORE.search(text[:start])
        own = clause is not None and self._sites.search(clause.group()) is not None
        if not (own or any(map(self._lives_by, said)) or self._only_asks(said)):
            return False
        others = "".join(map(self._without_trade, said))
        return not any(text[at : at + 2] in others for at in range(start, end - 1))

    def _lives_by(self, text: str) -> bool:
        return self._shops.search(text) is not None or any(self._stretches(text))

    def _only_asks(self, said: Sequence[str]) -> bool:
        return any(map(self._inquiries.search, said)) and not any(map(self._complaints.search, said))

    def _stretches(self, text: str) -> Iterator[tuple[int, int]]:
        """Where ``text`` says what the caller lives by."""
        for clause in _CLAUSE.finditer(text):
            if self._told.fullmatch(clause.group()):
                yield clause.span()

    def _without_trade(self, text: str) -> str:
        for start, end in reversed(list(self._stretches(text))):
            text = text[:start] + text[end:]
        return text
