"""The sum a matter is about, in yuan: turns in, ``amount`` out.

Of several sums the one claimed or paid wins ("交了6800块", "一共欠12800元"), and above all the answer to the
agent's "多少钱". What is merely in the surroundings (money in a lost purse, a tip refused, what is left over) is
not the sum of the matter. A number without a currency is a sum where words of paying, of prices or of totals stand
right before it and no unit of anything else behind it ("收了我118", "一个学期2400"). A round figure ("两千多") is
given as the number it is rounded to, with less confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.folding import fold_mentions
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.text.cues import load_rules
from extractors.text.numerals import NUMBER, ROUGH_NUMBER, parse_number
from extractors.ticket import Evidence, SlotValue, Value
from extractors.turn import Speaker, Turn

_REACH = 14  # characters before a sum in which its verb stands
_PLAIN, _FRAMED, _ANSWERED, _READ_BACK = 0.3, 0.7, 0.85, 0.5
_LEAST = 0.5
_SENTENCE_END = re.compile("[。！？!?；;]")


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """``currency`` after a number, ``frames`` before or after a sum of the matter, ``asides`` before or after any other
    sum. ``codes_before`` stand before a number that is the number of something, not a sum, ``totals`` before the sum of
    those told before it. ``told_before`` stand right before a ``bare`` number that is a sum, ``counted_after`` right
    behind one that counts something else.
    """

    sum: re.Pattern[str]
    bare: re.Pattern[str]
    frames: re.Pattern[str]
    frames_after: re.Pattern[str]
    asides_before: re.Pattern[str]
    asides_after: re.Pattern[str]
    codes_before: re.Pattern[str]
    totals: re.Pattern[str]
    told_before: re.Pattern[str]
    counted_after: re.Pattern[str]


class Amount:
    """Fills ``amount``."""

    slots: tuple[str, ...] = ("amount",)

    def __init__(self, rules: MoneyRules, dialogue: Dialogue) -> None:
        self._rules = rules
        self._dialogue = dialogue

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The sums of one turn."""
        return tuple(self._sums(turn, "amount" in context.expected and turn.speaker is Speaker.CITIZEN))

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """The sum best supported, the first of several asides; nothing where no sum is of the matter."""
        mentions = [mention for reading in readings for mention in reading]
        places = {turn.id: place for place, turn in enumerate(turns)}
        claimed = {
            mention.value
            for mention in mentions
            if mention.confidence >= _LEAST
            and (
                turns[places[mention.evidence.turn]].speaker is Speaker.CITIZEN or self._agreed(mention, turns, places)
            )
        }
        kept: list[Mention] = []
        for mention in mentions:
            first = kept[0] if kept else mention
            if mention.value in claimed and (mention.value == first.value or mention.answers or mention.corrects):
                kept.append(mention)
        return fold_mentions(kept, turns, self._dialogue)

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """The sum in marked words: the last one with a currency, else the last number."""
        patterns = (self._rules.sum, self._rules.bare)
        found = [one for pattern in patterns for one in pattern.finditer(turn.text) if mark.touches(*one.span())]
        sums = [one for one in found if one.re is self._rules.sum] or found
        if sums and sums[-1].re is self._rules.bare and self._rules.codes_before.search(turn.text[: sums[-1].start()]):
            return None
        amount = _amount(sums[-1]) if sums else None
        if amount is None or self._part_of_total(turn.text, sums[-1].end()):
            return None
        evidence = Evidence.of(turn, mark.start, mark.end)
        corrects = self._dialogue.corrected_before(turn.text, mark.start)
        return Mention("amount", amount, mark.probability, evidence, corrects=corrects)

    def formed(self, slot: str, value: Value) -> float:
        """A sum is one."""
        return 1.0

    def _part_of_total(self, text: str, end: int) -> bool:
        """Whether a sum that ends at ``end`` is counted into another one behind it (报名费300，体检200，加起来500)."""
        rules = self._rules
        total = rules.totals.search(text, end)
        if total is None or _SENTENCE_END.search(text, end, total.start()):
            return False
        number = rules.bare.match(text, total.end())
        counted = number is not None and rules.counted_after.match(text, number.end()) is not None
        return rules.sum.match(text, total.end()) is not None or (number is not None and not counted)

    def _found(self, text: str, *, asked: bool) -> list[re.Match[str]]:
        """The sums of ``text`` in order: those with a currency, numbers that words of money stand before and, where
        there are none and one was ``asked`` for, the first number.
        """
        rules = self._rules
        sums = list(rules.sum.finditer(text))
        bare = [one for one in rules.bare.finditer(text) if not rules.codes_before.search(text, 0, one.start())]
        apart = (one for one in bare if all(one.end() <= sum_.start() or sum_.end() <= one.start() for sum_ in sums))
        found = sorted([*sums, *(one for one in apart if self._told(text, one))], key=lambda one: one.start())
        return found or (bare[:1] if asked else [])

    def _told(self, text: str, number: re.Match[str]) -> bool:
        """Whether the words right around a ``number`` without a currency tell that it is a sum."""
        rules = self._rules
        before = text[max(0, number.start() - _REACH) : number.start()]
        if number["open"]:
            return False
        return rules.told_before.search(before) is not None and not rules.counted_after.match(text, number.end())

    def _agreed(self, mention: Mention, turns: Sequence[Turn], places: Mapping[int, int]) -> bool:
        """Whether a sum read back by the agent was agreed to, or at least not refused by who had just been asked."""
        place = places[mention.evidence.turn]
        if not self._dialogue.is_readback(turns[place]):
            return False
        verdict = self._dialogue.verdict(turns, place)
        asked = any("amount" in self._dialogue.expected(turn) for turn in turns[max(0, place - 3) : place])
        return verdict is True or (asked and verdict is None)

    def _sums(self, turn: Turn, asked: bool) -> Iterator[Mention]:
        text, rules = turn.text, self._rules
        agent = turn.speaker is Speaker.AGENT
        answered = 0  # where the answer ends, if one was asked for
        for match in self._found(text, asked=asked):
            again = answered > 0 and self._dialogue.corrected_before(text, match.start(), match.start() - answered)
            answers = asked and (again or not answered)  # what else is told is no answer
            value = _amount(match)
            if value is None or (isinstance(value, str) and "几" in value and not answers):
                continue  # some sum or other is not what the matter is about, unless somebody asked
            before = re.split("[。？！?!]", text[max(0, match.start() - _REACH) : match.start()])[-1]
            if rules.asides_before.search(before) or rules.asides_after.match(text, match.end()):
                continue
            if self._part_of_total(text, match.end()):
                continue
            framed = rules.frames.search(before) is not None or rules.frames_after.match(text, match.end()) is not None
            confidence = _READ_BACK if agent else _ANSWERED if answers else _FRAMED if framed else _PLAIN
            if match.group("about"):
                confidence -= 0.15
            yield Mention(
                slot="amount",
                value=value,
                confidence=confidence,
                evidence=Evidence.of(turn, match.start(), match.end()),
                corrects=not agent and (again or self._dialogue.corrected_before(text, match.start())),
                answers=answers,
            )
            answered = match.end()


def _amount(match: re.Match[str]) -> int | float | str | None:
    """The yuan of a sum, in the caller's words where they leave it open; None for nothing."""
    if match.group("open"):
        return match.group("open")
    value = parse_number(match.group("number"))
    if value is None or value <= 0:
        return None
    if tenths := match.groupdict().get("tenths"):
        value += _below_one(tenths, "角")
    elif rest := match.groupdict().get("rest"):
        value += _below_one(rest, match["coin"]) + (parse_number(match["cents"] or "零") or 0) / 100
    return int(value) if value == int(value) else round(value, 2)


def _below_one(rest: str, coin: str | None) -> float:
    """The part of a yuan behind the currency: 5 (118块5), 75, 零5, and what coins it is counted in (毛, 角, 分)."""
    digits = parse_number(rest.removeprefix("零")) or 0
    places = len(rest) if coin is None else 2 if coin == "分" else 1
    return float(digits / 10**places)


def load_amount(catalog: Path) -> Amount:
    """The extractor of sums, with the rules of the catalogue directory ``catalog``."""
    rules = load_rules(catalog, "demand")["amount"]
    currency = "|".join(rules["currency"])
    about = "(?P<about>[几多来]|多)?"
    return Amount(
        MoneyRules(
            sum=re.compile(
                f"(?:(?P<open>{ROUGH_NUMBER})|(?P<number>{NUMBER}){about})(?:{currency})"
                "(?:(?<=[元圆])(?P<tenths>[一二三四五六七八九1-9])角|"
                "(?<![元圆员币])(?P<rest>零?[一二三四五六七八九]|零?[1-9]|[1-9][0-9])"
                f"(?:(?P<coin>[毛角分])(?P<cents>[一二三四五六七八九1-9])?|(?<!块一)(?![0-9十百千万号块元]|{rules['counted_after']})))?"
            ),
            bare=re.compile(
                f"(?P<open>{ROUGH_NUMBER})(?![年月号日点栋楼路])|"
                "(?P<number>(?<![0-9A-Za-z.])(?<![0-9][，,、 -])"
                "(?:[1-9][0-9]{1,6}(?:\\.[0-9]+)?|[1-9][0-9]{0,3}(?:\\.[0-9]+)?[万千])"
                "(?![0-9A-Za-z万千])(?![，,、 -][0-9])"
                "|(?:[一二两三四五六七八九][十百千万]|十[一二三四五六七八九]?[千万])[零一二两三四五六七八九十百千万]*+"
                "(?![，,、 -]?[0-9零一二两三四五六七八九幺]{3}))"
                f"{about}(?![年月号日点栋楼路])"
            ),
            frames=re.compile("|".join(rules["frames"])),
            frames_after=re.compile("|".join(rules["frames_after"])),
            asides_before=re.compile("|".join(rules["asides_before"])),
            asides_after=re.compile("|".join(rules["asides_after"])),
            codes_before=re.compile(f"(?:{'|'.join(rules['codes_before'])})$"),
            totals=re.compile(rules["totals"]),
            told_before=re.compile(f"(?:{'|'.join(rules['told_before'])})$"),
            counted_after=re.compile(rules["counted_after"]),
        ),
        load_dialogue(catalog),
    )
