"""Characters told by their parts, as a recogniser hears it."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.names.described import Descriptions
from extractors.names.rules import NameRules
from extractors.text.cues import load_rules
from extractors.text.sound import load_sounds

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
SOUNDS = load_sounds(CATALOG)
RULES = NameRules(load_rules(CATALOG, "names"), SOUNDS.distance)
DESCRIPTIONS = Descriptions(RULES.radicals, RULES.built, RULES.components, SOUNDS)


def best(text: str) -> str:
    """The character that the only description in ``text`` fits best."""
    [told] = DESCRIPTIONS.spans(text)
    return max(told.chars, key=lambda char: told.chars[char])


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("耳朵旁一个元旦的元", "阮"),
        ("乌鸦的乌加个耳朵旁", "邬"),
        ("单人旁一个冬天的冬", "佟"),
        ("草字头下面一个如果的如", "茹"),
        ("日字头下面一个安全的安", "晏"),
        ("是字旁的宣", "禤"),  # 示字旁
        ("两点水的先", "冼"),
        ("皮革的革加个斤", "靳"),
        ("上面一个山下面一个今", "岑"),
        ("三个耳的验", "聂"),
        ("火字旁一个丙", "炳"),
    ],
)
def test_parts_and_what_stands_beside_them_tell_a_character(heard: str, meant: str) -> None:
    assert best(heard) == meant


@pytest.mark.parametrize(("heard", "meant"), [("山今岑", "岑"), ("木子李", "李"), ("延续早那个谈", "谭")])
def test_parts_in_one_breath_with_the_character_tell_it(heard: str, meant: str) -> None:
    assert best(heard) == meant


def test_a_part_alone_fits_all_characters_that_have_it() -> None:
    [told] = DESCRIPTIONS.spans("三点水那个")
    assert {"汪", "江", "沈", "潘", "湛"} <= told.chars.keys()


def test_the_character_said_behind_a_part_tells_which_of_them() -> None:
    assert best("三点水的湛") == "湛"
    assert best("三点水的王") == "汪"


@pytest.mark.parametrize("text", ["与包子的包", "我在天河区上班", "请问您贵姓", "今天上午十点多", "电话一三八"])
def test_what_only_sounds_like_parts_describes_nothing(text: str) -> None:
    assert DESCRIPTIONS.spans(text) == ()


def test_two_descriptions_are_told_apart() -> None:
    first, second = DESCRIPTIONS.spans("单人旁一个冬，女字旁一个亭的婷")
    assert max(first.chars, key=lambda char: first.chars[char]) == "佟"
    assert max(second.chars, key=lambda char: second.chars[char]) == "婷"
