"""Slots that only some templates have: filled by the answer to the catalogue's own question."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.conversation.dialogue import load_dialogue
from extractors.particulars.answers import Answers, make_answers
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)


@pytest.fixture(scope="module")
def answers(catalogue: Catalogue) -> Answers:
    return make_answers(catalogue)


def filled(answers: Answers, text: str) -> dict[str, object]:
    return {name: value.value for name, value in understand(answers, DIALOGUE, text).items()}


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("A 请问是几年级、哪个班？\nC 呃，是三年级二班，班主任姓林", {"grade": "三年级二班"}),
        ("A 好的。请问户号或者账号是多少？\nC 户号是0338 1275 64", {"account_no": "0338127564"}),
        ("A 请问当事人多大年纪？\nC 大概七十多岁", {"age": "七十多岁"}),
        ("A 请文您和当事人是什么官系？\nC 我是他女儿。", {"relation": "女儿"}),
    ],
)
def test_the_answer_to_a_question_of_the_catalogue_is_the_value(
    answers: Answers, said: str, slots: dict[str, object]
) -> None:
    assert filled(answers, said) == slots


@pytest.mark.parametrize(
    "said",
    [
        "A 请问是几年级、哪个班？\nC 我不清楚",
        "A 请问户号或者账号是多少？\nC 我没带在身上",
        "A 请问户号或者账号是多少？\nC 你等一下，我找找",
        "A 请问您贵姓？\nC 我姓林，三年级二班的家长",
        "C 我的户号是0338127564，停电了",
        "A 请问具体地址在哪里？\nC 天河路三十三号",
        "A 是什么事情呢？\nC 我爸爸是聋哑人，不会手语",
    ],
)
def test_nothing_is_filled_without_question_and_answer(answers: Answers, said: str) -> None:
    assert filled(answers, said) == {}
