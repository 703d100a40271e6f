"""What the other readings of an utterance add to the clues of a name: the first one's clues and theirs in, clues out.

A recogniser that follows several readings often has the right character of a surname in one of them only (庆卓, 姓卓).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.names.explained import Told
from extractors.names.rules import only_sounds_like
from extractors.names.surnames import NameClue
from extractors.ticket import Evidence
from extractors.turn import Turn


def with_others(turn: Turn, clues: tuple[NameClue, ...], others: Sequence[NameClue]) -> tuple[NameClue, ...]:
    """``clues`` with what the other readings of ``turn`` have for the same; theirs where the first one has nothing."""
    if not others:
        return clues
    if not any(clue.surname for clue in clues):
        told = next((clue for clue in others if clue.surname), None)
        if told is None or (told.surname and only_sounds_like(turn.text, told.surname.heard)):
            return clues
        clue = replace(told, evidence=Evidence.of(turn, 0, len(turn.text)), given="")
        return (replace(clue, told_otherwise=_otherwise_told(clue.told, others)),)
    return tuple(_with_surnames(clue, others) for clue in clues)


def _with_surnames(clue: NameClue, others: Sequence[NameClue]) -> NameClue:
    if clue.surname is None:
        return clue
    same = [other.surname for other in others if other.surname and (other.title == clue.title or not clue.title)]
    heard = tuple(other.heard for other in same if other.heard)
    explained = clue.surname.explained or next((other.explained for other in same if other.explained), ())
    title = clue.title or next((other.title for other in others if other.title), "")
    surname = replace(clue.surname, others=heard, explained=explained)
    if clue.asked is None:  # what an agent explains is a clue by itself
        return replace(clue, surname=surname, title=title)
    told, otherwise = _with_told(clue.told, others), _otherwise_told(clue.told, others)
    given = clue.given
    if not given and not title and len(told) > 1:  # more is explained than the surname
        given = next((other.given for other in others if other.given and other.told), "")
    return replace(clue, surname=surname, given=given, title=title, told=told, told_otherwise=otherwise)


def _with_told(told: tuple[Told, ...], others: Sequence[NameClue]) -> tuple[Told, ...]:
    """The explanations ``told`` with what the other readings have by words for each; theirs where it has none."""
    if not told:
        return next((other.told for other in others if other.told), ())
    same = [other.told for other in others if len(other.told) == len(told)]
    by_words = [[(other[at].word, other[at].char) for other in same if not other[at].parts] for at in range(len(told))]
    return tuple(replace(one, others=tuple(dict.fromkeys(others))) for one, others in zip(told, by_words, strict=True))


def _otherwise_told(told: tuple[Told, ...], others: Sequence[NameClue]) -> tuple[tuple[Told, ...], ...]:
    """The explanations of the readings that have another number of them than ``told``."""
    return tuple(dict.fromkeys(other.told for other in others if other.told and len(other.told) != len(told)))
