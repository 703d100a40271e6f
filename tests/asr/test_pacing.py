import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.pacing import Budget


def test_an_idle_decoder_takes_interim_windows_at_once() -> None:
    budget = Budget(workers=2, share=0.75)
    assert budget.wait(0.0) == 0
    budget.spend(1.0, 0.9)
    assert budget.wait(1.0) == 0


def test_once_the_share_is_used_up_interim_windows_wait_until_it_has_grown_again() -> None:
    budget = Budget(workers=2, share=0.5)
    budget.spend(1.0, 1.5)
    assert budget.wait(1.0) == pytest.approx(0.5)
    assert budget.wait(1.25) == pytest.approx(0.25)
    assert budget.wait(1.6) == 0


def test_a_burst_of_finals_does_not_silence_interim_text_for_long() -> None:
    budget = Budget(workers=1, share=0.5, burst=1.0)
    for _ in range(100):
        budget.spend(1.0, 1.0)
    assert budget.wait(1.0) == pytest.approx(2.0)


@pytest.mark.parametrize("share", [0, -1, 1.01])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        Budget(1, share)


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 0.5)), min_size=1), st.floats(0.1, 1))
def test_decodes_that_keep_to_the_waits_use_no_more_than_the_share(
    decodes: list[tuple[float, float]], share: float
) -> None:
    budget, now, used = Budget(workers=2, share=share, burst=1.0), 0.0, 0.0
    for pause, seconds in decodes:
        now += pause
        now += budget.wait(now)
        now += seconds
        used += seconds
        budget.spend(now, seconds)
    # what was saved up, and the last decode, which began while there was something left
    assert used <= 2 * share * now + 1.0 + 0.5 + 1e-6
