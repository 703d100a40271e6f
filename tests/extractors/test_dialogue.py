"""Who asks for what, who agrees and who refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.cues import by_sound
from extractors.dialogue import load_dialogue
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


@pytest.mark.parametrize("text", ["对", "对的。", "嗯，是的", "没错，就是这样", "是啊是啊", "呃，对，没错"])
def test_agreement_is_heard(text: str):
    assert DIALOGUE.assents(citizen(text))
    assert not DIALOGUE.denies(citizen(text))


@pytest.mark.parametrize("text", ["不对，是16号", "不是的", "错了", "呃，不对不对"])
def test_refusal_is_heard(text: str):
    assert DIALOGUE.denies(citizen(text))
    assert not DIALOGUE.assents(citizen(text))


@pytest.mark.parametrize("text", ["对面那栋", "对不起", "是不是要预约", "我姓梁"])
def test_other_words_are_neither(text: str):
    assert not DIALOGUE.assents(citizen(text))


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
