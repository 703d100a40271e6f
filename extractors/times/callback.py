"""When the caller can be called back: one turn in, mentions of ``callback_time`` out.

A time is one to be called at when the agent asked for it, when words of calling stand beside it ("晚上七点后打"), or
when it is all that a clause holds while the two speak of the number to call ("中午十二点到一点半最好"). What an agent
says supports a time that the caller named; an agent's own offer counts once the caller agrees, a promise
("今天内联系您") never.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.text.cues import alternatives
from extractors.ticket import Evidence
from extractors.times.pieces import NUMERAL
from extractors.times.said_times import as_said
from extractors.times.timewords import TimeGrammar
from extractors.turn import Speaker, Turn

_CLOCK = f"(?:[0-9]{{1,2}}[:：][0-9]{{2}}|{NUMERAL}点(?:半|一刻|三刻|钟|{NUMERAL}分?)?(?!水|事))(?:多钟?|左右|钟)?"
_RECENT = 2  # turns in which the number to call is spoken of
_ECHOED = 3  # turns of the caller that an agent may read back
_ASKED, _SAID, _ALONE, _ECHO, _OFFER = 0.85, 0.75, 0.6, 0.55, 0.3


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    words: str
    clock: bool
    certainty: float


class CallbackTimes:
    """Finds the times at which a caller can be called; the words come from ``callback`` in the rules of times."""

    def __init__(self, rules: Mapping[str, Any], parts: Mapping[str, object], grammar: TimeGrammar) -> None:
        days = "|".join(f"(?:{pattern})" for pattern in rules["days"])
        unit = f"(?:{days}|{alternatives(list(parts))}|{_CLOCK})"
        after = "(?:以后|之后|过后|后(?!面|来|天)|以前|之前|前(?!面|天|台))?"
        chain = f"{unit}{after}(?:(?:[、的]|到|至|[，,]?或者?是?|和|[，,](?:呃[，,]?)?(?={_CLOCK}))?{unit}{after})*"
        fillers = f"(?:{'|'.join(rules['fillers'])})*"
        self._times = re.compile(chain)
        self._clock = re.compile(_CLOCK)
        self._tokens = re.compile(unit)
        self._calls = re.compile(f"[，, ]?{fillers}(?:{'|'.join(rules['calls'])})(?!{rules['past']})")
        self._near = re.compile(f"[，, ]?{fillers}(?:{'|'.join(rules['near'])})")
        self._led = re.compile(f"(?:^|[，,。？！!?…；;])(?:{'|'.join(rules['before'])})*$")
        self._trailed = re.compile(f"(?:{'|'.join(rules['behind'])})*(?=$|[，,。？！!?…；;])")
        self._refused_before = re.compile(f"(?:{'|'.join(rules['refused_before'])})$")
        self._past_before = re.compile(f"(?:{'|'.join(rules['past_before'])})$")
        self._refused_calls = re.compile(f"(?:{'|'.join(rules['refused_calls'])})")
        self._refused = re.compile(f"(?:{'|'.join(rules['refused'])})")
        self._number = re.compile("|".join(rules["number"]))
        self._noted = re.compile(f"(?:{'|'.join(rules['noted'])})$")
        self._offered = re.compile(rules["offered"])
        self._promised = re.compile(f"(?:{'|'.join(rules['promised'])})")
        self._grammar = grammar

    def read(self, turn: Turn, context: Context) -> Iterator[Mention]:
        """At most one mention: the clearest time of the turn."""
        agent = turn.speaker is Speaker.AGENT
        found = list(self._of_agent(turn, context) if agent else self._of_citizen(turn, context))
        if not found:
            return
        best = max(found, key=lambda one: (one.certainty, one.clock, -one.start))
        resolved = self._grammar.find(best.words, context.started_at, heard=bool(turn.times), ahead=True)
        whole = len(resolved) == 1 and resolved[0].end - resolved[0].start == len(best.words)
        yield Mention(
            slot="callback_time",
            value=resolved[0].words if whole else best.words,
            confidence=best.certainty,
            evidence=Evidence.of(turn, best.start, best.end),
            normalized=resolved[0].iso if whole else None,
            corrects=not agent and self._changes(best.words, context),
            answers=best.certainty >= _ASKED,
        )

    def refuses(self, mark: Marked, turn: Turn, context: Context) -> bool:
        """Whether all times in marked words are such that the caller is not to be called at."""
        refused = self._refused_times(turn, context)
        touched = [found.span() for found in self._times.finditer(turn.text) if mark.touches(*found.span())]
        return bool(touched) and all(span in refused for span in touched)

    def _refused_times(self, turn: Turn, context: Context) -> list[tuple[int, int]]:
        """Where a caller names times not to be called at (下午三点以后别打, 除了周三都行)."""
        text, asked = turn.text, self.only_asked(context)
        spans = []
        for found in self._times.finditer(text):
            start, end = found.span()
            if self._past_before.search(text, 0, start):
                continue
            before, behind = self._refused_before.search(text, 0, start), self._refused.match(text, end)
            calls = self._calls.match(text, end) or self._near.match(text, end)
            if self._refused_calls.match(text, end) or (before and calls) or (asked and (before or behind)):
                spans.append((start, end))
        return spans

    def told(self, turn: Turn, context: Context) -> list[tuple[int, int]]:
        """Where a caller names times to be called at or not to be: all but those of the past in an answer to when to
        call.
        """
        if not self.only_asked(context):
            return self._refused_times(turn, context)
        found = (one.span() for one in self._times.finditer(turn.text))
        return [span for span in found if not self._past_before.search(turn.text, 0, span[0])]

    @staticmethod
    def only_asked(context: Context) -> bool:
        """Whether the agent asked when to call, and not when it happened."""
        return "callback_time" in context.expected and "occurred_at" not in context.expected

    @staticmethod
    def is_offer(mention: Mention) -> bool:
        """Whether only an agent named this time: it counts once the caller agrees."""
        return mention.confidence <= _OFFER

    def _of_citizen(self, turn: Turn, context: Context) -> Iterator[_Found]:
        text = turn.text
        asked = "callback_time" in context.expected
        near = self._number.search(text) or any(self._number.search(one.text) for one in context.before[-_RECENT:])
        just = self._number.search(text) or any(self._number.search(one.text) for one in context.before[-1:])
        for found in self._times.finditer(text):
            start, end = found.span()
            if self._refused_before.search(text, 0, start) or self._past_before.search(text, 0, start):
                continue
            if self._refused.match(text, end):
                continue
            alone = self._led.search(text, 0, start) and self._trailed.match(text, end)
            if self._calls.match(text, end) or (near and self._near.match(text, end)):
                certainty = _SAID
            elif alone and just and "occurred_at" not in context.expected:
                certainty = _ALONE
            else:
                certainty = 0.0
            if asked:
                certainty = _ASKED + certainty / 10
            if certainty:
                yield self._found(found, certainty)

    def _of_agent(self, turn: Turn, context: Context) -> Iterator[_Found]:
        text = turn.text
        before = [one.text for one in context.before if one.speaker is Speaker.CITIZEN][-_ECHOED:]
        for found in self._times.finditer(text):
            start, end = found.span()
            if self._promised.match(text, end) or self._refused.match(text, end):
                continue
            ends = self._trailed.match(text, end)
            calls = self._calls.match(text, end) or (ends and self._noted.search(text, 0, start))
            numbered = self._number.search(text, 0, start) or any(self._number.search(said) for said in before[-1:])
            if (calls and self._echoes(found, before)) or (
                ends and numbered and self._led.search(text, 0, start) and self._echoes(found, before[-1:])
            ):
                yield self._found(found, _ECHO)
            elif calls and self._offered.match(text, end):
                yield self._found(found, _OFFER)

    def _echoes(self, found: re.Match[str], said: Iterable[str]) -> bool:
        """Whether a part of the time stands in what the caller ``said``."""
        parts = [as_said(one.group()) for one in self._tokens.finditer(found.group())]
        return any(part in as_said(text) for text in said for part in parts)

    def _found(self, found: re.Match[str], certainty: float) -> _Found:
        words = found.group().rstrip("，,、的")
        return _Found(found.start(), found.start() + len(words), words, bool(self._clock.search(words)), certainty)

    def _changes(self, words: str, context: Context) -> bool:
        """Whether the caller puts right what the agent just took down."""
        last = context.before[-1] if context.before else None
        if last is None or last.speaker is not Speaker.AGENT:
            return False
        return any(
            self._calls.match(last.text, found.end()) and found.group() != words
            for found in self._times.finditer(last.text)
        )
