"""The parts of an address as this project tells them, under the tags of the address corpus of NAACL 2019.

The corpus's guidelines (``anno-cn.md``) decide what becomes what:

- district, street or town, road, position: ``district``, ``town``, ``road``, ``assist``;
- villages and communities: ``community``; development zones: ``devzone``; other areas and estates: ``poi``;
- a number: ``houseno`` right behind an estate, a building or another number, else ``roadno``;
- buildings: ``houseno``, entrances of one (单元, 梯): ``cellno``; floors: ``floorno``, rooms: ``roomno``.

What belongs to a second road or estate is not told apart: ``subroad``, ``subroadno``, ``subpoi`` count as ``road``,
``roadno``, ``poi``. No part is told for `UNTOLD`. What is taken for a known place that has another name (by sound, in a
city that the gazetteer does not know) is told wrongly wherever it stands: its tag is `MISNAMED` and fits none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assist.bench.annotated import ADDRESS_TAGS, Sentence
from assist.bench.spans import Span
from extractors.places.address_parts import Known, Level, Part

UNTOLD = frozenset({"country", "prov", "city", "person", "redundant", "otherinfo"})
DIVISIONS = frozenset({"country", "prov", "city", "district", "town"})
HOUSEHOLD = frozenset({"roadno", "houseno", "cellno", "floorno", "roomno"})
MISNAMED = ":misnamed"  # behind the tag
_FIRST_OF = {"subroad": "road", "subroadno": "roadno", "subpoi": "poi"}
_KIND = re.compile(r"(?<=..)(?:街道|街|镇|乡|区|地铁站|站)$")  # need not be said with the name
_ENTRANCES = ("单元", "梯")
_FLOORS = ("楼", "层")
_COMMUNITIES = ("村", "社区", "经济社")
_TOWNS = ("街道", "街", "镇", "乡")

TOLD = (
    *("district", "town", "devzone", "community", "road", "roadno"),
    *("poi", "houseno", "cellno", "floorno", "roomno", "assist"),
)
"""The tags that have a counterpart, in the order of an address."""
assert {*TOLD, *UNTOLD, *_FIRST_OF} == ADDRESS_TAGS


def marked(sentence: Sentence) -> list[Span]:
    """What is marked in ``sentence`` and has a counterpart here."""
    spans = [Span(one.start, one.end, _FIRST_OF.get(one.tag, one.tag)) for one in sentence.spans]
    return [one for one in spans if one.tag in TOLD]


def told(text: str, parts: Sequence[Part], known: Iterable[Known]) -> list[Span]:
    """What was told of ``text``: its ``parts``, and the divisions among the ``known`` places."""
    spans = []
    for one in known:
        if one.level is None and one.name.endswith(("区", *_TOWNS)):
            tag = "town" if one.name.endswith(_TOWNS) else "district"
            spans.append(Span(one.start, one.end, tag + _misnamed(text[one.start : one.end], one.name)))
    before: Part | None = None
    for part in parts:
        behind = before.level if before is not None and before.end == part.start else None
        said = text[part.start : part.end]
        wrongly = _misnamed(said, part.text) if part.known else ""
        spans.append(Span(part.start, part.end, _tag(said, part.level, behind) + wrongly))
        before = part
    return sorted(set(spans))


def divisions(sentence: Sentence) -> list[Known]:
    """The divisions marked in ``sentence``, as a gazetteer that knows them would give them."""
    return [
        Known(one.start, one.end, sentence.text[one.start : one.end], None)
        for one in sentence.spans
        if one.tag in DIVISIONS
    ]


def _misnamed(said: str, name: str) -> str:
    return "" if _KIND.sub("", name) in said else MISNAMED


def _tag(said: str, level: Level, behind: Level | None) -> str:
    match level:
        case Level.AREA:
            return "community" if said.endswith(_COMMUNITIES) else "devzone" if said.endswith("开发区") else "poi"
        case Level.ROAD:
            return "road"
        case Level.NUMBER:
            return "houseno" if behind in (Level.ESTATE, Level.BUILDING, Level.NUMBER) else "roadno"
        case Level.ESTATE:
            return "poi"
        case Level.BUILDING:
            return "cellno" if said.endswith(_ENTRANCES) else "houseno"
        case Level.ROOM:
            return "floorno" if said.endswith(_FLOORS) else "roomno"
        case Level.POSITION:
            return "assist"
