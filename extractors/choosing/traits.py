"""What tells a right candidate from a wrong one: the candidates of a slot in, a row of numbers for each out.

How sure the tagger and the rules are of it, what else its words may give, who said it, where and how often, what the
other party made of it, what stands beside it. Every number is about 0 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import prod

import numpy as np
from numpy.typing import NDArray

from extractors.conversation.dialogue import Dialogue
from extractors.repair.wording import Wording
from extractors.slots.candidates import Candidate, Same, Sign
from extractors.slots.marked import SLOTS
from extractors.slots.mention import Mention
from extractors.ticket import SlotValue
from extractors.turn import Speaker, Turn

NAMES = (
    "marked",
    "marked_least",
    "marked_together",
    "marked_rival",
    "marked_lead",
    "marked_rank",
    "by_marks",
    "by_rules",
    "formed",
    "words_clear",
    "call_clear",
    "rules_chose",
    "rules_chose_these_words",
    "rules_chose_another",
    "times_said",
    "turns_said_in",
    "by_citizen",
    "by_agent",
    "by_both",
    "agreed",
    "asked_for",
    "corrects",
    "first_said",
    "last_said",
    "said_from_the_end",
    "opening",
    "first_of_all",
    "last_of_all",
    "length",
    "a_character",
    "stretches",
    "words_left_out",
    "digits",
    "in_place",
    "in_person",
    "in_number",
    "part_of_address",
    "without_machine_form",
    "in_future",
    "amount",
    "largest",
    "part_of_another",
    "has_another",
    "like_others",
    "like_marked",
    "clauses",
    "condensed",
    "kept_words",
    "kept_of_all",
    "alternatives",
)
_PLACES = ("district", "street", "address")
_PERSONS = ("caller_name",)
_NUMBERS = ("phone", "plate_no", "id_no", "callback_time")
_LONG_CALL, _LONG_VALUE, _MANY = 20.0, 12.0, 6.0
_OPENING = 8  # characters of a turn that says what a call is about


@dataclass(frozen=True, slots=True)
class Scene:
    """What surrounds the candidates of a slot: the call so far, the slots that others fill, what rules alone say;
    ``wording`` tells how intelligible what was recognised is.
    """

    turns: Sequence[Turn]
    filled: Mapping[str, SlotValue]
    ruled: SlotValue | None
    started_at: datetime
    wording: Wording


def traits(
    found: Sequence[Candidate], scene: Scene, formed: Sequence[float], same: Same, dialogue: Dialogue
) -> NDArray[np.float32]:
    """The rows ``[candidates, traits]``: those of `NAMES`, then how likely the words give each of `SLOTS`. ``formed``:
    how far each candidate has the form of such a value.
    """
    rows = np.zeros((len(found), len(NAMES) + len(SLOTS)), np.float32)
    call = _Call(scene, dialogue)
    surest = [max((_marked(one) for one in each.said), default=0.0) for each in found]
    ranks = {number: rank for rank, number in enumerate(sorted(range(len(found)), key=lambda n: -surest[n]))}
    supports = [frozenset(map(id, each.support)) for each in found]
    numbers = [_number(each) for each in found]
    firsts = [min(call.place(one) for one in each.support) for each in found]
    lasts = [max(call.place(one) for one in each.support) for each in found]
    texts = [str(each.value) for each in found]
    alike = _alike(texts)
    first, last = min(firsts), max(lasts)
    weights = np.array(surest) / max(1e-3, sum(surest))
    largest = max((one for one in numbers if one is not None), default=None)
    for number, each in enumerate(found):
        rival = max((surest[n] for n in range(len(found)) if supports[n].isdisjoint(supports[number])), default=0.0)
        sure = surest[number]
        several = 1 - prod(1 - _marked(one) for one in each.support)
        told = {
            "marked": sure,
            "marked_least": min(_marked(one) for one in each.said),
            "marked_together": several,
            "marked_rival": rival,
            "marked_lead": sure - rival,
            "marked_rank": min(ranks[number], _MANY) / _MANY,
            "times_said": min(len(each.support), _MANY) / _MANY,
            "turns_said_in": min(len({one.place[0] for one in each.support}), _MANY) / _MANY,
            "first_of_all": float(firsts[number] == first),
            "last_of_all": float(lasts[number] == last),
            "largest": float(largest is not None and numbers[number] == largest),
            "amount": 0.0 if numbers[number] is None else math.log1p(abs(numbers[number] or 0.0)) / 10,
            "length": min(len(texts[number]) / _LONG_VALUE, 2.0),
            "a_character": float(len(texts[number]) == 1),
            "digits": float(any(char.isdigit() for char in texts[number])),
            "part_of_another": float(any(texts[number] != text and texts[number] in text for text in texts)),
            "has_another": float(any(texts[number] != text and text in texts[number] for text in texts)),
            "like_others": float(alike[number].mean()),
            "like_marked": float(alike[number] @ weights),
            "clauses": min((texts[number].count("，") + 1) / _MANY, 1.0),
            "condensed": min(len(texts[number]) / max(1, _said_in(each)), 2.0),
            "kept_words": sum(one.kept[0] for one in each.said) / len(each.said),
            "kept_of_all": sum(one.kept[1] for one in each.said) / len(each.said),
            "alternatives": min(len(found) / 16, 2.0),
            "by_marks": float(any(one.marked for one in each.said)),
            "formed": formed[number],
            "call_clear": call.clear,
            **call.of_rules(each, same),
            **call.of_speech(each),
            **call.of_neighbours(each),
        }
        rows[number, : len(NAMES)] = [told[name] for name in NAMES]
        rows[number, len(NAMES) :] = [
            sum(shares) / len(each.said) for shares in zip(*(one.shares for one in each.said), strict=True)
        ]
    return rows


class _Call:
    """Looks up what the call says of candidates."""

    def __init__(self, scene: Scene, dialogue: Dialogue) -> None:
        self._scene = scene
        self._dialogue = dialogue
        self._places = {turn.id: place for place, turn in enumerate(scene.turns)}
        citizen = [p for p, t in enumerate(scene.turns) if t.speaker is Speaker.CITIZEN and len(t.text) >= _OPENING]
        self._opening = citizen[0] if citizen else -1
        self._spans = {
            name: {
                (e.turn, e.start, e.end) for slot in slots if slot in scene.filled for e in scene.filled[slot].evidence
            }
            for name, slots in (("in_place", _PLACES), ("in_person", _PERSONS), ("in_number", _NUMBERS))
        }
        address = scene.filled.get("address")
        self._address = str(address.value) if address else ""
        self._verdicts: dict[int, bool | None] = {}
        self._repaired = [scene.wording.repair(turn.text) for turn in scene.turns]
        self.clear = scene.wording.clarity(tuple(turn.text for turn in scene.turns))

    def place(self, sign: Sign) -> int:
        """The place of the turn among all."""
        return self._places[sign.place[0]]

    def of_rules(self, each: Candidate, same: Same) -> dict[str, float]:
        """What the rules say of ``each``."""
        ruled = self._scene.ruled
        agrees = False
        if ruled is not None:
            mention = Mention(each.said[0].mention.slot, ruled.value, 0, ruled.evidence[0], ruled.normalized)
            own = Mention(mention.slot, each.value, 0, each.said[0].mention.evidence, each.normalized)
            agrees = same(own, mention)
        return {
            "by_rules": max((one.mention.confidence for one in each.support if not one.marked), default=0.0),
            "rules_chose": ruled.confidence if ruled and agrees else 0.0,
            "rules_chose_these_words": float(ruled is not None and ruled.value == each.value),
            "rules_chose_another": ruled.confidence if ruled and not agrees else 0.0,
        }

    def of_speech(self, each: Candidate) -> dict[str, float]:
        """Who said ``each`` when, and how the other party took it."""
        turns = self._scene.turns
        said = [self.place(one) for one in each.support]
        own = [self.place(one) for one in each.said]
        by = {turns[place].speaker for place in said}
        verdicts = {self._verdict(place) for place in own if turns[place].speaker is Speaker.AGENT}
        inside = sum(one.mention.evidence.end - one.mention.evidence.start for one in each.said)
        length = sum(len(turns[place].text) for place in set(own))
        return {
            "by_citizen": float(Speaker.CITIZEN in {turns[place].speaker for place in own}),
            "by_agent": float(Speaker.AGENT in {turns[place].speaker for place in own}),
            "by_both": float(len(by) > 1),
            "agreed": float(True in verdicts),
            "asked_for": float(any(one.mention.answers for one in each.support)),
            "corrects": float(any(one.mention.corrects for one in each.support)),
            "first_said": min(min(said) / _LONG_CALL, 2.0),
            "last_said": min(max(said) / _LONG_CALL, 2.0),
            "said_from_the_end": min((len(turns) - 1 - max(said)) / _LONG_CALL, 2.0),
            "opening": float(min(said) <= self._opening),
            "stretches": len(each.said) / 3,
            "words_left_out": 1 - min(1.0, inside / max(1, length)),
        }

    def of_neighbours(self, each: Candidate) -> dict[str, float]:
        """What other slots say in the words of ``each``, and its machine form."""
        shared = {name: self._shared(each, spans) for name, spans in self._spans.items()}
        evidence = [(self.place(one), one.mention.evidence) for one in each.said]
        return {
            **shared,
            "words_clear": min(self._repaired[place].clarity(words.start, words.end) for place, words in evidence),
            "part_of_address": float(len(str(each.value)) > 1 and str(each.value) in self._address),
            "without_machine_form": float(each.normalized is None),
            "in_future": float(
                each.normalized is not None and each.normalized[:19] > self._scene.started_at.isoformat()[:19]
            ),
        }

    def _shared(self, each: Candidate, spans: set[tuple[int, int, int]]) -> float:
        most = 0.0
        for sign in each.said:
            evidence = sign.mention.evidence
            for turn, start, end in spans:
                if turn == evidence.turn and start < evidence.end and evidence.start < end:
                    length = min(end, evidence.end) - max(start, evidence.start)
                    most = max(most, length / max(1, evidence.end - evidence.start))
        return most

    def _verdict(self, place: int) -> bool | None:
        if place not in self._verdicts:
            self._verdicts[place] = self._dialogue.verdict(self._scene.turns, place)
        return self._verdicts[place]


def _alike(texts: Sequence[str]) -> NDArray[np.float32]:
    """How much alike the characters of each two texts are (F1), ``[texts, texts]``."""
    places = {char: place for place, char in enumerate(dict.fromkeys("".join(texts)))}
    counts = np.zeros((len(texts), len(places)), np.float32)
    for row, text in enumerate(texts):
        for char in text:
            counts[row, places[char]] += 1
    shared = np.minimum(counts[:, None], counts[None]).sum(axis=2)
    lengths = counts.sum(axis=1)
    return np.asarray(2 * shared / (lengths[:, None] + lengths[None]), np.float32)


def _said_in(each: Candidate) -> int:
    """Characters of the words that make up a candidate."""
    return sum(one.mention.evidence.end - one.mention.evidence.start for one in each.said)


def _marked(sign: Sign) -> float:
    return sign.mention.confidence if sign.marked else sign.shares[SLOTS.index(sign.mention.slot)]


def _number(each: Candidate) -> float | None:
    return float(each.value) if isinstance(each.value, int | float) else None
