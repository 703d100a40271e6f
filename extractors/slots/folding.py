"""From mentions to values: what was said, read back and corrected, settled slot by slot.

In: all mentions so far and the turns they come from. Out: one value a slot. The rules, in this order:

- what is said not to be so ("不是15栋") is no mention;
- what an agent says is dropped where the citizen refused it, and where it was merely asked or promised and the citizen
  never said the same; agreed to it stands as the citizen's own words, let stand it counts less; still unanswered it can
  support what the citizen said but not replace it;
- a correction drops all earlier mentions of its slot that differ, and one that follows a refused read-back those that
  the read-back repeated;
- mentions of one value add up as independent evidence (noisy or);
- the best supported value wins; an answer to a question counts more than an aside; at a tie the later one wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from extractors.conversation.dialogue import Dialogue
from extractors.slots.mention import Mention
from extractors.ticket import SlotValue
from extractors.turn import Speaker, Turn

_HIGHEST = 0.99  # nothing heard over a telephone is certain
_LET_STAND = 0.75  # share of an agent's confidence where the citizen neither agreed nor refused
_UNANSWERED = 0.5  # share while the citizen has not answered yet
_ANSWER = 1.3  # weight of an answer to a question, in log odds of being wrong
_PROMISED = frozenset({"callback_time"})  # slots that an agent's promise may fill: when to call, once agreed to
_ASIDE = 0.85  # share of an unasked mention where another one answered the question


@dataclass(frozen=True, slots=True)
class _Heard:
    mention: Mention
    order: int
    confidence: float
    agent: bool
    agreed: bool


def same_value(one: Mention, other: Mention) -> bool:
    """Whether two mentions mean the same: equal machine form where both have one, else equal value."""
    if one.normalized is not None and other.normalized is not None:
        return one.normalized == other.normalized
    return one.value == other.value


def agreed(mention: Mention, turns: Sequence[Turn], dialogue: Dialogue) -> bool:
    """Whether the other party agreed to the turn, of ``turns``, in which ``mention`` was said."""
    place = next(place for place, turn in enumerate(turns) if turn.id == mention.evidence.turn)
    return dialogue.verdict(turns, place) is True


def fold_mentions(
    mentions: Sequence[Mention],
    turns: Sequence[Turn],
    dialogue: Dialogue,
    same: Callable[[Mention, Mention], bool] = same_value,
) -> dict[str, SlotValue]:
    """The value of every slot mentioned. ``mentions`` in the order said; ``same`` tells which mean the same value."""
    by_slot: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_slot.setdefault(mention.slot, []).append(mention)
    places = {turn.id: place for place, turn in enumerate(turns)}
    values: dict[str, SlotValue] = {}
    for slot, said in by_slot.items():
        heard = _heard(standing(said, turns, dialogue, same), turns, places, dialogue)
        settled = _settle(_after_corrections(heard, same), same)
        if settled is not None:
            values[slot] = settled
    return values


def standing(
    mentions: Sequence[Mention], turns: Sequence[Turn], dialogue: Dialogue, same: Callable[[Mention, Mention], bool]
) -> list[Mention]:
    """Those of ``mentions``, all of one slot and in the order said, that were neither denied nor refused, nor only
    asked by the agent or told to the caller; without those that a refused read-back repeated and the citizen then put
    right.
    """
    places = {turn.id: place for place, turn in enumerate(turns)}
    told: list[Mention] = []
    agents: list[Mention] = []
    refused: list[Mention] = []
    for mention in mentions:
        place, start = places.get(mention.evidence.turn), mention.evidence.start
        if place is None or dialogue.negated(turns[place].text, start):
            continue
        if turns[place].speaker is not Speaker.AGENT:
            told.append(mention)
        elif dialogue.verdict(turns, place, start) is False:
            refused.append(mention)
        elif mention.slot in _PROMISED or not dialogue.promised(turns[place], start):
            agents.append(mention)
    told = [one for one in told if not any(_put_right(one, wrong, told, places, same) for wrong in refused)]
    kept = [
        one
        for one in agents
        if any(same(one, other) for other in told)
        or (
            not dialogue.informs(turns, places[one.evidence.turn], one.evidence.start)
            and dialogue.stands(turns, places[one.evidence.turn], one.evidence.start)
        )
    ]
    return [one for one in mentions if one in told or one in kept]


def _put_right(
    one: Mention,
    wrong: Mention,
    told: Sequence[Mention],
    places: Mapping[int, int],
    same: Callable[[Mention, Mention], bool],
) -> bool:
    """Whether the citizen refused ``wrong``, the read-back of ``one``, and then said something else."""
    read_back = places[wrong.evidence.turn]
    return (
        places[one.evidence.turn] < read_back
        and same(one, wrong)
        and any(places[later.evidence.turn] > read_back and not same(later, wrong) for later in told)
    )


def _heard(
    mentions: Sequence[Mention], turns: Sequence[Turn], places: Mapping[int, int], dialogue: Dialogue
) -> list[_Heard]:
    """``mentions`` with the confidence that remains after the other party's reaction."""
    heard: list[_Heard] = []
    for order, mention in enumerate(mentions):
        place = places[mention.evidence.turn]
        if turns[place].speaker is not Speaker.AGENT:
            heard.append(_Heard(mention, order, mention.confidence, agent=False, agreed=False))
            continue
        verdict = dialogue.verdict(turns, place, mention.evidence.start)
        answered = any(turn.speaker is Speaker.CITIZEN for turn in turns[place + 1 :])
        share = 1.0 if verdict else _LET_STAND if answered else _UNANSWERED
        heard.append(_Heard(mention, order, mention.confidence * share, agent=True, agreed=verdict is True))
    return heard


def _after_corrections(heard: list[_Heard], same: Callable[[Mention, Mention], bool]) -> list[_Heard]:
    """What is left once every correction has dropped the earlier mentions that differ from it."""
    kept: list[_Heard] = []
    for one in heard:
        replaces = one.mention.corrects or (one.agent and one.agreed and one.confidence >= 0.5)
        if replaces:
            kept = [earlier for earlier in kept if same(earlier.mention, one.mention)]
        kept.append(one)
    return kept


def _settle(heard: Sequence[_Heard], same: Callable[[Mention, Mention], bool]) -> SlotValue | None:
    groups: list[list[_Heard]] = []
    for one in heard:
        for group in groups:
            if same(group[0].mention, one.mention):
                group.append(one)
                break
        else:
            groups.append([one])
    if not groups:
        return None
    answered = any(one.mention.answers for one in heard)
    best = max(groups, key=lambda group: (_support(group, answered), max(one.order for one in group)))
    spoken = max(best, key=lambda one: (one.confidence, one.order)).mention
    citizens = any(not one.agent for one in best)
    return SlotValue(
        value=spoken.value,
        confidence=round(min(_HIGHEST, _probability(best)), 3),
        evidence=tuple(one.mention.evidence for one in best),
        normalized=spoken.normalized,
        confirmed=any(one.agent and (one.agreed or citizens) for one in best),
    )


def _probability(group: Sequence[_Heard]) -> float:
    return 1 - prod(1 - one.confidence for one in group)


def _support(group: Sequence[_Heard], answered: bool) -> float:
    """How well a value is supported, for comparing; an aside counts less once the question itself was answered."""
    wrong = 1.0
    for one in group:
        confidence = one.confidence
        if answered and not one.mention.answers and not one.mention.corrects:
            confidence *= _ASIDE
        doubt = 1 - confidence
        wrong *= doubt**_ANSWER if one.mention.answers else doubt
    return 1 - wrong
