"""What of an interim text can be relied on: the words that successive hypotheses agree on.

LocalAgreement of two (Liu et al. 2020, https://arxiv.org/abs/2005.11185), with a hold-back: what was said a moment ago
may still be cut off in the middle of a word.
"""

from __future__ import annotations

from asr.text import SpanText


def stable_length(previous: str, current: SpanText, until: float) -> int:
    """How many characters of ``current`` are stable: they begin ``previous`` too and were over at ``until`` seconds."""
    count = 0
    for before, now, (_, end) in zip(previous, current.text, current.times, strict=False):
        if before != now or end > until:
            break
        count += 1
    return count
