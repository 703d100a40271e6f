"""What else one could fill a ticket with: a call's turns in, the part of a ticket that a plain method fills out.

- ``jionlp``: JioNLP (its extraction of times, places and phone numbers; extra ``train``) on each turn of the citizen;
- ``keywords``: the request type by its own name in the citizen's words, the domain by the catalogue's keywords of it;
- ``bm25``: BM25 over plain words of each template's title, description and phrasings, by the words of the citizen.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any, TypeAlias

from assist.bench.bm25 import Bm25
from extractors.catalogue.files import REQUEST_TYPES
from extractors.catalogue.knowledge import Catalogue
from extractors.ticket import Choice, Evidence, RankedTemplate, SlotValue, Ticket
from extractors.turn import Speaker, Turn

Baseline: TypeAlias = Callable[[Sequence[Turn], datetime], Ticket]

_SHOWN = 5
_CLAUSES = re.compile(r"[。？！；]")


class MissingPackageError(Exception):
    """A baseline needs a package that is not installed; the text names the extra."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a baseline is made, and which ``measures`` it can be compared in (a rate, or ``slot:figure``)."""

    make: Callable[[Catalogue], Baseline]
    measures: tuple[str, ...]


def jionlp(_: Catalogue) -> Baseline:
    """JioNLP on each turn of the citizen. Raises `MissingPackageError`."""
    try:
        with redirect_stdout(io.StringIO()):  # it greets
            jio: Any = import_module("jionlp")
    except ImportError:
        raise MissingPackageError("the baseline jionlp needs JioNLP: pip install 'hotline-assist[train]'") from None

    def fill(turns: Sequence[Turn], started_at: datetime) -> Ticket:
        slots: dict[str, SlotValue] = {}

        def put(slot: str, value: str | None, turn: Turn, text: str) -> None:
            start = turn.text.find(text)
            if value and slot not in slots:
                evidence = (Evidence.of(turn, start, start + len(text)),) if start >= 0 else ()
                slots[slot] = SlotValue(value, 1.0, evidence)

        for turn in turns:
            if turn.speaker is not Speaker.CITIZEN:
                continue
            for phone in jio.extract_phone_number(turn.text):
                put("phone", phone, turn, phone)
            place = jio.parse_location(turn.text, town_village=True)
            if place["county"]:
                put("district", place["county"], turn, place["county"])
                detail = _CLAUSES.split(place["detail"])[0].replace("，", "")
                put("address", place["county"] + detail, turn, place["detail"])
            put("street", place["town"], turn, place["town"] or "")
            with _unlogged():
                moments = jio.ner.extract_time(turn.text, time_base=started_at.timestamp())
            for moment in moments:
                if moment["type"] in {"time_point", "time_span"}:
                    put("occurred_at", moment["text"], turn, moment["text"])
                elif moment["type"] == "time_delta":
                    put("duration", moment["text"], turn, moment["text"])
        return Ticket(slots=slots)

    return fill


@contextmanager
def _unlogged() -> Iterator[None]:
    """JioNLP logs the texts it cannot parse; what callers say belongs in no log."""
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def keywords(catalogue: Catalogue) -> Baseline:
    """Words that name the request type or belong to a domain, counted in what the citizen says."""

    def fill(turns: Sequence[Turn], _: datetime) -> Ticket:
        said = "，".join(turn.text for turn in turns if turn.speaker is Speaker.CITIZEN)
        named = [(said.find(name), name) for name in REQUEST_TYPES if name in said]
        request_type = min(named)[1] if named else "求助"
        counts = {
            domain.name: sum(said.count(word) for word in (domain.name, *domain.keywords))
            for domain in catalogue.domains.values()
        }
        domain = max(counts, key=lambda name: counts[name])
        return Ticket(request_type=Choice(request_type, 1.0), domain=Choice(domain, 1.0))

    return fill


def bm25(catalogue: Catalogue) -> Baseline:
    """BM25 of plain words; the first template brings request type and domain."""
    templates = catalogue.templates
    index = Bm25(["，".join((one.title, one.when, *one.phrasings)) for one in templates])
    names = {code: domain.name for code, domain in catalogue.domains.items()}

    def fill(turns: Sequence[Turn], _: datetime) -> Ticket:
        said = "，".join(turn.text for turn in turns if turn.speaker is Speaker.CITIZEN)
        ranked = [templates[number] for number in index.best(said, _SHOWN)]
        shown = tuple(RankedTemplate(one.code, one.title, one.domain, one.request_type, 0.0) for one in ranked)
        return Ticket(
            templates=shown,
            request_type=Choice(ranked[0].request_type, 1.0),
            domain=Choice(names[ranked[0].domain], 1.0),
        )

    return fill


BASELINES: dict[str, Kind] = {
    "jionlp": Kind(jionlp, ("phone_exact", "district", "street", "address:f1", "occurred_at:f1", "duration:f1")),
    "keywords": Kind(keywords, ("request_type", "domain")),
    "bm25": Kind(bm25, ("template_at_1", "template_at_5", "request_type", "domain")),
}
