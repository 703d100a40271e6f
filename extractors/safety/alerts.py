"""What cannot wait: turns in, alerts with their words out.

Emergencies for 110, 119 and 120, threats, callers who speak another language, callers who want to stay unnamed. What
is feared, past, reported already, told in the news, habitual, denied or only asked about does not alert; what the
agent asks about and the caller affirms does. ``catalog/rules/alerts.yaml`` holds words and exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.safety.foreign import Foreign
from extractors.text.clause_gaps import with_gaps
from extractors.text.cues import Cues
from extractors.ticket import Alert, Evidence, SlotValue
from extractors.turn import Speaker, Turn

_PART = re.compile(r"<(\w+)>")
_WIDE = ("past", "reported", "told", "habit", "asked")  # take the words back from anywhere in the sentence, unless now
_ENDS = "。！？!?"  # of sentences


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    text: str
    speaker: Speaker
    cues: tuple[Cues, ...]
    sure: Cues
    unless: Cues
    over: Cues
    heeds: frozenset[str]
    question: Cues
    foreign: bool


class Alerts:
    """Watches for what cannot wait."""

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue, foreign: Foreign) -> None:
        self._dialogue, self._foreign = dialogue, foreign
        parts: Mapping[str, str] = rules["parts"]

        def cues(patterns: Iterable[str], sound: bool = False) -> Cues:
            return Cues((_spelled(pattern, parts) for pattern in patterns), sound=sound)

        apart = int(rules["apart"])
        self._rules = tuple(
            _Rule(
                str(rule["kind"]),
                str(rule["text"]),
                Speaker(rule["by"]),
                (
                    cues([*rule["words"], *_in_any_order(rule.get("together", ()), apart)]),
                    cues(rule.get("sounds", []), sound=True),
                ),
                cues(rule.get("sure", [])),
                cues(rule["unless"]),
                cues(rule.get("over", [])),
                frozenset(rule.get("not", ())),
                cues(rule.get("affirmed", [])),
                bool(rule.get("foreign", False)),
            )
            for rule in rules["alerts"]
        )
        self._affirms = cues(rules["affirms"])
        takes_back = rules["not"]
        self._feared_before, self._feared_after = (
            cues(takes_back["feared"]["before"]),
            cues(takes_back["feared"]["after"]),
        )
        self._wide = {name: cues(takes_back[name]) for name in _WIDE}
        self._denied = cues(takes_back["denied"])
        self._now, self._urgent, self._idioms = cues(rules["now"]), cues(rules["urgent"]), cues(rules["idioms"])
        language = rules["language"]
        self._language_heard = str(language["heard"])
        self._language_names = {str(code): str(name) for code, name in language["names"].items()}
        self._language_text = str(language["text"])
        self._confidential = str(rules["confidential"])
        self._sentence_ends = re.compile(rules["sentence"])
        self._clause_ends = re.compile(rules["clause"])

    def read(self, turn: Turn, before: Sequence[Turn] = ()) -> tuple[Alert, ...]:
        """The alerts that one turn raises after those ``before``."""
        alerts = []
        idioms = [match.span() for match in self._idioms.finditer(turn.text)]
        foreign = self._foreign.spoken(turn.text) if turn.speaker is Speaker.CITIZEN else None
        for rule in self._rules:
            if rule.speaker is not turn.speaker or (rule.foreign and foreign is None):
                continue
            for start, end, sure in _said(rule, turn.text):
                if not any(start < to and begin < end for begin, to in idioms) and self._holds(
                    rule, turn.text, start, end, sure
                ):
                    alerts.append(Alert(rule.kind, rule.text, (Evidence.of(turn, start, end),)))
                    break
            else:
                alerts.extend(self._affirmed(rule, turn, before))
        if foreign is not None:
            alerts.append(Alert("language", self._language_text, (Evidence.of(turn, *foreign),)))
        return tuple(alerts)

    def _affirmed(self, rule: _Rule, turn: Turn, before: Sequence[Turn]) -> Iterator[Alert]:
        """The alert of what the agent has just asked about, where the caller says that it is so."""
        if not before or before[-1].speaker is not Speaker.AGENT:
            return
        question = rule.question.search(before[-1].text)
        if question is None or not (self._affirms.match(turn.text) or self._dialogue.assents(turn)):
            return
        answered = self._clause_ends.search(turn.text)
        end = answered.start() if answered else len(turn.text)
        if self._holds(rule, turn.text, 0, end):
            yield Alert(rule.kind, rule.text, (Evidence.of(before[-1], *question.span()), Evidence.of(turn, 0, end)))

    def _holds(self, rule: _Rule, text: str, start: int, end: int, sure: bool = False) -> bool:
        """Whether the words at ``start:end`` tell of what is happening, not of what is feared, past, denied …;
        ``sure``: they mean nothing else beside other words.
        """
        first, last = _around(self._sentence_ends, text, start, end)
        if rule.over.match(text[first:last]) or (not sure and rule.unless.match(text[first:last])):
            return False
        clause, clause_end = _around(self._clause_ends, text, start, end)
        if "denied" in rule.heeds and self._denied.match(text[clause:start]):
            return False
        if "feared" in rule.heeds and (
            self._feared_before.match(text[clause:end]) or self._feared_after.match(text[end:clause_end])
        ):
            return False
        if self._urgent.match(text):
            return True
        now = max((found.end() for found in self._now.finditer(text[clause:end])), default=-1)
        for name in _WIDE:
            if name not in rule.heeds:
                continue
            for found in self._wide[name].finditer(text[first:last]):
                if now < 0 or first + found.start() > clause + now:
                    return False
        return True

    def spoken(self, turns: Iterable[Turn]) -> tuple[Alert, ...]:
        """The alerts that follow from the language in which ``turns`` are spoken, not from their words."""
        return tuple(self._spoken(turn, turn.language) for turn in turns if turn.language is not None)

    def _spoken(self, turn: Turn, language: str) -> Alert:
        name = self._language_names.get(language)
        text = self._language_text if name is None else self._language_heard.format(language=name)
        return Alert("language", text, (Evidence.of(turn, 0, len(turn.text)),))

    def fold(self, readings: Iterable[Sequence[Alert]], slots: Mapping[str, SlotValue]) -> tuple[Alert, ...]:
        """One alert of each text, in the order they were first raised, with all the words that raise it."""
        together: dict[tuple[str, str], tuple[Evidence, ...]] = {}
        for alert in (alert for reading in readings for alert in reading):
            key = (alert.kind, alert.text)
            together[key] = together.get(key, ()) + alert.evidence
        confidential = slots.get("confidential")
        if confidential is not None and confidential.value is True:
            together[("confidential", self._confidential)] = confidential.evidence
        return tuple(Alert(kind, text, evidence) for (kind, text), evidence in together.items())


def _said(rule: _Rule, text: str) -> Iterator[tuple[int, int, bool]]:
    """Where ``text`` has words of ``rule``, and whether they are sure ones, which come first."""
    yield from ((*span, True) for span in rule.sure.spans(text))
    yield from ((*span, False) for cues in rule.cues for span in cues.spans(text))


def _in_any_order(groups: Iterable[Sequence[str]], apart: int) -> Iterator[str]:
    """Patterns for all words of a group in one sentence, in any order, each at most ``apart`` characters on."""
    for group in groups:
        for order in permutations(group):
            yield f"[^{_ENDS}]{{0,{apart}}}".join(f"(?:{word})" for word in order)


def _spelled(pattern: str, parts: Mapping[str, str]) -> str:
    """``pattern`` with its shorthands written out: ``…6`` up to six characters of a clause, ``<人>`` one of a part."""
    return with_gaps(_PART.sub(lambda found: parts.get(found[1], found[0]), pattern))


def _around(ends: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Where the stretch that ``ends`` bound around ``start:end`` begins and ends."""
    before = [found.end() for found in ends.finditer(text, 0, start)]
    after = ends.search(text, end)
    return before[-1] if before else 0, after.start() if after else len(text)
