"""Vehicle plates, spelled with letters that are written as words."""

from __future__ import annotations

import pytest

from extractors.codes.plate import PlateExtractor
from extractors.conversation.dialogue import Dialogue
from tests.extractors.composed import composed, value
from tests.extractors.dialogues import understand


@pytest.fixture(scope="module")
def extractor() -> PlateExtractor:
    return composed(PlateExtractor)


def plate(text: str) -> object:
    return value("plate_no", text, heard=True)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("C 车牌是粤A·5D72K", "粤A5D72K"),
        ("C 两地牌来的，粤Z，3，八，K，6，港", "粤Z38K6港"),
        ("C 那台车粤ZD207澳堵住门口", "粤ZD207澳"),
        ("C 车牌是粤诶五弟七二开", "粤A5D72K"),
        ("C 那台面包车的车牌，月A8B163", "粤A8B163"),
        ("C 湘E20937那辆货车", "湘E20937"),
        ("C 新能源车，车牌粤AD30572", "粤AD30572"),
        ("C 车牌月雷爱福82391", "粤AF82391"),  # the letter of the city after the province
        ("A 车牌多少\nC 我看看\nC 墨淡了\nC 放大镜找了\nC 月A第36182", "粤AD36182"),  # some utterances later
    ],
)
def test_a_whole_plate_is_read(said: str, written: str) -> None:
    assert plate(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "C 车牌好像是粤A，什么，6，3，D，记不全了",
        "C 车牌只看到后面几位，63D",
        "C 粤菜馆A座1203",
        "C 越来越多车停在那里",
        "A 有没有看到车牌号\nC 没有看清楚",
    ],
)
def test_part_of_a_plate_is_not_filled(said: str) -> None:
    assert plate(said) is None


def test_a_read_back_confirms_and_a_correction_replaces(extractor: PlateExtractor, dialogue: Dialogue) -> None:
    said = "C 车牌粤A5D72K\nA 粤A5D72K对吗\nC 不对，是粤A5D27K\nA 粤A5D27K"
    values = understand(extractor, dialogue, said)
    assert values["plate_no"].value == "粤A5D27K"
    assert values["plate_no"].confirmed


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("C 车牌粤AK5802，要求你们查处", "粤AK5802"),
        ("C 第一台没看清，第二台，粤A，0 4 6 7 9 D，绿牌的", "粤A04679D"),
        ("C 车牌粤AD3127\nC 说错了，那台是我老婆的，我这台粤A5K38M\nA 粤A5K38M，好的", "粤A5K38M"),
    ],
)
def test_a_typed_plate_is_what_stands_there(
    extractor: PlateExtractor, dialogue: Dialogue, said: str, written: str
) -> None:
    values = understand(extractor, dialogue, said)
    assert values["plate_no"].value == written


@pytest.mark.parametrize(
    "said", ["C 车有一台，岳母的房子前年卖了", "A 您说的是2022和2023两年的补登吗", "C 上次是小车，月底那次就算了"]
)
def test_no_character_of_a_typed_plate_is_taken_by_its_sound(
    extractor: PlateExtractor, dialogue: Dialogue, said: str
) -> None:
    assert "plate_no" not in understand(extractor, dialogue, said)


@pytest.mark.parametrize("said", ["A 车牌多少\nC 那个车\nA 粤A001739", "C 车牌粤R\nC 7000159"])
def test_six_digits_and_longer_numbers_are_no_plates(said: str) -> None:
    assert plate(said) is None


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("A 车牌多少\nC 粤A，K，零，七，Z，两\nA 粤AK07Z2。是借给别人开的吗？\nC 没有，一直是我开", "粤AK07Z2"),
        ("A 车牌多少\nC 粤A，7，M，3，5，0\nA 粤A7M35，后面是一个零，对吗？\nC 对\nA 粤A7M350，好的", "粤A7M350"),
        (
            "A 车牌呢\nC 粤A，6，P，5，4，W\nA 粤A6P54W。受理号呢？\nC 4401，2508，1907\nA 1970？\nC 最后是1907",
            "粤A6P54W",
        ),
        ("A 车牌呢\nC 车头是粤AB9162，车尾喷的是粤AE3305\nA 那就记粤AB9162", "粤AB9162"),
    ],
)
def test_a_plate_that_the_agent_takes_down_stands_whatever_is_asked_behind_it(said: str, written: str) -> None:
    assert plate(said) == written
