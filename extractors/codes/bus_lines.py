"""Bus lines.

In: turns. Out: the slot ``route_no``, as it is written on the bus: 302, 夜5, 花15, 增城27, B12, 旅游3号线. The number
of a metro line is none, nor is that of a road (沙面街道，六二三路), nor a way (一路走过来).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.slots.extractor import Context
from extractors.text.cues import Cues, alternatives
from extractors.text.numerals import parse_number
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_ASKED, _ALONE = 0.85, 0.7  # how sure a line is that was asked for, and one that was not


@dataclass(frozen=True, slots=True)
class LineHearing:
    """A line in one turn; ``corrects``: those before it were wrong."""

    line: str
    confidence: float
    evidence: Evidence
    corrects: bool


@dataclass(frozen=True, slots=True)
class LinesReading:
    """The lines of one turn, and those that it says it is not."""

    lines: tuple[LineHearing, ...] = ()
    denied: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Line:
    heard: list[LineHearing] = field(default_factory=list)
    speakers: set[Speaker] = field(default_factory=set)
    last: int = 0

    @property
    def rank(self) -> tuple[int, float, int]:
        """Of those that both parties named the last one, else the one that was named most."""
        both = len(self.speakers) > 1
        return self.last + 1 if both else 0, sum(one.confidence for one in self.heard), self.last


class BusLines:
    """Fills ``route_no``."""

    slots: tuple[str, ...] = ("route_no",)

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self._fill: float = rules["fill"]
        self._words = Cues(rules["words"], sound=False)
        self._verbs: tuple[str, ...] = tuple(rules["verbs"])
        self._roads = frozenset(map(str, rules["roads"]))
        self._names: dict[str, str] = rules["names"]
        self._in_address = re.compile(f"(?:{'|'.join(rules['in_address'])})$")
        name = rf"(?P<name>{alternatives(list(self._names))})?(?P<letter>[A-Z])?"
        number = r"(?P<number>\d{1,3}|[零〇一二两三四五六七八九幺十百]{1,4})\s*"
        self._line = re.compile(
            rf"(?:(?<=[，。、,.…\s？?！])|^|(?<=[{''.join(rules['before'])}])){name}{number}"
            rf"{alternatives(rules['after'])}(?!{alternatives(rules['not_followed_by'])})"
        )
        self._numbered = re.compile(rf"(?P<name>{alternatives(rules['numbered'])}){number}号线")
        self._denied = re.compile(rf"(?<!是)不是{name}{number}路?(?![吗嘛么])")

    def read(self, turn: Turn, context: Context) -> LinesReading:
        """The bus lines of ``turn``."""
        asked = "route_no" in context.expected
        near = (*context.before[-2:], turn)
        spoken_of = asked or any(self._words.match(one.text.replace("路", "")) for one in near)
        where = "address" in context.expected
        found = [
            self._hearing(turn, match, line, asked)
            for match in self._line.finditer(turn.text)
            if (spoken_of or (match["name"] and len(_digits(match["number"])) > 1))
            and (line := self._written(match))
            and not self._is_way(turn.text, match, line, asked, where)
        ]
        found += [
            self._hearing(turn, match, f"{match['name']}{number}号线", asked)
            for match in self._numbered.finditer(turn.text)
            if spoken_of and (number := _digits(match["number"]))
        ]
        denied = (self._written(match) for match in self._denied.finditer(turn.text))
        return LinesReading(tuple(found), frozenset(denied) - {""})

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[LinesReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The bus line after ``turns``."""
        lines: dict[str, _Line] = {}
        for number, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            for heard in reading.lines:
                if heard.corrects:
                    lines.clear()
                line = lines.setdefault(_known(heard.line, lines), _Line())
                line.heard.append(heard)
                line.speakers.add(turn.speaker)
                line.last = number
            for denied in reading.denied:
                lines.pop(denied, None)
        if not lines:
            return {}
        name, line = max(lines.items(), key=lambda one: one[1].rank)
        doubt = 1.0
        for heard in line.heard:
            doubt *= 1 - heard.confidence
        if 1 - doubt < self._fill:
            return {}
        evidence = tuple(heard.evidence for heard in line.heard)
        confidence = round(min(1 - doubt, 0.99), 3)
        return {"route_no": SlotValue(name, confidence, evidence, confirmed=len(line.speakers) > 1)}

    def _hearing(self, turn: Turn, match: re.Match[str], line: str, asked: bool) -> LineHearing:
        corrects = self._dialogue.corrected_before(turn.text, match.start())
        evidence = Evidence.of(turn, match.start(), match.end())
        return LineHearing(line, _ASKED if asked else _ALONE, evidence, corrects)

    def _written(self, match: re.Match[str]) -> str:
        """As it stands on the bus; empty where the number is none."""
        number = _digits(match["number"])
        return number and self._names.get(match["name"], "") + (match["letter"] or "") + number

    def _is_way(self, text: str, match: re.Match[str], line: str, asked: bool, where: bool) -> bool:
        """Whether a number with 路 alone after it names a road, where an address is told, or how far something goes."""
        if not match.group().endswith("路") or match["name"] or match["letter"]:
            return False
        if match["number"] == "一" and not asked:
            return True
        if text[: match.start()].endswith(self._verbs):
            return False
        if line in self._roads:
            return True
        return len(line) == 1 and (self._in_address.search(text[: match.start()]) is not None or (where and not asked))


def _known(line: str, lines: Iterable[str]) -> str:
    """The line said before that a bare number stands for: 34 for 增城34."""
    return next((one for one in lines if line.isdigit() and re.sub(r"^\D+", "", one) == line), line)


def _digits(said: str) -> str:
    """三零二 and 三百零二 are 302."""
    if said.isascii() and said.isdigit():
        return said
    value = parse_number(said.replace("幺", "一").replace("〇", "零"))
    return "" if value is None else str(int(value))
