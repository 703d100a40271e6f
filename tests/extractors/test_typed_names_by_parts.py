"""Names told by the parts of their characters, one character at a time, or as friends say them; in typed calls."""

from __future__ import annotations

import pytest

from tests.extractors.composed import value


def name(answer: str, question: str = "您贵姓？") -> object:
    return value("caller_name", f"A {question}\nC {answer}")


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        ("木子李，李建国", "李建国"),
        ("木子李建国", "李建国"),
        ("耳东陈，陈小红", "陈小红"),
        ("双木林，林小芳", "林小芳"),
        ("言午许，许先生", "许先生"),
        ("西早谭，谭先生", "谭先生"),
        ("弓长张", "张"),
        ("十八子李", "李"),
        ("王，三横王", "王"),
        ("姓古月胡", "胡"),
        ("免贵姓弓长张", "张"),
        ("姓古", "古"),
    ],
)
def test_a_surname_told_by_its_parts_is_that_surname_and_the_full_name_follows(answer: str, written: str) -> None:
    assert name(answer) == written


@pytest.mark.parametrize(
    ("answer", "written"),
    [("姓张，单名一个伟，伟大的伟", "张伟"), ("单名一个静字，我姓周", "周静"), ("姓欧阳，单名一个靖", "欧阳靖")],
)
def test_a_given_name_of_one_character_is_told_as_such(answer: str, written: str) -> None:
    assert name(answer) == written


@pytest.mark.parametrize(
    ("answer", "written"), [("你叫我老王就行", "老王"), ("叫我小陈", "小陈"), ("我是老陈", "老陈")]
)
def test_who_is_to_be_called_old_or_young_is_written_so(answer: str, written: str) -> None:
    assert name(answer, "怎么称呼？") == written


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("木子李茶店不退钱", "请讲"),
        ("双木林小区", "位置在哪里"),
        ("老板姓木子李", "请讲"),
        ("我老婆姓古月胡", "怎么称呼"),
        ("叫我老板就行", "怎么称呼"),
        ("那个老王就是不让我停车", "请讲"),
    ],
)
def test_shops_estates_and_others_give_the_caller_no_name(answer: str, question: str) -> None:
    assert name(answer, question) is None
