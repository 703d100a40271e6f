"""The known places of one turn as an address writes them: the hits of the gazetteer in, `Known` stretches out.

Of hits that overlap the likeliest counts; what only sounds like a place counts less readily than what is written, and
more where one is due. What belongs to a name is written with it (星河湾公寓, 梅花园站, 中山大道西).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from extractors.places.address_parts import Known, Level, Part
from extractors.places.address_reading import NAMING
from extractors.places.gazetteer import Gazetteer, Kind, Place
from extractors.places.place_readings import Hit, PlacesReading
from extractors.text.cues import alternatives, sounds_alike
from extractors.turn import Turn

SURE = 3.0
"""Nats from which a district or street is taken as named in a turn."""

_LEVELS = {
    Kind.COMMUNITY: Level.AREA,
    Kind.ROAD: Level.ROAD,
    Kind.STATION: Level.ESTATE,
    Kind.LANDMARK: Level.ESTATE,
}
_NAMED = 8.0  # nats from which a turn surely names a district
_KNOWN = 2.0  # the same for a road, station or landmark, whose rarity is counted already
_DUE = 2.0  # times as far may a place be from what was heard where one is due
_FARTHEST = 0.8  # and no farther, however long its name
_PAUSED = re.compile("[，。？！,?!；;]")
_LISTED = re.compile(r"(?<!\d)、|、(?!\d)")
_STATION = re.compile("地铁|号线|[A-Da-d]口|出口|站")
_BESIDE = 4  # characters beside the name of a station that tell that it is one
_STOP = re.compile("。(?!$)")


class KnownPlaces:
    """Finds the places of a gazetteer."""

    def __init__(self, gazetteer: Gazetteer, rules: Mapping[str, Any]) -> None:
        self._gazetteer = gazetteer
        self._kind_word = re.compile("|".join(map(re.escape, rules["kind_words"])))
        self._areas, self._directed = tuple(rules["areas"]), tuple(rules["directed"])
        self._direction = re.compile(rules["directions"])
        self._toward = re.compile(alternatives(rules["toward"]))

    def districts(self, places: PlacesReading) -> frozenset[str]:
        """The districts that a turn names surely, themselves or by a street of theirs."""
        named = [self._gazetteer.places[hit.place] for hit in places.hits if hit.weight >= _NAMED]
        return frozenset(name for place in named for name in place.districts)

    def find(self, turn: Turn, places: PlacesReading, districts: frozenset[str], *, due: bool) -> list[Known]:
        """The places recognised in a turn, none overlapping another: the likeliest first. What only sounds like a place
        is none of another district than the turn names, no second street beside one that is named as written, and less
        alike it may be where a place is ``due``.
        """
        text = one_pause(turn)
        known: list[Known] = []
        for hit, division in self._recognised(turn, text, places, districts, due=due):
            if any(hit.start < one.end and one.start < hit.end for one in known):
                continue
            found = self._as_written(text, hit, division=division)
            known.append(found)
            known += [
                replace(found, start=again.start(), end=again.end())
                for again in re.finditer(re.escape(text[hit.start : hit.end]), text)
                if again.start() != hit.start
            ]
        return known

    def repaired(self, turn: Turn, part: Part, districts: frozenset[str]) -> Part:
        """``part`` under the name of the known place it sounds like, where its ending is heard as that of one."""
        if part.known or part.level not in NAMING:
            return part
        for one in self._gazetteer.sightings(turn.text):
            place = self._gazetteer.places[one.place]
            same_stretch = abs(one.start - part.start) <= 1 and one.end == part.end
            if _elsewhere(place, districts):
                continue
            as_said = bool(turn.times) or _shares_half(turn.text[one.start : one.end], one.form)
            if one.kind in _LEVELS and same_stretch and as_said and one.cost <= self._farthest(one.form, turn):
                return replace(part, text=one.form, start=one.start, known=True)
        return part

    def _recognised(
        self, turn: Turn, text: str, places: PlacesReading, districts: frozenset[str], *, due: bool
    ) -> list[tuple[Hit, bool]]:
        """The hits that count, the likeliest first, and whether each is a district or a street."""
        written = {self._gazetteer.places[hit.place].kind for hit in places.hits if self._exact(text, hit)}
        hits = [
            (hit.weight, hit, True)
            for hit in places.hits
            if hit.weight >= SURE
            and (
                self._exact(text, hit)
                or (_in_one_breath(text, hit) and self._gazetteer.places[hit.place].kind not in written)
            )
        ]
        hits += [
            (hit.weight, hit, False)
            for hit in places.supports
            if self._exact(text, hit)
            or (
                hit.weight >= _KNOWN
                and self._alike(turn, hit, due=due)
                and not _elsewhere(self._gazetteer.places[hit.place], districts)
            )
        ]
        hits.sort(key=lambda one: (not self._exact(text, one[1]), -one[0]))
        return [(hit, division) for _, hit, division in hits]

    def _as_written(self, text: str, hit: Hit, *, division: bool) -> Known:
        """``hit`` with what belongs to its name behind it; a place that is only gone toward is none of an address."""
        place = self._gazetteer.places[hit.place]
        level = None if division else Level.AREA if place.name.endswith(self._areas) else _LEVELS[place.kind]
        name, end = place.name, hit.end
        if place.kind is Kind.STATION and not name.endswith("站"):
            if not _as_station(text, hit, name):
                end = hit.start + len(name)
            else:
                name += "地铁站" if hit.end - hit.start >= len(name) + 3 else "站"
        if self._toward.match(text, end) or self._toward.match(text, end - 1):  # 方, 那 may sound like its 站
            level = None
        kind_word = self._kind_word.match(text, end) if level is not None else None
        if level is Level.ROAD and kind_word is not None and not kind_word.group().endswith("站"):
            kind_word = None
        if kind_word is not None and not name.endswith(kind_word.group()):
            name, end, level = name + kind_word.group(), kind_word.end(), Level.ESTATE
        if level is Level.ROAD and name.endswith(self._directed) and self._direction.match(text, end):
            name, end = name + text[end], end + 1
        return Known(hit.start, end, name, level)

    def _alike(self, turn: Turn, hit: Hit, *, due: bool) -> bool:
        """Whether ``hit`` is heard syllable by syllable, its kind among them, in one breath."""
        farthest = self._farthest(hit.form, turn)
        return (
            hit.cost <= min(farthest * (_DUE if due and turn.times else 1.0), _FARTHEST)
            and sounds_alike(turn.text[hit.end - 1], hit.form[-1])
            and (bool(turn.times) or _shares_half(turn.text[hit.start : hit.end], hit.form))
            and _in_one_breath(one_pause(turn), hit)
        )

    def _farthest(self, form: str, turn: Turn) -> float:
        """How far the sounds of ``turn`` may be from those of ``form``: what is typed was not misheard."""
        return self._gazetteer.weights.alike * (len(form) - 1 if turn.times else 1)

    def _exact(self, text: str, hit: Hit) -> bool:
        """Whether the name stands there as it is written, or told as what it is (天河区的图书馆)."""
        said, name = text[hit.start : hit.end], self._gazetteer.places[hit.place].name
        return said.startswith(name) or said.replace("的", "").startswith(name)


def _shares_half(said: str, form: str) -> bool:
    """Whether at least half of the characters of ``form`` stand in their places: 溪花园 only sounds like 西华苑."""
    return 2 * sum(one == other for one, other in zip(said, form, strict=False)) >= len(form)


def _as_station(text: str, hit: Hit, name: str) -> bool:
    """Whether the station ``name`` is told as one: many bear the name of the quarter they are in (珠江新城那边)."""
    if not text.startswith(name, hit.start):
        return True
    behind = text[hit.start + len(name) : max(hit.end, hit.start + len(name) + _BESIDE)]
    return _STATION.search(
        text, max(0, hit.start - _BESIDE), max(hit.end, hit.start + len(name)) + _BESIDE
    ) is not None or any(sounds_alike(char, "站") for char in behind)


def one_pause(turn: Turn) -> str:
    """The text of ``turn`` with commas for all pauses: a recogniser ends sentences and lists things within an address
    (中山五路。新大新斜对面、二楼).
    """
    text = _LISTED.sub("，", turn.text)
    return _STOP.sub("，", text) if turn.times else text


def _elsewhere(place: Place, districts: frozenset[str]) -> bool:
    """Whether ``place`` lies in none of the districts that the turn names."""
    return bool(districts) and districts.isdisjoint(place.districts)


def _in_one_breath(text: str, hit: Hit) -> bool:
    return hit.end - hit.start == len(hit.form) and not _PAUSED.search(text, hit.start, hit.end)
