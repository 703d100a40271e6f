"""Which unit should handle the matter: the ranked templates, the district and the agent's words in, a `Dispatch` out.

Thresholds (``catalog/rules/dispatch.yaml``) decide whether the unit is suggested, asked about or not named at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from extractors.catalogue import DISTRICT, Catalogue, Template
from extractors.ticket import Dispatch
from extractors.turn import Speaker, Turn


class Dispatcher:
    """Finds the unit for a call."""

    def __init__(self, catalogue: Catalogue, rules: Mapping[str, Any]) -> None:
        self._district_units = {name: unit.name for name, unit in catalogue.district_units.items()}
        self._suggest = float(rules["suggest"])
        self._ask = float(rules["ask"])
        self._said_factor = float(rules["said_factor"])
        self._chosen = float(rules["chosen"])
        self._unknown = str(rules["district_unknown"])
        self._alternatives = int(rules["alternatives"])
        self._oversight: Mapping[str, str] = rules["oversight"]
        names = {alias: unit.name for unit in catalogue.units.values() for alias in (unit.name, *unit.aliases)}
        self._names = {name: unit for name, unit in names.items() if len(name) > 1}
        longest = sorted(self._names, key=len, reverse=True)
        before = "|".join(f"(?:{phrase})" for phrase in rules["said_by_agent"])
        self._said = re.compile(f"(?:{before})(?P<unit>{'|'.join(map(re.escape, longest))})")

    def read(self, turn: Turn) -> tuple[str, ...]:
        """The units the agent says the matter goes to."""
        if turn.speaker is not Speaker.AGENT:
            return ()
        return tuple(self._names[found["unit"]] for found in self._said.finditer(turn.text))

    def decide(
        self,
        ranked: Sequence[tuple[Template, float]],
        readings: Iterable[Sequence[str]],
        district: str | None,
        chosen: Template | None = None,
    ) -> Dispatch | None:
        """The unit, given the best templates with their probabilities; None when there is nothing to go by."""
        if chosen is not None:
            return self._of_chosen(chosen, district)
        odds: dict[str, float] = {}
        for template, probability in ranked:
            unit = self._resolve(template.unit, district)
            odds[unit] = odds.get(unit, 0.0) + probability
        if not odds:
            return None
        rest = max(0.0, 1.0 - sum(odds.values()))
        for unit in {unit for reading in readings for unit in reading}:
            odds[unit] = max(odds.get(unit, 0.0), 0.02) * self._said_factor
        total = sum(odds.values()) + rest
        order = sorted(odds, key=lambda unit: (-odds[unit], unit))
        best, confidence = order[0], round(odds[order[0]] / total, 3)
        also = [unit for template, _ in ranked[:1] for unit in (template.unit, *template.unit_alternatives)]
        others = [self._named(unit, district) for unit in also] + order[1:]
        return Dispatch(best, confidence, self._decision(best, confidence), self._others(best, others))

    def _of_chosen(self, template: Template, district: str | None) -> Dispatch:
        best = self._resolve(template.unit, district)
        others = [self._named(unit, district) for unit in (template.unit, *template.unit_alternatives)]
        return Dispatch(best, self._chosen, self._decision(best, self._chosen), self._others(best, others))

    def _resolve(self, unit: str, district: str | None) -> str:
        """The unit a ticket goes to: the district's government, or the department that oversees a company."""
        return self._oversight.get(unit, self._named(unit, district))

    def _named(self, unit: str, district: str | None) -> str:
        if unit != DISTRICT:
            return unit
        return self._district_units.get(district or "", self._unknown)

    def _decision(self, unit: str, confidence: float) -> str:
        if confidence < self._ask:
            return "abstain"
        return "suggest" if confidence >= self._suggest and unit != self._unknown else "ask"

    def _others(self, best: str, units: Iterable[str]) -> tuple[str, ...]:
        different = dict.fromkeys(unit for unit in units if unit not in (best, self._unknown))
        return tuple(different)[: self._alternatives]
