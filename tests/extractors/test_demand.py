"""What the caller wants done."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.demand import load_demand
from extractors.dialogue import load_dialogue
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_demand(CATALOG)


def demand(text: str) -> str | None:
    value = understand(EXTRACTOR, DIALOGUE, text).get("demand")
    return str(value.value) if value else None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("A 您希望怎么处理？\nC 我希望他们把押金退给我就好了。", "他们退还押金"),
        ("A 您好。\nC 路灯坏了，麻烦你们尽快派人来修。", "尽快派人来修"),
        ("A 您希望怎么解决？\nC 赔我一台新的，或者把钱退给我。", "赔我一台新的，退还钱"),
        ("A 您好。\nC 树枝都快压到电线了。能不能派人来剪一下。", "派人来剪一下"),
        ("A 您的诉求是让房东退还押金，对吗？\nC 对。", "房东退还押金"),
    ],
)
def test_the_wish_is_given_in_few_words(text: str, wish: str):
    assert demand(text) == wish


def test_a_summary_that_the_caller_refuses_is_dropped():
    assert demand("A 您的诉求是让房东退还押金，对吗？\nC 不对，我已经拿到了。") is None


def test_a_summary_agreed_to_is_confirmed():
    value = understand(EXTRACTOR, DIALOGUE, "A 您的诉求是让房东退还押金，对吗？\nC 对的。")["demand"]
    assert value.confirmed


@pytest.mark.parametrize(
    "said", ["我要投诉一家餐厅。", "我想问一下怎么办居住证？", "我要去上班了。", "你好，我想反映一个问题。"]
)
def test_saying_why_one_calls_is_no_demand(said: str):
    assert demand(f"A 您好。\nC {said}") is None


def test_when_to_call_back_is_no_demand():
    assert demand("A 电话呢？\nC 13812345678，最好晚上打给我。") is None


def test_a_summary_put_right_gives_the_callers_own_words():
    text = "A 您的诉求是要更换电梯，对吗？\nC 不是更换，是要他们修好。希望把电梯费退给我们。"
    assert demand(text) == "他们修好，退还电梯费"
