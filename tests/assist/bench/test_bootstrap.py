from __future__ import annotations

from assist.bench.bootstrap import Figure, ratio


def test_calls_that_differ_widen_the_interval_more_than_cases_within_a_call() -> None:
    spread = ratio([1, 1, 1, 1, 1, 0, 0, 0], [1] * 8)
    bundled = ratio([5, 0], [5, 3])
    assert spread.value == bundled.value == 0.625
    assert spread.low is not None and bundled.low is not None
    assert bundled.low < spread.low


def test_the_interval_is_the_same_in_every_run() -> None:
    assert ratio([3, 1, 2], [4, 4, 4]) == ratio([3, 1, 2], [4, 4, 4])


def test_all_right_is_not_taken_for_certainty() -> None:
    assert ratio([1] * 24, [1] * 24) == Figure(1.0, 0.8575, 1.0, 24)


def test_nothing_measured_is_no_figure() -> None:
    assert ratio([], []) == ratio([0, 0], [0, 0]) == Figure(None)
    assert str(Figure(None)) == "–"
