"""Whether the caller wants to stay unknown: turns in, ``confidential`` out.

True when the caller asks for it, answers the agent's question so, or is promised it for fear of being known; False
when the caller declines the offer or gives it up; nothing where it was not spoken of. Which answer asks for it depends
on the question: yes to "shall we keep it", no to "may we tell".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.mention import Mention
from extractors.text.cues import Cues, load_rules
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn


class Confidential:
    """Fills ``confidential``. The caller's last word holds."""

    slots: tuple[str, ...] = ("confidential",)

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        self._wants = Cues(rules["wants"], sound=False)
        self._wants_asked = Cues(rules["wants"])
        self._waives = Cues(rules["waives"], sound=False)
        self._of_others = Cues(rules["of_others"], sound=False)
        self._waives_asked = Cues(rules["waives_asked"], sound=False)
        self._refuses = Cues(rules["refuses"], sound=False)
        self._agrees = Cues(rules["agrees"], sound=False)
        self._opens, self._closes = re.compile(rules["opens"]), re.compile(rules["closes"])
        self._promised = re.compile(rules["promised"])
        self._hinted = re.compile(rules["hinted"])
        self._taken_down = re.compile(rules["taken_down"])
        self._dialogue = dialogue

    def read(self, turn: Turn, context: Context) -> Mention | None:
        """What is said of it in this turn."""
        if turn.speaker is Speaker.AGENT:
            return self._promise(turn, context)
        asked = "confidential" in context.expected
        said = self._last_word(turn.text)
        if said is not None:
            found, value = said
            return self._mention(turn, found, value, 0.9 if asked and value else 0.85, asked)
        return self._answer(turn, context) if asked else None

    def _last_word(self, text: str) -> tuple[re.Match[str], bool] | None:
        """The last words that ask for it (True) or give it up (False), and which they do."""
        aside = [found.span() for found in self._of_others.finditer(text)]
        waives = [found for found in self._waives.finditer(text) if not _within(found, aside)]
        taken = [*aside, *(found.span() for found in waives)]
        wants = [found for found in self._wants.finditer(text) if not _within(found, taken)]
        said = [*((found, True) for found in wants), *((found, False) for found in waives)]
        return max(said, key=lambda one: one[0].start(), default=None)

    def _answer(self, turn: Turn, context: Context) -> Mention | None:
        """What the answer to the agent's question says of it."""
        opens = self._asks_to_tell(context.before)
        clean = self._dialogue.clean(turn.text)
        refuses = self._refuses.search(clean)
        if refuses is not None:
            return self._mention(turn, refuses, opens, 0.85, True)
        waives = self._waives_asked.search(turn.text)
        if waives is not None:
            return self._mention(turn, waives, False, 0.85, True)
        wants = None if self._of_others.match(turn.text) else self._wants_asked.search(turn.text)
        if wants is not None:
            return self._mention(turn, wants, True, 0.9, True)
        agrees = self._agrees.search(clean or turn.text)
        return self._mention(turn, agrees, not opens, 0.8, True) if agrees is not None else None

    def _asks_to_tell(self, before: Sequence[Turn]) -> bool:
        """Whether the agent asks if the name may be told, so that a no asks for confidentiality."""
        for turn in reversed(before):
            if turn.speaker is Speaker.AGENT and "confidential" in self._dialogue.expected(turn):
                return self._opens.search(turn.text) is not None and self._closes.search(turn.text) is None
        return False

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[Mention | None], context: Context
    ) -> Mapping[str, SlotValue]:
        """The last thing said about it; agreement over several turns adds up."""
        said = [mention for mention in readings if mention is not None]
        if not said:
            return {}
        last = said[-1]
        agreeing = [mention for mention in said if mention.value == last.value]
        doubt = 1.0
        for mention in agreeing:
            doubt *= 1 - mention.confidence
        evidence = tuple(mention.evidence for mention in agreeing)
        return {"confidential": SlotValue(last.value, round(min(0.99, 1 - doubt), 3), evidence)}

    def _promise(self, turn: Turn, context: Context) -> Mention | None:
        """What the agent has taken down, or promises a caller who just spoke of being known."""
        taken_down = self._taken_down.search(turn.text)
        if taken_down is not None:
            return self._mention(turn, taken_down, True, 0.7, False)
        last = context.before[-1] if context.before else None
        if last is None or last.speaker is Speaker.AGENT or not self._hinted.search(last.text):
            return None
        promised = self._promised.search(turn.text)
        return self._mention(turn, promised, True, 0.7, False) if promised else None

    @staticmethod
    def _mention(turn: Turn, found: re.Match[str], value: bool, confidence: float, answers: bool) -> Mention:
        at = turn.text.find(found.group()) if turn.text[slice(*found.span())] != found.group() else found.start()
        start = at if at >= 0 else found.start()
        evidence = Evidence.of(turn, start, min(len(turn.text), start + len(found.group())))
        return Mention("confidential", value, confidence, evidence, answers=answers)


def _within(found: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= found.start() < end for start, end in spans)


def load_confidential(catalog: Path) -> Confidential:
    """The extractor of the wish for confidentiality, with the rules of the catalogue directory ``catalog``."""
    return Confidential(load_rules(catalog, "subject")["confidential"], load_dialogue(catalog))
