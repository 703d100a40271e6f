from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from asr.hypothesis import InterimText, stable_length
from asr.text import SpanText, spread
from tests.asr.said import spoken


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


def interim() -> InterimText:
    return InterimText(window=5.0, hold_back=0.4, normalise=lambda spans: spans)


def at(text: str, start: float, end: float) -> SpanText:
    return SpanText(text, spread(text, start, end))


def test_a_later_hypothesis_cannot_change_what_was_stable() -> None:
    text = interim()
    text.update(at("我要投诉楼下的烧烤", 0, 1.8), 2.0)
    _, stable = text.update(at("我要投诉楼下的烧烤档", 0, 2.0), 2.6)
    assert stable == 9
    spans, stable = text.update(at("我要头数楼下的烧烤档油烟大", 0, 2.6), 3.2)
    assert spans.text == "我要投诉楼下的烧烤档油烟大"
    assert stable == 10


def test_a_number_that_may_go_on_is_not_yet_stable() -> None:
    text = interim()
    text.update(at("电话是13", 0, 1.0), 2.0)
    assert text.update(at("电话是138", 0, 1.2), 2.6)[1] == 3


def test_a_long_window_is_cut_at_a_pause_in_what_is_stable_and_its_text_kept() -> None:
    text = interim()
    long = at("我要投诉楼下烧烤档天天晚上摆到两三点", 0, 5.4)
    for end in (5.5, 6.1):
        text.update(long, end)
    text.shorten(long, 0.0, 6.1, pauses=[2.7, 5.9])
    assert text.cut == 2.7
    spans, _ = text.update(at("天天晚上摆到两三点没人管", 2.7, 6.3), 6.7)
    assert spans.text == "我要投诉楼下烧烤档天天晚上摆到两三点没人管"


def test_a_window_without_a_pause_or_agreement_is_cut_all_the_same() -> None:
    text = interim()
    text.update(at("好" * 80, 0, 8.0), 8.0)
    text.shorten(at("好" * 80, 0, 8.0), 0.0, 8.0, pauses=[])
    assert 1.0 <= text.cut < 7.0


@given(
    st.lists(st.tuples(st.text("一二我要投诉楼下", max_size=12), st.booleans()), min_size=1, max_size=12),
    st.lists(st.floats(0, 12), max_size=4),
)
def test_stable_text_only_grows_and_times_never_run_backwards(
    heard: list[tuple[str, bool]], pauses: list[float]
) -> None:
    text, shown, end, start = interim(), "", 0.0, 0.0
    for words, whole in heard:
        end += 1.0
        begin = 0.0 if whole else max(start, text.cut)
        spans, stable = text.update(at(words, begin, end), end, whole=whole)
        assert spans.text.startswith(shown)
        assert len(shown) <= stable <= len(spans.text) == len(spans.times)
        assert all(before[0] <= after[0] + 1e-9 for before, after in pairwise(spans.times[: stable + 1]))
        shown = spans.text[:stable]
        if not whole:
            text.shorten(at(words, begin, end), begin, end, sorted(p for p in pauses if p < end))
            assert text.cut == 0.0 or text.cut < end
