"""The number of the call as switches tell it."""

from __future__ import annotations

import pytest

from extractors.phones.caller_number import callers_number


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("13912345678", "13912345678"),
        ("+8613912345678", "13912345678"),
        ("008613912345678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("013912345678", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("02083517762", "020-83517762"),
        ("020-83517762", "020-83517762"),
        ("+862083517762", "020-83517762"),
        ("07632345678", "0763-2345678"),
        ("86123456", "86123456"),
    ],
)
def test_a_number_is_the_same_with_any_prefix(told: str, written: str) -> None:
    assert callers_number(told) == written


@pytest.mark.parametrize("told", [None, "", "anonymous", "10086", "8001", "+85291234567", "139123456789"])
def test_what_is_no_subscribers_number_is_none(told: str | None) -> None:
    assert callers_number(told) is None
