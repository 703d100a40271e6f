from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.bench.matching import overlap, right, typed


@pytest.mark.parametrize(
    ("slot", "gold", "value"),
    [
        ("phone", "020-83517762", "02083517762"),
        ("amount", 6800, "6800"),
        ("amount", 899, 899.0),
        ("plate_no", "粤A8K36Q", "粤a8k36q"),
        ("route_no", "花15路", "花15"),
        ("occurred_at", "昨天晚上八点多", "昨天晚上8点多"),
        ("duration", "半个月", "差不多半个月"),
        ("people_count", 6, "6个人"),
        ("occurred_at", "上个礼拜六", "上个星期六"),
        ("subject", "永泰物业", "永泰物业公司"),
        ("address", "海珠区南洲街道后滘西大街16号门口", "海珠区南洲街道后滘西大街16号"),
        ("confidential", True, True),
    ],
)
def test_values_that_say_the_same_are_right(slot: str, gold: object, value: object) -> None:
    assert right(slot, gold, value)


@pytest.mark.parametrize(
    ("slot", "gold", "value"),
    [
        ("phone", "13602247815", "13602247816"),
        ("district", "白云区", "白云"),
        ("amount", 6800, 680),
        ("route_no", "花15路", "15"),
        ("amount", 1, True),
        ("occurred_at", "昨天晚上八点多", "昨天"),
        ("duration", "三个多月", "三天"),
        ("subject", "永泰物业", "电梯"),
        ("confidential", True, False),
        ("caller_name", "梁先生", "梁女士"),
    ],
)
def test_values_that_say_something_else_are_wrong(slot: str, gold: object, value: object) -> None:
    assert not right(slot, gold, value)


@given(st.text(max_size=20), st.text(max_size=20))
def test_overlap_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    assert overlap(one, other) == overlap(other, one)
    assert 0 <= overlap(one, other) <= 1


def test_keystrokes_count_what_is_left_to_type_and_to_delete() -> None:
    gold = {"phone": "13602247815", "district": "海珠区"}
    assert typed(gold, gold) == (0, 14)
    assert typed(gold, {}) == (14, 14)
    assert typed(gold, {**gold, "amount": 50}) == (2, 14)
    assert typed(gold, {"phone": "13602247816", "district": "海珠区"}) == (1, 14)
