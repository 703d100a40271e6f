"""What to ask next: the best templates and the filled slots in, questions out.

While several templates are nearly as likely, only what all of them require is asked: nothing is invented. The
caller's name and phone always come last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from extractors.catalogue import Catalogue, Template
from extractors.ticket import Question

_ALWAYS = ("caller_name", "phone")
_CLOSE = 0.5


def questions(
    catalogue: Catalogue,
    ranked: Sequence[tuple[Template, float]],
    filled: Collection[str],
    chosen: Template | None = None,
) -> tuple[Question, ...]:
    """The questions due, most useful first; ``ranked`` are the best templates with their probabilities."""
    if chosen is not None:
        close = [chosen]
    else:
        close = [template for template, probability in ranked if probability >= _CLOSE * ranked[0][1]]
    due = []
    if close:
        first, *rest = close
        shared = [slot for slot in first.required if all(slot in other.required for other in rest)]
        due = [slot for slot in shared if slot not in _ALWAYS]
    asks = close[0].asks if len(close) == 1 else {}
    return tuple(
        Question(slot, asks.get(slot) or catalogue.slots[slot].ask)
        for slot in (*due, *_ALWAYS)
        if slot not in filled and slot in catalogue.slots
    )
