"""What is spoken of the written calls is a breath long, and written as the recogniser's own rules would write it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scripts.training.ears_calls import CALLS, Called, letters, said
from scripts.training.ears_text import MAX_SPOKEN, written


@pytest.fixture(scope="module")
def breaths(tmp_path_factory: pytest.TempPathFactory) -> list[Called]:
    some = tmp_path_factory.mktemp("calls")
    for name in ("calls-g.yaml", "calls-wh.yaml"):
        (some / name).symlink_to(CALLS / name)
    return list(said(some, written, MAX_SPOKEN))


def test_a_breath_stands_in_its_call_and_is_said_by_its_party(breaths: list[Called]) -> None:
    calls = {
        call["id"]: call["turns"]
        for name in ("calls-g.yaml", "calls-wh.yaml")
        for call in yaml.safe_load((CALLS / name).read_text("utf-8"))
    }
    assert len(breaths) > 1000
    for call, party, (text, _) in breaths:
        turns = [letters(words) for speaker, words in calls[call] if speaker == party]
        assert any(letters(text) in words for words in turns), text


def test_a_number_said_in_groups_is_written_as_one(breaths: list[Called]) -> None:
    grouped = [pair for _, _, pair in breaths if "幺" in pair[1] and "，" in pair[1]]
    assert len(grouped) > 50
    assert not [text for text, _ in grouped if any(mark in text for mark in " -")]
    assert sum(any(len(digits) == 11 for digits in _numbers(text)) for text, _ in grouped) > 40


def test_breaths_are_short_and_hold_no_figures(breaths: list[Called]) -> None:
    assert max(len(letters(aloud)) for _, _, (_, aloud) in breaths) <= MAX_SPOKEN
    assert not [aloud for _, _, (_, aloud) in breaths if any(char.isascii() and char.isalnum() for char in aloud)]


def test_a_sentence_that_the_rules_would_write_otherwise_is_left_out(tmp_path: Path) -> None:
    turns = [["citizen", "我住第三百零二号大街，一百二十号。"], ["agent", "请问您住在哪里？"]]
    (tmp_path / "calls.yaml").write_text(yaml.safe_dump([{"id": "a1", "turns": turns}]), encoding="utf-8")
    assert [text for _, _, (text, _) in said(tmp_path, written, MAX_SPOKEN)] == ["请问您住在哪里？"]


def _numbers(text: str) -> list[str]:
    return "".join(char if char.isdecimal() else " " for char in text).split()
