"""The lines of a ticket as the scribe writes them are read as they were meant."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.slots.page import SLOTS, lines, page, record
from extractors.turn import Speaker, Turn

TEXT = (
    st.text("一二三烧烤店退款的，。5.0ab ", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text not in ("", "无"))
)


def pieces(text: str, cuts: list[int]) -> list[tuple[str, float]]:
    """``text`` in pieces that end where ``cuts`` say, each with the same log-probability."""
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    return [(text[start:end], -0.1) for start, end in pairwise(places)]


@given(st.dictionaries(st.sampled_from(sorted(SLOTS)), TEXT), st.lists(st.integers(0, 200), max_size=30))
def test_a_record_is_read_as_it_was_written_however_it_comes_in_pieces(values: dict[str, str], cuts: list[int]) -> None:
    read = dict(lines(pieces(record(values) + "\n", cuts)))
    assert list(read) == list(SLOTS)
    assert {slot: line.text for slot, line in read.items() if line.text} == values


def test_a_line_is_as_likely_as_all_its_pieces_together() -> None:
    read = dict(
        lines([("主体：", -0.1), ("烧烤", -0.2), ("店\n诉", -0.3), ("求：无", -0.3), ("\n", -0.1), ("时间：昨", -0.1)])
    )
    assert read["subject"].probability == pytest.approx(math.exp(-0.6))
    assert "occurred_at" not in read  # it was cut off
    assert (read["demand"].text, read["demand"].probability) == ("", pytest.approx(math.exp(-0.4)))


@pytest.mark.parametrize("written", ["", "主体", "主体：", "别的：什么\n\n", "\n\n\n", "：\n"])
def test_what_is_no_line_of_a_slot_fills_none(written: str) -> None:
    assert not any(line.text for _, line in lines([(written, -1.0)]))


def test_the_page_tells_who_said_what() -> None:
    turns = [Turn(0, Speaker.AGENT, "您好"), Turn(1, Speaker.CITIZEN, "我要投诉")]
    assert page(turns) == "坐席：您好\n市民：我要投诉\n\n记录\n"


def test_a_whole_sum_is_written_without_a_fraction() -> None:
    assert "金额：300\n" in record({"amount": 300.0})
    assert "金额：118.5\n" in record({"amount": 118.5})


def test_the_address_line_tells_what_lies_beyond_district_and_street() -> None:
    places = {"district": "海珠区", "street": "昌岗街道"}
    assert "地址：宝岗大道27号\n" in record({**places, "address": "海珠区昌岗街道宝岗大道27号"})
    assert "地址：广州南站\n" in record({"district": None, "address": "广州南站"})
    assert "地址：无\n" in record({**places, "address": "海珠区昌岗街道"})
    assert "地址：无\n" in record({**places, "address": None})
