"""Wishes in as few of their words as a ticket has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.choosing.condensed import Condensing, worth_keeping
from extractors.slots.marked import SLOTS, Marking
from extractors.slots.mention import Mention
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

TEXT = "我就是想让他们把押金退还给我，再道个歉，退还押金和利息，派人来看，晚上不要再炒菜，能不能早点修好，要不换新的"


def condensed(value: str, left_out: str, text: str = TEXT) -> str:
    """``value``, said in ``text``, of which the characters ``left_out`` are unlikely to be kept."""
    keeps = np.array([0.1 if char in left_out else 0.9 for char in text], np.float32)
    marking = Marking((), np.zeros((len(text), len(SLOTS)), np.float32), keeps)
    turn = Turn(1, Speaker.CITIZEN, text)
    wish = Mention("demand", value, 0.8, Evidence.of(turn, 0, len(text)))
    told = Condensing(0.35)(wish, turn, marking)
    assert (told.evidence, told.confidence) == (wish.evidence, wish.confidence)
    return str(told.value)


@pytest.mark.parametrize(
    ("value", "left_out", "told"),
    [
        ("把押金退还给我，再道个歉", "把给我再个", "押金退还给，道个歉"),
        ("把押金退还给我，再道个歉", "再道个歉", "把押金退还给我"),
        ("把押金退还给我，再道个歉", "把押金退还给我再个歉", "把押金退还给我，再道个歉"),
        ("尽快退还押金", "把给我再个", "尽快退还押金"),
        ("退还押金和利息", "和", "退还押金和利息"),
        ("退还押金和利息", "和利息", "退还押金"),
        ("派人来看", "人", "派人来看"),
        ("晚上不要再炒菜", "不要再", "晚上不要炒菜"),
        ("能不能早点修好", "能不", "早点修好"),
        ("早点修好，要不换新的", "要", "早点修好，要不换新的"),
        ("早点修好，要不换新的", "要不", "早点修好，换新的"),
        ("派人来看，晚上不要再炒菜", "晚上炒菜", "派人来看，不要再炒菜"),
    ],
)
def test_unlikely_words_are_left_out_unless_next_to_nothing_would_be_left(value: str, left_out: str, told: str) -> None:
    assert condensed(value, left_out) == told


@settings(deadline=None)
@given(keeps=st.lists(st.floats(0, 1), min_size=len(TEXT), max_size=len(TEXT)))
def test_whatever_the_tagger_says_nothing_is_added_and_order_holds(keeps: list[float]) -> None:
    marking = Marking((), np.zeros((len(TEXT), len(SLOTS)), np.float32), np.array(keeps, np.float32))
    turn = Turn(1, Speaker.CITIZEN, TEXT)
    value = "把押金退还给我，再道个歉"
    told = str(Condensing(0.5)(Mention("demand", value, 0.8, Evidence.of(turn, 6, len(TEXT))), turn, marking).value)
    rest = iter(value)
    assert all(char in rest for char in told)
    assert len(told) >= 3
    assert not told.startswith("，") and not told.endswith("，") and "，，" not in told


def test_a_wish_with_all_that_is_likely_kept_and_nothing_else_is_worth_keeping_whole() -> None:
    text = "让他们把押金退还给我"
    keeps = np.array([0.9 if char in "押金退还" else 0.1 for char in text], np.float32)
    marking, turn = Marking((), np.zeros((len(text), len(SLOTS)), np.float32), keeps), Turn(1, Speaker.CITIZEN, text)

    def worth(value: str) -> tuple[float, float]:
        return worth_keeping(Mention("demand", value, 0.8, Evidence.of(turn, 0, len(text))), turn, marking)

    assert worth("押金退还")[0] == pytest.approx(0.9)
    assert worth("押金退还")[1] > 0.8
    assert worth("押金")[1] < worth("押金退还")[1]
    assert worth(text)[0] < worth("押金退还")[0]
    assert worth("赔偿") == (0.0, 0.0)
