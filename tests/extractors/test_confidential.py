"""Whether the caller wants to stay unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.confidential import load_confidential
from extractors.dialogue import load_dialogue
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_confidential(CATALOG)


def wish(text: str) -> object:
    value = understand(EXTRACTOR, DIALOGUE, text).get("confidential")
    return value.value if value else None


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 我要举报，麻烦你们帮我保密。",
        "A 您好。\nC 千万不要把我的名字告诉他们老板。",
        "A 需要对您的信息保密吗？\nC 要的，都是邻居。",
        "A 需要保密吗？\nC 对，我怕他们报复。",
        "A 您好。\nC 我想匿名反映一个情况。",
        "A 您好。\nC 我在那家厂打工的，别让厂长知道是我说的。",
        "A 电话呢？\nC 13922001144，我的号码千万不要给楼上看到。",
        "A 您贵姓？\nC 姓温。你们去查就好，别跟店长讲是我打的电话。",
        "A 您好。\nC 要是被队长知道是我告的，明天就没活干了。",
        "A 您好。\nC 唔好同佢哋讲系我反映嘅。",
        "A 您贵姓？\nC 我姓温，一个楼道里住着，传出去不好做人。\nA 好的，给您保密。",
    ],
)
def test_a_wish_for_confidentiality_is_heard(text: str):
    assert wish(text) is True


@pytest.mark.parametrize(
    "text", ["A 需要对您的信息保密吗？\nC 不用，我不怕他们。", "A 您的信息要不要保密？\nC 不需要保密，没关系。"]
)
def test_a_declined_offer_is_false(text: str):
    assert wish(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 路灯坏了。",
        "A 您好。\nC 我不知道是不是我弄错了。",
        "A 您好。\nC 我姓温。\nA 好的，信息会给您保密。",
        "A 我们会对您的信息保密。\nC 好的。",
        "A 几点的事？\nC 要的。",
    ],
)
def test_nothing_is_filled_when_it_was_not_spoken_of(text: str):
    assert wish(text) is None


def test_a_name_that_sounds_like_the_word_is_no_wish():
    assert wish("A 请问您贵姓？\nC 姓黎，黎明的黎。") is None
