"""The parts of an address in one turn: names, numbers and positions, in the order said.

In: the text of a turn and the places that were recognised in it. Out: :class:`Part` for every stretch that belongs to
an address, with known names repaired by sound and unknown ones as heard.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from extractors.catalogue_yaml import read_mapping
from extractors.cues import alternatives


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
        """Whether one address has only one of the two: a building and its entrance (3栋2单元) are both of it."""
        return self.level is other.level and (self.level is not Level.BUILDING or self._within == other._within)

    @property
    def _within(self) -> str:
        """Of what a `BUILDING` is one: of an entrance, a stage of an estate, else a house."""
        return next((ending for ending in ("单元", "梯", "期") if self.text.endswith(ending)), "")


_NUMERAL = r"(?:\d+|[零〇一二三四五六七八九十百两幺]+)"
_ASKED = ("哪", "几", "月")  # before a number that is none of an address (哪一栋, 这个月3号)
_READ_OUT = re.compile(r"(?<![十百])[零〇一二三四五六七八九幺]{2,}(?![十百])")
_FIGURES = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_NAMES = (Level.AREA, Level.ROAD, Level.ESTATE)
_NEAR = "靠近"  # between two places: the one is told by the other
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
        self._ending = re.compile(rf"(?:{'|'.join(map(re.escape, every))})(?!道)")
        self._of_road = re.compile(
            r"(?:村|城|园|苑|站|岛|中心|广场|市场|码头|学校|大学|中学)(?:路|大道[东西南北中]?)(?![口边段面])"
        )  # 环村路
        self._stops = re.compile(alternatives(rules["stops"]))
        self._not_names = frozenset(rules["not_names"])
        self._positions = re.compile(alternatives(rules["positions"]))
        self._ends = re.compile(alternatives(rules["ends"]))
        self._events = re.compile(alternatives(rules["events"]))
        self._dropped = re.compile(alternatives(rules["dropped"]))
        sites = alternatives(rules["sites"])
        self._site = re.compile(rf"(?:的|那个|那间|那家|这个|这间|这家)?[^，。？！,?!；;的]{{0,4}}?{sites}")
        self._only_near = re.compile(rf"(?:{'|'.join(rules['only_near'])})$")
        self._house = re.compile(
            rf"(?:(?<=[路街巷村里，])|(?<=大道)|(?<=大道[东西南北中]))[一-鿿]{{2,3}}楼(?={_NUMERAL}(?:座|栋|幢|单元|楼|层|号))"
        )
        self._crossing = re.compile(r"[和与跟同]")
        self._crossed = re.compile(r"的?(?:那个|这个)?(?:交界|交叉|交汇|路口|十字路口)")
        self._number = re.compile(
            rf"{_NUMERAL}号(?:之[一二三\d])?(?![线窗]|楼(?![下上]))|第?{_NUMERAL}(?:社|队|经济社)|[A-Za-z]?\d+号?(?:档口?|铺位?|摊位)"
        )
        self._building = re.compile(rf"(?:{_NUMERAL}|[A-Za-z])(?:栋|座|幢|单元|梯|期|号楼(?![下上]))")
        self._room = re.compile(
            rf"{_NUMERAL}(?:楼|层|房|室)(?!梯)|(?<=[栋座幢号楼层元梯房，])\d{{3,4}}(?![\d元块路年])"
        )

    def parts(self, text: str, known: Sequence[Known]) -> tuple[Part, ...]:
        """The parts in ``text``, in order."""
        found: list[Part] = []
        covered = [(one.start, one.end) for one in known]
        for one in known:
            if one.level is not None and not self._only_near.search(text, 0, one.start):
                found.append(Part(one.level, one.name, one.start, one.end, known=True))
        for level, pattern in (
            (Level.NUMBER, self._number),
            (Level.BUILDING, self._building),
            (Level.ROOM, self._room),
        ):
            for match in pattern.finditer(text):
                asked = text[max(0, match.start() - 1) : match.start()] in _ASKED
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
        found = self._with_crossings(text, found)
        return self._with_positions(text, found, [one for one in known if one.level is None])

    def _names(self, text: str, covered: Sequence[tuple[int, int]]) -> Iterator[Part]:
        """Names that no list knows, told by their endings."""
        for clause in _CLAUSE.finditer(text):
            at = clause.start()
            while (match := self._ending.search(text, at, clause.end())) is not None:
                match = self._of_road.match(text, match.start(), clause.end()) or match
                begin = max([clause.start(), *(end for _, end in covered if end <= match.start())])
                begin = max([begin, *(s.end() for s in self._stops.finditer(text, begin, match.start()))])
                begin = max(begin, match.end() - 8)
                if any(end == begin for _, end in covered) and self._crossing.match(text, begin):
                    begin += 1
                name = text[begin : match.end()]
                toward = text.startswith("方向", match.end())
                whole = (
                    match.end() - match.start() > 2 and match.group().endswith("路") and text[match.end() :][:1] != "上"
                )
                usable = not toward and (match.start() > begin or whole) and name not in self._not_names
                if usable and not _overlaps((begin, match.end()), covered) and "\u4e00" <= name[0] <= "\u9fff":
                    yield Part(self._level_of.get(match.group(), Level.ROAD), name, begin, match.end())
                at = match.end()

    def _dashed(self, text: str, parts: Sequence[Part]) -> Iterator[Part]:
        """Numbers joined by dashes right behind the name of a road, a village or an estate, or behind a number."""
        spans = [(part.start, part.end) for part in parts]
        for part in parts:
            pattern = _DASHED if part.level in _NAMES else _DASHED_ON
            match = pattern.match(text, part.end) if part.level is not Level.POSITION else None
            if match is not None and not _overlaps(match.span(), spans):
                yield Part(Level.ROOM, match.group(), *match.span())

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
            if rest[position.end() :].startswith(("有", "就有")):
                continue  # what lies beside it, told as a help
            end = stop.start() if stop and stop.start() >= position.end() else len(rest)
            said = rest[:end]
            if len(said) > 18 or self._events.search(said):
                said = rest[: position.end()]
            if not self._events.search(said):
                placed.append(Part(Level.POSITION, said, begin, begin + len(said)))
        return tuple(placed)

    def clean(self, said: str) -> str:
        """``said`` as it is written in an address: without fillers and pauses."""
        written = re.sub(r"[，,、。\s]", "", self._dropped.sub("", said))
        return written if self._site.fullmatch(said) else written.removeprefix("的")


def _near(text: str, end: int, start: int) -> bool:
    """Whether a clause from ``start`` on goes on with what ended at ``end``: in the same sentence, at once."""
    return start - end <= 4 and not re.search("[。？！?!]", text[end:start])


def _arabic(said: str) -> str:
    """``said`` with digits that were read one by one in figures (六零五号 → 605号)."""
    return _READ_OUT.sub(lambda found: found.group().translate(_FIGURES), said)


def _overlaps(span: tuple[int, int], covered: Sequence[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in covered)


def load_address_rules(catalog: Path) -> dict[str, Any]:
    """The address words of a catalogue directory (``places/address.yaml``)."""
    return read_mapping(catalog, "places/address.yaml")
