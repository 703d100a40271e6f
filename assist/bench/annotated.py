"""Texts in which others marked names and places: a file in, sentences with their marked spans out.

Two formats, told from the file itself:

- CoNLL: a line for each token and its tag in BIO, an empty line between sentences (AISHELL-NER with PER, LOC and ORG;
  the Chinese address corpus of NAACL 2019 with 21 parts of an address). A token may be several characters.
- JSONL: an object a line with ``text`` and ``label``: kind, surface, list of [start, end], end included (CLUENER2020).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assist.bench.bootstrap import SEED
from assist.bench.spans import Span

ADDRESS_TAGS = frozenset(
    {
        *("country", "prov", "city", "district", "devzone", "town", "community"),
        *("road", "subroad", "roadno", "subroadno", "poi", "subpoi"),
        *("houseno", "cellno", "floorno", "roomno", "person", "assist", "redundant", "otherinfo"),
    }
)
"""The tags of the address corpus (its ``labels.txt``)."""


class CorpusError(Exception):
    """A corpus that cannot be used; names file, line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and what was marked in it, in order, under tags in lower case."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The sentences of one file, or a sample ``of`` so many of them."""

    name: str
    sentences: tuple[Sentence, ...]
    of: int

    @property
    def tags(self) -> frozenset[str]:
        """All tags that are used."""
        return frozenset(span.tag for one in self.sentences for span in one.spans)

    @property
    def is_addresses(self) -> bool:
        """Whether its sentences are addresses with their parts, not texts with names in them."""
        return self.tags <= ADDRESS_TAGS

    def sample(self, size: int) -> Corpus:
        """``size`` sentences drawn with a fixed seed, in their order; all of them where there are no more."""
        if size >= len(self.sentences):
            return self
        drawn = np.sort(np.random.default_rng(SEED).choice(len(self.sentences), size, replace=False))
        return Corpus(self.name, tuple(self.sentences[at] for at in drawn), self.of)


def read_corpus(path: Path) -> Corpus:
    """The marked sentences of a file. Raises `CorpusError`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}") from None
    first = next((line for line in lines if line.strip()), "")
    read = _jsonl if first.lstrip().startswith("{") else _conll
    sentences = tuple(read(path, lines))
    if not any(one.spans for one in sentences):
        raise CorpusError(f"{path}: nothing is marked in it")
    return Corpus(f"{path.parent.name}/{path.name}", sentences, len(sentences))


def _conll(path: Path, lines: Iterable[str]) -> Iterator[Sentence]:
    tokens: list[tuple[str, str]] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            token, _, tag = line.strip().rpartition(" ")
            if not token or not (tag == "O" or tag.startswith(("B-", "I-"))):
                raise CorpusError(f"{path}:{number}: no token with a tag O, B-… or I-… behind it")
            tokens.append((token, tag))
        elif tokens:
            yield _joined(tokens)
            tokens = []


def _joined(tokens: Sequence[tuple[str, str]]) -> Sentence:
    text, spans = "", list[Span]()
    for token, tag in tokens:
        start, text = len(text), text + token
        kind = tag[2:].lower()
        if tag.startswith("I-") and spans and spans[-1].end == start and spans[-1].tag == kind:
            spans[-1] = Span(spans[-1].start, len(text), kind)
        elif tag != "O":
            spans.append(Span(start, len(text), kind))
    return Sentence(text, tuple(spans))


def _jsonl(path: Path, lines: Iterable[str]) -> Iterator[Sentence]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry: dict[str, Any] = json.loads(line)
            text = str(entry["text"])
            marked = [
                (Span(start, end + 1, kind.lower()), surface)
                for kind, some in entry["label"].items()
                for surface, places in some.items()
                for start, end in places
            ]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorpusError(f"{path}:{number}: no JSON object with text and label ({error})") from None
        for span, surface in marked:
            if text[span.start : span.end] != surface:
                raise CorpusError(f"{path}:{number}: {surface!r} does not stand at {span.start}")
        yield Sentence(text, tuple(sorted(span for span, _ in marked)))
