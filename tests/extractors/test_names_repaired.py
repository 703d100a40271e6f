"""Names by sound in a whole utterance: what is repaired, and what is left as it was heard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.repair.repairer import Repairer, load_repairer
from tests.reference import reference

DEV_CALLS = Path(__file__).parents[3] / "shared/calls/dev"


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    return load_repairer(reference())


def said(repairer: Repairer, text: str, *earlier: str) -> str:
    result, done = "", 0
    for one in repairer.repairs(text, earlier):
        assert done <= one.start < one.end <= len(text)
        result, done = result + text[done : one.start] + one.text, one.end
    return result + text[done:]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("我在皇普七长周接到上班", "我在黄埔区长洲街道上班"),
        ("是曾承取，曾将接到对吗", "是增城区，增江街道对吗"),
        ("就在白影区和龙鞋这边晚上有人摆摊", "就在白云区鹤龙街这边晚上有人摆摊"),
        ("从话去抢交接到的", "从化区城郊街道的"),
        ("在李湾区提银东路有一辆车", "在荔湾区梯云东路有一辆车"),
        ("我在盘誉区的罗普街道", "我在番禺区的洛浦街道"),
        ("好的，会转给市港务集处理", "好的，会转给市港务局处理"),
    ],
)
def test_names_of_places_and_units_are_told_by_their_sound(repairer: Repairer, heard: str, meant: str) -> None:
    assert said(repairer, heard) == meant


def test_a_name_never_begins_within_a_number(repairer: Repairer) -> None:
    assert said(repairer, "多收的80元集绕路，你登记。", "导航一路里的") == "多收的80元集绕路，你登记。"


def test_a_name_said_twice_is_repaired_twice(repairer: Repairer) -> None:
    assert said(repairer, "罗普街道，是盘誉区罗普街道") == "洛浦街道，是番禺区洛浦街道"


def test_a_word_of_the_hotline_is_repaired_character_for_character(repairer: Repairer) -> None:
    assert said(repairer, "楼下一直战道经赢") == "楼下一直占道经营"
    assert said(repairer, "他们拖欠的工资有三个月") == "他们拖欠的工资有三个月"


@pytest.mark.parametrize(
    "text",
    [
        "天和他们都去过了，没有用。",
        "我们明天过去交材料。",
        "前面那条路上面都是水。",
        "当时街道的人说资格已经过了。",
        "我妈妈今年八十二岁，行动不方便。",
        "您好，广州12345政务服务热线，请问有什么可以帮您？",
        "我是从东莞市过来的，身份证丢了。",
        "联系电话是13600000000，对吧？",
        "广州，他去医院看门诊。",
    ],
)
def test_text_that_names_no_place_is_left_alone(repairer: Repairer, text: str) -> None:
    assert repairer.repairs(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "在星悦广场的负一楼。",
        "我家在梅岭新苑，外墙掉瓷砖。",
        "就是兴民三横路，靠近垃圾站。",
        "庆云里那一段路坑坑洼洼的。",
    ],
)
def test_places_that_no_list_holds_are_left_alone(repairer: Repairer, text: str) -> None:
    assert repairer.repairs(text) == []


def test_names_that_are_right_are_left_alone(repairer: Repairer) -> None:
    assert repairer.repairs("在天河区棠下街道，不是棠景街道，靠近车陂南地铁站，会转给市水务局") == []


def test_the_district_named_before_tells_streets_that_sound_alike_apart(repairer: Repairer) -> None:
    assert said(repairer, "是新塘真的", "您在增城区对吗") == "是新塘镇的"
    assert said(repairer, "星市接到", "您在白云区对吗") == "新市街道"


def test_true_text_of_calls_stays_as_it_is(repairer: Repairer) -> None:
    if not DEV_CALLS.is_dir():
        pytest.skip("needs the development calls")
    texts = [
        turn["text"]
        for path in sorted(DEV_CALLS.glob("*.json"))
        for turn in json.loads(path.read_text(encoding="utf-8"))["turns"]
    ]
    changed = sum(bool(repairer.repairs(text)) for text in texts)
    assert changed <= len(texts) / 100


@settings(max_examples=60)
@given(st.text(alphabet="在皇普七长周接到，住天和其了7 a。黄埔区石牌街道", max_size=24))
def test_repairs_are_in_order_apart_and_change_something(text: str) -> None:
    repairer = load_repairer(reference())
    done = 0
    for one in repairer.repairs(text):
        assert done <= one.start < one.end <= len(text)
        assert one.text and text[one.start : one.end] != one.text
        done = one.end
    assert repairer.repairs(text) == repairer.repairs(text)
