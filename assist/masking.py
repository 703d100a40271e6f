"""A ticket as people may see it who must not know whom it is about: QA, exports, demonstrations. Pure.

In goes a ticket view, out comes the same view with names, numbers and addresses masked in values, transcript and texts.
Places in the transcript stay what they are, so that evidence still points to its words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from assist.ticket_view import ShownSlot, ShownText, TicketView
from extractors.catalogue import Catalogue
from extractors.dialogue import Dialogue
from extractors.privacy import SIGN, PersonalSpan, Privacy, make_privacy
from extractors.record import text_of
from extractors.ticket import Evidence, OtherMatter, Part, Value
from extractors.turn import Speaker, Turn
from extractors.understanding import compile_catalogue


class Masking:
    """Masks ticket views of one catalogue."""

    def __init__(self, privacy: Privacy, dialogue: Dialogue, personal: Collection[str]) -> None:
        self._privacy = privacy
        self._dialogue = dialogue
        self._personal = frozenset(personal)

    def masked(self, ticket: TicketView) -> TicketView:
        """``ticket`` with nothing personal left in it."""
        texts = self._texts(ticket)
        transcript = [turn.model_copy(update={"text": texts[turn.turn]}) for turn in ticket.transcript]
        return ticket.model_copy(
            update={
                "slots": {name: self._shown(name, slot, texts) for name, slot in ticket.slots.items()},
                "alerts": [replace(alert, evidence=_proofs(alert.evidence, texts)) for alert in ticket.alerts],
                "others": [self._other(other, texts) for other in ticket.others],
                "record": self._written(ticket.record, texts),
                "summary": self._written(ticket.summary, texts),
                "transcript": transcript,
            }
        )

    def _texts(self, ticket: TicketView) -> dict[int, str]:
        """The masked text of each turn: what is personal by itself, and what personal slots rest on."""
        held: dict[int, list[PersonalSpan]] = {}
        for name in self._personal & ticket.slots.keys():
            slot = ticket.slots[name]
            for proof in (*slot.evidence, *(slot.machine.evidence if slot.machine else ())):
                held.setdefault(proof.turn, []).append(PersonalSpan(proof.start, proof.end, "slot"))
        texts: dict[int, str] = {}
        asked: Mapping[Speaker, Collection[str]] = {}
        for shown in ticket.transcript:
            turn = Turn(shown.turn, shown.speaker, shown.text, shown.start, shown.end)
            expected = asked.get(Speaker.AGENT, ()) if shown.speaker is Speaker.CITIZEN else ()
            texts[shown.turn] = self._privacy.masked(turn, expected, held.get(shown.turn, ()))
            if shown.speaker is Speaker.AGENT:
                asked = {Speaker.AGENT: self._dialogue.expected(turn)}
        return texts

    def _shown(self, name: str, slot: ShownSlot, texts: Mapping[int, str]) -> ShownSlot:
        machine = slot.machine
        if machine is not None:
            machine = replace(
                machine,
                value=self._value(name, machine.value),
                evidence=_proofs(machine.evidence, texts),
                normalized=None,
            )
        return slot.model_copy(
            update={
                "value": None if slot.value is None else self._value(name, slot.value),
                "normalized": None if name in self._personal else slot.normalized,
                "evidence": list(_proofs(slot.evidence, texts)),
                "machine": machine,
            }
        )

    def _other(self, other: OtherMatter, texts: Mapping[int, str]) -> OtherMatter:
        return replace(
            other,
            announced=_proofs((other.announced,), texts)[0],
            slots={
                name: replace(
                    slot, value=self._value(name, slot.value), evidence=_proofs(slot.evidence, texts), normalized=None
                )
                for name, slot in other.slots.items()
            },
            draft=replace(
                other.draft,
                record=self._parts(other.draft.record, texts),
                summary=self._parts(other.draft.summary, texts),
            ),
        )

    def _parts(self, parts: Iterable[Part], texts: Mapping[int, str]) -> tuple[Part, ...]:
        return tuple(replace(part, text=self._part(part), evidence=_proofs(part.evidence, texts)) for part in parts)

    def _value(self, name: str, value: Value) -> Value:
        if name in self._personal:
            return SIGN * len(str(value))
        return self._privacy.masked_text(value) if isinstance(value, str) else value

    def _written(self, text: ShownText, texts: Mapping[int, str]) -> ShownText:
        parts = self._parts(text.parts, texts)
        return ShownText(text=text_of(parts), parts=list(parts))

    def _part(self, part: Part) -> str:
        if not part.filled or (part.slot is None and not part.evidence):
            return part.text
        return SIGN * len(part.text) if part.slot in self._personal else self._privacy.masked_text(part.text)


@lru_cache(maxsize=2)
def masking(catalogue: Catalogue) -> Masking:
    """By the rules of ``catalogue`` and what its slots say is personal."""
    known = compile_catalogue(catalogue)
    personal = [slot.name for slot in catalogue.slots.values() if slot.personal]
    return Masking(make_privacy(catalogue, known.extractors), known.dialogue, personal)


def _proofs(evidence: Iterable[Evidence], texts: Mapping[int, str]) -> tuple[Evidence, ...]:
    return tuple(replace(proof, text=texts.get(proof.turn, "")[proof.start : proof.end]) for proof in evidence)
