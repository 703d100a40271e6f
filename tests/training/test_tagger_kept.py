"""Which calls the tagger keeps back to be measured on."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from scripts.training.tagger import _once


def test_a_call_that_was_written_and_heard_is_kept_back_once() -> None:
    assert _once([{"a": 1, "b": 1}, {"b": 1, "c": 1}, {"c": 1}]) == [["a", "b"], ["c"], []]
