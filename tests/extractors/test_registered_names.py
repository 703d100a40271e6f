"""In whose name a ticket is written, and by which names the agent calls the caller; in typed calls."""

from __future__ import annotations

import pytest

from tests.extractors.composed import filled, value


def typed(text: str) -> object:
    return value("caller_name", text)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("A 登记写谁的名字？\nC 写我爸的，尤建国，尤其的尤。\nA 登记人尤建国，电话是您的。", "尤建国"),
        ("A 您贵姓？\nC 户主是他，叫江志明，就写他。我是他孙女。\nA 江志明老人，好的。", "江志明"),
        ("A 名字呢？\nC 登记我老豆，官名叫卫志成。", "卫志成"),
        (
            "A 名字呢？\nC 写阿婆，茹桂芳，草字头下面一个如。联系找我，我姓单，单先生。\nA 登记茹桂芳，由您接听。",
            "茹桂芳",
        ),
        ("A 您贵姓？\nC 写我的名字，我叫李建国。", "李建国"),
    ],
)
def test_a_ticket_is_in_the_name_that_the_caller_has_it_written_in(said: str, name: str) -> None:
    assert typed(said) == name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "A 怎么称呼？\nC 叫我欧阳就行。\nA 好的，欧先生。\nC 不姓欧，是复姓，名字建波。\nA 欧阳建波先生，电话呢？",
            "欧阳建波",
        ),
        ("A 您好。\nC 我陈小霞，大小的小，朝霞的霞，先报名字。\nA 好的陈小霞女士。", "陈小霞"),
        ("A 哪个闫？\nC 门里三横的。闫淑芳，淑女的淑，芳香的芳。\nA 闫老师，再见。", "闫淑芳"),
        ("A 贵姓？\nC 姓甘，甘蔗的甘。\nA 甘主任，已登记。", "甘主任"),
        ("A 贵姓？\nC 我姓骆，我们老板姓高。\nA 登记人骆先生。", "骆先生"),
        ("A 您的姓名？\nC 留我妈妈的电话。我自己叫康小宁。", "康小宁"),
    ],
)
def test_a_full_name_or_title_by_which_the_agent_calls_the_caller_is_the_callers(said: str, name: str) -> None:
    assert typed(said) == name


@pytest.mark.parametrize(
    "said",
    [
        "A 您好。\nC 工牌上写的，韦小莲，大小的小，莲花的莲。\nA 韦小莲，好的。",
        "A 原业主是谁？\nC 姓贺，贺文彪，文化的文，三撇那个彪。\nA 贺文彪一家。",
        "A 是哪个地方？\nC 收据最下面写着，广州天河区，冼村街道，华夏路。\nA 好的。",
        "A 您好。\nC 牌子上写的是，钟伟杰，我特意看了。\nA 表扬钟伟杰，是吗？",
    ],
)
def test_a_name_that_is_read_off_something_is_not_the_callers(said: str) -> None:
    assert typed(said) is None


def test_a_title_of_office_is_proved_by_what_the_agent_said() -> None:
    name = filled("caller_name", "A 贵姓？\nC 姓甘，甘蔗的甘。\nA 甘主任，已登记。")
    assert name is not None
    assert "甘主任" in [one.text for one in name.evidence]
