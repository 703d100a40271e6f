"""The ticket: every value with its confidence and the words that prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from extractors.turn import Turn

Value: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a value rests on: characters ``start:end`` of turn ``turn``, said ``from_s`` to ``to_s`` seconds."""

    turn: int
    start: int
    end: int
    text: str
    from_s: float
    to_s: float

    @classmethod
    def of(cls, turn: Turn, start: int, end: int) -> Evidence:
        """The characters ``start:end`` of ``turn`` as evidence."""
        from_s, to_s = turn.seconds(start, end)
        return cls(turn.id, start, end, turn.text[start:end], round(from_s, 2), round(to_s, 2))


@dataclass(frozen=True, slots=True)
class SlotValue:
    """A filled slot. ``confidence`` is a probability; ``confirmed``: the other party let a read-back stand.

    ``normalized`` is the machine form where it differs from how a ticket writes the value: for ``occurred_at`` an
    ISO 8601 interval, for ``address`` nothing.
    """

    value: Value
    confidence: float
    evidence: tuple[Evidence, ...]
    normalized: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed set (request type, domain, unit) with its probability and the words that speak for it."""

    value: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedTemplate:
    """A record template that may fit. ``matched`` are words of the call that speak for it."""

    code: str
    title: str
    domain: str
    request_type: str
    probability: float
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A possible answer to a question: the value it sets and how it reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next. ``slot``: a required slot that is still empty, or ``template`` or ``request_type`` where the
    answer decides between the ``options`` (codes of templates, request types). ``apart``: what tells them apart.
    """

    slot: str
    text: str
    options: tuple[Option, ...] = ()
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """What to tell the caller about the matter, and who answers for it. ``valid_until``: ISO date, the last day."""

    code: str
    question: str
    answer: str
    source: str
    owner: str
    valid_until: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text written for the agent: words of a template or frame (no ``slot``, no evidence), words of the
    caller, the value of a ``slot``, or a gap where that is not ``filled`` (``text`` is then its ``label``).
    """

    text: str
    slot: str | None = None
    filled: bool = True
    evidence: tuple[Evidence, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the machine would write: the record text of ``template`` (a code; empty: none fits) and a summary."""

    template: str = ""
    record: tuple[Part, ...] = ()
    summary: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The unit that should handle the matter. ``decision``: ``suggest`` (sure enough to dispatch), ``ask``
    (``question`` would decide) or ``abstain``.

    ``certified``: the error rate that suggestions are certified to keep to (0.0181: at most 1.81 %, with 95 %
    confidence, for tickets like those the certificate was made with); None where nothing is certified.
    """

    unit: str
    confidence: float
    decision: str
    alternatives: tuple[str, ...] = ()
    certified: float | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that cannot wait: ``kind`` is ``110``, ``119``, ``120``, ``language`` or ``confidential``."""

    kind: str
    text: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherMatter:
    """A second ticket of the same call. ``announced``: the words that say there is another matter. ``slots`` are its
    own, the caller's, and the place of the first matter where it names none.
    """

    announced: Evidence
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    request_type: Choice | None = None
    domain: Choice | None = None
    templates: Sequence[RankedTemplate] = ()
    dispatch: Dispatch | None = None
    draft: Draft = field(default_factory=Draft)


@dataclass(frozen=True, slots=True)
class Ticket:
    """All that is known after the turns so far."""

    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    request_type: Choice | None = None
    domain: Choice | None = None
    templates: Sequence[RankedTemplate] = ()
    dispatch: Dispatch | None = None
    questions: Sequence[Question] = ()
    alerts: Sequence[Alert] = ()
    draft: Draft = field(default_factory=Draft)
    guides: Sequence[Guide] = ()
    others: Sequence[OtherMatter] = ()
