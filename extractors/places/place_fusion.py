"""District and street that the readings of a call agree on: readings of all turns in, a place with its proof out.

The weights of each place are added up over the turns, district and street are judged as a pair (a street lies in one
district), and one is settled when the pairs that agree on it hold most of the probability. A road or a landmark speaks
for its district, never for a street.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from extractors.places.gazetteer import Gazetteer, Kind
from extractors.places.place_readings import Hit, PlacesReading


@dataclass(frozen=True, slots=True)
class Settled:
    """The place ``name`` with its probability and the hits that prove it, each with the position of its turn."""

    name: str
    probability: float
    proof: tuple[tuple[int, Hit], ...]


class PlaceFusion:
    """Fuses readings by the weights of a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._district_of = [place.districts[0] for place in gazetteer.places]
        self._index_of = {p.name: i for i, p in enumerate(gazetteer.places) if p.kind is Kind.DISTRICT}

    def settled(self, readings: Sequence[PlacesReading]) -> dict[str, Settled]:
        """``district`` and ``street`` where enough speaks for one."""
        weighed = self._weigh(readings)
        probabilities = self._pairs({place: total for place, (total, _) in weighed.items()}, readings)
        found: dict[str, Settled] = {}
        for slot, position in (("district", 0), ("street", 1)):
            chances: dict[int, float] = {}
            for pair, probability in probabilities.items():
                member = pair[position]
                if member is not None:
                    chances[member] = chances.get(member, 0.0) + probability
            if not chances:
                continue
            place = max(chances, key=lambda one: (chances[one], -one))
            if chances[place] >= self._gazetteer.weights.fill[slot]:
                proof = self._proof(place, weighed, readings)
                found[slot] = Settled(self._name(place), chances[place], tuple(proof))
        return found

    def _proof(
        self,
        place: int,
        weighed: Mapping[int, tuple[float, list[tuple[int, Hit]]]],
        readings: Sequence[PlacesReading],
    ) -> list[tuple[int, Hit]]:
        """Where ``place`` was named; for a district nobody named, its likeliest street, else its road or landmark."""
        if place in weighed:
            return weighed[place][1]
        inside = [found for one, found in weighed.items() if self._district_of[one] == self._name(place)]
        if inside:
            return max(inside, key=lambda found: found[0])[1]
        supports = [
            (at, hit)
            for at, reading in enumerate(readings)
            for hit in reading.supports
            if self._name(place) in self._gazetteer.places[hit.place].districts
        ]
        return [max(supports, key=lambda one: one[1].weight)]

    def _weigh(self, readings: Sequence[PlacesReading]) -> dict[int, tuple[float, list[tuple[int, Hit]]]]:
        """For each place its total weight over the call and the (turn position, hit) it comes from, at most three."""
        said: dict[int, list[tuple[int, Hit]]] = {}
        for at, reading in enumerate(readings):
            for kind in (Kind.DISTRICT, Kind.STREET):
                hits = [hit for hit in reading.hits if self._gazetteer.places[hit.place].kind is kind]
                corrections = [hit for hit in hits if hit.corrects]
                if corrections:
                    here = {hit.place for hit in hits}
                    said = {
                        place: before
                        for place, before in said.items()
                        if self._gazetteer.places[place].kind is not kind
                        or place in here
                        or not any(all(hit.replaces(one) for _, one in before) for hit in corrections)
                    }
                for hit in hits:
                    said.setdefault(hit.place, []).append((at, hit))
        weighed = {}
        for place, found in said.items():
            best = sorted(found, key=lambda one: -one[1].weight)[:3]
            total = sum(hit.weight * self._gazetteer.weights.repeated**rank for rank, (_, hit) in enumerate(best))
            weighed[place] = (total, sorted(best, key=lambda one: one[0]))
        return weighed

    def _pairs(
        self, totals: Mapping[int, float], readings: Sequence[PlacesReading]
    ) -> dict[tuple[int | None, int | None], float]:
        """The probability of every (district, street) that something speaks for; ``None``: not said."""
        weights = self._gazetteer.weights
        support = self._support(readings)
        scores: dict[tuple[int | None, int | None], float] = {(None, None): 0.0}
        for district, nats in support.items():
            scores[district, None] = nats + weights.prior[Kind.DISTRICT]
        for place, total in totals.items():
            kind = self._gazetteer.places[place].kind
            district = self._index_of[self._district_of[place]]
            score = total + weights.prior[kind] + support.get(district, 0.0)
            if kind is Kind.DISTRICT:
                scores[place, None] = score
            else:
                scores[district, place] = score + max(0.0, totals.get(district, 0.0) + weights.prior[Kind.DISTRICT])
        highest = max(scores.values())
        odds = {pair: exp(score - highest) for pair, score in scores.items()}
        whole = sum(odds.values())
        return {pair: odd / whole for pair, odd in odds.items()}

    def _support(self, readings: Sequence[PlacesReading]) -> dict[int, float]:
        """What roads, stations and landmarks say for each district, in nats; each place counts once."""
        weights = self._gazetteer.weights
        best: dict[int, float] = {}
        for reading in readings:
            for hit in reading.supports:
                best[hit.place] = max(best.get(hit.place, 0.0), hit.weight)
        support: dict[int, float] = {}
        for place, weight in best.items():
            names = self._gazetteer.places[place].districts
            for name in names:
                district = self._index_of[name]
                nats = min(weights.support * weight, weights.support_most) / len(names)
                support[district] = min(support.get(district, 0.0) + nats, weights.support_total)
        return support

    def _name(self, place: int) -> str:
        return self._gazetteer.places[place].name
