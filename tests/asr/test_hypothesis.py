from hypothesis import given
from hypothesis import strategies as st

from asr.hypothesis import stable_length
from asr.text import SpanText, spread


def spoken(text: str) -> SpanText:
    return SpanText(text, spread(text, 0.0, len(text) / 10))


def test_what_two_hypotheses_agree_on_from_the_beginning_is_stable() -> None:
    assert stable_length("我要投诉他", spoken("我要投诉一家"), until=9) == 4


def test_what_was_said_a_moment_ago_is_not_yet_stable() -> None:
    assert stable_length("我要投诉", spoken("我要投诉"), until=0.25) == 2


def test_nothing_is_stable_at_first() -> None:
    assert stable_length("", spoken("我要投诉"), until=9) == 0


@given(st.text(max_size=9), st.text(max_size=9), st.floats(0, 1))
def test_stable_text_is_a_beginning_of_both(previous: str, current: str, until: float) -> None:
    length = stable_length(previous, spoken(current), until)
    assert previous[:length] == current[:length]
