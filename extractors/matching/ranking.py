"""Which record template fits the call: the conversation in, templates with probabilities out.

Two halves. The words: Okapi BM25 over weighted fields (BM25F: Robertson, Zaragoza, Taylor, CIKM 2004) on words,
character pairs and pairs of sounds, in one inverted index of plain numpy arrays. The meaning:
`extractors.matching.dense`. Their scores are added. Rules: ``catalog/rules/ranking.yaml``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue.cache import arrays
from extractors.catalogue.knowledge import Catalogue, Template
from extractors.catalogue.lexicon import read_lexicon
from extractors.matching.dense import Dense
from extractors.text.encoder import load_encoder
from extractors.text.segment import Segmenter
from extractors.text.terms import PAIR, SOUND, WORD, Terms
from extractors.turn import Speaker, Turn

_IMAGINED = 2.0
_KEYWORD = 3  # characters

Floats: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Weights:
    """How templates and turns are weighed; see ``catalog/rules/ranking.yaml``."""

    fields: Mapping[str, float]
    k1: float
    b: float
    kinds: Mapping[str, float]
    speakers: Mapping[str, float]
    aside: float
    opening_turns: int
    opening_length: int
    opening_factor: float
    saturation: float
    small_talk: float
    focus: float
    temperature: float
    meaning: float
    least_said: float
    shown: int

    @classmethod
    def of(cls, rules: Mapping[str, Any]) -> Weights:
        """The weights of the rules ``ranking``."""
        kinds = rules["kinds"]
        return cls(
            fields=rules["fields"],
            k1=rules["k1"],
            b=rules["b"],
            kinds={WORD: kinds["word"], PAIR: kinds["pair"], SOUND: kinds["sound"]},
            speakers=rules["speakers"],
            aside=rules["aside"],
            opening_turns=rules["opening"]["turns"],
            opening_length=rules["opening"]["length"],
            opening_factor=rules["opening"]["factor"],
            saturation=rules["saturation"],
            small_talk=rules["small_talk_weight"],
            focus=rules["focus"],
            temperature=rules["temperature"],
            meaning=rules["meaning"]["weight"],
            least_said=rules["meaning"]["least_said"],
            shown=rules["shown"],
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a turn or a whole conversation says: its weighted terms, and its meaning, a vector for each turn as rows."""

    terms: Mapping[str, float]
    meaning: Floats

    @property
    def whole(self) -> Floats:
        """The meaning of all turns together."""
        return np.asarray(self.meaning.sum(axis=0), np.float32)


class Index:
    """An inverted index over ``size`` documents (`indexed` makes it). ``vocabulary`` numbers the terms; the entries of
    term ``n`` are ``starts[n]`` to ``starts[n + 1]`` of ``documents`` and ``weights``.
    """

    def __init__(
        self,
        size: int,
        vocabulary: Mapping[str, int],
        starts: NDArray[np.int64],
        documents: NDArray[np.int32],
        weights: NDArray[np.float32],
    ) -> None:
        self.size = size
        self.vocabulary = vocabulary
        self._starts = starts
        self._documents = documents
        self._weights = weights

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Index:
        """What `arrays` gave."""
        terms = str(arrays["terms"]).split("\n") if arrays["starts"].size > 1 else []
        return cls(
            int(arrays["size"]),
            {term: number for number, term in enumerate(terms)},
            arrays["starts"],
            arrays["documents"],
            arrays["weights"],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The index as arrays, to be kept."""
        return {
            "size": np.array(self.size),
            "terms": np.array("\n".join(self.vocabulary)),
            "starts": self._starts,
            "documents": self._documents,
            "weights": self._weights,
        }

    def scores(self, query: Mapping[str, float]) -> NDArray[np.float64]:
        """The score of every document for the weighted terms of ``query``."""
        known = [(self.vocabulary[term], weight) for term, weight in query.items() if term in self.vocabulary]
        if not known:
            return np.zeros(self.size)
        ids = np.array([number for number, _ in known])
        starts, counts = self._starts[ids], self._starts[ids + 1] - self._starts[ids]
        shifts = np.repeat(starts - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        places = np.arange(len(shifts)) + shifts
        gains = self._weights[places] * np.repeat([weight for _, weight in known], counts)
        return np.bincount(self._documents[places], weights=gains, minlength=self.size).astype(np.float64, copy=False)

    def contributions(self, query: Mapping[str, float], document: int) -> Iterator[tuple[str, float]]:
        """What each term of ``query`` adds to the score of one document, where it adds something."""
        documents = self._documents.data  # a plain search in it is quicker than numpy's for one document
        for term, weight in query.items():
            number = self.vocabulary.get(term)
            if number is None:
                continue
            first, last = int(self._starts[number]), int(self._starts[number + 1])
            at = bisect_left(documents, document, first, last)
            if at < last and documents[at] == document:
                yield term, float(self._weights[at] * weight)


def indexed(
    documents: Sequence[Mapping[str, Counter[str]]],
    weights: Weights,
    small_talk: Collection[str] = (),
    groups: Sequence[str] = (),
) -> Index:
    """An index over documents that are given as fields of terms. ``small_talk`` are terms that any call holds;
    ``groups`` names each document's group: terms spread over many groups count less.
    """
    size = len(documents)
    lengths = {name: [sum(document[name].values()) for document in documents] for name in weights.fields}
    means = {name: sum(counts) / max(1, len(counts)) or 1.0 for name, counts in lengths.items()}
    postings: dict[str, list[tuple[int, float]]] = {}
    for number, document in enumerate(documents):
        together: dict[str, float] = {}
        for name, weight in weights.fields.items():
            norm = 1 - weights.b + weights.b * lengths[name][number] / means[name]
            for term, times in document[name].items():
                together[term] = together.get(term, 0.0) + weight * times / norm
        for term, count in together.items():
            postings.setdefault(term, []).append((number, count))
    starts = np.zeros(len(postings) + 1, dtype=np.int64)
    np.cumsum([len(entries) for entries in postings.values()], out=starts[1:])
    shares = np.empty(starts[-1], dtype=np.float32)
    n_groups = len(set(groups))
    for (term, entries), start in zip(postings.items(), starts, strict=False):
        idf = math.log(1 + (size - len(entries) + 0.5) / (len(entries) + 0.5))
        share = weights.kinds[term[0]] * idf * (weights.small_talk if term in small_talk else 1.0)
        if groups:
            share *= concentration([groups[n] for n, _ in entries], n_groups) ** weights.focus
        for offset, (_, count) in enumerate(entries):
            shares[start + offset] = share * count * (weights.k1 + 1) / (count + weights.k1)
    numbers = np.fromiter((n for entries in postings.values() for n, _ in entries), dtype=np.int32)
    return Index(size, {term: number for number, term in enumerate(postings)}, starts, numbers, shares)


class Ranker:
    """Ranks the catalogue's templates. Build it once; it holds no state of a call."""

    def __init__(
        self,
        templates: Sequence[Template],
        matters: Mapping[str, str],
        terms: Terms,
        rules: Mapping[str, Any],
        cache: Path | None = None,
    ):
        self.templates = tuple(templates)
        self.weights = Weights.of(rules)
        self.terms = terms
        self._set_phrases = re.compile("|".join(f"(?:{phrase})" for phrase in rules["set_phrases"]))
        self._landmarks = re.compile(rules["landmarks"])

        def make() -> Mapping[str, NDArray[Any]]:
            return indexed(
                [_fields(template, matters, terms) for template in templates],
                self.weights,
                frozenset(terms.of("，".join(rules["small_talk"]))),
                [template.domain for template in templates],
            ).arrays()

        self.index = Index.of_arrays(arrays(cache, "ranking", make))
        self.encoder = load_encoder()
        self.dense = Dense(self.templates, self.encoder, self.weights.least_said, cache)

    def read(self, turn: Turn, aside: Iterable[tuple[int, int]] = ()) -> Said:
        """What one turn says. ``aside`` are the spans of its text that name places, people or numbers."""
        text = turn.text
        if turn.speaker is Speaker.AGENT:
            text = self._set_phrases.sub(lambda found: "，" * len(found.group()), text)
        main, side = text, []
        for start, end in (*sorted(aside), *(found.span() for found in self._landmarks.finditer(text))):
            side.append(main[start:end])
            main = main[:start] + "，" * (end - start) + main[end:]
        weight = self.weights.speakers[turn.speaker.value]
        read = {term: count * weight for term, count in self.terms.of(main).items()}
        beside = "，".join(side)
        for term, count in self.terms.of(beside).items():
            read[term] = read.get(term, 0.0) + count * weight * self.weights.aside
        meaning = weight * (self.encoder.of(main) + self.weights.aside * self.encoder.of(beside))
        return Said(read, meaning[None])

    def emphasis(self, turns: Sequence[Turn]) -> list[float]:
        """How much each turn counts: callers say first what they call for, so their opening counts more."""
        left, emphasis = self.weights.opening_turns, []
        for turn in turns:
            opens = turn.speaker is Speaker.CITIZEN and left > 0 and len(turn.text) >= self.weights.opening_length
            left -= opens
            emphasis.append(self.weights.opening_factor if opens else 1.0)
        return emphasis

    def query(self, readings: Sequence[Said], emphasis: Sequence[float] | None = None) -> Said:
        """What the whole conversation says; words that are said again and again add little."""
        factors = emphasis or [1.0] * len(readings)
        total: dict[str, float] = {}
        meaning: list[Floats] = [np.zeros((0, self.encoder.size), np.float32)]
        for reading, factor in zip(readings, factors, strict=True):
            meaning.append(factor * reading.meaning)
            for term, weight in reading.terms.items():
                total[term] = total.get(term, 0.0) + weight * factor
        limit = self.weights.saturation
        terms = {term: weight * (limit + 1) / (weight + limit) for term, weight in total.items()}
        return Said(terms, np.concatenate(meaning).astype(np.float32))

    def scores(self, query: Said) -> Floats:
        """The score of each template, in the order of ``templates``; all 0 when no word matches."""
        words = self.words(query)
        return words + self.weights.meaning * self.dense.scores(query.meaning) if words.any() else words

    def words(self, query: Said) -> Floats:
        """The part of each template's score that words alone make; 0 where nothing matches."""
        return self.index.scores(query.terms)

    def probabilities(self, scores: Floats, favour: Floats | None = None) -> NDArray[np.float64]:
        """Probability of each template; ``favour`` adds log-odds (such as those of the request type)."""
        logits = scores / self.weights.temperature
        if favour is not None:
            logits = logits + favour
        odds = np.exp(logits - logits.max(initial=0.0))
        return np.asarray(odds / odds.sum(), np.float64)

    def order(self, probabilities: Floats, first: int | None = None) -> list[int]:
        """The templates from best to worst; equal ones in the order of their codes. ``first``: no more than these."""
        numbers = np.arange(len(probabilities))
        if first is not None and first < len(numbers):
            numbers = np.flatnonzero(probabilities >= np.partition(probabilities, -first)[-first])
        return [int(number) for number in numbers[np.argsort(-probabilities[numbers], kind="stable")]][:first]

    def matched(self, query: Said, template: int, limit: int = 5) -> tuple[str, ...]:
        """The words of the call that speak most for a template, best first."""
        said = {term: weight for term, weight in query.terms.items() if term[0] == WORD}
        gains = sorted(self.index.contributions(said, template), key=lambda item: (-item[1], item[0]))
        words: list[str] = []
        for term, _ in gains:
            word = term[1:]
            if not any(word in other for other in words):
                words.append(word)
            if len(words) == limit:
                break
        return tuple(words)


def concentration(groups: Sequence[str], of: int) -> float:
    """How much a term belongs to few of ``of`` groups: 1 for one group alone, 0 for an even spread; one less entropy.

    Two imagined sightings spread evenly keep a term that was seen once from looking concentrated.
    """
    if of < 2:
        return 1.0
    seen = Counter(groups)
    total = len(groups) + _IMAGINED
    shares = [(count + _IMAGINED / of) / total for count in seen.values()]
    shares += [_IMAGINED / of / total] * (of - len(seen))
    return max(0.0, 1.0 + sum(share * math.log(share) for share in shares) / math.log(of))


def make_terms(catalogue: Catalogue) -> Terms:
    """Terms by the words of the catalogue: its lexicon and its templates' short keywords; longer ones would hide the
    words inside them.
    """
    words = set(read_lexicon(catalogue.directory))
    words.update(word for template in catalogue.templates for word in template.keywords if 1 < len(word) <= _KEYWORD)
    return Terms(Segmenter(words, catalogue.cache), catalogue.rules("ranking")["stopwords"])


def make_ranker(catalogue: Catalogue, terms: Terms | None = None) -> Ranker:
    """The ranker of a catalogue."""
    matters = {matter.code: matter.name for matter in catalogue.matters}
    return Ranker(
        catalogue.templates, matters, terms or make_terms(catalogue), catalogue.rules("ranking"), catalogue.cache
    )


def _fields(template: Template, matters: Mapping[str, str], terms: Terms) -> dict[str, Counter[str]]:
    phrasings: Counter[str] = Counter()
    for phrasing in template.phrasings:
        phrasings.update(terms.of(phrasing))
    return {
        "title": terms.of(template.title),
        "keywords": terms.of("，".join(template.keywords)),
        "phrasings": phrasings,
        "when": terms.of(template.when),
        "matter": terms.of(matters[template.matter]),
    }
