"""Characters told by their parts: text as it was heard in, characters with likelihoods out (耳朵旁一个元 → 阮).

People who spell a name without a word for it say what its characters are made of: a part by its name (耳朵旁, 草字头),
what stands beside it (一个元, 加个乌, 上面山下面今), or the parts in one breath with the character (木子李). Everything
is compared by sound. A part alone (三点水) fits all characters that have it. Data: ``radicals``, ``built`` and
``components`` of ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from extractors.names.explained import UNTOLD
from extractors.text.cues import by_sound, syllable
from extractors.text.sound import NameIndex, Sounds

_WHOLE, _IN_A_BREATH = 0.9, 0.5  # all parts are told; without words between them
_PART, _NAMED = 0.05, 10.0  # one of several; times that where the character is said behind it
_FALL, _FALL_NAME = 7.0, 4.0  # how fast the likelihood falls with the distance of a character, of the name of a part
_LIMITS = {2: 0.01, 3: 0.6, 4: 0.7}  # the name of a part was heard no further from it, by its syllables
_NEAR = 0.25  # nor what stands beside it
_NEAR_AT_ONCE = 0.45  # nor two parts and the character in a clause of their own (生金层: 山今岑)
_ALIKE = 0.35  # nor what is said behind the parts from one of the characters
_BESIDE, _BEFORE = 6, 7  # characters behind and before the name of a part in which the rest is told
_STRUCTURE = "上面|上边|上头|下面|下边|底下|左边|左面|右边|右面|里面|旁边|字头|字底|字框|一个"
_CLAUSE = re.compile("(?:(?<=[^\u4e00-\u9fff])|^)[\u4e00-\u9fff]{3}(?![\u4e00-\u9fff])")
_SAID = re.compile("(?:那个|这个|的|得|地)([\u4e00-\u9fff])")
_SAID_AT_ONCE = re.compile("(?:那个|这个|的|得|地)?([\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Described:
    """The characters ``start:end`` describe one of ``chars``, by how likely it is described so; ``said`` is the
    character that was heard behind the parts, which belongs to the description, or empty.
    """

    start: int
    end: int
    chars: Mapping[str, float]
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Fit:
    start: int
    end: int
    char: str
    likely: float


class Descriptions:
    """``radicals``: how parts are called; ``built``: of which parts characters consist; ``components``: characters by
    what is said of their parts in one breath.
    """

    def __init__(
        self,
        radicals: Mapping[str, Sequence[str]],
        built: Mapping[str, Sequence[str]],
        components: Mapping[str, Sequence[str]],
        sounds: Sounds,
    ) -> None:
        self._sounds = sounds
        names = [(name, part) for part, called in radicals.items() for name in called if len(name) > 1]
        self._names, self._parts = [name for name, _ in names], [part for _, part in names]
        self._index = NameIndex(sounds, self._names, [_LIMITS[min(len(name), 4)] for name in self._names])
        self._with: dict[str, list[tuple[str, str]]] = {}  # by part: characters and what else they consist of
        for char, ways in built.items():
            for way in ways:
                for part in way if len(way) <= 2 else ():
                    self._with.setdefault(part, []).append((char, way.replace(part, "", 1)))
        together: dict[str, tuple[str, ...]] = {
            way: (char,) for char, ways in built.items() for way in ways if len(way) > 2
        }
        together |= {said: tuple(chars) for said, chars in components.items() if said not in self._names}
        self._together = [(said, chars) for said, chars in together.items()]
        self._breath = NameIndex(sounds, list(together), [_LIMITS[min(len(said), 4)] / 2 for said in together])
        by_itself = {part: name for part, called in radicals.items() for name in called if len(name) == 1}
        pairs = [
            (char, "".join(by_itself.get(part, part) for part in way))
            for char, ways in built.items()
            for way in ways
            if len(way) == 2
        ]
        at_once = dict.fromkeys([(way + char, char) for char, way in pairs])
        at_once |= dict.fromkeys((said + char, char) for said, chars in components.items() for char in chars)
        self._at_once = [(said, char) for said, char in at_once if len(said) == 3]
        self._clauses = NameIndex(sounds, [said for said, _ in self._at_once], [_NEAR_AT_ONCE] * len(self._at_once))
        structure = f".{{0,2}}(?:(?:{by_sound(_STRUCTURE)}).{{0,2}}?|{by_sound('加')}[^，。、]{{0,2}}?)"
        self._pairs = [
            (char, re.compile(f"{_alone(way[0])}{structure}{_alone(way[1])}"), re.compile(by_sound(way + char)))
            for char, way in pairs
        ]
        self.spans = lru_cache(maxsize=256)(self._spans)

    def _spans(self, text: str) -> tuple[Described, ...]:
        """The descriptions in ``text``, in order; those that overlap are one."""
        found = sorted(self._found(text), key=lambda one: (-one.likely, one.end - one.start, one.start))
        spans: list[Described] = []
        while found:
            best = found[0]
            chars: dict[str, float] = {}
            for one in found:
                if one.start < best.end and best.start < one.end:
                    chars[one.char] = max(one.likely, chars.get(one.char, UNTOLD))
            told = self._with_said(text, best.start, best.end, chars)
            spans.append(told)
            found = [one for one in found if one.start >= told.end or one.end <= told.start]
        return tuple(sorted(spans, key=lambda one: one.start))

    def _found(self, text: str) -> Iterator[_Fit]:
        heard = by_sound(text)
        units = self._sounds.hear(text)
        for fit in self._index.everywhere(units):
            sure = exp(-_FALL_NAME * fit.cost)
            for char, rest in self._with.get(self._parts[fit.name], ()):
                yield _Fit(fit.start, fit.end, char, _PART * sure)
                if rest:
                    yield from self._beside(text, fit.start, fit.end, char, rest, sure)
        for fit in self._breath.everywhere(units):
            said, chars = self._together[fit.name]
            after = _SAID_AT_ONCE.match(text, fit.end)
            named = after is not None and any(self._apart(after.group(1), char) <= _ALIKE for char in chars)
            if len(said) > 2 or named or text[fit.start : fit.end] == said:
                likely = _WHOLE if len(said) > 2 else _IN_A_BREATH
                for char in chars:
                    yield _Fit(fit.start, fit.end, char, likely / len(chars) * exp(-_FALL_NAME * fit.cost))
        for clause in _CLAUSE.finditer(text):
            for fit in self._clauses.fits(self._sounds.hear(clause.group())):
                if (fit.start, fit.end) == (0, len(clause.group())):
                    sure = exp(-_FALL_NAME * fit.cost)
                    yield _Fit(clause.start(), clause.end() - 1, self._at_once[fit.name][1], _IN_A_BREATH * sure)
        for char, whole, at_once in self._pairs:
            for found in whole.finditer(heard):
                yield _Fit(*found.span(), char, _WHOLE)
            for found in at_once.finditer(heard):
                yield _Fit(found.start(), found.end() - 1, char, _IN_A_BREATH)

    def _beside(self, text: str, start: int, end: int, char: str, rest: str, sure: float) -> Iterator[_Fit]:
        """``char`` where ``rest`` of it is told behind or before the name of a part, the characters ``start:end``."""
        for at in (*range(end, min(len(text), end + _BESIDE)), *range(start - 1, max(-1, start - 1 - _BEFORE), -1)):
            if text[at] in "。，！？":
                if at >= end:
                    continue
                return
            if text[at : at + 2] == "一个" or text[at - 1 : at + 1] == "一个":
                continue
            apart = self._apart(text[at], rest)
            if apart <= _NEAR:
                yield _Fit(min(start, at), max(end, at + 1), char, _WHOLE * sure * exp(-_FALL * apart))

    def _apart(self, heard: str, char: str) -> float:
        return 0.0 if heard == char else self._sounds.distance(syllable(heard), syllable(char))

    def _with_said(self, text: str, start: int, end: int, chars: Mapping[str, float]) -> Described:
        """With what is said behind the parts, where it sounds like one of the characters."""
        whole = max(chars.values()) >= _IN_A_BREATH
        found = (_SAID if whole else _SAID_AT_ONCE).match(text, end)
        if found is None:
            return Described(start, end, chars)
        said = found.group(1)
        apart = {char: self._apart(said, char) for char in chars}
        if min(apart.values()) > _ALIKE:
            return Described(start, end, chars)
        fits = {
            char: likely
            if likely >= _IN_A_BREATH
            else max(min(_NAMED * likely, _WHOLE) * exp(-_FALL * apart[char]), UNTOLD)
            for char, likely in chars.items()
        }
        return Described(start, found.end(), fits, said)


def _alone(part: str) -> str:
    """A part told by itself, by sound; not one that is 个 or 一 of 一个."""
    own = by_sound(part)
    if own == by_sound("一"):
        return f"{own}(?!{by_sound('个')})"
    return f"(?<!{by_sound('一')}){own}" if own == by_sound("个") else own
