"""What the agent has asked already: the turns of a call in, which questions wait, were answered or cannot be. Pure.

Rules: ``catalog/rules/questions.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.text.cues import Cues
from extractors.turn import Speaker, Turn

_LEFT_OUT = "请问您，。？、！“”"


@dataclass(frozen=True, slots=True)
class _Question:
    """A turn of the agent that may be a question, and what became of it. ``age``: turns of the agent since."""

    text: str
    slots: frozenset[str]
    age: int
    answer: str  # empty: not answered yet


class Asked:
    """The questions of one call so far (`AskedRules.of` makes it). ``withheld``: slots the caller will not tell."""

    def __init__(
        self, questions: Sequence[_Question], rules: AskedRules, withheld: frozenset[str] = frozenset()
    ) -> None:
        self._questions = questions
        self._rules = rules
        self._withheld = withheld

    def rests(self, slot: str, text: str) -> bool:
        """Whether the question ``text`` for ``slot`` should not be suggested: it waits for its answer, was just
        answered, or the caller cannot or will not tell.
        """
        if slot in self._withheld:
            return True
        for question in reversed(self._questions):
            if slot not in question.slots and self._rules.overlap(text, question.text) < self._rules.same_words:
                continue
            if self._rules.dialogue.is_unsure(question.answer):
                return True
            if slot in question.slots and self._rules.refuses.match(question.answer):
                return True
            return question.age < self._rules.again_after
        return False


class AskedRules:
    """Knows when something counts as asked."""

    def __init__(self, dialogue: Dialogue, rules: Mapping[str, Any]) -> None:
        self.dialogue = dialogue
        self.same_words = float(rules["same_words"])
        self.again_after = int(rules["again_after"])
        self.refuses = Cues(rules["refuses"], sound=False)
        self._asks_back = Cues(rules["asks_back"], sound=False)
        self._withheld = {slot: Cues(words, sound=False) for slot, words in rules["withheld"].items()}
        self.overlap = lru_cache(maxsize=8192)(_overlap)

    def of(self, turns: Sequence[Turn]) -> Asked:
        """What was asked in ``turns``."""
        questions = []
        answer, age = "", 0
        for turn in reversed(turns):
            if turn.speaker is Speaker.CITIZEN:
                if turn.text and not self._asks_back.match(turn.text):
                    answer = f"{turn.text}。{answer}"
                continue
            questions.append(_Question(turn.text, self.dialogue.expected(turn), age, answer))
            answer, age = "", age + 1
        said = [turn.text for turn in turns if turn.speaker is Speaker.CITIZEN]
        withheld = (slot for slot, words in self._withheld.items() if any(map(words.match, said)))
        return Asked(questions[::-1], self, frozenset(withheld))


def _overlap(question: str, said: str) -> float:
    """The share of the character pairs of ``question`` that ``said`` holds; 0 for a question of one character."""
    wanted, held = _pairs(question), _pairs(said)
    return len(wanted & held) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    kept = text.translate({ord(char): None for char in _LEFT_OUT})
    return frozenset(kept[place : place + 2] for place in range(len(kept) - 1))
