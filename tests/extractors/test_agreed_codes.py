"""Order numbers as they are heard: what caller and agent both say, in one piece or in groups."""

from __future__ import annotations

import pytest

from extractors.ticket import SlotValue
from tests.extractors.composed import filled

ASKED = "A 请问您的订单号是多少\n"


def order(text: str) -> SlotValue | None:
    return filled("order_no", ASKED + text, heard=True)


@pytest.mark.parametrize(
    ("heard", "number"),
    [
        ("C 8402\nA 8402\nC 1779\nA 1779\nC 65\nA 65，对吗", "8402177965"),
        ("C 订单号是8402。1779。65\nA 订单号8402177965", "8402177965"),
        ("C 77301186 | 77302186\nC 4952。下面那个是另外一件\nA 77301186\nA 4952。寄到哪里", "773011864952"),
        ("C 20250819 | 2020050819\nC 还有04517\nA 2025 | 202025\nA 081904517对不对", "2025081904517"),
        ("C 号是0038162 | 号是00381622\nA 0038162。商家怎么说 | 00381622。商家怎么说", "0038162"),
        ("C FY77204816 | FI77204816\nC 35\nA 单号FY7720481635", "FY7720481635"),
    ],
)
def test_a_number_repeated_piece_by_piece_is_confirmed(heard: str, number: str) -> None:
    value = order(heard)
    assert value is not None
    assert (value.value, value.confirmed) == (number, True)


def test_it_is_proved_by_the_turns_it_was_said_in() -> None:
    value = order("C 8402 | 嗯840\nC 17，65 | 1779，65\nA 订单号8402177965")
    assert value is not None
    assert value.value == "8402177965"
    assert [(piece.turn, piece.text) for piece in value.evidence] == [(1, "8402"), (2, "17，65"), (3, "8402177965")]


@pytest.mark.parametrize(
    "heard",
    [
        "C 订单号8402177965\nA 8402717965，对吗",
        "C TB5037771 | TB503771\nA 订单TB5503771",
        "C 244010\nC 0319 | 03119\nC 075218616\nA 44010319 | 440103119\nA 0755211867",
        "C 单号773104862295\nA 单号77310486\nA 229512，哪天签收",
    ],
)
def test_a_number_that_the_read_back_contradicts_is_not_shown(heard: str) -> None:
    assert order(heard) is None


def test_a_read_back_of_a_part_contradicts_nothing() -> None:
    value = order("C 快递单号是8830176254\nA 830 | 830830\nA 176254。好的")
    assert value is not None and value.value == "8830176254"


@pytest.mark.parametrize(
    "heard",
    [
        "C 186。88493057\nA 电话186。\nA 88493057对吗",
        "C 没有，电话18688493057\nA 18688493057",
        "C 没有，12800元\nA 12800元",
    ],
)
def test_what_both_say_of_something_else_does_not_confirm_an_order_number(heard: str) -> None:
    value = order(heard)
    assert value is None or not value.confirmed


def test_the_plate_behind_an_order_number_is_no_piece_of_it() -> None:
    heard = "C 订单号8402，177，3965。车牌粤AF27186\nA 订单号8402，177，3965，车牌粤AF27186"
    value = order(heard)
    assert value is not None and value.value == "84021773965"


def test_letters_that_were_heard_of_neither_alike_are_left_open() -> None:
    value = order("C 爱苏外20470638\nA 另外20470638对吧")
    assert value is None or not value.confirmed
