"""Addresses assembled over the turns of a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.address import AddressExtractor, load_address_extractor
from extractors.dialogue import Dialogue
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture(scope="module")
def extractor() -> AddressExtractor:
    return load_address_extractor(CATALOG)


def address(extractor: AddressExtractor, dialogue: Dialogue, text: str) -> object:
    values = understand(extractor, dialogue, text)
    return values["address"].value if "address" in values else None


def test_district_street_road_and_number(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    said = "A 请问具体地址在哪里\nC 天河区棠下街道，那个，中山大道西，238号"
    assert address(extractor, dialogue, said) == "天河区棠下街道中山大道西238号"


def test_the_read_back_gives_the_wording_and_the_caller_the_district(
    extractor: AddressExtractor, dialogue: Dialogue
) -> None:
    said = """
    A 请问在什么位置
    C 越秀区，农林街道，呃，农林下路，就是那个37号，楼下
    A 农林下路37号楼下，对吗？
    C 对
    """
    assert address(extractor, dialogue, said) == "越秀区农林街道农林下路37号楼下"


def test_a_corrected_number_replaces_the_first(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    said = "A 在哪里\nC 海珠区江南西路，68号，哦不对，是86号"
    assert address(extractor, dialogue, said) == "海珠区江南西路86号"


def test_a_corrected_road_replaces_the_first(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    said = "A 在哪里\nC 白云区机场路，不是，是白云大道北，12号"
    assert address(extractor, dialogue, said) == "白云区白云大道北12号"


def test_the_building_answered_later_is_added(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    said = """
    A 请问您住在哪个小区
    C 番禺区东环街道，富康花园
    A 番禺区东环街道富康花园，对吧？是哪一栋？
    C 12栋
    """
    assert address(extractor, dialogue, said) == "番禺区东环街道富康花园12栋"


def test_a_position_seen_from_a_place_belongs_to_it(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    said = "A 具体在什么位置\nC 荔湾区，陈家祠地铁站旁边的人行天桥下面"
    assert address(extractor, dialogue, said) == "荔湾区陈家祠地铁站旁边人行天桥下面"


def test_a_misheard_known_road_is_repaired(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    heard = "A 在哪条路\nC 在天和区体鱼东录，55号"
    assert address(extractor, dialogue, heard) == "天河区体育东路55号"


def test_digits_read_one_by_one_are_written_as_figures(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    said = "A 地址呢\nC 天河区林和街道，天河北路，七零八号"
    assert address(extractor, dialogue, said) == "天河区林和街道天河北路708号"


@pytest.mark.parametrize(
    "said",
    [
        "C 我住在白云区",
        "C 我想问一下医保怎么报销\nA 您可以到医院办理",
        "C 我这个月3号交的钱，电话13722085519",
    ],
)
def test_without_more_than_a_district_there_is_no_address(
    extractor: AddressExtractor, dialogue: Dialogue, said: str
) -> None:
    assert address(extractor, dialogue, said) is None


def test_what_both_parties_said_is_more_certain(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    once = understand(extractor, dialogue, "A 在哪里\nC 黄埔区科学大道，99号")["address"]
    twice = understand(extractor, dialogue, "A 在哪里\nC 黄埔区科学大道，99号\nA 黄埔区科学大道99号，对吗\nC 对")[
        "address"
    ]
    assert once.confidence < twice.confidence
    assert twice.confirmed and not once.confirmed


def test_the_letter_of_a_metro_exit_is_written_as_one(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    said = "A 具体在哪里\nC 天河区，岗顶地铁站弟口旁边"
    assert address(extractor, dialogue, said) == "天河区岗顶地铁站D口旁边"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("番禺区祥景花园3栋2单元501", "番禺区祥景花园3栋2单元501"),
        ("番禺区祥景花园3栋2单元，不对，是3单元", "番禺区祥景花园3栋3单元"),
        ("番禺区祥景花园3栋，哦不对，是5栋2单元", "番禺区祥景花园5栋2单元"),
        ("番禺区祥景花园7-502", "番禺区祥景花园7-502"),
        ("海珠区东晓南路88号-3", "海珠区东晓南路88号-3"),
    ],
)
def test_a_building_its_entrance_and_its_room_are_parts_of_one_address(
    extractor: AddressExtractor, dialogue: Dialogue, said: str, written: str
) -> None:
    assert address(extractor, dialogue, f"A 请问具体地址在哪里\nC {said}") == written


def test_a_road_may_be_named_after_a_kind_of_place_alone(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    assert address(extractor, dialogue, "A 请问具体地址在哪里\nC 花都区，中心路16号") == "花都区中心路16号"
    assert address(extractor, dialogue, "A 请问具体地址在哪里\nC 花都区码头路8号") == "花都区码头路8号"


@pytest.mark.parametrize(
    ("script", "ending"),
    [
        ("A 请问具体地址在哪里\nC 天河区棠下街道棠德花苑15栋302，不对，是16栋", "棠德花苑16栋302"),
        ("A 请问具体地址在哪里\nC 天河区棠下街道棠德花苑不是15栋是16栋", "棠德花苑16栋"),
        (
            "A 请问具体地址在哪里\nC 天河区棠下街道棠德花苑15栋302\nA 好的，棠德花苑15栋302\n"
            "C 刚才说错了，16栋502\nA 好的16栋502\nC 嗯",
            "棠德花苑16栋502",
        ),
        (
            "A 请问具体地址在哪里\nC 天河区棠下街道棠德花苑15栋\nA 棠德花苑15栋，对吗\nC 是16栋不是15栋",
            "棠德花苑16栋",
        ),
        ("A 请问具体地址在哪里\nC 天河区棠下街道棠德花苑15栋\nA 棠德花苑50栋，对吗\nC 不是50栋", "棠德花苑15栋"),
        ("A 请问具体地址在哪里\nC 天河区棠下街道棠德花苑\nA 几栋几号\nC 15栋2单元302房", "棠德花苑15栋2单元302房"),
    ],
)
def test_what_is_put_right_takes_the_place_of_what_was_wrong(
    extractor: AddressExtractor, dialogue: Dialogue, script: str, ending: str
) -> None:
    assert str(understand(extractor, dialogue, script)["address"].value).endswith(ending)


def test_an_address_that_only_the_agent_asked_about_is_none(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    assert not understand(extractor, dialogue, "C 路灯坏了\nA 是天河区棠下街道棠德花苑吗\nC 不知道")
