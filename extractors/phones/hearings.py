"""Each time a phone number was said in a call (`Hearing`): the readings of all turns in, hearings in order out.

One run of digits is one, and so are the groups of one turn or of successive turns joined (`extractors.phones.groups`);
what other readings of the utterance have is as many chances to have heard it right. What the caller corrected is
dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.numbers.digits import SURE, Costs, DigitRun, likeliest
from extractors.numbers.numbering_plan import LOCAL, MOBILE
from extractors.phones.groups import said
from extractors.phones.landlines import Plain, is_part
from extractors.phones.reading import PhoneReading
from extractors.phones.written import WrittenPhones
from extractors.text.cues import Cues
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

_NAMED = 6  # characters between a word for a phone number and its digits
_WORDS = 2  # syllables of a run that may be none of its digits
_HALF = LOCAL // 2  # digits of a group of a landline
_READINGS = 4  # readings of a hearing considered


@dataclass(frozen=True, slots=True)
class Hearing:
    """A number as it was heard once: for each of its ``readings``, the likeliest first, the costs of its digits.
    ``about``: a phone number was spoken of; ``landline``: a landline was; ``plain``: what landlines are told by;
    ``spare``: it is only for when another number is not answered; ``strangers``: it is surely somebody else's.
    """

    readings: tuple[tuple[Costs, ...], ...]
    evidence: tuple[Evidence, ...]
    speaker: Speaker
    about: bool
    landline: bool
    plain: Plain
    spare: bool = False
    strangers: bool = False


class Hearings:
    """Joins what was read; ``words``: for a phone number; ``area``: the area code of landlines; ``local_first``: the
    digits they begin with.
    """

    def __init__(self, words: Cues, written: WrittenPhones, area: str, local_first: str) -> None:
        self._words = words
        self._written = written
        self._area = area
        self._local_first = local_first

    def of(self, turns: Sequence[Turn], readings: Sequence[PhoneReading]) -> list[Hearing]:
        """The hearings of ``turns``, in the order in which they were complete."""
        corrected = [
            at
            for at, reading in enumerate(readings)
            if (reading.corrects and _long(reading.runs))
            or (reading.tail and any(_long(later.runs) for later in readings[at + 1 :]))
        ]
        first = corrected[-1] if corrected else 0
        runs = [reading.runs if at >= first else () for at, reading in enumerate(readings)]
        hearings: list[tuple[int, Hearing]] = []
        heard_whole = set()
        for one in said(turns, runs, MOBILE, LOCAL):
            at = one.runs[-1][0]
            reading = readings[at]
            asked = at > 0 and readings[at - 1].about and bool(readings[at - 1].runs)
            if len(one.runs) > 1 or asked:
                reading = replace(reading, about=True)
            whole = self._without_repeat(DigitRun(tuple(syllable for _, run in one.runs for syllable in run.heard)))
            others = reading.others if len(one.runs) == 1 else ()
            evidence = tuple(Evidence.of(turns[n], run.start, run.end) for n, run in one.runs)
            reading = replace(
                reading,
                asked=any(readings[n].asked for n, _ in one.runs),
                of_strangers=any(readings[n].of_strangers for n, _ in one.runs),
            )
            hearings.append((at, self._hearing((whole, *others), turns, reading, evidence)))
            heard_whole.add(at)
        for at, reading in enumerate(readings):
            if at >= first and reading.others and at not in heard_whole:
                evidence = (_place(turns[at], reading.runs),)
                hearings.append((at, self._hearing(reading.others, turns, reading, evidence)))
        return [hearing for _, hearing in sorted(hearings, key=lambda item: item[0])]

    def _without_repeat(self, run: DigitRun) -> DigitRun:
        """``run`` without the first group of a landline where that is said twice before the rest (8136，8136，2904)."""
        digits = run.digits
        twice = len(digits) == LOCAL + _HALF and digits[:_HALF] == digits[_HALF:LOCAL]
        return DigitRun(run.heard[_HALF:]) if twice and digits[0] in self._local_first else run

    def _hearing(
        self,
        runs: Sequence[DigitRun],
        turns: Sequence[Turn],
        reading: PhoneReading,
        evidence: tuple[Evidence, ...],
    ) -> Hearing:
        """A number that was heard as each of ``runs``, the likeliest first."""
        first, last = evidence[0], evidence[-1]
        turn = next(one for one in turns if one.id == last.turn)
        begin = next(one for one in turns if one.id == first.turn).text
        landline = reading.landline or (reading.about and _begins_with(self._area, runs[0]))
        different = _different(runs)
        plain = Plain(
            turn.speaker,
            tuple(plainly(_without_words(costs)) for costs in different),
            asked=reading.asked,
            named=any(first.start - end <= _NAMED for _, end in self._words.spans(begin[: first.start + _WORDS])),
            own=not self._written.is_anothers(begin[: first.start], turn.text[last.end :]),
            part=is_part([one for one in turns if one.speaker is turn.speaker], first, last),
        )
        spare = self._written.is_spare(begin[: first.start])
        strangers = turn.speaker is Speaker.CITIZEN and (
            self._written.is_strangers(begin[: first.start], turn.text[last.end :])
            or (reading.of_strangers and not self._written.is_own(begin[: first.start]))
        )
        return Hearing(different, evidence, turn.speaker, reading.about, landline, plain, spare, strangers)


def plainly(reading: Sequence[Costs]) -> str:
    """The digits of a reading in which each is one in its own right; empty where some are not."""
    return likeliest(reading) if certain(reading) == len(reading) else ""


def certain(reading: Sequence[Costs]) -> int:
    """How many digits of a reading are some in their own right."""
    return sum(min(costs) <= SURE for costs in reading)


def _without_words(reading: Sequence[Costs]) -> Sequence[Costs]:
    """A reading without the few syllables at its ends that are digits by their neighbours alone."""
    sure = [at for at, costs in enumerate(reading) if min(costs) <= SURE]
    return reading[sure[0] : sure[-1] + 1] if sure and len(reading) - (sure[-1] + 1 - sure[0]) <= _WORDS else reading


def _long(runs: Sequence[DigitRun]) -> bool:
    return any(len(run.heard) >= LOCAL for run in runs)


def _begins_with(area: str, run: DigitRun) -> bool:
    """Whether the first digits that are surely some are the area code."""
    first = next((at for at, one in enumerate(run.heard) if one.certain), 0)
    return run.digits.startswith(area, first)


def _different(runs: Sequence[DigitRun]) -> tuple[tuple[Costs, ...], ...]:
    """The first of ``runs`` whose digits differ."""
    readings: dict[str, tuple[Costs, ...]] = {}
    for run in runs:
        readings.setdefault(run.digits, tuple(one.costs for one in run.heard))
    return tuple(readings.values())[:_READINGS]


def _place(turn: Turn, runs: Sequence[DigitRun]) -> Evidence:
    """Where ``turn`` has what only other readings of it hear as a number, as far as that can be told."""
    start, end = (runs[0].start, runs[-1].end) if runs else (0, len(turn.text))
    return Evidence.of(turn, start, end)
