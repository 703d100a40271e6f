"""What the caller wants done, short and in their words: turns in, ``demand`` out.

From the citizen's wishes ("希望", "要求", "最好…"), the answer to "您希望怎么处理", and the agent's summary
"您的诉求是…，对吗" once the citizen agrees. Misheard words are repaired (`extractors.repair.wording`); clauses that
remain unintelligible, fillers, politeness and reasons are left out; several wishes are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import prod

from extractors.catalogue.knowledge import Catalogue
from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.repair.wording import Wording, load_wording
from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.text.cues import by_sound
from extractors.ticket import Evidence, SlotValue, Value
from extractors.turn import Speaker, Turn

_ANSWER, _WISH, _SUMMARY = 0.8, 0.6, 0.8
_PAUSE = "，,、。.！!？?；; "
_SHORTEST, _MOST = 3, 3
_CLAUSES, _MARKED_CLAUSES = 3, 6  # of a wish
_SHORT = 2  # characters of a clause of marked words (道歉)
_NEGATION_LEFT = re.compile("(?:不(?:要|准|许|能|得|可以)|别)再?$")  # without what it is of, as the last words marked
_PAUSED = re.compile(rf"[{_PAUSE}]")
_LINKS = frozenset(by_sound("的了把要"))
_LEAST = 0.3  # a wish less probable is not shown
_CLEAR = 0.6  # share of a wish's confidence that is left where it is just clear enough
_UNUSUAL = 0.6  # share of it where nothing is asked for that callers ask for


@dataclass(frozen=True, slots=True)
class DemandRules:
    """Patterns that open, close and disqualify a wish; see ``catalog/rules/demand.yaml``."""

    wants: re.Pattern[str]
    not_wants: re.Pattern[str]
    summaries: re.Pattern[str]
    summary_ends: re.Pattern[str]
    refused: re.Pattern[str]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    links: frozenset[str]
    empty: re.Pattern[str]
    reaching: re.Pattern[str]
    closings: re.Pattern[str]
    negations: re.Pattern[str]
    refusals: re.Pattern[str]
    instructions: re.Pattern[str]
    farewells: re.Pattern[str]
    joins: re.Pattern[str]
    formal: tuple[tuple[re.Pattern[str], str], ...]
    clear_enough: float


class Demand:
    """Fills ``demand``."""

    slots: tuple[str, ...] = ("demand",)

    def __init__(self, rules: DemandRules, dialogue: Dialogue, wording: Wording) -> None:
        self._rules = rules
        self._dialogue = dialogue
        self._wording = wording
        self._clear = lru_cache(maxsize=4096)(self._made_clear)

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The wishes of a citizen's turn, or an agent's summary of them, in words that were probably said.

        What remains unintelligible is no wish.
        """
        repaired = self._wording.repair(turn.text)
        text = repaired.text
        for wish in self._said(replace(turn, text=text), context):
            start, end = wish.evidence.start, wish.evidence.end
            text = text[:start] + self._wording.repair(text[start:end], True).text + text[end:]
        heard = []
        for wish in self._said(replace(turn, text=text), context):
            start, end = wish.evidence.start, wish.evidence.end
            value, likely = self._clear(str(wish.value))
            confidence = round(wish.confidence * likely, 3)
            if confidence >= _LEAST:
                heard.append(replace(wish, value=value, confidence=confidence, evidence=Evidence.of(turn, start, end)))
        return tuple(heard)

    def value(self, mark: Marked, turn: Turn, context: Context) -> Mention | None:
        """The wish in marked words, without lead-in and politeness; None where they are nothing else (我希望)."""
        if self._instructs(turn, mark):
            return None
        negated = self._rules.negations.search(turn.text, 0, mark.start)
        start = negated.start() if negated else mark.start
        end = self._summed_up(turn, start, self._refused_to(turn.text, mark.end))
        if _NEGATION_LEFT.search(turn.text, start, end):
            end += len(_PAUSED.split(turn.text[end:], maxsplit=1)[0])
        words = self._dialogue.clean(turn.text[start:end])
        opened = self._rules.wants.search(words)
        if opened is not None and not words[opened.end() :].strip(_PAUSE):
            return None
        wish = self._short(words, _MARKED_CLAUSES, _SHORT) or words
        if len(wish) < _SHORTEST:
            return None
        return Mention("demand", wish, mark.probability, Evidence.of(turn, start, end))

    def formed(self, slot: str, value: Value) -> float:
        """How likely a wish so worded was so said: of several the least."""
        return min(self._clear(wish)[1] for wish in str(value).split("，"))

    def _made_clear(self, wish: str) -> tuple[str, float]:
        """The intelligible clauses of a wish, and how likely a wish so worded was so said: it should be clear
        throughout, and ask for something that callers ask for.
        """
        repaired, least = self._wording.repair(wish), self._rules.clear_enough
        clauses = {span: repaired.clarity(*span) for span in _clauses(wish, "，")}
        kept = {wish[start:end]: clarity for (start, end), clarity in clauses.items() if clarity >= least}
        if not kept:
            return "", 0.0
        clear = (min(kept.values()) - least) / (1 - least)
        text = "，".join(kept)
        usual = 1.0 if self._wording.asks(text) else _UNUSUAL
        whole = len(text) / len(wish)
        return text, (_CLEAR + (1 - _CLEAR) * clear) * usual * whole

    def _said(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        if turn.speaker is Speaker.AGENT:
            return tuple(self._summary(turn))
        put_right = tuple(self._put_right(turn, context))
        if put_right:
            return put_right
        if "demand" in context.expected:
            answer = tuple(self._answer(turn))
            if answer:
                return answer
        return tuple(self._wishes(turn))

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """The answer to the agent's question, else the summary agreed to, else the wishes; with what adds to it."""
        agents = {turn.id: place for place, turn in enumerate(turns) if turn.speaker is Speaker.AGENT}
        summaries: list[Mention] = []
        wishes: list[Mention] = []
        for mention in (one for reading in readings for one in reading):
            if mention.evidence.turn not in agents:
                if mention.corrects:
                    summaries, wishes = [], [one for one in wishes if one.evidence.turn == mention.evidence.turn]
                wishes.append(mention)
            elif self._dialogue.verdict(turns, agents[mention.evidence.turn]) is not False:
                summaries.append(mention)
        answers = [mention for mention in wishes if mention.answers]
        confirmed = any(self._dialogue.verdict(turns, agents[one.evidence.turn]) is True for one in summaries)
        if answers:
            chosen = answers
        elif summaries:
            chosen = [summaries[-1], *(one for one in wishes if one.evidence.turn > summaries[-1].evidence.turn)]
        else:
            chosen = wishes
        chosen = _without_repeats(chosen)[:_MOST]
        if not chosen:
            return {}
        doubt = prod(1 - mention.confidence for mention in chosen)
        return {
            "demand": SlotValue(
                value="，".join(str(mention.value) for mention in chosen),
                confidence=round(min(0.95, 1 - doubt), 3),
                evidence=tuple(mention.evidence for mention in chosen),
                confirmed=confirmed,
            )
        }

    def _summary(self, turn: Turn) -> Iterator[Mention]:
        for opened in self._rules.summaries.finditer(turn.text):
            ended = self._rules.summary_ends.search(turn.text, opened.end())
            sentence_end = re.search("[。？?！!]|$", turn.text[opened.end() :])
            stop = ended.start() if ended else opened.end() + (sentence_end.start() if sentence_end else 0)
            stop = self._summed_up(turn, opened.end(), stop)
            stop -= len(turn.text[:stop]) - len(turn.text[:stop].rstrip(_PAUSE))
            if "。" in turn.text[opened.end() : stop]:
                continue
            wish = self._short(turn.text[opened.end() : stop])
            if len(wish) >= _SHORTEST and not self._rules.not_wants.search(turn.text[opened.start() : stop]):
                yield Mention("demand", wish, _SUMMARY, Evidence.of(turn, opened.end(), stop))
                return

    def _instructs(self, turn: Turn, mark: Marked) -> bool:
        """Whether the agent tells somebody in the marked words what to do until help comes, or wishes them well, and
        sums up no wish.
        """
        rules = self._rules
        if turn.speaker is not Speaker.AGENT or rules.summaries.search(turn.text, 0, mark.end) is not None:
            return False
        farewell = rules.farewells.search(turn.text, 0, mark.start)
        return farewell is not None or rules.instructions.search(turn.text, mark.start, mark.end) is not None

    def _refused_to(self, text: str, end: int) -> int:
        """Up to where words that stand at ``end`` go on to refuse what is named (违约金我一分都不给)."""
        refusals = self._rules.refusals.finditer(text)
        return next((one.end() for one in refusals if one.start() <= end <= one.end()), end)

    def _summed_up(self, turn: Turn, start: int, end: int) -> int:
        """Up to where ``turn`` sums up a wish that begins at ``start``: an agent may go on to something else."""
        closed = self._rules.closings.search(turn.text, start, end) if turn.speaker is Speaker.AGENT else None
        return closed.start() if closed else end

    def _put_right(self, turn: Turn, context: Context) -> Iterator[Mention]:
        """What the caller wants instead of what the agent summed up ("不是，我希望他们换个地方")."""
        refused = self._rules.refused.match(turn.text)
        before = context.before[-1] if context.before else None
        if refused is None or before is None or before.speaker is not Speaker.AGENT or not any(self._summary(before)):
            return
        rest = "。" * refused.end() + turn.text[refused.end() :]
        for wish in self._answer(replace(turn, text=rest)):
            yield replace(wish, corrects=True)

    def _answer(self, turn: Turn) -> Iterator[Mention]:
        for start, end in _clauses(turn.text, "。！!？?；;"):
            wish = self._short(turn.text[start:end])
            if len(wish) >= _SHORT:
                yield Mention("demand", wish, _ANSWER, Evidence.of(turn, start, end), answers=True)

    def _wishes(self, turn: Turn) -> Iterator[Mention]:
        for start, end in _clauses(turn.text, "。！!？?；;"):
            sentence = turn.text[start:end]
            opened = self._rules.wants.search(sentence)
            if opened is None or self._rules.not_wants.search(sentence):
                continue
            wish = self._short(sentence[opened.end() :])
            if len(wish) >= _SHORTEST:
                yield Mention("demand", wish, _WISH, Evidence.of(turn, start + opened.start(), end))

    def _short(self, sentence: str, most: int = _CLAUSES, shortest: int = _SHORTEST) -> str:
        """A sentence's wish: its clauses that ask for something, at ``most`` so many and none of fewer characters than
        ``shortest`` unless it is what callers ask for (道歉), without lead-in, politeness and reasons.
        """
        kept: list[str] = []
        for start, end in _clauses(self._dialogue.clean(sentence), "，,、。！!？?；;"):
            clause = self._dialogue.clean(sentence)[start:end].strip(_PAUSE)
            if clause in self._rules.links:
                continue
            if self._rules.empty.search(clause):
                if kept or self._rules.reaching.search(clause):
                    break  # what follows tells why, or when the caller is free
                continue
            previous = ""
            while previous != clause:
                previous = clause
                clause = self._rules.tail.sub("", self._rules.lead.sub("", clause, count=1), count=1).strip(_PAUSE)
            opened = self._rules.wants.match(clause)
            if opened:
                clause = clause[opened.end() :]
            if len(clause) >= shortest or (len(clause) >= _SHORT and self._wording.asks(clause)):
                kept.append(clause)
        wish = self._rules.joins.sub("，", "，".join(kept[:most]))
        for spoken, written in self._rules.formal:
            wish = spoken.sub(written, wish)
        return wish


def _clauses(text: str, stops: str) -> Iterator[tuple[int, int]]:
    for match in re.finditer(f"[^{stops}]+", text):
        yield match.start(), match.end()


def _without_repeats(mentions: Sequence[Mention]) -> list[Mention]:
    """Wishes said twice count once: one whose sounds are nearly all in another is left out."""
    kept: list[Mention] = []
    for mention in mentions:
        sounds = set(by_sound(str(mention.value)))
        if any(len(sounds & set(by_sound(str(one.value)))) >= 0.7 * len(sounds) for one in kept):
            continue
        kept = [one for one in kept if not set(by_sound(str(one.value))) <= sounds | _LINKS]
        kept.append(mention)
    return kept


def load_demand(catalogue: Catalogue) -> Demand:
    """The extractor of the demand, with the rules of ``catalogue``."""
    rules = catalogue.rules("demand")["demand"]

    def either(name: str) -> str:
        return "|".join(f"(?:{pattern})" for pattern in rules[name])

    return Demand(
        DemandRules(
            wants=re.compile(either("wants")),
            not_wants=re.compile(either("not_wants")),
            summaries=re.compile(either("summaries")),
            summary_ends=re.compile(either("summary_ends")),
            refused=re.compile(f"[{_PAUSE}呃嗯哦]*(?:(?:{either('refused')})[{_PAUSE}]*)+"),
            lead=re.compile(f"^(?:{either('lead')})"),
            tail=re.compile(f"(?:{either('tail')})$"),
            links=frozenset(rules["links"]),
            empty=re.compile(either("empty")),
            reaching=re.compile(either("reaching")),
            closings=re.compile(either("closings")),
            negations=re.compile(rules["negations"]),
            refusals=re.compile(either("refusals")),
            instructions=re.compile(either("instructions")),
            farewells=re.compile(either("farewells")),
            joins=re.compile(either("joins")),
            formal=tuple((re.compile(spoken), written) for spoken, written in rules["formal"]),
            clear_enough=rules["clear_enough"],
        ),
        load_dialogue(catalogue.directory),
        load_wording(catalogue),
    )
