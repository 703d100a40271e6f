"""How many people or households are affected."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.conversation.dialogue import load_dialogue
from extractors.particulars.counts import load_people_count
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_people_count(CATALOG)


def count(text: str) -> object:
    value = understand(EXTRACTOR, DIALOGUE, text).get("people_count")
    return value.value if value else None


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("我们一共八个人", 8),
        ("一共十九个人，我们组十一个人，他们组八个人", 19),
        ("我们组十一个人，他们组八个人，加起来十九个人", 19),
        ("大概有五十几户人家", "五十几户"),
        ("整栋楼六十多户都没水", "六十多户"),
        ("我们有二十几个工友", "二十几个工友"),
        ("两百多户", "两百多户"),
        ("二三十个工人", "二三十个工人"),
        ("十五六个人", "十五六个人"),
        ("几十个业主", "几十个业主"),
        ("三户人家", "三户"),
        ("好几户", "好几户"),
        ("五六个人", "五六个人"),
        ("五十六个人", 56),
        ("一家三口", 3),
        ("我们三口之家", 3),
    ],
)
def test_people_and_households_are_counted_as_said(said: str, value: object):
    assert count(f"A 影响多少人？\nC {said}。") == value


def test_a_bare_number_of_people_answers_the_question():
    assert count("A 请问有几个人？\nC 三个人。") == 3
    assert count("A 没发工资的有多少人？\nC 我们组14个，全没发。") == 14
    assert count("A 请问有几个人？\nC 二十个月没发了。") is None


@pytest.mark.parametrize(
    "said",
    [
        "停了五六台车。",
        "每个人交了两百元。",
        "来了三个人收钱。",
        "那两个人态度很差。",
        "塌了十几米长。",
        "门口有三口井。",
        "几个人说的。",
        "前台换了三个人了。",
        "前面还有三十七个人。",
        "两个人抬都抬不动。",
        "楼下堆了二十个，没人管。",
    ],
)
def test_other_counts_are_not_the_people_affected(said: str):
    assert count(f"A 您好。\nC {said}") is None


def test_those_who_refuse_and_figures_of_a_number_are_not_concerned():
    assert count("A 您好。\nC 物业说要全楼分摊，有三户不肯出钱，就拖着。") is None
    assert count("A 您好。\nC 户号00503381472，一共十一位。") is None


def test_those_beside_them_are_counted_in():
    assert count("A 影响多少户？\nC 我们这一边三十几户，连埋对面，四十来户吧。") == "四十来户"
