"""Vehicle plates: province, city letter and five characters (six for new-energy cars), said as letters and digits.

In: turns. Out: the slot ``plate_no`` as it is written: 粤A8K36Q. A plate of which a part was not said or not heard is
not filled. What is added or put right later ("后面还有个5", "最后一位是R") belongs to the plate said before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.codes.plates_by_sound import PlatesBySound
from extractors.conversation.dialogue import Dialogue
from extractors.numbers.digits import DigitReader
from extractors.numbers.spelled import Speller
from extractors.numbers.spelled_by_both import Stretch
from extractors.slots.extractor import Context
from extractors.text.cues import Cues
from extractors.text.numerals import AS_FIGURES
from extractors.text.pinyin import Syllable, parse
from extractors.text.sound import Sounds
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_LATELY = 10  # utterances before in which a car was spoken of
_CITY = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O on plates
_ANY = "0123456789" + _CITY
_NEW_ENERGY = "DFABCEGHJK"
_CLEAR = 0.3  # a province is heard at no higher cost
_SURE = 0.15  # nor one that is put right
_DOUBTFUL = 0.4  # no character of a plate may be heard at a higher cost
_SEPARATORS = " ·，,、。.-"
_PARTIAL = 12  # characters behind a plate in which the words that a part is missing are of it
_SPELLED = 0.65  # certainty from which a plate that both parties spell is shown
_LONG = 8  # characters of the plate of a new-energy car
_BLANK = "，，"  # stands for words between the characters
_STANDS = re.compile("[0-9A-Za-z零〇一二三四五六七八九幺]")
_WRITTEN = re.compile("[0-9A-Za-z]+")
_ACROSS = re.compile(  # of cars that come from Hong Kong or Macau
    rf"粤[{_SEPARATORS}]*[Zz](?:[{_SEPARATORS}]*[0-9A-Za-z零〇一二三四五六七八九幺]){{4}}[{_SEPARATORS}]*[港澳]"
)
_WHOLE = 0.95  # certainty of one of those
_SPELLED_SIX = 0.05  # what it costs more that six characters written as one are no plate of a kind that is known


@dataclass(frozen=True, slots=True)
class PlateMention:
    """A whole plate in one turn."""

    plate: str
    confidence: float
    evidence: Evidence
    corrects: bool
    last: bool = False  # only the last character, put right


@dataclass(frozen=True, slots=True)
class PlatesReading:
    """The plates of one turn, and where it may say one."""

    mentions: tuple[PlateMention, ...] = ()
    stretches: tuple[Stretch, ...] = ()


class PlateExtractor:
    """Fills ``plate_no``."""

    slots: tuple[str, ...] = ("plate_no",)

    def __init__(
        self, sounds: Sounds, reader: DigitReader, speller: Speller, rules: Mapping[str, Any], dialogue: Dialogue
    ) -> None:
        plate = rules["plate"]
        self._both = PlatesBySound(sounds, reader, rules)
        self._sounds = sounds
        self._speller = speller
        self._dialogue = dialogue
        self._words = Cues(plate["words"])
        self._partial = Cues(plate["partial"], sound=False)
        self._between = re.compile("|".join(plate["between"]))
        self._new_energy = re.compile("|".join(plate["new_energy"]))
        self._last = re.compile("|".join(plate["last"]))
        self._by_sound: str = plate["sound"]
        self._city, city_sounds = next(iter(plate["city"].items()))
        self._city_sounds = tuple(map(parse, city_sounds))
        self._fill: float = plate["fill"]
        self._provinces: dict[str, tuple[Syllable, ...]] = {
            char: tuple(map(parse, said)) for char, said in plate["provinces"].items()
        }

    def read(self, turn: Turn, context: Context) -> PlatesReading:
        """The plates of ``turn``."""
        return PlatesReading(self._mentions(turn, context), self._both.read(turn, context))

    def _mentions(self, turn: Turn, context: Context) -> tuple[PlateMention, ...]:
        """The whole plates that ``turn`` names."""
        about = "plate_no" in context.expected or any(
            self._words.match(one.text) for one in (*context.before[-1:], turn)
        )
        lately = about or any(self._words.match(one.text) for one in context.before[-_LATELY:])
        found: list[PlateMention] = []
        text = self._between.sub(lambda said: "，" * len(said.group()), turn.text)
        at = 0
        missing = [begin for begin, _ in self._partial.spans(text)]
        while at < len(text):
            near = about or (lately and text[at + 1 : at + 2].isascii() and text[at + 1 : at + 2].isalpha())
            mention = self._mention(turn, text, at, near, sure=not turn.times or bool(missing))
            if mention is None or any(at <= one < mention.evidence.end + _PARTIAL for one in missing):
                at += 1
            else:
                found.append(mention)
                at = mention.evidence.end
        return tuple(found) or tuple(self._put_right(turn))

    def _put_right(self, turn: Turn) -> Iterator[PlateMention]:
        """The last character of a plate, where only this is said anew ("最后一位是R")."""
        for said in self._last.finditer(turn.text):
            spelled = self._speller.spell(turn.text, said.end(), [_ANY], skip=_SEPARATORS)
            if spelled is None or _WRITTEN.match(turn.text, spelled[0][0].end):
                continue  # 最后是1907 is of another number
            if spelled[1] <= _SURE:
                evidence = Evidence.of(turn, said.start(), spelled[0][0].end)
                yield PlateMention(spelled[0][0].symbol, 1 - spelled[1], evidence, corrects=True, last=True)
                return

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[PlatesReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The plate after ``turns``."""
        plate = self._plate(turns, [reading.mentions for reading in readings])
        both = self._both.fold(turns, [reading.stretches for reading in readings])
        if both is not None and both.confidence >= _SPELLED and (plate is None or not plate.confirmed):
            plate = both
        if plate is not None and len(str(plate.value)) < _LONG and self._told_longer(turns, plate):
            plate = None
        return {} if plate is None else {"plate_no": plate}

    def _told_longer(self, turns: Sequence[Turn], plate: SlotValue) -> bool:
        """Whether beside ``plate`` it is told to be one that has more characters."""
        said = {one.turn for one in plate.evidence}
        return any(turn.id in said and turn.times and self._new_energy.search(turn.text) for turn in turns)

    def _plate(self, turns: Sequence[Turn], readings: Sequence[tuple[PlateMention, ...]]) -> SlotValue | None:
        """The plate most surely heard, those that agree adding up."""
        said: dict[str, list[tuple[Speaker, PlateMention]]] = {}
        for at, (turn, mentions) in enumerate(zip(turns, readings, strict=True)):
            for mention in mentions:
                agent = turn.speaker is Speaker.AGENT
                verdict = self._dialogue.verdict(turns, at, mention.evidence.start) if agent else None
                if verdict is False:
                    continue
                if mention.last:
                    said = _with_last(said, turn.speaker, mention)
                    continue
                if mention.corrects or verdict is True:
                    said = {plate: heard for plate, heard in said.items() if plate == mention.plate}
                said.setdefault(mention.plate, []).append((turn.speaker, mention))
        for plate in [one for one in said if any(other != one and other.startswith(one) for other in said)]:
            del said[plate]  # it was broken off, or went on after a pause
        best: tuple[float, str] | None = None
        taken = [plate for plate, heard in said.items() if len({speaker for speaker, _ in heard}) > 1]
        repeated = [plate for plate, heard in said.items() if any(speaker is Speaker.AGENT for speaker, _ in heard)]
        # of several that the agent took down the last one stands
        for plate, heard in ((one, said[one]) for one in taken[-1:] or repeated or said):
            doubt = 1.0
            for _, mention in heard:
                doubt *= 1 - mention.confidence
            if best is None or 1 - doubt > best[0]:
                best = (1 - doubt, plate)
        if best is None or best[0] < self._fill:
            return None
        heard = said[best[1]]
        evidence = tuple(mention.evidence for _, mention in heard)
        both = len({speaker for speaker, _ in heard}) > 1
        return SlotValue(best[1], round(min(best[0], 0.99), 3), evidence, confirmed=both)

    def _mention(self, turn: Turn, text: str, at: int, about: bool, sure: bool) -> PlateMention | None:
        """A plate from character ``at`` of ``text``, which is what ``turn`` says; ``sure``: none of its characters
        is taken by its sound.
        """
        abroad = _ACROSS.match(text, at)
        if abroad is not None:
            plate = re.sub(rf"[{_SEPARATORS}]", "", abroad.group()).translate(AS_FIGURES).upper()
            corrects = self._dialogue.corrected_before(text, at)
            return PlateMention(plate, _WHOLE, Evidence.of(turn, at, abroad.end()), corrects)
        province = self._province(text[at], about and not sure)
        if province is None:
            return None
        if about and not sure and self._is_own_city(text[at + 1 : at + 2]):
            text = f"{text[: at + 1]}{self._city}{text[at + 2 :]}"
        best: tuple[float, str, int] | None = None
        for tail in ([_ANY] * 6, [_ANY] * 5):
            spelled = self._speller.spell(text, at + 1, [_CITY, *tail], skip=_SEPARATORS)
            if spelled is None or (sure and not all(_STANDS.fullmatch(text, one.start, one.end) for one in spelled[0])):
                continue
            symbols, cost = spelled
            plate = "".join(one.symbol for one in symbols)
            digits = sum(one.isdigit() for one in plate)
            electric = len(tail) == 6
            known = (plate[1] in _NEW_ENERGY and plate[3:].isdigit()) or plate[1:6].isdigit()
            if electric and plate[1:].isdigit():
                continue  # every such plate has a letter there: it was heard as a digit
            if electric and not known:
                added = _BLANK in text[symbols[-2].end : symbols[-1].start]
                if not added and _written_to(text, symbols[1].start) != symbols[-1].end:
                    continue
                cost += _SPELLED_SIX
            elif not electric and _written_to(text, symbols[-1].start) > symbols[-1].end:
                continue  # more was written with it
            if digits < 2 or max(one.cost for one in symbols) > _DOUBTFUL or (electric and symbols[-1].cost > 0.15):
                continue
            if best is None or cost < best[0]:
                best = (cost, province[0] + plate, symbols[-1].end)
        if best is None:
            return None
        confidence = 0.95 - 1.2 * best[0] - province[1] - (0.0 if about else 0.2)
        evidence = Evidence.of(turn, at, best[2])
        corrects = self._dialogue.corrected_before(text, at)
        return PlateMention(best[1], confidence, evidence, corrects) if confidence > 0.3 else None

    def _is_own_city(self, char: str) -> bool:
        """Whether ``char``, said after the province, sounds like the letter of most plates of the hotline's city."""
        heard = self._sounds.readings(char) if char else ()
        return any(syllable == said for syllable, _ in heard for said, _ in self._city_sounds)

    def _province(self, char: str, about: bool) -> tuple[str, float] | None:
        """The province a character stands for and what the doubt costs; by sound only where a plate is spoken of."""
        if char in self._provinces:
            return char, 0.0
        if not about or not (heard := self._sounds.readings(char)):
            return None
        cost = min(self._sounds.distance(h, s) for h, _ in heard for s, _ in self._provinces[self._by_sound])
        return (self._by_sound, cost / 2) if cost <= _CLEAR else None


def _written_to(text: str, start: int) -> int:
    """Where the letters and digits written as one from ``start`` on end; ``start`` itself where there are none."""
    written = _WRITTEN.match(text, start)
    return start if written is None else written.end()


def _with_last(
    said: Mapping[str, list[tuple[Speaker, PlateMention]]], speaker: Speaker, mention: PlateMention
) -> dict[str, list[tuple[Speaker, PlateMention]]]:
    """The plate said last under ``mention`` as its last character; without one nothing is put right."""
    if not said:
        return {}
    plate, heard = list(said.items())[-1]
    return {plate[:-1] + mention.plate: [*heard, (speaker, mention)]}
