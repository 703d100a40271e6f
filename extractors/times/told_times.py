"""When it happened, how long it has lasted, when the caller can be called back: turns in, three slots out.

``occurred_at`` and ``callback_time`` keep the caller's words, cleaned of fillers and self-repeats, with an ISO 8601
form beside them (`extractors.times.timewords`). A time counts for the matter when the agent asked for it or when it
names a day or a repetition near the complaint; times of purchase terms, earlier calls and wishes do not. The other
slots: `extractors.times.durations`, `extractors.times.callback`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.slots.candidates import day_and_hour
from extractors.slots.extractor import Context
from extractors.slots.folding import agreed, fold_mentions
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.text.cues import load_rules
from extractors.ticket import Evidence, SlotValue, Value
from extractors.times.callback import CallbackTimes
from extractors.times.context import any_of, clause_before, early
from extractors.times.durations import Durations
from extractors.times.timewords import TimeGrammar, TimeWords
from extractors.turn import Speaker, Turn

_LEAST = 0.5
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # to see whether words are a time
_MOST = 0.4  # share of marked words that times must be to stand for them
_VAGUE = re.compile(  # too little to go by without a question
    "今天|今日|每天|天天|每个?(?:月|周|星期|礼拜)|(?:今年|去年|前年)?(?:[0-9零〇一二三四五六七八九]{4}年)?|下个?(?:周|星期|礼拜).?"
    "|(?:今年|去年|前年)?(?:正|冬|腊)月里?"
)


@dataclass(frozen=True, slots=True)
class TimeRules:
    """Patterns that tell whether a time is when it happened; see ``catalog/rules/times.yaml``."""

    asides_before: re.Pattern[str]
    asides_after: re.Pattern[str]
    elsewhen_before: re.Pattern[str]
    elsewhen_after: re.Pattern[str]
    elsewhen_asked: re.Pattern[str]
    length_elsewhere_asked: re.Pattern[str]
    wishes: re.Pattern[str]


class Times:
    """Fills ``occurred_at``, ``duration`` and ``callback_time``."""

    slots: tuple[str, ...] = ("occurred_at", "duration", "callback_time")

    def __init__(
        self,
        grammar: TimeGrammar,
        rules: TimeRules,
        durations: Durations,
        callback: CallbackTimes,
        dialogue: Dialogue,
    ) -> None:
        self._grammar = grammar
        self._durations = durations
        self._callback = callback
        self._rules = rules
        self._dialogue = dialogue

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The times of one turn; of the agent's only callback times read back."""
        if turn.speaker is Speaker.AGENT:
            return tuple(self._callback.read(turn, context))
        free = tuple(self._callback.read(turn, context))
        points = tuple(self._points(turn, context, free))
        if _asked(context, self._rules.length_elsewhere_asked):
            return (*free, *points)
        return (*free, *points, *self._durations.read(turn, context))

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """For each slot the time best supported; the earlier of two asides, for a complaint comes first."""
        mentions: list[Mention] = []
        for reading in readings:
            for mention in reading:
                if mention.slot == "callback_time":
                    if not self._callback.is_offer(mention) or agreed(mention, turns, self._dialogue):
                        mentions.append(mention)
                    continue
                earlier = [one for one in mentions if one.slot == mention.slot]
                if earlier and not mention.answers and not mention.corrects and mention.value != earlier[0].value:
                    continue
                mentions.append(mention)
        return fold_mentions(mentions, turns, self._dialogue)

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """The time in marked words, in full where the mark cuts it short; as they stand where no grammar knows them."""
        if mark.slot == "duration":
            told = self._durations.day_of(mark, turn.text)
            if told is not None:
                length, start, end = told
                return self._of_mark(replace(mark, start=start, end=end), turn, length, None)
            start, end = self._durations.whole(mark, turn.text)
            if self._durations.queued(turn.text, start, end):
                return None
            if _asked(context, self._rules.length_elsewhere_asked):
                return None
            if self._durations.ago(turn.text, end):
                return self.value(replace(mark.widened(start, end), slot="occurred_at"), turn, context)
            if self._durations.of_none(turn.text, start, end):
                return None
            return self._of_mark(mark.widened(start, end), turn, turn.text[start:end], None)
        if self._callback.refuses(mark, turn, context):
            return None
        times = self._touched(mark, turn, context)
        if not times and any(mark.touches(*span) for span in self._grammar.denied(turn.text)):
            return None
        if times:
            start, end = times[0].start, times[-1].end
            if end - start >= _MOST * (mark.end - mark.start):
                mark = replace(mark, start=start, end=end)
        if mark.slot == "occurred_at" and self._for_callback(mark, turn, context):
            mark = replace(mark, slot="callback_time")
        if mark.slot == "callback_time":
            times = self._touched(mark, turn, context, ahead=True)
        elif _asked(context, self._rules.elsewhen_asked):
            return None
        else:
            meant = [one for one in times if not self._elsewhen(turn.text, one.start, one.end)]
            if times and not meant:
                return None
            if len(meant) < len(times):
                mark = replace(mark, start=meant[0].start, end=meant[-1].end)
            times = meant
        words = self._in_one(times) or self._dialogue.clean(turn.text[mark.start : mark.end])
        return self._of_mark(mark, turn, words, self._machine_form(words, times, turn, context))

    def formed(self, slot: str, value: Value) -> float:
        """The share of the characters that are of a time or, for a duration, of a length of time."""
        text = str(value)
        if slot == "duration":
            spans = self._durations.spans(text)
        else:
            spans = [(one.start, one.end) for one in self._grammar.find(text, _ANY_TIME)]
        return sum(end - start for start, end in spans) / max(1, len(text))

    def _touched(self, mark: Marked, turn: Turn, context: Context, *, ahead: bool = False) -> list[TimeWords]:
        found = self._grammar.find(turn.text, context.started_at, heard=bool(turn.times), ahead=ahead)
        return [one for one in found if mark.touches(one.start, one.end)]

    @staticmethod
    def _in_one(times: Sequence[TimeWords]) -> str:
        """The one time that ``times`` are, in words; empty where they are several: a day and, behind it, an hour of it
        (昨晚吃完饭就开始，九点来钟), or a time told again in full.
        """
        if len(times) == 2:
            one, other = times
            if other.words.endswith(one.words):
                return other.words
            days = one.day or one.recurring, other.day or other.recurring
            if days == (True, False) and other.clock and not one.clock:
                return day_and_hour(one.words, other.words)
        return times[0].words if len(times) == 1 else ""

    def _machine_form(self, words: str, times: Sequence[TimeWords], turn: Turn, context: Context) -> str | None:
        told = next((one.iso for one in times if one.words == words), None)
        if told is not None or len(times) < 2:
            return told
        found = self._grammar.find(words, context.started_at, heard=bool(turn.times))
        return found[0].iso if len(found) == 1 and found[0].words == words else None

    def _elsewhen(self, text: str, start: int, end: int) -> bool:
        """Whether the time ``start:end`` is how it used to be, was meant to be, or by when something is due."""
        rules = self._rules
        return bool(rules.elsewhen_before.search(clause_before(text, start)) or rules.elsewhen_after.match(text, end))

    def _for_callback(self, mark: Marked, turn: Turn, context: Context) -> bool:
        """Whether a time is when the caller can be called: asked for as such, or said so ("…以后打给我")."""
        if self._callback.only_asked(context):
            return True
        if "callback_time" in context.expected:
            return False
        return any(mark.touches(one.evidence.start, one.evidence.end) for one in self._callback.read(turn, context))

    def _of_mark(self, mark: Marked, turn: Turn, words: str, iso: str | None) -> Mention | None:
        if not words:
            return None
        evidence = Evidence.of(turn, mark.start, mark.end)
        corrects = self._dialogue.corrected_before(turn.text, mark.start)
        return Mention(mark.slot, words, mark.probability, evidence, iso, corrects=corrects)

    def _points(self, turn: Turn, context: Context, free: Sequence[Mention]) -> Iterator[Mention]:
        text, rules = turn.text, self._rules
        if _asked(context, rules.elsewhen_asked):
            return
        asked = "occurred_at" in context.expected
        calling = [(one.evidence.start, one.evidence.end) for one in free] + self._callback.told(turn, context)
        first = early(context)
        for found in self._grammar.find(text, context.started_at, heard=bool(turn.times)):
            if any(found.start < end and start < found.end for start, end in calling):
                continue
            clause = clause_before(text, found.start)
            if rules.wishes.search(clause) or rules.asides_before.search(clause):
                continue
            if rules.asides_after.match(text, found.end) or self._elsewhen(text, found.start, found.end):
                continue
            if asked and (found.day or found.recurring or found.clock or found.feast or found.iso):
                yield self._mention(turn, found, 0.85, True)
                asked = False
            elif (found.day or found.recurring) and not (_VAGUE.fullmatch(found.words) or _to_come(found, context)):
                confidence = (0.7 if first else 0.55) - (0.1 if found.recurring and not found.clock else 0.0)
                if confidence >= _LEAST:
                    yield self._mention(turn, found, confidence, False)

    def _mention(self, turn: Turn, found: TimeWords, confidence: float, answers: bool) -> Mention:
        return Mention(
            slot="occurred_at",
            value=found.words,
            confidence=confidence,
            evidence=Evidence.of(turn, found.start, found.end),
            normalized=found.iso,
            corrects=self._dialogue.corrected_before(turn.text, found.start),
            answers=answers,
        )


def _asked(context: Context, elsewhere: re.Pattern[str]) -> bool:
    """Whether the agent has just asked for the time of something else: since when somebody works there, how it was."""
    last = context.before[-1] if context.before else None
    return last is not None and last.speaker is Speaker.AGENT and elsewhere.search(last.text) is not None


def _to_come(found: TimeWords, context: Context) -> bool:
    """Whether a time lies behind the day of the call."""
    return found.iso is not None and found.iso[:1].isdigit() and found.iso[:10] > context.started_at.isoformat()[:10]


def load_times(catalog: Path) -> Times:
    """The extractor of times, with the rules of the catalogue directory ``catalog``."""
    rules = load_rules(catalog, "times")
    grammar = TimeGrammar(
        rules["parts"],
        rules["days"],
        rules["recurring"],
        rules["gaps"],
        rules["gaps_until"],
        rules["gaps_corrected"],
        rules["lists"],
        rules["feasts"],
        rules["lunar"],
        rules["announced"],
        rules["announced_before"],
    )
    return Times(
        grammar,
        TimeRules(
            asides_before=any_of(rules["asides_before"]),
            asides_after=any_of(rules["asides_after"]),
            elsewhen_before=any_of(rules["elsewhen_before"], end=True),
            elsewhen_after=any_of(rules["elsewhen_after"]),
            elsewhen_asked=any_of(rules["elsewhen_asked"]),
            length_elsewhere_asked=any_of(rules["length_elsewhere_asked"]),
            wishes=any_of(rules["wishes"]),
        ),
        Durations(rules),
        CallbackTimes(rules["callback"], rules["parts"], grammar),
        load_dialogue(catalog),
    )
