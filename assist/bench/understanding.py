"""How well understanding does: calls with gold tickets in, figures on their true text and on what was recognised out.

Calls are read in the format of the development calls (``<id>.json``: ``turns`` and ``gold``). Matching rules stand in
`assist.bench.matching`. Gold templates stand in ``templates.yaml`` beside the calls, else beside the samples (call id →
code or list of codes). The weaker measure ``*_by_domain_and_type`` counts a template whose domain and request type are
the gold ones; it serves calls without gold templates too.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from assist.bench.matching import right, typed
from assist.resources import samples_dir
from extractors.catalogue import Catalogue
from extractors.ticket import Ticket
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding, compile_catalogue

TEMPLATES = "templates.yaml"
CALL_TIME = datetime(2025, 6, 18, 10, 0, tzinfo=timezone(timedelta(hours=8)))
"""When a call is taken to start that does not say; gold times are compared by their text."""

Transcripts: TypeAlias = Callable[[str], Sequence[Turn] | None]


@dataclass(frozen=True)
class Call:
    """A call to measure on: its turns as they were spoken, and its gold ticket."""

    id: str
    turns: tuple[Turn, ...]
    gold: Mapping[str, Any]
    templates: tuple[str, ...] = ()
    started_at: datetime = CALL_TIME


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong, missing or needless value; ``kind`` is ``wrong``, ``missed`` or ``needless``."""

    call: str
    what: str
    kind: str
    gold: str
    got: str


@dataclass
class Tally:
    """Counts over calls; ``hits`` and ``of`` by measure, slots as right, wrong, missed and needless."""

    hits: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    slots: dict[str, Counter[str]] = field(default_factory=dict)
    keystrokes_needed: int = 0
    keystrokes_gold: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    def score(self, call: str, what: str, hit: bool, gold: object = "", got: object = "") -> None:
        """Counts one hit or miss of a measure."""
        self.of[what] += 1
        self.hits[what] += hit
        if not hit:
            self.mistakes.append(Mistake(call, what, "wrong", str(gold), str(got)))

    def rate(self, what: str) -> float | None:
        """Hits of a measure per case; None without cases."""
        return round(self.hits[what] / self.of[what], 4) if self.of[what] else None

    def slot_figures(self, slot: str | None = None) -> dict[str, float | int]:
        """Precision, recall and F1 of one slot, or over all (micro average)."""
        counts: Counter[str] = Counter()
        for name, one in self.slots.items():
            if slot in (None, name):
                counts.update(one)
        filled = counts["right"] + counts["wrong"] + counts["needless"]
        gold = counts["right"] + counts["wrong"] + counts["missed"]
        return {
            "precision": round(counts["right"] / max(1, filled), 4),
            "recall": round(counts["right"] / max(1, gold), 4),
            "f1": round(2 * counts["right"] / max(1, filled + gold), 4),
            "gold": gold,
            "filled": filled,
        }

    def to_json(self) -> dict[str, Any]:
        """The figures by name; measures without cases are null."""
        micro = self.slot_figures()
        wrong = sum(one["wrong"] + one["needless"] for one in self.slots.values())
        named = {
            "slot_f1": micro["f1"],
            "slot_precision": micro["precision"],
            "slot_recall": micro["recall"],
            "keystrokes_saved": round(1 - self.keystrokes_needed / max(1, self.keystrokes_gold), 4),
            "false_fill": round(wrong / max(1, micro["filled"]), 4),
        }
        rates = (
            "phone_exact",
            "district",
            "street",
            "address_exact",
            "request_type",
            "domain",
            "department",
            "template_at_1",
            "template_at_5",
            "template_at_1_by_domain_and_type",
            "template_at_5_by_domain_and_type",
            "divert_alert",
            "no_false_divert_alert",
        )
        return {
            **named,
            **{name: self.rate(name) for name in rates},
            "slots": {name: self.slot_figures(name) for name in sorted(self.slots)},
        }


@dataclass(frozen=True)
class Report:
    """The figures on true text and, where transcripts were given, on recognised text; update times in milliseconds."""

    calls: int
    text: Tally
    asr: Tally | None
    asr_calls: int
    update_ms: Sequence[float]

    def to_json(self) -> dict[str, Any]:
        """All figures under fixed names."""
        return {
            "calls": self.calls,
            "asr_calls": self.asr_calls,
            "text": self.text.to_json(),
            "asr": self.asr.to_json() if self.asr else None,
            "update_ms_p50": _percentile(self.update_ms, 0.5),
            "update_ms_p95": _percentile(self.update_ms, 0.95),
        }

    def to_markdown(self) -> str:
        """The figures as Markdown tables."""
        text, asr = self.text.to_json(), self.asr.to_json() if self.asr else {}
        lines = ["| measure | true text | recognised |", "| --- | ---: | ---: |"]
        lines += [
            f"| {name} | {_cell(value)} | {_cell(asr.get(name))} |" for name, value in text.items() if name != "slots"
        ]
        lines += [
            "",
            "| slot | gold | precision | recall | F1 | recognised: precision | recall | F1 |",
            "| --- |" + " ---: |" * 7,
        ]
        for name, one in text["slots"].items():
            other = asr.get("slots", {}).get(name, {})
            cells = [one["gold"], *(one[key] for key in ("precision", "recall", "f1"))]
            cells += [other.get(key) for key in ("precision", "recall", "f1")]
            lines.append(f"| {name} | " + " | ".join(_cell(cell) for cell in cells) + " |")
        lines += [
            "",
            f"{self.calls} calls, {self.asr_calls} of them recognised. Update of the whole ticket after a turn: "
            f"p50 {_percentile(self.update_ms, 0.5)} ms, p95 {_percentile(self.update_ms, 0.95)} ms.",
        ]
        return "\n".join(lines)


def read_calls(folder: Path) -> list[Call]:
    """The calls of a folder, in order. Raises FileNotFoundError when it holds none."""
    mapping = next((path for path in (folder / TEMPLATES, samples_dir() / TEMPLATES) if path.is_file()), None)
    templates = yaml.safe_load(mapping.read_text(encoding="utf-8")) if mapping else {}
    calls = [_call(path, templates) for path in sorted(folder.glob("*.json"))]
    calls = [call for call in calls if call.gold]
    if not calls:
        raise FileNotFoundError(f"{folder} holds no call with a gold ticket (<id>.json with `turns` and `gold`)")
    return calls


def run(calls_dir: Path, catalogue: Catalogue, asr_transcripts: Transcripts | None = None) -> Report:
    """Measures all calls of ``calls_dir``.

    ``asr_transcripts`` gives the recognised turns of a call by its id, or None where there are none.
    """
    compile_catalogue(catalogue)
    calls = read_calls(calls_dir)
    text, asr, times = Tally(), Tally(), list[float]()
    recognised = 0
    for call in calls:
        _measure(call, call.turns, catalogue, text, times)
        heard = asr_transcripts(call.id) if asr_transcripts else None
        if heard is not None:
            recognised += 1
            _measure(call, heard, catalogue, asr, times)
    return Report(len(calls), text, asr if recognised else None, recognised, times)


def _call(path: Path, templates: Mapping[str, Any]) -> Call:
    data = json.loads(path.read_text(encoding="utf-8"))
    call = str(data.get("id", path.stem))
    turns = tuple(
        Turn(number, Speaker(turn["speaker"]), turn["text"], turn.get("start", 0.0), turn.get("end", 0.0))
        for number, turn in enumerate(data.get("turns", []))
    )
    known = templates.get(call, data.get("gold", {}).get("template", ()))
    started = data.get("started_at")
    return Call(
        call,
        turns,
        data.get("gold", {}),
        (known,) if isinstance(known, str) else tuple(known),
        datetime.fromisoformat(started).astimezone(UTC) if started else CALL_TIME,
    )


def _measure(call: Call, turns: Sequence[Turn], catalogue: Catalogue, tally: Tally, times: list[float]) -> None:
    understanding = Understanding(catalogue, call.started_at)
    ticket = Ticket()
    for number in range(len(turns)):
        before = time.perf_counter()
        ticket = understanding.ticket(turns[: number + 1])
        times.append((time.perf_counter() - before) * 1000)
    _score_slots(call, ticket, tally)
    _score_choices(call, ticket, catalogue, tally)


def _score_slots(call: Call, ticket: Ticket, tally: Tally) -> None:
    gold: Mapping[str, Any] = call.gold.get("slots", {})
    shown = {name: value.value for name, value in ticket.slots.items() if value.value is not False}
    for slot, verdict in _verdicts(gold, shown):
        tally.slots.setdefault(slot, Counter())[verdict] += 1
        if verdict != "right":
            tally.mistakes.append(Mistake(call.id, slot, verdict, str(gold.get(slot, "")), str(shown.get(slot, ""))))
    for name, slot in (("phone_exact", "phone"), ("district", "district"), ("street", "street")):
        if slot in gold:
            tally.of[name] += 1
            tally.hits[name] += slot in shown and right(slot, gold[slot], shown[slot])
    if "address" in gold:
        tally.of["address_exact"] += 1
        tally.hits["address_exact"] += gold["address"] == shown.get("address")
    needed, total = typed(gold, shown)
    tally.keystrokes_needed += needed
    tally.keystrokes_gold += total


def _verdicts(gold: Mapping[str, Any], shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for slot in sorted({*gold, *shown}):
        if slot not in shown:
            yield slot, "missed"
        elif slot not in gold:
            yield slot, "needless"
        else:
            yield slot, "right" if right(slot, gold[slot], shown[slot]) else "wrong"


def _score_choices(call: Call, ticket: Ticket, catalogue: Catalogue, tally: Tally) -> None:
    gold = call.gold
    request_type = ticket.request_type.value if ticket.request_type else ""
    domain = ticket.domain.value if ticket.domain else ""
    tally.score(call.id, "request_type", request_type == gold["request_type"], gold["request_type"], request_type)
    tally.score(call.id, "domain", domain == gold["domain"], gold["domain"], domain)
    if gold.get("department"):
        units = {gold["department"], *(gold.get("department_alt") or ())}
        unit = ticket.dispatch.unit if ticket.dispatch else ""
        tally.score(call.id, "department", unit in units, "/".join(sorted(units)), unit)
    titles = [f"{one.code} {one.title}" for one in ticket.templates]
    if call.templates:
        hits = [one.code in call.templates for one in ticket.templates]
        tally.score(call.id, "template_at_1", any(hits[:1]), call.templates, titles[:1])
        tally.score(call.id, "template_at_5", any(hits[:5]), call.templates, titles)
    names = {code: entry.name for code, entry in catalogue.domains.items()}
    wanted = (gold["domain"], gold["request_type"])
    hits = [(names[one.domain], one.request_type) == wanted for one in ticket.templates]
    matter = f"{gold['request_type']} {gold['domain']} {gold.get('matter', '')}"
    tally.score(call.id, "template_at_1_by_domain_and_type", any(hits[:1]), matter, titles[:1])
    tally.score(call.id, "template_at_5_by_domain_and_type", any(hits[:5]), matter, titles)
    diverted = {alert.kind for alert in ticket.alerts} & {"110", "119", "120"}
    if gold.get("divert"):
        tally.score(call.id, "divert_alert", str(gold["divert"]) in diverted, gold["divert"], diverted)
    else:
        tally.score(call.id, "no_false_divert_alert", not diverted, "", diverted)


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else 0.0


def _cell(value: object) -> str:
    return "–" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
