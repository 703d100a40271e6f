"""Whom or what a call is about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from extractors.conversation.dialogue import load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.slots.mention import Mention
from extractors.subjects.subject import Subject, load_subject
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import STARTED, conversation, understand
from tests.reference import CATALOG, reference

DIALOGUE = load_dialogue(CATALOG)


@cache
def extractor() -> Subject:
    return load_subject(reference())


def subject(text: str) -> object:
    value = understand(extractor(), DIALOGUE, text).get("subject")
    return value.value if value else None


def read_off(text: str, words: str, speaker: Speaker = Speaker.CITIZEN, before: Sequence[Turn] = ()) -> Mention | None:
    """What ``words`` of a turn say the subject is where they are marked as it."""
    start = text.index(words)
    expected = DIALOGUE.asked(before) if speaker is Speaker.CITIZEN else frozenset()
    context = Context(tuple(before), expected, STARTED)
    turn = Turn(len(before), speaker, text)
    return extractor().value(Marked("subject", start, start + len(words), 0.9), turn, context)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A 您好。\nC 我要投诉锦兴家政，阿姨来了一天就不来了。", "锦兴家政"),
        ("A 请问是哪家公司？\nC 广州市恒达装饰工程有限公司。", "广州市恒达装饰工程有限公司"),
        ("A 是哪一家餐厅？\nC 老西关茶楼，在荔湾。", "老西关茶楼"),
        ("A 物业公司叫什么名字？\nC 叫和安物业，他们从来不管。", "和安物业"),
        ("A 机构叫什么名字？\nC 叫小海豚，游泳馆，在番禺。", "小海豚游泳馆"),
        ("A 您好。\nC 我要反映我们小区门口的路灯，一直不亮。", "路灯"),
        ("A 您好。\nC 我们这里的警盖坏了。", "井盖"),
        ("A 您好。\nC 我想说的是我们门口的路灯，一直不亮。", "路灯"),  # 的士 is not heard in 的是
    ],
)
def test_a_named_body_or_else_the_thing_is_the_subject(text: str, value: str):
    assert subject(text) == value


def test_spelled_characters_are_put_into_the_name():
    text = "A 请问是哪家公司？\nC 叫悦祥培训中心，喜悦的悦，飞翔的翔。"
    assert subject(text) == "悦翔培训中心"


@pytest.mark.parametrize(
    "text",
    [
        "A 厂名您知道吗？\nC 不知道，没有挂牌子。",
        "A 您好。\nC 在人民医院旁边。",
        "A 您好。\nC 我打电话给自来水公司，没人接。",
    ],
)
def test_landmarks_and_unknown_names_are_no_subject(text: str):
    assert subject(text) is None


NOISE = "那个哦撇俄抠镍佟昂炝胚嚷掐怂瓮颇讷夯，" * 6


def test_a_name_heard_once_on_a_bad_line_is_not_shown():
    assert subject(f"A 是哪一家餐厅？\nC 老西关茶楼。\nC {NOISE}") is None


def test_a_name_that_both_parties_say_is_shown_on_a_bad_line():
    text = f"A 是哪一家餐厅？\nC 老西关茶楼。\nA 老西关茶楼，对吗？\nC 对。\nC {NOISE}"
    assert subject(text) == "老西关茶楼"


def test_what_is_asked_about_a_thing_belongs_to_the_subject():
    assert subject("A 您好。\nC 我想问一下，居住证能不能网上续期？") == "居住证续期"


@pytest.mark.parametrize(
    ("marked", "value"),
    [
        ("有个洗水厂", "洗水厂"),
        ("的水渠", "水渠"),
        ("那家我们楼下的超市", "楼下的超市"),
        ("有个", "有个"),
        ("井盖", "井盖"),
    ],
)
def test_a_subject_does_not_begin_with_what_belongs_to_the_sentence(marked: str, value: str):
    mention = read_off(f"附近{marked}，很久了", marked)
    assert mention is not None and mention.value == value


@pytest.mark.parametrize(
    ("text", "words", "speaker", "value"),
    [
        ("没关系的阿婆，您慢慢讲。", "阿婆", Speaker.AGENT, None),
        ("姑娘，我洗衣机坏了。", "姑娘", Speaker.CITIZEN, None),
        ("有个阿婆坐在路边。", "阿婆", Speaker.CITIZEN, "阿婆"),
        ("表扬卢师傅。", "卢师傅", Speaker.AGENT, "卢师傅"),
        ("姓樊，樊梨花的樊。", "樊梨花", Speaker.CITIZEN, None),
        ("姓禹，大禹治水那个禹。", "大禹治水那个禹", Speaker.CITIZEN, None),
        ("公园的椅子坏了。", "公园的椅子", Speaker.CITIZEN, "公园的椅子"),
    ],
)
def test_who_is_spoken_to_and_what_explains_a_name_are_no_subject(
    text: str, words: str, speaker: Speaker, value: str | None
):
    mention = read_off(text, words, speaker)
    assert (None if mention is None else mention.value) == value


@pytest.mark.parametrize(
    ("marked", "value"),
    [
        ("水沟给", "水沟"),
        ("水沟给人填了", "水沟"),
        ("机耕路给泥头车压烂", "机耕路"),
        ("灌溉水渠塌了", "灌溉水渠"),
        ("小孩转学的事情", "小孩转学"),
        ("大件垃圾怎么处理", "大件垃圾"),
        ("幼儿园乱收费", "幼儿园"),
        ("码小队，学编程的", "码小队"),
        ("天花板漏水", "天花板漏水"),
        ("小区给水管道", "小区给水管道"),
        ("棉被", "棉被"),
        ("蓝屿酒吧", "蓝屿酒吧"),
        ("打麻将", "打麻将"),
        ("垃圾填埋场", "垃圾填埋场"),
        ("坏了", "坏了"),
    ],
)
def test_a_subject_ends_before_what_is_wrong_with_it(marked: str, value: str):
    mention = read_off(f"这里{marked}，很久", marked)
    assert mention is not None and mention.value == value
    assert mention.evidence.text == value  # its proof is no longer than itself


def told(dialogue: str, words: str) -> object:
    """What the subject is where ``words`` of the last turn are marked as it."""
    *before, last = conversation(dialogue)
    mention = read_off(last.text, words, last.speaker, before)
    return None if mention is None else mention.value


@pytest.mark.parametrize(
    ("dialogue", "words"),
    [
        ("C 你好，我是正丰蔬菜合作社的，我们的水渠堵了。", "正丰蔬菜合作社"),
        ("C 我是通顺货运站的保安队长，门口睡了个老人。", "通顺货运站的保安队长"),
        ("C 我开海味铺的，门口睡了个阿伯。", "开海味铺的"),
        ("C 你好，我送外卖的，有条线掉下来了。", "外卖"),
        ("C 我是开饭店的，店里停水了。\nA 请问在什么位置？\nC 三元里大道217号，阿坤猪肚鸡。", "阿坤猪肚鸡"),
        (
            "C 我是开饭店的，店里停水了。\nA 请问在什么位置？\nC 三元里，阿坤猪肚鸡。\nA 三元里，阿坤猪肚鸡。",
            "阿坤猪肚鸡",
        ),
        ("C 停电了。\nA 请问地址在哪里？\nC 增城大道，我店叫恒丰五金。", "恒丰五金"),
        ("C 问一下，拉鸭苗要什么证？\nA 从哪里运到哪里？\nC 从化，一个地方叫丰禾养殖。", "丰禾养殖"),
    ],
)
def test_what_the_caller_lives_by_is_not_what_the_call_is_about(dialogue: str, words: str):
    assert told(dialogue, words) is None


@pytest.mark.parametrize(
    ("dialogue", "words"),
    [
        ("C 我是恒丽箱包厂的，两个月没发工资了。", "恒丽箱包厂"),  # the dispute is with them
        ("C 我要投诉我们公司。\nA 公司在哪里？\nC 我们公司叫恒途软件。", "恒途软件"),
        ("C 我是惠百家超市的会员，他们不退钱。", "惠百家超市"),
        ("C 我是要投诉那个收垃圾费的。", "收垃圾费"),
        ("C 油烟好大。\nA 请问在什么位置？\nC 棠德南路，湘聚小炒。", "湘聚小炒"),  # a stranger's
        (
            "C 我是开花店的，隔壁有间烧烤店。\nA 请问在什么位置？\nC 棠德南路，老李烧烤店。",
            "老李烧烤店",
        ),  # spoken of before
        ("C 想问下油烟归不归你们管？\nA 是哪家饭馆，地址在哪里？\nC 棠东东路，湘渔人家。", "湘渔人家"),
    ],
)
def test_a_name_that_the_caller_has_a_matter_with_stays_the_subject(dialogue: str, words: str):
    assert told(dialogue, words) == words


@pytest.mark.parametrize(
    ("marked", "value"),
    [
        ("村书记贪污扶贫款", "村书记"),
        ("楼消防栓没水", "楼消防栓"),
        ("包工头克扣工资", "包工头"),
        ("没水洗衣店", "没水洗衣店"),
        ("反贪污局", "反贪污局"),
    ],
)
def test_a_subject_ends_before_what_somebody_did_or_what_it_lacks(marked: str, value: str):
    mention = read_off(f"我要反映{marked}", marked)
    assert mention is not None and mention.value == value


def test_the_number_of_a_line_belongs_to_it():
    mention = read_off("在地铁3号线客村站，安检员态度恶劣", "号线")
    assert mention is not None
    assert (mention.value, mention.evidence.text) == ("3号线", "3号线")


@pytest.mark.parametrize("words", ["人行道边上", "天桥底下", "左边雨棚下", "学校门口", "小区对面", "顶楼那边"])
def test_words_that_tell_where_something_is_are_no_subject(words: str):
    assert told(f"C 在{words}，有人摆摊。", words) is None


@pytest.mark.parametrize("words", ["民宿榕荫里", "学校门口的红绿灯", "地下停车场", "惠家邻里"])
def test_names_and_things_with_words_of_place_in_them_stay(words: str):
    assert told(f"C 我要反映{words}，半年了。", words) == words


def test_a_place_that_something_lies_under_is_no_subject():
    assert told("C 那个人行天桥，桥底下睡了个老人。", "人行天桥") is None
    assert told("C 人行天桥底下睡了个老人。", "人行天桥") is None
    assert told("C 人行天桥，到底修不修？", "人行天桥") == "人行天桥"


def test_to_open_a_shop_is_no_name_of_one():
    assert subject("A 您好。\nC 我想开饭店，要先办手续。") != "开饭店"
