"""Finals of calls in real time against what was said, also where a line broke its call off."""

from __future__ import annotations

from pathlib import Path

from asr.entities import Names
from assist.bench.manifest import Item, Spoken
from assist.bench.played import Told, said_until, scored

NAMES = Names(["海珠区"])
CALL = Item(
    "call",
    Path("call.flac"),
    (Spoken(0, "您好", 0.5, 1.5), Spoken(1, "在海珠区", 2.0, 4.0), Spoken(0, "请问哪条街", 5.0, 8.0)),
    call=True,
)
TOLD = [Told((1, 0), "在海竹区", 1.8, 4.2), Told((0, 0), "您好", 0.3, 1.7), Told((0, 1), "请问", 4.8, 6.0)]


def test_finals_are_compared_with_what_was_said_on_their_channel_in_whatever_order_they_came() -> None:
    wrong = scored([(CALL, TOLD, True)], NAMES).wrong()
    assert wrong["characters"] == 11
    assert wrong["cer"] == round(4 / 11, 4)
    assert wrong["cer_by_speaker"] == {"agent": round(3 / 7, 4), "citizen": 0.25}
    assert wrong["entity_error"] == 1.0


def test_of_a_call_that_broke_off_the_turns_that_were_over_count_and_their_finals() -> None:
    said = said_until(CALL, 6.0)
    assert said is not None
    assert [spoken.text for spoken in said.spoken] == ["您好", "在海珠区"]
    assert scored([(said, TOLD, False)], NAMES).wrong()["cer"] == round(1 / 6, 4)


def test_a_final_that_did_not_come_is_wrong_in_all_its_characters() -> None:
    assert scored([(CALL, TOLD[1:], True)], NAMES).wrong()["cer_by_speaker"]["citizen"] == 1.0


def test_a_script_without_times_tells_nothing_of_a_call_that_broke_off() -> None:
    assert said_until(Item("clip", Path("clip.flac"), (Spoken(0, "您好"),)), 3.0) is None


def test_where_nothing_was_said_there_is_no_rate() -> None:
    assert scored([], NAMES).wrong() == {"cer": None, "cer_by_speaker": {}, "characters": 0, "entity_error": None}
