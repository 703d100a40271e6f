"""The number that the switch tells of a call, as a ticket writes it: ``+8613912345678`` in, ``13912345678`` out.

Switches put country codes and a 0 of long distance before a mobile number. A landline is written with its area code
where that was told (``020-83517762``). What is no subscriber's number (a service's, anonymous, foreign) is none.
"""

from __future__ import annotations

import re

_COUNTRY = re.compile(r"^(?:\+|00)86|^86(?=0?1[3-9]\d{9}$)")
_MOBILE = re.compile(r"0?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:0(10|2\d|[3-9]\d{2}))?([2-8]\d{6,7})")
_ABROAD = re.compile(r"(10|2\d|[3-9]\d{2})([2-8]\d{6,7})")  # behind the country code the area code has no 0
_LOCAL = 8  # digits of a landline told without its area code


def callers_number(told: str | None) -> str | None:
    """The subscriber's number that ``told`` is; None where it is none."""
    said = re.sub(r"[^\d+]", "", told or "")
    number = _COUNTRY.sub("", said)
    mobile = _MOBILE.fullmatch(number)
    if mobile is not None:
        return mobile[1]
    landline = (_ABROAD.fullmatch(number) if number != said else None) or _LANDLINE.fullmatch(number)
    if landline is None or not (landline[1] or len(landline[2]) == _LOCAL):
        return None
    return f"0{landline[1]}-{landline[2]}" if landline[1] else landline[2]
