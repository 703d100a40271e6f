"""The trade at the end of a body's name is heard though it was misspelt; what is none is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.subjects.trades import Trades
from extractors.text.segment import dictionary
from extractors.text.sound import load_sounds
from tests.reference import reference


@pytest.fixture(scope="module")
def trades() -> Trades:
    catalogue = reference()
    rules = catalogue.rules("subject")["subject"]
    named = [*rules["bodies"], *str(rules["trades"]).split()]
    return Trades(named, load_sounds(catalogue.directory), dictionary())


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("兴旺农资电", "兴旺农资店"),
        ("横立达武经厂", "横立达五金厂"),
        ("粤土国际领行社", "粤土国际旅行社"),
        ("安河古商医院", "安河骨伤医院"),
        ("锦绣年华务业", "锦绣年华物业"),
        ("东门公测", "东门公厕"),
    ],
)
def test_a_misheard_trade_is_put_right(trades: Trades, heard: str, meant: str) -> None:
    assert trades.put_right(heard) == meant


@pytest.mark.parametrize(
    "name",
    [
        "康宁口腔",
        "捷骏物流",
        "红绿灯",
        "拖欠工资",
        "医保报销",
        "居住证签注",
        "共享单车",
        "公积金提取",
        "占道经营",
        "水费",
    ],
)
def test_a_name_without_a_misheard_trade_is_left(trades: Trades, name: str) -> None:
    assert trades.put_right(name) == name


@given(st.text(alphabet="安和兴旺农资电务业公测厂店A1 ，", max_size=12))
def test_no_character_is_lost_and_what_is_put_right_stays_so(trades: Trades, name: str) -> None:
    once = trades.put_right(name)
    assert len(once) == len(name)
    assert trades.put_right(once) == once
