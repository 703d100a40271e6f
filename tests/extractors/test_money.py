"""The sum a matter is about."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.conversation.dialogue import load_dialogue
from extractors.particulars.money import load_amount
from extractors.slots.extractor import Context
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_amount(CATALOG)


def amount(text: str) -> object:
    value = understand(EXTRACTOR, DIALOGUE, text).get("amount")
    return value.value if value else None


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("一共是一万两千八百元", 12800),
        ("付了三千九百九十块，减掉券，实付三千七百块", 3700),
        ("交了一万二千块钱", 12000),
        ("欠我们三万五元", 35000),
        ("花了1280块", 1280),
        ("付了三百二十块五", 320.5),
        ("收我118块5", 118.5),
        ("收我118块50", 118.5),
        ("多收了两块零五", 2.05),
        ("多收了三块五毛", 3.5),
        ("多收了三百块零五毛", 300.5),
        ("多收了两块八分", 2.08),
        ("一百二十八块八毛八", 128.88),
        ("一千二百三十四块五毛六", 1234.56),
        ("3000元一直不退", 3000),
        ("罚款200元三分", 200),
        ("收我200块一天", 200),
        ("收了12元5角", 12.5),
        ("2000元一部手机坏了", 2000),
        ("94000元一次结清", 94000),
        ("交了380元2个人的", 380),
        ("报名费300块，体检200块，加起来就是一千三百块", 1300),
        ("总共1万2800元", 12800),
        ("押金两千块", 2000),
        ("十五万", 150000),
        ("贰仟伍佰元", 2500),
        ("五六十万", "五六十万"),
        ("百八十块", "百八十"),
        ("一万二三千块", "一万二三千"),
        ("二十几万", "二十几万"),
        ("一千零几十块", "一千零几十"),
    ],
)
def test_a_sum_is_read_in_yuan(said: str, yuan: float | str):
    assert amount(f"A 一共多少钱？\nC {said}。") == yuan


def test_a_sum_without_a_unit_answers_the_question():
    assert amount("A 请问您花了多少钱？\nC 四千五百。") == 4500


def test_a_round_figure_is_less_sure():
    exact = understand(EXTRACTOR, DIALOGUE, "A 多少钱？\nC 两千块。")["amount"]
    about = understand(EXTRACTOR, DIALOGUE, "A 多少钱？\nC 两千多块。")["amount"]
    assert about.value == exact.value == 2000
    assert about.confidence < exact.confidence


@pytest.mark.parametrize(
    "said",
    [
        "钱包里面有三百块钱。",
        "房子四十平方，住了六年。",
        "开票要加六个点。",
        "我给他一百块钱，他不肯要。",
        "我的电话是13812345678。",
    ],
)
def test_other_numbers_are_no_sum_of_the_matter(said: str):
    assert amount(f"A 您好。\nC {said}") is None


def test_what_was_paid_wins_over_what_is_left():
    assert amount("A 您好。\nC 我在健身房交了3600块办卡，还剩下2100块没用。") == 3600


def test_a_price_told_by_the_agent_is_no_sum_of_the_matter():
    assert amount("A 您好。\nC 补办要交钱吗？\nA 工本费是20元。\nC 好的，知道了。") is None


def test_a_corrected_sum_replaces_the_first():
    assert amount("A 多少钱？\nC 一共5600元，不对，是6500元。") == 6500


def test_a_sum_read_back_is_confirmed():
    value = understand(EXTRACTOR, DIALOGUE, "A 多少钱？\nC 一共5600元。\nA 5600元，对吗？\nC 对的。")["amount"]
    assert value.confirmed
    assert len(value.evidence) == 2


def test_the_sum_paid_wins_over_the_usual_price():
    assert amount("A 您好。\nC 司机收了我280元，平时只要150块。") == 280


def test_some_sum_or_other_counts_only_as_an_answer():
    assert amount("A 您好。\nC 商家骗了我几百块。") is None
    assert amount("A 您好。\nC 商家骗了我两三百块。") == "两三百"


def test_a_number_that_is_dictated_is_no_sum():
    assert amount("A 一共多少钱？\nC 一百三十五 七零幺二 三四五六。") is None


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("平时七十块都不用，昨天收了我118", 118),
        ("一节课收三百五，都是现金", 350),
        ("先交押金和体检费，一人380，交完又说满员了", 380),
        ("收，一个学期2400，转到他老婆的微信", 2400),
        ("她打完第二天半边脸肿起来，花了3980那个女的说自己是护士", 3980),
        ("押二付一，押金就是2800", 2800),
        ("多扣了半年，每个月79，一共474", 474),
    ],
)
def test_words_of_money_right_before_a_number_make_it_a_sum(said: str, yuan: int):
    value = understand(EXTRACTOR, DIALOGUE, f"A 您好。\nC {said}。")["amount"]
    assert value.value == yuan
    assert value.confidence >= 0.7


@pytest.mark.parametrize(
    "said",
    [
        "电话前面要加020，8769，2035",
        "他收了118个快递都没有送",
        "我讲了一百遍了，没人理",
        "我们社十几户，一共两百亩地",
        "退了十五天还没有到账",
        "打过一次122，说不归他管",
        "听说放了要罚五十还是两百的",
        "车费每次大概几十",
    ],
)
def test_a_number_of_anything_else_behind_such_words_is_none(said: str):
    assert amount(f"A 您好。\nC {said}。") is None


@pytest.mark.parametrize("said", ["他说一个学期128，是自愿的", "合同写4280，当时一次过交清的"])
def test_a_rate_and_what_a_paper_says_only_may_be_the_sum(said: str):
    context = Context((), frozenset(), datetime(2026, 11, 24, 10, tzinfo=UTC))
    (mention,) = EXTRACTOR.read(Turn(0, Speaker.CITIZEN, said), context)
    assert mention.value in (128, 4280)
    assert mention.confidence < 0.5


def test_what_else_is_told_behind_the_answer_is_not_the_answer():
    assert amount("A 大衣当时买多少钱？\nC 买的时候是3880，洗一次收我85块。") == 3880


def test_the_usual_price_is_an_aside_in_its_own_clause_alone():
    assert amount("A 您好。\nC 平时六十出头，昨晚扣了我118块5。") == 118.5


def test_a_number_of_people_behind_a_sum_is_no_total_of_it() -> None:
    assert amount("A 一共欠您9200元，一共14个人，对吧？\nC 对的，九千二。") == 9200


def test_figures_with_tens_of_thousands_behind_them_are_read_whole() -> None:
    assert amount("A 您好。\nC 收了我86万，含税。") == 860_000
