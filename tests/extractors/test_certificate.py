from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.matching.certificate import Judged, at_most, certified, curve, interval, needed, upper_bound

ERROR, CONFIDENCE = 0.0181, 0.95
GRID = [step / 50 for step in range(50)]


def test_the_bound_is_the_textbook_one() -> None:
    assert upper_bound(0, 165, CONFIDENCE) == pytest.approx(0.01799, abs=1e-5)
    assert upper_bound(8, 800, CONFIDENCE) == pytest.approx(0.01796, abs=2e-5)
    assert interval(24, 24, CONFIDENCE) == (pytest.approx(0.8575, abs=1e-4), 1.0)
    assert needed(ERROR, CONFIDENCE) == 165


@given(st.integers(1, 60), st.floats(0.001, 0.999))
def test_the_tail_is_that_of_summed_coin_tosses(of: int, rate: float) -> None:
    ways = [1.0]
    for _ in range(of):
        ways = [a * rate + b * (1 - rate) for a, b in zip([0.0, *ways], [*ways, 0.0], strict=True)]
    for errors in (0, of // 3, of):
        assert at_most(errors, of, rate) == pytest.approx(sum(ways[: errors + 1]), abs=1e-9)


@given(st.integers(0, 30), st.integers(1, 200))
def test_the_bound_is_the_rate_at_which_so_few_errors_are_just_unlikely(errors: int, more: int) -> None:
    of = errors + more
    assert at_most(errors, of, upper_bound(errors, of, CONFIDENCE)) == pytest.approx(1 - CONFIDENCE, rel=1e-6)


def test_too_few_tickets_certify_nothing() -> None:
    assert certified([Judged(0.99, True)] * 164, GRID, ERROR, CONFIDENCE) is None
    passed = certified([Judged(0.99, True)] * 165, GRID, ERROR, CONFIDENCE)
    assert passed is not None
    assert (passed.threshold, passed.selected, passed.errors) == (0.0, 165, 0)


def test_the_walk_ends_where_errors_begin_though_looser_thresholds_would_pass() -> None:
    sure = [Judged(0.95, True)] * 1500
    wrong = [Judged(0.7, False)] * 40
    many = [Judged(0.3, True)] * 2500
    passed = certified([*sure, *wrong, *many], GRID, ERROR, CONFIDENCE)
    assert passed is not None
    assert passed.threshold == pytest.approx(0.72)
    [loosest] = curve([*sure, *wrong, *many], [0.0], CONFIDENCE)
    assert loosest.bound < ERROR


def test_what_is_certified_errs_more_often_in_at_most_one_calibration_of_twenty() -> None:
    """Tickets whose chance of an error falls with confidence; the true error of a threshold is known."""
    chance, broken, certificates, runs = random.Random(5), 0, 0, 300
    worst = 0.3  # error rate at confidence 0, falling to 0 at 1

    def true_error(threshold: float) -> float:
        return worst * (1 - threshold) ** 4 / 5

    for _ in range(runs):
        scores = [chance.random() for _ in range(800)]
        judged = [Judged(score, chance.random() >= worst * (1 - score) ** 4) for score in scores]
        passed = certified(judged, GRID, ERROR, CONFIDENCE)
        certificates += passed is not None
        broken += passed is not None and true_error(passed.threshold) > ERROR
    assert certificates > runs / 2
    assert broken <= 0.05 * runs + 3 * (0.05 * 0.95 * runs) ** 0.5  # three standard deviations over what is allowed
