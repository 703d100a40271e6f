"""Slots that only some templates have, read off the question and its answer: turns in, those slots out.

The catalogue's own questions (of the slot, and of the templates that word it anew) tell when such a slot is asked for.
The citizen's next words are its value when they answer at all and are of the slot's kind: a code has digits, a count
has a number. Nothing is filled without the question: a value that is wrong costs more than one that is missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from extractors.catalogue.knowledge import Catalogue, Slot
from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.folding import fold_mentions
from extractors.slots.mention import Mention
from extractors.text.cues import by_sound, load_rules
from extractors.text.numerals import NUMBER
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_PAUSE = "，,、。.！!？?；;：: "
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{2,}[A-Za-z0-9]")
_COUNT = re.compile(f"(?:{NUMBER})[几多来]?[\u4e00-\u9fff]?")


class Answers:
    """Fills the slots that are not common to all tickets."""

    def __init__(
        self,
        slots: Sequence[Slot],
        wordings: Mapping[str, Sequence[str]],
        common: Sequence[str],
        rules: Mapping[str, Any],
        dialogue: Dialogue,
    ) -> None:
        """``wordings``: how each slot of ``slots`` is asked for; ``common``: questions for all other slots."""
        self.slots: tuple[str, ...] = tuple(slot.name for slot in slots)
        self._kinds = {slot.name: slot.kind for slot in slots}
        self._dialogue = dialogue
        self._polite = re.compile("|".join(rules["polite"]))
        self._no_answer = re.compile("|".join(rules["no_answer"]))
        self._lead = re.compile(f"(?:{'|'.join(rules['lead'])}|[{_PAUSE}])*")
        self._alike: float = rules["alike"]
        self._verbatim: float = rules["verbatim"]
        self._longest: int = rules["longest"]
        self._confidence: Mapping[str, float] = rules["confidence"]
        self._questions = _Questions(
            [(self._pairs(text), name) for name, said in (*wordings.items(), (None, common)) for text in said]
        )
        self._asked_in = lru_cache(maxsize=512)(self._asked)

    def asked(self, turn: Turn) -> str | None:
        """The slot that an agent's turn asks for, if it asks for one of these rather than for another."""
        return self._asked_in(turn.text) if turn.speaker is Speaker.AGENT else None

    def _asked(self, text: str) -> str | None:
        heard = self._pairs(re.split("[。！!]", text.rstrip("。！!"))[-1])
        if not heard:
            return None
        (alike, slot), other = self._questions.nearest(heard)
        least = self._verbatim if self._dialogue.expected_in(text) else self._alike
        return slot if alike >= least and alike > other else None

    def read(self, turn: Turn, context: Context) -> tuple[Mention, ...]:
        """The answer that ``turn`` gives to the question right before it."""
        if turn.speaker is Speaker.AGENT or not context.before:
            return ()
        slot = self.asked(context.before[-1])
        if slot is None:
            return ()
        found = self._value(slot, turn.text)
        if found is None:
            return ()
        start, end = found
        confidence = self._confidence["typed" if self._kinds[slot] in ("code", "count") else "free"]
        value = turn.text[start:end]
        if self._kinds[slot] == "code":
            value = re.sub("[ -]", "", value)
        return (Mention(slot, value, confidence, Evidence.of(turn, start, end), answers=True),)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[Mention, ...]], context: Context
    ) -> Mapping[str, SlotValue]:
        """For each slot the answer best supported."""
        return fold_mentions([one for reading in readings for one in reading], turns, self._dialogue)

    def _value(self, slot: str, text: str) -> tuple[int, int] | None:
        """The characters of ``text`` that answer; None where it does not."""
        if self._no_answer.search(text) or text.rstrip().endswith(("？", "?", "吗", "呢")):
            return None
        pattern = {"code": _CODE, "count": _COUNT}.get(self._kinds[slot])
        if pattern is not None:
            found = pattern.search(text)
            return found.span() if found else None
        lead = self._lead.match(text)
        start = lead.end() if lead else 0
        end = next((at for at in range(start, len(text)) if text[at] in "。！!？?；;，,"), len(text))
        return (start, end) if 2 <= end - start <= self._longest else None

    def _pairs(self, text: str) -> frozenset[str]:
        """The pairs of neighbouring sounds in a question, without politeness."""
        said = by_sound(re.sub(f"[{_PAUSE}]", "", self._polite.sub("", text)))
        return frozenset(said[at : at + 2] for at in range(len(said) - 1))


class _Questions:
    """Known questions by the pairs of sounds they hold, each with the slot it asks for, None for a common one."""

    def __init__(self, known: Sequence[tuple[frozenset[str], str | None]]) -> None:
        self._known = [(len(pairs), slot) for pairs, slot in known]
        self._holding: dict[str, list[int]] = {}
        for number, (pairs, _) in enumerate(known):
            for pair in pairs:
                self._holding.setdefault(pair, []).append(number)

    def nearest(self, heard: frozenset[str]) -> tuple[tuple[float, str], float]:
        """The likest question for a slot that is not common, with how like it is, and how like the likest common one
        is: the share of pairs in common (Dice), 1 for the same question.
        """
        shared = Counter(number for pair in heard for number in self._holding.get(pair, ()))
        best, other = (0.0, ""), 0.0
        for number, count in shared.items():
            length, slot = self._known[number]
            alike = 2 * count / (len(heard) + length)
            if slot is None:
                other = max(other, alike)
            else:
                best = max(best, (alike, slot))
        return best, other


def make_answers(catalogue: Catalogue) -> Answers:
    """The extractor with the slots and questions of ``catalogue``."""
    slots = [slot for slot in catalogue.slots.values() if not slot.common]
    rules = load_rules(catalogue.directory, "answers")
    wordings: dict[str, dict[str, None]] = {slot.name: {slot.ask: None} for slot in slots}
    common: dict[str, None] = {slot.ask: None for slot in catalogue.slots.values() if slot.common}
    for template in catalogue.templates:
        for name, ask in template.asks.items():
            wordings.get(name, common)[ask] = None
    return Answers(
        slots,
        {name: list(said) for name, said in wordings.items()},
        [*common, *rules["open"]],
        rules,
        load_dialogue(catalogue.directory),
    )
