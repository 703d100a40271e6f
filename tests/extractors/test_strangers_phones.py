"""Whose a number is: the caller's, or a stranger's that the call is about."""

from __future__ import annotations

import pytest

from tests.extractors.composed import value


@pytest.mark.parametrize(
    "said",
    [
        "C 骗子的号码是13800138000",
        "C 诈骗电话13800138000一直骚扰我",
        "C 商家电话是13800138000，我打不通",
        "C 车牌粤A12345的司机，电话13800138000是他的",
        "C 物业主任手机13800138000，他不接",
        "C 那个中介的电话13800138000",
        "C 有个号码13800138000老打给我推销",
        "C 骗子电话13800138000\nA 13800138000对吗？\nC 对的",
    ],
)
def test_a_strangers_number_is_not_the_callers_whoever_reads_it_back(said: str) -> None:
    assert value("phone", said) is None


@pytest.mark.parametrize(
    "said",
    [
        "C 我被诈骗了，电话13800138000",
        "C 我是做中介的，电话13800138000",
        "C 阮老师，电话13800138000",
        "A 您的电话？\nC 我爸的电话是13800138000",
        "A 电话？\nC 打我们公司的手机，13800138000",
        "A 您留个电话\nC 留我女儿的电话吧，13800138000",
        "A 您的电话？\nC 骗子的号码是13700137000，我的是13800138000",
        "C 骗子电话13700137000\nA 那您的电话呢？\nC 13800138000",
    ],
)
def test_the_callers_number_and_one_of_their_family_or_trade_stay(said: str) -> None:
    assert value("phone", said) == "13800138000"


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        "A 司机电话？\nC 13926157408。",
        "A 司机的电话您有吗？\nC 有，是13926157408。",
        "A 请问商家的联系电话是多少？\nC 13926157408。\nA 13926157408对吗？\nC 对。",
        "A 他们老板的电话是多少？\nC 139，\nC 26157408。",
        "A 您有对方的联系方式吗？\nC 13926157408。",
    ],
)
def test_a_number_the_agent_asks_for_as_a_strangers_is_not_the_callers(said: str, heard: bool) -> None:
    assert value("phone", said, heard=heard) is None


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        "A 您有商家的电话吗？\nC 没有，我的电话是13926157408。",
        "A 商家电话？\nC 不知道。\nA 那您的电话？\nC 13926157408。",
        "A 司机的电话您有吗？\nC 13800138000。\nA 您的联系电话呢？\nC 13926157408。",
        "A 陈主任电话多少？\nC 13926157408。",
        "A 我们会让商家联系您，您的电话是多少？\nC 13926157408。",
        "A 会把您的情况转给物业，电话留一个？\nC 13926157408。",
    ],
)
def test_the_callers_number_stays_when_a_strangers_was_asked_for_as_well(said: str, heard: bool) -> None:
    assert value("phone", said, heard=heard) == "13926157408"
