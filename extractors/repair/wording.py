"""What was probably said where a recogniser wrote something else, and how much of a text is intelligible at all.

In: a text as recognised. Out: a text of the same length in which stretches that make no sense are replaced by words
of the hotline that sound like them (战道稍考 → 占道烧烤), and for each character how doubtful it is. The words are
those of the catalogue and of ``catalog/rules/wording.yaml``. The cheapest sequence of words over the whole text wins
(Viterbi, 1967, over a word lattice): a word that stands there as written is cheaper than one that only sounds alike,
and a word is cheaper than the single characters it is made of. True text therefore stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log
from typing import Any

from extractors.catalogue.cache import words as kept_words
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.lexicon import read_lexicon
from extractors.text.general_words import general_segmenter
from extractors.text.pinyin import readings
from extractors.text.segment import dictionary
from extractors.text.sound import load_sounds
from extractors.text.sound_trie import SoundTrie
from extractors.text.usage import load_usage
from extractors.turn import Turn

_CHINESE = re.compile("[\u4e00-\u9fff]+")
_REPAIRED = 1 << 14  # texts: those of all callers are asked for after each turn of a call, about 15 MB


@dataclass(frozen=True, slots=True)
class Costs:
    """Prices of the ways to read a stretch; see ``catalog/rules/wording.yaml``."""

    word: float
    term: float
    rare: float
    frequent: float
    by_sound: float
    distance: float
    common_character: float
    other_character: float
    displaced: float
    other_tone: float
    per_syllable: float
    asked: float
    asked_distance: float
    asked_displaced: float


@dataclass(frozen=True, slots=True)
class Repaired:
    """``text`` is as long as what was heard; ``doubt`` has 0 (a known word as written) to 1 (nothing known) for each
    character, None for what is no Chinese character.
    """

    text: str
    doubt: tuple[float | None, ...]

    def clarity(self, start: int = 0, end: int | None = None) -> float:
        """Share of the Chinese characters ``start:end`` that is intelligible; 1 where there are none."""
        counted = [one for one in self.doubt[start:end] if one is not None]
        return 1 - sum(counted) / len(counted) if counted else 1.0


@dataclass(frozen=True, slots=True)
class _Arc:
    cost: float
    start: int
    word: str
    doubt: float


class Wording:
    """Repairs text with a fixed set of terms."""

    def __init__(
        self,
        terms: Mapping[str, int],
        asked: Iterable[str],
        characters: Iterable[str],
        trie: SoundTrie,
        words: Mapping[str, int],
        costs: Costs,
    ) -> None:
        """``terms``: the hotline's words with how often they occur, in the order of ``trie``; ``asked``: those of them
        that callers ask for; ``words``: a general dictionary with frequencies; ``characters``: those that commonly
        stand alone.
        """
        self._asked = frozenset(asked)
        self.terms = terms
        self._ordered = tuple(terms)
        self._alone = frozenset(characters)
        self._trie = trie
        self._words = words
        self._costs = costs
        self._longest = max(map(len, terms), default=1)
        self.repair = lru_cache(maxsize=_REPAIRED)(self._repair)
        self.clarity = lru_cache(maxsize=64)(self._clarity)  # asked for each slot after each turn of a call

    def turn(self, turn: Turn) -> Turn:
        """``turn`` with its text repaired; places in it are places of the turn itself."""
        return replace(turn, text=self.repair(turn.text).text)

    def asks(self, text: str) -> bool:
        """Whether ``text`` holds something that callers ask for."""
        return any(
            text[start:end] in self._asked
            for start in range(len(text))
            for end in range(start + 2, min(len(text), start + self._longest) + 1)
        )

    def _clarity(self, texts: Sequence[str]) -> float:
        """How intelligible ``texts`` are together: `Repaired.clarity`, long ones counting more."""
        length = sum(len(text) for text in texts)
        return sum(self.repair(text).clarity() * len(text) for text in texts) / max(1, length)

    def _repair(self, text: str, wish: bool = False) -> Repaired:
        """``text`` as probably said; where it is a ``wish``, what callers ask for is heard sooner."""
        chars = list(text)
        doubt: list[float | None] = [None] * len(text)
        for run in _CHINESE.finditer(text):
            at = run.start()
            for word, one in self._cheapest(run.group(), wish):
                chars[at : at + len(word)] = word
                doubt[at : at + len(word)] = [one] * len(word)
                at += len(word)
        return Repaired("".join(chars), tuple(doubt))

    def _cheapest(self, run: str, wish: bool) -> list[tuple[str, float]]:
        """The words of one run of Chinese characters, as they were probably said, each with its doubt."""
        heard = [tuple(dict.fromkeys(one for one, _ in readings(char)[:2])) or ("",) for char in run]
        total = [0.0] + [float("inf")] * len(run)
        best: list[_Arc | None] = [None] * (len(run) + 1)
        for start in range(len(run)):
            for end, arc in self._arcs(run, heard, start, wish):
                if total[start] + arc.cost < total[end]:
                    total[end], best[end] = total[start] + arc.cost, arc
        words, end = list[tuple[str, float]](), len(run)
        while end > 0:
            last = best[end]
            assert last is not None  # each character has an arc of its own
            words.append((last.word, last.doubt))
            end = last.start
        return words[::-1]

    def _arcs(self, run: str, heard: Sequence[tuple[str, ...]], start: int, wish: bool) -> Iterable[tuple[int, _Arc]]:
        costs = self._costs
        rarity = 0.0 if run[start] in self._alone else self._rarity(run[start]) ** 0.5
        price = costs.common_character + (costs.other_character - costs.common_character) * rarity
        yield start + 1, _Arc(price, start, run[start], 0.15 + 0.85 * rarity)
        for end in range(start + 2, min(len(run), start + self._longest) + 1):
            word = run[start:end]
            if word in self.terms:
                yield end, _Arc(costs.term, start, word, 0.0)
            elif self._words.get(word):
                rarity = self._rarity(word)
                yield end, _Arc(costs.word + costs.rare * rarity, start, word, 0.3 * rarity)
        for number, end, distance in self._trie.at(heard, start):
            term = self._ordered[number]
            if term == run[start:end]:
                continue
            scarce = costs.rare / 4 if self.terms[term] == 1 else 0.0
            changed = [(old, new) for old, new in zip(run[start:end], term, strict=True) if old != new]
            displaced = sum(old in self._alone for old, _ in changed)
            tones = sum(readings(old)[:1] != readings(new)[:1] for old, new in changed)
            if wish and term in self._asked:
                price = costs.asked + costs.asked_distance * distance + costs.asked_displaced * displaced
            else:
                price = costs.by_sound + costs.distance * distance + costs.displaced * displaced + scarce
            price += costs.other_tone * tones
            yield end, _Arc(price, start, term, min(1.0, 0.15 + distance / (end - start)))

    def _rarity(self, word: str) -> float:
        """0 for the commonest words of the general dictionary, 1 for those it has not."""
        frequency = self._words.get(word) or 1
        return min(1.0, max(0.0, 1 - log(frequency) / log(self._costs.frequent)))


@lru_cache(maxsize=2)
def load_wording(catalogue: Catalogue) -> Wording:
    """The repairer with the words of ``catalogue``; compiled once, about a second."""
    rules = catalogue.rules("wording")
    terms, characters = _gather(catalogue, rules)
    asked = [*str(rules["actions"]).split(), *str(rules["objects"]).split()]
    spoken = [[readings(char)[0][0] for char in term] for term in terms]
    costs = Costs(**rules["costs"])
    trie = SoundTrie(spoken, load_sounds(catalogue.directory), costs.per_syllable)
    return Wording(terms, asked, characters, trie, dictionary(), costs)


def _gather(catalogue: Catalogue, rules: Mapping[str, Any]) -> tuple[dict[str, int], set[str]]:
    """The words of the catalogue and rules with how often they occur, and the characters that stand alone."""
    counts = Counter(kept_words(catalogue.cache, "said", lambda: _said(catalogue)))
    for template in catalogue.templates:
        counts.update(dict.fromkeys(template.keywords, 2))
    counts.update({word: max(1, count) for word, count in read_lexicon(catalogue.directory).items()})
    counts.update(load_usage(catalogue.directory).terms)
    for unit in catalogue.units.values():
        counts.update(dict.fromkeys((unit.name, unit.name.removeprefix("市"), *unit.aliases), 3))
    written = [str(phrase) for group in rules["phrases"].values() for phrase in str(group).split()]
    objects, actions = str(rules["objects"]).split(), str(rules["actions"]).split()
    for phrase in (*written, *objects, *actions):
        counts[phrase] += 5
    alone = {char for char, count in counts.items() if len(char) == 1 and count >= rules["alone"]}
    alone |= set(str(rules["characters"])) | {
        char for char, frequency in dictionary().items() if len(char) == 1 and frequency >= rules["alone_in_dictionary"]
    }
    terms = {
        word: count
        for word, count in sorted(counts.items())
        if 2 <= len(word) <= 8 and _CHINESE.fullmatch(word) and (count >= rules["least"] or len(word) > 2)
    }
    return terms, alone


def _said(catalogue: Catalogue) -> dict[str, int]:
    """How often the texts of the templates use each word; those of the lexicon wherever they stand."""
    texts = [text for one in catalogue.templates for text in (one.title, one.when, *one.phrasings)]
    counts: Counter[str] = Counter()
    cut = general_segmenter().cut
    for text in texts:
        counts.update(cut(text))
    whole = "\n".join(texts)
    for word in read_lexicon(catalogue.directory):
        if used := whole.count(word):
            counts[word] = max(counts[word], used)
    return dict(counts)
