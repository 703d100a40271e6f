"""Written calls made audible: every digit becomes words that can be spoken, spans follow what was heard of them."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractors.turn import Speaker, Turn
from scripts.training.calls_aligned import carried
from scripts.training.calls_text import spoken
from scripts.training.tagger_calls import Said

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("written", "aloud"),
    [
        ("电话137 2645 0918。", "电话幺三七，二六四五，零九幺八。"),
        ("电话13922045718。", "电话幺三九，二二零四，五七幺八。"),
        ("020-34207186，中午", "零二零，三四二零七幺八六，中午"),
        ("一条龙收了19800，里面", "一条龙收了一万九千八百，里面"),
        ("宝岗大道16号对面", "宝岗大道十六号对面"),
        ("2026年", "二零二六年"),
        ("跑了2.5公里", "跑了二点五公里"),
        ("您打119了吗", "您打幺幺九了吗"),
        ("我……我想问", "我，我想问"),
    ],
)
def test_numbers_are_read_as_people_read_them(written: str, aloud: str) -> None:
    assert spoken(written, Random(1)) == aloud


def test_every_written_call_can_be_read_aloud() -> None:
    chance = Random(1)
    for path in sorted((ROOT / "samples" / "calls").glob("*/*.yaml")):
        for call in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            for _, text in call["turns"]:
                assert not re.search(r"[0-9A-Za-z]", spoken(text, chance)), text


CALL = (
    Said(Speaker.AGENT, "请讲，您要反映什么？", ()),
    Said(Speaker.CITIZEN, "楼下的烧烤店，天天晚上吵到两点。", (("subject", 3, 6), ("occurred_at", 7, 11))),
)


def test_spans_follow_what_was_misheard_cut_and_lost() -> None:
    turns = (
        Turn(0, Speaker.AGENT, "请讲。"),
        Turn(1, Speaker.CITIZEN, "楼下的烧考"),
        Turn(2, Speaker.CITIZEN, "店天天晚尚吵到两点"),
    )
    heard = carried(CALL, turns)
    assert [one.text for one in heard] == [turn.text for turn in turns]
    found = {(slot, one.text[start:end]) for one in heard for slot, start, end in one.spans}
    assert found == {("subject", "烧考"), ("subject", "店"), ("occurred_at", "天天晚尚")}


def test_what_was_not_heard_at_all_has_no_span() -> None:
    assert carried(CALL, (Turn(0, Speaker.CITIZEN, "楼下的，吵到两点"),))[0].spans == ()


@given(st.lists(st.sampled_from("楼下的烧烤店，天晚上吵到两点"), max_size=30).map("".join))
def test_spans_lie_inside_whatever_was_heard(text: str) -> None:
    [said] = carried(CALL, (Turn(0, Speaker.CITIZEN, text),))
    assert all(0 <= start < end <= len(text) for _, start, end in said.spans)
