"""What a slot holds once the call is over: what was shown so far and the scribe's line in, the likelier value out.

Both are proposals, and each has a probability from a small logistic model (``models/scribe/trust.yaml``, made by
`scripts/train scribe_trust`): of how sure the one and the other were, and whether they agree. A line counts for nothing
unless words of the call prove it (`extractors.slots.grounding`), and of a time, sum or number unless they say just
that.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, TypeAlias

import yaml

import models
from extractors.slots.grounding import grounds
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.slots.page import RecordLine, plain
from extractors.text.cues import by_sound
from extractors.text.numerals import in_figures
from extractors.ticket import SlotValue, Value
from extractors.turn import Speaker, Turn

WEIGHTS = models.SCRIBE / "trust.yaml"
WORDED = frozenset({"subject", "demand"})
_ALIKE = 0.6  # F1 of the characters from which two wordings are of one thing
_SAME = 0.6  # share of the longer of two values told in a few words that the shorter must be
_PROVED = 0.5  # share of a line's characters that words of the call have to prove
_HIGHEST = 0.97
_OF_PEOPLE = re.compile("[人名位]$")
_HAN = re.compile("[\u4e00-\u9fff]")
_LONGEST = 200  # characters of a wording: more is no value but a text
_FLOOR = 0.02  # probability of what nobody proposed

Situation: TypeAlias = Literal["both", "line", "other", "alone"]
"""The scribe and the rest agree; its line; the other value where its line says another, or where it says none."""
SITUATIONS: tuple[Situation, ...] = ("both", "line", "other", "alone")
Read: TypeAlias = Callable[[Marked, Turn], Mention | None]
"""What the slot's own grammar reads off marked words."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value a slot may hold, in which situation, with the probability of the scribe's line and of the other value."""

    value: SlotValue
    situation: Situation
    line: float
    own: float

    def row(self) -> list[float]:
        """The inputs of the model: for each of `SITUATIONS` one, and the log-odds of ``line`` and ``own``."""
        told = (1.0, _logit(self.line), _logit(self.own))
        return [number if one == self.situation else 0.0 for one in SITUATIONS for number in told]


class Settling:
    """Weighs proposals. ``data`` has, for each slot of which lines count, its ``weights`` in the order of
    `Proposal.row`, and in ``least`` from which probability on a value is shown. Raises KeyError for data that lack one
    of these.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._weights = {slot: tuple(map(float, row)) for slot, row in data["weights"].items()}
        self._least = {slot: float(data["least"][slot]) for slot in self._weights}

    @property
    def slots(self) -> frozenset[str]:
        """The slots of which lines count."""
        return frozenset(self._weights)

    def settled(self, slot: str, shown: SlotValue | None, proposals: Sequence[Proposal]) -> SlotValue | None:
        """What ``slot`` holds of what is ``shown`` and of the ``proposals``; None where nothing is likely enough."""
        if slot not in self._weights:
            return shown
        sure = [(self._probability(slot, one), one.value) for one in proposals]
        best = max(sure, key=lambda one: one[0], default=None)
        if best is None or best[0] < self._least[slot]:
            return None
        return replace(best[1], confidence=round(min(_HIGHEST, best[0]), 3))

    def _probability(self, slot: str, proposal: Proposal) -> float:
        total = sum(weight * value for weight, value in zip(self._weights[slot], proposal.row(), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def proposals(
    slot: str,
    line: RecordLine,
    shown: SlotValue | None,
    others: Sequence[SlotValue],
    turns: Sequence[Turn],
    read: Read,
) -> list[Proposal]:
    """What ``slot`` may hold by the scribe's ``line``, and by what is ``shown`` or, where nothing is, may be shown: the
    first of ``others``, all that may, likeliest first.
    """
    own = shown or (others[0] if others else None)
    if not line.text:
        return beside(line, own, None)
    known = [*([shown] if shown else ()), *others]
    written = _worded(line, known, turns) if slot in WORDED else _told(slot, line, known, turns, read)
    same = alike if slot in WORDED else _same
    agree = own is not None and written is not None and same(own.value, written.value)
    return beside(line, own, written, agree=agree)


def beside(
    line: RecordLine, own: SlotValue | None, written: SlotValue | None, *, agree: bool = False
) -> list[Proposal]:
    """What is ``written`` by the ``line`` (None where it tells of no value, or nothing proves it) beside the ``own``
    value; one proposal where they ``agree``.
    """
    if written is None:
        situation: Situation = "other" if line.text else "alone"
        return [Proposal(own, situation, line.probability, own.confidence)] if own else []
    if own is None:
        return [Proposal(written, "line", line.probability, _FLOOR)]
    if agree:
        return [Proposal(written, "both", line.probability, own.confidence)]
    return [
        Proposal(written, "line", line.probability, own.confidence),
        Proposal(own, "other", line.probability, own.confidence),
    ]


def _worded(line: RecordLine, known: Sequence[SlotValue], turns: Sequence[Turn]) -> SlotValue | None:
    """The line as it stands, with the words that prove it; None where too few do, or none its numbers."""
    proof = grounds(line.text, turns)
    proved = proof.told and proof.share >= _PROVED and proof.evidence
    if not proved or len(line.text) > _LONGEST or not _HAN.search(line.text):
        return None
    confirmed = any(one.confirmed and alike(one.value, line.text) for one in known)
    return SlotValue(line.text, line.probability, proof.evidence, confirmed=confirmed)


def _told(
    slot: str, line: RecordLine, known: Sequence[SlotValue], turns: Sequence[Turn], read: Read
) -> SlotValue | None:
    """The value that says what the line does: one that is known, or what the slot's grammar reads where it is said."""
    same = [one for one in known if _same(one.value, line.text)]
    if same:
        return next((one for one in same if _figures(one.value) == _figures(line.text)), same[0])
    for turn in sorted(turns, key=lambda one: (one.speaker is not Speaker.CITIZEN, -one.id)):
        for found in re.finditer(re.escape(by_sound(line.text)), by_sound(turn.text)):
            mention = read(Marked(slot, *found.span(), line.probability), turn)
            if mention is not None and mention.slot == slot and _same(mention.value, line.text):
                return SlotValue(mention.value, line.probability, (mention.evidence,), mention.normalized)
    return None


def _same(one: Value, other: Value) -> bool:
    """Whether two values told in a few words mean the same; one may be told more fully, but not another number."""
    left, right = sorted((_figures(one), _figures(other)), key=len)
    if not left or len(left) < _SAME * len(right):
        return False
    return re.search(rf"(?<![\d.]){re.escape(left)}(?![\d.])", right) is not None


def _figures(value: Value) -> str:
    return _OF_PEOPLE.sub("", in_figures(plain(value)))


def alike(one: Value, other: Value) -> bool:
    """Whether two wordings are of one thing, as far as their characters tell."""
    left, right = Counter(str(one)), Counter(str(other))
    return 2 * (left & right).total() >= _ALIKE * (left.total() + right.total())


def _logit(probability: float) -> float:
    within = min(1 - 1e-3, max(1e-3, probability))
    return math.log(within / (1 - within))


@cache
def load_settling() -> Settling:
    """The weights that ship. Raises `models.ModelError` where the file is missing or damaged."""
    with models.explained():
        return Settling(yaml.safe_load(WEIGHTS.read_text(encoding="utf-8")))
