"""What a speaker puts right in an address: the parts as they were said in, those that hold out.

Within one turn what is taken back gives way (18号，哦不对，是16号) and nothing counts twice; across turns a part takes
the place of what it puts right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.places.address_parts import Known, Level, Part
from extractors.turn import Speaker, Turn

_ANEW = 2  # divisions from which on an address is told anew, a district and a street


class AddressRepairs:
    """Hears self-repairs by the dialogue's cues and the words of ``catalog/places/address.yaml``. ``home``: the words
    by which callers tell where they live.
    """

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue, home: str) -> None:
        self._gone_to = re.compile(f"(?:{'|'.join(rules['elsewhere'])})$")
        self._taken_back = re.compile("|".join(rules["taken_back"]))
        self._home = re.compile(home)
        self._dialogue = dialogue

    def standing(self, turn: Turn, parts: Sequence[Part], known: Sequence[Known]) -> tuple[Part, ...]:
        """The parts without those that the speaker takes back ("18号，哦不对，是16号"), none said twice, and none of a
        place where somebody goes, or lives while it happened elsewhere. ``known``: the places of the turn, divisions
        among them.
        """
        kept: list[Part] = []
        divisions = [one for one in known if one.level is None]
        home = self._home_from(turn.text, divisions)
        for at, part in enumerate(parts):
            if part.start >= home:
                continue
            if self._told_anew(turn.text, part, divisions):
                continue
            if self._dialogue.negated(turn.text, part.start) or self._gone_to.search(turn.text, 0, part.start):
                continue
            same = [one for one in kept if one.replaced_by(part) and not _off(parts, one, at)]
            if part.level is not Level.POSITION and self._dialogue.corrected_before(turn.text, part.start):
                kept = put_in(kept, part)
            elif part.level is Level.POSITION:
                kept.append(part)
            elif part.level in (Level.ROAD, Level.NUMBER, Level.BUILDING) and same:
                kept = [one for one in kept if one not in same]
                longer = len(part.text) >= len(same[-1].text) - 1
                kept.append(part if part.known or (longer and not same[-1].known) else same[-1])
                kept.sort(key=lambda one: one.start)
            elif all(one.text != part.text for one in same):
                kept.append(part)
        return tuple(kept)

    def _home_from(self, text: str, divisions: Sequence[Known]) -> int:
        """From which character on the caller tells where they live, in another district than was named before."""
        told = self._home.search(text)
        if told is None:
            return len(text)
        districts = [
            {one.name for one in divisions if one.name.endswith("区") and before is (one.end <= told.start())}
            for before in (True, False)
        ]
        return told.end() if districts[0] and districts[1] - districts[0] else len(text)

    def _told_anew(self, text: str, part: Part, divisions: Sequence[Known]) -> bool:
        """Whether ``part``, named without a division, is taken back and what is meant told anew from its district on
        (光塔街，不是，现在搬了，越秀区六榕街道).
        """
        back = self._taken_back.match(text, part.end)
        if back is None or "区" in text[: part.start] or any(one.end <= part.start for one in divisions):
            return False
        return len({one.name for one in divisions if one.start >= back.end()}) >= _ANEW

    def put_right(self, turn: Turn, parts: Sequence[Part]) -> tuple[Part, ...]:
        """Those of ``parts`` by which the caller puts right what was said before."""
        if turn.speaker is not Speaker.CITIZEN:
            return ()
        refuses = self._dialogue.denies(turn)
        return tuple(part for part in parts if refuses or self._dialogue.put_right(turn.text, part.start))


def put_in(parts: Sequence[Part], part: Part) -> list[Part]:
    """``parts`` with ``part`` in the place of what it puts right; where there is none, behind what is larger."""
    wrong = [place for place, one in enumerate(parts) if one.replaced_by(part)]
    if part.level is Level.POSITION or not wrong:
        larger = [place for place, one in enumerate(parts) if one.level <= part.level]
        place = larger[-1] + 1 if larger else 0
        return [*parts[:place], part, *parts[place:]]
    return [part if place == wrong[0] else one for place, one in enumerate(parts) if place not in wrong[1:]]


def _off(parts: Sequence[Part], one: Part, at: int) -> bool:
    """Whether the part of ``parts`` at ``at`` is a road off the road ``one``: named in one breath with it
    (江南西路紫来大街), or with a number of its own where the other has none but a position, or is the only one that is
    known (恩宁路后面，吉祥街46号).
    """
    other = parts[at]
    if not one.level is other.level is Level.ROAD or one.text == other.text:
        return False
    behind = next((part for part in parts[at + 1 :] if part.start == other.end), None)
    between = {part.level for part in parts[:at] if part.start >= one.end}
    if behind is None or behind.level is not Level.NUMBER or between - {Level.POSITION}:
        return one.end == other.start
    return one.end == other.start or Level.POSITION in between or (one.known and not other.known)
