"""What the tagger learns from: the words that give a slot keep their labels, however a call is misheard or cut."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tokenizers import Tokenizer

import models
from assist.bench.mishearing import homophones
from extractors.choosing.tagger import BEGINS, INSIDE, LENGTH, OUTSIDE
from extractors.turn import Speaker
from scripts.training.tagger_calls import SLOTS, Said, as_heard, read, windows

CALL = """
- id: x1
  turns:
    - [agent, "您好，请讲。"]
    - [citizen, "我们楼下的烧烤店，天天晚上吵到两点。"]
  gold: {spans: {subject: [[1, "烧烤店"]], occurred_at: [[1, "天天晚上"]], phone: [[1, "两点"]]}}
"""


@pytest.fixture
def call(tmp_path: Path) -> tuple[Said, ...]:
    (tmp_path / "calls.yaml").write_text(CALL, encoding="utf-8")
    return read(tmp_path)["x1"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(models.RANKER / "tokenizer.json"))


def test_words_are_found_in_their_turns_and_slots_not_learned_are_left_out(call: tuple[Said, ...]) -> None:
    said = call[1]
    assert {(slot, said.text[start:end]) for slot, start, end in said.spans} == {
        ("subject", "烧烤店"),
        ("occurred_at", "天天晚上"),
    }


def test_words_that_nobody_says_are_refused(tmp_path: Path) -> None:
    (tmp_path / "calls.yaml").write_text(CALL.replace('[[1, "烧烤店"]]', '[[0, "烧烤店"]]'), encoding="utf-8")
    with pytest.raises(SystemExit, match="x1: turn 0 does not say"):
        read(tmp_path)


def test_calls_of_several_folders_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    for folder, name in (("one", "b"), ("one", "d"), ("two", "a"), ("two", "c")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / f"calls-{name}.yaml").write_text(CALL.replace("x1", name), encoding="utf-8")
    assert list(read(tmp_path / "one", tmp_path / "two")) == ["a", "b", "c", "d"]


def test_labels_begin_once_and_lie_on_the_words(call: tuple[Said, ...], tokenizer: Tokenizer) -> None:
    made = list(windows(call, tokenizer, random.Random(1)))
    labels = [label for window in made for label in window.labels]
    assert all(len(window.ids) == len(window.labels) <= LENGTH for window in made)
    for slot in ("subject", "occurred_at"):
        column = [label[SLOTS.index(slot)] for label in labels]
        assert column.count(BEGINS) == 1
        assert {INSIDE, OUTSIDE} >= set(column) - {BEGINS}
    assert all(label[SLOTS.index("amount")] == OUTSIDE for label in labels)


def test_spans_move_with_what_is_lost_and_misheard(call: tuple[Said, ...]) -> None:
    sounds = homophones(said.text for said in call)
    changed = 0
    for seed in range(60):
        heard = as_heard(call, sounds, random.Random(seed))
        changed += heard != call
        assert [said.speaker for said in heard] == [Speaker.AGENT, Speaker.CITIZEN]
        for said in heard:
            assert all(0 <= start < end <= len(said.text) for _, start, end in said.spans)
            assert "，" not in "".join(said.text[start:end] for _, start, end in said.spans)
    assert changed > 10
