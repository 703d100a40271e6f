import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.metrics import ErrorRate, character_errors, comparable, percentile


@pytest.mark.parametrize(
    ("reference", "hypothesis"),
    [
        ("您好，广州12345热线", "您好广州幺二三四五热线。"),
        ("一共12800元", "一共一万两千八百元"),
        ("一共3.5万元", "一共三点五万元"),
        ("請問具體位置", "请问具体位置"),
        ("粤A·8K36Q", "粤a 8k36q"),
        ("２号", "二号"),
    ],
)
def test_spelling_alone_is_no_error(reference: str, hypothesis: str) -> None:
    assert character_errors(reference, hypothesis).edits == 0


@pytest.mark.parametrize(
    ("reference", "hypothesis", "edits"),
    [("海珠区", "海竹区", 1), ("海珠区", "海珠", 1), ("海珠区", "在海珠区", 1), ("", "字幕", 2), ("海珠区", "", 3)],
)
def test_each_wrong_missing_or_added_character_is_an_error(reference: str, hypothesis: str, edits: int) -> None:
    assert character_errors(reference, hypothesis) == ErrorRate(edits, len(reference))


TEXT = st.text(alphabet="天河区棠下", max_size=12)


@given(TEXT, TEXT)
def test_the_distance_is_that_of_the_textbook(left: str, right: str) -> None:
    table = [[i + j if not i or not j else 0 for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (left[i - 1] != right[j - 1])
            )
    assert character_errors(left, right).edits == table[-1][-1]


def test_rates_add_up_by_characters() -> None:
    assert (ErrorRate(1, 10) + ErrorRate(3, 10)).rate == 0.2
    assert ErrorRate(0, 0).rate == 0
    assert ErrorRate(2, 0).rate == 1


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3, 1, 2, 4], 0.5) == 2
    assert percentile([3, 1, 2, 4], 0.95) == 4
    assert percentile([7], 0.5) == 7
    assert math.isnan(percentile([], 0.5))
