"""What to ask next: the best templates, the filled slots and what was asked before in, questions out. Pure.

Two kinds: a question for a required slot that is still empty, and the one question that best tells the templates in
play apart. How good that is, is its expected information: how much the answer lowers the entropy of the template,
times how surely such an answer decides. Nothing is asked that is filled, was just asked and answered, or cannot be
told. While several templates are in play, only slots are asked for that most of their probability requires. The
caller's name and phone come last. Rules: ``catalog/rules/questions.yaml``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from extractors.catalogue.knowledge import Catalogue, Template
from extractors.conversation.asked import Asked
from extractors.ticket import Option, Question

Ranked = Sequence[tuple[Template, float]]


class Questions:
    """Decides what to ask, for any call."""

    def __init__(self, catalogue: Catalogue, rules: Mapping[str, Any]) -> None:
        self._slots = catalogue.slots
        self._always = tuple(rules["always"])
        self._in_play = float(rules["in_play"])
        self._needed = float(rules["needed"])
        self._least_bits = float(rules["least_bits"])
        self._least_mass = float(rules["least_mass"])
        self._worth = rules["worth"]
        self._type_known = float(rules["type_known"])
        self._apart, self._type = str(rules["apart"]), str(rules["request_type"])
        self._types: Mapping[str, str] = rules["types"]
        self._between = str(rules["between"])

    def due(
        self,
        ranked: Ranked,
        filled: Collection[str],
        chosen: Template | None = None,
        asked: Asked | None = None,
        type_confidence: float = 0.0,
    ) -> tuple[Question, ...]:
        """The questions due, most useful first; ``ranked`` are the best templates with their probabilities, the request
        type is as sure as ``type_confidence``.
        """
        play = [(chosen, 1.0)] if chosen is not None else self._playing(ranked)
        due = [*self._splitting(play, ranked, type_confidence < self._type_known), *self._missing(play)]
        return tuple(
            question
            for question in due
            if question.slot not in filled and not (asked and asked.rests(question.slot, question.text))
        )

    def _playing(self, ranked: Ranked) -> Ranked:
        """The templates in play with their shares of the probability."""
        kept = [(template, odds) for template, odds in ranked if odds >= self._in_play * ranked[0][1]]
        total = sum(odds for _, odds in kept)
        return [(template, odds / total) for template, odds in kept] if total else []

    def _missing(self, play: Ranked) -> Iterator[Question]:
        need: dict[str, float] = {}
        for template, share in play:
            for slot in template.required:
                need[slot] = need.get(slot, 0.0) + share
        needed = [slot for slot, share in need.items() if share >= self._needed and slot not in self._always]
        for slot in (*needed, *self._always):
            if slot in self._slots:
                yield Question(slot, self._wording(slot, play))

    def _wording(self, slot: str, play: Ranked) -> str:
        """The question most of the templates would ask; the general one when they differ."""
        votes: dict[str, float] = {}
        for template, share in play:
            text = template.asks.get(slot) or self._slots[slot].ask
            votes[text] = votes.get(text, 0.0) + share
        best = max(votes, key=lambda text: votes[text], default="")
        return best if votes.get(best, 0.0) >= self._needed else self._slots[slot].ask

    def _splitting(self, play: Ranked, ranked: Ranked, by_type: bool) -> Iterator[Question]:
        """The question that tells most about the template, if it tells enough; ``by_type``: the request type may be
        asked for.
        """
        mass = sum(odds for _, odds in ranked if odds >= self._in_play * ranked[0][1])
        if len(play) < 2 or mass < self._least_mass:
            return
        found = [(self._type_bits(play), 0, self._type_question(play))] if by_type else []
        for place, (second, odds) in enumerate(play[1:], start=1):
            first, best = play[0]
            told = _told_apart(first, second)
            worth = self._worth["apart" if told else "titles"]
            found.append((worth * _information([best, odds]), -place, self._pair_question(first, second, told)))
        bits, _, question = max(found, key=lambda one: one[:2])
        if bits >= self._least_bits:
            yield question

    def _pair_question(self, first: Template, second: Template, told: str) -> Question:
        options = tuple(Option(template.code, template.title) for template in (first, second))
        return Question("template", self._apart.format(first=first.title, second=second.title), options, told)

    def _type_bits(self, play: Ranked) -> float:
        return float(self._worth["request_type"]) * _information(list(_by_type(play).values()))

    def _type_question(self, play: Ranked) -> Question:
        types = _by_type(play)
        wanted = self._between.join(self._types.get(one, one) for one in types)
        options = tuple(Option(one, one) for one in types)
        return Question("request_type", self._type.format(types=wanted), options)


def _by_type(play: Ranked) -> dict[str, float]:
    shares: dict[str, float] = {}
    for template, share in play:
        shares[template.request_type] = shares.get(template.request_type, 0.0) + share
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _told_apart(first: Template, second: Template) -> str:
    """What the catalogue says tells the two apart, from either side; empty when it says nothing."""
    for one, other in ((first, second), (second, first)):
        for confusion in one.confused_with:
            if confusion.code == other.code:
                return f"{one.title}：{confusion.apart}"
    return ""


def _information(shares: Sequence[float]) -> float:
    """Bits that an answer naming one of these shares of the probability brings; the rest stays as unsure as it was."""
    total = sum(shares)
    if total <= 0:
        return 0.0
    return -sum(share * math.log2(share / total) for share in shares if share > 0)
