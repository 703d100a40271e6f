"""From what a desk receives to latencies."""

from __future__ import annotations

from typing import Any

import pytest

from asr.utterance import UtteranceSettings
from assist.bench.manifest import Spoken
from assist.bench.timing import CallTiming, Timings

SETTINGS = UtteranceSettings(pre_roll=0.25, post_roll=0.2, end_silence=0.7)


def partial(end: float, text: str = "我要") -> dict[str, Any]:
    return {"type": "partial", "speaker": "citizen", "text": text, "start": 1.0, "end": end}


def final(start: float, end: float, utterance: int = 0) -> dict[str, Any]:
    event = {"type": "transcript.final", "speaker": "citizen", "channel": 1, "utterance": utterance, "text": "我要投诉"}
    return {"type": "event", "logged": {"event": {**event, "start": start, "end": end}}}


def timed(spoken: tuple[Spoken, ...], *messages: tuple[float, dict[str, Any]], seconds: float = 60.0) -> Timings:
    timing = CallTiming(spoken, seconds, SETTINGS)
    timing.begin(100.0)
    for arrived, message in messages:
        timing.message(100.0 + arrived, message)
    return timing.timings


def test_without_a_script_speech_is_where_voice_activity_found_it() -> None:
    timings = timed((), (1.9, partial(1.6)), (4.0, final(start=0.75, end=3.2)))
    assert timings.first_partial == [pytest.approx(0.9)]
    assert timings.partial_lag == [pytest.approx(0.3)]
    assert timings.final == [pytest.approx(1.0)]
    assert timings.scripted == 0


def test_speech_begins_and_ends_where_the_script_of_the_speaker_says() -> None:
    spoken = (Spoken(1, "我要投诉", 0.9, 2.9), Spoken(0, "您好", 1.0, 3.0))
    timings = timed(spoken, (1.9, partial(1.6)), (4.0, final(start=0.75, end=3.2)))
    assert timings.first_partial == [pytest.approx(1.0)]
    assert timings.final == [pytest.approx(1.1)]
    assert timings.scripted == timings.borders == 2


def test_an_utterance_cut_inside_a_turn_ends_where_voice_activity_says() -> None:
    timings = timed((Spoken(1, "我要投诉", 1.0, 9.0),), (4.0, final(start=0.75, end=3.2)))
    assert timings.final == [pytest.approx(1.0)]
    assert timings.scripted == 1


def test_where_no_interim_text_came_the_final_is_the_first_text() -> None:
    timings = timed((), (4.0, final(start=0.75, end=3.2)))
    assert timings.first_partial == [pytest.approx(3.0)]
    assert timings.without_partial == 1


def test_interim_text_of_the_next_utterance_is_not_taken_for_this_one() -> None:
    messages = [(1.9, partial(1.6)), (5.0, partial(4.8)), (5.1, final(0.75, 3.2)), (7.0, final(4.0, 6.0, utterance=1))]
    timings = timed((), *messages)
    assert timings.first_partial == [pytest.approx(0.9), pytest.approx(0.75)]
    assert timings.without_partial == 0


def test_an_empty_interim_text_clears_and_is_not_timed() -> None:
    assert timed((), (2.0, partial(1.6, text=""))).partial_lag == []


def test_an_utterance_that_the_end_of_the_audio_cut_short_is_not_timed() -> None:
    timing = CallTiming((), 3.5, SETTINGS)
    timing.message(4.0, final(start=0.75, end=3.2))
    assert timing.timings.final == []
    assert [(final.key, final.text) for final in timing.finals] == [((1, 0), "我要投诉")]


def test_a_value_is_timed_at_its_first_appearance_if_the_ticket_ends_with_it() -> None:
    def slots(**values: str) -> dict[str, Any]:
        evidence = [{"to_s": 2.0}]
        return {name: {"value": value, "evidence": evidence} for name, value in values.items()}

    def changed(slots: dict[str, Any]) -> dict[str, Any]:
        return {"type": "event", "logged": {"event": {"type": "ticket.changed", "slots": slots, "request_type": None}}}

    provisional = {"type": "provisional", "slots": slots(district="天河区"), "request_type": None, "templates": None}
    ended = {"type": "event", "logged": {"event": {"type": "call.ended"}}}
    timings = timed(
        (),
        (2.5, provisional),
        (4.0, changed(slots(district="天河区", street="石牌街道"))),
        (5.0, changed({"street": None})),
        (6.0, ended),
    )
    assert timings.fill == {"district": [pytest.approx(0.5)]}


def test_a_call_is_read_when_desks_are_told_so_after_its_end() -> None:
    ended = {"type": "event", "logged": {"event": {"type": "call.ended", "seconds": 10.0}}}
    reading, read = ({"type": "reading", "call": "one", "reading": one} for one in (True, False))
    assert timed((), (10.4, ended), (10.4, reading), (13.0, read), seconds=10.0).read == [pytest.approx(3.0)]
    assert timed((), (10.4, ended), (10.4, reading), seconds=10.0).read == []
