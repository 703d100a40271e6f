"""What a slot might hold: what turns said of it in, candidate values out, each with the words that speak for it.

A value may be said in one stretch or in several: neighbouring stretches of a turn are also taken as one, a day and an
hour and several wishes also together, unless another matter is announced between them. Which candidate is right is not
decided here (`extractors.choosing.chooser`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from extractors.slots.mention import Mention
from extractors.ticket import Value
from extractors.turn import Turn

_GAP = 2  # characters between two stretches that may be one
_LIKELY = 0.3  # least confidence of a wish that is told together with others
_SURE = 0.5  # the same where only rules found it: they take reasons with it
_TOGETHER = 6  # how many of the surest wishes of a call are told together
_WISHES = 3  # how many wishes are told together at most
_MOST = 32  # candidates of a slot: the surest
_PART = re.compile("[早晚]上|[上下中]午|凌晨|傍晚|[今昨前]晚")  # of a day
_HOUR = re.compile(
    r"(?:[早晚]上|[上下中]午|凌晨|傍晚)?[零〇一二两三四五六七八九十\d]{1,3}(?:[点时:：].{0,4})(?:[到至].{2,12})?"
)
_DAY = re.compile(
    r"^[^点时:：]*(?:[今昨前]|[一二两三四五六七八九十\d][天日号]|[那当同]一?天|周.|礼拜.|星期.)[^点时:：]*$"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A mention, whether it was ``marked`` by the tagger or found by rules, and how likely its words give each of
    `extractors.slots.marked.SLOTS`. ``kept``: how likely a ticket keeps the words that its value has, and which share
    of those that one would keep these are (`extractors.choosing.condensed.worth_keeping`).
    """

    mention: Mention
    marked: bool
    shares: tuple[float, ...]
    kept: tuple[float, float] = (0.0, 0.0)

    @property
    def place(self) -> tuple[int, int]:
        """Where it was said: turn and character."""
        return self.mention.evidence.turn, self.mention.evidence.start


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value a slot might hold. ``said``: the signs whose words make it up, in order; ``support``: all that say the
    same, those among them.
    """

    value: Value
    normalized: str | None
    said: tuple[Sign, ...]
    support: tuple[Sign, ...]


Same = Callable[[Mention, Mention], bool]


def candidates(
    slot: str,
    signs: Sequence[Sign],
    turns: Mapping[int, Turn],
    same: Same,
    announced: Sequence[tuple[int, int]] = (),
) -> list[Candidate]:
    """The candidates of ``slot``, each value once. ``same``: whether two mentions say the same, wording apart;
    ``announced``: places between which nothing is taken as one.
    """
    signs = sorted(signs, key=lambda one: one.place)
    found: dict[Value, tuple[Mention, tuple[Sign, ...]]] = {}
    for mention, said in _made(slot, signs, turns):
        if _divided(said, announced):
            continue
        before = found.get(mention.value)
        if before is None or _confidence(said) > _confidence(before[1]):
            found[mention.value] = mention, said
    best = sorted(found.values(), key=lambda one: -_confidence(one[1]))[:_MOST]
    return [
        Candidate(
            mention.value,
            mention.normalized,
            said,
            (*said, *(one for one in signs if one not in said and same(one.mention, mention))),
        )
        for mention, said in best
    ]


def _divided(said: Sequence[Sign], announced: Sequence[tuple[int, int]]) -> bool:
    places = [one.place for one in said]
    return len(said) > 1 and any(min(places) < place <= max(places) for place in announced)


def _confidence(said: Sequence[Sign]) -> float:
    return sum(one.mention.confidence for one in said) / len(said)


def _made(slot: str, signs: Sequence[Sign], turns: Mapping[int, Turn]) -> Iterator[tuple[Mention, tuple[Sign, ...]]]:
    for one in signs:
        yield one.mention, (one,)
    if slot == "demand":
        for several in _wishes(signs):
            yield _joined(several, "，".join(str(one.mention.value) for one in several)), several
    else:
        in_words = [sign for sign in signs if isinstance(sign.mention.value, str)]
        for one, other in pairwise(in_words):
            sure = min(one.mention.confidence, other.mention.confidence) >= _LIKELY
            if not (sure and one.marked and other.marked and one.place[0] == other.place[0]):
                continue
            if 0 <= other.mention.evidence.start - one.mention.evidence.end <= _GAP:
                text = turns[one.place[0]].text[one.mention.evidence.start : other.mention.evidence.end]
                yield _joined((one, other), text.strip("，。？！、；： ")), (one, other)
    if slot == "occurred_at":
        for day, hour in _days_and_hours(signs):
            yield _joined((day, hour), day_and_hour(str(day.mention.value), str(hour.mention.value))), (day, hour)


def _days_and_hours(signs: Sequence[Sign]) -> Iterator[tuple[Sign, Sign]]:
    """Days and hours that were said apart."""
    surest = sorted(
        (one for one in signs if one.mention.confidence >= _LIKELY),
        key=lambda one: -one.mention.confidence,
    )[:_TOGETHER]
    hours = [one for one in surest if _HOUR.fullmatch(str(one.mention.value))]
    for day in surest:
        if _DAY.search(str(day.mention.value)):
            yield from ((day, hour) for hour in hours if day_and_hour(str(day.mention.value), str(hour.mention.value)))


def day_and_hour(day: str, hour: str) -> str:
    """The two as one time; empty where they are of different parts of a day (昨天晚上, 早上八点)."""
    part, again = _PART.search(day), _PART.match(hour)
    if part is None or again is None:
        return day + hour
    return day + hour[again.end() :] if part.end() == len(day) and part.group() == again.group() else ""


def _wishes(signs: Sequence[Sign]) -> Iterator[tuple[Sign, ...]]:
    """Wishes that may be meant together: those of a turn, and the surest ones of the call."""
    likely = [one for one in signs if one.mention.confidence >= (_LIKELY if one.marked else _SURE)]
    by_turn: dict[int, list[Sign]] = {}
    for one in likely:
        by_turn.setdefault(one.place[0], []).append(one)
    for told in by_turn.values():
        if 2 < len(told) <= _WISHES + 1 and _apart(told):
            yield tuple(told)
    surest = sorted(likely, key=lambda one: -one.mention.confidence)[:_TOGETHER]
    surest.sort(key=lambda one: one.place)
    for many in range(2, _WISHES + 1):
        for several in combinations(surest, many):
            if _apart(several):
                yield several


def _apart(signs: Sequence[Sign]) -> bool:
    """Whether no two of ``signs``, in order, share words."""
    return all(
        one.place[0] != other.place[0] or one.mention.evidence.end <= other.mention.evidence.start
        for one, other in pairwise(signs)
    )


def _joined(signs: tuple[Sign, ...], value: str) -> Mention:
    return replace(signs[0].mention, value=value, normalized=None)
