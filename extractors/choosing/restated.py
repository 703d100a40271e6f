"""A wish told once: what the agent sums up is left out where the caller says it in words of their own.

What an agent says behind the caller's wish sums it up. What the caller says in reply to a summary takes its place,
unless it comes on top of it ("还有…"); later it takes its place where it says the same. Where the two have too little
in common both are told; behind a wish, or where the caller assents ("对，…"), a little is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extractors.conversation.dialogue import Dialogue
from extractors.slots.candidates import Candidate, Same, Sign
from extractors.turn import Speaker, Turn

_SURE = 0.8  # least confidence of the caller's words that take the place of a summary
_NEVER = 2.0
_COMMON, _SUMMED_UP = 0.3, 0.15  # least share of a summary's characters that they have; where it is surely one


def told_once(chosen: Candidate, turns: Sequence[Turn], dialogue: Dialogue, same: Same) -> Candidate:
    """``chosen`` without the summaries among its wishes. ``same``: whether two mentions say the same."""
    restated = _Restated(chosen.said, turns, dialogue, same)
    said = tuple(sign for sign in chosen.said if not restated(sign))
    return replace(chosen, value="，".join(str(sign.mention.value) for sign in said), said=said)


class _Restated:
    """Tells which of the wishes ``said`` the caller's own among them take the place of."""

    def __init__(self, said: Sequence[Sign], turns: Sequence[Turn], dialogue: Dialogue, same: Same) -> None:
        self._places = {turn.id: place for place, turn in enumerate(turns)}
        self._turns, self._dialogue, self._same = turns, dialogue, same
        self._callers = [sign for sign in said if self._turn(sign).speaker is Speaker.CITIZEN]
        self._words = Counter("".join(str(sign.mention.value) for sign in self._callers))

    def __call__(self, sign: Sign) -> bool:
        """Whether ``sign`` is the agent's, and the caller says it in words of their own."""
        if self._turn(sign).speaker is not Speaker.AGENT:
            return False
        summary = Counter(str(sign.mention.value))
        common = (summary & self._words).total() / max(1, summary.total())
        return any(common >= self._least(sign, own) for own in self._callers)

    def _turn(self, sign: Sign) -> Turn:
        return self._turns[self._places[sign.place[0]]]

    def _least(self, summary: Sign, own: Sign) -> float:
        """How much the two must have in common for the caller's ``own`` words to take the place of ``summary``."""
        first, later = self._places[summary.place[0]], self._places[own.place[0]]
        if later < first:
            return _SUMMED_UP
        if own.mention.confidence < _SURE:
            return _NEVER
        if any(turn.speaker is Speaker.AGENT for turn in self._turns[first + 1 : later]):
            return _COMMON if self._same(summary.mention, own.mention) else _NEVER
        reply = self._turns[later]
        if self._dialogue.added(reply.text, own.mention.evidence.start):
            return _NEVER
        return _SUMMED_UP if self._dialogue.assents(reply) else _COMMON
