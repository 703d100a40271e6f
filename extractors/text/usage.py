"""How often a hotline's own texts use the words of its catalogue: texts in, words and their counts out, nothing else.

Counted are terms (words of lexicon, templates and rules), places and units; the counts make what is named often
likelier where a recogniser's text is repaired (`extractors.repair.names`). They are kept in ``rules/usage.yaml``, which
need not be there. Longer words that the catalogue does not have are kept as well, but only general ones, and only where
several texts have them: a count must tell nothing about a single call.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from extractors.catalogue.yaml_files import CatalogueError, Problem, read_mapping
from extractors.text.general_words import general_segmenter
from extractors.text.segment import dictionary

FILE = "rules/usage.yaml"
LEAST_TEXTS = 3
"""Texts that must have a word the catalogue does not have."""

_NEW_WORD = re.compile("[\u4e00-\u9fff]{4,8}")


@dataclass(frozen=True, slots=True)
class Usage:
    """How often each term, place and unit was used, by its name in the catalogue."""

    terms: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is counted: ``terms`` as they are; ``places`` and ``units`` by every form that names them whole."""

    terms: Collection[str]
    places: Mapping[str, str]
    units: Mapping[str, str]


def load_usage(catalog: Path) -> Usage:
    """The counts of a catalogue directory. Raises `CatalogueError` for what holds no counts."""
    if not (catalog / FILE).is_file():
        return Usage()
    counts = read_mapping(catalog, FILE)
    for sort, used in counts.items():
        if sort not in Usage.__slots__ or not isinstance(used, dict):
            raise _malformed(catalog, str(sort), "must be one of terms, places, units, with a count by word")
        for word, count in used.items():
            if not isinstance(count, int) or count < 0:
                raise _malformed(catalog, str(word), f"{count!r} is no count")
    return Usage(**counts)


def counted(texts: Iterable[str], known: Vocabulary) -> Usage:
    """How often ``texts`` use what is ``known``, the longest name at each place; what is not used is left out."""
    terms, places, units, new = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    cut, general = general_segmenter().cut, dictionary()
    named = {*known.terms, *known.places, *known.units}
    words = {word: word for word in known.terms}
    longest = max(map(len, named), default=0)
    for text in texts:
        for counts, names in ((terms, words), (places, known.places), (units, known.units)):
            counts.update(_named(text, names, longest))
        new.update({word for word in cut(text) if _NEW_WORD.fullmatch(word) and general.get(word)} - named)
    terms.update({word: count for word, count in new.items() if count >= LEAST_TEXTS})
    return Usage(*(dict(sorted(one.items())) for one in (terms, places, units)))


def as_rules(usage: Usage) -> dict[str, dict[str, int]]:
    """``usage`` as ``rules/usage.yaml`` holds it."""
    return {sort: dict(counts) for sort, counts in asdict(usage).items()}


def _named(text: str, names: Mapping[str, str], longest: int) -> Iterator[str]:
    at = 0
    while at < len(text):
        end = next((end for end in range(min(len(text), at + longest), at, -1) if text[at:end] in names), None)
        if end is not None:
            yield names[text[at:end]]
        at = end or at + 1


def _malformed(catalog: Path, name: str, message: str) -> CatalogueError:
    return CatalogueError(catalog, (Problem(FILE, 0, name, "usage", message),))
