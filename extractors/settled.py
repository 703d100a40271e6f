"""How marks and rules are settled in text that a recogniser wrote: signs and what the rules say in, values out.

Marks of one value add up over the turns. Marks and rules that agree need little confidence of their own; what only one
of them says needs more. The network of `extractors.chooser` has learned from written calls only and does worse here.
Limits and choices: ``catalog/rules/learned.yaml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from extractors.dialogue import Dialogue
from extractors.folding import fold_mentions
from extractors.mention import Mention
from extractors.ticket import SlotValue
from extractors.turn import Turn

_WORDED = frozenset({"subject", "demand"})  # slots that can be said in many ways
_HIGHEST = 0.97
_FURTHER = 0.05  # what each further wish of a turn adds to how well it tells what is wanted


@dataclass(frozen=True, slots=True)
class Choice:
    """How a slot is settled between its two sources, ``marks`` and ``rules``: where they agree, the value is worded as
    ``worded`` says; where they do not, or one of them says nothing, ``first`` is taken if it is as sure as its own
    number in this choice, else the other one by its own.
    """

    first: str
    worded: str
    marks: float
    rules: float


@dataclass(frozen=True, slots=True)
class Limits:
    """``choices`` by slot. ``alike``: share of characters from which wordings are of one thing. ``wishes``: how many
    are joined; ``further``: least confidence of one from another turn than the one that tells them best; ``repeated``:
    share of characters from which it only says the same again.
    """

    choices: Mapping[str, Choice]
    alike: float
    wishes: int
    further: float
    repeated: float


def same_value(one: Mention, other: Mention) -> bool:
    """Whether two mentions of a time, sum or number mean the same; one may be told more fully."""
    if one.normalized is not None and one.normalized == other.normalized:
        return True
    if isinstance(one.value, str) and isinstance(other.value, str):
        return one.value in other.value or other.value in one.value
    return one.value == other.value


class Settlement:
    """Settles slots between marks and rules."""

    def __init__(self, limits: Limits, dialogue: Dialogue) -> None:
        self._limits = limits
        self._dialogue = dialogue

    def values(
        self, slots: Sequence[str], mentions: Sequence[Mention], ruled: Mapping[str, SlotValue], turns: Sequence[Turn]
    ) -> dict[str, SlotValue]:
        """The values of ``slots`` best supported by marked ``mentions`` and ``ruled`` together; nobody refused any."""
        marked = self._marked(mentions, turns)
        settled = ((slot, self._settled(slot, marked.get(slot), ruled.get(slot))) for slot in slots)
        return {slot: value for slot, value in settled if value is not None}

    def _settled(self, slot: str, marked: SlotValue | None, ruled: SlotValue | None) -> SlotValue | None:
        choice = self._limits.choices[slot]
        if marked and ruled and self._agree(slot, marked, ruled):
            both = round(min(_HIGHEST, 1 - (1 - marked.confidence) * (1 - ruled.confidence)), 3)
            chosen = marked if choice.worded == "marks" else ruled
            return replace(chosen, confidence=both, confirmed=marked.confirmed or ruled.confirmed)
        sources = {
            "marks": marked if marked and marked.confidence >= choice.marks else None,
            "rules": ruled if ruled and ruled.confidence >= choice.rules else None,
        }
        return sources.pop(choice.first) or next(iter(sources.values()))

    def _agree(self, slot: str, one: SlotValue, other: SlotValue) -> bool:
        if slot in _WORDED:
            return _shared(str(one.value), str(other.value)) >= self._limits.alike
        left, right = (Mention(slot, value.value, 0, value.evidence[0], value.normalized) for value in (one, other))
        return same_value(left, right)

    def _marked(self, mentions: Sequence[Mention], turns: Sequence[Turn]) -> dict[str, SlotValue]:
        exact = [one for one in mentions if one.slot not in _WORDED]
        values = fold_mentions(exact, turns, self._dialogue, same=same_value)
        for slot, choose in (("subject", self._subject), ("demand", self._demand)):
            said = [one for one in mentions if one.slot == slot]
            if said:
                values[slot] = choose(said)
        return values

    def _subject(self, said: Sequence[Mention]) -> SlotValue:
        """The thing most spoken of, in the wording that the tagger is surest of."""
        groups = self._groups(said)
        best = max(groups, key=lambda group: sum(one.confidence for one in group))
        spoken = max(best, key=lambda one: (one.confidence, len(str(one.value))))
        return SlotValue(spoken.value, _together(best), tuple(one.evidence for one in best))

    def _demand(self, said: Sequence[Mention]) -> SlotValue:
        """The wishes of the turn that tells them best, and those of other turns that are surely further ones."""
        by_turn: dict[int, list[Mention]] = {}
        for one in said:
            by_turn.setdefault(one.evidence.turn, []).append(one)
        order = sorted(by_turn.values(), key=_telling, reverse=True)
        wishes = list(order[0][: self._limits.wishes])
        for one in (mention for turn in order[1:] for mention in turn):
            known = any(_shared(str(one.value), str(other.value)) >= self._limits.repeated for other in wishes)
            if len(wishes) < self._limits.wishes and one.confidence >= self._limits.further and not known:
                wishes.append(one)
        wishes.sort(key=lambda one: (one.evidence.turn, one.evidence.start))
        return SlotValue(
            "，".join(str(one.value) for one in wishes),
            round(min(_HIGHEST, max(one.confidence for one in wishes)), 3),
            tuple(one.evidence for one in wishes),
        )

    def _groups(self, said: Sequence[Mention]) -> list[list[Mention]]:
        """Mentions by what they are about: those that share most of the shorter one's characters."""
        groups: list[list[Mention]] = []
        for one in said:
            for group in groups:
                if any(_shared(str(one.value), str(other.value)) >= self._limits.alike for other in group):
                    group.append(one)
                    break
            else:
                groups.append([one])
        return groups


def _telling(turn: Sequence[Mention]) -> float:
    """How well a turn tells what is wanted: its surest wish, a little more for each further one."""
    return max(one.confidence for one in turn) + _FURTHER * (len(turn) - 1)


def _together(group: Sequence[Mention]) -> float:
    return round(min(_HIGHEST, 1 - prod(1 - one.confidence for one in group)), 3)


def _shared(one: str, other: str) -> float:
    """Share of the shorter text's characters that the other has too."""
    left, right = Counter(one), Counter(other)
    return sum((left & right).values()) / max(1, min(left.total(), right.total()))
