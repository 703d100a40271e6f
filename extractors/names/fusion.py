"""Which name the clues of a call agree on: clues of all turns in, the name with probabilities and the clues for it out.

Clues that were heard are weighed against each other (`extractors.names.heard_names`): an agent's 梁先生 against
what the caller said and explained. Of clues that were typed the surname counts that was typed oftenest
(`extractors.names.surnames`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.names.explained import Explanations, Told
from extractors.names.heard_names import HeardName, HeardNames, NameMeant
from extractors.names.surnames import NameClue, SurnameClue, Surnames
from extractors.text.cues import syllable

_ADDRESSED = 0.9  # how sure a typed full name is where the agent addresses its bearer by the surname


class NameFusion:
    """Weighs clues by ``surnames`` and by what explanations mean."""

    def __init__(self, surnames: Surnames, heard_names: HeardNames, explained: Explanations) -> None:
        self._surnames = surnames
        self._heard_names = heard_names
        self._explained = explained

    def heard(self, clues: Sequence[NameClue]) -> tuple[NameMeant, list[NameClue]]:
        """The name that recognised ``clues`` agree on best, and the clues that fit it."""
        told = tuple(dict.fromkeys(_told(clue) for clue in clues if clue.told))
        told_when_asked = [clue for clue in clues if clue.asked and not clue.bare]
        clues = [
            clue
            for clue in clues
            if clue.asked is None
            or not told_when_asked
            or clue in told_when_asked
            or not clue.surname
            or any(self._agree(clue, one) for one in told_when_asked)
        ]
        heard = tuple(
            HeardName(
                clue.surname.heard,
                clue.given,
                clue.surname.others,
                clue.surname.speaker == "agent",
            )
            for clue in clues
            if clue.surname
        )
        meant = self._heard_names.meant(heard, told)
        if self._surnames.rare(meant.surname) and not self._explains_clearly(told, meant.surname):
            meant = NameMeant("", 0.0)  # 第先生: rather none than what is hardly a surname
        return meant, [clue for clue in clues if clue.surname and self._fits(clue.surname, meant.surname)]

    def typed(self, clues: Sequence[NameClue], told: str) -> tuple[NameMeant, list[NameClue]]:
        """The name that typed ``clues`` agree on best, and the clues that fit it: the full one by which the agent
        addresses the caller last, where it is in what the caller ``told``, whatever a surname alone sounded like before
        (欧先生; 不姓欧，是复姓; 欧阳建波先生).
        """
        for clue in reversed(clues):
            surname = clue.surname.heard if clue.surname else ""
            addressed = clue.asked is None and clue.title and clue.given and not clue.byname
            in_parts = len(clue.given) > 1 and surname in told and clue.given in told
            if addressed and surname and (in_parts or surname + clue.given in told):
                same = [one for one in clues if one.surname is None or one.surname.heard == surname]
                return NameMeant(surname, 1.0, clue.given, _ADDRESSED), same
        surname, sure = self._surnames.most_probable(clue.surname for clue in clues if clue.surname)
        fits = [clue for clue in clues if clue.surname and self._fits(clue.surname, surname)]
        full = max((clue for clue in fits if clue.given), key=lambda clue: clue.sure, default=None)
        addressed = any(clue.title and clue.asked is None and not clue.byname for clue in fits)
        given_sure = 0.0 if full is None else max(full.sure, _ADDRESSED) if addressed else full.sure
        return NameMeant(surname, sure, full.given if full else "", given_sure), fits

    def _agree(self, bare: NameClue, other: NameClue) -> bool:
        """Whether ``bare`` is a full name of the surname that ``other`` has."""
        if not bare.given or bare.surname is None or other.surname is None:
            return False
        return self._surnames.likely(bare.surname.heard, other.surname.heard)

    def _explains_clearly(self, told: Sequence[Sequence[Sequence[Told]]], surname: str) -> bool:
        """Whether some explanation is clearly of ``surname``, or has it in a word that nobody knows (卖布的布)."""
        return any(
            self._explained.clear(one, surname) or (one.char == surname and surname in one.word)
            for readings in told
            for some in readings
            for one in some
        )

    def _fits(self, clue: SurnameClue, surname: str) -> bool:
        if clue.speaker == "typed":
            return clue.heard == surname
        return surname in clue.explained or self._surnames.likely(clue.heard, surname)


def _told(clue: NameClue) -> tuple[tuple[Told, ...], ...]:
    """What ``clue`` explains, by reading, with what is heard as in the name of the same utterance."""
    if clue.surname is None:
        return (clue.told, *clue.told_otherwise)
    name = {syllable(char) for heard in (clue.surname.heard, *clue.surname.others, clue.given) for char in heard}
    return tuple(
        tuple(replace(one, again=one.char != "" and syllable(one.char) in name) for one in some)
        for some in (clue.told, *clue.told_otherwise)
    )


def believed(clues: Sequence[NameClue]) -> list[NameClue]:
    """The clues that are of the caller: those by which nothing tells so only where the agent uses the name."""
    used = {clue.surname.heard for clue in clues if clue.surname and not clue.weak}
    own = any(clue.surname and not clue.byname and not clue.weak for clue in clues)
    surnames = {clue.surname.heard for clue in clues if clue.surname and not clue.byname}
    return [
        clue
        for clue in clues
        if clue.surname is None
        or (
            (not clue.weak or clue.surname.heard in used)
            and not (clue.byname and own and clue.surname.heard not in surnames)
        )
    ]
