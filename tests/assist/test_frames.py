"""Text frames of the sockets, whatever they hold."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.frames import json_object


@given(st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text())))
def test_an_object_is_read_as_it_was_written(content: dict[str, object]) -> None:
    assert json_object(json.dumps(content)) == content


@given(st.text())
def test_garbage_gives_an_object_or_nothing(frame: str) -> None:
    assert isinstance(json_object(frame), dict | None)


@pytest.mark.parametrize("frame", ["", "{", "[1]", '"text"', '{"value": "\\ud800"}', "[" * 100_000])
def test_what_is_no_object_of_text_gives_nothing(frame: str) -> None:
    assert json_object(frame) is None
