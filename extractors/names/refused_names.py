"""Names that callers say are not theirs: the turns of a call in, its clues without those of such a name out.

我不姓王 strikes the surname and leaves the form of address, 我不是王先生 strikes both. Struck is what either party
said before, and what the agent goes on saying unless the caller tells that very name as their own; the name told behind
it in the same turn is the caller's (不姓王，姓黄). What callers want to be called stays (叫我霞姨，不姓霞). Rules:
``refused`` of ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.names.rules import NameRules
from extractors.names.surnames import NameClue
from extractors.turn import Speaker, Turn


@dataclass(frozen=True, slots=True)
class _Refusal:
    surname: str
    title: bool
    place: int
    end: int


class RefusedNames:
    """Finds them in typed and in recognised turns."""

    def __init__(self, rules: NameRules) -> None:
        self._rules = rules

    def strike(self, turns: Sequence[Turn], readings: Sequence[tuple[NameClue, ...]]) -> list[tuple[NameClue, ...]]:
        """``readings``, one of each turn, without clues of a name that the caller refuses."""
        bynames = {
            clue.surname.heard
            for turn, clues in zip(turns, readings, strict=True)
            for clue in clues
            if clue.surname is not None and clue.byname and turn.speaker is not Speaker.AGENT
        }
        told = (one for place, turn in enumerate(turns) for one in self._refusals(place, turn))
        refusals = [one for one in told if one.surname not in bynames]
        if not refusals:
            return list(readings)
        return [
            tuple(kept for clue in clues if (kept := self._kept(place, clue, turns, readings, refusals)) is not None)
            for place, clues in enumerate(readings)
        ]

    def _refusals(self, place: int, turn: Turn) -> Iterator[_Refusal]:
        if turn.speaker is Speaker.AGENT:
            return
        for pattern, title in ((self._rules.refused_surname, False), (self._rules.refused_called, True)):
            for found in pattern.finditer(turn.text):
                name = self._rules.surnames.at_start(found["name"])
                if name:
                    yield _Refusal(name, title, place, found.end("name"))

    def _kept(
        self,
        place: int,
        clue: NameClue,
        turns: Sequence[Turn],
        readings: Sequence[tuple[NameClue, ...]],
        refusals: Sequence[_Refusal],
    ) -> NameClue | None:
        """What is left of ``clue`` of the turn at ``place``."""
        if clue.surname is None:
            return clue
        for one in refusals:
            if clue.surname.heard != one.surname:
                if place == one.place and clue.evidence.start >= one.end and not clue.anothers:
                    clue = replace(clue, weak=False)
                continue
            said_before = place < one.place or (place == one.place and clue.evidence.start < one.end)
            agents = turns[place].speaker is Speaker.AGENT
            if said_before or (agents and not _claims(turns, readings, one)):
                return None if one.title or not clue.title else replace(clue, surname=None, given="", told=())
        return clue


def _claims(turns: Sequence[Turn], readings: Sequence[tuple[NameClue, ...]], refusal: _Refusal) -> bool:
    """Whether the caller tells the refused surname as their own behind the refusal."""
    return any(
        clue.surname is not None
        and clue.surname.heard == refusal.surname
        and not clue.anothers
        and (place > refusal.place or clue.evidence.start >= refusal.end)
        for place, clues in enumerate(readings)
        if place >= refusal.place and turns[place].speaker is not Speaker.AGENT
        for clue in clues
    )
