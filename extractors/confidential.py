"""Whether the caller wants to stay unknown: turns in, ``confidential`` out.

True when the caller asks for it, says yes to the agent's question, or is promised it for fear of being known; False
when the caller declines the offer; nothing where it was not spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from extractors.cues import Cues, load_rules
from extractors.dialogue import Dialogue, load_dialogue
from extractors.extractor import Context
from extractors.mention import Mention
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn


class Confidential:
    """Fills ``confidential``. The caller's last word holds."""

    slots: tuple[str, ...] = ("confidential",)

    def __init__(self, rules: Mapping[str, Any], dialogue: Dialogue) -> None:
        self._wants = Cues(rules["wants"], sound=False)
        self._wants_asked = Cues(rules["wants"])
        self._waives = Cues(rules["waives"], sound=False)
        self._agrees = Cues(rules["agrees"], sound=False)
        self._promised = re.compile(rules["promised"])
        self._hinted = re.compile(rules["hinted"])
        self._dialogue = dialogue

    def read(self, turn: Turn, context: Context) -> Mention | None:
        """What is said of it in this turn."""
        if turn.speaker is Speaker.AGENT:
            return self._promise(turn, context)
        asked = "confidential" in context.expected
        wants = (self._wants_asked if asked else self._wants).search(turn.text)
        if asked:
            waives = self._waives.search(turn.text)
            if waives is not None and (wants is None or waives.start() < wants.start() < waives.end()):
                return self._mention(turn, waives, False, 0.85, True)
        if wants is not None:
            return self._mention(turn, wants, True, 0.9 if asked else 0.85, asked)
        agrees = self._agrees.search(self._dialogue.clean(turn.text)) if asked else None
        if agrees is not None:
            return self._mention(turn, agrees, True, 0.8, True)
        return None

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
        """What the agent promises a caller who just spoke of being known."""
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


def load_confidential(catalog: Path) -> Confidential:
    """The extractor of the wish for confidentiality, with the rules of the catalogue directory ``catalog``."""
    return Confidential(load_rules(catalog, "subject")["confidential"], load_dialogue(catalog))
