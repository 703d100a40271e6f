"""Words written for others that sound alike, put right: the border to whoever knows the names of a city.

A lexicon says what to replace in the text of an utterance; here it is replaced, marked and kept reversible, and every
character keeps a time. What a lexicon knows and how it decides is its own affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from asr.doubts import doubts_left
from asr.readings import other_readings
from asr.text import SpanText
from asr.transcript import Final, Partial, Repair


class Replacement(Protocol):
    """Characters ``start:end`` of a text were probably said as ``text``."""

    @property
    def start(self) -> int:
        """The first character replaced."""

    @property
    def end(self) -> int:
        """The one after the last."""

    @property
    def text(self) -> str:
        """What takes their place; not empty."""


class _Kept(NamedTuple):
    """A replacement that was made before."""

    start: int
    end: int
    text: str


class Replaced(Protocol):
    """Characters ``start:end`` of a text stand for what was ``heard`` there."""

    @property
    def start(self) -> int:
        """The first of them."""

    @property
    def end(self) -> int:
        """The one after the last."""

    @property
    def heard(self) -> str:
        """What the recogniser wrote."""


class Lexicon(Protocol):
    """Knows words that are likely to be said. A pure function: the same texts give the same replacements."""

    def repairs(self, text: str, earlier: Sequence[str], readings: Sequence[str] = ()) -> Sequence[Replacement]:
        """What to replace in ``text`` (ascending, apart, nothing empty); ``earlier``: the call's finals before it,
        ``readings``: what else may have been heard (`asr.readings`).
        """
        ...


def repaired(spans: SpanText, replacements: Iterable[Replacement]) -> tuple[SpanText, tuple[Repair, ...]]:
    """``spans`` with the replacements made, and what was heard where."""
    made = [(one.start, one.end, one.text) for one in replacements]
    repairs, shift = list[Repair](), 0
    for start, end, text in made:
        repairs.append(Repair(start + shift, start + shift + len(text), spans.text[start:end]))
        shift += len(text) - (end - start)
    return spans.replaced(made), tuple(repairs)


def repaired_final(final: Final, lexicon: Lexicon, earlier: Sequence[str]) -> Final:
    """``final`` as its speaker probably said it."""
    spans, repairs = repaired(
        SpanText(final.text, final.times), lexicon.repairs(final.text, earlier, other_readings(final))
    )
    if not repairs:
        return final
    doubts = doubts_left(final.doubts, repairs)
    return replace(final, text=spans.text, times=spans.times, repairs=repairs, doubts=doubts)


def repaired_partial(
    partial: Partial, lexicon: Lexicon, earlier: Sequence[str], shown: Partial | None = None
) -> Partial:
    """``partial`` as its speaker probably said it so far. A repair is stable when all that was heard for it is.

    ``shown``: the interim text of the utterance before, as this function gave it. What was stable in it stays as it is:
    its repairs are kept, and none is made in it any more.
    """
    kept, settled = _stable_repairs(shown) if shown else ([], 0)
    found = lexicon.repairs(partial.text, earlier)
    spans, repairs = repaired(
        SpanText(partial.text, partial.times), (*kept, *(one for one in found if one.start >= settled))
    )
    if not repairs:
        return partial
    stable = partial.stable
    for one in repairs:
        if one.start >= stable:
            break
        heard_end = one.start + len(one.heard)
        stable = stable + (one.end - heard_end) if heard_end <= stable else one.start
    return replace(partial, text=spans.text, times=spans.times, stable=stable, repairs=repairs)


def _stable_repairs(shown: Partial) -> tuple[list[_Kept], int]:
    """The repairs in the stable text of ``shown``, and how many characters were heard for all of that text."""
    kept, shift = list[_Kept](), 0
    for one in shown.repairs:
        if one.end > shown.stable:
            break
        start = one.start - shift
        kept.append(_Kept(start, start + len(one.heard), shown.text[one.start : one.end]))
        shift += one.end - one.start - len(one.heard)
    return kept, shown.stable - shift


def as_heard(text: str, repairs: Iterable[Replaced]) -> str:
    """``text`` without its ``repairs``: what the recogniser heard."""
    parts, done = list[str](), 0
    for one in repairs:
        parts += (text[done : one.start], one.heard)
        done = one.end
    return "".join((*parts, text[done:]))


def heard_in_place(text: str, repairs: Iterable[Replaced]) -> str:
    """``text`` without those ``repairs`` that replace as many characters as were heard, so that every place in it stays
    the same; empty where there are none.
    """
    heard = as_heard(text, (one for one in repairs if len(one.heard) == one.end - one.start))
    return heard if heard != text else ""
