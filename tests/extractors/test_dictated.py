"""Numbers dictated in groups, with letters and dashes."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.numbers.dictated import Dictation, within
from extractors.text.cues import load_rules

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DICTATION = Dictation(load_rules(CATALOG, "numbers")["dictation"])


def codes(text: str) -> list[str]:
    return [one.code for one in DICTATION.read(text) if not one.broken]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("KD，5，0，8，然后6612，9", "KD50866129"),
        ("ZH，横杠，250611，横杠，08", "ZH-250611-08"),
        ("7712，3304，前面还有个HT", "HT77123304"),
        ("HT-2025-118，前面有字母GD", "GD-HT-2025-118"),
        ("RW881，空一格，2046", "RW8812046"),
        ("三七零二，五五", "370255"),
        ("ＡＢ２０２５０１", "AB202501"),
    ],
)
def test_groups_letters_and_dashes_make_one_number(said: str, written: str) -> None:
    assert codes(said) == [written]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("KD50，KD5086，后面是6129", "KD50866129"),
        ("8840，1，8840 17，然后65", "88401765"),
        ("5503，2217，连起来55032217", "55032217"),
        ("XB2044，停一下，纸皱了，XB2044，后面618", "XB2044618"),
        ("44100927，对，0927", "44100927"),
    ],
)
def test_what_is_begun_again_or_repeated_counts_once(said: str, written: str) -> None:
    assert codes(said)[-1] == written


@pytest.mark.parametrize("said", ["编号是KD什么0451", "KD5086，后面看不清", "上面写HT2025，后面糊了"])
def test_a_number_of_which_a_part_is_unknown_is_broken(said: str) -> None:
    assert codes(said) == []


def test_numbers_in_different_sentences_stay_apart() -> None:
    assert codes("单号KD508661。门牌77号，KD330145") == ["KD508661", "KD330145"]


def test_sums_told_one_after_the_other_are_no_number() -> None:
    assert codes("体检收了200，还有一个服装押金800") == ["200", "800"]


def test_how_much_of_a_number_was_said_is_told() -> None:
    assert within("508612", "5 0 8 6 1 2".replace(" ", "")) == 1.0
    assert within("508612", "9999") == 0.0
    assert within("508612", "50812") == pytest.approx(5 / 6)


def test_letters_said_again_begin_the_number_anew() -> None:
    assert codes("单号JC7730，呃，JC77360924") == ["JC77360924"]
