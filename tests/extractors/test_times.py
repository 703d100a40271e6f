"""When it happened, how long it lasts, when to call back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.conversation.dialogue import load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.times.told_times import load_times
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_times(CATALOG)


def values(text: str) -> dict[str, object]:
    return {slot: value.value for slot, value in understand(EXTRACTOR, DIALOGUE, text).items()}


@pytest.mark.parametrize(
    ("said", "words", "iso"),
    [
        ("下午两点多三点的样子", "下午两点多三点", "T14:00/T15:00"),
        ("昨晚七点几八点", "昨晚七点几八点", "2026-11-23T19:00/2026-11-23T20:00"),
        ("凌晨一两点", "凌晨一两点", "T01:00/T02:00"),
        ("上周末", "上周末", "2026-11-21/2026-11-23"),
        ("上个周末晚上", "上个周末晚上", "2026-11-21/2026-11-23"),
        ("上周六日", "上周六日", "2026-11-21/2026-11-23"),
        ("每逢周末晚上", "每逢周末晚上", "R/P1W/T18:00/T00:00"),
        ("一到晚上", "一到晚上", "R/P1D/T18:00/T00:00"),
        ("每个月底", "每个月底", "R/P1M"),
        ("上个月尾", "上个月尾", "2026-10-21/2026-11-01"),
        ("前年年底", "前年年底", "2024-12-01/2025-01-01"),
        ("今年上半年", "今年上半年", "2026-01-01/2026-07-01"),
        ("25年9月", "25年9月", "2025-09-01/2025-10-01"),
        ("八月底九月初", "八月底九月初", "2026-08-21/2026-09-11"),
        ("去年十月到十二月", "去年十月到十二月", "2025-10-01/2026-01-01"),
        ("寻晚十一点", "寻晚十一点", "2026-11-23T23:00/2026-11-23T23:00"),
        ("今日上昼九点半", "今日上昼九点半", "2026-11-24T09:30/2026-11-24T09:30"),
        ("傍晚五点开到半夜一点", "傍晚五点到半夜一点", "T17:00/T01:00"),
        ("下午三点就摆出来了，一直摆到晚上九点", "下午三点到晚上九点", "T15:00/T21:00"),
        ("今天早上，六点，六点二十左右", "今天早上六点二十左右", "2026-11-24T06:05/2026-11-24T06:35"),
        ("今天早上七点十分，嗯，应该是七点二十", "今天早上七点二十", "2026-11-24T07:20/2026-11-24T07:20"),
        ("今天早上七点十分，不对，是昨天早上七点二十", "昨天早上七点二十", "2026-11-23T07:20/2026-11-23T07:20"),
        ("昨天下午四点多开始，一直喷到晚上九点", "昨天下午四点多到晚上九点", "2026-11-23T16:00/2026-11-23T21:00"),
        ("昨晚从六点半到十一点", "昨晚六点半到十一点", "2026-11-23T18:30/2026-11-23T23:00"),
        ("昨天下午五点以后，六点半以前", "昨天下午五点以后，六点半以前", "2026-11-23T17:00/2026-11-23T18:30"),
        ("十一月九号，礼拜一，早上六点十分", "十一月九号早上六点十分", "2026-11-09T06:10/2026-11-09T06:10"),
        ("凌晨三点多，今天凌晨，啪一声", "今天凌晨三点多", "2026-11-24T03:00/2026-11-24T04:00"),
        ("晚上十一点，昨晚", "昨晚十一点", "2026-11-23T23:00/2026-11-23T23:00"),
        ("八月底，三十号那天", "八月三十号", "2026-08-30/2026-08-31"),
        ("上个月月初3号", "上个月3号", "2026-10-03/2026-10-04"),
        ("今天早上八点，昨天晚上也有", "今天早上八点", "2026-11-24T08:00/2026-11-24T08:00"),
        ("每天傍晚六点到九点半", "每天傍晚六点到九点半", "R/P1D/T18:00/T21:30"),
        ("每天早上九点到凌晨两点", "每天早上九点到凌晨两点", "R/P1D/T09:00/T02:00"),
        ("每天晚上十一点干到凌晨三点，昨晚更离谱", "每天晚上十一点到凌晨三点", "R/P1D/T23:00/T03:00"),
        ("每个星期二、四、六晚上", "每个星期二、四、六晚上", "R/P1W/T18:00/T00:00"),
        ("每周五一次", "每周五", "R/P1W"),
        ("昨天晚上10点多", "昨天晚上10点多", "2026-11-23T22:00/2026-11-23T23:00"),
        ("10月3号", "10月3号", "2026-10-03/2026-10-04"),
        ("2024年12月31日", "2024年12月31日", "2024-12-31/2025-01-01"),
        ("二零二四年三月五号", "二零二四年三月五号", "2024-03-05/2024-03-06"),
        ("3月5日9:20", "3月5日9:20", "2026-03-05T09:20/2026-03-05T09:20"),
        ("上个月中旬", "上个月中旬", "2026-10-11/2026-10-21"),
        ("12月中旬", "12月中旬", "2025-12-11/2025-12-21"),
        ("去年夏天", "去年夏天", "2025-06-01/2025-09-01"),
        ("周一晚上八点多", "周一晚上八点多", "2026-11-23T20:00/2026-11-23T21:00"),
        ("下个星期三", "下个星期三", "2026-12-02/2026-12-03"),
        ("星期二下午", "星期二下午", "2026-11-17T12:00/2026-11-17T18:00"),
        ("大年初一", "大年初一", "2026-02-17/2026-02-18"),
        ("去年中秋节", "去年中秋节", "2025-10-06/2025-10-07"),
        ("中秋节那天", "中秋节那天", "2026-09-25/2026-09-26"),
        ("年初六下午", "年初六下午", "2026-02-22T12:00/2026-02-22T18:00"),
        ("立冬那天上午", "立冬那天上午", "2026-11-07T08:00/2026-11-07T12:00"),
        ("谷雨那天早上，四点多", "谷雨那天早上四点多", "2026-04-20T04:00/2026-04-20T05:00"),
        ("去年双十一", "去年双十一", "2025-11-11/2025-11-12"),
        ("年初三月份", "三月份", "2026-03-01/2026-04-01"),
        ("今年春节前", "今年春节前", None),
        ("两个小时前", "两个小时前", "2026-11-24T08:00/2026-11-24T08:00"),
        ("半个小时之前", "半个小时之前", "2026-11-24T09:30/2026-11-24T09:30"),
        ("大概一个星期前", "一个星期前", "2026-11-17/2026-11-18"),
        ("三个月以前", "三个月以前", "2026-08-01/2026-09-01"),
        ("五六分钟前", "五六分钟前", None),
        ("从二月份开始", "二月份", "2026-02-01/2026-03-01"),
        ("刚才", "刚才", "2026-11-24T09:45/2026-11-24T10:00"),
        ("刚刚六点四十左右", "刚刚六点四十左右", "2026-11-24T06:25/2026-11-24T06:55"),
        ("前天下午三点半", "前天下午三点半", "2026-11-22T15:30/2026-11-22T15:30"),
        ("上个礼拜天", "上个礼拜天", "2026-11-22/2026-11-23"),
        ("上上个星期三", "上上个星期三", "2026-11-11/2026-11-12"),
        ("这个月5号", "这个月5号", "2026-11-05/2026-11-06"),
        ("上个月十八号", "上个月十八号", "2026-10-18/2026-10-19"),
        ("去年九月", "去年九月", "2025-09-01/2025-10-01"),
        ("每天晚上八点到十点半", "每天晚上八点到十点半", "R/P1D/T20:00/T22:30"),
        ("每天早上六点以后", "每天早上六点以后", "R/P1D/T06:00/.."),
        ("每个礼拜六上午九点到十一点半", "每个礼拜六上午九点到十一点半", "R/P1W/T09:00/T11:30"),
        ("每周五晚上", "每周五晚上", "R/P1W/T18:00/T00:00"),
        ("凌晨两点到五点", "凌晨两点到五点", "T02:00/T05:00"),
        ("三天前", "三天前", "2026-11-21/2026-11-22"),
        ("昨晚", "昨晚", "2026-11-23T18:00/2026-11-24T00:00"),
        ("从四月起", "四月", "2026-04-01/2026-05-01"),
        ("十月中坏的", "十月中", "2026-10-11/2026-10-21"),
        ("十月二十七寄的", "十月二十七", "2026-10-27/2026-10-28"),
        ("九月二十几号", "九月二十几号", "2026-09-20/2026-09-30"),
        ("四月十几号", "四月十几号", "2026-04-10/2026-04-20"),
        ("夜晚十点几", "夜晚十点几", "T22:00/T23:00"),
        ("前天嘛，星期天上午", "星期天上午", "2026-11-22T08:00/2026-11-22T12:00"),
        ("星期天上午，就是前天", "星期天上午", "2026-11-22T08:00/2026-11-22T12:00"),
        ("2021年，去年七月转的", "2021年", "2021-01-01/2022-01-01"),
        ("九月跟十月的工资", "九月跟十月", "2026-09-01/2026-11-01"),
        ("八月九月两个月", "八月九月", "2026-08-01/2026-10-01"),
        ("每天早上七八点", "每天早上七八点", "R/P1D/T07:00/T08:00"),
        ("昨天上午，快十一点", "昨天上午快十一点", "2026-11-23T10:45/2026-11-23T11:15"),
        ("前天傍晚六点来钟", "前天傍晚六点来钟", "2026-11-22T18:00/2026-11-22T19:00"),
        ("明年二月份", "明年二月份", "2027-02-01/2027-03-01"),
        ("国庆之后就开始了", "国庆之后", None),
        ("天天，昨天晚上八点", "天天", "R/P1D"),
        ("七月二十号，九月又坏", "七月二十号", "2026-07-20/2026-07-21"),
        ("上周三下午吧，好像是四点左右", "上周三下午四点左右", "2026-11-18T15:45/2026-11-18T16:15"),
        ("前天啊，我记得是晚上八点", "前天晚上八点", "2026-11-22T20:00/2026-11-22T20:00"),
        ("去年吧，应该是十一月份", "去年十一月份", "2025-11-01/2025-12-01"),
        ("前年，三月五号", "前年三月五号", "2024-03-05/2024-03-06"),
    ],
)
def test_an_answer_keeps_its_words_and_gets_a_machine_form(said: str, words: str, iso: str):
    value = understand(EXTRACTOR, DIALOGUE, f"A 请问是什么时候的事情？\nC {said}吧。")["occurred_at"]
    assert (value.value, value.normalized) == (words, iso)


def test_hours_that_a_recogniser_wrote_as_digits_are_spelled_as_they_were_said():
    text = "A 请问是什么时候的事情？\nC 12月3号晚上10点20吧。"
    assert understand(EXTRACTOR, DIALOGUE, text, heard=True)["occurred_at"].value == "12月3号晚上十点二十"


@pytest.mark.parametrize(
    "said",
    [
        "我刚才打过电话的。",
        "国庆节放不放假？",
        "门前面有个坑，一米前后都是水。",
        "三年级的学生。",
        "2024年级的新生。",
        "第三周的课取消了。",
        "我下星期三要去过户。",
        "前年的，就是2023年的。",
        "我明天要去办过户。",
        "五月租三百块。",
        "租了三个月饼摊。",
        "以前每天早上六点来收的。",
        "本来十一月八号开业的。",
        "上个月三十号之前要交材料。",
    ],
)
def test_what_only_sounds_like_a_time_fills_nothing(said: str):
    assert values(f"A 您好。\nC {said}") == {}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("两小时", "两小时"),
        ("45分钟", "45分钟"),
        ("一年零三个月", "一年零三个月"),
        ("一个月零三天", "一个月零三天"),
        ("十来天", "十来天"),
        ("三个月出头", "三个月出头"),
        ("一年半多一点", "一年半多一点"),
        ("从上个月到现在", "从上个月到现在"),
        ("两个晚上", "两个晚上"),
        ("七八年", "七八年"),
    ],
)
def test_how_long_it_lasts_is_answered_in_full(said: str, words: str):
    assert values(f"A 请问持续多久了？\nC {said}。")["duration"] == words


@pytest.mark.parametrize(
    "said", ["二月份开始的", "七一年", "98年", "2024年的事", "3月5日", "周三", "两个小时前", "二零二四年"]
)
def test_a_date_is_no_length_of_time(said: str):
    assert "duration" not in values(f"A 请问持续多久了？\nC {said}。")


def test_a_time_in_the_complaint_counts_without_a_question():
    assert values("A 您好。\nC 我昨天下午两点多在医院排队，收费处没人。")["occurred_at"] == "昨天下午两点多"


@pytest.mark.parametrize(
    "said",
    [
        "希望你们明天晚上九点以后过来查。",
        "最好今天晚上八点以后来，白天没人。",
        "我去年三月入职的，一直没交社保。",
        "住在天河路28号。",
        "牛奶的保质期到上个月8号。",
    ],
)
def test_wishes_and_side_facts_are_not_the_time_of_the_matter(said: str):
    assert "occurred_at" not in values(f"A 您好。\nC {said}")


def test_a_date_corrected_is_the_corrected_one():
    text = "A 请问是什么时候的事情？\nC 上个月6号，不对，是上个月8号。"
    assert values(text)["occurred_at"] == "上个月8号"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("电梯坏了两个星期了，没人管。", "两个星期"),
        ("这个路灯已经有一个多月不亮了。", "一个多月"),
        ("停水停了三天了。", "三天"),
        ("臭味持续半年多了。", "半年多"),
    ],
)
def test_how_long_it_lasts_is_read(said: str, words: str):
    assert values(f"A 您好。\nC {said}")["duration"] == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("今天是第五天。", "五天"),
        ("都第三天了，还没人来。", "三天"),
        ("押金大半年都不肯退。", "大半年"),
        ("提交了九个工作日，一直审核中。", "九个工作日"),
        ("楼上给人拔牙，起码做了半年了。", "半年"),
    ],
)
def test_the_day_of_it_working_days_and_guesses_tell_how_long_it_lasts(said: str, words: str):
    assert values(f"A 您好。\nC {said}")["duration"] == words


def test_what_was_so_all_along_lasts_wherever_it_is_told():
    told = "C 有人倒余泥。\nC 在鱼塘。\nC 半夜来的。\nA 有没有车牌？\nC 看不清。四十来天都是这样子。"
    assert values(told)["duration"] == "四十来天"


@pytest.mark.parametrize(
    "said",
    [
        "第二天就坏了。",
        "都第三天才来。",
        "他们说四十八小时回复，现在第五天了。",
        "我起码做了三年了。",
        "我来了六年多了。",
        "社保交了有一年半了。",
        "他说十五个工作日。",
        "现在都几个十五天了。",
    ],
)
def test_days_told_of_a_story_ones_own_years_and_promises_are_not_the_duration(said: str):
    assert "duration" not in values(f"A 您好。\nC {said}")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("上个星期四，不对，星期四我休息，是上个星期五晚上开始的。", "上个星期五晚上"),
        ("星期四，不对，星期四晚上。", "星期四晚上"),
        ("昨天，不是，昨天。", "昨天"),
        ("前天早上九点钟上下。", "前天早上九点钟上下"),
    ],
)
def test_a_day_that_is_only_denied_is_no_time(said: str, words: str):
    assert values(f"A 请问是什么时候的事情？\nC {said}")["occurred_at"] == words


@pytest.mark.parametrize("said", ["我等了两个小时。", "欠我三个月工资。", "面包过期五天了。", "我在这里住了十年了。"])
def test_other_lengths_of_time_are_not_the_duration(said: str):
    assert "duration" not in values(f"A 您好。\nC {said}")


def test_a_time_to_call_back_is_not_the_time_of_the_matter():
    found = values("A 电话呢？\nC 13812345678，我要上班，最好下午五点半以后打给我。")
    assert found == {"callback_time": "下午五点半以后"}


def test_a_loose_time_answers_when_to_call_back():
    assert values("A 什么时间方便给您回电？\nC 下班以后吧。") == {"callback_time": "下班以后"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("139 2200 1144，傍晚六点以后打。", "傍晚六点以后"),
        ("电话一三九二二零零一一四四，明天下午打给我。", "明天下午"),
        ("就打这个号，随时可以打。", "随时"),
        ("留我老伴的号吧，13922001144，只有周日上午有空。", "周日上午"),
        ("写这个手机，上课不方便接，最好中午一点到两点打。", "中午一点到两点"),
        ("139 2200 1144，下班后八点打来。", "下班后八点"),
        ("13922001144，不要早上打，下午三点前打。", "下午三点前"),
    ],
)
def test_a_time_beside_the_number_is_when_to_call(said: str, words: str):
    assert values(f"A 怎么联系您？\nC {said}") == {"callback_time": words}


@pytest.mark.parametrize(
    ("said", "words"), [("早上九点以后吧，夜里我上班。", "早上九点以后"), ("随时，手机不关的。", "随时")]
)
def test_the_agents_offer_asks_when_to_call(said: str, words: str):
    assert values(f"A 记下了，下午方便接电话吗？\nC {said}") == {"callback_time": words}


def test_what_the_agent_promises_is_no_wish_of_the_caller():
    assert values("A 好的，今天内会联系您。\nC 好。") == {}
    assert values("A 会在工作日联系您，还有别的吗？\nC 没有了。") == {}


def test_an_hour_offered_counts_once_the_caller_agrees():
    assert values("A 电话记好了，那下午四点后联系您可以吗？\nC 可以。") == {"callback_time": "下午四点后"}
    assert values("A 电话记好了，那下午四点后联系您可以吗？\nC 先不说这个，我还有件事。") == {}


@pytest.mark.parametrize(
    ("told", "noted"), [("两点", "2点"), ("14:30", "14点30"), ("二十点", "20点"), ("10点", "十点")]
)
def test_an_hour_read_back_is_confirmed_however_it_is_written(told: str, noted: str):
    text = f"A 电话呢？\nC 就这个号，{told}打给我就行。\nA 好的，{noted}打给您。"
    time = understand(EXTRACTOR, DIALOGUE, text)["callback_time"]
    assert (time.value, time.confirmed) == (told, True)


def test_an_hour_put_right_replaces_what_the_agent_took_down():
    text = "A 电话呢？\nC 13922001144，晚上才有人接。\nA 好，晚上联系您。\nC 九点以后啊。"
    assert values(text) == {"callback_time": "九点以后"}


@pytest.mark.parametrize(
    "said",
    [
        "我今天打来是要问社保的。",
        "昨天下午打电话给物业，没人接。",
        "他今天早上打给我说不退了。",
        "晚上十点以后还在打桩，吵得睡不着。",
        "有人天天打骚扰电话。",
    ],
)
def test_other_calls_and_hours_are_not_when_to_call_back(said: str):
    assert "callback_time" not in values(f"A 请讲，您的电话是多少？\nC {said}")


def test_a_time_to_call_that_the_agent_offers_counts_once_agreed_to():
    offer = "C 打我手机就行\nA 我们明天上午十点联系您，可以吗？\nC "
    assert values(offer + "可以").get("callback_time") == "明天上午十点"
    assert "callback_time" not in values(offer + "不用了")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("昨天晚上开始，今天早上又来", "昨天晚上"),
        ("早上八点到十点。昨天下午三点也来过", "早上八点到十点"),
        ("昨天七点，不是八点", "昨天七点"),
        ("昨天早上，今天早上又来", "昨天早上"),
        ("昨天晚上八点几十个人在吵", "昨天晚上八点"),
    ],
)
def test_times_that_are_told_apart_stay_two(said: str, words: str):
    assert values(f"A 请问是什么时候的事情？\nC {said}。")["occurred_at"] == words


def marked(slot: str, text: str, words: str) -> tuple[object, str | None] | None:
    start = text.index(words)
    mark = Marked(slot, start, start + len(words), 0.9)
    context = Context((), frozenset(), datetime(2026, 11, 24, 10, tzinfo=UTC))
    mention = EXTRACTOR.value(mark, Turn(0, Speaker.CITIZEN, text), context)
    return None if mention is None else (mention.value, mention.normalized)


def test_a_marked_day_and_the_hour_behind_it_are_one_time():
    text = "昨晚吃完饭就开始，九点多钟最响。"
    assert marked("occurred_at", text, "昨晚吃完饭就开始，九点多钟") == (
        "昨晚九点多钟",
        "2026-11-23T21:00/2026-11-23T22:00",
    )


def test_a_marked_date_that_is_told_again_in_full_is_the_full_one():
    found = marked("occurred_at", "二十九号，十月二十九号寄的。", "二十九号，十月二十九号")
    assert found == ("十月二十九号", "2026-10-29/2026-10-30")


@pytest.mark.parametrize(
    ("slot", "text", "words"),
    [
        ("occurred_at", "以前是每天早上六点来收的。", "每天早上六点"),
        ("occurred_at", "本来十一月八号开业。", "十一月八号"),
        ("occurred_at", "材料三十号之前要交。", "三十号"),
        ("occurred_at", "身份证出生日期8月16日写错了。", "8月16日"),
        ("duration", "做完不到一个月就掉了。", "一个月"),
        ("duration", "听说要等一两个月。", "一两个月"),
        ("duration", "做了六年零四个月。", "六年零四个月"),
        ("duration", "我家宝宝才五个月。", "五个月"),
        ("duration", "三天以后给答复。", "三天"),
        ("duration", "七一年考的工。", "七一年"),
        ("duration", "停了五分钟都不到就抄牌。", "五分钟"),
        ("duration", "房东说两个星期还，现在人都找不到。", "两个星期"),
        ("occurred_at", "我前天打电话投诉过这家店。", "前天"),
        ("duration", "到现在都没人来。", "到现在"),
    ],
)
def test_marked_words_that_surely_tell_another_time_are_left_out(slot: str, text: str, words: str):
    assert marked(slot, text, words) is None


@pytest.mark.parametrize(
    ("slot", "text", "words", "value"),
    [
        ("occurred_at", "以前没有，昨天开始的。", "昨天", "昨天"),
        ("occurred_at", "国庆以前就坏了。", "国庆以前", "国庆以前"),
        ("duration", "坏了才修，修了三天。", "三天", "三天"),
        ("duration", "停了三天，没人来。", "三天", "三天"),
    ],
)
def test_marked_words_beside_such_ones_hold(slot: str, text: str, words: str, value: str):
    found = marked(slot, text, words)
    assert found is not None and found[0] == value


@pytest.mark.parametrize(
    ("slot", "asked", "said", "words"),
    [
        ("occurred_at", "您是哪一年入职的？", "前年三月份进来的", "前年三月份"),
        ("occurred_at", "以前一般几号到账？", "每个月八号", "每个月八号"),
        ("duration", "您在厂里做了多久？", "两年零四个月", "两年零四个月"),
    ],
)
def test_the_answer_to_when_something_else_was_is_left_out(slot: str, asked: str, said: str, words: str):
    start = said.index(words)
    before = (Turn(0, Speaker.AGENT, asked),)
    context = Context(before, frozenset(), datetime(2026, 11, 24, 10, tzinfo=UTC))
    mark = Marked(slot, start, start + len(words), 0.9)
    assert EXTRACTOR.value(mark, Turn(1, Speaker.CITIZEN, said), context) is None
    assert slot not in values(f"C 老板不发钱\nA {asked}\nC {said}")


def test_two_spans_of_time_to_call_back_are_both_told():
    said = "A 什么时候方便接电话？\nC 中午一点前，或者晚上九点以后"
    assert values(said)["callback_time"] == "中午一点前，或者晚上九点以后"


@pytest.mark.parametrize(
    ("said", "words", "iso"),
    [
        ("从去年十一月，报到今年四月", "去年十一月到今年四月", "2025-11-01/2026-05-01"),
        ("从早上八点堵到十点", "早上八点到十点", "T08:00/T10:00"),
        ("每天晚上六点半就开，一直闪到第二天早上", "每天晚上六点半到第二天早上", "R/P1D/T18:30/.."),
        ("晚上七点停到第二天早上八点", "晚上七点到第二天早上八点", "T19:00/T08:00"),
        ("从这个月8号开始的，到今天", "这个月8号", "2026-11-08/2026-11-09"),
        ("第一次上个月28号，第二次这个月2号", "上个月28号和这个月2号", None),
        ("九月十几号，我想想，十二号", "九月十二号", "2026-09-12/2026-09-13"),
        ("昨天一早五点四十", "昨天一早五点四十", "2026-11-23T05:40/2026-11-23T05:40"),
        ("今天早上八点十分，八点半就要进场", "今天早上八点十分", "2026-11-24T08:10/2026-11-24T08:10"),
        ("半夜了，十一点多来，搞到四点多", "半夜十一点多到四点多", None),
        ("清明前几天", "清明前几天", None),
    ],
)
def test_a_time_is_read_to_its_end_and_no_further(said: str, words: str, iso: str | None):
    value = understand(EXTRACTOR, DIALOGUE, f"A 请问是什么时候的事情？\nC {said}。")["occurred_at"]
    assert value.value == words
    assert iso is None or value.normalized == iso


def test_an_hour_that_a_recogniser_wrote_as_a_decimal_is_an_hour():
    text = "A 几点上的车？\nC 昨晚23.52分，订单上写的。"
    assert understand(EXTRACTOR, DIALOGUE, text, heard=True)["occurred_at"].value == "昨晚二十三点五十二分"


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("那时候是今天早上八点十分，八点半就要进场。", "今天早上八点十分，八点半", "今天早上八点十分"),
        ("不是每天，每个礼拜五、礼拜六晚上，十一点到凌晨一点。", "每个礼拜五、礼拜六晚上，十一点到凌晨一点", None),
    ],
)
def test_marked_words_are_read_without_what_was_only_due_or_denied(text: str, words: str, value: str | None):
    found = marked("occurred_at", text, words)
    assert found is not None
    assert found[0] == (value or found[0])
    assert "每天" not in str(found[0])


@pytest.mark.parametrize(
    ("slot", "text", "words"),
    [
        ("occurred_at", "我早上四点就要上工。", "早上四点"),
        ("occurred_at", "孩子要报名上学，下个星期五截止了。", "下个星期五"),
        ("duration", "我在华林街住了五十几年了。", "五十几年"),
        ("duration", "孩子都快四个月了。", "四个月"),
    ],
)
def test_what_is_due_and_how_long_somebody_lives_there_is_left_out(slot: str, text: str, words: str):
    assert marked(slot, text, words) is None


@pytest.mark.parametrize(
    ("said", "words"),
    [("一台面包车停在黄线上，连着四天不动", "四天"), ("每天上门换药，已经坚持了大半年", "大半年")],
)
def test_more_words_tell_how_long_it_lasts(said: str, words: str):
    assert values(f"A 持续多久了？\nC {said}。")["duration"] == words


def test_the_day_of_it_that_puts_a_length_right_is_told_with_its_word():
    text = "有九天。不对，今天第十天了。"
    start = text.index("第十天")
    context = Context((), frozenset(), datetime(2026, 11, 24, 10, tzinfo=UTC))
    mention = EXTRACTOR.value(Marked("duration", start, start + 3, 0.9), Turn(0, Speaker.CITIZEN, text), context)
    assert mention is not None
    assert (mention.value, mention.evidence.text, mention.corrects) == ("十天", "今天第十天", True)


def test_which_month_it_is_by_now_is_no_length_of_time():
    assert "duration" not in values("A 您好。\nC 我七月份就交了，现在都几月了？")
