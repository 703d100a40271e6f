"""Which words of a transcript are marked as doubted, through numbers written as digits and through repairs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asr.doubts import doubtful, doubts_left
from asr.readings import normalised
from asr.repair import repaired_final
from asr.text import SpanText, spread
from asr.transcript import Final
from tests.asr.test_repair import Lexicon


def words(raw: str, probabilities: list[float]) -> list[str]:
    text = normalised(SpanText.timeless(raw)).text
    return [text[start:end] for start, end in doubtful(raw, probabilities)]


def test_what_was_less_likely_than_everything_else_is_doubted() -> None:
    assert words("我住海竹区", [0.9, 0.9, 0.9, 0.2, 0.4]) == ["竹区"]
    assert words("我住海竹区", [0.9, 0.3, 0.9, 0.5, 0.4]) == ["住", "区"]


def test_a_mark_is_never_doubted_and_divides_what_is() -> None:
    assert words("您好，请讲。", [0.1] * 6) == ["您好", "请讲"]


def test_of_a_number_every_digit_that_came_of_a_doubted_word_is_doubted() -> None:
    assert words("电话是一三八", [0.9, 0.9, 0.9, 0.9, 0.1, 0.9]) == ["3"]
    assert words("一百二十号", [0.9, 0.9, 0.1, 0.9, 0.9])[0].isdigit()


def test_an_engine_that_tells_no_probabilities_doubts_nothing() -> None:
    assert doubtful("您好", ()) == ()


def final(text: str, doubts: tuple[tuple[int, int], ...]) -> Final:
    return Final(0, 0, 0.0, 4.0, text, spread(text, 0.0, 4.0), text, doubts=doubts)


def test_a_repaired_word_is_no_longer_doubted_and_the_doubts_behind_it_move_with_their_words() -> None:
    said = repaired_final(final("在海竹南周那边", ((0, 4), (5, 7))), Lexicon("海竹", "海珠区"), ())
    assert [said.text[start:end] for start, end in said.doubts] == ["在", "南", "那边"]


@given(st.lists(st.tuples(st.sampled_from("我住海珠一二百,。 4"), st.floats(0, 1)), max_size=16))
def test_doubts_are_stretches_inside_the_text_in_order_and_apart(heard: list[tuple[str, float]]) -> None:
    raw = "".join(character for character, _ in heard)
    text = normalised(SpanText.timeless(raw)).text
    found = doubtful(raw, [probability for _, probability in heard])
    edges = [edge for span in found for edge in span]
    assert edges == sorted(set(edges))
    assert all(0 <= start < end <= len(text) and text[start:end].isalnum() for start, end in found)
    assert doubts_left(found, ()) == found
