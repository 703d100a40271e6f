"""Which unit should handle the matter: the templates' probabilities, the district and the agent's words in, a
`Dispatch` out.

How sure one may be of it says `extractors.dispatch_trust`; from which point on a ticket may be dispatched says the
certificate, where one belongs to this catalogue, else the rules (``catalog/rules/dispatch.yaml``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from extractors.catalogue import DISTRICT, Catalogue, Template
from extractors.dispatch_certificate import Certificate, Text
from extractors.dispatch_trust import Signals, Trust
from extractors.ranking import Floats
from extractors.ticket import Choice, Dispatch
from extractors.turn import Speaker, Turn

_SAID_AT_LEAST = 0.02  # share of a unit that the agent names, however little else speaks for it


@dataclass(frozen=True, slots=True)
class Told:
    """What one turn says of the unit: ``units`` the agent says the matter goes to, ``districts`` named without 区."""

    units: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


class Dispatcher:
    """Finds the unit for a call. ``trust``: how sure a unit is; ``certificates``: those that belong to ``catalogue``,
    by kind of text.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        rules: Mapping[str, Any],
        trust: Trust,
        certificates: Mapping[Text, Certificate] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._trust = trust
        self._certificates = certificates or {}
        self._suggest = float(rules["suggest"])
        self._ask = float(rules["ask"])
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
        self._matters = np.unique([one.matter for one in templates], return_inverse=True)[1]
        self._domains = np.unique([one.domain for one in templates], return_inverse=True)[1]

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
        *,
        domain: Choice | None = None,
        request_type: Choice | None = None,
        words: float = 0.0,
        top_score: float = 0.0,
        chosen: Template | None = None,
        text: Text = "written",
    ) -> Dispatch | None:
        """The unit, given the probability of every template of the catalogue; None when there is nothing to go by.

        ``district`` is the ticket's; without one, what `readings` name most stands in.
        ``words`` is the weight of all that was said, ``top_score`` the score of the best template; ``chosen`` the
        template that the agent chose, whose unit it then is; ``text`` says which certificate speaks of it.
        """
        district = district or _most_named(readings)
        if chosen is not None:
            return self._of_chosen(chosen, district)
        if not len(probabilities) or words <= 0:
            return None
        found = self.weigh(probabilities, readings, district, domain, request_type, words, top_score)
        best, order, signals = found
        confidence = round(self._trust.probability(signals), 4)
        first = self._catalogue.templates[int(probabilities.argmax())]
        others = [self._named(unit, district) for unit in (first.unit, *first.unit_alternatives)]
        others += [self._named(unit, district) for unit in order[1:]]
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
        self,
        probabilities: Floats,
        readings: Sequence[Told],
        district: str | None,
        domain: Choice | None,
        request_type: Choice | None,
        words: float,
        top_score: float,
    ) -> tuple[str, list[str], Signals]:
        """The unit, the units of the catalogue from best to worst, and what speaks for the best; see `decide`."""
        size = len(self._units)
        handles = np.bincount(self._primary, weights=probabilities, minlength=size)
        may = np.bincount(self._may_unit, weights=probabilities[self._may_template], minlength=size)
        said = {unit for reading in readings for unit in reading.units}
        odds = handles + self._accepts_factor * may
        for number, unit in enumerate(self._units):
            if self._named(unit, district) in said:
                odds[number] = max(odds[number], _SAID_AT_LEAST) * self._said_factor
        ranked = np.argsort(-odds, kind="stable")
        best, second = int(ranked[0]), int(ranked[1]) if size > 1 else int(ranked[0])
        first = int(probabilities.argmax())
        after = np.partition(probabilities, -2)[-2] if len(probabilities) > 1 else probabilities[first]
        unit = self._named(self._units[best], district)
        signals = Signals(
            unit=float(handles[best]),
            accepts=float(may[best]),
            second=float(handles[second]),
            template=float(probabilities[first]),
            next_template=float(after),
            matter=float(probabilities[self._matters == self._matters[first]].sum()),
            domain=float(probabilities[self._domains == self._domains[first]].sum()),
            domain_sure=domain.confidence if domain else 0.5,
            domain_agrees=float(domain is not None and domain.value == self._domain_of(first)),
            type_sure=request_type.confidence if request_type else 0.5,
            said=0.0 if not said else 1.0 if unit in said else -1.0,
            words=words,
            match=top_score / words,
            by_district=float(self._units[best] == DISTRICT),
        )
        return unit, [self._units[int(number)] for number in ranked if odds[number] > 0], signals

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

    def _domain_of(self, place: int) -> str:
        return self._catalogue.domains[self._catalogue.templates[place].domain].name

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
