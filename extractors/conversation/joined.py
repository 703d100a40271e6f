"""What a party says in one go as one turn, however often an utterance ended in it; and evidence back.

In: the utterances of a call. Out: turns as they would be written down (`Joined.turns`), joined where nothing of the
other party stands between; what follows from them is told of the utterances again (`Joined.apart`). Joined is up to
what is read together well: a long story is read stretch by stretch. What was joined stays so when more is said, so that
what was read of it can be kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.conversation.retold import Told, retold
from extractors.ticket import Evidence
from extractors.turn import Turn

LONGEST = 80  # characters of a joined turn: the tagger reads it whole, with the question before it
_COMMA = "，"
_MARKS = frozenset("，、。；：？！,.;:?!")


@dataclass(frozen=True, slots=True)
class Joined:
    """The ``turns`` of a call. ``parts``: of a joined turn's id, the utterances in it and at which character each
    begins.
    """

    turns: tuple[Turn, ...]
    parts: Mapping[int, tuple[tuple[int, Turn], ...]]

    def apart(self, told: Told) -> Told:
        """What is ``told`` of the turns, with the utterances that its evidence was said in."""
        return retold(told, self._apart) if self.parts else told

    def _apart(self, evidence: Evidence) -> tuple[Evidence, ...]:
        parts = self.parts.get(evidence.turn)
        if parts is None:
            return (evidence,)
        found = []
        for begin, turn in parts:
            start, end = max(0, evidence.start - begin), min(len(turn.text), evidence.end - begin)
            if start < end:
                found.append(Evidence.of(turn, start, end))
        return tuple(found) or (_at(evidence, parts),)


def joined(turns: Sequence[Turn]) -> Joined:
    """``turns``, those of one party in a row as one. Interim text and other languages stay by themselves."""
    whole: list[Turn] = []
    parts: dict[int, tuple[tuple[int, Turn], ...]] = {}
    for turn in turns:
        if whole and _go_together(whole[-1], turn):
            before = whole[-1]
            whole[-1] = _one(before, turn)
            begin = len(whole[-1].text) - len(turn.text)
            parts[before.id] = (*parts.get(before.id, ((0, before),)), (begin, turn))
        else:
            whole.append(turn)
    return Joined(tuple(whole), parts)


def _go_together(one: Turn, other: Turn) -> bool:
    return (
        one.speaker is other.speaker
        and one.final
        and other.final
        and one.language == other.language
        and bool(one.text)
        and bool(other.text)
        and len(one.text) + len(other.text) < LONGEST
    )


def _one(one: Turn, other: Turn) -> Turn:
    """Two utterances as a turn, with a comma where the first ends without a mark."""
    comma = "" if one.text[-1] in _MARKS else _COMMA
    times = (*_times(one), *((one.end, other.start),) * len(comma), *_times(other))
    return replace(
        one,
        text=one.text + comma + other.text,
        end=other.end,
        times=times if one.times and other.times else (),
        readings=(
            *(f"{reading}{comma}{other.text}" for reading in one.readings),
            *(f"{one.text}{comma}{reading}" for reading in other.readings),
        ),
        heard=f"{one.heard or one.text}{comma}{other.heard or other.text}" if one.heard or other.heard else "",
    )


def _times(turn: Turn) -> tuple[tuple[float, float], ...]:
    """When each character of ``turn`` was said, the last ones at its end where times of theirs are missing."""
    missing = len(turn.text) - len(turn.times)
    return (*turn.times[: len(turn.text)], *((turn.end, turn.end),) * missing)


def _at(evidence: Evidence, parts: Sequence[tuple[int, Turn]]) -> Evidence:
    """Evidence of no characters, or of the comma between two utterances: where it stands in the one it follows."""
    begin, turn = next((begin, turn) for begin, turn in reversed(parts) if begin <= evidence.start)
    start = min(evidence.start - begin, len(turn.text))
    return Evidence.of(turn, start, start)
