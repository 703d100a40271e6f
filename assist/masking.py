"""A ticket as people may see it who must not know whom it is about: QA, exports, demonstrations. Pure.

In goes a ticket view, out comes the same view with names, numbers and addresses masked in values, transcript and texts.
Places in the transcript stay what they are, so that evidence still points to its words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from assist.ticket_view import ShownSlot, ShownText, ShownTurn, TicketView
from extractors.catalogue.knowledge import Catalogue
from extractors.compiled import compile_catalogue
from extractors.conversation.dialogue import Dialogue
from extractors.safety.privacy import SIGN, PersonalSpan, Privacy, make_privacy
from extractors.ticket import Choice, Draft, Evidence, OtherMatter, Part, SlotValue, Value
from extractors.turn import Speaker, Turn
from extractors.writing.record import text_of


class Texts(dict[int, str]):
    """The masked text of each turn. ``names`` are those that were masked in them: a value may be such a name alone."""

    names: frozenset[str] = frozenset()


class Masking:
    """Masks ticket views of one catalogue."""

    def __init__(self, privacy: Privacy, dialogue: Dialogue, personal: Collection[str]) -> None:
        self._privacy = privacy
        self._dialogue = dialogue
        self._personal = frozenset(personal)

    def masked(self, ticket: TicketView) -> TicketView:
        """``ticket`` with nothing personal left in it."""
        resting = [(name, proof) for name, slot in ticket.slots.items() for proof in _all_proofs(slot)]
        resting += resting_on(ticket.others)
        texts = self.texts(ticket.transcript, resting)
        transcript = [turn.model_copy(update={"text": texts[turn.turn], "heard": ""}) for turn in ticket.transcript]
        return ticket.model_copy(
            update={
                "slots": {name: self._shown(name, slot, texts) for name, slot in ticket.slots.items()},
                "alerts": [replace(alert, evidence=proofs(alert.evidence, texts)) for alert in ticket.alerts],
                "others": [self.other(other, texts) for other in ticket.others],
                "record": self._written(ticket.record, texts),
                "summary": self._written(ticket.summary, texts),
                "transcript": transcript,
            }
        )

    def texts(self, turns: Iterable[ShownTurn], resting: Iterable[tuple[str, Evidence]]) -> Texts:
        """The masked text of each turn: what is personal by itself, as shown or as it was heard, and what personal
        slots rest on (``resting``: slots with their proofs).
        """
        held: dict[int, list[PersonalSpan]] = {}
        for name, proof in resting:
            if name in self._personal:
                held.setdefault(proof.turn, []).append(PersonalSpan(proof.start, proof.end, "slot"))
        texts, names = Texts(), set[str]()
        asked: Mapping[Speaker, Collection[str]] = {}
        for shown in turns:
            turn = Turn(shown.turn, shown.speaker, shown.text, shown.start, shown.end, heard=shown.heard)
            expected = asked.get(Speaker.AGENT, ()) if shown.speaker is Speaker.CITIZEN else ()
            both = dict.fromkeys((turn, turn.as_heard))
            found = self._privacy.find(turn, expected)
            names |= {turn.text[span.start : span.end] for span in found if span.kind == "name"}
            either = [self._privacy.masked(one, expected, held.get(shown.turn, ())) for one in both]
            texts[shown.turn] = "".join(SIGN if SIGN in pair else pair[0] for pair in zip(*either, strict=True))
            if shown.speaker is Speaker.AGENT:
                asked = {Speaker.AGENT: self._dialogue.expected(turn)}
        texts.names = frozenset(name for name in names if len(name) > 1)  # one character alone may be anything
        return texts

    def _shown(self, name: str, slot: ShownSlot, texts: Texts) -> ShownSlot:
        """What the agent wrote and what the machine heard may be alike once masked. Then the words that prove the
        machine's value stand with both, as `ticket_view.view` has it for equal values: that the two differ is not told.
        """
        value = None if slot.value is None else self.value(name, slot.value, texts)
        machine = None if slot.machine is None else self.slot(name, slot.machine, texts)
        alike = machine if machine is not None and machine.value == value else None
        return slot.model_copy(
            update={
                "value": value,
                "normalized": None if name in self._personal else slot.normalized,
                "evidence": list(proofs(slot.evidence, texts) if alike is None else alike.evidence),
                "machine": machine,
            }
        )

    def slot(self, name: str, slot: SlotValue, texts: Texts) -> SlotValue:
        """The machine's value of slot ``name``."""
        normalized = None if name in self._personal else slot.normalized
        value, evidence = self.value(name, slot.value, texts), proofs(slot.evidence, texts)
        return replace(slot, value=value, evidence=evidence, normalized=normalized)

    def other(self, other: OtherMatter, texts: Texts) -> OtherMatter:
        """A further matter of the call."""
        return replace(
            other,
            announced=proofs((other.announced,), texts)[0],
            slots={name: self.slot(name, slot, texts) for name, slot in other.slots.items()},
            request_type=choice(other.request_type, texts),
            domain=choice(other.domain, texts),
            draft=self.draft(other.draft, texts),
        )

    def draft(self, draft: Draft, texts: Texts) -> Draft:
        """What the machine would write."""
        return replace(draft, record=self._parts(draft.record, texts), summary=self._parts(draft.summary, texts))

    def _parts(self, parts: Iterable[Part], texts: Texts) -> tuple[Part, ...]:
        return tuple(
            replace(part, text=self._part(part, texts), evidence=proofs(part.evidence, texts)) for part in parts
        )

    def value(self, name: str, value: Value, texts: Texts) -> Value:
        """What slot ``name`` holds."""
        if name in self._personal:
            return SIGN * len(str(value))
        return self._free(value, texts) if isinstance(value, str) else value

    def _free(self, text: str, texts: Texts) -> str:
        """A text nobody in particular said, with the names of the call."""
        for name in texts.names:
            text = text.replace(name, SIGN * len(name))
        return self._privacy.masked_text(text)

    def _written(self, text: ShownText, texts: Texts) -> ShownText:
        parts = self._parts(text.parts, texts)
        return ShownText(text=text_of(parts), parts=list(parts))

    def _part(self, part: Part, texts: Texts) -> str:
        if not part.filled or (part.slot is None and not part.evidence):
            return part.text
        return SIGN * len(part.text) if part.slot in self._personal else self._free(part.text, texts)


@lru_cache(maxsize=2)
def masking(catalogue: Catalogue) -> Masking:
    """By the rules of ``catalogue`` and what its slots say is personal."""
    known = compile_catalogue(catalogue)
    personal = [slot.name for slot in catalogue.slots.values() if slot.personal]
    return Masking(make_privacy(catalogue, known.extractors), known.dialogue, personal)


def proofs(evidence: Iterable[Evidence], texts: Texts) -> tuple[Evidence, ...]:
    """The same places, with the words that stand there in ``texts``."""
    return tuple(replace(proof, text=texts.get(proof.turn, "")[proof.start : proof.end]) for proof in evidence)


def choice(found: Choice | None, texts: Texts) -> Choice | None:
    """One of a closed set, with masked proof."""
    return None if found is None else replace(found, evidence=proofs(found.evidence, texts))


def resting_on(others: Iterable[OtherMatter]) -> list[tuple[str, Evidence]]:
    """The slots of further matters with what they rest on."""
    return [(name, proof) for other in others for name, slot in other.slots.items() for proof in slot.evidence]


def _all_proofs(slot: ShownSlot) -> tuple[Evidence, ...]:
    return (*slot.evidence, *(slot.machine.evidence if slot.machine else ()))
