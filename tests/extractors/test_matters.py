"""Two matters in one call make two tickets, and one matter is never made two."""

from __future__ import annotations

from datetime import datetime

import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.slots.page import RecordLine
from extractors.ticket import OtherMatter, Ticket
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
    (
        "C我被一个中介骗了，收了我的钱又没有工作",
        "A一共收了您多少钱？",
        "C报名费300，体检又收200，还有一个服装押金800，加起来就是一千三",
    ),
    ("C路灯不亮好几天了", "A在哪条路？", "C沿沙东路，另外还有个情况，就是那个路灯杆也歪了"),
    ("C我有两个问题，一个是居住证怎么续签，一个是居住证续签要带什么材料，要去哪里办",),
    ("C路灯不亮好几天了，另外我想问一下这个路灯什么时候能修好，还有就是一个问题，那个灯杆也歪了",),
    ("C楼下烧烤档油烟很大，一个是油烟飘到我家里，一个是占道，走路都走不了，他们还半夜大声吵",),
    ("C我想问一下居住证怎么续签", "A可以网上办", "C那我还想再问一下，居住证续签要带什么材料"),
]


LAMP = "C我要反映天河区石牌街道龙口东路的路灯坏了，一个星期了"
TAXI = "另外一个事情就是，我想投诉一个出租车司机，车牌粤A12345，昨天晚上在广州东站拒载"
IN_ONE_TURN = [
    ("C天河区龙口东路12号停水了，从早上到现在一滴水都没有，另外还想问一下公积金提取要什么材料", "停水", "公积金"),
    ("C我有两个问题，第一个是龙口东路的路灯坏了一直不亮，第二个是楼下烧烤档占道经营油烟很大", "路灯", "烧烤"),
    ("C两件事，一个是龙口东路的路灯坏了不亮，一个是楼下烧烤档油烟很大天天扰民，请处理", "路灯", "烧烤"),
]


def ticket_of(catalogue: Catalogue, *lines: str) -> Ticket:
    turns = call(HELLO, *lines)
    ticket = Understanding(catalogue, datetime(2026, 3, 2, 10, 0)).ticket(turns)
    for one in (ticket, *ticket.others):
        for value in one.slots.values():
            for proof in value.evidence:
                assert turns[proof.turn].text[proof.start : proof.end] == proof.text
    return ticket


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


def test_what_belongs_to_the_second_matter_is_not_in_the_first_ticket(catalogue: Catalogue) -> None:
    ticket = ticket_of(
        catalogue, LAMP, "A好的，还有其他问题吗？", f"C{TAXI}", "A您贵姓？电话多少？", "C姓范，13826450917"
    )
    [other] = ticket.others
    assert "路灯" in ticket.templates[0].title
    assert "出租车" in other.templates[0].title
    assert {"plate_no", "occurred_at"}.isdisjoint(ticket.slots)
    assert other.slots["plate_no"].value == "粤A12345"
    for one in (ticket, other):
        assert (one.slots["phone"].value, str(one.slots["caller_name"].value)[0]) == ("13826450917", "范")


def test_an_emergency_in_the_second_matter_alerts(catalogue: Catalogue) -> None:
    ticket = ticket_of(
        catalogue, LAMP, "C另外还有一个事，楼下烧烤档占道油烟很大。楼道里面一辆电动车烧起来了，烟都冲到我家门口了"
    )
    assert [alert.kind for alert in ticket.alerts] == ["119"]
    assert len(ticket.others) == 1


@pytest.mark.parametrize(("line", "first", "second"), IN_ONE_TURN)
def test_two_matters_in_one_turn_are_divided(catalogue: Catalogue, line: str, first: str, second: str) -> None:
    ticket = ticket_of(catalogue, line)
    [other] = ticket.others
    assert first in ticket.templates[0].title
    assert second in other.templates[0].title


def test_a_list_that_only_names_its_matters_announces_none_of_them(catalogue: Catalogue) -> None:
    ticket = ticket_of(
        catalogue,
        "C我反映两个问题，一个是路灯，一个是单车",
        "A您先说第一个，是什么位置？",
        "C越秀区农林街道，竹丝岗二马路15号门口的路灯坏了，一直不亮",
        "A第二个呢？",
        "C第二个是共享单车，乱停乱放，整条人行道都堆满了",
    )
    places = [one.slots["street"].value for one in (ticket, *ticket.others)]
    assert places == ["农林街道"] * len(places)
    assert "路灯" in ticket.templates[0].title


def test_three_matters_of_a_list_make_three_tickets(catalogue: Catalogue) -> None:
    ticket = ticket_of(
        catalogue,
        "C三个问题，第一个是龙口东路的路灯坏了不亮，第二个是楼下烧烤档占道油烟很大，第三个是公积金提取要什么材料",
    )
    titles = [ticket.templates[0].title, *(one.templates[0].title for one in ticket.others)]
    assert [word in title for word, title in zip(("路灯", "烧烤", "公积金"), titles, strict=True)] == [True] * 3


def test_nothing_is_made_one_across_an_announcement(catalogue: Catalogue) -> None:
    line = "C龙口东路12号从早上八点停到现在都没水。另外我要投诉一个出租车司机，昨天晚上拒载。"
    ticket = ticket_of(catalogue, line)
    told = [one.slots["occurred_at"].value for one in (ticket, *ticket.others) if "occurred_at" in one.slots]
    assert "昨天晚上早上八点" not in told


BARBECUE = ("C我要投诉楼下烧烤档，占着人行道烧烤，油烟天天飘到我家", "A请问在哪里？")
PLACE = "海珠区南洲街道后滘西大街16号门口，希望城管来管一管。"
WENT_ON = f"C{PLACE}还有啊，我们这条路的路灯全部不亮，晚上黑漆漆的，已经一个星期了"


@pytest.mark.parametrize(
    "noted",
    ["好，路灯的事另记一条。", "路灯也一并登记。", "路灯我单独记。", "可以作为第二件事登记。", "好，两件事都转。"],
)
def test_what_the_agent_takes_down_apart_is_another_matter(catalogue: Catalogue, noted: str) -> None:
    ticket = ticket_of(catalogue, *BARBECUE, WENT_ON, f"A{noted}请问您贵姓？", "C姓范")
    [other] = ticket.others
    assert "路灯" in other.templates[0].title
    assert "路灯" not in "".join(part.text for part in ticket.draft.summary)


@pytest.mark.parametrize("said", ["好的，请问您贵姓？", "路灯要不要另外登记？", "好，照片也发过来就行。", "都记下了。"])
def test_what_the_agent_does_not_take_down_apart_is_of_the_first_matter(catalogue: Catalogue, said: str) -> None:
    assert others(catalogue, *BARBECUE, WENT_ON, f"A{said}", "C姓范") == ()


@pytest.mark.parametrize(
    "said",
    ["再讲一个，我们这条路的路灯全部不亮，晚上黑漆漆的", "还有个小小的事，我们这条路的路灯全部不亮，晚上黑漆漆的"],
)
def test_a_further_matter_is_announced_in_passing(catalogue: Catalogue, said: str) -> None:
    [other] = others(catalogue, *BARBECUE, f"C{PLACE}{said}", "A请问您贵姓？", "C姓范")
    assert "路灯" in other.templates[0].title


@pytest.mark.parametrize(
    "said", ["那是另外一个地址，你别写，写后滘西大街16号门口", "那是另外的，不关他们的事，就是烧烤档"]
)
def test_what_is_something_else_is_no_further_matter(catalogue: Catalogue, said: str) -> None:
    assert others(catalogue, *BARBECUE, f"C{PLACE}", "A还有别的摊档吗？", f"C{said}") == ()


def test_once_the_call_is_over_the_scribe_tells_of_the_first_matter(catalogue: Catalogue) -> None:
    turns = call(HELLO, *TWO["停水"])
    understanding = Understanding(catalogue, datetime(2026, 3, 2, 10, 0))
    ticket = understanding.ticket(turns, lines={"subject": RecordLine("祥景花园电梯", 0.99)})
    [other] = ticket.others
    assert ticket.slots["subject"].value == "祥景花园电梯"
    assert other.slots.get("subject") is None or other.slots["subject"].value != "祥景花园电梯"
