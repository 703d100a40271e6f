"""Identity numbers: check character, birthday, X, groups, misheard digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.codes.idcard import check_character, is_valid
from tests.extractors.composed import value

BODY = "44010619850312405"
NUMBER = BODY + check_character(BODY)
WITH_X = next(b + "X" for n in range(1000) if check_character(b := f"44011119900101{n:03d}") == "X")


def number(text: str) -> object:
    return value("id_no", text)


def test_the_check_character_is_that_of_the_standard() -> None:
    assert check_character("11010519491231002") == "X"  # the example of GB 11643-1999
    assert is_valid("11010519491231002X")
    assert not is_valid("110105194912310021")


def test_a_date_of_birth_that_does_not_exist_is_refused() -> None:
    body = "44010619850231405"
    assert not is_valid(body + check_character(body))


def test_an_identity_number_in_groups_is_read() -> None:
    said = f"A 请问身份证号码是多少？\nC {NUMBER[:6]}，{NUMBER[6:14]}，{NUMBER[14:]}"
    assert number(said) == NUMBER


def test_an_identity_number_ends_in_x() -> None:
    assert number(f"C 我的身份证号是{WITH_X[:17]}叉") == WITH_X


def test_groups_over_several_turns_are_joined() -> None:
    said = f"A 身份证号码报一下\nC {NUMBER[:6]}\nA 嗯\nC {NUMBER[6:14]}\nA 嗯\nC {NUMBER[14:]}"
    assert number(said) == NUMBER


@pytest.mark.parametrize("behind", ["，订单号是GZ20260318", "，电话13926157408", "，订单尾号1234", "，2026年3月办的"])
def test_another_number_right_behind_is_none_of_its_digits(behind: str) -> None:
    assert number(f"A 请问您的身份证号\nC {NUMBER}{behind}。") == NUMBER
    assert number(f"A 请问您的身份证号\nC {WITH_X}{behind}。") == WITH_X


def test_a_number_whose_check_fails_is_not_filled_as_heard() -> None:
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    assert number(f"C 身份证号{wrong}") != wrong


def test_eighteen_digits_of_something_else_are_not_an_identity_number() -> None:
    assert number(f"C 快递单号是{NUMBER}") is None


def test_what_the_agent_repeats_whole_after_it_was_said_bit_by_bit_is_taken() -> None:
    groups = f"{NUMBER[:4]}，{NUMBER[4:6]}，{NUMBER[6:14]}，后面{NUMBER[14:]}，对，{NUMBER[14:]}"
    said = f"C 住205号大院\nA 身份证号方便说吗\nC {groups}\nA {NUMBER}"
    assert number(said) == NUMBER


@given(st.text("0123456789", min_size=17, max_size=17))
def test_exactly_one_check_character_is_right(body: str) -> None:
    right = [c for c in "0123456789X" if check_character(body) == c]
    assert len(right) == 1
