"""Sentences for voices that have nothing to do with calls."""

from __future__ import annotations

import json
from pathlib import Path

from scripts.training.ears_sentences import sentences, write

LINES = (
    "BAC009S0001W0001 <广州塔>旁边新开了一间书店",
    "BAC009S0001W0002 [李明](珠海)昨天搬了家",
    "BAC009S0001W0003 三个人一起去",
    "短句",
    "今天天气很好我们去公园",
    "今天天气很好我们去公园",
    "他说 hello 就走了出去",
)


def test_ids_and_marks_go_and_what_has_numbers_letters_or_too_few_words_is_left_out() -> None:
    assert list(sentences(LINES)) == ["李明珠海昨天搬了家", "今天天气很好我们去公园"]


def test_what_is_measured_is_not_spoken() -> None:
    assert "今天天气很好我们去公园" not in list(sentences(LINES, ["今天天气很好，我们去公园。"]))


def test_every_sentence_is_written_once_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    told = [f"{word}在公园里散步" for word in "甲乙丙丁戊己庚辛"]
    write(tmp_path / "text.jsonl", told)
    first = (tmp_path / "text.jsonl").read_text(encoding="utf-8")
    write(tmp_path / "text.jsonl", reversed(told))
    assert (tmp_path / "text.jsonl").read_text(encoding="utf-8") == first
    texts = [json.loads(line)["text"] for line in first.splitlines()]
    assert sorted("，".join(text.rstrip("。") for text in texts).split("，")) == sorted(told)
