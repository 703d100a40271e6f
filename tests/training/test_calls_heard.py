"""Written calls made audible: every digit becomes words that can be spoken."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
import yaml

from scripts.training.calls_text import spoken

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("written", "aloud"),
    [
        ("电话137 2645 0918。", "电话幺三七，二六四五，零九幺八。"),
        ("我电话137，2683，5904", "我电话幺三七，二六八三，五九零四"),
        ("座机8764，1305", "座机八七六四，幺三零五"),
        ("有交100，358元的", "有交一百，三百五十八元的"),
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
