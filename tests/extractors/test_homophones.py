"""Characters that were heard for others of a like sound: what is put right, and what is left as it was heard."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractors.catalogue.yaml_files import CatalogueError
from extractors.repair.hearing import Hearing, load_hearing
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding
from models.trigrams import load_trigrams
from tests.reference import CATALOG, reference

DEV_CALLS = Path(__file__).parents[3] / "shared/calls/dev"
GREETING = "您好，广州12345政务服务热线，请问有什么可以帮您？"


@cache
def hearing() -> Hearing:
    return load_hearing(reference(), load_trigrams())


def said(text: str, *earlier: str) -> str:
    result, done = "", 0
    for one in hearing().repairs(text, earlier):
        assert done <= one.start < one.end <= len(text)
        assert text[one.start : one.end] != one.text
        result, done = result + text[done : one.start] + one.text, one.end
    return result + text[done:]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("我们小区门口有个紧盖坏了，车压过去框当响", "我们小区门口有个井盖坏了，车压过去哐当响"),
        ("我想问一下工租房轮后到哪里了", "我想问一下公租房轮候到哪里了"),
        ("他拖欠我三个月公资不发", "他拖欠我三个月工资不发"),
        ("他们把垃圾堆在楼道里，没人青理", "他们把垃圾堆在楼道里，没人清理"),
        ("施工造音太大，半夜还在施工", "施工噪音太大，半夜还在施工"),
        ("我要投书一个餐厅，吃坏度子了", "我要投诉一个餐厅，吃坏肚子了"),
        ("水官爆了，整条路都淹了", "水管爆了，整条路都淹了"),
        ("在皇普七长周接到，路灯坏了没人休", "在黄埔区长洲街道，路灯坏了没人修"),
    ],
)
def test_words_are_put_right_by_their_sound_and_by_what_callers_say(heard: str, meant: str) -> None:
    assert said(heard, GREETING) == meant


@pytest.mark.parametrize(
    "text",
    [
        "物业一直不处理，电梯都坏了三天了",
        "小区停水停了一整天",
        "在天河区棠下街道，靠近车陂南地铁站",
        "我姓谌，电话13812345678",
        "晏女士，麻烦您稍等",
    ],
)
def test_true_text_is_left_alone(text: str) -> None:
    assert said(text, GREETING) == text


@pytest.mark.parametrize(
    "text", ["这款显卡的渲染性能比上一代提升了百分之四十", "印度洋海啸遇难者的遗体仍在打捞", "科学家观测到一颗新星"]
)
def test_text_unlike_a_hotlines_calls_is_left_as_it_was_heard(text: str) -> None:
    assert said(text) == text
    assert said(text, "这项研究发表在昨天的期刊上", "样本取自南极洲的冰盖") == text


def test_what_another_reading_has_is_heard_sooner() -> None:
    assert said("他们晚上在那里打仗", GREETING) == "他们晚上在那里打仗"
    [one] = hearing().repairs("他们晚上在那里打仗", (GREETING,), ("他们晚上在那里打桩", "他们晚上在这里打仗"))
    assert one.text == "桩"


def test_little_of_the_true_text_of_calls_is_changed() -> None:
    if not DEV_CALLS.is_dir():
        pytest.skip("needs the development calls")
    changed = length = 0
    for path in sorted(DEV_CALLS.glob("*.json"))[::4]:
        earlier: list[str] = []
        for turn in json.loads(path.read_text(encoding="utf-8"))["turns"]:
            changed += sum(one.end - one.start for one in hearing().repairs(turn["text"], earlier))
            length += len(turn["text"])
            earlier.append(turn["text"])
    assert changed < 0.02 * length


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="一三十百酒就武林霸零姓谌晏女士紧盖坏了，战道烧考13 a。", max_size=24))
def test_numbers_surnames_and_what_is_no_character_stay(text: str) -> None:
    result = said(text, GREETING)
    assume(len(result) == len(text))  # no place was named
    for place, (heard, meant) in enumerate(zip(text, result, strict=True)):
        kept = (
            heard in "一三十百零，13 a。" or text[place - 1 : place + 1] == "姓谌" or text[place:].startswith("晏女士")
        )
        assert heard == meant or not (kept or meant in "一二三四五六七八九十百千万零两半")
    assert said(text, GREETING) == result


def test_names_and_numbers_are_read_off_what_was_heard_and_quoted_as_shown() -> None:
    heard = Turn(0, Speaker.CITIZEN, "我姓卓，手机是13812345678。", times=((0.0, 0.1),) * 19)
    shown = replace(heard, text="我姓左，手机是13812345678。", heard=heard.text)
    slots = Understanding(reference(), datetime.fromisoformat("2025-06-03T10:00:00+08:00")).ticket([shown]).slots
    assert str(slots["caller_name"].value).startswith("卓")
    assert "".join(one.text for one in slots["caller_name"].evidence).startswith(("左", "姓左"))
    assert slots["phone"].value == "13812345678"


def test_a_turn_knows_what_was_heard_before_characters_were_put_right() -> None:
    assert Turn(0, Speaker.CITIZEN, "有个井盖坏了", heard="有个紧盖坏了").as_heard.text == "有个紧盖坏了"
    assert Turn(0, Speaker.CITIZEN, "有个井盖坏了").as_heard.text == "有个井盖坏了"


def test_malformed_rules_are_told_with_their_file(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(CATALOG, tmp_path / "catalog"))
    rules = copy / "rules" / "homophones.yaml"
    rules.write_text(rules.read_text("utf-8").replace("beam:", "beams:"), "utf-8")
    with pytest.raises(CatalogueError, match=r"rules/homophones\.yaml: a rule is missing or malformed.*beam"):
        load_hearing(replace(reference(), directory=copy), load_trigrams())


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉海珠区南洲街道后滘西大街16号楼下烧烤档油烟扰民",
        "海珠区南洲街道池滘西大街10号有人乱停车",
        "在番禺区大石街道冼村那边，路灯坏了",
    ],
)
def test_places_that_no_word_is_like_stay_as_they_were_heard(text: str) -> None:
    assert said(text, GREETING) == text
