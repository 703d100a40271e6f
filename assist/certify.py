"""Dispatch held against judged tickets: what every threshold dispatches, how often it is wrong, what can be certified.

Pure but for understanding itself. What is certified, and how, says `extractors.matching.certificate`.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from assist.bench.gold import CALL_TIME
from assist.bench.mishearing import homophones, mishear
from assist.judged_tickets import JudgedTicket, tickets_hash
from extractors.catalogue.knowledge import Catalogue
from extractors.matching.certificate import Judged, Point, certified, curve
from extractors.matching.dispatch_certificate import Certificate, Text, state
from extractors.repair.hearing import load_hearing
from extractors.turn import Turn
from extractors.understanding import Understanding
from models.trigrams import load_trigrams

# Thresholds from the strictest to the loosest: even steps of log-odds from 7 (99.9 %) to 0 (50 %), fixed for good.
GRID = tuple(1 / (1 + math.exp(-step / 10)) for step in range(70, -1, -1))
SEED = 20251125

Heard = Callable[[JudgedTicket], tuple[Turn, ...]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What dispatch told of a ticket: ``unit`` with ``confidence``, 0 where none can be dispatched; ``template``: the
    one that was taken to fit best.
    """

    ticket: JudgedTicket
    unit: str
    confidence: float
    template: str
    alternatives: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the unit is one of the ticket's."""
        return self.unit in self.ticket.units

    @property
    def close(self) -> bool:
        """Whether a right unit is told as an alternative: another of those that may handle the matter."""
        return not self.right and any(unit in self.ticket.units for unit in self.alternatives)

    @property
    def judged(self) -> Judged:
        """As the certificate sees it."""
        return Judged(self.confidence, self.right)


@dataclass(frozen=True)
class Certification:
    """Outcomes of the tickets that calibrate and of those that only check, and the ``point`` that passed, if any."""

    text: Text
    calibration: Sequence[Outcome]
    check: Sequence[Outcome]
    error: float
    confidence: float

    @property
    def point(self) -> Point | None:
        """The loosest threshold that passes on the calibrating tickets."""
        return certified([one.judged for one in self.calibration], GRID, self.error, self.confidence)

    def checked(self, threshold: float) -> Point:
        """What ``threshold`` does on the tickets that only check."""
        [point] = curve([one.judged for one in self.check], [threshold], self.confidence)
        return point

    def curve(self) -> list[Point]:
        """What each threshold dispatches of all tickets, strictest first."""
        return curve([one.judged for one in self.outcomes], GRID, self.confidence)

    def units(self, threshold: float) -> list[dict[str, Any]]:
        """By the unit that handles a ticket: tickets, units told rightly, dispatched, wrong among these."""
        counts: dict[str, Counter[str]] = {}
        for one in self.outcomes:
            count = counts.setdefault(one.ticket.units[0] if one.ticket.units else "–", Counter())
            dispatched = one.confidence >= threshold
            count.update(
                tickets=1, right=int(one.right), dispatched=int(dispatched), wrong=int(dispatched and not one.right)
            )
        order = sorted(counts, key=lambda unit: (-counts[unit]["tickets"], unit))
        return [{"unit": unit, **{name: counts[unit][name] for name in _COUNTS}} for unit in order]

    @property
    def outcomes(self) -> list[Outcome]:
        """All tickets."""
        return [*self.calibration, *self.check]

    def wrong(self, threshold: float) -> list[Outcome]:
        """What is dispatched wrongly, surest first."""
        wrong = [one for one in self.outcomes if one.confidence >= threshold and not one.right]
        return sorted(wrong, key=lambda one: -one.confidence)

    def certificate(self, catalogue: Catalogue, calibrated_on: str) -> Certificate | None:
        """The certificate, if a threshold passed."""
        if (point := self.point) is None:
            return None
        return Certificate(
            text=self.text,
            threshold=round(point.threshold, 6),
            error=self.error,
            confidence=self.confidence,
            tickets=point.of,
            selected=point.selected,
            errors=point.errors,
            bound=round(point.bound, 6),
            date=f"{datetime.now(UTC):%Y-%m-%d}",
            catalogue=f"{catalogue.name} {catalogue.version}",
            belongs_to=state(catalogue),
            calibrated_on=calibrated_on,
            tickets_hash=tickets_hash([one.ticket for one in self.calibration]),
        )


_COUNTS = ("tickets", "right", "dispatched", "wrong")


def told(
    tickets: Iterable[JudgedTicket],
    catalogue: Catalogue,
    heard: Heard | None = None,
    done: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """What dispatch tells at the end of each ticket's call; ``heard`` makes of a ticket what a recogniser would."""
    known = {unit.name for unit in catalogue.units.values()}
    outcomes = []
    for ticket in tickets:
        understood = Understanding(catalogue, CALL_TIME).ticket(heard(ticket) if heard else ticket.turns)
        dispatch = understood.dispatch
        unit = dispatch.unit if dispatch else ""
        confidence = dispatch.confidence if dispatch and unit in known else 0.0
        best = understood.templates[0] if understood.templates else None
        others = dispatch.alternatives if dispatch else ()
        outcomes.append(Outcome(ticket, unit, confidence, f"{best.code} {best.title}" if best else "", others))
        done()
    return outcomes


def reached(tickets: Iterable[JudgedTicket], catalogue: Catalogue) -> list[JudgedTicket]:
    """``tickets`` as this catalogue dispatches them: whoever names a company that tickets reach through the department
    that oversees it (rule ``oversight``) names that department too.
    """
    through: Mapping[str, str] = catalogue.rules("dispatch")["oversight"]
    return [
        replace(
            one, units=tuple(dict.fromkeys((*one.units, *(through[unit] for unit in one.units if unit in through))))
        )
        for one in tickets
    ]


def mishearing(catalogue: Catalogue, share: float) -> Heard:
    """Hears ``share`` of a ticket's characters as others of the same sound, or not at all, and repairs names as the
    recogniser does: a stand-in for recordings.
    """
    texts = (text for one in catalogue.templates for text in (one.title, one.when, *one.phrasings))
    sounds = homophones(texts)
    hearing = load_hearing(catalogue, load_trigrams())

    def hear(ticket: JudgedTicket) -> tuple[Turn, ...]:
        chance = random.Random(SEED ^ int.from_bytes(ticket.digest[:8]))
        said: list[str] = []
        turns = []
        for turn in ticket.turns:
            text = mishear(turn.text, share, sounds, chance)
            for one in reversed(hearing.repairs(text, tuple(said))):
                text = text[: one.start] + one.text + text[one.end :]
            said.append(text)
            turns.append(replace(turn, text=text, times=((0.0, 0.0),) * len(text)))
        return tuple(turns)

    return hear
