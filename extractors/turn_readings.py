"""The readings of a call's turns: each turn, in the light of those before it, in; what every part reads in it out.

A turn is read once and its readings are kept, so that another turn costs its own reading alone. How much is kept grows
with the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from extractors.compiled import Knowledge
from extractors.composition import WORDED, by_sound
from extractors.recent import Recent
from extractors.slots.extractor import Context
from extractors.slots.marked import Marking
from extractors.ticket import SlotValue
from extractors.turn import Speaker, Turn

_KEPT = 1000  # readings of a call's turns, interim ones among them
_A_TURN = 4  # of a long call: what is read of each turn again and again, as part of the call and of its matters


def kept_of(turns: int) -> int:
    """How much of what was read in a call of that many ``turns`` is kept at least."""
    return max(_KEPT, _A_TURN * turns)


@dataclass(frozen=True, slots=True)
class TurnReading:
    """All readings of one turn: of each extractor, and of what looks at the turn alone."""

    slots: tuple[Any, ...]
    cues: Any
    keywords: Any
    words: Any
    expects: Any
    units: Any
    alerts: Any


class TurnReader:
    """Reads the turns of one call, which began at ``started_at``; ``caller_number`` is None where it is withheld."""

    def __init__(self, known: Knowledge, started_at: datetime, caller_number: str | None) -> None:
        self._known = known
        self._started_at = started_at
        self._caller_number = caller_number
        self._reads: Recent[tuple[int, Turn], tuple[int, TurnReading]] = Recent(kept_of(0))
        self._serial = 0

    def keep_for(self, turns: int) -> None:
        """Keep what a call of that many ``turns`` needs again and again."""
        self._reads.least = kept_of(turns)

    def read(self, turns: Sequence[Turn]) -> list[TurnReading]:
        """The readings of each turn. They are kept by the turn and all turns before it (``history`` numbers those)."""
        reads, history = [], 0
        for number, turn in enumerate(turns):
            found = self._reads.get((history, turn))
            if found is None:
                self._serial += 1
                context = self._context(turns[:number], turn.speaker)
                context = replace(context, marked=self._marked(turns[:number], turn))
                found = self._serial, self._read(turn, context)
                self._reads.put((history, turn), found)
            history = found[0]
            reads.append(found[1])
        return reads

    def context_of_all(self, turns: Sequence[Turn], filled: Mapping[str, SlotValue]) -> Context:
        """What is known after ``turns``, where extractors have ``filled`` slots."""
        announced = self._known.matters.announcements(turns)
        return replace(self._context(turns, Speaker.CITIZEN), filled=filled, announced=announced)

    def _context(self, before: Sequence[Turn], speaker: Speaker) -> Context:
        """What is known when ``speaker`` says the turn after ``before``."""
        expected = self._known.dialogue.asked(before) if speaker is Speaker.CITIZEN else frozenset()
        return Context(tuple(before), expected, self._started_at, self._caller_number)

    def _marked(self, before: Sequence[Turn], turn: Turn) -> Marking | None:
        """What the tagger marks in ``turn``; nothing in interim text, which is seldom worth the time it takes."""
        tagger = self._known.tagger
        if tagger is None:
            return None
        read = turn.final and not self._is_foreign(turn)
        return tagger.marked(before, turn) if read else Marking.nothing(turn.text)

    def in_chinese(self, turn: Turn) -> Turn:
        """``turn`` without its words where it is not in Chinese."""
        return _wordless(turn) if turn.language is not None or self._is_foreign(turn) else turn

    def _is_foreign(self, turn: Turn) -> bool:
        return turn.speaker is Speaker.CITIZEN and self._known.foreign.without_chinese(turn.text) is not None

    def _read(self, turn: Turn, context: Context) -> TurnReading:
        known = self._known
        wording = _wordless(turn) if self._is_foreign(turn) else turn
        return TurnReading(
            slots=tuple(
                one.read(
                    wording if not WORDED.isdisjoint(one.slots) else turn.as_heard if by_sound(one) else turn, context
                )
                for one in known.extractors
            ),
            cues=known.request_types.read(turn),
            keywords=known.domains.read(turn),
            words=known.classifier.phrasing.read(turn),
            expects=known.expectations.read(turn),
            units=known.dispatcher.read(turn),
            alerts=known.alerts.read(turn, context.before),
        )


def without_foreign_words(turn: Turn) -> Turn:
    """What was made of a language that the recogniser was not told to expect means nothing."""
    return turn if turn.language is None else _wordless(turn)


def _wordless(turn: Turn) -> Turn:
    return replace(turn, text="", times=(), readings=(), heard="")
