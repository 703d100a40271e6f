"""The summary holds nothing that was not said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.ticket import Part
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding
from extractors.writing.record import text_of
from tests.extractors.test_ranking import call
from tests.extractors.test_understanding import STREET_LIGHT

STARTED = datetime(2026, 3, 2, 10, 0)


def summary(catalogue: Catalogue, turns: Sequence[Turn]) -> tuple[Part, ...]:
    return Understanding(catalogue, STARTED).ticket(turns).draft.summary


@pytest.fixture(scope="module")
def frame(catalogue: Catalogue) -> set[str]:
    """The words that are not the caller's."""
    rules = catalogue.rules("record")["summary"]
    return {value for value in rules.values() if isinstance(value, str)} | set(rules["verbs"].values())


def test_a_call_is_summed_up_in_the_callers_words_with_place_time_and_wish(catalogue: Catalogue) -> None:
    text = text_of(summary(catalogue, STREET_LIGHT))
    assert text.startswith("范先生")
    assert "路灯全部不亮" in text
    assert "沿沙东路" in text
    assert "13826450917" not in text
    assert "12345" not in text


def test_what_the_agent_says_is_no_part_of_it(catalogue: Catalogue) -> None:
    turns = call("C我们小区的电梯坏了三天了", "A电梯故障请联系物业维修处理", "C物业说没有零件")
    text = text_of(summary(catalogue, turns))
    assert "电梯坏了" in text
    assert "联系物业维修" not in text


def test_before_the_matter_is_told_there_is_none(catalogue: Catalogue) -> None:
    assert summary(catalogue, call("A您好，请问有什么可以帮您？", "C喂，你好")) == ()


LINES = [turn.text for turn in STREET_LIGHT] + [
    "不对，是天河区",
    "物业不修电梯，都一个礼拜了",
    "我要投诉",
    "嗯",
    "着火了",
]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Speaker), st.sampled_from(LINES)), max_size=7))
def test_every_word_of_it_is_of_the_frame_or_rests_on_words_that_were_said(
    catalogue: Catalogue, frame: set[str], said: list[tuple[Speaker, str]]
) -> None:
    turns = [Turn(number, speaker, text) for number, (speaker, text) in enumerate(said)]
    for part in summary(catalogue, turns):
        if part.slot is None and not part.evidence:
            assert part.text in frame
            continue
        assert part.evidence
        for proof in part.evidence:
            assert turns[proof.turn].text[proof.start : proof.end] == proof.text != ""
        if part.slot is None:
            [proof] = part.evidence
            assert turns[proof.turn].speaker is Speaker.CITIZEN
            left = iter(proof.text)
            assert all(char in left for char in part.text)  # the caller's words in their order, fillers left out
