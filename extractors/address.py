"""The full address of a call, assembled across its turns as an agent would write it.

In: turns. Out: the slot ``address``: district and street (as ``extractors/places.py`` settles them), then road, number,
estate, building, room and position. The agent's read-back gives the wording where there is one, for the agent's audio
is the clearer; parts it lacks come from the caller's turns around it; what the caller corrects is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from extractors.address_parts import Known, Level, Part, PartFinder, load_address_rules
from extractors.cues import by_sound, sounds_alike
from extractors.dialogue import Dialogue, load_dialogue
from extractors.extractor import Context
from extractors.gazetteer import Gazetteer, Kind, Place, load_gazetteer
from extractors.places import Hit, PlacesExtractor, PlacesReading
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_NAMING = frozenset({Level.AREA, Level.ROAD, Level.ESTATE})
_LEVELS = {
    Kind.COMMUNITY: Level.AREA,
    Kind.ROAD: Level.ROAD,
    Kind.STATION: Level.ESTATE,
    Kind.LANDMARK: Level.ESTATE,
}
_FINE = frozenset({Level.NUMBER, Level.BUILDING, Level.ROOM})
_BEGINS = 4  # characters before what an answer begins with
_ECHO = 3.5  # what it adds to a turn's richness that it reads back what was said
_FULL = 0.03  # and each character that it has of an address
_ECHOED = 3  # turns before it that an agent's words may repeat
_AROUND = 4  # turns before and after the read-back that may add to it
_SURE = 3.0  # nats from which a district or street is taken as named in a turn
_NAMED = 8.0  # nats from which a turn surely names a district
_KNOWN = 2.0  # the same for a road, station or landmark, whose rarity is counted already
_DUE = 2.0  # times as far may a place be from what was heard where one is due
_FARTHEST = 0.8  # and no farther, however long its name
_END = re.compile("[。？！?!]")
_PAUSES = "，。、？！ "
_PAUSED = re.compile("[，。？！,?!；;]")
_DIRECTION = re.compile("[东西南北中](?![门侧面边区站口部头向])")
_LISTED = re.compile(r"(?<!\d)、|、(?!\d)")
_STOP = re.compile("。(?!$)")
_VILLAGES = ("村", "社区")  # belong into an address even where its street is known
_AREAS = ("村", "城", "洲", "岛", "社区")


@dataclass(frozen=True, slots=True)
class AddressReading:
    """The parts of an address in one turn."""

    places: PlacesReading
    parts: tuple[Part, ...] = ()
    answers: bool = False  # the other party had asked for the address
    known: tuple[Known, ...] = ()  # places of the gazetteer, divisions included
    named: tuple[Part, ...] = ()  # the parts with those that were taken back or said again
    put_right: tuple[Part, ...] = ()  # the parts that take the place of what was said before


class AddressExtractor:
    """Fills ``address``."""

    slots: tuple[str, ...] = ("address",)

    def __init__(
        self, gazetteer: Gazetteer, places: PlacesExtractor, rules: Mapping[str, Any], dialogue: Dialogue
    ) -> None:
        self._gazetteer = gazetteer
        self._places = places
        self._finder = PartFinder(rules)
        self._dialogue = dialogue
        self._kind_word = re.compile("|".join(map(re.escape, rules["kind_words"])))
        self._gone_to = re.compile(f"(?:{'|'.join(rules['elsewhere'])})$")
        self._exit_words: str = rules["exit_words"]
        self._confidence: Mapping[str, float] = rules["confidence"]

    def read(self, turn: Turn, context: Context) -> AddressReading:
        """The parts of an address that ``turn`` names."""
        places = self._places.read(turn, context)
        districts = self._districts(places)
        asked = "address" in context.expected
        text = _one_pause(turn)
        known = self._known(turn, places, districts, due=asked or bool(districts))
        found = self._found(turn, text, known, context)
        parts = [self._repaired(turn, part, districts) for part in found]
        parts = [part for at, part in enumerate(parts) if self._located(part, parts[:at], asked=True)]
        told = [part for at, part in enumerate(parts) if self._located(part, parts[:at], asked=asked)]
        told = _read_back(turn.text, told) if turn.speaker is Speaker.AGENT else told
        kept = () if self._places.withheld(turn) else self._uncorrected(turn, told)
        refuses = self._dialogue.denies(turn)
        put_right = tuple(
            part
            for part in kept
            if turn.speaker is Speaker.CITIZEN and (refuses or self._dialogue.put_right(turn.text, part.start))
        )
        return AddressReading(places, kept, asked, tuple(known), tuple(parts), put_right)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[AddressReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The address after ``turns``."""
        settled = self._places.fold(turns, [reading.places for reading in readings], context)
        divisions = [settled[slot] for slot in ("district", "street") if slot in settled]
        heads = [str(one.value) for one in divisions]
        base = self._base(turns, readings)
        parts, sources = (
            self._merged(base, turns, readings, street="street" in settled) if base is not None else ([], {})
        )
        written = [self._finder.clean(part.text) for part in _larger_first(parts)]
        wording = "".join(one for one in written if not any(head in (f"{one}街道", f"{one}镇") for head in heads))
        wording = wording.removeprefix("".join(heads)).removeprefix(heads[-1] if heads else "")
        if not wording:
            return {}
        speakers = {turns[at].speaker for at in sources}
        kind = "read_back" if len(speakers) > 1 else "agent" if Speaker.AGENT in speakers else "said"
        confidence = self._confidence[kind] * min((one.confidence for one in divisions), default=0.7)
        evidence = tuple(
            Evidence.of(turns[at], min(p.start for p in some), max(p.end for p in some))
            for at, some in sorted(sources.items())
        )
        value = "".join(heads) + wording
        return {"address": SlotValue(value, round(confidence, 3), evidence, confirmed=len(speakers) > 1)}

    def _found(self, turn: Turn, text: str, known: Sequence[Known], context: Context) -> tuple[Part, ...]:
        """The parts in the ``text`` of ``turn``, which may go on with what its speaker said just before (57号。403)."""
        agent = turn.speaker is Speaker.AGENT
        last = context.before[-1] if context.before else turn
        if last.speaker is not turn.speaker or last is turn:
            return self._finder.parts(text, known, read_back=agent)
        before = _one_pause(last).rstrip(_PAUSES) + "，"
        places = self._places.read(last, context)
        there = self._known(last, places, self._districts(places), due="address" in context.expected)
        shift = len(before)
        here = (replace(one, start=one.start + shift, end=one.end + shift) for one in known)
        found = self._finder.parts(before + text, [*there, *here], read_back=agent)
        return tuple(replace(one, start=one.start - shift, end=one.end - shift) for one in found if one.start >= shift)

    def _districts(self, places: PlacesReading) -> frozenset[str]:
        """The districts that a turn names surely, themselves or by a street of theirs."""
        named = [self._gazetteer.places[hit.place] for hit in places.hits if hit.weight >= _NAMED]
        return frozenset(name for place in named for name in place.districts)

    def _elsewhere(self, place: Place, districts: frozenset[str]) -> bool:
        """Whether ``place`` lies in none of the districts that the turn names."""
        return bool(districts) and districts.isdisjoint(place.districts)

    def _known(self, turn: Turn, places: PlacesReading, districts: frozenset[str], *, due: bool) -> list[Known]:
        """The places recognised in a turn, none overlapping another: the likeliest first. What only sounds like a place
        is none of another district than the turn names, no second street beside one that is named as written, and less
        alike it may be where a place is ``due``.
        """
        text = _one_pause(turn)
        known: list[Known] = []
        written = {self._gazetteer.places[hit.place].kind for hit in places.hits if self._exact(text, hit)}
        hits = [
            (hit.weight, hit, True)
            for hit in places.hits
            if hit.weight >= _SURE
            and (
                self._exact(text, hit)
                or (self._in_one_breath(text, hit) and self._gazetteer.places[hit.place].kind not in written)
            )
        ]
        hits += [
            (hit.weight, hit, False)
            for hit in places.supports
            if self._exact(text, hit)
            or (
                hit.weight >= _KNOWN
                and self._alike(turn, hit, due=due)
                and not self._elsewhere(self._gazetteer.places[hit.place], districts)
            )
        ]
        for _, hit, division in sorted(hits, key=lambda one: (not self._exact(text, one[1]), -one[0])):
            if any(hit.start < one.end and one.start < hit.end for one in known):
                continue
            place = self._gazetteer.places[hit.place]
            level = None if division else Level.AREA if place.name.endswith(_AREAS) else _LEVELS[place.kind]
            name = place.name
            if place.kind is Kind.STATION and not name.endswith("站"):
                name += "地铁站" if hit.end - hit.start >= len(name) + 3 else "站"
            if text[hit.end :].startswith("方向"):
                level = None
            kind_word = self._kind_word.match(text, hit.end) if level is not None else None
            if level is Level.ROAD and kind_word is not None and not kind_word.group().endswith("站"):
                kind_word = None
            end = hit.end
            if kind_word is not None and not name.endswith(kind_word.group()):
                name, end, level = name + kind_word.group(), kind_word.end(), Level.ESTATE
            if level is Level.ROAD and name.endswith("大道") and _DIRECTION.match(text, end):
                name, end = name + text[end], end + 1
            known.append(Known(hit.start, end, name, level))
            known += [
                Known(again.start(), again.end(), name, level)
                for again in re.finditer(re.escape(text[hit.start : hit.end]), text)
                if again.start() != hit.start
            ]
        return known

    def _alike(self, turn: Turn, hit: Hit, *, due: bool) -> bool:
        """Whether ``hit`` is heard syllable by syllable, its kind among them, in one breath."""
        farthest = self._farthest(hit.form, turn)
        return (
            hit.cost <= min(farthest * (_DUE if due and turn.times else 1.0), _FARTHEST)
            and sounds_alike(turn.text[hit.end - 1], hit.form[-1])
            and self._in_one_breath(_one_pause(turn), hit)
        )

    def _farthest(self, form: str, turn: Turn) -> float:
        """How far the sounds of ``turn`` may be from those of ``form``: what is typed was not misheard."""
        return self._gazetteer.weights.alike * (len(form) - 1 if turn.times else 1)

    @staticmethod
    def _in_one_breath(text: str, hit: Hit) -> bool:
        return hit.end - hit.start == len(hit.form) and not _PAUSED.search(text, hit.start, hit.end)

    def _exact(self, text: str, hit: Hit) -> bool:
        """Whether the name stands there as it is written, or told as what it is (天河区的图书馆)."""
        said, name = text[hit.start : hit.end], self._gazetteer.places[hit.place].name
        return said.startswith(name) or said.replace("的", "").startswith(name)

    def _repaired(self, turn: Turn, part: Part, districts: frozenset[str]) -> Part:
        """``part`` under the name of the known place it sounds like, where its ending is heard as that of one."""
        if part.level is Level.POSITION:
            return replace(part, text=self._exit(part.text))
        if part.known or part.level not in _NAMING:
            return part
        for one in self._gazetteer.sightings(turn.text):
            place = self._gazetteer.places[one.place]
            same_stretch = abs(one.start - part.start) <= 1 and one.end == part.end
            if self._elsewhere(place, districts):
                continue
            if one.kind in _LEVELS and same_stretch and one.cost <= self._farthest(one.form, turn):
                return replace(part, text=one.form, start=one.start, known=True)
        return part

    def _exit(self, said: str) -> str:
        """``said`` with the letter of a metro exit at its beginning written as one (地口 → D口)."""
        if said[1:2] != "口" or said[0] in self._exit_words or not "\u4e00" <= said[0] <= "\u9fff":
            return said
        heard = {syllable for syllable, _ in self._gazetteer.sounds.readings(said[0])}
        for letter, spoken in self._gazetteer.sounds.letters.items():
            if any(len(one) == 1 and one[0][0] in heard for one in spoken):
                return letter + said[1:]
        return said

    @staticmethod
    def _located(part: Part, before: Sequence[Part], *, asked: bool) -> bool:
        """Whether ``part`` is none of the numbers that stand in a sentence without a place (a day of the month)."""
        begins = part.start <= (_BEGINS if asked else 0)
        return part.level is not Level.NUMBER or begins or any(one.level in _NAMING for one in before)

    def _uncorrected(self, turn: Turn, parts: Sequence[Part]) -> tuple[Part, ...]:
        """The parts without those that the speaker takes back ("18号，哦不对，是16号"), none said twice, and none of a
        place where somebody goes or lives.
        """
        kept: list[Part] = []
        for part in parts:
            if self._dialogue.negated(turn.text, part.start) or self._gone_to.search(turn.text, 0, part.start):
                continue
            same = [one for one in kept if one.replaced_by(part) and not _off(one, part)]
            if part.level is not Level.POSITION and self._dialogue.corrected_before(turn.text, part.start):
                kept = _put_in(kept, part)
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

    def _base(self, turns: Sequence[Turn], readings: Sequence[AddressReading]) -> int | None:
        """The turn whose wording is taken: the richest, a read-back before what it reads back."""
        best: tuple[float, int] | None = None
        for at, reading in enumerate(readings):
            if not any(part.level in _NAMING for part in reading.parts):
                continue
            agent = turns[at].speaker is Speaker.AGENT
            if agent and not self._holds(turns, readings, at):
                continue
            echo = agent and (
                any(
                    self._shares(reading, readings[one])
                    for one in range(0 if self._dialogue.is_readback(turns[at]) else max(0, at - _ECHOED), at)
                )
                or (at > 0 and readings[at - 1].answers and self._reads_back(turns[at], reading))
            )
            levels = {part.level for part in reading.parts}
            named = any(hit.weight >= _SURE for hit in reading.places.hits)
            score = len(levels) + 1.5 * reading.answers + (_ECHO if echo else -1.0 if agent else 0.0) + 0.5 * named
            score += 0.5 * any(part.known for part in reading.parts) + _FULL * sum(
                len(part.text) for part in reading.parts
            )
            sure = (
                reading.answers or echo or named or any(part.known and part.level in _NAMING for part in reading.parts)
            )
            door = Level.ROAD in levels and Level.NUMBER in levels
            if (sure or door) and (best is None or score > best[0]):
                best = (score, at)
        return best[1] if best is not None and best[0] >= 2.0 else None

    def _reads_back(self, turn: Turn, reading: AddressReading) -> bool:
        """Whether the agent's ``turn`` behind an answer repeats it: it says so, or, where the answer may have been
        misheard, begins with a place.
        """
        begins = min([reading.parts[0].start, *(one.start for one in reading.known)])
        return (bool(turn.times) and begins <= 1) or self._dialogue.is_readback(turn)

    def _holds(self, turns: Sequence[Turn], readings: Sequence[AddressReading], at: int) -> bool:
        """Whether what the agent said in turn ``at`` counts: not refused, and the caller said some of it or lets it
        stand.
        """
        start = readings[at].parts[0].start
        verdict = self._dialogue.verdict(turns, at, start)
        if verdict is not None:
            return verdict
        told = (one for turn, one in zip(turns, readings, strict=True) if turn.speaker is Speaker.CITIZEN)
        return any(self._shares(readings[at], one) for one in told) or self._dialogue.stands(turns, at, start)

    def _merged(
        self, base: int, turns: Sequence[Turn], readings: Sequence[AddressReading], *, street: bool
    ) -> tuple[list[Part], dict[int, list[Part]]]:
        """The parts of the base turn with what the turns around it add, and which turn gave what."""
        parts: list[Part] = []
        sources: dict[int, list[Part]] = {}
        run = self._run(base, turns, readings)
        for at in run:
            for part in readings[at].parts:
                if at == base or part.level is Level.POSITION or not any(one.replaced_by(part) for one in parts):
                    parts.append(part)
                    sources.setdefault(at, []).append(part)
        for at in range(max(0, base - _AROUND), min(len(turns), base + _AROUND + 1)):
            reading = readings[at]
            if at in run or not reading.parts:
                continue
            if turns[at].speaker is Speaker.AGENT and not self._holds(turns, readings, at):
                continue
            if reading.put_right and at > base:
                for part in reading.put_right:
                    parts = _put_in(parts, part)
                sources[at] = list(reading.put_right)
                continue
            shared = self._shares(readings[base], reading)
            for part in reading.parts:
                have = {one.level for one in parts}
                village = part.level is Level.AREA and (part.text.endswith(_VILLAGES) or not street)
                coarse = (village or part.level is Level.ROAD) and at < base and (part.known or shared)
                coarse = coarse or (part.level is Level.ROAD and at > base and reading.answers)
                begins = part.start <= _BEGINS or any(one.end == part.start for one in sources.get(at, ()))
                later = at > base and begins and min(have) < part.level
                earlier = at < base and shared and any(part.start - one.end in (0, 1) for one in reading.parts)
                fine = part.level in _FINE and reading.answers and (later or earlier)
                lacking = not any(one.replaced_by(part) for one in parts) if fine else part.level not in have
                lacking = lacking and not any(part.text in one.text for one in parts)
                if lacking and (coarse or fine):
                    after = [place for place, one in enumerate(parts) if one.level <= part.level]
                    parts.insert(after[-1] + 1 if after else 0, part)
                    sources.setdefault(at, []).append(part)
            answered = at == run[0] - 1 and reading.answers and bool(turns[at].times)
            if (shared or answered) and at < base:
                more = self._going_on(parts, reading.parts, misheard=answered)
                parts += more
                if more:
                    sources.setdefault(at, []).extend(more)
            if shared and not sources.get(at):
                texts = {self._finder.clean(one.text) for one in parts}
                sources[at] = [one for one in reading.parts if self._finder.clean(one.text) in texts] or [
                    reading.parts[0]
                ]
        return parts, sources

    def _going_on(self, parts: Sequence[Part], told: Sequence[Part], *, misheard: bool) -> list[Part]:
        """What was ``told`` right behind the last of ``parts``, which the read-back left out; that one may have been
        ``misheard`` where it was told.
        """
        same = [at for at, part in enumerate(told) if parts and _key(part) == _key(parts[-1])]
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

    @staticmethod
    def _run(base: int, turns: Sequence[Turn], readings: Sequence[AddressReading]) -> list[int]:
        """The turns of one speaker, around ``base``, that hold one address: each goes on where the last one ended."""

        def goes_on(at: int) -> bool:
            one, other = readings[at].parts, readings[at + 1].parts
            if turns[at].speaker is not turns[at + 1].speaker or not one or not other:
                return False
            return len(turns[at].text.rstrip(_PAUSES)) - one[-1].end <= 1 and other[0].start <= _BEGINS

        first, last = base, base
        while first > 0 and goes_on(first - 1):
            first -= 1
        while last + 1 < len(turns) and goes_on(last):
            last += 1
        return list(range(first, last + 1))

    @staticmethod
    def _shares(one: AddressReading, other: AddressReading) -> bool:
        """Whether two turns speak of the same place: they share a part."""
        mine = {_key(part) for part in one.parts if part.level is not Level.POSITION}
        return any(_key(part) in mine for part in other.parts)


def _read_back(text: str, parts: Sequence[Part]) -> list[Part]:
    """``parts`` without those of later sentences that begin with something else ("… 27号。您问过社区医院吗")."""
    first = next((part.start for part in parts if part.level in _NAMING), len(text))
    kept: list[Part] = []
    ends = [0, *(end.end() for end in _END.finditer(text)), len(text)]
    for start, end in pairwise(ends):
        inside = [part for part in parts if start <= part.start < end]
        if inside and (start <= first or inside[0].start - start <= 1):
            kept += inside
    return kept


def _off(one: Part, other: Part) -> bool:
    """Whether ``other`` is a road off the road ``one``, named in one breath with it (江南西路紫来大街)."""
    return one.level is other.level is Level.ROAD and one.end == other.start


def _larger_first(parts: Sequence[Part]) -> list[Part]:
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


def _one_pause(turn: Turn) -> str:
    """The text of ``turn`` with commas for all pauses: a recogniser ends sentences and lists things within an address
    (中山五路。新大新斜对面、二楼).
    """
    text = _LISTED.sub("，", turn.text)
    return _STOP.sub("，", text) if turn.times else text


def _put_in(parts: Sequence[Part], part: Part) -> list[Part]:
    """``parts`` with ``part`` in the place of what it puts right; where there is none, behind what is larger."""
    wrong = [place for place, one in enumerate(parts) if one.replaced_by(part)]
    if part.level is Level.POSITION or not wrong:
        larger = [place for place, one in enumerate(parts) if one.level <= part.level]
        place = larger[-1] + 1 if larger else 0
        return [*parts[:place], part, *parts[place:]]
    return [part if place == wrong[0] else one for place, one in enumerate(parts) if place not in wrong[1:]]


def _key(part: Part) -> tuple[Level, str]:
    """What two hearings of one part have in common."""
    return part.level, by_sound(part.text.removesuffix("站").removesuffix("地铁"))


def load_address_extractor(catalog: Path) -> AddressExtractor:
    """The address extractor of a catalogue directory, with a gazetteer of its own."""
    gazetteer, dialogue = load_gazetteer(catalog), load_dialogue(catalog)
    return AddressExtractor(gazetteer, PlacesExtractor(gazetteer, dialogue), load_address_rules(catalog), dialogue)
