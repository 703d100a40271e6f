"""Which unit should handle the matter: the templates' probabilities, the district, what was meant and the agent's words
in, a `Dispatch` out.

The templates tell the unit, unless another one of those they speak for is clearly more to be trusted: how sure one may
be of a unit says `extractors.matching.dispatch_trust`. From which point on a ticket may be dispatched says the
certificate, where one belongs to this catalogue, else the rules (``catalog/rules/dispatch.yaml``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.catalogue.knowledge import DISTRICT, Catalogue, Template
from extractors.matching.dispatch_certificate import Certificate, Text
from extractors.matching.dispatch_trust import Signals, Trust
from extractors.matching.opinion import Opinion
from extractors.matching.ranking import Floats
from extractors.ticket import Dispatch
from extractors.turn import Speaker, Turn

_SAID_AT_LEAST = 0.02  # share of a unit that the agent names, however little else speaks for it


@dataclass(frozen=True, slots=True)
class Told:
    """What one turn says of the unit: ``units`` the agent says the matter goes to, ``districts`` named without 区."""

    units: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


class Dispatcher:
    """Finds the unit for a call. ``trust``: how sure a unit is; ``opinion``: what judges say of calls like it;
    ``certificates``: those that belong to ``catalogue``, by kind of text.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        rules: Mapping[str, Any],
        trust: Trust,
        opinion: Opinion,
        certificates: Mapping[Text, Certificate] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._trust = trust
        self._opinion = opinion
        self._certificates = certificates or {}
        self._suggest = float(rules["suggest"])
        self._ask = float(rules["ask"])
        self._rather = float(rules["rather"])
        self._said_factor = float(rules["said_factor"])
        self._accepts_factor = float(rules["accepts_factor"])
        self._chosen = float(rules["chosen"])
        self._unknown = str(rules["district_unknown"])
        self._alternatives = int(rules["alternatives"])
        self._asks: Mapping[str, str] = rules["asks"]
        self._oversight: Mapping[str, str] = rules["oversight"]
        self._district_units = {name: unit.name for name, unit in catalogue.district_units.items()}
        self._index_units(catalogue.templates)
        names = {alias: unit.name for unit in catalogue.units.values() for alias in (unit.name, *unit.aliases)}
        self._names = {name: unit for name, unit in names.items() if len(name) > 1}
        longest = sorted(self._names, key=len, reverse=True)
        before = "|".join(f"(?:{phrase})" for phrase in rules["said_by_agent"])
        short = {name.removesuffix("区"): name for name in self._district_units}
        self._short = {name: district for name, district in short.items() if name != district}
        self._districts = re.compile(
            f"(?P<name>{'|'.join(map(re.escape, self._short)) or '(?!)'})(?!{rules['other_than_district']})"
        )
        self._said = re.compile(f"(?:{before})(?P<unit>{'|'.join(map(re.escape, longest))})")

    def _index_units(self, templates: Sequence[Template]) -> None:
        """Numbers for units; for each template the one that handles it and all that may."""
        primary = [self._oversight.get(one.unit, one.unit) for one in templates]
        may = [
            dict.fromkeys((handles, one.unit, *one.unit_alternatives))
            for handles, one in zip(primary, templates, strict=True)
        ]
        self._units = tuple(dict.fromkeys(unit for units in may for unit in units))
        numbers = {unit: number for number, unit in enumerate(self._units)}
        self._primary = np.array([numbers[unit] for unit in primary], dtype=np.int64)
        pairs = [(place, numbers[unit]) for place, units in enumerate(may) for unit in units]
        self._may_template, self._may_unit = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        places = self._opinion.among(self._units)
        self._judged = np.flatnonzero(places >= 0)
        self._place_in_opinion = places[self._judged]
        self._usual = self._by_unit(self._opinion.usual)

    def _by_unit(self, of_opinion: Floats) -> Floats:
        """What the opinion has of its units, in the order of the catalogue's; 0 for those that nobody named."""
        found = np.zeros(len(self._units), np.float32)
        found[self._judged] = of_opinion[self._place_in_opinion]
        return found

    def read(self, turn: Turn) -> Told:
        """The units the agent says the matter goes to; districts that either names as callers do (在天河这边)."""
        units = self._said.finditer(turn.text) if turn.speaker is Speaker.AGENT else ()
        return Told(
            tuple(self._names[found["unit"]] for found in units),
            tuple(self._short[found["name"]] for found in self._districts.finditer(turn.text)),
        )

    def decide(
        self,
        probabilities: Floats,
        readings: Sequence[Told],
        district: str | None,
        meaning: Floats,
        *,
        chosen: Template | None = None,
        text: Text = "written",
    ) -> Dispatch | None:
        """The unit, given the probability of every template of the catalogue, none where nothing was said to go by;
        None then.

        ``district`` is the ticket's; without one, what `readings` name most stands in. ``meaning`` is that of all that
        was said. ``chosen`` is the template that the agent chose, whose unit it then is; ``text`` says which
        certificate speaks of it.
        """
        district = district or _most_named(readings)
        if chosen is not None:
            return self._of_chosen(chosen, district)
        if not len(probabilities):
            return None
        found = self.weigh(probabilities, readings, district, meaning, self._alternatives + 2)
        place, trust = self._trust.chosen([signals for _, signals in found], self._rather)
        best, confidence = found[place][0], round(trust, 4)
        first = self._catalogue.templates[int(probabilities.argmax())]
        others = [self._named(unit, district) for unit in (first.unit, *first.unit_alternatives)]
        others += [unit for unit, _ in found]
        certificate = self._certificates.get(text)
        decision = self._decision(best, confidence, certificate.threshold if certificate else self._suggest)
        return Dispatch(
            best,
            confidence,
            decision,
            self._others(best, others),
            certified=certificate.error if certificate and decision == "suggest" else None,
            question=self._question(best, probabilities) if decision == "ask" else None,
        )

    def weigh(
        self, probabilities: Floats, readings: Sequence[Told], district: str | None, meaning: Floats, most: int
    ) -> list[tuple[str, Signals]]:
        """The ``most`` likeliest units, best first, with what speaks for each; see `decide`."""
        size = len(self._units)
        handles = np.bincount(self._primary, weights=probabilities, minlength=size)
        may = np.bincount(self._may_unit, weights=probabilities[self._may_template], minlength=size)
        opinion = self._by_unit(self._opinion.of(meaning))
        said = {unit for reading in readings for unit in reading.units}
        names = [self._named(unit, district) for unit in self._units]
        named = np.array([name in said for name in names])
        odds = handles + self._accepts_factor * may
        odds[named] = np.maximum(odds[named], _SAID_AT_LEAST) * self._said_factor
        best_handles, best_opinion = float(handles.max()), float(opinion.max())
        return [
            (
                names[unit],
                Signals(
                    handles=float(handles[unit]),
                    accepts=float(may[unit]),
                    opinion=float(opinion[unit]),
                    best_handles=best_handles,
                    best_opinion=best_opinion,
                    usual=float(self._usual[unit]),
                    said=0.0 if not said else 1.0 if named[unit] else -1.0,
                    by_district=self._units[unit] == DISTRICT,
                ),
            )
            for unit in map(int, np.argsort(-odds, kind="stable")[:most])
            if odds[unit] > 0
        ]

    def _of_chosen(self, template: Template, district: str | None) -> Dispatch:
        """The agent chose the template: its unit is suggested, which no certificate speaks of."""
        best = self._named(self._oversight.get(template.unit, template.unit), district)
        others = [self._named(unit, district) for unit in (template.unit, *template.unit_alternatives)]
        if best == self._unknown:
            return Dispatch(best, self._chosen, "ask", self._others(best, others), question=self._asks["district"])
        return Dispatch(best, self._chosen, "suggest", self._others(best, others))

    def _named(self, unit: str, district: str | None) -> str:
        """A unit of the catalogue as tickets name it."""
        if unit != DISTRICT:
            return unit
        return self._district_units.get(district or "", self._unknown)

    def _decision(self, unit: str, confidence: float, threshold: float) -> str:
        if confidence >= threshold and unit != self._unknown:
            return "suggest"
        return "ask" if confidence >= self._ask else "abstain"

    def _question(self, best: str, probabilities: Floats) -> str | None:
        """The one question that would decide: the district, or which of the two likeliest matters of different
        units.
        """
        if best == self._unknown:
            return self._asks["district"]
        ranked = iter(np.argsort(-probabilities, kind="stable"))
        first = self._catalogue.templates[int(next(ranked))]
        for place in ranked:
            other = self._catalogue.templates[int(place)]
            if other.unit != first.unit:
                return self._asks["matter"].format(first=first.title, second=other.title)
        return None

    def _others(self, best: str, units: Iterable[str]) -> tuple[str, ...]:
        different = dict.fromkeys(unit for unit in units if unit not in (best, self._unknown))
        return tuple(different)[: self._alternatives]


def _most_named(readings: Iterable[Told]) -> str | None:
    counts = Counter(district for reading in readings for district in reading.districts)
    return counts.most_common(1)[0][0] if counts else None
