"""What a recogniser's text is repaired to: the names of a city's places and units and the longer words of the hotline.

In: a catalogue. Out: every `Name`, with how likely it is said at any one place of a text, and the `Weights` of what
speaks for it there (``catalog/rules/repair.yaml``). What is used more than others of its sort is likelier: terms by how
often the catalogue's own texts use them, all names by how often a hotline's texts do (`extractors.text.usage`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path
from statistics import median
from typing import Any

from extractors.catalogue.knowledge import Catalogue, Unit
from extractors.catalogue.lexicon import read_lexicon
from extractors.places.gazetteer import Gazetteer, Kind, gazetteer_of
from extractors.repair.wording import load_wording
from extractors.text.cues import load_rules
from extractors.text.usage import Vocabulary, load_usage

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
    use: Mapping[str, float]
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


def names_of(catalogue: Catalogue, gazetteer: Gazetteer, weights: Weights) -> list[Name]:
    """The names of ``catalogue``, each text once: a place before a unit before a word."""
    known: dict[str, Name] = {}
    listed = (_places(catalogue, gazetteer, weights), _units(catalogue, gazetteer, weights))
    for name in (*listed[0], *listed[1], *_terms(catalogue, gazetteer, weights)):
        known.setdefault(name.text, name)
    return list(known.values())


def vocabulary(catalogue: Catalogue) -> Vocabulary:
    """The names of ``catalogue`` whose use in a hotline's texts can be counted (`extractors.text.usage`): those that
    tell what they name by themselves.
    """
    gazetteer = gazetteer_of(catalogue)
    units = {text: unit.name for unit in catalogue.units.values() for text in _unit_names(unit)}
    places = {form.text: gazetteer.places[form.place].name for form in gazetteer.forms if not form.bare}
    terms = {*load_wording(catalogue).terms, *read_lexicon(catalogue.directory)} - units.keys() - places.keys()
    return Vocabulary(terms, places, units)


def by_use(uses: Mapping[str, float], weights: Weights) -> dict[str, float]:
    """What its use adds to the prior of each name: the logarithm of its share of the median's use, weighed and bounded
    (``use`` in ``catalog/rules/repair.yaml``).
    """
    if not uses:
        return {}
    middle, limits = median(uses.values()), weights.use
    weighed = {name: limits["weight"] * log(use / middle) for name, use in uses.items()}
    return {name: min(limits["most"], max(limits["least"], gain)) for name, gain in weighed.items()}


def _places(catalogue: Catalogue, gazetteer: Gazetteer, weights: Weights) -> Iterator[Name]:
    used = load_usage(catalogue.directory).places
    gains: dict[tuple[str, str], float] = {}
    for kind in weights.prior:
        uses = {place.name: 1.0 + used.get(place.name, 0) for place in gazetteer.places if place.kind == kind}
        gains.update({(kind, name): gain for name, gain in by_use(uses, weights).items()})
    for form in gazetteer.forms:
        place = gazetteer.places[form.place]
        if place.kind in weights.prior and not (form.bare and place.kind is Kind.STREET):
            prior = weights.prior[place.kind] + gains[place.kind, place.name]
            prior += (weights.bare if form.bare else 0.0) + (weights.short if form.short else 0.0)
            yield Name(form.text, place.kind, place.districts, prior, len(gazetteer.sounds.name(form.text)))


def _units(catalogue: Catalogue, gazetteer: Gazetteer, weights: Weights) -> Iterator[Name]:
    used = load_usage(catalogue.directory).units
    gains = by_use({name: 1.0 + used.get(name, 0) for name in catalogue.units}, weights)
    for unit in catalogue.units.values():
        for text in _unit_names(unit):
            prior = weights.prior[UNIT] + gains[unit.name]
            yield Name(text, UNIT, (), prior, len(gazetteer.sounds.name(text)))


def _unit_names(unit: Unit) -> Iterator[str]:
    """What a unit is called, as far as that is long enough to be told from other words."""
    for text in (unit.name, unit.name.removeprefix("市"), *unit.aliases):
        if len(text) > _SHORTEST_UNIT:
            yield text


def _terms(catalogue: Catalogue, gazetteer: Gazetteer, weights: Weights) -> Iterator[Name]:
    """The longer words of the hotline that occur more than once; set phrases are said in too many ways."""
    phrases = {one for group in catalogue.rules("wording")["phrases"].values() for one in str(group).split()}
    uses = {
        text: float(count)
        for text, count in load_wording(catalogue).terms.items()
        if len(text) >= weights.term_length and count > 1 and text not in phrases
    }
    for text, gain in by_use(uses, weights).items():
        yield Name(text, TERM, (), weights.prior[TERM] + gain, len(gazetteer.sounds.name(text)))
