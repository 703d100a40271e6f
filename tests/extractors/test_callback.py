"""When not to call, and which hours of the day callers mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.conversation.dialogue import load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.times.told_times import load_times
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import STARTED, understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_times(CATALOG)


def values(text: str) -> dict[str, object]:
    return {slot: value.value for slot, value in understand(EXTRACTOR, DIALOGUE, text).items()}


@pytest.mark.parametrize(
    "asked",
    [
        "请问您方便什么时候接电话？",
        "您几点方便接电话？",
        "方便接电话是什么时间段？",
        "几点打给您比较好？",
        "什么时候打过去合适？",
        "方便什么时间接听？",
        "几点找您方便？",
    ],
)
def test_a_question_for_when_to_call_does_not_ask_when_it_happened(asked: str):
    expected = DIALOGUE.expected(Turn(0, Speaker.AGENT, asked))
    assert "callback_time" in expected and "occurred_at" not in expected
    assert values(f"A {asked}\nC 周六上午吧。") == {"callback_time": "周六上午"}


@pytest.mark.parametrize(
    "asked",
    [
        "酒店是今天几点联系您的？",
        "大概什么时候接的这个电话？",
        "这是什么时候办结的？",
        "几点结的账？",
        "是哪天解决的？",
        "什么时候收到办结短信的？",
    ],
)
def test_a_question_for_when_a_call_was_asks_when_it_happened(asked: str):
    assert "occurred_at" in DIALOGUE.expected(Turn(0, Speaker.AGENT, asked))


@pytest.mark.parametrize(
    "said",
    [
        "12点到1点半不要打。",
        "除了周三都行。",
        "下午三点以后别打。",
        "周三不在。",
        "早上千万别打，我睡觉。",
        "别周六打。",
    ],
)
def test_a_time_that_is_refused_fills_nothing(said: str):
    assert values(f"A 请问您方便什么时候接电话？\nC {said}") == {}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("周三不在，周四上午可以。", "周四上午"),
        ("早上别打，下午三点以后打。", "下午三点以后"),
        ("十一点到一点别打，两点以后可以。", "两点以后"),
        ("大后天下午吧。", "大后天下午"),
    ],
)
def test_the_other_time_of_the_answer_holds(said: str, words: str):
    assert values(f"A 请问您方便什么时候接电话？\nC {said}") == {"callback_time": words}


def test_what_is_told_of_the_past_beside_the_answer_is_when_it_happened():
    found = values("A 什么时间方便接电话？\nC 随时。昨天晚上八点又漏水了。")
    assert found == {"callback_time": "随时", "occurred_at": "昨天晚上八点"}


def test_a_day_not_to_be_called_at_is_not_when_it_happened():
    assert values("A 电话呢？\nC 13922001144，周三别打。") == {}


@pytest.mark.parametrize(
    ("slot", "asked", "text", "words", "kept"),
    [
        ("callback_time", True, "下午三点以后别打。", "下午三点以后", False),
        ("occurred_at", True, "12点到1点半不要打。", "12点到1点半", False),
        ("callback_time", True, "除了周三都行。", "除了周三", False),
        ("callback_time", False, "13922001144，上午别打。", "上午", False),
        ("callback_time", True, "下午三点以后打。", "下午三点以后", True),
        ("occurred_at", False, "昨天晚上没人在，水就漏下来了。", "昨天晚上", True),
        ("occurred_at", False, "昨天下午他叫我别打了。", "昨天下午", True),
    ],
)
def test_marked_words_that_are_refused_are_left_out(slot: str, asked: bool, text: str, words: str, kept: bool):
    start = text.index(words)
    context = Context((), frozenset({"callback_time"} if asked else ()), STARTED)
    mark = Marked(slot, start, start + len(words), 0.9)
    assert (EXTRACTOR.value(mark, Turn(0, Speaker.CITIZEN, text), context) is not None) is kept


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        ("两点以后打", "T14:00/.."),
        ("三点到五点", "T15:00/T17:00"),
        ("六点半以后", "T18:30/.."),
        ("明天两点", "2026-11-25T14:00/2026-11-25T14:00"),
        ("九点到五点", "T09:00/T17:00"),
        ("早上七点", "T07:00/T07:00"),
        ("八点以后", "T08:00/.."),
        ("中午十二点到一点", "T12:00/T13:00"),
    ],
)
def test_hours_at_which_nobody_is_called_are_of_the_afternoon(said: str, iso: str):
    text = f"A 请问您方便什么时候接电话？\nC {said}。"
    assert understand(EXTRACTOR, DIALOGUE, text)["callback_time"].normalized == iso
