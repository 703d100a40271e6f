"""Whether a catalogue is good, not only readable: a catalogue in, problems out.

Each problem names file, line and code, what is wrong and what to do. Limits: ``catalog/rules/check.yaml``.
Near-duplicates are found by the Dice coefficient of character pairs, counted for all texts at once through an
inverted index.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from extractors.catalogue import DISTRICT, IMPLICIT_SLOTS, RECORD_SLOTS, Catalogue, Problem, Template, line_of

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
        _duplicates,
        _alike,
    )
    for one in checks:
        for code, kind, message in one(catalogue, rules):
            file = catalogue.files[catalogue.by_code[code].domain]
            problems.append(Problem(file, line_of(catalogue.directory, file, code), code, kind, message))
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code, problem.message))


def counts(catalogue: Catalogue) -> dict[str, int]:
    """How much the catalogue holds."""
    templates = catalogue.templates
    return {
        "domains": len(catalogue.domains),
        "matters": len(catalogue.matters),
        "templates": len(templates),
        "phrasings": sum(len(template.phrasings) for template in templates),
        "units": len(catalogue.units),
        "slots": len(catalogue.slots),
        **{f"templates.{name}": n for name, n in sorted(Counter(t.request_type for t in templates).items())},
    }


def _tables(catalogue: Catalogue) -> Iterator[Problem]:
    for code, file in catalogue.files.items():
        if code not in catalogue.domains:
            yield Problem(
                file, 1, code, "domain", "the domain is not in domains.yaml; add it there or correct the code"
            )
        elif file != f"templates/{code}.yaml":
            yield Problem(file, 1, code, "domain", f"holds domain {code}; name the file templates/{code}.yaml")
    for code in catalogue.domains.keys() - catalogue.files.keys():
        yield Problem(
            "domains.yaml", line_of(catalogue.directory, "domains.yaml", code), code, "domain", "has no templates"
        )
    for name in (*IMPLICIT_SLOTS, *RECORD_SLOTS):
        if name not in catalogue.slots:
            yield Problem("slots.yaml", 0, name, "slot", "every ticket has this slot; add it")
    for matter in catalogue.matters:
        if not matter.templates:
            file = catalogue.files[matter.domain]
            line = line_of(catalogue.directory, file, matter.code)
            yield Problem(file, line, matter.code, "matter", "has no templates; write one or remove the matter")


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
        for name in (template.unit, *template.unit_alternatives):
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


def _duplicates(catalogue: Catalogue, _: Mapping[str, Any]) -> Found:
    seen: dict[tuple[str, str], Template] = {}
    for template in catalogue.templates:
        texts = [("title", template.title), *(("phrasing", phrasing) for phrasing in template.phrasings)]
        for kind, text in texts:
            first = seen.setdefault((kind, text), template)
            if first is not template or texts.count((kind, text)) > 1:
                yield template.code, "duplicate", f"{kind} {text!r} stands also in {first.code}; write another"


def _alike(catalogue: Catalogue, rules: Mapping[str, Any]) -> Found:
    for template in catalogue.templates:
        for phrasing in template.phrasings:
            alike = dice(_pairs(phrasing), _pairs(template.title))
            if alike >= rules["phrasing_like_title"]:
                yield (
                    template.code,
                    "near-duplicate",
                    f"phrasing {phrasing!r} repeats the title ({alike:.2f}); say it as callers do",
                )
    for kind, entries in (
        ("title", [(template.code, template.title) for template in catalogue.templates]),
        ("phrasing", [(t.code, phrasing) for t in catalogue.templates for phrasing in t.phrasings]),
    ):
        for one, other, alike in near_pairs([text for _, text in entries], rules[f"similar_{kind}s"]):
            (code, text), (second, like) = entries[one], entries[other]
            if text != like:
                yield second, "near-duplicate", f"{kind} {like!r} is much like {text!r} of {code} ({alike:.2f})"


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of common members: 1 for equal sets, 0 for disjoint ones."""
    return 2 * len(one & other) / max(1, len(one) + len(other))


def near_pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    """The pairs of texts whose character pairs have a Dice coefficient of at least ``least``, with it."""
    sets = [_pairs(text) for text in texts]
    sizes = np.array([len(one) for one in sets])
    postings: dict[str, list[int]] = {}
    for number, pairs in enumerate(sets):
        candidates = [postings[pair] for pair in sorted(pairs) if pair in postings]
        if candidates:
            shared = np.bincount(np.concatenate(candidates), minlength=number)
            alike = 2 * shared / np.maximum(1, sizes[:number] + sizes[number])
            for other in np.flatnonzero(alike >= least):
                yield int(other), number, float(alike[other])
        for pair in pairs:
            postings.setdefault(pair, []).append(number)


def _pairs(text: str) -> frozenset[str]:
    letters = _letters(text)
    return frozenset(one + other for one, other in pairwise(letters))


def _letters(text: Iterable[str]) -> list[str]:
    return [char for char in text if char.isalnum()]
