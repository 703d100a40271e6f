"""Names of firms, shops and estates put right by sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue.cache import opened
from extractors.subjects.brands import Brands, load_brands

CATALOG = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture(scope="module")
def brands() -> Brands:
    return load_brands(opened(CATALOG))


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("农合物业", "隆和物业"),
        ("速急手机维修", "速极手机维修"),
        ("康岳口腔", "康悦口腔"),
        ("会多先超市", "惠多鲜超市"),
    ],
)
def test_a_name_is_of_the_characters_that_such_names_are_made_of(brands: Brands, heard: str, meant: str) -> None:
    assert brands.put_right(heard) == meant


@pytest.mark.parametrize(
    "name", ["恒悦物业", "小区物业", "牙科诊所", "第二个鱼塘", "物业", "快递", "自来水公司", "我们公司", "清岛的货车"]
)
def test_what_is_a_word_or_a_likely_name_stays(brands: Brands, name: str) -> None:
    assert brands.put_right(name) == name


@given(st.text("恒康金达悦横岳月的一小区物业abc，", max_size=6))
def test_a_name_stays_as_long_as_it_was_and_is_put_right_once(brands: Brands, name: str) -> None:
    once = brands.put_right(name + "物业")
    assert len(once) == len(name) + 2
    assert brands.put_right(once) == once
