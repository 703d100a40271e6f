"""How well understanding does: calls with gold tickets in, figures on true text and on what was recognised out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from asr.metrics import percentile
from assist.bench.baselines import BASELINES
from assist.bench.bootstrap import Figure
from assist.bench.gold import Call
from assist.bench.tickets import CONFIDENCES, Scored, Tally, scored
from extractors.catalogue.knowledge import Catalogue
from extractors.compiled import compile_catalogue
from extractors.matching.dispatch_certificate import claimed
from extractors.ticket import Ticket
from extractors.turn import Turn
from extractors.understanding import Understanding

NAMED = (
    "slot_f1",
    "phone_exact",
    "district",
    "street",
    "request_type",
    "domain",
    "template_at_1",
    "template_at_5",
    "keystrokes_saved",
    "false_fill",
)
"""The figures that the JSON file holds of each kind of text."""


@dataclass(frozen=True)
class Report:
    """Figures on true text and, where calls were recognised, on recognised text; times of updates in milliseconds, of
    reading calls that are over in seconds (none where no scribe does).

    ``versus``: by baseline, the same of it (true text, recognised). ``certified_error``: the bound that dispatch is
    certified to hold; None where no certificate belongs to the catalogue. ``top_changes``: how often the template shown
    first changed, one number a call and kind of text.
    """

    text: Tally
    asr: Tally | None
    update_ms: Sequence[float]
    certified_error: float | None = None
    top_changes: Sequence[int] = ()
    closing_s: Sequence[float] = ()
    versus: Mapping[str, tuple[Tally, Tally | None]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The figures under the names that comparisons look for; what has no cases is null."""
        return {
            "text": _named(self.text),
            "asr": _named(self.asr) if self.asr else None,
            "dispatch": {
                "coverage": self.text.rate("dispatch_coverage").value,
                "certified_error": self.certified_error,
            },
            "update_ms_p95": round(percentile(self.update_ms, 0.95), 2) if self.update_ms else None,
        }

    def to_markdown(self) -> str:
        """All figures with their 95 % intervals as Markdown tables."""
        text, asr = self.text.figures(), self.asr.figures() if self.asr else {}
        lines = ["| measure | cases | true text | cases | recognised |", "| --- | ---: | ---: | ---: | ---: |"]
        for name, one in text.items():
            other = asr.get(name, Figure(None))
            lines.append(f"| {name} | {one.cases} | {one} | {other.cases} | {other} |")
        lines += ["", "| slot | gold | precision | recall | F1 | recognised: precision | recall | F1 |"]
        lines.append("| --- |" + " ---: |" * 7)
        for slot in self.text.slot_names:
            ours = self.text.slot(slot)
            theirs = self.asr.slot(slot) if self.asr else {}
            cells = [str(ours["recall"].cases), *(str(ours[key]) for key in ("precision", "recall", "f1"))]
            cells += [str(theirs.get(key, Figure(None))) for key in ("precision", "recall", "f1")]
            lines.append(f"| {slot} | {' | '.join(cells)} |")
        lines += ["", "| values from a confidence of | shown | wrong | F1 | recognised: shown | wrong | F1 |"]
        lines.append("| ---: |" + " ---: |" * 6)
        lines += [f"| {least:g} | {' | '.join(map(str, cells))} |" for least, cells in self.by_confidence()]
        if self.versus:
            lines += ["", "| baseline | measure | true text: baseline | ours | recognised: baseline | ours |"]
            lines += ["| --- | --- |" + " ---: |" * 4]
            lines += [f"| {' | '.join(map(str, row))} |" for row in self.beside()]
        lines += [
            "",
            f"{len(self.text.calls)} calls, {len(self.asr.calls) if self.asr else 0} of them recognised. Update of the "
            f"whole ticket after a turn: p50 {percentile(self.update_ms, 0.5):.2f} ms, "
            f"p95 {percentile(self.update_ms, 0.95):.2f} ms. While they went on, the template shown first changed "
            f"{sum(self.top_changes)} times in {len(self.top_changes)} transcripts.",
        ]
        lines[-1] += (
            f" Reading a call that was over: p50 {percentile(self.closing_s, 0.5):.2f} s, "
            f"p95 {percentile(self.closing_s, 0.95):.2f} s."
            if self.closing_s
            else " No call was read as a whole when it was over."
        )
        return "\n".join(lines)

    def by_confidence(self) -> list[tuple[float, list[Figure]]]:
        """From each confidence on: the share of the values shown that have it, wrong ones among them, and slot F1 if no
        others were shown, on true text and the same on recognised.
        """
        rows = []
        for least in CONFIDENCES:
            cells = [*self.text.sure(least).values()]
            cells += self.asr.sure(least).values() if self.asr else [Figure(None)] * 3
            rows.append((least, cells))
        return rows

    def beside(self) -> list[tuple[str, str, Figure, Figure, Figure, Figure]]:
        """Baseline, measure, and its figures beside ours: baseline and ours on true text, the same on recognised."""
        rows = []
        for name, (text, asr) in self.versus.items():
            for measure in BASELINES[name].measures:
                cells = [measure_of(one, measure) for one in (text, self.text, asr, self.asr)]
                rows.append((name, measure, cells[0], cells[1], cells[2], cells[3]))
        return rows


def measure_of(tally: Tally | None, measure: str) -> Figure:
    """A rate, or ``slot:figure`` such as ``occurred_at:f1``."""
    if tally is None:
        return Figure(None)
    slot, _, figure = measure.partition(":")
    return tally.slot(slot)[figure] if figure else tally.rate(measure)


def run(
    calls: Sequence[Call],
    catalogue: Catalogue,
    heard: Mapping[str, Sequence[Turn]] | None = None,
    versus: Sequence[str] = (),
    done: Callable[[], None] = lambda: None,
    scribe: bool = True,
) -> Report:
    """Measures ``calls``; ``heard`` holds the recognised turns by call id, of as many calls as were recognised.

    ``versus`` names `BASELINES`; ``done`` is called after each call; ``scribe``: whether calls that are over are read
    as a whole. Raises `baselines.MissingPackageError`.
    """
    baselines = {name: BASELINES[name].make(catalogue) for name in versus}
    compile_catalogue(catalogue)
    ours: tuple[list[Scored], list[Scored]] = ([], [])
    theirs: dict[str, tuple[list[Scored], list[Scored]]] = {name: ([], []) for name in versus}
    times = _Times()
    for call in calls:
        for kind, turns in enumerate((call.turns, (heard or {}).get(call.id))):
            if turns is None:
                continue
            ours[kind].append(scored(call, turns, _understood(call, turns, catalogue, times, scribe), catalogue))
            for name, baseline in baselines.items():
                theirs[name][kind].append(scored(call, turns, baseline(turns, call.started_at), catalogue))
        done()
    certificate = claimed(catalogue).get("written")
    return Report(
        Tally(ours[0]),
        Tally(ours[1]) if ours[1] else None,
        times.updates,
        certificate.error if certificate else None,
        top_changes=times.changes,
        closing_s=times.closings,
        versus={name: (Tally(one), Tally(other) if other else None) for name, (one, other) in theirs.items()},
    )


@dataclass
class _Times:
    """Milliseconds of updates, seconds of reading whole calls, and how often the first template changed in each."""

    updates: list[float] = field(default_factory=list)
    closings: list[float] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)


def _understood(call: Call, turns: Sequence[Turn], catalogue: Catalogue, times: _Times, scribe: bool) -> Ticket:
    """The ticket when the call is over, made turn by turn as in a call."""
    understanding = Understanding(catalogue, call.started_at)
    ticket = Ticket()
    tops: list[str] = []
    for number in range(len(turns)):
        before = time.perf_counter()
        ticket = understanding.ticket(turns[: number + 1], held=tops[-1] if tops else None)
        times.updates.append((time.perf_counter() - before) * 1000)
        tops += [template.code for template in ticket.templates[:1]]
    times.changes.append(sum(one != other for one, other in pairwise(tops)))
    if scribe:
        before = time.perf_counter()
        if lines := understanding.lines(turns):
            ticket = understanding.ticket(turns, held=tops[-1] if tops else None, lines=lines)
            times.closings.append(time.perf_counter() - before)
    return ticket


def _named(tally: Tally) -> dict[str, Any]:
    figures = tally.figures()
    slots = {}
    for slot in tally.slot_names:
        one = tally.slot(slot)
        slots[slot] = {
            **{name: one[name].value for name in ("precision", "recall", "f1")},
            "gold": one["recall"].cases,
            "filled": one["precision"].cases,
        }
    return {**{name: figures[name].value for name in NAMED}, "slots": slots}
