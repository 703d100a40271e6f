"""An order number that both parties said, in one piece or in several: what was heard in each turn in, the number out.

People give a long number in groups, and agents repeat it group by group (8402, 1779, 65). Each turn was heard in one
way or several; a number counts where some hearing of the caller and some of the agent have the same letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_BETWEEN = 7  # letters and digits between two pieces of one number
_NEAR = 4  # turns over which a number is given in pieces
_KEPT = 12  # ways in which a number may have been said so far
_CERTAIN = 0.97
_MOBILE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A number, or a part of one, in one hearing of a turn. ``letters``: those before its digits, None where words that
    stand there may be some; ``before`` and ``after``: how many letters and digits lie between it and the pieces beside
    it, or the ends of the turn; ``due``: an order number was asked for or named.
    """

    letters: str | None
    digits: str
    before: int
    after: int
    due: bool
    evidence: Evidence


Hearings: TypeAlias = Sequence[Sequence[Piece]]  # the pieces of each hearing of one turn, the likeliest hearing first


@dataclass(frozen=True, slots=True)
class _Said:
    """A number as it may have been said up to turn ``at``; ``rank``: how far its hearings are from the likeliest."""

    letters: str | None
    digits: str
    before: int
    after: int
    due: bool
    rank: int
    at: int
    evidence: tuple[Evidence, ...]


class Agreement:
    """What caller and agent may have said as one number of ``least`` digits at least."""

    def __init__(self, turns: Sequence[Turn], heard: Sequence[Hearings], least: int) -> None:
        """``heard``: of each turn."""
        self._callers = _whole(_numbers(turns, heard, Speaker.CITIZEN), least)
        self._agents = _whole(_numbers(turns, heard, Speaker.AGENT), least)

    def find(self) -> SlotValue | None:
        """The number that both said."""
        found: dict[str, tuple[int, _Said, _Said]] = {}
        for caller in self._callers:
            for agent in self._agents:
                same = (caller.letters, caller.digits) == (agent.letters, agent.digits)
                due = caller.due or agent.due
                if same and due and caller.letters is not None and not self.go_on(caller.digits):
                    code, rank = caller.letters + caller.digits, caller.rank + agent.rank
                    if code not in found or rank < found[code][0]:
                        found[code] = rank, caller, agent
        whole = [code for code in found if not any(_is_part(code, other) for other in found)]
        best = min(whole, key=lambda code: (found[code][0], -len(code), code), default=None)
        if best is None:
            return None
        _, caller, agent = found[best]
        return SlotValue(best, _CERTAIN, tuple(dict.fromkeys((*caller.evidence, *agent.evidence))), confirmed=True)

    def contradicts(self, value: SlotValue) -> bool:
        """Whether both said a number, and it is not ``value``: its digits are neither those of the caller, of which the
        agent repeats a part, nor those of the agent, of which the caller says more.
        """
        callers, agents = ({one.digits for one in said if one.due} for said in (self._callers, self._agents))
        digits = digits_of(value)
        told = digits in callers and any(one in digits for one in agents)
        repeated = digits in agents and any(digits in one for one in callers)
        return bool(callers and agents) and not told and not repeated

    def go_on(self, digits: str) -> bool:
        """Whether both say more digits right after these."""
        return all(_goes_further(said, digits) for said in (self._callers, self._agents))


def digits_of(value: SlotValue) -> str:
    """The digits of a number."""
    return "".join(filter(str.isdigit, str(value.value)))


def _goes_further(said: Sequence[_Said], digits: str) -> bool:
    """Whether something in ``said`` begins with ``digits``, or with what was heard as those, and goes on."""
    heard = {one.evidence for one in said if one.digits == digits}
    return any(
        len(one.digits) - len(digits) > 1
        and (one.digits.startswith(digits) or any(one.evidence[:at] in heard for at in range(1, len(one.evidence))))
        for one in said
    )


def _is_part(code: str, other: str) -> bool:
    """Whether ``code`` is a part of ``other``; a single digit more is one heard twice."""
    lacking = len(other) - len(code)
    return code in other and (lacking > 1 or (lacking == 1 and other[0].isalpha() and other.endswith(code)))


def _whole(said: Iterable[_Said], least: int) -> list[_Said]:
    """What has ``least`` digits and is no mobile number, nor a part of one."""
    told = list(said)
    mobiles = [set(one.evidence) for one in told if _MOBILE.fullmatch(one.digits)]
    return [
        one
        for one in told
        if len(one.digits) >= least and not any(mobile.issuperset(one.evidence) for mobile in mobiles)
    ]


def _numbers(turns: Sequence[Turn], heard: Sequence[Hearings], speaker: Speaker) -> Iterator[_Said]:
    """All that ``speaker`` may have said as one number."""
    begun: list[_Said] = []
    for at, turn in enumerate(turns):
        if turn.speaker is not speaker:
            continue
        told = list(_told(heard[at], at))
        joined = [_joined(one, other) for one in begun for other in told if _goes_on(one, other)]
        said = _likeliest([*told, *joined])
        yield from said
        silent = sum(map(str.isalnum, turn.text))
        begun = [replace(one, after=one.after + silent) for one in begun] + said
        begun = [one for one in begun if one.after <= _BETWEEN]


def _told(hearings: Hearings, at: int) -> Iterator[_Said]:
    """What turn ``at`` may have told of a number: pieces of one hearing that follow each other closely."""
    for rank, pieces in enumerate(hearings):
        for begin, first in enumerate(pieces):
            digits, evidence = "", list[Evidence]()
            for piece in pieces[begin:]:
                if digits and piece.before > _BETWEEN:
                    break
                digits += piece.digits
                evidence.append(piece.evidence)
                yield _Said(first.letters, digits, first.before, piece.after, first.due, rank, at, tuple(evidence))


def _goes_on(one: _Said, other: _Said) -> bool:
    return other.at - one.at <= _NEAR and one.after + other.before <= _BETWEEN


def _joined(one: _Said, other: _Said) -> _Said:
    digits, evidence = one.digits + other.digits, (*one.evidence, *other.evidence)
    return replace(one, digits=digits, after=other.after, rank=one.rank + other.rank, at=other.at, evidence=evidence)


def _likeliest(said: Sequence[_Said]) -> list[_Said]:
    ways: dict[tuple[str | None, str], _Said] = {}
    for one in sorted(said, key=lambda one: one.rank):
        ways.setdefault((one.letters, one.digits), one)
    return list(ways.values())[:_KEPT]
