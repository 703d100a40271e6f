from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assist.bench.capacity import Search
from assist.bench.memory import slope_mb_per_hour


def searched(search: Search, holds: int) -> list[int]:
    """The numbers of calls tried on a machine that holds ``holds``."""
    tried = []
    while (calls := search.next) is not None:
        tried.append(calls)
        search.tried(calls, calls <= holds)
    return tried


def test_calls_are_doubled_until_they_no_longer_hold_and_then_narrowed_down() -> None:
    search = Search(first=1, most=64)
    assert searched(search, holds=19) == [1, 2, 4, 8, 16, 32, 24, 20, 18, 19]
    assert search.held == 19


def test_a_machine_that_holds_no_call_holds_none() -> None:
    search = Search()
    assert searched(search, holds=0) == [1]
    assert search.held == 0


@given(first=st.integers(1, 200), most=st.integers(1, 200), holds=st.integers(0, 300))
def test_the_search_ends_at_what_the_machine_holds(first: int, most: int, holds: int) -> None:
    search = Search(first, most)
    tried = searched(search, holds)
    assert search.held == min(holds, most)
    assert len(tried) == len(set(tried)) <= 20
    assert max(tried) <= most


@given(start=st.floats(100, 1000), slope=st.floats(-50, 50), hours=st.floats(0.5, 5))
def test_the_slope_of_memory_is_found_whatever_the_warm_up_was(start: float, slope: float, hours: float) -> None:
    steps = [hours * 3600 * step / 100 for step in range(101)]
    samples = [(at, start + slope * at / 3600 - (300 if at < steps[20] else 0)) for at in steps]
    assert abs(slope_mb_per_hour(samples) - slope) < 1e-6


def test_a_single_sample_has_no_slope() -> None:
    assert slope_mb_per_hour([(0.0, 500.0)]) == 0.0
    assert slope_mb_per_hour([]) == 0.0
