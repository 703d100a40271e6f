"""What was asked for lately is kept, within bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractors.recent import Recent

KEYS = st.lists(st.integers(0, 30), max_size=200)


def asked(keys: list[int], least: int) -> tuple[Recent[int, int], list[int]]:
    """What is kept after ``keys`` were asked for one after the other, and those of them that had to be made."""
    kept: Recent[int, int] = Recent(least)
    made = []
    for key in keys:
        if kept.get(key) is None:
            made.append(key)
            kept.put(key, key + 1)
    return kept, made


@given(KEYS, st.integers(1, 12))
def test_no_more_is_kept_than_twice_what_was_wanted(keys: list[int], least: int) -> None:
    kept, _ = asked(keys, least)
    assert len(kept) <= 2 * least


@given(KEYS, st.integers(1, 12))
def test_what_the_latest_keys_gave_is_known(keys: list[int], least: int) -> None:
    kept, _ = asked(keys, least)
    latest = list(dict.fromkeys(reversed(keys)))[:least]
    assert [kept.get(key) for key in latest] == [key + 1 for key in latest]


def test_what_is_asked_for_again_and_again_is_made_once() -> None:
    keys = [key for other in range(100, 200) for key in (0, 1, 2, other)]
    _, made = asked(keys, least=5)
    assert [key for key in made if key < 100] == [0, 1, 2]
