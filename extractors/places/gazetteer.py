"""The places of a city and where a turn names them, by text and by sound.

In: the catalogue's ``places/`` (divisions down to communities, roads, stations, landmarks) and the text of a turn. Out:
:class:`Sighting` for every place whose name fits the sound of some stretch of the turn, with its log-likelihood ratio:
how much likelier these sounds are if the place was named than by chance, in nats.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.yaml_files import read_mapping
from extractors.text.sound import NameIndex, Sounds, load_sounds


class Kind(StrEnum):
    """What a place is."""

    DISTRICT = "district"
    STREET = "street"  # 街道 or 镇: the unit below a district
    ROAD = "road"
    STATION = "station"
    LANDMARK = "landmark"  # a hospital, school, market, park, estate, village or any other place people name
    COMMUNITY = "community"  # 社区 or 村: the unit below a street or town


LISTS: Mapping[str, Kind] = {
    "roads": Kind.ROAD,
    "stations": Kind.STATION,
    "hospitals": Kind.LANDMARK,
    "schools": Kind.LANDMARK,
    "markets": Kind.LANDMARK,
    "parks": Kind.LANDMARK,
    "estates": Kind.LANDMARK,
    "landmarks": Kind.LANDMARK,
    "communities": Kind.COMMUNITY,
}
"""The lists of ``places/`` and what they hold; one that a hotline does not have may be absent."""


_ELSEWHERE = "places/elsewhere.yaml"  # may be absent too
_DIVISIONS = (Kind.DISTRICT, Kind.STREET)
_DIGIT = re.compile(r"[0-9]")
_NUMERAL = re.compile(r"[0-9零一二三四五六七八九十百千两]")


@dataclass(frozen=True, slots=True)
class Place:
    """A named place and the districts it lies in (most places in one, a long road in several)."""

    name: str
    kind: Kind
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say a place. ``bare``: without the word that tells its kind (石牌 for 石牌街道); ``short``: with less
    of that word (石牌街), which fewer people say.
    """

    text: str
    place: int
    bare: bool = False
    short: bool = False


@dataclass(frozen=True, slots=True)
class Sighting:
    """Characters ``start:end`` may name ``place`` (index); ``llr`` in nats, ``exact``: the characters are the name."""

    place: int
    kind: Kind
    form: str
    llr: float
    cost: float
    start: int
    end: int
    bare: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """What hearing a name proves, in nats: see ``places/weights.yaml`` for each."""

    gain: float
    gain_common: float
    loss: float
    exact: float
    short: float
    floor: float
    suffixes: tuple[str, ...]
    prior: Mapping[str, float]
    expected: float
    adjacent: float
    bare_cost: float
    repeated: float
    support: float
    support_most: float
    support_total: float
    fill: Mapping[str, float]
    not_after: tuple[str, ...]
    alike: float = 0.12
    within_word: float = 0.0
    over_pause: float = 0.0
    unlike: float = 0.0
    short_before: str = "(?!)"
    short_after: str = "(?!)"
    short_alone_after: str = "(?!)"
    street_after: str = "(?!)"
    unsure_before: str = "(?!)"
    unsure_after: str = "(?!)"
    unsure: str = "(?!)"
    office_after: str = "(?!)"
    withheld: str = "(?!)"
    home_asked: str = "(?!)"
    home_told: str = "(?!)"
    gone_wrong: str = "(?!)"
    elsewhere_between: str = ""


class Gazetteer:
    """The places of a city, ready to be found in a turn; ``elsewhere`` are the names of other cities."""

    def __init__(
        self,
        places: Sequence[Place],
        forms: Sequence[Form],
        sounds: Sounds,
        weights: Weights,
        elsewhere: Sequence[str] = (),
    ) -> None:
        self.places = tuple(places)
        self.elsewhere = tuple(elsewhere)
        self.sounds = sounds
        self.weights = weights
        self.forms = tuple(forms)
        self._gains = tuple(self._gain(form) for form in forms)
        limits = [self._limit(form, gain) for form, gain in zip(forms, self._gains, strict=True)]
        self._index = NameIndex(sounds, [form.text for form in forms], limits)
        self.sightings = lru_cache(maxsize=512)(self._sightings)

    def _gain(self, form: Form) -> float:
        suffix = next((s for s in self.weights.suffixes if form.text.endswith(s) and len(form.text) > len(s)), "")
        own = len(form.text) - len(suffix)
        gain = own * self.weights.gain + len(suffix) * self.weights.gain_common
        return gain - (self.weights.short if form.short else 0.0)

    def _limit(self, form: Form, gain: float) -> float:
        """The cost of sound up to which a sighting of ``form`` is looked at: what is no district or street has to be
        likelier than the weakest sighting of one, which it might be heard for, or be heard much as it is said.
        """
        weights, kind = self.weights, self.places[form.place].kind
        farthest = (gain - weights.floor) / weights.loss
        if kind in _DIVISIONS:
            return farthest
        least = weights.floor + min(weights.prior[one] for one in _DIVISIONS) - weights.prior[kind]
        return min(farthest, max((gain - least) / weights.loss, weights.alike * (len(form.text) - 1)))

    def _sightings(self, text: str) -> tuple[Sighting, ...]:
        """Every place that ``text`` may name, likeliest first; of each at most its best full and best bare form."""
        best: dict[tuple[int, bool], Sighting] = {}
        for fit in self._index.fits(self.sounds.hear(text)):
            form = self.forms[fit.name]
            span = text[fit.start : fit.end]
            if _DIGIT.search(span) and len(_NUMERAL.findall(span)) > len(_NUMERAL.findall(form.text)):
                continue  # a number is no part of a name: 农林下路37号 is not 农林下路市场
            exact = text[fit.start : fit.end] == form.text
            llr = self._gains[fit.name] - self.weights.loss * fit.cost + (self.weights.exact if exact else 0.0)
            known = best.get((form.place, form.bare))
            if known is None or llr > known.llr:
                kind = self.places[form.place].kind
                best[form.place, form.bare] = Sighting(
                    form.place, kind, form.text, llr, fit.cost, fit.start, fit.end, form.bare, exact
                )
        return tuple(sorted(best.values(), key=lambda one: -one.llr))


@lru_cache(maxsize=2)
def gazetteer_of(catalogue: Catalogue) -> Gazetteer:
    """The gazetteer of ``catalogue``, made once. Raises `CatalogueError` that names the file."""
    return load_gazetteer(catalogue.directory)


def load_gazetteer(catalog: Path, sounds: Sounds | None = None) -> Gazetteer:
    """The gazetteer of a catalogue directory. Raises `CatalogueError` that names the file."""
    divisions = read_mapping(catalog, "places/divisions.yaml")
    aliases = read_mapping(catalog, "places/aliases.yaml")
    rules = read_mapping(catalog, "places/weights.yaml")
    for listed in ("suffixes", "not_after"):
        rules[listed] = tuple(sorted(rules[listed], key=len, reverse=True))
    weights = Weights(**rules)
    places: list[Place] = []
    forms: list[Form] = []

    def add(place: Place, *said: Form) -> None:
        forms.extend(said)
        places.append(place)

    for district in divisions:
        at = len(places)
        add(
            Place(district, Kind.DISTRICT, (district,)), Form(district, at), Form(district.removesuffix("区"), at, True)
        )
    for district, streets in divisions.items():
        for street in streets:
            said = (street, *aliases.get(street, ()))
            known = {form.text: form for name in said for form in _street_forms(name, len(places))}
            add(Place(street, Kind.STREET, (district,)), *known.values())
    taken: set[str] = set()
    for file, kind in LISTS.items():
        if not (catalog / f"places/{file}.yaml").is_file():
            continue
        for name, districts in _by_name(read_mapping(catalog, f"places/{file}.yaml")).items():
            if name not in taken:
                taken.add(name)
                texts = [text for one in (name, *aliases.get(name, ())) for text in _texts(one, kind)]
                add(Place(name, kind, districts), *(Form(text, len(places)) for text in dict.fromkeys(texts)))
    elsewhere = read_mapping(catalog, _ELSEWHERE)["cities"] if (catalog / _ELSEWHERE).is_file() else ()
    return Gazetteer(places, forms, sounds or load_sounds(catalog), weights, elsewhere)


def _texts(name: str, kind: Kind) -> tuple[str, ...]:
    if kind is Kind.STATION and not name.endswith("站"):
        return f"{name}站", f"{name}地铁站"
    return (name,)


def _street_forms(name: str, place: int) -> list[Form]:
    for suffix in ("街道", "镇"):
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            short = [Form(f"{stem}街", place, short=True)] if suffix == "街道" else []
            return [Form(name, place), *short, Form(stem, place, bare=True)]
    return [Form(name, place)]


def _by_name(listed: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Names with the districts they lie in; below a district names stand in a list, or in lists by street."""
    found: dict[str, list[str]] = {}
    for district, below in listed.items():
        lists = below.values() if isinstance(below, Mapping) else [below]
        for name in dict.fromkeys(name for names in lists for name in names):
            found.setdefault(name, []).append(district)
    return {name: tuple(where) for name, where in found.items()}
