"""The parts of an utterance make one text: marks, numbers, times and other readings as if it had been heard at once."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from asr.engine import Hypothesis
from asr.parts import Part, final_of
from asr.readings import other_readings
from asr.text import SpanText
from asr.transcript import Alternative, Final


def part(text: str, start: float, silence: float = 0.1, **told: object) -> Part:
    times = tuple((start + place, start + place + 1) for place in range(len(text)))
    likely = {"log_probability": -0.5, "probabilities": (0.5,) * len(text), **told}
    return Part(start, start + len(text), SpanText(text, times), Hypothesis(text, (), **likely), silence=silence)  # type: ignore[arg-type]


def made(*parts: Part) -> Final:
    return final_of(1, 7, parts)


def test_a_full_stop_at_a_short_pause_is_a_comma_and_at_a_longer_one_a_full_stop() -> None:
    assert made(part("我们小区的水管。", 0, 0.1), part("坏了三天了。", 8)).text == "我们小区的水管，坏了三天了。"
    assert made(part("水管坏了三天了。", 0, 0.3), part("没人来修。", 8)).text == "水管坏了三天了。没人来修。"


def test_a_number_said_in_two_parts_is_one_number() -> None:
    said = made(part("我电话是一三八二二七一.", 0, 0.3), part("五五六六。", 12))
    assert said.text == "我电话是13822715566。"


def test_what_nobody_said_is_left_out_and_where_it_is_all_the_final_is_empty() -> None:
    phantom = replace(part("谢谢观看", 5), hidden=True)
    assert made(part("路灯不亮，", 0), phantom).text == "路灯不亮，"
    assert (made(phantom).text, made(phantom).raw) == ("", "谢谢观看")


def test_another_reading_is_of_the_whole_utterance() -> None:
    first = part("井盖坏了，", 0, alternatives=(Alternative("紧盖坏了，", -0.9),))
    second = part("没人修", 5, alternatives=(Alternative("没人休", -0.7), Alternative("梅人修", -1.5)))
    said = made(first, second)
    assert other_readings(said) == ("紧盖坏了，没人修", "井盖坏了，没人休", "井盖坏了，梅人修")
    assert all(one.log_probability < said.log_probability for one in said.alternatives)


def test_the_language_is_that_of_most_of_the_speech() -> None:
    english = part("hello my name is", 0, languages=(("en", 0.9), ("zh", 0.1)))
    chinese = part("你好", 16, languages=(("zh", 0.8), ("en", 0.2)))
    assert made(english, chinese).languages[0][0] == "en"
    assert made(chinese).languages == chinese.hypothesis.languages


@given(st.lists(st.text("我的电话一二三4。，. hi", min_size=1, max_size=12), min_size=1, max_size=4), st.data())
def test_every_character_keeps_a_time_inside_its_utterance(texts: list[str], data: st.DataObject) -> None:
    parts, at = [], 0.0
    for text in texts:
        parts.append(replace(part(text, at, data.draw(st.floats(0, 0.6))), hidden=data.draw(st.booleans())))
        at += len(text) - 0.1 * data.draw(st.booleans())
    said = made(*parts)
    assert len(said.text) == len(said.times)
    assert all(0 <= start <= end <= at + 0.11 for start, end in said.times)  # 4.8 + 0.1 is less than 4.9
    assert all(before[0] <= after[0] for before, after in pairwise(said.times))
    assert len(said.probabilities) == len(said.raw)
    if len(parts) == 1 and not parts[0].hidden:
        assert said.raw == texts[0]
