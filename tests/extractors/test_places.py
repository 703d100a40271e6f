"""District and street, from what was said and from what a recogniser makes of it."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from extractors.conversation.dialogue import Dialogue
from extractors.places.address import AddressExtractor
from extractors.places.address_parts import load_address_rules
from extractors.places.district_street import PlacesExtractor
from extractors.places.gazetteer import Gazetteer, Kind, load_gazetteer
from extractors.slots.extractor import Context
from extractors.text.pinyin import readings
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import understand
from tests.extractors.mishearing import mishear

CATALOG = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(CATALOG)


@pytest.fixture(scope="module")
def extractor(gazetteer: Gazetteer, dialogue: Dialogue) -> PlacesExtractor:
    return PlacesExtractor(gazetteer, dialogue)


def places(extractor: PlacesExtractor, dialogue: Dialogue, text: str) -> tuple[object, object]:
    values = understand(extractor, dialogue, text)
    return tuple(values[slot].value if slot in values else None for slot in ("district", "street"))  # type: ignore[return-value]


def test_district_and_street_as_said(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    said = "C 我住在天河区棠下街道，楼下有人装修"
    assert places(extractor, dialogue, said) == ("天河区", "棠下街道")


def test_district_and_street_as_heard_over_the_telephone(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    heard = """
    A 请问具体在什么位置呢
    C 在白银西金太街道那边
    A 白云去景台接到对吗
    """
    assert places(extractor, dialogue, heard) == ("白云区", "景泰街道")


def test_the_same_words_are_read_by_who_says_them_and_what_was_asked(
    extractor: PlacesExtractor, dialogue: Dialogue, gazetteer: Gazetteer
) -> None:
    text = "石牌，文冲街道发的，南石头街还是沙园街我搞不清"
    asked = [frozenset[str](), frozenset({"street"}), frozenset({"address"}), frozenset({"phone"})]
    readings = []
    for speaker in Speaker:
        for expected in asked:
            turn, context = Turn(0, speaker, text), Context((), expected, datetime(2026, 3, 2, 10, 0))
            readings.append(extractor.read(turn, context))
            assert readings[-1] == PlacesExtractor(gazetteer, dialogue).read(turn, context)
    assert len(set(readings)) > 2


def test_a_street_tells_its_district(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    assert places(extractor, dialogue, "A 是哪个街道\nC 狮岭镇的") == ("花都区", "狮岭镇")


def test_a_road_named_like_a_street_is_not_that_street(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    assert places(extractor, dialogue, "C 天河区石牌西路有人乱停车") == ("天河区", None)
    assert places(extractor, dialogue, "C 就在越秀区梅花路，人民公园对面") == ("越秀区", None)


def test_a_street_without_its_last_word_is_taken_right_after_its_district(
    extractor: PlacesExtractor, dialogue: Dialogue
) -> None:
    assert places(extractor, dialogue, "A 哪个区哪条街道？\nC 荔湾区多宝") == ("荔湾区", "多宝街道")


def test_the_direction_of_a_train_is_no_street(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    assert places(extractor, dialogue, "C 我住南沙区，往黄村方向的车很挤") == ("南沙区", None)


@pytest.mark.parametrize(
    ("said", "district", "street"),
    [
        # another thing is put right, in words that sound like a place
        ("C 南沙区万顷沙镇，虾塘那里\nA 几点停的？\nC 三点，哦不对，是三点四十，凌晨停的", "南沙区", "万顷沙镇"),
        ("C 荔湾区石围塘街道，东漖……不是，是芳华苑，一到五栋", "荔湾区", "石围塘街道"),
        ("C 天河区沙河街道\nA 损失多少？\nC 十五万，不对不对，是进价六万", "天河区", "沙河街道"),
        ("C 花都区梯面镇\nA 电话？\nC 打家里，哦不是，要打我新华街上那个店", "花都区", "梯面镇"),
    ],
)
def test_what_only_sounds_like_a_place_takes_none_back(
    extractor: PlacesExtractor, dialogue: Dialogue, said: str, district: str, street: str
) -> None:
    assert places(extractor, dialogue, said) == (district, street)


@pytest.mark.parametrize(
    "reply", ["是三巷，三巷6号，上次没讲清楚。", "桥中，对，河沙那里。", "3号楼，我住3号楼，困了四十几分钟啊。"]
)
def test_what_the_agent_reads_off_a_record_stands_though_the_caller_corrects_the_house(
    extractor: PlacesExtractor, dialogue: Dialogue, reply: str
) -> None:
    read_off = f"C 我来催单的\nA 查到了，荔湾区桥中街道，河沙中街二巷？\nC {reply}"
    assert places(extractor, dialogue, read_off) == ("荔湾区", "桥中街道")


@pytest.mark.parametrize("reply", ["不是，你看错单了。", "我也不知道是不是。", "我在天河区五山街道。"])
def test_what_the_agent_reads_off_a_record_falls_when_refused_or_another_is_told(
    extractor: PlacesExtractor, dialogue: Dialogue, reply: str
) -> None:
    read_off = f"C 我来催单的\nA 查到了，荔湾区桥中街道，河沙中街二巷？\nC {reply}"
    assert places(extractor, dialogue, read_off)[1] != "桥中街道"


def test_a_correction_in_the_same_breath_replaces(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    said = "C 海珠区昌岗街道，不对，是江海街道"
    assert places(extractor, dialogue, said) == ("海珠区", "江海街道")


def test_a_refused_read_back_does_not_count(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    said = """
    C 我这里是番禺区
    A 番禺区石壁街道，对吗？
    C 不是，是石楼镇
    """
    assert places(extractor, dialogue, said) == ("番禺区", "石楼镇")


def test_the_two_xintangs_are_told_apart_by_their_district(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    assert places(extractor, dialogue, "C 天河区新塘街道") == ("天河区", "新塘街道")
    assert places(extractor, dialogue, "C 增城区新塘镇") == ("增城区", "新塘镇")


@pytest.mark.parametrize(
    "said",
    [
        "C 我想问一下医保怎么报销\nA 您可以在网上办理\nC 那要准备什么材料呢",
        "C 电话13552248035，你记一下\nA 13552248035对吗\nC 对的",
        "C 你们广州12345热线真难打",
    ],
)
def test_nothing_is_filled_where_no_place_is_named(extractor: PlacesExtractor, dialogue: Dialogue, said: str) -> None:
    assert places(extractor, dialogue, said) == (None, None)


def test_the_proof_is_the_words_of_both_parties(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    values = understand(extractor, dialogue, "C 在黄埔区，文冲街道\nA 黄埔区文冲街道，对吗\nC 对")
    street = values["street"]
    assert street.confirmed
    assert [(one.turn, one.text) for one in street.evidence] == [(0, "文冲街道"), (1, "文冲街道")]
    assert street.confidence > 0.9


def test_what_comes_later_only_adds(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    once = understand(extractor, dialogue, "C 在从化区良口镇")["street"].confidence
    twice = understand(extractor, dialogue, "C 在从化区良口镇\nA 从化区良口镇")["street"].confidence
    assert twice >= once


COMMON = [
    bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)
]  # the first level of GB 2312: the 3,755 commonest characters, less the last row


def homophones() -> dict[str, list[str]]:
    """Common characters by toneless syllable."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    for char in COMMON:
        by_sound[readings(char)[0][0]].append(char)
    return by_sound


def misheard(text: str, share: float, rng: random.Random, by_sound: dict[str, list[str]]) -> str:
    """``text`` with a share of its characters written as others of the same or a southern-confused sound."""
    confused = {"zh": "z", "ch": "c", "sh": "s", "z": "zh", "c": "ch", "s": "sh", "n": "l", "l": "n"}
    written = []
    for char in text:
        syllable = readings(char)[0][0] if readings(char) else ""
        if syllable and rng.random() < share:
            initial = syllable[:2] if syllable[:2] in confused else syllable[:1]
            other = confused.get(initial, initial) + syllable[len(initial) :]
            if rng.random() < 0.5 and other in by_sound:
                syllable = other
            written.append(rng.choice(by_sound.get(syllable, [char])))
        else:
            written.append(char)
    return "".join(written)


def test_nearly_all_streets_of_the_city_are_found_when_six_characters_in_ten_are_misheard(
    extractor: PlacesExtractor, dialogue: Dialogue, gazetteer: Gazetteer
) -> None:
    rng, by_sound = random.Random(20), homophones()
    streets = rng.sample([place for place in gazetteer.places if place.kind is Kind.STREET], 60)
    right = wrong = 0
    for street in streets:
        said = misheard(f"在{street.districts[0]}{street.name}那边，天天晚上吵到两三点", 0.6, rng, by_sound)
        back = misheard(f"{street.districts[0]}{street.name}，对吗", 0.3, rng, by_sound)
        _, found = places(extractor, dialogue, f"A 请问在哪里\nC {said}\nA {back}")
        right += found == street.name
        wrong += found not in (None, street.name)
    assert right >= 0.95 * len(streets)
    assert wrong <= 0.03 * len(streets)


def test_a_well_heard_road_of_one_district_stands_in_for_a_district_heard_badly(
    extractor: PlacesExtractor, dialogue: Dialogue
) -> None:
    heard = "A 在什么位置\nC 令素情，东风中路，中山纪念堂旁边\nA 东风中路，对吗"
    assert places(extractor, dialogue, heard)[0] == "越秀区"


def test_the_dev_calls_as_written_give_every_district_and_street(
    extractor: PlacesExtractor, dialogue: Dialogue, dev_calls: Path
) -> None:
    expected, found = [], []
    for file in sorted(dev_calls.glob("*.json")):
        call = json.loads(file.read_text(encoding="utf-8"))
        script = "\n".join(f"{turn['speaker'][0].upper()} {turn['text']}" for turn in call["turns"])
        slots = call["gold"]["slots"]
        expected.append((file.stem, slots.get("district"), slots.get("street")))
        found.append((file.stem, *places(extractor, dialogue, script)))
    assert found == expected


@pytest.mark.parametrize(
    ("said", "district"),
    [
        ("我在天河这边，岑村里面", "天河区"),
        ("我住在海珠，楼下有人装修", "海珠区"),
        ("我是番禺的，想问一下公交", "番禺区"),
        ("就在番禺市桥，靠近菜市场", "番禺区"),
        ("在增城那边的一个工地", "增城区"),
    ],
)
def test_a_district_is_told_without_its_ending_where_it_is_clearly_meant(
    extractor: PlacesExtractor, dialogue: Dialogue, said: str, district: str
) -> None:
    assert places(extractor, dialogue, f"C {said}")[0] == district


@pytest.mark.parametrize(
    "said",
    [
        "我在天河客运站等车",
        "昨天去白云山爬山，路上全是垃圾",
        "在越秀公园门口有人摆摊",
        "番禺广场那里很多人跳舞",
        "黄埔大道西堵得厉害",
        "海珠广场那边的灯坏了",
        "我从化工厂门口经过",
    ],
)
def test_what_is_only_named_after_a_district_does_not_tell_it_by_its_first_word(
    extractor: PlacesExtractor, gazetteer: Gazetteer, dialogue: Dialogue, said: str
) -> None:
    turn = Turn(0, Speaker.CITIZEN, said)
    hits = extractor.read(turn, Context((), frozenset(), datetime(2026, 3, 2, 10, 15))).hits
    assert not [one for one in hits if gazetteer.places[one.place].kind is Kind.DISTRICT]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("C 从化街口的，东边那条巷子", ("从化区", "街口街道")),
        ("C 荔湾，多宝，恩宁路上面", ("荔湾区", "多宝街道")),
        ("C 增城那个，市民中心，三楼", ("增城区", None)),
        ("C 我在花都管理部办的提取", ("花都区", None)),
        ("C 在荔湾区沙面街道社区卫生服务中心打的针", ("荔湾区", "沙面街道")),
    ],
)
def test_names_said_short_are_taken_where_the_words_around_them_leave_nothing_else(
    extractor: PlacesExtractor, dialogue: Dialogue, said: str, named: tuple[str, str | None]
) -> None:
    assert places(extractor, dialogue, said) == named


@pytest.mark.parametrize(
    "said",
    [
        "C 海珠区，收据上写的是江南中店",
        "C 越秀区黄花岗派出所的人",
        "C 越秀区，属于北京街还是光塔街我搞不清",
        "C 越秀区，系唔系六榕街我唔知",
    ],
)
def test_shops_stations_and_guesses_name_no_street(extractor: PlacesExtractor, dialogue: Dialogue, said: str) -> None:
    assert places(extractor, dialogue, said)[1] is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_what_is_no_division_is_passed_over_only_where_it_changes_nothing(
    gazetteer: Gazetteer, extractor: PlacesExtractor, dialogue: Dialogue, share: float
) -> None:
    rules = load_address_rules(CATALOG)
    unlimited = Gazetteer(gazetteer.places, gazetteer.forms, gazetteer.sounds, replace(gazetteer.weights, alike=99.0))
    unlimited.weights = gazetteer.weights  # all is looked at, but what counts as alike stays what it is
    every = PlacesExtractor(unlimited, dialogue)
    address, every_address = (
        AddressExtractor(one, places, rules, dialogue) for one, places in ((gazetteer, extractor), (unlimited, every))
    )
    context = Context((), frozenset({"address"}), datetime.fromisoformat("2026-11-28T10:00:00+08:00"))
    passed_over = 0
    for number, place in enumerate(gazetteer.places[::40]):
        text = mishear(f"我在{place.districts[0]}{place.name}那边，走过去看到路口有人占道", share, number)
        turn = Turn(1, Speaker.CITIZEN, text)
        assert extractor.read(turn, context) == every.read(turn, context)
        assert address.read(turn, context) == every_address.read(turn, context)
        passed_over += len(unlimited.sightings(text)) - len(gazetteer.sightings(text))
    assert passed_over > 1000


@pytest.mark.parametrize("first", ["路灯坏了", "天河区棠下街道的路灯坏了"])
def test_places_that_were_refused_give_way_to_those_named_after(
    extractor: PlacesExtractor, dialogue: Dialogue, first: str
) -> None:
    script = f"C {first}\nA 是天河区棠下街道的路灯坏了吗\nC 不是\nA 那是哪里\nC 白云区的"
    assert places(extractor, dialogue, script) == ("白云区", None)


def test_places_that_the_agent_only_asks_about_count_once_agreed_to(
    extractor: PlacesExtractor, dialogue: Dialogue
) -> None:
    asked = "C 路灯坏了\nA 是天河区棠下街道的路灯坏了吗\nC "
    assert places(extractor, dialogue, asked + "不清楚") == (None, None)
    assert places(extractor, dialogue, asked + "嗯，是的") == ("天河区", "棠下街道")


def test_a_read_back_stands_where_the_caller_refuses_something_else(
    extractor: PlacesExtractor, dialogue: Dialogue
) -> None:
    script = "C 路灯坏了\nA 好的，天河区棠下街道。您是业主吗？\nC 不是"
    assert places(extractor, dialogue, script) == ("天河区", "棠下街道")


@pytest.mark.parametrize(
    "said",
    [
        "A 唯一住房按百分之一征收。\nC 房东要求合同写低一点，网签价两百二十万，实际成交两百六，这样按哪个？\n"
        "A 要按实际成交价申报，写低了属于违法，核查出来要补税。",
        "A 交了多久？\nC 加起来大概三年，中间停过。\nA 新单位给您参保以后就停。",
        "C 那什么时候报名？是去街道报吗？\nA 看公告。",
        "C 公积金中心什么意思，不给我取，退了两次，要讨个说法。\nA 具体要看中心的审核意见，我这边看不到。",
    ],
)
def test_words_that_only_sound_like_a_place_name_none(
    extractor: PlacesExtractor, dialogue: Dialogue, said: str
) -> None:
    assert places(extractor, dialogue, said) == (None, None)


@pytest.mark.parametrize(
    "said",
    [
        "我孩子去学校被同学打了",
        "我每天正常去上班，老板不给我打卡",
        "我和朋友去吃饭，菜里有虫",
        "为这个事我整整去了三趟",
        "我去医院去挂号，没有号了",
    ],
)
def test_words_that_have_no_character_of_a_place_are_none_unasked(
    extractor: PlacesExtractor, dialogue: Dialogue, said: str
) -> None:
    assert places(extractor, dialogue, f"A 请问有什么可以帮您\nC {said}") == (None, None)


def test_the_same_words_are_one_where_it_was_asked_for_or_a_street_of_it_follows(
    extractor: PlacesExtractor, dialogue: Dialogue
) -> None:
    assert places(extractor, dialogue, "A 请问是哪个区\nC 孩子去") == ("海珠区", None)
    assert places(extractor, dialogue, "C 在孩子去南洲街道") == ("海珠区", "南洲街道")


@pytest.mark.parametrize(
    "said",
    ["我从深圳南山区打过来的", "上海黄浦区的公司骗了我", "东莞那边的石碣镇有个厂欠薪", "贵阳市白云区寄来的快递坏了"],
)
def test_a_place_of_another_city_is_none_of_this_one(extractor: PlacesExtractor, dialogue: Dialogue, said: str) -> None:
    assert places(extractor, dialogue, f"C {said}") == (None, None)


def test_another_city_elsewhere_in_the_sentence_changes_nothing(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    assert places(extractor, dialogue, "C 我从深圳搬到白云区景泰街道") == ("白云区", "景泰街道")
    assert places(extractor, dialogue, "C 我是东莞人，在番禺区石碁镇上班") == ("番禺区", "石碁镇")


def test_where_the_caller_lives_is_not_where_it_happened(extractor: PlacesExtractor, dialogue: Dialogue) -> None:
    assert places(extractor, dialogue, "C 事情在白云区，我现在住番禺区大石街道") == ("白云区", None)
    assert places(extractor, dialogue, "C 我现在住番禺区大石街道，楼上漏水") == ("番禺区", "大石街道")
