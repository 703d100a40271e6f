"""What an engine answers, checked against what it owes (``docs/engines.md``), so that a fault of it stays its own.

An answer that cannot be used becomes an `EngineError`, for the one window it is about where that can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import isfinite, isnan
from numbers import Real
from typing import Any

from asr.engine import Hypothesis, Unfinished
from asr.errors import EngineError
from asr.transcript import Alternative


def checked(answer: Any, windows: int, kinds: tuple[type, ...]) -> list[Hypothesis | Unfinished | EngineError]:
    """The answers to ``windows`` windows, of one of ``kinds`` each.

    Raises ``EngineError`` where it cannot be told which window an answer belongs to.
    """
    if not isinstance(answer, Sequence):
        raise _error(f"It answered {windows} windows with {type(answer).__name__}, not with a list.")
    if len(answer) != windows:
        raise _error(f"It gave {len(answer)} answers for {windows} windows.")
    return [one if (fault := _fault(one, kinds)) is None else _error(fault) for one in answer]


def _fault(answer: Any, kinds: tuple[type, ...]) -> str | None:
    if not isinstance(answer, kinds):
        return f"It answered a window with {type(answer).__name__}."
    if not isinstance(answer, Hypothesis):
        return None
    if not isinstance(answer.text, str):
        return f"The text of a hypothesis is {type(answer.text).__name__}."
    try:
        if len(answer.times) != len(answer.text):
            return f"A hypothesis has {len(answer.text)} characters but {len(answer.times)} times."
        times = list(chain.from_iterable((start, end) for start, end in answer.times))
        shares = [share for _, share in answer.languages]
        if not all(isinstance(other, Alternative) for other in answer.alternatives):
            return "The alternatives of a hypothesis are not all of the type Alternative."
    except (TypeError, ValueError):
        return "The times or languages of a hypothesis are no pairs, or are missing."
    if not all(isinstance(number, Real) and isfinite(number) for number in (*times, *shares)):
        return "The times or languages of a hypothesis hold something that is no number."
    doubts = (answer.log_probability, answer.no_speech, *answer.probabilities)
    if not all(isinstance(number, Real) and not isnan(number) for number in doubts):
        return "A probability of a hypothesis is no number."
    return None


def _error(fault: str) -> EngineError:
    return EngineError("engine", f"The speech engine does not keep to its border. {fault}", "See docs/engines.md.")
