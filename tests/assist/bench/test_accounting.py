from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from assist.bench.accounting import Account, account

KEYS = st.tuples(st.integers(0, 1), st.integers(0, 20))
DUE = st.dictionaries(KEYS, st.text(min_size=1, max_size=4), max_size=12)


def test_a_final_that_never_came_is_lost() -> None:
    assert account({(0, 0): "您好", (1, 0): "喂"}, [((0, 0), "您好")]) == Account(due=2, lost=1)


def test_a_final_with_another_text_is_changed_and_not_lost() -> None:
    assert account({(1, 0): "喂"}, [((1, 0), "位")]) == Account(due=1, changed=1)


def test_a_final_that_came_twice_is_one_too_many() -> None:
    assert account({(1, 0): "喂"}, [((1, 0), "喂"), ((1, 0), "喂")]) == Account(due=1, beyond=1)


def test_a_final_that_replay_has_not_is_beyond() -> None:
    assert account({}, [((1, 3), "喂")]) == Account(beyond=1)


@given(DUE, st.randoms(use_true_random=False))
def test_finals_that_all_came_in_any_order_leave_nothing_to_account_for(
    due: dict[tuple[int, int], str], order: random.Random
) -> None:
    came = list(due.items())
    order.shuffle(came)
    assert account(due, came) == Account(due=len(due))


@given(DUE, st.lists(st.tuples(KEYS, st.text(max_size=4)), max_size=30))
def test_every_final_due_is_right_changed_or_lost_and_every_one_that_came_is_due_or_beyond(
    due: dict[tuple[int, int], str], came: list[tuple[tuple[int, int], str]]
) -> None:
    result = account(due, came)
    first = dict(reversed(came))
    right = sum(first.get(key) == text for key, text in due.items())
    assert result.due == right + result.changed + result.lost
    assert len(came) == right + result.changed + result.beyond
