"""A call about a grill, and written calls as turns."""

from __future__ import annotations

from extractors.turn import Speaker, Turn

CALL = [
    ("agent", "您好，12345，请问有什么可以帮您？"),
    ("citizen", "你好，我要投诉我们楼下的一家烧烤店，天天晚上把桌子摆到人行道上，油烟熏死人。"),
    ("agent", "这种情况有多久了？"),
    ("citizen", "有三个多月了吧，一般都是晚上九点以后。"),
    ("agent", "您希望怎么处理？"),
    ("citizen", "希望城管过来查一下，叫他们把桌子收进去。"),
]


def turns(said: list[tuple[str, str]]) -> list[Turn]:
    return [Turn(number, Speaker(speaker), text) for number, (speaker, text) in enumerate(said)]
