"""Which districts, streets and other places one turn names: sightings of the gazetteer in, hits in nats out.

A sighting counts beyond chance, more where the place was asked for or stands beside one that it belongs with; not where
the same sounds are better explained as another kind of place. A name without the word of its kind (天河) counts where
the words around it tell that the place is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from extractors.conversation.dialogue import Dialogue
from extractors.places.gazetteer import Gazetteer, Kind, Sighting
from extractors.slots.extractor import Context
from extractors.text.general_words import general_segmenter
from extractors.turn import Speaker, Turn

CLEAR = 3.0
"""Nats from which a place named after "不对，是" replaces earlier ones."""

CORRECTED = 12
"""Characters before a place in which such words stand."""

_ELSEWHERE_REACH = 10  # characters before a place in which the city it lies in stands
_TAKES_BACK = 0.5  # of the weight of a place: what is to replace it weighs so much
_PAUSE = re.compile("[，,、。！!？?；;：:…]")
_SHORT = 2  # characters of a street's name that may be a word
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

    def is_plain(self, text: str) -> bool:
        """Whether it is surely named in ``text``, its turn, and not put together from the words around a pause."""
        return self.weight >= CLEAR and _PAUSE.search(text, self.start, self.end) is None

    def replaces(self, other: Hit) -> bool:
        """Whether it is sure enough, beside ``other``, to be said in its place."""
        return self.weight >= _TAKES_BACK * other.weight


@dataclass(frozen=True, slots=True)
class PlacesReading:
    """What one turn says about places."""

    hits: tuple[Hit, ...] = ()
    supports: tuple[Hit, ...] = ()  # roads, stations, landmarks


@dataclass(frozen=True, slots=True)
class _Seen:
    """The sightings of one turn, and those of them that are districts and streets or any ``others``; ``expected``: the
    slots that the other party asked for.
    """

    text: str
    speaker: Speaker
    expected: frozenset[str]
    sightings: Sequence[Sighting]
    divisions: Sequence[Sighting]
    others: Sequence[Sighting]

    def asked(self, kind: Kind) -> bool:
        """Whether the other party asked for a place of ``kind`` or for the address."""
        return kind.value in self.expected or "address" in self.expected


class PlaceReader:
    """Reads places off single turns."""

    def __init__(self, gazetteer: Gazetteer, dialogue: Dialogue) -> None:
        self._gazetteer = gazetteer
        self._dialogue = dialogue
        weights = gazetteer.weights
        self._gone_wrong = re.compile(weights.gone_wrong)
        self._before = re.compile(f"(?:{weights.short_before})$")
        self._after, self._alone_after = re.compile(weights.short_after), re.compile(weights.short_alone_after)
        self._street_after = re.compile(weights.street_after)
        self._unsure_before, self._unsure_after = (
            re.compile(f"(?:{weights.unsure_before})$"),
            re.compile(weights.unsure_after),
        )
        self._unsure = re.compile(weights.unsure)
        self._office_after = re.compile(weights.office_after)
        cities = "|".join(map(re.escape, gazetteer.elsewhere)) or "(?!)"
        self._of_another_city = re.compile(f"(?:{cities})(?:{weights.elsewhere_between})$")
        self._segmenter = general_segmenter()
        self._within_words = lru_cache(maxsize=64)(self._borders_in_words)
        self._reading = lru_cache(maxsize=512)(self._read)  # for the places and for the address they stand in

    def read(self, turn: Turn, context: Context) -> PlacesReading:
        """The places ``turn`` may name."""
        return self._reading(turn.text, turn.speaker, context.expected)

    def _read(self, text: str, speaker: Speaker, expected: frozenset[str]) -> PlacesReading:
        sightings = self._gazetteer.sightings(text)
        if not sightings:
            return PlacesReading()
        chance = log(1 + len(text))
        divisions = [one for one in sightings if one.kind in (Kind.DISTRICT, Kind.STREET)]
        others = [one for one in sightings if one.kind not in (Kind.DISTRICT, Kind.STREET)]
        seen = _Seen(text, speaker, expected, sightings, divisions, others)
        hits: dict[int, Hit] = {}
        for one in divisions:
            hit = self._division(one, seen, chance)
            if hit is not None and (one.place not in hits or hits[one.place].weight < hit.weight):
                hits[one.place] = hit
        prior = self._gazetteer.weights.prior
        supports = tuple(
            Hit(one.place, max(weight, 0.0), one.start, one.end, False, one.form, one.cost)
            for one in others
            if (weight := one.llr + prior[one.kind] - chance) > 0 or one.exact
        )
        return PlacesReading(_uncorrected(hits.values(), self._gazetteer), supports)

    def _division(self, one: Sighting, seen: _Seen, chance: float) -> Hit | None:
        """The hit of a district or street; None where its sounds are no likelier than by ``chance``, or mean another
        place or none.
        """
        text, weights = seen.text, self._gazetteer.weights
        if self._of_another_city.search(text, max(0, one.start - _ELSEWHERE_REACH), one.start):
            return None
        expected, adjacent = seen.asked(one.kind), self._adjacent(one, seen.divisions, text)
        clearly = one.bare and self._clearly(one, seen.sightings, text)
        answers = one.bare and self._answers(one, seen)
        if one.bare and not clearly:
            fits = one.cost <= weights.bare_cost * (one.end - one.start)
            due = one.kind.value in seen.expected or adjacent or answers
            if not (fits and due) or text[one.end :].startswith(weights.not_after):
                return None
        sure = one.exact and (not one.bare or answers or (expected and clearly))
        if self._overshadowed(one, seen.others, sure=sure):
            return None
        if one.kind is Kind.STREET:
            districts = [other for other in seen.divisions if other.kind is Kind.DISTRICT and not other.bare]
            if self._no_street(one, seen) or self._overshadowed(one, districts, sure=sure):
                return None
        weight = one.llr - chance + ((weights.expected if expected else 0.0) + (weights.adjacent if adjacent else 0.0))
        if not one.exact:
            weight -= self._said_otherwise(one, text)
            if not (expected or adjacent or set(text[one.start : one.end]) & set(one.form)):
                weight -= weights.unlike
        if weight <= 0:
            return None
        hit = Hit(one.place, weight, one.start, one.end, False, one.form, one.cost)
        wrong = self._gone_wrong.search(text, max(0, one.start - CORRECTED), one.start)
        corrects = wrong is None and hit.is_plain(text) and self._dialogue.corrected_before(text, one.start, CORRECTED)
        return replace(hit, corrects=corrects)

    def _said_otherwise(self, one: Sighting, text: str) -> float:
        """What speaks against a place that only sounds like the words around it, in nats: that it would begin or end
        within one of them (实际成|交 is no 石碁镇), or reach over a pause.
        """
        weights = self._gazetteer.weights
        against = weights.over_pause if _PAUSE.search(text, one.start, one.end) else 0.0
        return against + weights.within_word * sum(
            border in self._within_words(text) for border in (one.start, one.end)
        )

    def _borders_in_words(self, text: str) -> frozenset[int]:
        """The places between two characters of one word."""
        within: set[int] = set()
        at = 0
        for word in self._segmenter.cut(text):
            within.update(range(at + 1, at + len(word)))
            at += len(word)
        return frozenset(within)

    def _adjacent(self, one: Sighting, divisions: Sequence[Sighting], text: str) -> bool:
        """Whether a street stands right after its district, or a district right before one of its streets."""
        street = one.kind is Kind.STREET
        for other in divisions:
            if (other.kind is Kind.STREET) == street:
                continue
            if other.bare and not (street and one.exact and other.exact and self._street_after.match(text, one.end)):
                continue
            if self._district_of(other) == self._district_of(one):
                first, second = (other, one) if street else (one, other)
                if first.end <= second.start and not text[first.end : second.start].strip(_HESITATION):
                    return True
        return False

    def _district_of(self, one: Sighting) -> str:
        return self._gazetteer.places[one.place].districts[0]

    def _answers(self, one: Sighting, seen: _Seen) -> bool:
        """Whether a street named without its kind is all that a clause says to a question for an address, but for its
        district ("大石，朝阳东路"); a long name at its end.
        """
        if one.kind is not Kind.STREET or not one.exact or "address" not in seen.expected:
            return False
        text = seen.text
        if any(other.kind is Kind.DISTRICT and other.form == one.form for other in seen.divisions):
            return False
        before = text[: one.start]
        begins = not before.strip() or before[-1] in _HESITATION
        within = any(other.exact and other.kind is Kind.DISTRICT and other.end == one.start for other in seen.divisions)
        telling = begins or within or len(one.form) > _SHORT
        return telling and self._street_after.match(text, one.end) is not None

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
                and self._gazetteer.places[one.place].name in self._gazetteer.places[other.place].districts
                for other in sightings
            ):
                return True
        return False

    def _no_street(self, one: Sighting, seen: _Seen) -> bool:
        """Whether the last sound is the word of another kind of place (江南中店), the street is named for its office
        (文冲街道发的), or the caller is not sure ("南石头街还是沙园街我搞不清").
        """
        text = seen.text
        if not one.exact and not one.bare and text[one.end - 1 :].startswith(self._gazetteer.weights.not_after):
            return True
        if seen.speaker is not Speaker.CITIZEN:
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
    for correction in [hit for hit in kept if hit.corrects]:
        kind = gazetteer.places[correction.place].kind
        kept = [
            hit
            for hit in kept
            if hit.end > correction.start
            or gazetteer.places[hit.place].kind is not kind
            or not correction.replaces(hit)
        ]
    return tuple(kept)
