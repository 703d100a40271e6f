"""Order numbers and plates that caller and agent both say, each misheard in its own way."""

from __future__ import annotations

import pytest

from tests.extractors.composed import filled, value


@pytest.mark.parametrize(
    ("heard", "number"),
    [
        # letters as words, as other letters, as digits
        ("A 您有业务编号吗\nC 有的，编号是，提取，20250927，最后三位，582\nA T720250927582对吗", "TQ20250927582"),
        ("C 给了个受理编号，记得2025，0816，033\nA GZ20250816033，对吗", "GZ20250816033"),
        ("A 有预约单号吗\nC 有，短信里面阿秋8803152\nA A98803152，费用交了吗 | 阿秋8803152，费用交了吗", "RQ8803152"),
        # the end of a letter of three syllables as a digit
        ("A 有没有回执编号\nC 有的，答不6X4309276\nA WX4309276，好的", "WX309276"),
        # in groups, with words behind it that sound like digits
        ("A 工单编号有吗\nC 短信里面有。GT。2509，4418，9这个\nA GT25094418，查到了", "GT25094418"),
        # said twice at once
        ("A 有没有报障单号\nC 报障单是30227715\nA 报账单3022771530227715对吧", "30227715"),
        # one of two equal digits lost
        ("C 订单号773104882296\nA 77310482296，哪天签收", "773104882296"),
        # in another reading of what was heard
        ("C 短信还在，预约号BN66301928\nA BN6630928 | BN66301928。办了没有", "BN66301928"),
    ],
)
def test_an_order_number_is_what_both_may_have_spelled(heard: str, number: str) -> None:
    assert value("order_no", heard, heard=True) == number


@pytest.mark.parametrize(
    "heard",
    [
        "A 请问您的订单号是多少\nC 8402177965\nA 8402717965，对吗",
        "A 单号多少\nC 单号773104862295\nA 单号77310486\nA 229512，哪天签收",
    ],
)
def test_two_numbers_that_differ_in_what_was_written_are_none(heard: str) -> None:
    assert value("order_no", heard, heard=True) is None


def test_it_is_proved_by_the_words_of_both() -> None:
    found = filled("order_no", "A 有没有受理编号\nC 有的，记得2025，0816，033\nA GZ20250816033，对吗", heard=True)
    assert found is not None and found.confirmed
    assert [(piece.turn, piece.text) for piece in found.evidence] == [(1, "记得2025，0816，033"), (2, "GZ20250816033")]


def test_a_word_that_only_ends_like_a_hint_puts_nothing_right() -> None:
    heard = "A 有编号吗\nC 编号SS2026051977\nA SS2026051977\nC 查一下，以后零股铁换成一下"
    assert value("order_no", heard, heard=True) == "SS2026051977"


@pytest.mark.parametrize(
    ("heard", "plate"),
    [
        ("A 车牌号是多少\nC 粤围弟开5172，白色的\nA 粤A第开5172，几点上的车", "粤ADK5172"),
        ("A 车牌多少\nC 地灵幺七三九\nA 粤A001739", "粤AD01739"),
        # what follows is written as if it were part of it
        ("A 请问车牌号\nC 粤A5TN62004的，本田\nA 粤雷五提恩六二，哪天的事", "粤A5TN62"),
        ("A 车牌有没有记下\nC 粤诶爱富爱姆四零六，红头的\nA 粤AFM406，红色车头", "粤AFM406"),
        ("A 车牌号码多少\nC 月A6丘开38\nA 粤A6Q开38，对吗", "粤A6QK38"),
        ("A 车牌记得吗\nC 赣C6T927\nA 干西6T927，对吗", "赣C6T927"),
    ],
)
def test_a_plate_is_what_both_may_have_spelled(heard: str, plate: str) -> None:
    assert value("plate_no", heard, heard=True) == plate


def test_a_green_plate_of_which_a_character_is_missing_is_not_shown() -> None:
    assert value("plate_no", "A 车牌号码多少\nC 粤A，七幺九三六，绿牌的\nA 粤A71936", heard=True) is None
