"""Words that gold values rest on, found in calls whose tickets do not name them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assist.bench.matching import right
from scripts.training.calls_spans import clauses, kept, spans

SAMPLES = Path(__file__).parents[2] / "samples" / "calls"

TURNS = [
    ("agent", "您好，请问有什么可以帮您？"),
    ("citizen", "我们小区那个垃圾压缩站，每天凌晨四点就开始压，吵了一个多月了。"),
    ("agent", "您希望怎么处理？"),
    ("citizen", "嗯，能不能把作业时间推到早上六点半以后，还有退我三百块。"),
    ("agent", "好的，作业时间推到六点半以后，退300元。您贵姓？"),
    ("citizen", "姓关。"),
]


@pytest.mark.parametrize(
    ("slot", "gold", "places"),
    [
        ("subject", "垃圾压缩站", [(1, "垃圾压缩站")]),
        ("occurred_at", "每天凌晨四点", [(1, "每天凌晨四点")]),
        ("duration", "一个多月", [(1, "一个多月")]),
        ("amount", 300, [(3, "三百块"), (4, "300元")]),
        ("caller_name", "关先生", [(5, "姓关")]),
        ("demand", "作业时间推到早上六点半以后", [(3, "作业时间推到早上六点半以后"), (4, "作业时间推到六点半以后")]),
        ("duration", "两年", []),
    ],
)
def test_values_are_found_where_they_are_said(slot: str, gold: object, places: list[tuple[int, str]]) -> None:
    assert spans({slot: gold}, TURNS).get(slot, []) == places


def test_what_no_mark_can_be_of_is_left_out() -> None:
    assert spans({"district": "天河区", "phone": "13800000000"}, TURNS) == {}


def test_of_reference_like_calls_nearly_all_values_are_found_in_words_that_are_said_and_right() -> None:
    there = found = 0
    for path in (SAMPLES / "alike" / "calls-pa.yaml", SAMPLES / "alike" / "calls-nb.yaml"):
        for call in yaml.safe_load(path.read_text(encoding="utf-8")):
            told = spans(call["gold"]["slots"], call["turns"])
            for slot, places in told.items():
                assert all(words in call["turns"][turn][1] for turn, words in places)
                if slot in ("occurred_at", "duration", "people_count", "callback_time"):
                    assert all(right(slot, call["gold"]["slots"][slot], words) for _, words in places)
            wanted = {"subject", "occurred_at", "duration", "amount", "people_count"} & call["gold"]["slots"].keys()
            there, found = there + len(wanted), found + len(wanted & told.keys())
    assert found >= 0.85 * there


@pytest.mark.parametrize(
    ("gold", "words", "left"),
    [
        ("尽快修好水箱，每天打扫干净", "快点修好它，还有每天要搞干净", ["快点修好", "每天", "干净"]),
        ("退还押金", "押金麻烦退还给我", ["押金", "退还给"]),
        ("退还押金", "我就想他们赔礼", []),
    ],
)
def test_the_words_of_a_wish_that_the_ticket_has_are_kept_whole(gold: str, words: str, left: list[str]) -> None:
    assert [words[start:end] for start, end in kept(gold, words)] == left


def test_a_wish_is_looked_at_with_the_whole_clauses_it_stands_in() -> None:
    text = "嗯，能不能把作业时间推到早上六点半以后，谢谢"
    start, end = clauses(text, text.index("作业"), text.index("以后"))
    assert text[start:end] == "能不能把作业时间推到早上六点半以后"
