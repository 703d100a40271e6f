"""Bus lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.codes.bus_lines import BusLines
from extractors.conversation.dialogue import Dialogue
from extractors.text.cues import load_rules
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture(scope="module")
def lines(dialogue: Dialogue) -> BusLines:
    return BusLines(load_rules(CATALOG, "numbers")["route"], dialogue)


def line(lines: BusLines, dialogue: Dialogue, said: str) -> object:
    value = understand(lines, dialogue, said).get("route_no")
    return value and value.value


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("A 是哪一路车\nC 是244路", "244"),
        ("C 我等二七零路公交车等了半个钟", "270"),
        ("C 坐夜5路公交", "夜5"),
        ("C 公交B12路不停站", "B12"),
        ("C 坐二十二路车", "22"),
        ("C 我投诉302路的司机", "302"),
        ("C 上了车37A？没有A，就37路", "37"),
    ],
)
def test_a_bus_line_is_read(lines: BusLines, dialogue: Dialogue, said: str, number: str) -> None:
    assert line(lines, dialogue, said) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("A 请问是哪一路车\nC 花15路。平时我也坐花3", "花15"),
        ("C 公交车啊，花都15路到站不停", "花15"),
        ("C 增城31路，在小楼镇那个站", "增城31"),
        ("C 末班车没有来，从化18路", "从化18"),
        ("C 建议南12路公交延长过来", "南12"),
        ("C 那个线路叫增城34路，对，34路，半个钟才一班车", "增城34"),
        ("C 公交南沙K1路，坐过站了", "南沙K1"),
        ("C 旅游3号线的车老是坏", "旅游3号线"),
        ("C 坐机场快线8号线那个车", "机场快线8号线"),
    ],
)
def test_a_line_named_for_a_district_or_what_it_is_for_keeps_its_name(
    lines: BusLines, dialogue: Dialogue, said: str, number: str
) -> None:
    assert line(lines, dialogue, said) == number


@pytest.mark.parametrize(
    "said",
    [
        "C 地铁四号线太挤了",
        "C 公交站在中山三路",
        "C 车子停在十字路口",
        "C 这条路公交车不停",
        "C 一路走过来到车站",
        "C 泥头车一路开一路撒泥",
        "C 车停在那里，她哭了一路",
        "A 车在哪里\nC 荔湾区沙面街道，六二三路，公园门口",
        "A 在哪个站上车\nC 越秀区东山街道，三路口那里",
    ],
)
def test_metro_lines_roads_and_ways_are_no_bus_lines(lines: BusLines, dialogue: Dialogue, said: str) -> None:
    assert line(lines, dialogue, said) is None


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (
            "A 哪一路\nC 公交。44路……嗯，不是44，44是我去银行的\nA 您在哪个站上的车\n"
            "C 员村二横路那个站。哦，407，407路\nA 407路，员村二横路站",
            "407",
        ),
        ("A 哪个站，哪一路车\nC 花34路，不对不对，花43路\nA 花43路", "花43"),
        ("A 公交哪一路\nC 303路的\nA 303路是吗\nC 平时我坐303那个车，那天是209，对，209路\nA 那就是209路", "209"),
    ],
)
def test_a_line_that_was_said_wrongly_gives_way_to_the_right_one(
    lines: BusLines, dialogue: Dialogue, said: str, number: str
) -> None:
    assert line(lines, dialogue, said) == number


def test_a_denied_line_without_another_fills_nothing(lines: BusLines, dialogue: Dialogue) -> None:
    assert line(lines, dialogue, "A 哪一路车\nC 是44路……哦，不是44，我想不起来") is None


def test_a_question_is_no_denial(lines: BusLines, dialogue: Dialogue) -> None:
    assert line(lines, dialogue, "A 哪一路车\nC 244路\nA 是不是244路\nC 是") == "244"


def test_a_line_with_a_name_needs_no_word_of_buses(lines: BusLines, dialogue: Dialogue) -> None:
    assert line(lines, dialogue, "C 那个夜八十二路昨晚一直没来") == "夜82"
    assert line(lines, dialogue, "C 那个八十二路昨晚一直没来") is None
