"""Addresses assembled over the turns of a call."""

from __future__ import annotations

import pytest

from extractors.conversation.dialogue import Dialogue
from extractors.places.address import AddressExtractor
from extractors.slots.extractor import Context
from extractors.turn import Speaker, Turn
from tests.extractors.composed import composed, value
from tests.extractors.dialogues import STARTED, understand


@pytest.fixture(scope="module")
def extractor() -> AddressExtractor:
    return composed(AddressExtractor)


def address(text: str) -> object:
    return value("address", text)


def test_district_street_road_and_number() -> None:
    said = "A 请问具体地址在哪里\nC 天河区棠下街道，那个，中山大道西，238号"
    assert address(said) == "天河区棠下街道中山大道西238号"


def test_the_read_back_gives_the_wording_and_the_caller_the_district() -> None:
    said = """
    A 请问在什么位置
    C 越秀区，农林街道，呃，农林下路，就是那个37号，楼下
    A 农林下路37号楼下，对吗？
    C 对
    """
    assert address(said) == "越秀区农林街道农林下路37号楼下"


@pytest.mark.parametrize("toward", ["往体育中心方向", "往体育中心那个方向", "体育中心方向那边", "往石牌桥方向"])
def test_a_station_only_gone_toward_is_no_part_of_it(toward: str) -> None:
    assert address(f"A 在哪里上车？\nC 天河区，就在岗顶站，{toward}。") == "天河区岗顶站"


@pytest.mark.parametrize(
    ("beside", "position"), [("靠近麒龙西路那边", "靠近麒龙西路"), ("就在麒龙西路旁边", "麒龙西路旁边")]
)
def test_a_road_that_the_door_is_beside_does_not_replace_its_own(beside: str, position: str) -> None:
    assert address(f"A 在哪里？\nC 南沙区黄阁镇黄阁北路，23号，{beside}。") == f"南沙区黄阁镇黄阁北路23号{position}"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("恩宁路，吉祥街46号", "恩宁路吉祥街46号"),
        ("恩宁路后面，多宝路46号", "恩宁路后面多宝路46号"),
        ("恩宁路，多宝路46号", "多宝路46号"),
        ("恩宁路，就是恩宁路46号", "恩宁路46号"),
    ],
)
def test_a_number_stays_with_its_own_road(said: str, written: str) -> None:
    assert address(f"A 在哪里？\nC 荔湾区{said}。") == f"荔湾区{written}"


@pytest.mark.parametrize("road", ["庆丰一路7号", "粤溪花园4栋"])
@pytest.mark.parametrize("question", ["具体呢？", "那您说一下位置", "哪个社区？"])
def test_a_typed_name_is_not_taken_for_one_that_only_sounds_like_it(road: str, question: str) -> None:
    assert address(f"C 白云区石井街道\nA {question}\nC {road}，旁边。") == f"白云区石井街道{road}旁边"


def test_a_corrected_number_replaces_the_first() -> None:
    said = "A 在哪里\nC 海珠区江南西路，68号，哦不对，是86号"
    assert address(said) == "海珠区江南西路86号"


def test_a_corrected_road_replaces_the_first() -> None:
    said = "A 在哪里\nC 白云区机场路，不是，是白云大道北，12号"
    assert address(said) == "白云区白云大道北12号"


def test_what_is_taken_back_before_the_division_is_told_is_no_part_of_it() -> None:
    moved = "光塔街，不是，现在搬了，搬到我女儿这边，越秀区，呃，六榕街道，六榕路12号。"
    assert address(f"A 请问地址在哪里？\nC {moved}") == "越秀区六榕街道六榕路12号"


def test_a_road_stays_where_only_its_district_is_put_right() -> None:
    assert address("A 请问地址在哪里？\nC 越秀区体育东路，不对，是天河区。") == "天河区体育东路"
    assert address("A 请问地址在哪里？\nC 六榕路，不对，六榕街道。") == "越秀区六榕街道六榕路"


def test_the_building_answered_later_is_added() -> None:
    said = """
    A 请问您住在哪个小区
    C 番禺区东环街道，富康花园
    A 番禺区东环街道富康花园，对吧？是哪一栋？
    C 12栋
    """
    assert address(said) == "番禺区东环街道富康花园12栋"


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("天河区珠江新城的那家美容院", "天河区珠江新城"),
        ("天河区珠江新城站里面", "天河区珠江新城站"),
        ("天河区地铁珠江新城D口", "天河区珠江新城站"),
    ],
)
def test_a_quarter_of_the_name_of_a_station_is_one_only_where_a_station_is_spoken_of(said: str, whole: str) -> None:
    told = str(address(f"A 具体在哪里\nC {said}"))
    assert told.startswith(whole)
    assert ("站" in told) is ("站" in whole)


def test_a_position_seen_from_a_place_belongs_to_it() -> None:
    said = "A 具体在什么位置\nC 荔湾区，陈家祠地铁站旁边的人行天桥下面"
    assert address(said) == "荔湾区陈家祠地铁站旁边的人行天桥下面"


def test_a_misheard_known_road_is_repaired() -> None:
    heard = "A 在哪条路\nC 在天和区体鱼东录，55号"
    assert address(heard) == "天河区体育东路55号"


def test_digits_read_one_by_one_are_written_as_figures() -> None:
    said = "A 地址呢\nC 天河区林和街道，天河北路，七零八号"
    assert address(said) == "天河区林和街道天河北路708号"


@pytest.mark.parametrize(
    "said",
    [
        "C 我住在白云区",
        "C 在花都区新华街道",
        "A 户口是哪个区\nC 荔湾区逢源街道的",
        "C 我想问一下医保怎么报销\nA 您可以到医院办理",
        "C 我这个月3号交的钱，电话13722085519",
    ],
)
def test_without_more_than_district_and_street_there_is_no_address(said: str) -> None:
    assert address(said) is None


def test_what_both_parties_said_is_more_certain(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    once = understand(extractor, dialogue, "A 在哪里\nC 黄埔区科学大道，99号")["address"]
    twice = understand(extractor, dialogue, "A 在哪里\nC 黄埔区科学大道，99号\nA 黄埔区科学大道99号，对吗\nC 对")[
        "address"
    ]
    assert once.confidence < twice.confidence
    assert twice.confirmed and not once.confirmed


def test_the_letter_of_a_metro_exit_is_written_as_one() -> None:
    said = "A 具体在哪里\nC 天河区，岗顶地铁站弟口旁边"
    assert address(said) == "天河区岗顶地铁站D口旁边"


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
def test_a_building_its_entrance_and_its_room_are_parts_of_one_address(said: str, written: str) -> None:
    assert address(f"A 请问具体地址在哪里\nC {said}") == written


def test_a_road_may_be_named_after_a_kind_of_place_alone() -> None:
    assert address("A 请问具体地址在哪里\nC 花都区，中心路16号") == "花都区中心路16号"
    assert address("A 请问具体地址在哪里\nC 花都区码头路8号") == "花都区码头路8号"


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


@pytest.mark.parametrize(
    ("script", "written"),
    [
        (
            "A 请问具体地址在哪里\nC 白云区，石槎路，3栋1106\nA 白云区石槎路惠和新居3栋1106，对吗\nC 对",
            "白云区石槎路惠和新居3栋1106",
        ),
        ("A 在哪里\nC 南沙区大岗镇，兴业路，老粮所宿舍，3梯，101", "南沙区大岗镇兴业路老粮所宿舍3梯101"),
        ("A 在哪里\nC 番禺区石楼镇，海鸥路\nA 石楼镇海鸥路莲港制冰厂，对吗\nC 对", "番禺区石楼镇海鸥路莲港制冰厂"),
        ("A 在哪里\nC 番禺区大学城，广工那个站", "番禺区大学城广工站"),
    ],
)
def test_a_name_without_a_telling_ending_is_told_by_where_it_stands(script: str, written: str) -> None:
    assert address(script) == written


@pytest.mark.parametrize(
    "read_back",
    [
        "海珠区宝岗大道27号漏水，对吗",
        "海珠区宝岗大道27号没人管，是吗",
        "海珠区宝岗大道27号的迅达手机维修，对吗",
        "海珠区宝岗大道27号，迅达手机，对吗",
        "海珠区宝岗大道27号渔港海鲜酒楼，对吗",
        "海珠区宝岗大道27号是昨天几点",
        "海珠区宝岗大道27号。您问过社区医院吗",
    ],
)
def test_what_happens_at_an_address_and_what_is_asked_behind_it_is_no_part_of_it(read_back: str) -> None:
    said = f"A 请问在哪里\nC 海珠区，宝岗大道27号\nA {read_back}\nC 对"
    assert address(said) == "海珠区宝岗大道27号"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("荔湾区，龙津东路，宝盛巷9号", "荔湾区龙津东路宝盛巷9号"),
        ("黄埔区，香雪大道西，晴川府，2栋", "黄埔区香雪大道西晴川府2栋"),
        ("白云区白云大道西门口", "白云区白云大道西门口"),
        ("番禺区，市莲路5、6号铺", "番禺区市莲路5、6号铺"),
        ("从化区，355省道边上", "从化区355省道边上"),
        ("黄埔区，育新小学，在石化路那边", "黄埔区石化路育新小学"),
        ("花都区新华街道，花都区政务服务中心二楼", "花都区新华街道花都区政务服务中心二楼"),
        ("越秀区北京街道，中山五路12号，我看他执照上写北京街", "越秀区北京街道中山五路12号"),
    ],
)
def test_roads_lanes_and_offices_are_written_as_on_a_sign(said: str, written: str) -> None:
    assert address(f"A 请问具体地址在哪里\nC {said}") == written


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ("A 在哪里\nC 越秀区、农林街道、农林下路、37号", "越秀区农林街道农林下路37号"),
        ("A 在哪里\nC 越秀区。农林下路。37号。三楼", "越秀区农林下路37号三楼"),
        ("A 在哪里\nC 越秀区农林下路37号。\nC 403\nA 好的", "越秀区农林下路37号403"),
        ("A 在哪里\nC 从化区旺城大道\nA 从化区旺城大道。\nA 新医院门口。\nC 对", "从化区旺城大道新医院门口"),
    ],
)
def test_an_address_goes_on_over_the_pauses_and_turns_that_a_recogniser_makes(
    extractor: AddressExtractor, dialogue: Dialogue, script: str, written: str
) -> None:
    values = understand(extractor, dialogue, script, heard=True)
    assert values["address"].value == written


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    "said",
    ["电工证，十一月十六号，报名费白交", "五年的合同八月三十一号到期", "上个月底订的，今天上午打电话去退"],
)
def test_words_that_hardly_sound_like_a_place_name_none(
    extractor: AddressExtractor, dialogue: Dialogue, said: str, *, heard: bool
) -> None:
    said = f"A 在哪里\nC 海珠区宝岗大道27号\nA 好的，什么考试\nC {said}"
    assert understand(extractor, dialogue, said, heard=heard)["address"].value == "海珠区宝岗大道27号"


@pytest.mark.parametrize(
    "said",
    ["在21号，短信说审核通过，银行叫我问中心", "从化18路，等了半个钟", "转市场监管部门调解"],
)
def test_a_day_a_line_and_an_office_are_no_address(said: str) -> None:
    assert address(f"C {said}") is None


@pytest.mark.parametrize("said", ["我去妹妹家，她住黄村", "要搭到黄村的", "407，407路", "我的电话1371，946，2083"])
def test_where_others_live_and_where_one_goes_is_no_part_of_it(said: str) -> None:
    said = f"A 在哪里\nC 天河区员村二横路12号。{said}"
    assert address(said) == "天河区员村二横路12号"


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ("C 天河区的图书馆里有人卖保险", "天河区图书馆"),
        ("A 在哪个位置\nC 番禺大石，朝阳东路12号", "番禺区大石街道朝阳东路12号"),
        ("A 在哪里\nC 番禺小谷围，大学城", "番禺区小谷围街道大学城"),
        ("A 在哪里\nC 黄埔区大沙东路12号\nA 有居住证吗\nC 有，文冲街道发的", "黄埔区大沙东路12号"),
        ("A 您住哪里\nC 这个月住白鹤洞街道，你就别写地址了", None),
    ],
)
def test_a_street_is_named_where_it_happens(script: str, written: str | None) -> None:
    assert address(script) == written


def test_a_typed_name_stays_though_another_sounds_like_it() -> None:
    said = "A 是哪一所学校\nC 南沙区东涌镇，吉祥路，新渠小学"
    assert address(said) == "南沙区东涌镇吉祥路新渠小学"


def test_a_read_back_without_an_answer_before_it_that_was_heard_is_taken(
    extractor: AddressExtractor, dialogue: Dialogue
) -> None:
    heard = "A 请问是哪家医院\nC 从化区的一分医院，河东北路急诊\nA 街口街道河滨北路荔丰医院。您几点到的\nC 九点"
    assert understand(extractor, dialogue, heard, heard=True)["address"].value == "从化区街口街道河滨北路荔丰医院"


def test_what_is_no_part_of_the_address_is_named_all_the_same(extractor: AddressExtractor, dialogue: Dialogue) -> None:
    """What must not leave with a transcript is more than what a ticket needs (`extractors.safety.privacy`)."""
    context = Context((), frozenset(), STARTED)
    citizen, agent = Speaker.CITIZEN, Speaker.AGENT
    for speaker, text in (
        (citizen, "我要去祥景花园3栋"),
        (citizen, "祥景花园3栋，你就别写地址了"),
        (agent, "好的。您住祥景花园3栋吧"),
    ):
        reading = extractor.read(Turn(0, speaker, text), context)
        assert [part.text for part in reading.named] == ["祥景花园", "3栋"]


def test_the_road_is_the_agents_and_what_the_read_back_left_out_the_callers(
    extractor: AddressExtractor, dialogue: Dialogue
) -> None:
    heard = (
        "A 请问地址是\nC 南沙、大岗镇、金业路、老粮所宿舍、三层101。\nA 南沙区大岗镇兴业路老粮所诉13T101。什么时候到期"
    )
    assert understand(extractor, dialogue, heard, heard=True)["address"].value == "南沙区大岗镇兴业路老粮所宿舍三层101"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("我要投诉一家早教中心，在天河区体育西路103号", "天河区体育西路103号"),
        ("在天河区体育西路103号，一间健身中心", "天河区体育西路103号"),
        ("天河区珠江新城，我充了卡，现在老板跑路了", "天河区珠江新城"),
        ("在天河区体育西路103号维多利广场A塔22楼2203", "天河区体育西路103号维多利广场A塔22楼2203"),
        ("在天河区体育西路103号维多利广场A塔2203", "天河区体育西路103号维多利广场A塔2203"),
        ("天河区珠江新城西塔38楼", "天河区珠江新城西塔38楼"),
    ],
)
def test_words_are_no_place_and_a_tower_is_a_building(said: str, written: str) -> None:
    assert address(f"A 请问在哪里\nC {said}") == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("事情发生在天河区体育西路，我人住在越秀区北京路168号", "天河区体育西路"),
        ("天河区的，我现在住天河区棠下街道棠德南路12号", "天河区棠下街道棠德南路12号"),
        ("我现在住番禺区大石街道朝阳东路5号，楼上漏水", "番禺区大石街道朝阳东路5号"),
    ],
)
def test_where_the_caller_lives_is_none_beside_where_it_happened_in_another_district(said: str, written: str) -> None:
    assert address(f"C {said}") == written
