"""Groups of one number over the turns in which it is dictated: digit runs of turns in, what is one number out.

People say a long number in groups with pauses, in which a recogniser begins a new turn: "电话 137。" "2645 0918".
Groups of one speaker belong together where little else is said between them, up to the length of a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.numbers.digits import DigitRun
from extractors.turn import Speaker, Turn

_NEAR = 4  # turns over which a number is given in groups
_BETWEEN = 7  # letters and digits between two groups of one number
_DOUBTFUL = 0.3  # a syllable at the end of a group that costs more is none of its digits
_MISSED, _ADDED = 1, 2  # digits that may lack, or be too many, in what is a whole number


@dataclass(frozen=True, slots=True)
class Said:
    """Digit ``runs`` of one number with the places of their turns; ``whole``: as many digits as a number has."""

    runs: tuple[tuple[int, DigitRun], ...]
    whole: bool


def said(turns: Sequence[Turn], runs: Sequence[Sequence[DigitRun]], length: int, least: int) -> list[Said]:
    """Each time a number of ``length`` digits was said in ``turns``, in the order in which it was complete; also what
    has ``least`` digits at least and is none. ``runs``: those of each turn.
    """
    found: list[tuple[tuple[int, int], Said]] = []
    for speaker in Speaker:
        own = [(at, run) for at, turn in enumerate(turns) if turn.speaker is speaker for run in runs[at]]
        for one in _numbers(turns, own, length):
            if one.whole or _count(one.runs) >= least:
                at, run = one.runs[-1]
                found.append(((at, run.end), one))
    return [one for _, one in sorted(found, key=lambda item: item[0])]


def _numbers(turns: Sequence[Turn], runs: Sequence[tuple[int, DigitRun]], length: int) -> Iterator[Said]:
    least, most = length - _MISSED, length + _ADDED
    open_: list[tuple[int, DigitRun]] = []
    for at, run in runs:
        digits = _digits(run)
        if open_ and not _goes_on(turns, open_[-1], (at, run)):
            yield Said(tuple(open_), False)
            open_ = []
        left = [start for start in range(len(open_) + 1) if _count(open_[start:]) + digits <= most] or [len(open_)]
        if left[0]:
            yield Said(tuple(open_[: left[0]]), False)
            open_ = open_[left[0] :]
        begun = _count(open_)
        if digits >= least and begun + digits != length:
            if open_:
                yield Said(tuple(open_), False)
            yield Said(((at, run),), True)
            open_ = []
            continue
        open_.append((at, run if len(runs) == 1 else _core(run)))
        if begun + digits >= least:
            yield Said(tuple(open_), True)
            open_ = []
    if open_:
        yield Said(tuple(open_), False)


def _goes_on(turns: Sequence[Turn], last: tuple[int, DigitRun], now: tuple[int, DigitRun]) -> bool:
    """Whether so little is said between two groups that they are of one number."""
    (before, one), (at, other) = last, now
    if before == at:
        return _letters(turns[at].text[one.end : other.start]) <= _BETWEEN
    between = [turn for turn in turns[before + 1 : at] if turn.speaker is turns[at].speaker]
    told = turns[before].text[one.end :] + "".join(turn.text for turn in between) + turns[at].text[: other.start]
    return at - before <= _NEAR and _letters(told) <= _BETWEEN


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _count(runs: Sequence[tuple[int, DigitRun]]) -> int:
    return sum(_digits(run) for _, run in runs)


def _digits(run: DigitRun) -> int:
    return sum(one.certain for one in run.heard)


def _core(run: DigitRun) -> DigitRun:
    """The run without the syllables at its ends that are digits by their neighbours alone."""
    sure = [at for at, one in enumerate(run.heard) if one.cost <= _DOUBTFUL]
    return DigitRun(run.heard[sure[0] : sure[-1] + 1])
