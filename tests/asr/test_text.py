import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr import Phantoms
from asr.text import SpanText, punctuated, simplified
from tests.asr.said import spoken


@pytest.mark.parametrize(
    ("heard", "text"),
    [
        ("請問具體在什麼位置呢", "请问具体在什么位置呢"),
        ("海珠區南洲街道", "海珠区南洲街道"),
        ("已经是简体", "已经是简体"),
    ],
)
def test_traditional_characters_become_simplified_ones(heard: str, text: str) -> None:
    assert simplified(spoken(heard)) == spoken(text)


@pytest.mark.parametrize(
    ("heard", "text"),
    [
        ("喂 你好 我要投诉", "喂，你好，我要投诉"),
        ("您好,请问有什么可以帮您?", "您好，请问有什么可以帮您？"),
        (" 好的.再见. ", "好的。再见。"),
        ("，，好的，，", "好的，"),
        ("金额是3.5万", "金额是3.5万"),
        ("车牌粤A 8K36Q", "车牌粤A 8K36Q"),
        ("拨打 119 对吗", "拨打119对吗"),
        ("１２３４５热线", "12345热线"),
    ],
)
def test_marks_are_written_as_chinese_writes_them(heard: str, text: str) -> None:
    assert punctuated(spoken(heard)).text == text


@given(st.text(alphabet="好的問號,.?! ，。12３Ａb \u3000-", max_size=30))
def test_cleaning_keeps_a_time_for_every_character_and_their_order(text: str) -> None:
    spans = punctuated(simplified(spoken(text)))
    assert len(spans.text) == len(spans.times)
    assert list(spans.times) == sorted(spans.times)
    assert set(spans.times) <= set(spoken(text).times)


def test_a_character_keeps_its_time_when_those_around_it_go() -> None:
    spans = punctuated(spoken("  好, 的"))
    assert spans.text == "好，的"
    assert spans.times[0] == spoken("  好, 的").times[2]
    assert spans.times[2] == spoken("  好, 的").times[5]


def test_rewritten_text_shares_the_time_of_what_it_replaces() -> None:
    spans = spoken("十六号门口").replaced([(0, 2, "016")])
    assert spans.text == "016号门口"
    assert spans.times[0][0] == 0.0
    assert spans.times[2][1] == pytest.approx(0.2)
    assert spans.times[3:] == spoken("十六号门口").times[2:]


def test_text_and_times_must_agree() -> None:
    with pytest.raises(ValueError, match="2 characters but 1 times"):
        SpanText("好的", ((0.0, 0.1),))


@pytest.mark.parametrize(
    "text",
    [
        "字幕由 Amara.org 社群提供",
        "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目",
        "中文字幕志愿者 李宗盛",
        "优优独播剧场——YoYo Television Series Exclusive",
        "謝謝觀看",
        "詞曲 詞曲 詞曲",
    ],
)
def test_sentences_that_whisper_invents_are_hidden(text: str, phantoms: Phantoms) -> None:
    assert phantoms.hides(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "谢谢",
        "再见",
        "电视上的字幕太小了，老人看不清",
        "我们小区音乐声音很大",
        "完了，水都漫进来了",
        "那个点赞的活动是骗人的",
        "订阅了报纸一直没送",
        "我要投诉小铃铛幼儿园",
        "他说要打赏支持主播骗了我两万块",
        "电视台那个字幕由谁负责",
        "他叫我一键三连就能返现，结果钱没了",
        "这个中文字幕是错的，你们管不管",
        "完",
        "音乐太吵了",
    ],
)
def test_what_callers_say_is_not_hidden(text: str, phantoms: Phantoms) -> None:
    assert not phantoms.hides(text)


@pytest.mark.parametrize("text", ["好的，字幕由某某某某某某制作", "欢迎大家来看今天的节目谢谢观看我是主持人"])
def test_a_phantom_amid_other_words_is_hidden_where_the_engine_doubts_it(text: str, phantoms: Phantoms) -> None:
    assert phantoms.hides(text, doubted=True)
    assert not phantoms.hides(text)


def test_doubt_alone_makes_no_phantom(phantoms: Phantoms) -> None:
    assert not phantoms.hides("我要投诉楼下烧烤", doubted=True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"whole": ["。"]}, "whole holds '。'"),
        ({"contained": ["字幕", "！"]}, "contained holds '！'"),
        ({"whole": [""]}, "whole holds ''"),
        ({"whole": [12345]}, "whole must be a list"),
        ({"contained": "字幕"}, "contained must be a list"),
        ({"contain": ["字幕"]}, "unknown list 'contain'"),
    ],
)
def test_a_phrase_that_every_text_would_hold_is_refused(data: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Phantoms.of(data)


def test_lists_of_phantoms_may_be_left_empty() -> None:
    assert not Phantoms.of({"whole": None, "contained": []}).hides("好的")
