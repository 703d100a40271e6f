"""Bodies that a turn names (永泰物业, 惠百家超市): a turn in, mentions of ``subject`` out.

A body is known by the kind that ends its name, or is the answer to "叫什么名字". Characters that the caller spells are
put into the name. One that is only spoken of as a landmark, or ends an address, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.conversation.dialogue import Dialogue
from extractors.slots.mention import Mention
from extractors.subjects.brands import Brands
from extractors.subjects.rules import PAUSE, SubjectRules
from extractors.subjects.spelling import spelled
from extractors.subjects.trades import Trades
from extractors.text.cues import by_sound
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

_NAMED, _ANSWERED, _READ_BACK, _UNSURE = 0.75, 0.8, 0.6, 0.5
_LONGEST = 16


class Bodies:
    """Finds bodies; ``trades`` and ``brands`` put right what was misheard of their names."""

    def __init__(self, rules: SubjectRules, dialogue: Dialogue, trades: Trades, brands: Brands) -> None:
        self._rules = rules
        self._dialogue = dialogue
        self._trades = trades
        self._brands = brands

    def named(self, turn: Turn) -> Iterator[Mention]:
        """The bodies named by the caller, or read back by the agent."""
        text = turn.text
        for found in self._rules.body.finditer(text):
            start = self._start(text, found.start())
            head = self._rules.address_head.match(text, start, found.start())
            if head is not None and self._rules.sites.search(found.group()):
                continue  # an address ends in it
            start = head.end() if head is not None else start
            name = text[start : found.end()]
            before = text[start : found.start()]
            if (
                self._rules.generic.match(before)
                or self._rules.no_name.search(before)
                or len(name) > _LONGEST
                or not _is_words(before)
            ):
                continue
            agent = turn.speaker is Speaker.AGENT
            if agent and not self._dialogue.is_readback(turn):
                continue
            told = name if agent else spelled(name, text[found.end() :])
            if self._rules.bystanders_before.search(text[max(0, start - 8) : start]):
                continue
            if self._rules.bystanders_after.match(text, found.end()):
                continue
            yield Mention(
                slot="subject",
                value=self.as_meant(told, turn, explained=told != name),
                confidence=_READ_BACK if agent else _NAMED,
                evidence=Evidence.of(turn, start, found.end()),
                corrects=not agent and self._dialogue.corrected_before(text, start),
            )

    def answer(self, turn: Turn, named: Sequence[Mention]) -> Mention | None:
        """The first clause after "叫什么名字？"; with a body's kind in the next clause both make the name."""
        text = turn.text
        lead = self._rules.answer_lead.match(text)
        start = lead.end() if lead else 0
        end = next((at for at in range(start, len(text)) if text[at] in PAUSE), len(text))
        name = text[start:end]
        if not 2 <= len(name) <= _LONGEST or self._rules.no_answer.search(name) or not _is_words(name):
            return None
        rest = text[end:].lstrip(PAUSE)
        kind = self._rules.kind_only.match(rest)
        if kind is not None and not name.endswith(kind.group()):
            offset = len(text) - len(rest)
            name, end = name + kind.group(), offset + kind.end()
        elif any(mention.evidence.start == start for mention in named):
            return next(mention for mention in named if mention.evidence.start == start)
        value = spelled(name, text[end:])
        value = self.as_meant(value, turn, explained=value != name)
        sure = kind is not None or "叫" in text[:start] or self._rules.body.search(name) is not None
        confidence = _ANSWERED if sure else _UNSURE
        return Mention("subject", value, confidence, Evidence.of(turn, start, end), answers=True)

    def as_meant(self, name: str, turn: Turn, *, explained: bool) -> str:
        """``name`` of ``turn`` put right by sound where it was heard; a proper name that was ``explained`` stays."""
        if not turn.times:
            return name
        name = self._trades.put_right(name)
        return name if explained else self._brands.put_right(name)

    def _start(self, text: str, end: int) -> int:
        """Where the name that ends before ``end`` begins: after the last pause or word that cannot be part of it."""
        start = max((text.rfind(stop, 0, end) for stop in PAUSE), default=-1) + 1
        lead = self._rules.name_start.match(text[start:end])
        return start + lead.end() if lead else start


def alike(one: Mention, other: Mention) -> bool:
    """Whether two names are the same, heard or shortened differently."""
    first, second = by_sound(str(one.value)), by_sound(str(other.value))
    return first == second or first.endswith(second) or second.endswith(first)


def _is_words(text: str) -> bool:
    return bool(re.fullmatch("[\u4e00-\u9fffA-Za-z0-9·]*", text))
