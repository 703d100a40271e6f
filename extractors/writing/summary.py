"""A short summary of a call in the caller's own words: turns, slots and matched words in, parts with evidence out.

Between fixed frame words (``catalog/rules/record.yaml``) stand only clauses the caller said and values of the ticket,
each with the place in the call it rests on: there is no word without evidence. The clauses are those that hold most of
the words by which the template was found; greetings, numbers and read-backs are left out. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.conversation.dialogue import Dialogue
from extractors.text.cues import Cues
from extractors.ticket import Evidence, Part, SlotValue
from extractors.turn import Speaker, Turn
from extractors.writing.record import value_text

_CLAUSE = re.compile(r"[^，,。？！?!；;]+")
_ASIDE = ("phone", "caller_name", "id_no", "confidential", "callback_time", "demand")  # told elsewhere or not at all
_FULL = 9  # characters: what is shorter tells less


@dataclass(frozen=True, slots=True)
class _Clause:
    """Characters ``start:end`` of turn ``turn``: the ``place``-th clause of the call, so much to the point."""

    turn: Turn
    start: int
    end: int
    place: int
    worth: float


class Summaries:
    """Writes the summary of any call."""

    def __init__(self, dialogue: Dialogue, rules: Mapping[str, Any], labels: Mapping[str, str]) -> None:
        self._dialogue = dialogue
        self._labels = labels
        self._frame: Mapping[str, Any] = rules
        self._clauses, self._most = int(rules["clauses"]), int(rules["most"])
        self._least_length, self._most_length = rules["length"]
        self._leave_out = Cues(rules["leave_out"], sound=False)
        self._announce = Cues(rules["announce"], sound=False, start=True)

    def write(
        self,
        turns: Sequence[Turn],
        slots: Mapping[str, SlotValue],
        request_type: str | None,
        matched: Sequence[str],
    ) -> tuple[Part, ...]:
        """The summary; empty while nothing of the matter was said. ``matched``: words to the point, best first."""
        clauses = self._chosen(turns, slots, matched)
        if not clauses:
            return ()
        frame = self._frame
        caller = slots.get("caller_name")
        parts = [_value("caller_name", caller, self._labels) if caller else Part(frame["caller"])]
        parts.append(Part(frame["verbs"].get(request_type, frame["verb"])))
        for number, clause in enumerate(clauses):
            if number:
                parts.append(Part(frame["between"]))
            proof = Evidence.of(clause.turn, clause.start, clause.end)
            parts.append(Part(self._dialogue.clean(proof.text), evidence=(proof,)))
        told = [part.evidence[0] for part in parts if part.slot is None and part.evidence]
        for name, words in (
            ("address", "place"),
            ("occurred_at", "time"),
            ("duration", "duration"),
            ("demand", "demand"),
        ):
            for slot in (name, "street", "district") if name == "address" else (name,):
                held = slots.get(slot)
                if held is not None:
                    if not _covered(held, told):
                        parts += [Part(frame[words]), _value(slot, held, self._labels)]
                    break
        return (*parts, Part(frame["end"]))

    def _chosen(self, turns: Sequence[Turn], slots: Mapping[str, SlotValue], matched: Sequence[str]) -> list[_Clause]:
        aside = [proof for name in _ASIDE if name in slots for proof in slots[name].evidence]
        place = slots["address"].evidence if "address" in slots else ()
        best = sorted(self._candidates(turns, aside, place, matched), key=lambda one: (-one.worth, one.place))
        chosen: list[_Clause] = []
        length = 0
        for clause in best[: self._clauses]:
            if chosen and length + clause.end - clause.start > self._most:
                continue
            chosen.append(clause)
            length += clause.end - clause.start
        return sorted(chosen, key=lambda one: one.place)

    def _candidates(
        self,
        turns: Sequence[Turn],
        aside: Sequence[Evidence],
        place_words: Sequence[Evidence],
        matched: Sequence[str],
    ) -> Iterator[_Clause]:
        place = 0
        told: set[str] = set()
        for turn in turns:
            if turn.speaker is not Speaker.CITIZEN:
                continue
            for found in _CLAUSE.finditer(turn.text):
                place += 1
                start, end = self._trimmed(turn.text, *found.span())
                said = self._dialogue.clean(turn.text[start:end])
                if not self._least_length <= len(said) <= self._most_length or said in told:
                    continue
                if self._leave_out.match(said) or _touches(turn, start, end, aside):
                    continue
                worth = sum(1 / (rank + 1) for rank, word in enumerate(matched) if word in said)
                worth *= min(1.0, len(said) / _FULL) * (0.5 if _touches(turn, start, end, place_words) else 1.0)
                if worth:
                    told.add(said)
                    yield _Clause(turn, start, end, place, worth)

    def _trimmed(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The clause without the words that announce it."""
        while (found := self._announce.search(text[start:end])) is not None and found.end():
            start += found.end()
        return start, end


def _value(name: str, held: SlotValue, labels: Mapping[str, str]) -> Part:
    return Part(value_text(held.value), name, evidence=held.evidence, label=labels.get(name, name))


def _touches(turn: Turn, start: int, end: int, proofs: Iterable[Evidence]) -> bool:
    return any(proof.turn == turn.id and proof.start < end and start < proof.end for proof in proofs)


def _covered(held: SlotValue, told: Iterable[Evidence]) -> bool:
    """Whether the clauses hold these words already."""
    told = list(told)
    return bool(held.evidence) and all(
        any(one.turn == proof.turn and one.start <= proof.start and proof.end <= one.end for one in told)
        for proof in held.evidence
    )
