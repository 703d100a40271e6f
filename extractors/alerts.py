"""What cannot wait: turns in, alerts with their words out.

Emergencies for 110, 119 and 120, callers who speak another language, callers who want to stay unnamed. What is
feared, past or asked about does not alert: ``catalog/rules/alerts.yaml`` holds words and exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.cues import Cues
from extractors.ticket import Alert, Evidence, SlotValue
from extractors.turn import Speaker, Turn

_LATIN = re.compile(r"[A-Za-z]{2,}(?:'[a-z]+)?")


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    text: str
    speaker: Speaker
    cues: tuple[Cues, ...]
    unless: Cues


class Alerts:
    """Watches for what cannot wait."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self._rules = tuple(
            _Rule(
                str(rule["kind"]),
                str(rule["text"]),
                Speaker(rule["by"]),
                (Cues(rule["words"], sound=False), Cues(rule.get("sounds", []))),
                Cues(rule["unless"], sound=False),
            )
            for rule in rules["alerts"]
        )
        language = rules["language"]
        self._language_heard = str(language["heard"])
        self._language_names = {str(code): str(name) for code, name in language["names"].items()}
        self._language_text = str(language["text"])
        self._language_words = int(language["words"])
        self._language_phrases = Cues(language["phrases"], sound=False)
        self._confidential = str(rules["confidential"])
        self._ends = re.compile(rules["sentence"])

    def read(self, turn: Turn) -> tuple[Alert, ...]:
        """The alerts that one turn raises."""
        alerts = []
        for rule in self._rules:
            if rule.speaker is not turn.speaker:
                continue
            for start, end in (span for cues in rule.cues for span in cues.spans(turn.text)):
                if not rule.unless.match(self._sentence(turn.text, start, end)):
                    alerts.append(Alert(rule.kind, rule.text, (Evidence.of(turn, start, end),)))
                    break
        if turn.speaker is Speaker.AGENT:
            return tuple(alerts)
        words = list(_LATIN.finditer(turn.text))
        phrase = self._language_phrases.search(turn.text)
        if len(words) >= self._language_words:
            spoken = Evidence.of(turn, words[0].start(), words[-1].end())
            alerts.append(Alert("language", self._language_text, (spoken,)))
        elif phrase is not None:
            alerts.append(Alert("language", self._language_text, (Evidence.of(turn, *phrase.span()),)))
        return tuple(alerts)

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

    def _sentence(self, text: str, start: int, end: int) -> str:
        before = [found.end() for found in self._ends.finditer(text, 0, start)]
        after = self._ends.search(text, end)
        return text[before[-1] if before else 0 : after.start() if after else len(text)]
