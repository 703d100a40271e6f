"""District and street of a call, weighed over all its turns.

In: turns. Out: the slots ``district`` and ``street``. Each turn yields log-likelihood ratios for the places it may name
(``extractors/gazetteer.py``); those of the call's turns are added, district and street are judged as a pair (a street
lies in one district), and a slot is filled when the pairs that agree on it hold most of the probability. A road or a
landmark speaks for its district, never for a street.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from extractors.dialogue import Dialogue
from extractors.extractor import Context
from extractors.gazetteer import Gazetteer, Kind, Sighting
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

_CLEAR = 3.0  # nats from which a place named after "不对，是" replaces earlier ones
_SHORT = 2  # characters of a street's name that may be a word
_MOST_CERTAIN = 0.99
_HESITATION = "，,、。 那个呃嗯的"


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a turn may name: ``weight`` in nats beyond chance; ``corrects``: it replaces what came before;
    ``form``: how it was named; ``cost``: how far its sounds are from those heard.
    """

    place: int
    weight: float
    start: int
    end: int
    corrects: bool
    form: str = ""
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class PlacesReading:
    """What one turn says about places."""

    hits: tuple[Hit, ...] = ()
    supports: tuple[Hit, ...] = ()  # roads, stations, landmarks


class PlacesExtractor:
    """Fills ``district`` and ``street``."""

    slots: tuple[str, ...] = ("district", "street")

    def __init__(self, gazetteer: Gazetteer, dialogue: Dialogue) -> None:
        self._gazetteer = gazetteer
        self._dialogue = dialogue
        weights = gazetteer.weights
        self._before = re.compile(f"(?:{weights.short_before})$")
        self._after, self._alone_after = re.compile(weights.short_after), re.compile(weights.short_alone_after)
        self._street_after = re.compile(weights.street_after)
        self._unsure_before, self._unsure_after = (
            re.compile(f"(?:{weights.unsure_before})$"),
            re.compile(weights.unsure_after),
        )
        self._unsure = re.compile(weights.unsure)
        self._office_after, self._withheld = re.compile(weights.office_after), re.compile(weights.withheld)
        self._district_of = [place.districts[0] for place in gazetteer.places]
        self._index_of = {p.name: i for i, p in enumerate(gazetteer.places) if p.kind is Kind.DISTRICT}

    def read(self, turn: Turn, context: Context) -> PlacesReading:
        """The places ``turn`` may name."""
        sightings = self._gazetteer.sightings(turn.text)
        if not sightings:
            return PlacesReading()
        weights = self._gazetteer.weights
        chance = log(1 + len(turn.text))
        divisions = [one for one in sightings if one.kind in (Kind.DISTRICT, Kind.STREET)]
        others = [one for one in sightings if one.kind not in (Kind.DISTRICT, Kind.STREET)]
        districts = [one for one in divisions if one.kind is Kind.DISTRICT and not one.bare]
        hits: dict[int, Hit] = {}
        for one in divisions:
            kind = one.kind
            weight = one.llr - chance
            expected = kind.value in context.expected or "address" in context.expected
            adjacent = self._adjacent(one, divisions, turn.text)
            if (
                one.bare
                and not self._clearly(one, sightings, turn.text)
                and not (
                    one.cost <= weights.bare_cost * (one.end - one.start)
                    and (kind.value in context.expected or adjacent or self._answers(one, divisions, turn, context))
                    and not turn.text[one.end :].startswith(weights.not_after)
                )
            ):
                continue
            if kind is Kind.STREET and self._no_street(one, turn):
                continue
            sure = one.exact and (
                not one.bare
                or self._answers(one, divisions, turn, context)
                or (expected and self._clearly(one, sightings, turn.text))
            )
            if self._overshadowed(one, others, sure=sure) or (
                kind is Kind.STREET and self._overshadowed(one, districts, sure=sure)
            ):
                continue
            weight += (weights.expected if expected else 0.0) + (weights.adjacent if adjacent else 0.0)
            if weight > 0 and (one.place not in hits or hits[one.place].weight < weight):
                corrects = self._dialogue.corrected_before(turn.text, one.start)
                hits[one.place] = Hit(one.place, weight, one.start, one.end, corrects, one.form, one.cost)
        supports = tuple(
            Hit(one.place, max(weight, 0.0), one.start, one.end, False, one.form, one.cost)
            for one in others
            if (weight := one.llr + weights.prior[one.kind] - chance) > 0 or one.exact
        )
        return PlacesReading(_uncorrected(hits.values(), self._gazetteer), supports)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[PlacesReading], context: Context
    ) -> Mapping[str, SlotValue]:
        """District and street after ``turns``."""
        readings = self.standing(turns, readings)
        weighed = self._weigh(readings)
        probabilities = self._pairs({place: total for place, (total, _) in weighed.items()}, readings)
        values: dict[str, SlotValue] = {}
        for slot, position in (("district", 0), ("street", 1)):
            chances: dict[int, float] = {}
            for pair, probability in probabilities.items():
                member = pair[position]
                if member is not None:
                    chances[member] = chances.get(member, 0.0) + probability
            if not chances:
                continue
            place = max(chances, key=lambda one: (chances[one], -one))
            if chances[place] < self._gazetteer.weights.fill[slot]:
                continue
            proof = self._proof(place, weighed, readings)
            values[slot] = SlotValue(
                value=self._name(place),
                confidence=round(min(chances[place], _MOST_CERTAIN), 3),
                evidence=tuple(Evidence.of(turns[at], hit.start, hit.end) for at, hit in proof),
                confirmed=len({turns[at].speaker for at, _ in proof}) > 1,
            )
        return values

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
                if any(hit.corrects and hit.weight >= _CLEAR for hit in hits):
                    here = {hit.place for hit in hits}
                    said = {p: h for p, h in said.items() if self._gazetteer.places[p].kind is not kind or p in here}
                for hit in hits:
                    said.setdefault(hit.place, []).append((at, hit))
        weighed = {}
        for place, found in said.items():
            best = sorted(found, key=lambda one: -one[1].weight)[:3]
            total = sum(hit.weight * self._gazetteer.weights.repeated**rank for rank, (_, hit) in enumerate(best))
            weighed[place] = (total, sorted(best, key=lambda one: one[0]))
        return weighed

    def withheld(self, turn: Turn) -> bool:
        """Whether the caller keeps to themselves what places ``turn`` names ("你就别写地址了")."""
        return turn.speaker is Speaker.CITIZEN and self._withheld.search(turn.text) is not None

    def standing(self, turns: Sequence[Turn], readings: Sequence[PlacesReading]) -> list[PlacesReading]:
        """``readings`` without places that were refused, withheld, said not to be so, only asked by the agent, or
        advised and then repeated.
        """
        held = []
        refused: list[tuple[int, Hit]] = []
        told: list[tuple[int, Hit]] = []
        advised: set[int] = set()
        for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            hits = (*reading.hits, *reading.supports)
            if turn.speaker is Speaker.AGENT:
                known = {hit.place for _, hit in told}
                advised |= {hit.place for hit in hits if self._dialogue.advises(turn, hit.start)} - known
            elif not self.withheld(turn):
                own = (hit for hit in hits if hit.place not in advised)
                told += [(at, hit) for hit in own if not self._dialogue.negated(turn.text, hit.start)]
        districts = {name for _, hit in told for name in self._gazetteer.places[hit.place].districts}
        for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            if turn.speaker is Speaker.AGENT:
                refused += [(at, hit) for hit in reading.hits if self._dialogue.verdict(turns, at, hit.start) is False]
        for at, (turn, reading) in enumerate(zip(turns, readings, strict=True)):
            kept = []
            for hits in (reading.hits, reading.supports):
                if turn.speaker is Speaker.CITIZEN:
                    own = (hit for hit in hits if (at, hit) in told and not self._put_right(at, hit, refused, told))
                else:
                    own = (hit for hit in hits if self._held(turns, at, hit, told, districts))
                kept.append(tuple(own))
            held.append(PlacesReading(*kept))
        return held

    def _held(
        self, turns: Sequence[Turn], at: int, hit: Hit, told: Sequence[tuple[int, Hit]], districts: Collection[str]
    ) -> bool:
        """Whether a place that the agent names counts: not refused, and said by the caller, or, unless it is advice,
        let stand.
        """
        said = any(other.place == hit.place for _, other in told) or self._name(hit.place) in districts
        if not said and self._dialogue.advises(turns[at], hit.start):
            return False
        verdict = self._dialogue.verdict(turns, at, hit.start)
        if verdict is not None:
            return verdict
        return said or self._dialogue.stands(turns, at, hit.start)

    def _put_right(
        self, at: int, hit: Hit, refused: Sequence[tuple[int, Hit]], told: Sequence[tuple[int, Hit]]
    ) -> bool:
        """Whether the caller refused the read-back of a place named in turn ``at`` and then named another."""
        kind = self._gazetteer.places[hit.place].kind
        return any(
            at < read_back and other.place == hit.place and self._renamed(read_back, other.place, kind, told)
            for read_back, other in refused
        )

    def _renamed(self, after: int, place: int, kind: Kind, told: Sequence[tuple[int, Hit]]) -> bool:
        """Whether the caller names, after turn ``after``, another place of ``kind`` than ``place``, or, of a street,
        surely another district than its own.
        """
        for at, hit in told:
            if at <= after or hit.weight < _CLEAR or hit.place == place:
                continue
            other = self._gazetteer.places[hit.place]
            if other.kind is kind or (
                other.kind is Kind.DISTRICT and other.name not in self._gazetteer.places[place].districts
            ):
                return True
        return False

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

    def _adjacent(self, one: Sighting, divisions: Sequence[Sighting], text: str) -> bool:
        """Whether a street stands right after its district, or a district right before one of its streets."""
        street = one.kind is Kind.STREET
        for other in divisions:
            if (other.kind is Kind.STREET) == street:
                continue
            if other.bare and not (street and one.exact and other.exact and self._street_after.match(text, one.end)):
                continue
            if self._district_of[other.place] == self._district_of[one.place]:
                first, second = (other, one) if street else (one, other)
                if first.end <= second.start and not text[first.end : second.start].strip(_HESITATION):
                    return True
        return False

    def _answers(self, one: Sighting, divisions: Sequence[Sighting], turn: Turn, context: Context) -> bool:
        """Whether a street named without its kind is all that a clause says to a question for an address, but for its
        district ("大石，朝阳东路"); a long name at its end.
        """
        if one.kind is not Kind.STREET or not one.exact or "address" not in context.expected:
            return False
        if any(other.kind is Kind.DISTRICT and other.form == one.form for other in divisions):
            return False
        before = turn.text[: one.start]
        begins = not before.strip() or before[-1] in _HESITATION
        within = any(other.exact and other.kind is Kind.DISTRICT and other.end == one.start for other in divisions)
        telling = begins or within or len(one.form) > _SHORT
        return telling and self._street_after.match(turn.text, one.end) is not None

    def _clearly(self, one: Sighting, sightings: Sequence[Sighting], text: str) -> bool:
        """Whether a district is meant although its name lacks 区: "在天河，", "番禺这边", or before a place of it."""
        if one.kind is not Kind.DISTRICT or not one.exact:
            return False
        for found in re.finditer(re.escape(one.form), text):
            before, after = text[: found.start()], text[found.end() :]
            if self._alone_after.match(after) or (self._before.search(before) and self._after.match(after)):
                return True
            if any(
                other.exact
                and other.start == found.end()
                and self._name(one.place) in self._gazetteer.places[other.place].districts
                for other in sightings
            ):
                return True
        return False

    def _no_street(self, one: Sighting, turn: Turn) -> bool:
        """Whether the last sound is the word of another kind of place (江南中店), the street is named for its office
        (文冲街道发的), or the caller is not sure ("南石头街还是沙园街我搞不清").
        """
        text = turn.text
        if not one.exact and not one.bare and text[one.end - 1 :].startswith(self._gazetteer.weights.not_after):
            return True
        if turn.speaker is not Speaker.CITIZEN:
            return False
        if self._office_after.match(text, one.end):
            return True
        choice = self._unsure_before.search(text, 0, one.start) or self._unsure_after.match(text, one.end)
        return choice is not None and self._unsure.search(text, one.end) is not None

    def _overshadowed(self, one: Sighting, others: Iterable[Sighting], *, sure: bool) -> bool:
        """Whether the same sounds are better explained as another kind of place (石牌西路 is no 石牌街道).

        A name that is ``sure`` gives way to no place that only sounds alike, nor to one named after it (彩虹街派出所).
        """
        prior = self._gazetteer.weights.prior
        mine = one.llr + prior[one.kind]
        return any(
            other.start < one.end and one.start < other.end and other.llr + prior[other.kind] > mine
            for other in others
            if not sure or (other.exact and one.form not in other.form)
        )


def _uncorrected(hits: Iterable[Hit], gazetteer: Gazetteer) -> tuple[Hit, ...]:
    """The hits without those that the same turn takes back ("新港街道，不对，是赤岗街道")."""
    kept = list(hits)
    for correction in [hit for hit in kept if hit.corrects and hit.weight >= _CLEAR]:
        kind = gazetteer.places[correction.place].kind
        kept = [h for h in kept if h.end > correction.start or gazetteer.places[h.place].kind is not kind]
    return tuple(kept)
