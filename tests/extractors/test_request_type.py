from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

import models
from extractors.catalogue.files import REQUEST_TYPES
from extractors.catalogue.knowledge import Catalogue
from extractors.matching.classifier import Judgement, load_classifier
from extractors.matching.request_type import RequestTypes
from extractors.text.encoder import load_encoder
from extractors.ticket import Choice
from extractors.turn import Speaker, Turn
from tests.extractors.test_ranking import call

EVEN = np.full(len(REQUEST_TYPES), 1 / len(REQUEST_TYPES))


@pytest.fixture(scope="module")
def types(catalogue: Catalogue) -> RequestTypes:
    return RequestTypes(catalogue.rules("request_types"), load_classifier(models.CLASSIFIER))


def filed(turns: Sequence[Turn]) -> Judgement:
    """What the classifier says of ``turns``."""
    said = "".join(turn.text for turn in turns if turn.speaker is Speaker.CITIZEN)
    classifier = load_classifier(models.CLASSIFIER)
    return classifier.judged(load_encoder().of(said), [classifier.phrasing.read(turn) for turn in turns])


def told(types: RequestTypes, *lines: str, chosen: str | None = None) -> Choice:
    turns = call(*lines)
    readings = [types.read(turn) for turn in turns]
    return types.choose(types.cue_odds(turns, readings), EVEN, readings, filed(turns), chosen)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("我要投诉一家健身房，办卡半年就关门了", "投诉"),
        ("我想举报隔壁有人无证开诊所", "举报"),
        ("我有个建议，就是那条路能不能多设一个公交站", "建议"),
        ("我想表扬一下你们社区的小陈，人特别热心", "表扬"),
        ("我想问一下，小孩上学要准备什么材料", "咨询"),
        ("请问失业金怎么申请，多久能到账", "咨询"),
        ("我想求助，我家老人走丢了，你们快派人帮忙找", "求助"),
        ("餐厅的菜里吃出虫子，老板态度很差还不肯赔", "投诉"),
        ("我不是投诉啊，我打听一下，开小饭店要办哪些手续", "咨询"),
        ("今天不投诉，我是来表扬你们公交司机的", "表扬"),
        ("我不是投诉的哈，我打来是想谢谢一个人，表扬一下", "表扬"),
        ("我不是投诉啊，我是想夸一个开公交车的，夸人打这里行吧", "表扬"),
        ("我不是投诉啊，我是想讲一声多谢，不知道你们收不收", "表扬"),
        ("你好，我要赞一下你们窗口那个后生仔", "表扬"),
        ("我没有要投诉他，我就想问一下怎么办证", "咨询"),
        ("那个楼梯好陡，我要跨一个大坑过去，没人理，太危险了，投诉几次了", "投诉"),
        ("我想问下，我妈妈的退休金认证怎么搞啊", "咨询"),
        ("我提个意见，不算投诉，公园门口能不能加个斜坡", "建议"),
    ],
)
def test_callers_who_say_what_they_want_are_understood(types: RequestTypes, said: str, wanted: str) -> None:
    choice = told(types, "A您好，请问有什么可以帮您？", f"C{said}")
    assert choice.value == wanted
    assert choice.evidence
    assert all(evidence.turn == 1 for evidence in choice.evidence)


def test_evidence_is_the_words_themselves(types: RequestTypes) -> None:
    said = "喂，我要投诉一家健身房"
    (first, *_) = told(types, f"C{said}").evidence
    assert said[first.start : first.end] == first.text
    assert "投诉" in first.text


def test_a_cue_misheard_by_sound_still_counts(types: RequestTypes) -> None:
    assert told(types, "C你好我要头诉一个健身房").value == "投诉"
    assert told(types, "C我要巨报一个工厂").value == "举报"


def test_what_a_caller_says_first_outweighs_what_he_says_later(types: RequestTypes) -> None:
    lines = ("C我要投诉公交车不停站", "A好的", "C等了半个小时", "A嗯", "C我建议你们加多几班车")
    assert told(types, *lines).value == "投诉"


def test_the_template_the_agent_chose_decides_where_words_are_silent(types: RequestTypes) -> None:
    assert told(types, "C喂，路口那里的灯不亮了", chosen="求助").value == "求助"


def test_templates_of_a_type_decide_where_words_are_silent(types: RequestTypes) -> None:
    turns = call("C路口那里有东西掉了")
    mass = np.array([0.9 if name == "求助" else 0.02 for name in REQUEST_TYPES])
    assert types.choose(types.cue_odds(turns, [()]), mass, [()], filed(turns)).value == "求助"


def test_the_cues_never_rule_a_template_out(types: RequestTypes) -> None:
    turns = call("C我要投诉，我要投诉，我要投诉")
    favour = types.favour(types.cue_odds(turns, [types.read(turn) for turn in turns]))
    assert favour.max() == 0
    assert favour.min() >= -3


def test_who_opens_with_a_question_and_then_complains_is_heard_to_the_end(types: RequestTypes) -> None:
    lines = (
        "C你好，我想问一下退押金的事",
        "A您说",
        "C公寓不肯退我，打了七八次电话都没人理",
        "A好的，我转给住建部门核实处理",
    )
    assert told(types, *lines).value == "投诉"


def test_a_complaint_that_begins_as_a_question_is_one_once_more_is_said(types: RequestTypes) -> None:
    begun = "C我想问下，楼下唱歌唱到半夜，到底有没有人管"
    more = ("A在哪里？", "C同和街道，天天晚上这样，吵得睡不着，叫他们别唱了")
    assert told(types, begun).confidence < 0.6
    assert told(types, begun, *more).value == "投诉"


def test_what_the_agent_takes_it_for_counts(types: RequestTypes) -> None:
    said = "C喂，我说一下我们小区门口的保安"
    plain, praised = told(types, said), told(types, said, "A好的，请问您要表扬什么人？")
    asked = told(types, said, "A您要咨询什么问题？")
    assert plain.value == "投诉"
    assert praised.confidence < plain.confidence
    assert asked.value == "咨询" or asked.confidence < plain.confidence
