"""Landlines told from the rest of mobile numbers, as they are heard."""

from __future__ import annotations

import pytest

from extractors.ticket import SlotValue
from tests.extractors.composed import filled

ASKED = "A 您的联系电话是多少\n"


def phone(text: str) -> SlotValue | None:
    return filled("phone", text, heard=True)


@pytest.mark.parametrize(
    "heard",
    [
        "C 大家里。83842076 | 打家里8384。2076 | 大家里。8384202076\nA 曾阿姨。电话83842076。",
        "C 打八三八四，二零七六\nA 八三八四，二零七六，对吗",
        "C 8384\nA 8384\nC 2076\nA 2076，记好了",
        "C 登记我的。手机83842076。 | 登记我的，佐记83842076\nA 阿婆8384\nA 2076。今天就转出去。",
        "C 83842076，83842076\nA 83842076，记下了",
    ],
)
def test_a_landline_that_the_agent_reads_back_is_sure(heard: str) -> None:
    value = phone(ASKED + heard)
    assert value is not None
    assert (value.value, value.confirmed) == ("83842076", True)


@pytest.mark.parametrize(
    "heard",
    [
        ASKED + "C 打我办公室的电话八三八四，二零七六\nA 好的",
        ASKED + "C 八三八四，二零七六，八三八四，二零七六\nA 好的，已经登记",
        "A 您留个座机\nC 8384，2076\nA 好的",
    ],
)
def test_a_landline_that_is_the_answer_is_shown_without_a_read_back(heard: str) -> None:
    value = phone(heard)
    assert value is not None
    assert (value.value, value.confirmed) == ("83842076", False)


def test_the_area_code_is_kept_where_either_said_it() -> None:
    for heard in ("C 零二零，八三八四，二零七六\nA 83842076对吗", "C 83842076\nA 02083842076对吗"):
        value = phone(ASKED + heard)
        assert value is not None and value.value == "020-83842076"


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("C 88493057 | 18688493057\nA 88493057对吗", "18688493057"),
        ("C 18688493057\nA 88493057对吗\nC 对", "18688493057"),
        ("C 186。\nC 88493057\nA 88493057对吗", "18688493057"),
        ("C 幺八，88493057\nA 好的", None),
        ("C 幺八\nC 88493057\nA 好的", None),
        ("C 86884930\nA 嗯\nC 57\nA 好的", None),
        ("C 1868849\nA 1868849", None),
        ("C 18688493\nA 18688493对吗", None),
        ("C 68849305\nA 18688493057对吗", "18688493057"),
    ],
)
def test_the_rest_of_a_mobile_number_is_no_landline(heard: str, shown: str | None) -> None:
    value = phone(ASKED + heard)
    assert (value and value.value) == shown


@pytest.mark.parametrize(
    "heard",
    [
        "A 哪家店\nC 他的电话83842076\nA 他的电话83842076，对吧",
        "A 您要街道办的电话吗\nC 要\nA 83842076\nC 83842076，好\nA 对，83842076",
        "A 电话多少\nC 单号是84021765\nA 84021765，好的",
        "A 请问订单号和联系电话是多少\nC 84021765\nA 订单号84021765，电话呢",
        "A 您的联系电话是多少\nC 83842076\nA 83842067对吗",
    ],
)
def test_eight_digits_of_something_else_are_no_landline(heard: str) -> None:
    assert phone(heard) is None
