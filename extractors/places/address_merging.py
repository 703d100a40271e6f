"""Readings of several turns joined into one address: a base turn and all readings in, the parts in order out.

The base turn gives the wording; what its speaker goes on with, and what the turns around it add that it lacks, is put
where an address has it; what the caller puts right replaces what was wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractors.places.address_parts import Level, Part, PartFinder
from extractors.places.address_reading import BEGINS, PAUSES, AddressReading, key
from extractors.places.address_repairs import put_in
from extractors.places.address_wording import AddressWording
from extractors.turn import Turn

_FINE = frozenset({Level.NUMBER, Level.BUILDING, Level.ROOM})
_AROUND = 4  # turns before and after the read-back that may add to it


class AddressMerging:
    """Joins readings; ``wording`` tells which of the agent's hold, ``finder`` how parts are written; ``villages``: what
    areas end in that belong into an address even where its street is known.
    """

    def __init__(self, wording: AddressWording, finder: PartFinder, villages: Sequence[str]) -> None:
        self._wording = wording
        self._finder = finder
        self._villages = tuple(villages)

    def merged(
        self, base: int, turns: Sequence[Turn], readings: Sequence[AddressReading], *, street: bool
    ) -> tuple[list[Part], dict[int, list[Part]]]:
        """The parts of the base turn with what the turns around it add, and which turn gave what."""
        parts: list[Part] = []
        sources: dict[int, list[Part]] = {}
        run = _run(base, turns, readings)
        for at in run:
            for part in readings[at].parts:
                if at == base or part.level is Level.POSITION or not any(one.replaced_by(part) for one in parts):
                    parts.append(part)
                    sources.setdefault(at, []).append(part)
        for at in range(max(0, base - _AROUND), min(len(turns), base + _AROUND + 1)):
            reading = readings[at]
            if at in run or not reading.parts:
                continue
            if not self._wording.holds(turns, readings, at):
                continue
            if reading.put_right and at > base:
                for part in reading.put_right:
                    parts = put_in(parts, part)
                sources[at] = list(reading.put_right)
                continue
            shared, before = readings[base].shares(reading), at < base
            for part in reading.parts:
                if _of_another_road(part, reading, parts):
                    continue
                fine = _fine(part, reading, parts, sources.get(at, ()), shared=shared, before=before)
                if not fine and not self._coarse(part, reading, shared=shared, before=before, street=street):
                    continue
                had = any(one.replaced_by(part) if fine else one.level is part.level for one in parts)
                if not had and not any(part.text in one.text for one in parts):
                    after = [place for place, one in enumerate(parts) if one.level <= part.level]
                    parts.insert(after[-1] + 1 if after else 0, part)
                    sources.setdefault(at, []).append(part)
            answered = at == run[0] - 1 and reading.answers and bool(turns[at].times)
            if (shared or answered) and before:
                more = _going_on(parts, reading.parts, misheard=answered)
                parts += more
                if more:
                    sources.setdefault(at, []).extend(more)
            if shared and not sources.get(at):
                texts = {self._finder.clean(one.text) for one in parts}
                sources[at] = [one for one in reading.parts if self._finder.clean(one.text) in texts] or [
                    reading.parts[0]
                ]
        return parts, sources

    def _coarse(self, part: Part, reading: AddressReading, *, shared: bool, before: bool, street: bool) -> bool:
        """Whether ``part`` may be the village or road of the base turn's parts: told ``before`` it, as a known place or
        beside what both share, or behind it as an answer.
        """
        if not before:
            return part.level is Level.ROAD and reading.answers
        village = part.level is Level.AREA and (part.text.endswith(self._villages) or not street)
        return (village or part.level is Level.ROAD) and (part.known or shared)


def larger_first(parts: Sequence[Part]) -> list[Part]:
    """``parts`` with a road, and its number, before the place on it that was named first ("育新小学，在石化路那边")."""
    ordered = list(parts)
    for part in parts:
        place = ordered.index(part)
        before = [at for at, one in enumerate(ordered[:place]) if one.level is Level.ESTATE]
        if part.level is not Level.ROAD or not before or any(one.level is Level.ROAD for one in ordered[:place]):
            continue
        if ordered[place - 1].end >= part.start:
            continue  # named after it (流溪温泉旅游大道)
        number = ordered[place + 1 : place + 2]
        moved = [part, *(one for one in number if one.level is Level.NUMBER)]
        rest = [one for one in ordered if one not in moved]
        ordered = [*rest[: before[0]], *moved, *rest[before[0] :]]
    return ordered


def _run(base: int, turns: Sequence[Turn], readings: Sequence[AddressReading]) -> list[int]:
    """The turns of one speaker, around ``base``, that hold one address: each goes on where the last one ended."""

    def goes_on(at: int) -> bool:
        one, other = readings[at].parts, readings[at + 1].parts
        if turns[at].speaker is not turns[at + 1].speaker or not one or not other:
            return False
        return len(turns[at].text.rstrip(PAUSES)) - one[-1].end <= 1 and other[0].start <= BEGINS

    first, last = base, base
    while first > 0 and goes_on(first - 1):
        first -= 1
    while last + 1 < len(turns) and goes_on(last):
        last += 1
    return list(range(first, last + 1))


def _of_another_road(part: Part, reading: AddressReading, parts: Sequence[Part]) -> bool:
    """Whether ``part`` is the number of a road that is none of ``parts``."""
    road = next((one for one in reading.parts if one.level is Level.ROAD and one.end == part.start), None)
    return part.level is Level.NUMBER and road is not None and not any(road.text in one.text for one in parts)


def _fine(
    part: Part, reading: AddressReading, parts: Sequence[Part], given: Sequence[Part], *, shared: bool, before: bool
) -> bool:
    """Whether ``part`` may be the number, building or room of ``parts``: it answers, alone or behind what its turn has
    ``given`` already, or stands beside a part that the base turn repeats.
    """
    if part.level not in _FINE or not reading.answers:
        return False
    if before:
        return shared and any(part.start - one.end in (0, 1) for one in reading.parts)
    begins = part.start <= BEGINS or any(one.end == part.start for one in given)
    return begins and min(one.level for one in parts) < part.level


def _going_on(parts: Sequence[Part], told: Sequence[Part], *, misheard: bool) -> list[Part]:
    """What was ``told`` right behind the last of ``parts``, which the read-back left out; that one may have been
    ``misheard`` where it was told.
    """
    same = [at for at, part in enumerate(told) if parts and key(part) == key(parts[-1])]
    if not same and misheard and parts and parts[-1].level is Level.ROAD:
        same = [at for at, part in enumerate(told) if part.level is Level.ROAD]
    if not same:
        return []
    more: list[Part] = []
    at = same[0]
    for last, part in pairwise(told[at:]):
        if part.start - last.end > 1 or part.level is Level.ROAD or part.text in (one.text for one in parts):
            break
        more.append(part)
    return more
