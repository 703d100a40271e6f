"""The other readings of an utterance, as a transcript would write them."""

from __future__ import annotations

from asr.readings import other_readings
from asr.transcript import Alternative, Final


def final(raw: str, *others: str) -> Final:
    alternatives = tuple(Alternative(text, -0.5) for text in others)
    return Final(0, 0, 0.0, 1.0, "", (), raw, alternatives=alternatives)


def test_readings_are_simplified_and_their_numbers_written_as_digits() -> None:
    said = final("電話要三九二二要七零四六三", "電話腰三九二二腰七,零四六三", "電話幺三九二二幺七零四六三")
    assert "电话13922170463" in other_readings(said)


def test_readings_that_differ_in_marks_or_script_only_count_once() -> None:
    said = final("您好,廣州熱線", "您好 廣州熱線。", "您好,广州热线", "你好,廣州熱線", "你好,廣州熱線?")
    assert other_readings(said) == ("你好，广州热线",)
