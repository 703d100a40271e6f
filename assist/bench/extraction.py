"""What the extractors find in texts that others annotated: a corpus in, scores of spans out.

Texts with names in them (`Readers.names`): persons as masking hides them; places as masking hides them, as the
gazetteer finds them, and as the gazetteer and the endings of names (…路, …花园) do. Addresses (`Readers.addresses`):
each part under the corpus's tag, as told, and as told where all divisions are known; and how much of what leads to a
door is hidden.

Each sentence is read alone, with nothing asked before, as a citizen's and as an agent's: like `Privacy.masked_text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assist.bench import address_tags
from assist.bench.annotated import Corpus, Sentence
from assist.bench.bootstrap import Figure, ratio
from assist.bench.spans import Pair, Score, Span, merged, of_tag, score, within
from extractors.catalogue.knowledge import Catalogue
from extractors.compiled import compile_catalogue
from extractors.places.address import AddressExtractor
from extractors.places.address_parts import Level, PartFinder, load_address_rules
from extractors.places.address_reading import AddressReading
from extractors.places.gazetteer import load_gazetteer
from extractors.safety.privacy import make_privacy
from extractors.slots.extractor import Context
from extractors.text.cues import alternatives, load_rules
from extractors.turn import Speaker, Turn

ALL = "all"
_PERSONS = ("per", "name")
_PLACES = ("loc", "address")
_NAMED = (Level.AREA, Level.ROAD, Level.ESTATE)
_ALONE = Context((), frozenset(), datetime(2000, 1, 1, tzinfo=UTC))  # nothing asked; no span depends on the time


@dataclass(frozen=True, slots=True)
class NamesReport:
    """Scores by what was looked for and how; ``whole``: shares of marked spans of one kind that were found whole."""

    scores: Mapping[str, Score]
    whole: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class AddressReport:
    """Scores by tag and of `ALL` tags together, as ``told`` and with divisions ``given``; ``untold`` marked spans have
    no counterpart.
    """

    told: Mapping[str, Score]
    given: Mapping[str, Score]
    untold: int
    whole: Mapping[str, Figure]


class Readers:
    """The extractors of a catalogue, as they are measured."""

    def __init__(self, catalogue: Catalogue) -> None:
        extractors = compile_catalogue(catalogue).extractors
        self._privacy = make_privacy(catalogue, extractors)
        self._addresses = next(one for one in extractors if isinstance(one, AddressExtractor))
        self._finder = PartFinder(load_address_rules(catalogue.directory))
        self._title = re.compile(alternatives(load_rules(catalogue.directory, "privacy")["names"]["titles"]))
        self._listed = frozenset(form.text for form in load_gazetteer(catalogue.directory).forms if not form.bare)

    def names(self, corpus: Corpus, done: Callable[[], None] = lambda: None) -> NamesReport:
        """How persons and places are found in sentences."""
        pairs: dict[str, list[Pair]] = {}
        titled: list[tuple[int, int]] = []
        listed: list[tuple[int, int]] = []
        for one in corpus.sentences:
            persons, places = _marked(one, _PERSONS, "person"), _marked(one, _PLACES, "place")
            hidden, doors = self._hidden(one.text)
            reading = self._read(one.text)
            known = merged(Span(place.start, place.end, "place") for place in reading.known)
            ended = [Span(part.start, part.end, "place") for part in reading.parts if part.level in _NAMED]
            for way, pair in (
                ("person, masked", (persons, hidden)),
                ("place, masked", (places, doors)),
                ("place, gazetteer", (places, known)),
                ("place, gazetteer and endings", (places, merged([*known, *ended]))),
            ):
                pairs.setdefault(way, []).append(pair)
            titled.append(_counted([span for span in persons if self._title.match(one.text, span.end)], hidden))
            listed.append(_counted([span for span in places if one.text[span.start : span.end] in self._listed], known))
            done()
        whole = {
            "person before a form of address, masked": _share(titled),
            "place whose full name the gazetteer has, found": _share(listed),
        }
        return NamesReport({way: score(some) for way, some in pairs.items()}, whole)

    def addresses(self, corpus: Corpus, done: Callable[[], None] = lambda: None) -> AddressReport:
        """How the parts of addresses are told."""
        told: list[Pair] = []
        given: list[Pair] = []
        doors: list[tuple[int, int]] = []
        for one in corpus.sentences:
            gold = address_tags.marked(one)
            reading = self._read(one.text)
            told.append((gold, address_tags.told(one.text, reading.parts, reading.known)))
            parts = self._finder.parts(one.text, address_tags.divisions(one))
            below = [span for span in gold if span.tag not in address_tags.DIVISIONS]
            given.append((below, address_tags.told(one.text, parts, ())))
            household = [span for span in gold if span.tag in address_tags.HOUSEHOLD]
            doors.append(_counted(household, self._hidden(one.text)[1]))
            done()
        whole = {
            "numbers of houses, buildings, floors and rooms, masked": _share(doors),
            "addresses with such numbers, all of them masked": _share([(int(n == of), 1) for n, of in doors if of]),
        }
        untold = sum(span.tag in address_tags.UNTOLD for one in corpus.sentences for span in one.spans)
        return AddressReport(_by_tag(told), _by_tag(given), untold, whole)

    def _read(self, text: str) -> AddressReading:
        return self._addresses.read(Turn(0, Speaker.CITIZEN, text), _ALONE)

    def _hidden(self, text: str) -> tuple[list[Span], list[Span]]:
        """The persons and the places that masking hides."""
        found = {span for speaker in Speaker for span in self._privacy.find(Turn(0, speaker, text))}
        persons = merged(Span(span.start, span.end, "person") for span in found if span.kind == "name")
        return persons, merged(Span(span.start, span.end, "place") for span in found if span.kind == "address")


def _marked(sentence: Sentence, tags: Sequence[str], tag: str) -> list[Span]:
    return [Span(span.start, span.end, tag) for span in sentence.spans if span.tag in tags]


def _counted(spans: Sequence[Span], found: Sequence[Span]) -> tuple[int, int]:
    """How many of ``spans`` were found whole, and how many they are."""
    return sum(within(span, found) for span in spans), len(spans)


def _share(counts: Sequence[tuple[int, int]]) -> Figure:
    return ratio([hits for hits, _ in counts], [of for _, of in counts])


def _by_tag(pairs: Sequence[Pair]) -> dict[str, Score]:
    """The scores of each tag that is marked or told, and of all."""
    used = {span.tag.partition(":")[0] for pair in pairs for some in pair for span in some}
    scores = {tag: score(of_tag(pairs, tag)) for tag in address_tags.TOLD if tag in used}
    return {**scores, ALL: score(pairs)}
