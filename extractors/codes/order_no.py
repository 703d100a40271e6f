"""Order, receipt and case numbers.

In: turns. Out: the slot ``order_no`` (letters and digits as written: JF7730621984). A number is looked for after the
word for it; what the caller says and what the agent reads back are fused digit by digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

from extractors.codes.agreed import Agreement, Piece, digits_of
from extractors.codes.by_sound import CodesBySound
from extractors.codes.idcard import is_valid
from extractors.codes.labels import CodeLabels
from extractors.codes.put_right import CodesPutRight
from extractors.codes.written import WrittenCode, WrittenCodes, leading, naming_another
from extractors.conversation.dialogue import Dialogue
from extractors.numbers.digits import Costs, DigitReader, Heard, likeliest, settle
from extractors.numbers.spelled import Speller
from extractors.numbers.spelled_by_both import Stretch
from extractors.slots.extractor import Context
from extractors.text.cues import Cues, alternatives
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn, otherwise

_GROUP = 2  # digits of a number that is said in groups have at least
_ANY = "0123456789"
_ECHO = 4  # utterances before, in which a number was asked for or named
_REACH = 24  # characters between the word for the number and the number
_ONE_AGENT, _ONE_CITIZEN, _BOTH = 0.85, 0.7, 0.97
_FUSED = 0.95  # certainty, at most, of a number put together of hearings that differ
_TOLERATED = 0.5
_DISPUTED = 0.55  # share of confidence where another hearing does not agree
_PLAIN = 0.25  # cost up to which a syllable adds to a number
_LACKING = 0.8  # doubt where the words before a number may be letters of it
_SPELLED = 0.65  # certainty from which a number that both spell is shown
_WRITTEN = 0.8  # certainty from which a number that is written so in one turn stands
_ALIKE = 3.0  # hearings that cost more together are of different numbers


@dataclass(frozen=True, slots=True)
class CodeHearing:
    """An order number in one turn; ``whole``: no syllable before it may belong to it."""

    letters: str
    costs: tuple[Costs, ...]
    evidence: Evidence
    corrects: bool
    whole: bool
    others: tuple[str, ...] = ()  # the same as the other readings of the utterance have it, letters and digits

    @property
    def symbols(self) -> str:
        """Letters and digits, each the one it sounds most like."""
        return self.letters + likeliest(self.costs)


@dataclass(frozen=True, slots=True)
class CodesReading:
    """The order numbers of one turn."""

    codes: tuple[CodeHearing, ...] = ()
    written: tuple[WrittenCode, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    heard: tuple[tuple[Piece, ...], ...] = ()  # what each hearing of the turn has of numbers, the likeliest first


class CodesExtractor:
    """Fills ``order_no``."""

    slots: tuple[str, ...] = ("order_no",)

    def __init__(self, reader: DigitReader, speller: Speller, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        order = rules["order"]
        self._reader = reader
        self._speller = speller
        self._dialogue = dialogue
        self._written = WrittenCodes(rules, dialogue)
        self._put_right = CodesPutRight(rules)
        self._by_sound = CodesBySound(reader.sounds, reader, rules)
        self._words = CodeLabels(order["words"], order)
        self._phone = Cues(rules["phone"]["words"])
        self._letters: int = order["letters"]
        self._not_letters: str = order["not_letters"]
        self._least: int = order["least"]
        self._counts: tuple[str, ...] = tuple(order["not_followed_by"])
        self._other = naming_another(order["other"])
        self._unknown = re.compile(alternatives(rules["dictation"]["unknown"]))
        self._fill: float = order["fill"]
        self._lead = leading(order["lead"])
        self._lead_words: str = order["lead"]
        self._agreed = lru_cache(maxsize=256)(self._agree)

    def read(self, turn: Turn, context: Context) -> CodesReading:
        """The order numbers of ``turn``."""
        codes = self._codes(turn, context)
        others = [self._codes(other, context) for other in otherwise(turn)] if codes else []
        same = [other for other in others if len(other) == len(codes)]
        return CodesReading(
            tuple(replace(code, others=tuple(other[at].symbols for other in same)) for at, code in enumerate(codes)),
            self._written.read(turn, context),
            self._by_sound.read(turn, context, "order_no" in context.expected or self._told(context.before)),
            tuple(self._hearings(turn, context)) if turn.times else (),
        )

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[CodesReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """The order number after ``turns``."""
        readings = _without_ends(readings)
        order = self._order(turns, readings)
        written = self._written.fold(turns, [reading.written for reading in readings])
        if written is not None and _better(written, order, heard=any(turn.times for turn in turns)):
            order = written
        by_sound = self._by_sound.fold(turns, [reading.stretches for reading in readings])
        both = Agreement(turns, [reading.heard for reading in readings], self._least)
        said = both.find()
        if said is None and by_sound is not None:
            order = _surer(order, by_sound)
            order = None if order is not None and both.go_on(digits_of(order)) else order
        else:
            order = self._borne_out(order, both, said, turns, readings, repeated=order is written)
        order = self._put_right.find(turns, [reading.written for reading in readings]) or order
        return {} if order is None else {"order_no": order}

    @staticmethod
    def _borne_out(
        order: SlotValue | None,
        both: Agreement,
        said: SlotValue | None,
        turns: Sequence[Turn],
        readings: Sequence[CodesReading],
        *,
        repeated: bool,
    ) -> SlotValue | None:
        """The number that both parties ``said``, else ``order`` unless what they said contradicts it. ``repeated``: it
        may be what the agent repeated as it is written.
        """
        if order is None:
            return said
        if said is not None:
            return order if order.confirmed and digits_of(order) == digits_of(said) else said
        if both.go_on(digits_of(order)):
            return None
        if (order.confirmed and repeated) or not _of_both(turns, readings):
            return order
        return None if both.contradicts(order) else order

    def _codes(self, turn: Turn, context: Context) -> list[CodeHearing]:
        text = turn.text
        labels = self._words.ends(text)
        asked = "order_no" in context.expected
        told = self._told(context.before) and "id_no" not in context.expected
        found: dict[bool, list[CodeHearing]] = {True: [], False: []}  # those after a word for one, the others
        for run in self._reader.runs(text, 4):
            after_label = any(0 <= run.start - end <= _REACH for end in labels) or any(
                run.start < end < run.end for end in labels
            )
            if not (after_label or ((asked or told) and not self._phone.match(text[: run.start]))):
                continue
            label = max([end for end in labels if end <= run.start], default=run.start)
            if self._phone.match(text[label : run.start]) or self._other.search(text[label : run.start]):
                continue
            heard = _core(run.heard)
            begin = max([end for end in labels if end <= heard[-1].start], default=0)
            heard = self._announced(text, [one for one in heard if one.start >= begin])
            while heard and not heard[0].certain and text[heard[0].start] in self._not_letters:
                heard.pop(0)
            if self._unknown.search(text[heard[0].start : heard[-1].end + 1] if heard else ""):
                continue
            if len(heard) < self._least or text[heard[-1].end :].startswith(self._counts):
                continue
            if is_valid(likeliest([one.costs for one in heard])):
                continue
            letters = self._speller.letters_before(text, heard[0].start, self._letters, self._not_letters)
            letters = tuple(one for one in letters if one.start >= begin)
            first = letters[0].start if letters else heard[0].start
            found[after_label].append(
                CodeHearing(
                    "".join(one.symbol for one in letters),
                    tuple(one.costs for one in heard),
                    Evidence.of(turn, first, heard[-1].end),
                    self._dialogue.corrected_before(text, first),
                    self._lead.search(text[:first]) is not None,
                )
            )
        return found[True] or found[False]

    def _announced(self, text: str, heard: list[Heard]) -> list[Heard]:
        """``heard`` without words that lead to digits which a recogniser wrote as such, and only sound like one."""
        while len(heard) > 1 and text[heard[0].start] in self._lead_words and text[heard[1].start].isdecimal():
            heard = heard[1:]
        return heard

    def _hearings(self, turn: Turn, context: Context) -> Iterator[tuple[Piece, ...]]:
        """What each hearing of ``turn`` has of an order number, and where the turn itself has it."""
        first = tuple(self._pieces(turn, context))
        yield first
        start, end = (first[0].evidence.start, first[-1].evidence.end) if first else (0, len(turn.text))
        place = Evidence.of(turn, start, end)
        for other in otherwise(turn):
            pieces = tuple(self._pieces(other, context))
            places = [one.evidence for one in first] if len(pieces) == len(first) else [place] * len(pieces)
            yield tuple(replace(one, evidence=where) for one, where in zip(pieces, places, strict=True))

    def _pieces(self, turn: Turn, context: Context) -> Iterator[Piece]:
        """What may be pieces of an order number in one hearing of a turn."""
        text = turn.text
        labels = self._words.ends(text)
        asked = "order_no" in context.expected or self._told(context.before)
        found: list[tuple[int, list[Heard]]] = []
        for run in self._reader.runs(text, _GROUP):
            label = max([end for end in labels if end <= run.end], default=0)
            sure = self._announced(text, [one for one in run.heard if one.certain and one.start >= label])
            if len(sure) < _GROUP or text[sure[-1].end :].startswith(self._counts):
                continue
            if is_valid(likeliest([one.costs for one in sure])):
                continue
            if not self._other.search(text[label : sure[0].start]):
                found.append((label, sure))
        for at, (label, sure) in enumerate(found):
            letters = self._speller.letters_before(text, sure[0].start, self._letters, self._not_letters)
            letters = tuple(one for one in letters if one.start >= label)
            first, last = letters[0].start if letters else sure[0].start, sure[-1].end
            known = self._lead.search(text[:first]) or (letters and text[first : sure[0].start].isascii())
            before = found[at - 1][1][-1].end if at else 0
            after = found[at + 1][1][0].start if at + 1 < len(found) else len(text)
            yield Piece(
                "".join(one.symbol for one in letters) if known else None,
                likeliest([one.costs for one in sure]),
                sum(map(str.isalnum, text[before:first])),
                sum(map(str.isalnum, text[last:after])),
                asked or (label > 0 and sure[0].start - label <= _REACH),
                Evidence.of(turn, first, last),
            )

    def _told(self, before: Sequence[Turn]) -> bool:
        """Whether a number may be the one: it was asked for or named since the agent last spoke, or then."""
        for turn in reversed(before[-_ECHO:]):
            if self._words.match(turn.text) and not self._phone.match(turn.text):
                return True
            if turn.speaker is Speaker.AGENT:
                break
        return False

    def _order(self, turns: Sequence[Turn], readings: Sequence[CodesReading]) -> SlotValue | None:
        heard: list[tuple[Speaker, CodeHearing]] = []
        for turn, reading in zip(turns, readings, strict=True):
            for code in reading.codes:
                if code.corrects:
                    heard.clear()
                heard.append((turn.speaker, code))
        best = self._same(heard)
        for size in (2, 1):
            for some in combinations(heard[-4:], size):
                value = self._agreed(some)
                if value is not None and size < len(heard):
                    value = replace(value, confidence=round(value.confidence * (1.0 if size > 1 else _DISPUTED), 3))
                if value is not None and (best is None or value.confidence > best.confidence):
                    best = value
        return best if best is not None and best.confidence >= self._fill else None

    @staticmethod
    def _same(heard: Sequence[tuple[Speaker, CodeHearing]]) -> SlotValue | None:
        """The number that both parties said letter by letter, in some reading of what they said."""
        for (one, first), (other, second) in combinations(reversed(heard[-4:]), 2):
            agreed = {first.symbols, *first.others} & {second.symbols, *second.others}
            if one is not other and agreed:
                symbols = max(agreed, key=lambda said: (len(said), said))
                return SlotValue(symbols, _BOTH, (second.evidence, first.evidence), confirmed=True)
        return None

    def _agree(self, some: Sequence[tuple[Speaker, CodeHearing]]) -> SlotValue | None:
        """The number that these hearings together give, of the length that fits them best."""
        hearings = [code.costs for _, code in some]
        longest = max(map(len, hearings))
        settled = min(
            (one for length in (longest, longest + 1) if (one := settle(hearings, [_ANY] * length)) is not None),
            key=lambda one: one.cost,
            default=None,
        )
        if settled is None or settled.cost > _ALIKE:
            return None
        spelled = [code.letters for _, code in some]
        letters = max(spelled, key=lambda one: (spelled.count(one), len(one)))
        speakers = {speaker for speaker, _ in some}
        ceiling = _BOTH if len(some) > 1 else _ONE_AGENT if Speaker.AGENT in speakers else _ONE_CITIZEN
        doubt = max(0.0, settled.cost - _TOLERATED * len(some)) + (0.3 if len(set(spelled)) > 1 else 0.0)
        if len({*spelled, ""}) > 2:
            doubt += _LACKING  # each has letters, but others
        doubt += 0.0 if any(code.whole for _, code in some) else _LACKING
        ceiling = min(ceiling, _FUSED)
        confidence = min(ceiling, settled.confidence + 0.15) / (1 + doubt)
        evidence = tuple(code.evidence for _, code in some)
        return SlotValue(letters + settled.digits, round(confidence, 3), evidence, confirmed=len(speakers) > 1)


def _surer(order: SlotValue | None, by_sound: SlotValue) -> SlotValue | None:
    """The number as both parties were heard to spell it; None where it is doubtful and ``order`` is another one."""
    if order is not None and by_sound.value == str(order.value).replace("-", ""):
        if order.confidence >= _BOTH or (by_sound.confidence < _SPELLED and not order.confirmed):
            return order if order.confidence >= _WRITTEN else None
        certainty = by_sound.confidence if order.confirmed else max(by_sound.confidence, order.confidence)
        by_sound = replace(by_sound, value=order.value, confidence=certainty)
    return by_sound if by_sound.confidence >= _SPELLED else None


def _of_both(turns: Sequence[Turn], readings: Sequence[CodesReading]) -> bool:
    """Whether caller and agent both said a number."""
    return len({turn.speaker for turn, reading in zip(turns, readings, strict=True) if reading.codes}) > 1


def _without_ends(readings: Sequence[CodesReading]) -> list[CodesReading]:
    """``readings`` without numbers that are the end of one before and then the whole of it once more."""
    told: set[str] = set()
    kept = []
    for reading in readings:
        codes = tuple(
            one for one in reading.codes if not any(_begun_with_its_end(one.symbols, whole) for whole in told)
        )
        written = tuple(
            one for one in reading.written if not any(_begun_with_its_end(one.code.symbols, whole) for whole in told)
        )
        told |= {one.symbols for one in codes} | {one.code.symbols for one in written}
        kept.append(replace(reading, codes=codes, written=written))
    return kept


def _begun_with_its_end(said: str, whole: str) -> bool:
    """Whether ``said`` is the end of a number and then the ``whole`` of it again (1174，529。529，1174529)."""
    end = said.removesuffix(whole)
    return 0 < len(end) < len(whole) and end != said and whole.endswith(end)


def _better(written: SlotValue, fused: SlotValue | None, *, heard: bool) -> bool:
    """Whether a number read off what is written is to be preferred to the one fused from what it sounds like: where
    nothing was misheard because it was typed, or where it is the fuller one, or the only one.
    """
    return not heard or fused is None or str(fused.value) in str(written.value).replace("-", "")


def _core(heard: Sequence[Heard]) -> list[Heard]:
    """The stretch that is most surely digits: without words at either end that merely sound like some."""
    best, total, begin, span = 0.0, 0.0, 0, (0, len(heard))
    for at, one in enumerate(heard):
        if total <= 0:
            begin, total = at, 0.0
        total += _PLAIN - one.cost
        if total > best:
            best, span = total, (begin, at + 1)
    return list(heard[span[0] : span[1]])
