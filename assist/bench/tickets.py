"""A ticket held against the gold one: what each measure counts in one call, and every mistake with its evidence.

Rules of comparison stand in `assist.bench.matching`. The weaker measure ``*_by_domain_and_type`` counts a template
whose domain and request type are the gold ones; it serves calls without gold templates too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assist.bench.bootstrap import Figure, ratio
from assist.bench.gold import Call
from assist.bench.matching import right, typed
from extractors.catalogue.knowledge import Catalogue
from extractors.ticket import Evidence, Ticket
from extractors.turn import Turn

RATES = (
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
    "suggestion_coverage",
    "suggestion_error",
    "dispatch_coverage",
    "dispatch_error",
    "divert_alert",
    "no_false_divert_alert",
    "other_matter",
    "no_false_other_matter",
)
"""Measures that are hits per case."""

WRONG = ("wrong", "missed", "needless")

CONFIDENCES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
"""Confidences from which on values are looked at for themselves; the page marks those under 0.6 as unsure."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong, missing or needless value; ``kind`` is one of `WRONG`. ``evidence``: the words it was taken from."""

    call: str
    what: str
    kind: str
    gold: str
    got: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class Scored:
    """One call's counts: ``hits`` and ``of`` by measure, slots as right, wrong, missed and needless, keystrokes.

    ``shown``: confidence of each value shown, and whether it is right.
    """

    call: str
    turns: Sequence[Turn]
    hits: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    slots: dict[str, Counter[str]] = field(default_factory=dict)
    shown: list[tuple[float, bool]] = field(default_factory=list)
    keystrokes_needed: int = 0
    keystrokes_gold: int = 0
    mistakes: list[Mistake] = field(default_factory=list)

    def count(self, what: str, hit: bool) -> None:
        """Counts one hit or miss of a measure."""
        self.of[what] += 1
        self.hits[what] += hit

    def judge(
        self, what: str, hit: bool, gold: object = "", got: object = "", evidence: Iterable[Evidence] = ()
    ) -> None:
        """Counts one hit or miss; a miss is kept as a mistake."""
        self.count(what, hit)
        if not hit:
            self.mistakes.append(Mistake(self.call, what, "wrong", str(gold), str(got), tuple(evidence)))


class Tally:
    """The figures over scored calls, each with its interval over calls."""

    def __init__(self, calls: Sequence[Scored]) -> None:
        self.calls = tuple(calls)

    @property
    def mistakes(self) -> list[Mistake]:
        """All mistakes in the order of the calls."""
        return [mistake for call in self.calls for mistake in call.mistakes]

    @property
    def slot_names(self) -> list[str]:
        """Slots that are in a gold ticket or were filled."""
        return sorted({name for call in self.calls for name in call.slots})

    def rate(self, what: str) -> Figure:
        """Hits of a measure per case."""
        return ratio([call.hits[what] for call in self.calls], [call.of[what] for call in self.calls])

    def slot(self, name: str | None = None) -> dict[str, Figure]:
        """Precision, recall, F1 and the share of shown values that are wrong, of one slot or over all (micro)."""
        sums = [
            sum((counts for slot, counts in call.slots.items() if name in (None, slot)), Counter())
            for call in self.calls
        ]
        hits = [one["right"] for one in sums]
        filled = [one["right"] + one["wrong"] + one["needless"] for one in sums]
        gold = [one["right"] + one["wrong"] + one["missed"] for one in sums]
        return {
            "precision": ratio(hits, filled),
            "recall": ratio(hits, gold),
            "f1": ratio(hits, [(one + other) / 2 for one, other in zip(filled, gold, strict=True)]),
            "false_fill": ratio([one - hit for one, hit in zip(filled, hits, strict=True)], filled),
        }

    def sure(self, least: float) -> dict[str, Figure]:
        """Share of the values shown that have a confidence of at least ``least``, wrong ones among those, and the slot
        F1 if no others were shown.
        """
        kept = [[right for confidence, right in call.shown if confidence >= least] for call in self.calls]
        gold = [
            sum(sum(one[kind] for kind in ("right", "wrong", "missed")) for one in call.slots.values())
            for call in self.calls
        ]
        right, some = [sum(one) for one in kept], [len(one) for one in kept]
        return {
            "share": ratio(some, [len(call.shown) for call in self.calls]),
            "wrong": ratio([one - hit for one, hit in zip(some, right, strict=True)], some),
            "f1": ratio(right, [(one + other) / 2 for one, other in zip(some, gold, strict=True)]),
        }

    def figures(self) -> dict[str, Figure]:
        """The figures over all slots and the choices, by name."""
        micro = self.slot()
        needed = [call.keystrokes_needed for call in self.calls]
        gold = [call.keystrokes_gold for call in self.calls]
        saved = ratio([one - other for one, other in zip(gold, needed, strict=True)], gold)
        return {
            "slot_f1": micro["f1"],
            "slot_precision": micro["precision"],
            "slot_recall": micro["recall"],
            "keystrokes_saved": saved,
            "false_fill": micro["false_fill"],
            **{name: self.rate(name) for name in RATES},
        }


def scored(call: Call, turns: Sequence[Turn], ticket: Ticket, catalogue: Catalogue) -> Scored:
    """``ticket``, made from ``turns``, against the gold ticket of ``call``."""
    result = Scored(call.id, turns)
    _slots(call, ticket, result)
    _choices(call.gold, ticket, result)
    _templates(call, ticket, catalogue, result)
    return result


def _slots(call: Call, ticket: Ticket, result: Scored) -> None:
    gold: Mapping[str, Any] = call.gold.get("slots", {})
    shown = {name: value.value for name, value in ticket.slots.items() if value.value is not False}
    for slot, verdict in verdicts(gold, shown):
        result.slots.setdefault(slot, Counter())[verdict] += 1
        if slot in shown:
            result.shown.append((ticket.slots[slot].confidence, verdict == "right"))
        if verdict != "right":
            evidence = ticket.slots[slot].evidence if slot in ticket.slots else ()
            result.mistakes.append(
                Mistake(call.id, slot, verdict, str(gold.get(slot, "")), str(shown.get(slot, "")), tuple(evidence))
            )
    for name, slot in (("phone_exact", "phone"), ("district", "district"), ("street", "street")):
        if slot in gold:
            result.count(name, slot in shown and right(slot, gold[slot], shown[slot]))
    if "address" in gold:
        result.count("address_exact", gold["address"] == shown.get("address"))
    result.keystrokes_needed, result.keystrokes_gold = typed(gold, shown)


def verdicts(gold: Mapping[str, Any], shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every slot of either with its verdict: right, wrong, missed or needless."""
    for slot in sorted({*gold, *shown}):
        if slot not in shown:
            yield slot, "missed"
        elif slot not in gold:
            yield slot, "needless"
        else:
            yield slot, "right" if right(slot, gold[slot], shown[slot]) else "wrong"


def _choices(gold: Mapping[str, Any], ticket: Ticket, result: Scored) -> None:
    for what, choice in (("request_type", ticket.request_type), ("domain", ticket.domain)):
        if what not in gold:
            continue
        value, evidence = (choice.value, choice.evidence) if choice else ("", ())
        result.judge(what, value == gold[what], gold[what], value, evidence)
    if gold.get("department"):
        units = {gold["department"], *(gold.get("department_alt") or ())}
        unit = ticket.dispatch.unit if ticket.dispatch else ""
        result.judge("department", unit in units, "/".join(sorted(units)), unit)
        suggested = ticket.dispatch is not None and ticket.dispatch.decision == "suggest"
        certified = suggested and ticket.dispatch is not None and ticket.dispatch.certified is not None
        for name, made in (("suggestion", suggested), ("dispatch", certified)):
            result.count(f"{name}_coverage", made)
            if made:
                result.count(f"{name}_error", unit not in units)
    diverted = {alert.kind for alert in ticket.alerts} & {"110", "119", "120"}
    evidence = tuple(one for alert in ticket.alerts for one in alert.evidence)
    if gold.get("divert"):
        result.judge("divert_alert", str(gold["divert"]) in diverted, gold["divert"], sorted(diverted), evidence)
    else:
        result.judge("no_false_divert_alert", not diverted, "", sorted(diverted), evidence)
    titles = [one.templates[0].title for one in ticket.others if one.templates]
    announced = tuple(one.announced for one in ticket.others)
    if gold.get("other_matters"):
        result.judge("other_matter", bool(ticket.others), "；".join(map(str, gold["other_matters"])), titles, announced)
    else:
        result.judge("no_false_other_matter", not ticket.others, "", titles, announced)


def _templates(call: Call, ticket: Ticket, catalogue: Catalogue, result: Scored) -> None:
    titles = "；".join(f"{one.code} {one.title}（{'、'.join(one.matched)}）" for one in ticket.templates)
    if call.templates:
        named = "；".join(
            f"{code} {catalogue.by_code[code].title}" if code in catalogue.by_code else code for code in call.templates
        )
        hits = [one.code in call.templates for one in ticket.templates]
        result.judge("template_at_1", any(hits[:1]), named, titles)
        result.judge("template_at_5", any(hits[:5]), named, titles)
    if not {"domain", "request_type"} <= call.gold.keys():
        return
    names = {code: entry.name for code, entry in catalogue.domains.items()}
    wanted = (call.gold["domain"], call.gold["request_type"])
    hits = [(names[one.domain], one.request_type) == wanted for one in ticket.templates]
    result.count("template_at_1_by_domain_and_type", any(hits[:1]))
    result.count("template_at_5_by_domain_and_type", any(hits[:5]))
