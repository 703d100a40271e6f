"""When it happened, how long it lasts, when to call back."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.dialogue import load_dialogue
from extractors.times import load_times
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_times(CATALOG)


def values(text: str) -> dict[str, object]:
    return {slot: value.value for slot, value in understand(EXTRACTOR, DIALOGUE, text).items()}


@pytest.mark.parametrize(
    ("said", "words", "iso"),
    [
        ("今天早上，六点，六点二十左右", "今天早上六点二十左右", "2026-11-24T06:05/2026-11-24T06:35"),
        ("昨天晚上10点多", "昨天晚上十点多", "2026-11-23T22:00/2026-11-23T23:00"),
        ("前天下午三点半", "前天下午三点半", "2026-11-22T15:30/2026-11-22T15:30"),
        ("上个礼拜天", "上个礼拜天", "2026-11-22/2026-11-23"),
        ("上上个星期三", "上上个星期三", "2026-11-11/2026-11-12"),
        ("这个月5号", "这个月5号", "2026-11-05/2026-11-06"),
        ("上个月十八号", "上个月十八号", "2026-10-18/2026-10-19"),
        ("去年九月", "去年九月", "2025-09-01/2025-10-01"),
        ("每天晚上八点到十点半", "每天晚上八点到十点半", "R/P1D/T20:00/T22:30"),
        ("每天早上六点以后", "每天早上六点以后", "R/P1D/T06:00/.."),
        ("凌晨两点到五点", "凌晨两点到五点", "T02:00/T05:00"),
        ("三天前", "三天前", "2026-11-21/2026-11-22"),
        ("昨晚", "昨晚", "2026-11-23T18:00/2026-11-24T00:00"),
    ],
)
def test_an_answer_keeps_its_words_and_gets_a_machine_form(said: str, words: str, iso: str):
    value = understand(EXTRACTOR, DIALOGUE, f"A 请问是什么时候的事情？\nC {said}吧。")["occurred_at"]
    assert (value.value, value.normalized) == (words, iso)


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


@pytest.mark.parametrize("said", ["我等了两个小时。", "欠我三个月工资。", "面包过期五天了。", "我在这里住了十年了。"])
def test_other_lengths_of_time_are_not_the_duration(said: str):
    assert "duration" not in values(f"A 您好。\nC {said}")


def test_a_time_to_call_back_is_not_the_time_of_the_matter():
    found = values("A 电话呢？\nC 13812345678，我要上班，最好下午五点半以后打给我。")
    assert found == {"callback_time": "下午五点半以后"}


def test_a_loose_time_answers_when_to_call_back():
    assert values("A 什么时间方便给您回电？\nC 下班以后吧。") == {"callback_time": "下班以后"}
