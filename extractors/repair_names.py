"""What a recogniser's text is repaired to: the names of a city's places and units and the longer words of the hotline.

In: a catalogue directory. Out: every `Name`, with how likely it is said at any one place of a text, and the `Weights`
of what speaks for it there (``catalog/rules/repair.yaml``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.catalogue import Catalogue, load
from extractors.cues import load_rules
from extractors.gazetteer import Gazetteer, Kind
from extractors.wording import load_wording

UNIT = "unit"
TERM = "term"
_SHORTEST_UNIT = 2  # characters; what is no longer is heard everywhere


@dataclass(frozen=True, slots=True)
class Weights:
    """See ``catalog/rules/repair.yaml``; nats."""

    garbled: float
    fluent: float
    generic: Mapping[str, float]
    prior: Mapping[str, float]
    term_length: int
    bare: float
    short: float
    loss: float
    strain: float
    same: float
    change: float
    pause: float
    inside: float
    outside: float
    adjacent: Mapping[str, float]
    before: float
    before_unit: float
    after: float
    expected: float
    said: float
    cues_before: tuple[str, ...]
    cues_unit: tuple[str, ...]
    cues_after: tuple[str, ...]
    questions: tuple[str, ...]
    hesitation: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name to be heard; ``districts`` it lies in, empty for what is no place; ``prior`` without context."""

    text: str
    kind: str
    districts: tuple[str, ...]
    prior: float
    syllables: int


def load_weights(catalog: Path) -> Weights:
    """The weights of a catalogue directory. Raises `CatalogueError` that names the file."""
    rules: dict[str, Any] = dict(load_rules(catalog, "repair"))
    for listed in ("cues_before", "cues_unit", "cues_after", "questions"):
        rules[listed] = tuple(rules[listed])
    return Weights(**rules)


def names_of(catalog: Path, gazetteer: Gazetteer, weights: Weights) -> list[Name]:
    """The names of a catalogue directory, each text once: a place before a unit before a word."""
    known: dict[str, Name] = {}
    for name in (*_names(load(catalog), gazetteer, weights), *_terms(catalog, gazetteer, weights)):
        known.setdefault(name.text, name)
    return list(known.values())


def _names(catalogue: Catalogue, gazetteer: Gazetteer, weights: Weights) -> Iterator[Name]:
    for form in gazetteer.forms:
        place = gazetteer.places[form.place]
        if place.kind in weights.prior and not (form.bare and place.kind is Kind.STREET):
            prior = weights.prior[place.kind]
            prior += (weights.bare if form.bare else 0.0) + (weights.short if form.short else 0.0)
            yield Name(form.text, place.kind, place.districts, prior, len(gazetteer.sounds.name(form.text)))
    for unit in catalogue.units.values():
        for text in (unit.name, unit.name.removeprefix("市"), *unit.aliases):
            if len(text) > _SHORTEST_UNIT:
                yield Name(text, UNIT, (), weights.prior[UNIT], len(gazetteer.sounds.name(text)))


def _terms(catalog: Path, gazetteer: Gazetteer, weights: Weights) -> Iterator[Name]:
    """The longer words of the hotline that occur more than once; set phrases are said in too many ways."""
    phrases = {one for group in load_rules(catalog, "wording")["phrases"].values() for one in str(group).split()}
    for text, count in load_wording(catalog).terms.items():
        if len(text) >= weights.term_length and count > 1 and text not in phrases:
            yield Name(text, TERM, (), weights.prior[TERM], len(gazetteer.sounds.name(text)))
