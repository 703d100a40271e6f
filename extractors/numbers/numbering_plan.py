"""The numbering plan: what a phone number looks like where the hotline is. Rules: the part ``phone`` of
``catalog/rules/numbers.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOBILE, LOCAL = 11, 8
"""Digits of a mobile number, and of a landline without its area code."""

_ANY = "0123456789"


@dataclass(frozen=True, slots=True)
class NumberingPlan:
    """``area``: the area code; ``local_first``: the digits a landline may begin with; ``mobile``, ``local``: for every
    position of a number the digits it may have; ``whole``: the form of either as a text writes it, the landline with
    its area code; ``whole_mobile``: that of a mobile number.
    """

    area: str
    local_first: str
    mobile: tuple[str, ...]
    local: tuple[str, ...]
    whole: re.Pattern[str]
    whole_mobile: re.Pattern[str]


def numbering_plan(rules: Mapping[str, Any]) -> NumberingPlan:
    """The plan that ``rules``, the part ``phone`` of those for numbers, tell."""
    area, first, prefixes = rules["area_code"], rules["local_first"], rules["prefixes"]
    mobile = "".join(f"[{digits}]" for digits in prefixes) + rf"\d{{{MOBILE - len(prefixes)}}}"
    local = f"{area}[，, ]?[{first}]\\d{{{LOCAL - 1}}}"
    return NumberingPlan(
        area=area,
        local_first=first,
        mobile=(*prefixes, *[_ANY] * (MOBILE - len(prefixes))),
        local=(first, *[_ANY] * (LOCAL - 1)),
        whole=re.compile(rf"(?:(?<!\d)|(?<={rules['label_misheard']}))(?:{mobile}|{local})(?!\d)"),
        whole_mobile=re.compile(mobile),
    )
