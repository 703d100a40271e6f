"""Syllables, their confusions, and the search for many names at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from extractors.text.pinyin import parse, parts, read_name
from extractors.text.sound import NameIndex, Sounds, Syllables, load_sounds

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
SOUNDS = load_sounds(CATALOG)
PINYIN = "ba zhang zang ning lin li ni hu fu wang huang er a yi wu yu jing jin nv lv zhi zi shang lang xue"
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=30)


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return SOUNDS


def test_a_place_name_is_read_as_a_phrase() -> None:
    assert [base for base, _ in read_name("番禺区")] == ["pan", "yu", "qu"]


@pytest.mark.parametrize("names", [list(PHRASES_DICT)[::50], [chr(code) for code in range(0x4E00, 0x9FA6, 10)]])
def test_names_are_read_as_the_library_reads_them(names: list[str]) -> None:
    for name in names:
        if all("\u4e00" <= char <= "\u9fa5" for char in name):
            theirs = lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
            assert read_name(name) == tuple(map(parse, theirs))


def test_the_vowels_of_zhi_and_ji_are_different_sounds() -> None:
    assert parts("zhi") == ("zh", "-i")
    assert parts("ji") == ("j", "i")
    assert parts("yue") == ("", "ve")


@pytest.mark.parametrize(
    ("one", "other"), [("zhu", "zu"), ("nan", "lan"), ("hua", "fa"), ("xing", "xin"), ("shan", "san")]
)
def test_what_southern_speakers_confuse_is_nearer_than_what_nobody_confuses(
    sounds: Sounds, one: str, other: str
) -> None:
    assert 0 < sounds.distance(one, other) < 0.7 < sounds.distance(one, "gong")


def test_a_syllable_is_as_far_from_many_as_from_each(sounds: Sounds) -> None:
    known = PINYIN.split()
    for one in known:
        assert list(sounds.distances(one, Syllables(known))) == pytest.approx([sounds.distance(one, x) for x in known])


def test_letters_and_digits_are_spoken(sounds: Sounds) -> None:
    assert [unit.readings[0][0] for unit in sounds.hear("D口3路")] == ["di", "kou", "san", "lu"]


def test_no_name_is_heard_in_a_long_number(sounds: Sounds) -> None:
    index = NameIndex(sounds, ["五山街道"], [3.0])
    assert index.fits(sounds.hear("电话13552248035在说")) == []


def test_a_name_is_found_where_it_sounds_and_what_it_costs_is_small(sounds: Sounds) -> None:
    index = NameIndex(sounds, ["海珠区", "白云区", "石牌西路"], [2.0, 2.0, 2.0])
    text = "就是还出去那边"
    (fit,) = index.fits(sounds.hear(text))
    assert (fit.name, text[fit.start : fit.end]) == (0, "还出去")
    assert fit.cost < 0.6


def test_a_syllable_too_many_or_too_few_does_not_lose_a_name(sounds: Sounds) -> None:
    index = NameIndex(sounds, ["中山大道西"], [2.0])
    for text in ("在中山大道那西", "在中大道西"):
        assert [fit.name for fit in index.fits(sounds.hear(text))] == [0]


@given(
    before=CHINESE,
    heard=st.sampled_from(["还出去", "摆云", "石牌四路", "重罗谈镇", "中山道西", "五三", "钟落", "海猪在区"]),
    after=CHINESE,
)
def test_names_that_are_passed_over_cost_more_than_their_limit(before: str, heard: str, after: str) -> None:
    names = ["海珠区", "白云区", "石牌西路", "钟落潭镇", "中山大道西", "五山"]
    units = SOUNDS.hear(before + heard + after)
    every = {fit.name: fit for fit in NameIndex(SOUNDS, names, [99.0] * len(names)).fits(units)}
    assert len(every) == len(names)
    for limit in (0.3, 0.9, 1.5):
        within = {name: fit for name, fit in every.items() if fit.cost <= limit}
        assert {fit.name: fit for fit in NameIndex(SOUNDS, names, [limit] * len(names)).fits(units)} == within


def cheapest(name: str, text: str) -> float:
    """What the cheapest alignment of ``name`` in ``text`` costs, syllable by syllable (Sellers, 1980)."""
    units, row = SOUNDS.hear(text), [0.0] * (len(SOUNDS.hear(text)) + 1)
    for options in SOUNDS.name(name):
        above, row = row, [row[0] + SOUNDS.gap_name]
        for at, unit in enumerate(units, 1):
            heard = min(
                (
                    SOUNDS.distance(one, said) + SOUNDS.tone * (tone != own) + SOUNDS.second_reading * (rank > 0)
                    for rank, (one, tone) in enumerate(unit.readings)
                    for said, own in options
                ),
                default=8.0,
            )
            left_out = SOUNDS.gap_heard if unit.readings else 8.0
            row.append(min(above[at] + SOUNDS.gap_name, above[at - 1] + heard, row[-1] + left_out))
    return min(row)


NAMES = [
    "海珠区",
    "白云区",
    "石牌西路",
    "钟落潭镇",
    "中山大道西",
    "五山",
    "广州火车站",
    "北京路步行街",
    "东",
    "大学城南站",
]


@example(before="", heard="13800", limit=1.5)
@given(
    before=CHINESE,
    heard=st.lists(st.sampled_from([*"，。海珠还出去西石排落的那个呃五山站A3", "13800", *NAMES]), max_size=12).map(
        "".join
    ),
    limit=st.sampled_from([0.4, 0.75, 1.5, 3.1, 99.0]),
)
def test_each_name_costs_what_its_cheapest_alignment_does(before: str, heard: str, limit: float) -> None:
    index, text = NameIndex(SOUNDS, NAMES, [limit] * len(NAMES)), before + heard
    due = {number: cost for number, name in enumerate(NAMES) if (cost := cheapest(name, text)) <= limit + 1e-6}
    units = SOUNDS.hear(text)
    found = {fit.name: fit.cost for fit in index.fits(units)}
    assert found == pytest.approx(due if units else {}, abs=0.005)
    everywhere: dict[int, float] = {}
    for fit in index.everywhere(units):
        everywhere[fit.name] = min(fit.cost, everywhere.get(fit.name, fit.cost))
    assert everywhere == pytest.approx(found)


def test_names_are_found_in_texts_longer_than_are_looked_at_at_once() -> None:
    text = "我在" * 800 + "，13552248035，" * 80 + "钟落潭镇"
    (fit,) = NameIndex(SOUNDS, NAMES, [0.1] * len(NAMES)).fits(SOUNDS.hear(text))
    assert (NAMES[fit.name], text[fit.start : fit.end]) == ("钟落潭镇", "钟落潭镇")


def test_a_name_that_nobody_can_pronounce_hides_no_other(sounds: Sounds) -> None:
    index = NameIndex(sounds, ["棠下街道", "★", ""], [1.0, 1.0, 1.0])
    assert [fit.name for fit in index.fits(sounds.hear("在棠下街道那边"))] == [0]
    assert [fit.name for fit in index.everywhere(sounds.hear("在棠下街道那边"))] == [0]


def test_a_turn_without_sound_has_no_names(sounds: Sounds) -> None:
    assert NameIndex(sounds, ["海珠区"], [2.0]).fits(sounds.hear("，。？")) == []
    assert NameIndex(sounds, [], []).fits(sounds.hear("海珠区")) == []


@given(before=CHINESE, after=CHINESE)
def test_a_name_that_is_there_is_found_at_no_cost_whatever_stands_around_it(before: str, after: str) -> None:
    (fit,) = NameIndex(SOUNDS, ["钟落潭镇"], [1.0]).fits(SOUNDS.hear(before + "钟落潭镇" + after))
    assert fit.cost == 0.0


@given(
    one=st.sampled_from(["ba", "pa", "zhu", "zu", "shan", "san", "xing", "xin", "nan", "hua", "fa", "qi"]), text=CHINESE
)
def test_distances_are_symmetric_and_bounded(one: str, text: str) -> None:
    for unit in SOUNDS.hear(text):
        for other, _ in unit.readings:
            assert SOUNDS.distance(one, other) == SOUNDS.distance(other, one)
            assert 0.0 <= SOUNDS.distance(one, other) <= SOUNDS.syllable_max
