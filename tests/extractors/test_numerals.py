"""Spoken numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.text.numerals import NUMBER, parse_number


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("一万二", 12000),
        ("两千八", 2800),
        ("两千零八", 2008),
        ("三百二十", 320),
        ("十五", 15),
        ("1万2800", 12800),
        ("3.5万", 35000),
        ("12,800", 12800),
        ("1,2800", 12800),
        ("二〇二二", 2022),
        ("一亿", 100_000_000),
    ],
)
def test_a_spoken_number_has_its_value(said: str, value: float):
    assert parse_number(said) == value


@given(st.integers(1, 10**9))
def test_figures_are_their_own_value(number: int):
    assert parse_number(str(number)) == number


@given(st.text(alphabet="0123456789零一二两三十百千万亿,，.", max_size=40))
def test_any_numeral_is_found_and_parsed_without_error(text: str):
    for match in re.finditer(NUMBER, text):
        value = parse_number(match.group())
        assert value is None or value >= 0


def test_a_numeral_of_more_than_anybody_means_has_no_value():
    assert parse_number("一" + "亿" * 40) is None
    assert parse_number("9" * 400) is None
