from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from assist.bench.domains import TEDDY, WAYS, Message, MessagesError, read_classes, read_messages, run
from extractors.catalogue.load import load
from tests.extractors import small_catalogue as small

CLASSES: dict[str, Any] = {
    "text": ["title", "body"],
    "label": "class",
    "classes": {"城管": ["城市管理"], "物业": ["物业管理"]},
}
SAID = {
    "城管": ["楼下烧烤摊摆在人行道上", "烧烤摊油烟灌进窗户", "小贩推三轮车卖水果占道", "卖菜的小贩占满人行道"],
    "物业": ["小区电梯坏了物业不修", "电梯停了老人家爬楼梯", "物业费按什么标准收", "物业费涨价没问业主"],
}


def messages() -> list[Message]:
    return [
        Message(f"{text}，第{number}次反映", label) for label in SAID for text in SAID[label] for number in range(5)
    ]


def test_messages_of_other_sources_find_their_class_each_way(tmp_path: Path) -> None:
    report = run(messages(), CLASSES["classes"], load(small.write(tmp_path / "c")))
    assert len(report.messages) + report.trained_on == 40
    for way in ("mapped", "head", "bm25"):
        figures = report.figures(way)
        assert figures["macro_f1"].value == figures["accuracy"].value == 1.0, way
    assert set(report.told) == set(WAYS)


def test_the_half_that_trains_is_fixed_by_the_text() -> None:
    halves = {one.text: one.trains for one in messages()}
    assert {one.text: one.trains for one in reversed(messages())} == halves
    assert 10 < sum(halves.values()) < 30


def write(path: Path, lines: Sequence[object]) -> Path:
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines), encoding="utf-8")
    return path


def test_lines_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    good = {"title": "a", "body": "b", "class": "城管"}
    assert read_messages(write(tmp_path / "m.jsonl", [good]), CLASSES) == [Message("a。b", "城管")]
    for bad in ("{", {"title": "a"}, "[]", {**good, "class": "火星"}):
        with pytest.raises(MessagesError, match=r"m\.jsonl:2: "):
            read_messages(write(tmp_path / "m.jsonl", [good, bad]), CLASSES)


def test_a_class_of_domains_that_the_catalogue_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(MessagesError, match="火星"):
        run(messages(), {"城管": ["火星管理"]}, load(small.write(tmp_path / "c")))


def test_the_classes_that_ship_fit_the_labelled_messages(shared_data: Path) -> None:
    classes = read_classes(TEDDY)
    found = read_messages(shared_data / "teddy2020c" / "labelled.jsonl", classes)
    assert {one.label for one in found} == set(classes["classes"])
