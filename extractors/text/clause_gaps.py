"""Gaps in the patterns of rules, which are written shorter than regular expressions can say them."""

from __future__ import annotations

import re

_GAP = re.compile(r"…(\d+)")


def with_gaps(pattern: str) -> str:
    """``pattern`` as a regular expression: ``…6`` in it stands for up to six characters of the same clause."""
    return _GAP.sub(r"[^，。？！]{0,\1}", pattern)
