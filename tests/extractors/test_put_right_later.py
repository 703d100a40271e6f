"""What callers put right turns after they said it, or of what the agent read back: numbers, places, names."""

from __future__ import annotations

import pytest

from tests.extractors.composed import value

HEARD = pytest.mark.parametrize("heard", [False, True], ids=["typed", "heard"])


@HEARD
@pytest.mark.parametrize(
    "said",
    [
        "C 先前给你那个是旧号码，早停机了，帮我改成18925071436",
        "C 不好意思啊，我电话报错了，是18925071436",
        "C 电话我换了，换成18925071436",
    ],
)
def test_a_number_that_the_caller_wants_instead_takes_the_place_of_the_one_agreed_to(said: str, heard: bool) -> None:
    before = (
        "A 您的联系电话？\nC 13600281975\nA 13600281975，对吗？\nC 对\nA 好的，请问什么事？\nC 楼上漏水\nA 还有吗？\n"
    )
    assert value("phone", before + said, heard=heard) == "18925071436"
    assert value("phone", f"{before}{said}\nA 18925071436，改好了", heard=heard) == "18925071436"


@HEARD
@pytest.mark.parametrize("said", ["打不通的话就打我先生的，18925071436", "备用的再留一个，18925071436"])
def test_a_number_for_when_the_first_is_not_answered_stands_behind_it(said: str, heard: bool) -> None:
    text = f"A 您的联系电话？\nC 我的是13600281975，{said}\nA 13600281975，备用18925071436，对吗？\nC 对"
    assert value("phone", text, heard=heard) == "13600281975"


@HEARD
def test_a_number_that_the_caller_only_repeats_after_the_agent_is_not_the_callers(heard: bool) -> None:
    text = "C 请问海珠区民政局电话是多少？\nA 020-84468873。\nC 8446，8873，是吧？\nA 对的。"
    assert value("phone", text, heard=heard) is None


@HEARD
def test_the_number_of_a_parcel_is_no_phone_number(heard: bool) -> None:
    assert value("phone", "A 快递单号多少？\nC YT1392715066483\nA YT1392715066483", heard=heard) is None


@HEARD
@pytest.mark.parametrize(
    ("read_back", "answer"),
    [
        ("A 2047，5518，0936，77？", "C 0963，不是0936"),
        ("A 2047，5518，0936，77？", "C 不是0936，是0963"),
        ("A 2047，5518，0936，77？", "C 中间那组是0963"),
        ("A 20475518096371，对吗？", "C 不是，最后两位是77"),
    ],
)
def test_a_group_of_an_order_number_is_put_right(read_back: str, answer: str, heard: bool) -> None:
    text = f"A 订单号有吗？\nC 订单号是2047，5518，0963，77\n{read_back}\n{answer}\nA 好的"
    assert value("order_no", text, heard=heard) == "20475518096377"


@HEARD
def test_letters_of_an_order_number_are_put_right(heard: bool) -> None:
    text = "A 合同号是多少？\nC 合同号是QH20481573\nA GH20481573？\nC 是QH，不是GH\nA 好的"
    assert value("order_no", text, heard=heard) == "QH20481573"


@HEARD
def test_other_numbers_in_the_answer_change_nothing_of_the_order_number(heard: bool) -> None:
    text = "A 单号多少？\nC 单号SF6628410753\nA SF6628410753，对吧？\nC 对，最后是3个人来搬的\nA 好的"
    assert value("order_no", text, heard=heard) == "SF6628410753"


@HEARD
@pytest.mark.parametrize(
    "said",
    [
        "C 我刚才讲错了，那里应该是黄埔区新龙镇的，不是中新镇",
        "C 不是中新镇，过了界的，是黄埔区新龙镇",
    ],
)
def test_a_place_named_for_another_takes_its_place_however_late(said: str, heard: bool) -> None:
    before = "C 增城区中新镇那边有人偷倒泥\nA 增城区中新镇，好的。什么时候？\nC 昨晚\nA 您贵姓？\nC 姓孔\nA 孔先生\n"
    text = f"{before}{said}\nA 好的"
    assert value("district", text, heard=heard) == "黄埔区"
    assert value("street", text, heard=heard) == "新龙镇"


@HEARD
def test_a_place_where_something_went_wrong_takes_no_other_place_away(heard: bool) -> None:
    text = "C 我在越秀区大塘街道上的车\nA 越秀区大塘街道，好的\nC 司机走错了，开到荔湾区那边去了\nA 好的"
    assert value("district", text, heard=heard) == "越秀区"


@HEARD
def test_where_the_caller_lives_is_not_where_it_happened(heard: bool) -> None:
    text = "C 我在荔湾区的永庆坊买了盒月饼，发霉的\nA 您住在哪里呢？\nC 我住番禺区"
    assert value("district", text, heard=heard) == "荔湾区"
    assert value("district", "C 楼上漏水\nA 您住在哪里呢？\nC 我住番禺区", heard=heard) == "番禺区"


def test_a_surname_told_by_a_word_puts_right_one_of_the_same_sound() -> None:
    before = "A 请问您贵姓？\nC 免贵姓章\nA 张女士，请讲\nC 路灯不亮\nA 好的张女士\n"
    assert value("caller_name", f"{before}C 我是文章的章，不是弓长张\nA 不好意思，章女士") == "章女士"


def test_what_is_asked_behind_a_form_of_address_is_refused_without_the_name() -> None:
    text = "A 请问您贵姓？\nC 我姓骆\nA 骆女士，您的电话是138开头的那个吗？\nC 不是，是13600281975"
    assert value("caller_name", text) == "骆女士"


def test_a_surname_is_all_that_some_callers_answer() -> None:
    assert value("caller_name", "A 您贵姓？\nC 骆。\nA 电话？") == "骆"
    assert value("caller_name", "A 您贵姓？\nC 嗯。") is None


@HEARD
@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("C 迪丽娜尔·艾合买提", "迪丽娜尔·艾合买提"),
        ("C 我叫迪丽娜尔·艾合买提，在这边上班", "迪丽娜尔·艾合买提"),
        ("C 我叫Sophie，Sophie Martin", "Sophie"),
    ],
)
def test_a_name_without_a_chinese_surname_stays_whole(said: str, name: str, heard: bool) -> None:
    assert value("caller_name", f"A 请问怎么称呼？\n{said}\nA 好的", heard=heard) == name


def test_a_name_in_letters_gives_way_to_the_surname() -> None:
    assert value("caller_name", "A 怎么称呼？\nC 叫我Tina就行，我姓陈\nA 陈女士") == "陈女士"
