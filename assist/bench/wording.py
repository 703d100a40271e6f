"""What the rule for worded values is worth: pairs that two people judged in, how the rule fares among them out.

The file (tab-separated, with a header) has a ``slot``, what the ``reference`` ticket says, what was ``shown`` instead,
and the verdict of a ``first`` and a ``second`` reader: ``same``, ``part`` (something lacks or is added, nothing is
false), ``other`` (something else, or nothing that can be understood).
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assist.bench.bootstrap import Figure, ratio
from assist.bench.matching import right

VERDICTS = ("same", "part", "other")
_COLUMNS = ("slot", "reference", "shown", "first", "second")


class JudgedError(ValueError):
    """The file is not one of judged pairs; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A value shown for ``reference`` and what the readers think of it."""

    slot: str
    reference: str
    shown: str
    first: str
    second: str

    @property
    def verdict(self) -> str | None:
        """What both say; None where they do not agree."""
        return self.first if self.first == self.second else None

    @property
    def counted(self) -> bool:
        """Whether `assist.bench.matching` takes it for right."""
        return right(self.slot, self.reference, self.shown)


def read(path: Path) -> list[Judged]:
    """The pairs in ``path``. Raises `JudgedError`, and OSError where it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except UnicodeDecodeError as error:
        raise JudgedError(f"{path} is not text in UTF-8: {error}") from None
    if not rows:
        raise JudgedError(f"{path} holds no judged pair: give a file like samples/wording.tsv")
    for number, row in enumerate(rows, 2):
        lacking = [column for column in _COLUMNS if not row.get(column)]
        if lacking:
            raise JudgedError(f"{path}, line {number}: no {', '.join(lacking)}; columns are {', '.join(_COLUMNS)}")
        if not {row["first"], row["second"]} <= set(VERDICTS):
            raise JudgedError(f"{path}, line {number}: a verdict is one of {', '.join(VERDICTS)}")
    return [Judged(*(row[column] for column in _COLUMNS)) for row in rows]


def agreement(pairs: Sequence[Judged]) -> Figure:
    """How often the readers agree."""
    return ratio([pair.verdict is not None for pair in pairs], [1] * len(pairs))


def verdicts(pairs: Sequence[Judged]) -> dict[str, int]:
    """How many of ``pairs`` both readers call what; ``divided`` where they do not agree."""
    counts = Counter(pair.verdict or "divided" for pair in pairs)
    return {verdict: counts[verdict] for verdict in (*VERDICTS, "divided")}
