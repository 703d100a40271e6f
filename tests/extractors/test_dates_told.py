"""Which days months in a row, lunar dates, ranges and announced dates are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from extractors.conversation.dialogue import load_dialogue
from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.times.told_times import load_times
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import STARTED, understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_times(CATALOG)


def told(said: str) -> tuple[object, str | None] | None:
    """The value and the machine form of the time that answers when it was."""
    value = understand(EXTRACTOR, DIALOGUE, f"A 请问是什么时候的事情？\nC {said}。").get("occurred_at")
    return None if value is None else (value.value, value.normalized)


@pytest.mark.parametrize(
    ("said", "words", "iso"),
    [
        ("三四月份就在漏了", "三四月份", "2026-03-01/2026-05-01"),
        ("今年一二月份", "今年一二月份", "2026-01-01/2026-03-01"),
        ("去年九十月份", "去年九十月份", "2025-09-01/2025-11-01"),
        ("去年十一二月", "去年十一二月", "2025-11-01/2026-01-01"),
        ("六七八月份", "六七八月份", "2026-06-01/2026-09-01"),
        ("78月份", "78月份", "2026-07-01/2026-09-01"),
        ("五六月都没来收垃圾", "五六月", "2026-05-01/2026-07-01"),
        ("12月份", "12月份", "2025-12-01/2026-01-01"),
        ("十一月份", "十一月份", "2026-11-01/2026-12-01"),
        ("今年", "今年", "2026-01-01/2027-01-01"),
    ],
)
def test_months_told_by_their_figures_in_a_row_are_these_months(said: str, words: str, iso: str):
    assert told(said) == (words, iso)


def test_a_number_of_months_is_no_month():
    assert "occurred_at" not in understand(EXTRACTOR, DIALOGUE, "A 您好。\nC 楼道灯坏了三四个月了。")


@pytest.mark.parametrize(
    ("said", "words", "iso"),
    [
        ("农历六月十八开始停水的", "农历六月十八", None),
        ("阴历三月初七那天", "阴历三月初七那天", None),
        ("腊月二十六晚上八点", "腊月二十六晚上八点", None),
        ("冬月初九", "冬月初九", None),
        ("七月初八", "七月初八", None),
        ("农历廿三", "农历廿三", None),
        ("去年腊月", "去年腊月", None),
        ("正月十五", "正月十五", "2026-03-03/2026-03-04"),
        ("农历八月十五", "农历八月十五", "2026-09-25/2026-09-26"),
        ("去年阴历八月十五", "去年阴历八月十五", "2025-10-06/2025-10-07"),
        ("阴历九月初九早上", "阴历九月初九早上", "2026-10-18T06:00/2026-10-18T10:00"),
        ("农历正月初六", "农历正月初六", "2026-02-22/2026-02-23"),
        ("八月初，八月初五", "八月初", "2026-08-01/2026-08-11"),
        ("九月初就开始了", "九月初", "2026-09-01/2026-09-11"),
        ("八月十五", "八月十五", "2026-08-15/2026-08-16"),
        ("七月初，三号那天", "七月三号", "2026-07-03/2026-07-04"),
    ],
)
def test_a_lunar_date_is_whole_and_no_day_of_the_other_calendar(said: str, words: str, iso: str | None):
    assert told(said) == (words, iso)


@pytest.mark.parametrize(
    ("said", "words", "iso"),
    [
        ("9月2号到9月6号", "9月2号到9月6号", "2026-09-02/2026-09-07"),
        ("九月二号到六号", "九月二号到六号", "2026-09-02/2026-09-07"),
        ("9月28号到3号", "9月28号到3号", "2026-09-28/2026-10-04"),
        ("上个月20号到25号", "上个月20号到25号", "2026-10-20/2026-10-26"),
        ("28号到3号", "28号到3号", "2026-10-28/2026-11-04"),
        ("国庆到8号", "国庆到8号", "2026-10-01/2026-10-09"),
        ("去年12月5号到29号", "去年12月5号到29号", "2025-12-05/2025-12-30"),
        ("去年3月5号到4月2号", "去年3月5号到4月2号", "2025-03-05/2025-04-03"),
        ("去年11月到今年2月", "去年11月到今年2月", "2025-11-01/2026-03-01"),
        ("2022年到2024年", "2022年到2024年", "2022-01-01/2025-01-01"),
        ("2023年3月到5月", "2023年3月到5月", "2023-03-01/2023-06-01"),
        ("上周二到周四", "上周二到周四", "2026-11-17/2026-11-20"),
        ("上个星期四到星期六", "上个星期四到星期六", "2026-11-19/2026-11-22"),
        ("前天晚上九点到今天早上六点", "前天晚上九点到今天早上六点", "2026-11-22T21:00/2026-11-24T06:00"),
        ("昨天到今天早上六点", "昨天到今天早上六点", "2026-11-23T00:00/2026-11-24T06:00"),
        ("周一到周五", "周一到周五", None),
        ("每周一到周五", "每周一到周五", "R/P1W"),
        ("昨天下午两点到四点", "昨天下午两点到四点", "2026-11-23T14:00/2026-11-23T16:00"),
    ],
)
def test_a_range_of_days_lasts_to_its_end(said: str, words: str, iso: str | None):
    assert told(said) == (words, iso)


@pytest.mark.parametrize(
    ("said", "words", "iso"),
    [
        ("今天凌晨12点半", "今天凌晨12点半", "2026-11-24T00:30/2026-11-24T00:30"),
        ("昨天凌晨十二点四十", "昨天凌晨十二点四十", "2026-11-23T00:40/2026-11-23T00:40"),
        ("昨晚凌晨12点半", "昨晚凌晨12点半", "2026-11-24T00:30/2026-11-24T00:30"),
        ("昨晚凌晨两点", "昨晚凌晨两点", "2026-11-24T02:00/2026-11-24T02:00"),
        ("昨天中午12点半", "昨天中午12点半", "2026-11-23T12:30/2026-11-23T12:30"),
        ("昨天凌晨两点", "昨天凌晨两点", "2026-11-23T02:00/2026-11-23T02:00"),
        ("大上个月", "大上个月", "2026-09-01/2026-10-01"),
        ("大上个星期三", "大上个星期三", "2026-11-11/2026-11-12"),
        ("大后天下午", "大后天下午", "2026-11-27T12:00/2026-11-27T18:00"),
        ("下个月五号", "下个月五号", "2026-12-05/2026-12-06"),
        ("下下个月", "下下个月", "2027-01-01/2027-02-01"),
        ("上个月一直在漏", "上个月", "2026-10-01/2026-11-01"),
        ("去年的今天", "去年今天", "2025-11-24/2025-11-25"),
        ("去年，今天又来了", "去年", "2025-01-01/2026-01-01"),
        ("昨天早上差五分八点", "昨天早上差五分八点", "2026-11-23T07:55/2026-11-23T07:55"),
        ("今天早上九点差一刻", "今天早上九点差一刻", "2026-11-24T08:45/2026-11-24T08:45"),
        ("昨天上午差不多九点", "昨天上午差不多九点", "2026-11-23T08:45/2026-11-23T09:15"),
        ("11月20日14时30分", "11月20日14时30分", "2026-11-20T14:30/2026-11-20T14:30"),
        ("昨天上午九时许", "昨天上午九时许", "2026-11-23T09:00/2026-11-23T09:00"),
        ("前天，读高三时也有过", "前天", "2026-11-22/2026-11-23"),
    ],
)
def test_a_time_keeps_what_stands_before_and_behind_it(said: str, words: str, iso: str):
    assert told(said) == (words, iso)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("就是8月、9月。7月的后来补了", "8月、9月"),
        ("8月、9月，8月也只给了一半", "8月、9月"),
        ("8月、9月和10月", "8月、9月和10月"),
        ("八月九月，不对，九月十月", "九月十月"),
    ],
)
def test_a_list_of_months_ends_where_another_is_told(said: str, words: str):
    found = told(said)
    assert found is not None and found[0] == words


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("通知说12月1号要停水三天", "2026-12-01/2026-12-02"),
        ("我12月3号要考试了", "2026-12-03/2026-12-04"),
        ("1月5号会拆掉", "2027-01-05/2027-01-06"),
        ("他们打算28号封路", "2026-11-28/2026-11-29"),
        ("通知说元旦要停电", "2027-01-01/2027-01-02"),
        ("通知说10月8号要停水", "2026-10-08/2026-10-09"),
        ("去年12月1号要停水", "2025-12-01/2025-12-02"),
        ("12月3号停的水", "2025-12-03/2025-12-04"),
        ("12月3号要求退款他不退", "2025-12-03/2025-12-04"),
        ("12月3号居委会开过门", "2025-12-03/2025-12-04"),
        ("12月3号需要登记，没人理", "2025-12-03/2025-12-04"),
        ("3月30号通知我换的", "2026-03-30/2026-03-31"),
        ("2月10号他们通知我换的", "2026-02-10/2026-02-11"),
        ("28号停的水", "2026-10-28/2026-10-29"),
    ],
)
def test_a_date_is_one_to_come_only_where_it_is_announced(text: str, iso: str):
    date = re.search(r"去年12月1号|[0-9]+月[0-9]+号|28号|元旦", text)
    assert date is not None
    mark = Marked("occurred_at", *date.span(), 0.9)
    found = EXTRACTOR.value(mark, Turn(0, Speaker.CITIZEN, text), Context((), frozenset(), STARTED))
    assert found is not None and found.normalized == iso


def test_what_is_announced_is_not_when_it_happened():
    assert "occurred_at" not in understand(EXTRACTOR, DIALOGUE, "A 您好。\nC 我孩子12月3号要考试了。")
