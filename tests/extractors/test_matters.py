"""Two matters in one call make two tickets, and one matter is never made two."""

from __future__ import annotations

from datetime import datetime

import pytest

from extractors.catalogue import Catalogue
from extractors.ticket import OtherMatter
from extractors.understanding import Understanding
from tests.extractors.test_ranking import call

HELLO = "A您好，广州12345热线，请问有什么可以帮您？"
TWO = {
    "路灯": (
        "C你好，我要投诉楼下的烧烤档，占着人行道烧烤，油烟天天飘到我家",
        "A请问在哪里？",
        "C海珠区南洲街道，后滘西大街16号门口",
        "A好的，还有其他问题吗？",
        "C另外还有一个事，我们这条路的路灯全部不亮，晚上黑漆漆的，已经一个星期了",
        "A好的，请问您贵姓，电话多少？",
        "C我姓范，模范的范，电话13826450917",
    ),
    "停水": (
        "C我们小区的电梯坏了一个礼拜，物业一直不修，老人家下不了楼",
        "A请问是哪个小区？",
        "C白云区同和街道祥景花园7栋",
        "A好的，帮您登记",
        "C顺便再反映一下，我们这里从昨天晚上开始停水，一滴水都没有，也没有通知",
    ),
    "公交": (
        "C我在淘宝网店买的鞋子质量不好，商家不给退货",
        "A请问花了多少钱？",
        "C三百块",
        "A好的，那第二件事呢？",
        "C第二个就是今天早上302路公交车到站不停，直接开走了，我等了半个钟头",
    ),
}
ONE = [
    ("C我要投诉楼下烧烤档占道", "A还有其他问题吗？", "C没有了，谢谢"),
    ("C我要投诉楼下烧烤档占道经营油烟很大", "A请说", "C另外他们还有一个事，就是半夜还大声吵，油烟都飘到我家里"),
    (
        "C公司拖欠我两个月工资不给",
        "A请问多少钱？",
        "C一万二，还有就是一个问题，工资条也不给我，老板电话也不接，就是不发工资",
    ),
    ("C我们楼的电梯坏了物业不修", "A多久了？", "C一个礼拜了，再反映一下，电梯上个月也坏过两次，维修的人都不来"),
    ("C路灯不亮好几天了", "A在哪条路？", "C沿沙东路，另外还有个情况，就是那个路灯杆也歪了"),
    ("C我想问一下居住证怎么续签", "A可以网上办", "C那我还想再问一下，居住证续签要带什么材料"),
]


def others(catalogue: Catalogue, *lines: str) -> tuple[OtherMatter, ...]:
    turns = call(HELLO, *lines)
    found = Understanding(catalogue, datetime(2026, 3, 2, 10, 0)).ticket(turns).others
    for other in found:
        proofs = [proof for value in other.slots.values() for proof in value.evidence]
        for proof in (other.announced, *proofs):
            assert turns[proof.turn].text[proof.start : proof.end] == proof.text
    return tuple(found)


@pytest.mark.parametrize("word", TWO)
def test_a_second_matter_that_is_announced_becomes_a_ticket_of_its_own(catalogue: Catalogue, word: str) -> None:
    [other] = others(catalogue, *TWO[word])
    assert word in other.templates[0].title
    assert other.draft.record
    assert word in "".join(part.text for part in other.draft.summary)


def test_it_has_the_callers_name_and_number_and_the_place_of_the_first(catalogue: Catalogue) -> None:
    [other] = others(catalogue, *TWO["路灯"])
    assert other.slots["phone"].value == "13826450917"
    assert str(other.slots["caller_name"].value).startswith("范")
    assert other.slots["district"].value == "海珠区"
    assert "半夜" not in "".join(part.text for part in other.draft.summary)


@pytest.mark.parametrize("lines", ONE)
def test_one_matter_is_not_made_two(catalogue: Catalogue, lines: tuple[str, ...]) -> None:
    assert others(catalogue, *lines) == ()
