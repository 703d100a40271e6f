"""Whatever a feeder sends is taken or answered with one documented error; nothing raises."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.ingest import Audio, Fail, Ingest, Open, Stop, check_call_id, check_resume
from assist.store import AudioFormat
from extractors.turn import Speaker

LIMIT = 1_000
START: dict[str, Any] = {
    "type": "start",
    "format": "pcm_s16le",
    "sample_rate": 8_000,
    "channels": 2,
    "roles": ["agent", "citizen"],
}
DOCUMENTED = dict(
    re.findall(
        r"^\| `(\w+)` \| (\d{4}) \|",
        (Path(__file__).parent.parent.parent / "docs" / "protocol.md").read_text("utf-8"),
        re.M,
    )
)


def start(**changes: Any) -> str:
    return json.dumps({**START, **changes})


def failure(action: Any) -> tuple[str, int]:
    assert isinstance(action, Fail)
    assert action.message
    return action.code, action.close


def test_a_call_opens_records_and_stops() -> None:
    ingest = Ingest(LIMIT)
    opened = ingest.text(start())
    assert isinstance(opened, Open)
    assert opened.audio == AudioFormat("pcm_s16le", 8_000, (Speaker.AGENT, Speaker.CITIZEN))
    assert ingest.binary(b"\x00" * LIMIT) == Audio(b"\x00" * LIMIT)
    assert ingest.text('{"type":"stop"}') == Stop()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sample_rate": 0}, ("bad_sample_rate", 4415)),
        ({"sample_rate": 96_000}, ("bad_sample_rate", 4415)),
        ({"sample_rate": "fast"}, ("bad_sample_rate", 4415)),
        ({"channels": 0, "roles": []}, ("bad_channels", 4415)),
        ({"channels": 3, "roles": ["agent", "citizen", "agent"]}, ("bad_channels", 4415)),
        ({"format": "opus"}, ("bad_format", 4415)),
        ({"roles": ["agent"]}, ("bad_roles", 4415)),
        ({"roles": ["agent", "agent"]}, ("bad_roles", 4415)),
        ({"roles": ["agent", "robot"]}, ("bad_roles", 4415)),
        ({"started_at": "yesterday"}, ("bad_message", 4400)),
        ({"started_at": "2026-03-02T10:15:00"}, ("bad_message", 4400)),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, ("bad_message", 4400)),
        ({"started_at": "9999-12-31T23:59:59-12:00"}, ("bad_message", 4400)),
        ({"type": "begin"}, ("bad_message", 4400)),
    ],
)
def test_a_start_that_cannot_be_served_is_named(changes: dict[str, Any], expected: tuple[str, int]) -> None:
    assert failure(Ingest(LIMIT).text(start(**changes))) == expected


@pytest.mark.parametrize("field", ["format", "sample_rate", "channels", "roles"])
def test_nothing_is_guessed_of_how_the_audio_is_to_be_read(field: str) -> None:
    told = {name: value for name, value in START.items() if name != field}
    assert failure(Ingest(LIMIT).text(json.dumps(told))) == (f"bad_{field}", 4415)


def test_a_call_of_a_switch_whose_clock_was_never_set_is_taken() -> None:
    assert isinstance(Ingest(LIMIT).text(start(started_at="1970-01-01T00:00:00+08:00")), Open)


def test_audio_or_stop_before_start_is_an_error() -> None:
    assert failure(Ingest(LIMIT).binary(b"\x00\x00")) == ("audio_before_start", 4400)
    assert failure(Ingest(LIMIT).text('{"type":"stop"}')) == ("audio_before_start", 4400)


@pytest.mark.parametrize("text", ["", "{", "null", "[1]", '"start"', "[" * 1_000, "\x00"])
def test_garbage_is_not_json(text: str) -> None:
    assert failure(Ingest(LIMIT).text(text)) == ("bad_json", 4400)


def test_an_oversize_frame_is_refused() -> None:
    ingest = Ingest(LIMIT)
    ingest.text(start())
    assert failure(ingest.binary(b"\x00" * (LIMIT + 1))) == ("frame_too_large", 1009)
    assert failure(Ingest(LIMIT).text(" " * (LIMIT + 1))) == ("frame_too_large", 1009)


def test_a_second_start_is_an_error() -> None:
    ingest = Ingest(LIMIT)
    ingest.text(start())
    assert failure(ingest.text(start())) == ("started_twice", 4400)


def test_a_call_goes_on_only_in_the_format_it_began_with() -> None:
    one = AudioFormat("alaw", 8_000, (Speaker.CITIZEN,))
    other = AudioFormat("alaw", 16_000, (Speaker.CITIZEN,))
    assert check_resume(one, one) is None
    assert failure(check_resume(one, other)) == ("format_changed", 4409)


@pytest.mark.parametrize("call", ["", ".hidden", "../up", "a/b", "x" * 65, "电话", "a b", "a\n"])
def test_a_call_id_that_is_no_file_name_is_refused(call: str) -> None:
    assert failure(check_call_id(call)) == ("bad_call_id", 4400)


def test_an_ordinary_call_id_is_taken() -> None:
    assert check_call_id("2026-03-02_c.17") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
near_starts = st.dictionaries(
    st.sampled_from(["type", "format", "sample_rate", "channels", "roles", "started_at", "agent", "x"]),
    json_values | st.sampled_from(["start", "stop", "alaw", 8_000, 2, ["agent", "citizen"]]),
).map(lambda changes: json.dumps({**START, **changes}))
frames = st.one_of(
    st.text(),
    st.binary(max_size=LIMIT + 10),
    json_values.map(json.dumps),
    near_starts,
    st.just(start()),
    st.just('{"type":"stop"}'),
)


@given(st.lists(frames, max_size=12))
def test_any_frames_are_taken_or_answered_with_one_documented_error(sent: list[str | bytes]) -> None:
    ingest = Ingest(LIMIT)
    opened = False
    for frame in sent:
        action = ingest.text(frame) if isinstance(frame, str) else ingest.binary(frame)
        if isinstance(action, Fail):
            assert DOCUMENTED[action.code] == str(action.close)
            break
        assert isinstance(action, Open) is not opened
        opened = True
        if isinstance(action, Stop):
            break
