"""Whether a catalogue is good, not only readable: a catalogue in, problems out.

Each problem names file, line and code, what is wrong and what to do. Limits: ``catalog/rules/check.yaml``.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from extractors.catalogue.knowledge import DISTRICT, IMPLICIT_SLOTS, RECORD_SLOTS, Catalogue
from extractors.catalogue.yaml_files import Problem, line_of
from extractors.upkeep.alike import alike, duplicates, same_meaning

Found: TypeAlias = Iterator[tuple[str, str, str]]
"""Code of the template, kind of problem, message."""


def check(catalogue: Catalogue) -> list[Problem]:
    """All problems of ``catalogue``, by file and line; empty for a good one."""
    rules = catalogue.rules("check")
    problems = [*_tables(catalogue)]
    checks: tuple[Callable[[Catalogue, Mapping[str, Any]], Found], ...] = (
        _lengths,
        _slots,
        _records,
        _units,
        _confusions,
        duplicates,
        alike,
        same_meaning,
    )
    for one in checks:
        for code, kind, message in one(catalogue, rules):
            file = catalogue.file_of(code)
            problems.append(Problem(file, line_of(catalogue.directory, file, code), code, kind, message))
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code, problem.message))


def counts(catalogue: Catalogue) -> dict[str, int]:
    """How much the catalogue holds, places aside."""
    templates = catalogue.templates
    kinds = Counter(unit.kind for unit in catalogue.units.values())
    return {
        "templates": len(templates),
        "categories": len(catalogue.categories),
        "units": len(catalogue.units),
        "districts": kinds["district"],
        "departments": kinds["department"],
        "domains": len(catalogue.domains),
        "groups": len(catalogue.groups),
        "matters": len(catalogue.matters),
        "phrasings": sum(len(template.phrasings) for template in templates),
        "slots": len(catalogue.slots),
        "guides": len(catalogue.guides),
        "nodes": len(catalogue.nodes),
        **{f"templates.{name}": n for name, n in sorted(Counter(t.request_type for t in templates).items())},
    }


def _tables(catalogue: Catalogue) -> Iterator[Problem]:
    def problem(file: str, code: str, kind: str, message: str) -> Problem:
        return Problem(file, line_of(catalogue.directory, file, code), code, kind, message)

    for group in catalogue.groups.values():
        if group.domain not in catalogue.domains:
            message = f"domain {group.domain!r} is not in domains.yaml; add it there or correct the code"
            yield problem(group.file, group.code, "domain", message)
        if not any(matter.group == group.code for matter in catalogue.matters):
            yield problem(group.file, group.code, "group", "has no matters; write one or remove the file")
    for code in catalogue.domains.keys() - {group.domain for group in catalogue.groups.values()}:
        yield problem("domains.yaml", code, "domain", "has no templates")
    for name in (*IMPLICIT_SLOTS, *RECORD_SLOTS):
        if name not in catalogue.slots:
            yield Problem("slots.yaml", 0, name, "slot", "every ticket has this slot; add it")
        elif not catalogue.slots[name].common:
            yield Problem("slots.yaml", 0, name, "slot", "every ticket has this slot; it must be common")
    for matter in catalogue.matters:
        if not matter.templates:
            message = "has no templates; write one or remove the matter"
            yield problem(catalogue.file_of(matter.code), matter.code, "matter", message)
    for unit in catalogue.units.values():
        if unit.parent is not None and unit.parent not in catalogue.units:
            message = f"parent {unit.parent!r} is not in units.yaml; add it there or correct the name"
            yield problem("units.yaml", unit.code, "unit", message)
    live = {*catalogue.by_code, *catalogue.by_matter, *catalogue.groups}
    for code, (_, successors) in catalogue.retired.items():
        if code in live:
            yield problem("retired.yaml", code, "retired", "is in use; a retired code is never used again")
        for successor in successors:
            if successor not in live:
                yield problem("retired.yaml", code, "retired", f"its successor {successor} does not exist")
    yield from _knowledge(catalogue)


def _knowledge(catalogue: Catalogue) -> Iterator[Problem]:
    """Guides and mind maps: each belongs to a matter, each way in a map leads somewhere."""
    nodes = {node.code for node in catalogue.nodes}
    for guide in catalogue.guides:
        if guide.matter not in catalogue.by_matter:
            yield Problem("guides", 0, guide.code, "guide", f"matter {guide.matter} does not exist")
        for code in guide.templates:
            if code not in catalogue.by_code:
                yield Problem("guides", 0, guide.code, "guide", f"template {code} does not exist")
    for node in catalogue.nodes:
        if node.matter not in catalogue.by_matter:
            yield Problem("maps", 0, node.code, "node", f"matter {node.matter} does not exist")
        if node.template is not None and node.template not in catalogue.by_code:
            yield Problem("maps", 0, node.code, "node", f"template {node.template} does not exist")
        for following in node.next:
            if following not in nodes:
                yield Problem("maps", 0, node.code, "node", f"node {following} does not exist")


def _lengths(catalogue: Catalogue, rules: Mapping[str, Any]) -> Found:
    for template in catalogue.templates:
        texts = [("title", template.title), ("when", template.when)]
        texts += [("phrasing", phrasing) for phrasing in template.phrasings]
        for name, text in texts:
            least, most = rules[f"{name}_length"]
            if not least <= len(text) <= most:
                yield template.code, "length", f"{name} {text!r} has {len(text)} characters; {least} to {most} are due"
        if len(template.phrasings) < rules["least_phrasings"]:
            yield (
                template.code,
                "phrasings",
                f"{len(template.phrasings)} phrasings; at least {rules['least_phrasings']} are due, as callers say it",
            )


def _slots(catalogue: Catalogue, _: Mapping[str, Any]) -> Found:
    for template in catalogue.templates:
        for name in (*template.required, *template.optional, *template.asks):
            if name not in catalogue.slots:
                yield template.code, "slot", f"slot {name!r} is not in slots.yaml; add it there or correct the name"
        for name in sorted(set(template.required) & set(template.optional)):
            yield template.code, "slot", f"slot {name!r} is required and optional; keep one"
        for name in template.asks:
            if name not in (*template.required, *template.optional, *IMPLICIT_SLOTS):
                yield template.code, "ask", f"asks for {name!r}, which is neither required nor optional here"
        for name in template.required:
            if name in catalogue.slots and not (template.asks.get(name) or catalogue.slots[name].ask):
                yield (
                    template.code,
                    "ask",
                    f"no question asks for required slot {name!r}; add one to asks or slots.yaml",
                )


def _records(catalogue: Catalogue, _: Mapping[str, Any]) -> Found:
    for template in catalogue.templates:
        try:
            used = {name for _, name, _, _ in string.Formatter().parse(template.record) if name is not None}
        except ValueError as error:
            yield template.code, "record", f"record cannot be read ({error}); write placeholders as {{slot}}"
            continue
        for name in sorted(used - RECORD_SLOTS - {*template.required, *template.optional}):
            yield template.code, "record", f"record uses {{{name}}}, which is neither required nor optional; list it"


def _units(catalogue: Catalogue, _: Mapping[str, Any]) -> Found:
    for template in catalogue.templates:
        exceptions = (exception.unit for exception in template.unit_exceptions)
        for name in (template.unit, *template.unit_alternatives, *exceptions):
            if name != DISTRICT and name not in catalogue.units:
                yield template.code, "unit", f"unit {name!r} is not in units.yaml; add it there or correct the name"
        if template.unit in template.unit_alternatives:
            yield template.code, "unit", f"unit {template.unit!r} is also among unit_alternatives; remove it there"


def _confusions(catalogue: Catalogue, _: Mapping[str, Any]) -> Found:
    for template in catalogue.templates:
        for confusion in template.confused_with:
            if confusion.code not in catalogue.by_code or confusion.code == template.code:
                yield (
                    template.code,
                    "confused_with",
                    f"confused_with names {confusion.code}, which is no other template",
                )
