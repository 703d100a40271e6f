"""Who asks for what, who agrees and who refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractors.conversation.dialogue import load_dialogue
from extractors.text.cues import by_sound
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import conversation

DIALOGUE = load_dialogue(Path(__file__).resolve().parents[2] / "catalog")


def agent(text: str) -> Turn:
    return Turn(0, Speaker.AGENT, text)


def citizen(text: str) -> Turn:
    return Turn(0, Speaker.CITIZEN, text)


@pytest.mark.parametrize(
    ("question", "slots"),
    [
        ("请问您贵姓，联系电话多少？", {"caller_name", "phone"}),
        ("请问您跪姓", {"caller_name"}),
        ("麻烦留个联系方式", {"phone"}),
        ("请问是哪个区哪条街道？", {"district", "street", "address"}),
        ("请问具体在什么位置？", {"address"}),
        ("是什么时候发生的？", {"occurred_at"}),
        ("这种情况持续多久了？", {"duration"}),
        ("您希望怎么处理呢？", {"demand"}),
        ("需要对您的信息保密吗？", {"confidential"}),
        ("快递单号是多少？", {"order_no"}),
        ("一共花了多少钱？", {"amount"}),
        ("影响多少户居民？", {"people_count"}),
        ("请问餐厅叫什么名字？", {"subject"}),
        ("您什么时间方便接电话？", {"callback_time"}),
        ("车牌号记得吗？", {"plate_no"}),
        ("请问是哪一路车？", {"route_no"}),
    ],
)
def test_a_question_tells_which_slots_it_asks_for(question: str, slots: set[str]):
    assert slots <= DIALOGUE.expected(agent(question))


@pytest.mark.parametrize(
    ("question", "slots"),
    [
        ("好的，麻烦报个姓和号码。", {"caller_name", "phone"}),
        ("好的。麻烦报个姓何号码。", {"caller_name", "phone"}),
        ("留一个联系电话和姓氏吧。", {"caller_name", "phone"}),
        ("方便留个姓吗", {"caller_name"}),
        ("13711680253，姓氏不写，保密。", set()),
        ("请问您的手机号？", {"phone"}),
        ("您手机号多少", {"phone"}),
        ("什么时候的事，手机号多少", {"occurred_at", "phone"}),
    ],
)
def test_a_question_for_surname_or_mobile_number_asks_for_nothing_else(question: str, slots: set[str]):
    assert DIALOGUE.expected(agent(question)) == slots


@pytest.mark.parametrize(
    "text",
    [
        "您好，广州12345热线，请问有什么可以帮您？",
        "请您保持电话畅通，再见。",
        "好的，已经登记了。",
        "我们会对您的信息保密。",
    ],
)
def test_set_phrases_ask_for_nothing(text: str):
    assert DIALOGUE.expected(agent(text)) == frozenset()


def test_the_citizens_questions_ask_for_nothing():
    assert DIALOGUE.expected(citizen("那你们的电话是多少？")) == frozenset()


ANSWERS = yaml.safe_load(Path(__file__).with_name("short_answers.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", ANSWERS["assent"])
def test_assent_is_heard(text: str):
    assert DIALOGUE.assents(citizen(text))
    assert not DIALOGUE.denies(citizen(text))


@pytest.mark.parametrize("text", ANSWERS["refusal"])
def test_refusal_is_heard(text: str):
    assert DIALOGUE.denies(citizen(text))
    assert not DIALOGUE.assents(citizen(text))


@pytest.mark.parametrize("text", ANSWERS["neither"])
def test_other_words_are_neither_assent_nor_refusal(text: str):
    assert not DIALOGUE.assents(citizen(text))
    assert not DIALOGUE.denies(citizen(text))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("天河区棠德花苑15栋，请问还有其他问题吗？", "没有"),
        ("天河区棠德花苑15栋，您有没有拨打过物业电话？", "没有。"),
        ("天河区棠德花苑15栋，您的信息需要保密吗？", "不用了"),
        ("天河区棠德花苑15栋，您的信息需要保密吗？", "嗯，不需要"),
    ],
)
def test_a_no_to_the_question_behind_a_read_back_leaves_the_read_back_standing(asked: str, answer: str):
    assert DIALOGUE.verdict([agent(asked), citizen(answer)], 0) is None


def test_a_no_to_the_read_back_itself_refuses_it():
    assert DIALOGUE.verdict([agent("天河区棠德花苑15栋，对吗？"), citizen("没有，是16栋")], 0) is False
    assert DIALOGUE.verdict([agent("天河区棠德花苑15栋"), agent("还有别的吗？"), citizen("不对，是16栋")], 0) is False


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("额，我要求全额退款", "我要求全额退款"),
        ("名额还给我", "名额还给我"),
        ("余额，额，超额了", "余额，超额了"),
        ("额外收费", "额外收费"),
        ("嗯我想呃退款，嗯", "我想退款"),
        ("昨天，那个，晚上，呃", "昨天，晚上"),
        ("唔好再嘈", "唔好再嘈"),
        ("被呃咗三千", "被呃咗三千"),
    ],
)
def test_hesitation_is_left_out_and_no_part_of_a_word(text: str, shown: str):
    assert DIALOGUE.clean(text) == shown


def test_a_correction_before_a_value_is_seen():
    text = "18号，哦不对，是16号"
    assert DIALOGUE.corrected_before(text, text.index("16号"))
    assert not DIALOGUE.corrected_before(text, text.index("18号"))


@given(st.text())
def test_any_text_is_taken_and_sounds_keep_its_length(text: str):
    DIALOGUE.expected(agent(text))
    DIALOGUE.assents(citizen(text))
    assert len(by_sound(text)) == len(text)
    assert len(DIALOGUE.clean(text)) <= len(text)


def test_a_question_in_two_utterances_asks_for_all_it_names() -> None:
    turns = conversation("C 我要投诉\nA 请问您贵姓\nC 嗯\nA 联系电话多少")
    assert {"caller_name", "phone"} <= DIALOGUE.asked(turns)


def test_a_question_that_was_answered_is_not_open_any_more() -> None:
    turns = conversation("A 请问您贵姓\nC 我姓谭，西早谭\nA 联系电话多少")
    assert DIALOGUE.asked(turns) == {"phone"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("您可以拨打96968咨询", "96968"),
        ("也可以到政务中心二楼办理", "二楼"),
        ("派出所电话是83517762", "83517762"),
        ("第二阶梯每立方2.97元", "2.97"),
    ],
)
def test_an_agent_who_tells_where_to_go_and_what_the_rules_are_advises(text: str, told: str):
    assert DIALOGUE.advises(agent(text), text.index(told))


@pytest.mark.parametrize(
    "text",
    [
        "您要求他们到现场处理3天内",
        "您的电话是83517762",
        "请问您到了哪个路口，12号吗",
        "您可以打83517762，对吗？",
        "工作人员会到体育东路12号查看",
    ],
)
def test_a_read_back_a_question_and_a_promise_are_no_advice(text: str):
    assert not DIALOGUE.advises(agent(text), len(text) - 4)


def test_what_the_agent_answers_to_the_callers_question_is_told_to_the_caller():
    turns = conversation("C 要交多少钱？\nA 大概一百多元。\nC 我交了三百\nA 三百元")
    assert DIALOGUE.informs(turns, 1, 2)
    assert not DIALOGUE.informs(turns, 3, 0)


def test_what_answers_a_question_of_the_callers_is_told_apart_from_what_sums_up() -> None:
    turns = [
        Turn(0, Speaker.CITIZEN, "那是不是两个大人都要去，行不行？"),
        Turn(1, Speaker.AGENT, "一个监护人陪同就可以，要带户口本。您是希望尽快办好，对吗？"),
        Turn(2, Speaker.CITIZEN, "我们楼的电梯坏了。"),
        Turn(3, Speaker.AGENT, "会请物业尽快修好电梯。"),
    ]
    assert DIALOGUE.replies(turns, 1, 0)
    assert not DIALOGUE.replies(turns, 1, turns[1].text.index("尽快"))
    assert not DIALOGUE.replies(turns, 3, 0)
    for said in ("已经停了好几天。", "等了多久都没人来，也没什么。"):
        assert not DIALOGUE.replies([Turn(0, Speaker.CITIZEN, said), turns[3]], 1, 0)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("C 一次开一年的行不行？\nA 可以按合同约定的收款期开，一次收一年的也可以。", True),
        ("C 那就是先开，开的时候再交。\nA 按您收租的周期开就可以，一次收一年的可以一次开。", True),
        ("C 能不能派人来修？\nA 好的，请问在哪条路？", False),
        ("C 没有房东，我怎么办登记？\nA 明白了，我帮您登记，请公安部门答复您。", False),
        ("C 能不能派人来修？\nA 路灯是城管局管的，您稍等。\nC 好。\nA 已经登记了。", False),
        ("C 希望尽快派人来修。\nA 路灯是城管局管的，他们上班时间在九点以后。", False),
    ],
)
def test_a_question_that_the_agent_only_answers_is_told_from_one_that_is_taken_down(asked: str, told: bool):
    assert DIALOGUE.only_asked(conversation(asked), 0, 0) is told
