"""What cannot wait: turns in, alerts with their words out.

Emergencies for 110, 119 and 120, threats, callers who speak another language, callers who want to stay unnamed. What
is feared, past, habitual, denied or only asked about does not alert: ``catalog/rules/alerts.yaml`` holds words and
exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.cues import Cues
from extractors.ticket import Alert, Evidence, SlotValue
from extractors.turn import Speaker, Turn

_LATIN = re.compile(r"[A-Za-z]{2,}(?:'[a-z]+)?")
_CHINESE = re.compile("[一-鿿]")
_GAP = re.compile(r"…(\d+)")
_PART = re.compile(r"<(\w+)>")
_WIDE = ("past", "habit", "asked")  # take the words back from anywhere in the sentence, unless it is happening now


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    text: str
    speaker: Speaker
    cues: tuple[Cues, ...]
    unless: Cues
    heeds: frozenset[str]


class Alerts:
    """Watches for what cannot wait."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        parts: Mapping[str, str] = rules["parts"]

        def cues(patterns: Iterable[str], sound: bool = False) -> Cues:
            return Cues((_spelled(pattern, parts) for pattern in patterns), sound=sound)

        self._rules = tuple(
            _Rule(
                str(rule["kind"]),
                str(rule["text"]),
                Speaker(rule["by"]),
                (cues(rule["words"]), cues(rule.get("sounds", []), sound=True)),
                cues(rule["unless"]),
                frozenset(rule.get("not", ())),
            )
            for rule in rules["alerts"]
        )
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
        self._language_words = int(language["words"])
        self._language_phrases = cues(language["phrases"])
        self._confidential = str(rules["confidential"])
        self._sentence_ends = re.compile(rules["sentence"])
        self._clause_ends = re.compile(rules["clause"])

    def read(self, turn: Turn) -> tuple[Alert, ...]:
        """The alerts that one turn raises."""
        alerts = []
        idioms = [match.span() for match in self._idioms.finditer(turn.text)]
        for rule in self._rules:
            if rule.speaker is not turn.speaker:
                continue
            for start, end in (span for cues in rule.cues for span in cues.spans(turn.text)):
                if not any(start < to and begin < end for begin, to in idioms) and self._holds(
                    rule, turn.text, start, end
                ):
                    alerts.append(Alert(rule.kind, rule.text, (Evidence.of(turn, start, end),)))
                    break
        if turn.speaker is Speaker.CITIZEN:
            alerts.extend(self._foreign(turn))
        return tuple(alerts)

    def _holds(self, rule: _Rule, text: str, start: int, end: int) -> bool:
        """Whether the words at ``start:end`` tell of what is happening, not of what is feared, past, denied …"""
        first, last = _around(self._sentence_ends, text, start, end)
        if rule.unless.match(text[first:last]):
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

    def _foreign(self, turn: Turn) -> Iterator[Alert]:
        spoken = self._latin(turn.text)
        if spoken is None:
            phrase = self._language_phrases.search(turn.text)
            spoken = phrase.span() if phrase is not None else None
        if spoken is not None:
            yield Alert("language", self._language_text, (Evidence.of(turn, *spoken),))

    def _latin(self, text: str) -> tuple[int, int] | None:
        """The first run of enough Latin words with no Chinese between them."""
        run: list[re.Match[str]] = []
        for word in _LATIN.finditer(text):
            if run and _CHINESE.search(text, run[-1].end(), word.start()):
                run = []
            run.append(word)
            if len(run) == self._language_words:
                return run[0].start(), word.end()
        return None

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


def _spelled(pattern: str, parts: Mapping[str, str]) -> str:
    """``pattern`` with its shorthands written out: ``…6`` up to six characters of a clause, ``<人>`` one of a part."""
    return _GAP.sub(r"[^，。？！]{0,\1}", _PART.sub(lambda found: parts.get(found[1], found[0]), pattern))


def _around(ends: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    """Where the stretch that ``ends`` bound around ``start:end`` begins and ends."""
    before = [found.end() for found in ends.finditer(text, 0, start)]
    after = ends.search(text, end)
    return before[-1] if before else 0, after.start() if after else len(text)
