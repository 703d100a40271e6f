"""Digits read out, whatever characters they were written in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.numbers.digits import DigitReader, mismatch, settle
from extractors.text.sound import load_sounds

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
READER = DigitReader(load_sounds(CATALOG))
ANY = "0123456789"
SPOKEN = {
    "0": "零林",
    "1": "幺要腰",
    "2": "二儿",
    "3": "三伞山",
    "4": "四死",
    "5": "五武",
    "6": "六流",
    "7": "七其",
    "8": "八吧",
    "9": "九酒",
}


def read(text: str) -> list[str]:
    return [run.digits for run in READER.runs(text)]


@pytest.mark.parametrize(
    ("heard", "digits"),
    [
        ("幺三八，零零二五，七七九幺", "13800257791"),
        ("要伞八林林儿武起七酒腰", "13800257791"[:2] + "80025" + "7791"),
        ("136-024-7815", "1360247815"),
        ("有3有43776208", "13143776208"),
    ],
)
def test_a_number_is_read_by_its_sound(heard: str, digits: str) -> None:
    assert read(heard) == [digits]


def test_words_that_sound_like_digits_are_left_alone_among_words() -> None:
    assert read("我要投诉，就是这个事，你要帮我处理") == []
    assert read("小区的电梯已经坏了好几天，物业说在等零件") == []


@given(st.text("幺三八零五七要就是电话，。0123", max_size=40), st.permutations([2, 3, 4, 8]))
def test_how_many_digits_are_asked_for_only_leaves_out_shorter_numbers(text: str, asked: list[int]) -> None:
    every = DigitReader(load_sounds(CATALOG)).runs(text, 1)
    for least in asked:
        assert READER.runs(text, least) == tuple(run for run in every if len(run.heard) >= least)


def test_a_sentence_ends_a_number() -> None:
    assert read("单号，445566。电话，778899") == ["445566", "778899"]


def test_two_hearings_give_each_other_the_digit_they_lack() -> None:
    first = [one.costs for one in READER.runs("1395567821")[0].heard]  # the true number is 13985567821
    second = [one.costs for one in READER.runs("1398556721")[0].heard]
    settled = settle([first, second], ["1", "3456789", *[ANY] * 9])
    assert settled is not None
    assert settled.digits == "13985567821"


def test_what_is_missing_everywhere_stays_doubtful() -> None:
    heard = [one.costs for one in READER.runs("1398556782")[0].heard]
    settled = settle([heard], ["1", "3456789", *[ANY] * 9])
    assert settled is not None
    assert settled.confidence < 0.2


@given(number=st.text(ANY, min_size=5, max_size=18), seed=st.randoms(use_true_random=False))
def test_any_number_spoken_in_any_known_way_is_read_whole(number: str, seed: object) -> None:
    choice = seed.choice  # type: ignore[attr-defined]
    text = "".join(choice(SPOKEN[digit] + digit) for digit in number)
    runs = READER.runs(text)
    assert "".join(run.digits for run in runs) in number
    assert sum(len(run.heard) for run in runs) >= len(number) - 2  # doubtful words at the very ends may be left out


@given(number=st.text(ANY, min_size=8, max_size=12))
def test_a_hearing_fits_its_own_number_best(number: str) -> None:
    (run,) = READER.runs(number)
    costs = [one.costs for one in run.heard]
    other = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert mismatch(costs, number) == 0.0
    assert mismatch(costs, other) > 0.5
