"""The parts of an address in one turn: names, numbers and positions, in the order said.

In: the text of a turn and the places that were recognised in it. Out: :class:`Part` for every stretch that belongs to
an address, with known names repaired by sound and unknown ones as heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from extractors.catalogue.yaml_files import read_mapping
from extractors.text.cues import alternatives
from extractors.text.numerals import AS_FIGURES


class Level(IntEnum):
    """What a part is, from the large to the small: the order in which an agent writes it."""

    AREA = 1
    ROAD = 2
    NUMBER = 3
    ESTATE = 4
    BUILDING = 5
    ROOM = 6
    POSITION = 7


@dataclass(frozen=True, slots=True)
class Known:
    """Characters ``start:end`` are a known place called ``name``; ``level`` None: a district or street."""

    start: int
    end: int
    name: str
    level: Level | None


@dataclass(frozen=True, slots=True)
class Part:
    """Characters ``start:end`` of a turn, written as ``text`` in the address. ``known``: a place of the gazetteer."""

    level: Level
    text: str
    start: int
    end: int
    known: bool = False

    def replaced_by(self, other: Part) -> bool:
        """Whether one address has only one of the two: a building and its entrance (3栋2单元) are both of it, and so
        are a road and a lane off it (龙津东路宝盛巷).
        """
        within = self.level not in (Level.BUILDING, Level.ROAD) or self._within == other._within
        return self.level is other.level and within

    @property
    def _within(self) -> str:
        """Of what a `BUILDING` is one: of an entrance, a stage of an estate, else a house; a `ROAD` may be a lane."""
        within = _PASSAGES if self.level is Level.ROAD else _ENTRANCES
        return next((ending for ending in within if self.text.endswith(ending)), "")


_ENTRANCES = ("单元", "梯", "期")
_PASSAGES = ("巷", "横街", "直街")
_NUMERAL = r"(?:\d+|[零〇一二三四五六七八九十百两幺]+)"
_READ_OUT = re.compile(r"(?<![十百])[零〇一二三四五六七八九幺]{2,}(?![十百])")
_NAMES = (Level.AREA, Level.ROAD, Level.ESTATE)
_DOORS = (Level.NUMBER, Level.BUILDING, Level.ROOM)
_LARGER = (Level.AREA, Level.ROAD, Level.NUMBER, Level.ESTATE)
_LONGEST = 12  # characters of a name that no list knows
_TELLING = 4  # characters of an ending that names a place by itself right behind another (社区卫生服务中心)
_INDEFINITE = 2  # characters that make a name any one of its kind, before it or at its head (一家)
_THAT = ("那个", "这个")
_COMMAS = "，,、 "
_SENTENCE = re.compile("[。？！?!；;]")
_NEAR = "靠近"  # between two places: the one is told by the other
_AT = "在"
_DASHES = r"(?:[-－—–杠][A-Za-z]?\d{1,5})"
_DASHED_END = r"[号室房]?(?![\d点时月日号年米元块层楼栋座幢单线路])"
_DASHED = re.compile(rf"[A-Za-z]?\d{{1,4}}{_DASHES}{{1,3}}{_DASHED_END}")  # behind a name (祥景花园7-2-502)
_DASHED_ON = re.compile(rf"{_DASHES}{{1,3}}{_DASHED_END}")  # behind a number (88号-3)
_CLAUSE = re.compile(r"[^，。？！,?!；;]+")


class PartFinder:
    """Finds the parts of addresses by the words of ``catalog/places/address.yaml``."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        endings: dict[str, list[str]] = rules["endings"]
        self._level_of = {ending: Level[kind.upper()] for kind, some in endings.items() for ending in some}
        every = sorted(self._level_of, key=len, reverse=True)
        self._ending = re.compile(rf"(?:{'|'.join(map(re.escape, every))})(?![道坊]|中村|监管|管部|管局|管理局)")
        self._of_road = re.compile(rules["roads_of"])
        estates = alternatives(endings["estate"])
        self._of_estate = re.compile(estates * 2)  # 荔城公园
        self._stops = re.compile(f"{alternatives(rules['stops'])}|{'|'.join(rules['verbs'])}")
        self._office = re.compile(alternatives(rules["offices"]))
        self._opening = re.compile(f"(?:{'|'.join(rules['openings'])})*")
        self._happening = re.compile("|".join(rules["happenings"]))
        self._firm = re.compile(f"(?:{'|'.join(rules['firms'])})$")
        self._tail = re.compile(rf"(?:{alternatives(rules['tails'])}|(?!的)[\u4e00-\u9fff]{{2,10}})")
        words = rf"(?:(?!{alternatives(rules['particles'])})[\u4e00-\u9fff])"
        self._name_alone = re.compile(rf"{words}{{2,8}}")
        self._not_names = frozenset(rules["not_names"])
        self._no_road, self._any_one = re.compile(rules["no_roads"]), re.compile(rules["any_one"])
        self._positions = re.compile(alternatives(rules["positions"]))
        self._ends = re.compile(f"{alternatives(rules['ends'])}(?!面)")
        self._events = re.compile(alternatives(rules["events"]))
        self._dropped = re.compile(alternatives(rules["dropped"]))
        self._toward = re.compile(alternatives(rules["toward"]))
        self._asked = tuple(rules["asked"])
        sites = alternatives(rules["sites"])
        self._site = re.compile(rf"(?:的|那个|那间|那家|这个|这间|这家)?[^，。？！,?!；;的]{{0,4}}?{sites}")
        self._only_near = re.compile(rf"(?:{'|'.join(rules['only_near'])})$")
        self._crossing, self._crossed = re.compile(rules["crossing"]), re.compile(rules["crossed"])
        self._house, self._numbered_road, self._number, self._building, self._room = (
            re.compile("|".join(rules[name]).replace("<数>", _NUMERAL))
            for name in ("houses", "numbered_roads", "numbers", "buildings", "rooms")
        )

    def parts(self, text: str, known: Sequence[Known], *, read_back: bool = False) -> tuple[Part, ...]:
        """The parts in ``text``, in order. ``read_back``: it is told by one who repeats addresses whole, so that a
        clause that begins with one is one to its end.
        """
        found: list[Part] = []
        covered = [(one.start, one.end) for one in known]
        for one in known:
            if one.level is not None and not self._only_near.search(text, 0, one.start):
                found.append(Part(one.level, one.name, one.start, one.end, known=True))
        for level, pattern in (
            (Level.ROAD, self._numbered_road),
            (Level.NUMBER, self._number),
            (Level.BUILDING, self._building),
            (Level.ROOM, self._room),
        ):
            for match in pattern.finditer(text):
                asked = text[max(0, match.start() - 1) : match.start()] in self._asked
                if not asked and not _overlaps(match.span(), covered):
                    found.append(Part(level, _arabic(match.group()), *match.span()))
                    covered.append(match.span())
        for match in self._house.finditer(text):
            if not _overlaps(match.span(), covered):
                found.append(Part(Level.ESTATE, match.group(), *match.span()))
                covered.append(match.span())
        for part in self._names(text, covered):
            covered.append((part.start, part.end))
            if not self._only_near.search(text, 0, part.start):
                found.append(part)
        found += [*self._dashed(text, found)]
        found.sort(key=lambda part: part.start)
        divisions = [one for one in known if one.level is None]
        found = sorted([*found, *self._unlisted(text, found, divisions)], key=lambda part: part.start)
        found = [self._of_division(text, part, divisions) for part in found]
        found = self._beside_roads(text, self._with_crossings(text, found))
        placed = self._with_positions(text, found, divisions)
        tails = self._tails(text, placed, divisions) if read_back else ()
        return tuple(sorted([*placed, *tails], key=lambda part: part.start))

    def _names(self, text: str, covered: Sequence[tuple[int, int]]) -> Iterator[Part]:
        """Names that no list knows, told by their endings."""
        for clause in _CLAUSE.finditer(text):
            at = clause.start()
            while (match := self._ending.search(text, at, clause.end())) is not None:
                level = self._level_of[match.group()]
                if of_road := self._of_road.match(text, match.start(), clause.end()):
                    match, level = of_road, Level.ROAD
                elif level is Level.ESTATE:
                    match = self._of_estate.match(text, match.start(), clause.end()) or match
                begin = max([clause.start(), *(end for _, end in covered if end <= match.start())])
                begin = max([begin, *(s.end() for s in self._stops.finditer(text, begin, match.start()))])
                begin = max(begin, match.end() - _LONGEST)
                if any(end == begin for _, end in covered) and self._crossing.match(text, begin):
                    begin += 1
                if begin == match.start() and text[:begin].endswith(_THAT) and level is Level.ESTATE:
                    first = max([clause.start(), *(end for _, end in covered if end <= begin)])
                    begin = self._named_before(text, first, begin)
                name = text[begin : match.end()]
                toward = self._toward.match(text, match.end()) is not None
                whole = (
                    match.end() - match.start() > 2 and match.group().endswith("路") and text[match.end() :][:1] != "上"
                )
                told = match.end() - match.start() > _TELLING and any(end == begin for _, end in covered)
                whole = whole or told or match.re is self._of_estate
                usable = not toward and (match.start() > begin or whole) and self._is_name(text, begin, name)
                if usable and not _overlaps((begin, match.end()), covered) and "\u4e00" <= name[0] <= "\u9fff":
                    yield Part(level, name, begin, match.end())
                at = match.end()

    def _is_name(self, text: str, begin: int, name: str) -> bool:
        """Whether ``name`` from ``begin`` on may be one of its own, not any place of a kind or a word."""
        if name in self._not_names or self._no_road.search(name):
            return False
        return self._any_one.search(text, max(0, begin - _INDEFINITE), begin + _INDEFINITE) is None

    def _named_before(self, text: str, start: int, end: int) -> int:
        """Where the name begins, from ``start`` on, that 那个 at ``end`` belongs to (广工那个站); ``end``: nowhere."""
        begin = max([start, *(stop.end() for stop in self._stops.finditer(text, start, end - len(_THAT[0])))])
        return begin if self._name_alone.fullmatch(text, begin, end - len(_THAT[0])) else end

    def _dashed(self, text: str, parts: Sequence[Part]) -> Iterator[Part]:
        """Numbers joined by dashes right behind the name of a road, a village or an estate, or behind a number."""
        spans = [(part.start, part.end) for part in parts]
        for part in parts:
            pattern = _DASHED if part.level in _NAMES else _DASHED_ON
            match = pattern.match(text, part.end) if part.level is not Level.POSITION else None
            if match is not None and not _overlaps(match.span(), spans):
                yield Part(Level.ROOM, match.group(), *match.span())

    def _of_division(self, text: str, part: Part, divisions: Sequence[Known]) -> Part:
        """``part`` with the name of the division right before it, whose office it is (花都区政务服务中心)."""
        owner = next((one for one in divisions if one.end == part.start), None)
        if (
            owner is None
            or text[owner.start : owner.end] != owner.name
            or part.known
            or not self._office.fullmatch(part.text)
        ):
            return part
        return replace(part, text=owner.name + part.text, start=owner.start, known=True)

    def _unlisted(self, text: str, parts: Sequence[Part], divisions: Sequence[Known]) -> Iterator[Part]:
        """Names without an ending that tells them, between a place and a door of it (石槎路惠和新居3栋)."""
        stretches = sorted(
            [*((one.start, one.end, None) for one in divisions), *((p.start, p.end, p) for p in parts)],
            key=lambda one: one[0],
        )
        for (_, end, before), (start, _, part) in pairwise(stretches):
            if part is None or part.level not in _DOORS or (before is not None and before.level not in _LARGER):
                continue
            between = text[end:start]
            begin = end + len(between) - len(between.lstrip(_COMMAS))
            between = between.strip(_COMMAS)
            name = self.clean(between)
            alone = self._name_alone.fullmatch(name) and not _SENTENCE.search(between)
            if alone and name not in self._not_names and not self._positions.search(name):
                yield Part(Level.ESTATE, between, begin, begin + len(between))

    def _with_crossings(self, text: str, parts: Sequence[Part]) -> list[Part]:
        """``parts`` with two roads that meet as one ("均禾大道和新科路交界")."""
        joined: list[Part] = []
        for part in parts:
            last = joined[-1] if joined else None
            if (
                last is not None
                and last.level is part.level is Level.ROAD
                and self._crossing.fullmatch(text, last.end, part.start)
                and self._crossed.match(text, part.end)
            ):
                both = f"{last.text}{text[last.end]}{part.text}"
                joined[-1] = Part(Level.ROAD, both, last.start, part.end, known=last.known and part.known)
            else:
                joined.append(part)
        return joined

    def _beside_roads(self, text: str, parts: Sequence[Part]) -> list[Part]:
        """``parts`` with a road that only tells where the door before it is as a position of it (23号，靠近麒龙西路；
        23号，就在麒龙西路旁边).
        """
        told: list[Part] = []
        for part in parts:
            beside = part.level is Level.ROAD and any(one.level in _DOORS for one in told)
            if beside and text.endswith(_NEAR, 0, part.start):
                begin = part.start - len(_NEAR)
                told.append(Part(Level.POSITION, text[begin : part.end], begin, part.end))
            elif beside and text.endswith(_AT, 0, part.start) and self._positions.match(text, part.end):
                told.append(replace(part, level=Level.POSITION))
            else:
                told.append(part)
        return told

    def _with_positions(self, text: str, parts: list[Part], divisions: Sequence[Known]) -> tuple[Part, ...]:
        """``parts`` and the words after them that say where exactly ("对面的巷子口")."""
        placed: list[Part] = []
        anchors = [part.end for part in parts] + [one.end for one in divisions]
        for clause in _CLAUSE.finditer(text):
            inside = [part for part in parts if clause.start() <= part.start < clause.end()]
            for first, second in pairwise(inside):
                placed.append(first)
                between = text[first.end : second.start]
                near = between.strip("，, ") == _NEAR or self._positions.search(between)
                if len(between) <= 8 and near and not self._events.search(between):
                    placed.append(Part(Level.POSITION, between, first.end, second.start))
            placed += inside[-1:]
            begin = max([clause.start(), *(end for end in anchors if end <= clause.end())])
            after_place = begin > clause.start()
            if not after_place and not (placed and _near(text, placed[-1].end, clause.start())):
                continue
            rest = text[begin : clause.end()]
            position = self._positions.search(rest)
            stop = self._ends.search(rest)
            site = self._site.match(rest) if after_place and inside else None
            if (
                site is not None
                and not self._events.search(site.group())
                and not (position and position.end() > site.end())
            ):
                placed.append(Part(Level.POSITION, site.group(), begin, begin + site.end()))
                continue
            if position is None or position.start() > (6 if after_place else 8):
                continue
            if rest[position.end() :].startswith(("有", "就有", "是", "就是")):
                continue  # what lies beside it, told as a help
            end = stop.start() if stop and stop.start() >= position.end() else len(rest)
            said = rest[:end]
            if (
                len(said) > 18
                or self._events.search(said)
                or self._happening.search(self.clean(said[position.end() :]))
            ):
                said = rest[: position.end()]
            if not self._events.search(said):
                placed.append(Part(Level.POSITION, said, begin, begin + len(said)))
        return tuple(placed)

    def _tails(self, text: str, parts: Sequence[Part], divisions: Sequence[Known]) -> Iterator[Part]:
        """What stands behind the last part of a clause that is nothing but an address (海鸥路莲港制冰厂)."""
        anchors = sorted([*((one.start, one.end) for one in divisions), *((part.start, part.end) for part in parts)])
        for clause in _CLAUSE.finditer(text):
            inside = [span for span in anchors if clause.start() <= span[0] < clause.end()]
            if not inside or not self._opening.fullmatch(text, clause.start(), inside[0][0]):
                continue
            begin = max(end for _, end in inside)
            stop = self._ends.search(text, begin, clause.end())
            end = stop.start() if stop else clause.end()
            usable = self._tail.fullmatch(text, begin, end) and not self._firm.search(text, begin, end)
            if usable and not self._happening.search(text, begin, end):
                yield Part(Level.POSITION, text[begin:end], begin, end)

    def clean(self, said: str) -> str:
        """``said`` as it is written in an address: without fillers and pauses."""
        written = re.sub(r"[，,。\s]|(?<!\d)、|、(?!\d)", "", self._dropped.sub("", said))
        return written if self._site.fullmatch(said) else written.removeprefix("的")


def _near(text: str, end: int, start: int) -> bool:
    """Whether a clause from ``start`` on goes on with what ended at ``end``: in the same sentence, at once."""
    return start - end <= 4 and not re.search("[。？！?!]", text[end:start])


def _arabic(said: str) -> str:
    """``said`` with digits that were read one by one in figures (六零五号 → 605号)."""
    return _READ_OUT.sub(lambda found: found.group().translate(AS_FIGURES), said)


def _overlaps(span: tuple[int, int], covered: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in covered)


def load_address_rules(catalog: Path) -> dict[str, Any]:
    """The address words of a catalogue directory (``places/address.yaml``)."""
    return read_mapping(catalog, "places/address.yaml")
