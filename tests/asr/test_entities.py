from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.entities import EntityErrors, Names, entity_errors

NAMES = Names(["黄埔区", "黄埔区政府", "萝岗街道", "中山五路", "车陂站", "市水务局"])
TEXT = st.text(alphabet="黄埔区政府在萝岗街道的中山五路，", max_size=30)


def test_a_name_written_as_it_was_said_is_right() -> None:
    assert entity_errors("我在黄埔区萝岗街道。", "我在黄埔区，萝岗街道", NAMES) == EntityErrors(0, 2, 0, 2)


def test_a_name_with_one_other_character_is_wrong() -> None:
    assert entity_errors("我住黄埔区萝岗街道", "我住黄埔区罗岗街道", NAMES) == EntityErrors(1, 2, 0, 1)


def test_numerals_in_names_may_be_written_either_way() -> None:
    assert entity_errors("在中山五路", "在中山5路", NAMES).rate == 0.0


def test_the_longest_name_counts() -> None:
    assert entity_errors("转给黄埔区政府", "转给黄埔区征服", NAMES) == EntityErrors(1, 1, 0, 1)


def test_a_name_that_nobody_said_there_is_false() -> None:
    assert entity_errors("车配上了，去市水务局", "车陂站了，去市水务局", NAMES) == EntityErrors(0, 1, 1, 2)


def test_a_name_said_elsewhere_does_not_make_up_for_one_missed() -> None:
    said = "黄埔区那边一直有人在挖路，我是说车陂站附近"
    heard = "那边一直有人在挖路，我是说车陂站附近黄埔区"
    assert entity_errors(said, heard, NAMES) == EntityErrors(1, 2, 1, 2)


@pytest.mark.parametrize(("said", "heard"), [("", ""), ("", "黄埔区"), ("黄埔区", "")])
def test_silence_on_either_side_is_counted(said: str, heard: str) -> None:
    errors = entity_errors(said, heard, NAMES)
    assert (errors.wrong, errors.false) == (bool(said), bool(heard))


@given(TEXT)
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    errors = entity_errors(text, text, NAMES)
    assert (errors.wrong, errors.false) == (0, 0)
    assert errors.said == errors.written


@given(TEXT, TEXT)
def test_what_one_text_lacks_the_other_has_beyond_it(one: str, other: str) -> None:
    forth, back = entity_errors(one, other, NAMES), entity_errors(other, one, NAMES)
    assert (forth.wrong, forth.said) == (back.false, back.written)
