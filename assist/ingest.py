"""The audio connection as a state machine: frames of a feeder in, what to do out. No I/O.

`Ingest.text` and `Ingest.binary` take one websocket frame and return one action; they raise nothing, whatever comes in.
After a `Fail` or a `Stop` nothing more is accepted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from assist.frames import json_object
from assist.messages.audio import AudioClientMessage, AudioStart, AudioStop
from assist.store import AudioFormat

_MESSAGE: TypeAdapter[AudioClientMessage] = TypeAdapter(AudioClientMessage)
_CALL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)

BAD_REQUEST, REFUSED, CONFLICT, UNSUPPORTED, TOO_MANY = 4400, 4403, 4409, 4415, 4429
TOO_LARGE, INTERNAL = 1009, 1011

# Within these the time of a call can be told in every time zone, and days before and after it have dates.
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Open:
    """Open the call, or resume it."""

    start: AudioStart
    audio: AudioFormat


@dataclass(frozen=True, slots=True)
class Audio:
    """Bytes to record; may be empty."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Stop:
    """The call's audio is complete."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Send the error and close with ``close``."""

    code: str
    close: int
    message: str
    detail: str = ""


Action: TypeAlias = Open | Audio | Stop | Fail


class _Phase(Enum):
    WAITING = auto()
    OPEN = auto()
    CLOSED = auto()


class Ingest:
    """One audio connection. ``max_frame_bytes``: the longest binary frame taken."""

    def __init__(self, max_frame_bytes: int) -> None:
        self._max = max_frame_bytes
        self._phase = _Phase.WAITING

    def text(self, frame: str) -> Action:
        """A text frame came."""
        return self._after(self._text(frame))

    def binary(self, frame: bytes) -> Action:
        """A binary frame came."""
        return self._after(self._binary(frame))

    def _after(self, action: Action) -> Action:
        if isinstance(action, Open):
            self._phase = _Phase.OPEN
        elif isinstance(action, Stop | Fail):
            self._phase = _Phase.CLOSED
        return action

    def _binary(self, frame: bytes) -> Action:
        if self._phase is not _Phase.OPEN:
            return _out_of_turn(self._phase, "a binary frame")
        if len(frame) > self._max:
            return Fail(
                "frame_too_large", TOO_LARGE, f"音频帧过大，最多 {self._max} 字节，请分小发送。", f"{len(frame)} bytes"
            )
        return Audio(frame)

    def _text(self, frame: str) -> Action:
        if len(frame) > self._max:
            return Fail("frame_too_large", TOO_LARGE, f"消息过大，最多 {self._max} 字节。", f"{len(frame)} characters")
        content = json_object(frame)
        if content is None:
            return Fail("bad_json", BAD_REQUEST, "收到的文本不是 JSON 对象。", "a text frame must hold one JSON object")
        try:
            message = _MESSAGE.validate_python(content)
        except ValidationError as error:
            return _explain(error)
        if isinstance(message, AudioStop):
            return Stop() if self._phase is _Phase.OPEN else _out_of_turn(self._phase, "`stop`")
        return self._start(message)

    def _start(self, start: AudioStart) -> Action:
        if self._phase is not _Phase.WAITING:
            return Fail("started_twice", BAD_REQUEST, "同一连接只能发送一次 start。", "`start` came twice")
        if len(start.roles) != start.channels or len(set(start.roles)) != len(start.roles):
            detail = f"{start.channels} channels, roles {[str(role) for role in start.roles]}"
            return Fail("bad_roles", UNSUPPORTED, "roles 必须与声道一一对应，且每个角色只出现一次。", detail)
        if start.started_at is not None and start.started_at.utcoffset() is None:
            return Fail(
                "bad_message", BAD_REQUEST, "started_at 必须带时区。", "`started_at` needs an offset such as +08:00"
            )
        if start.started_at is not None and not _EARLIEST <= start.started_at < _LATEST:
            detail = f"`started_at` must lie between {_EARLIEST.year} and {_LATEST.year - 1}"
            return Fail("bad_message", BAD_REQUEST, "started_at 的年份不可能，请检查交换机的时钟。", detail)
        return Open(start, AudioFormat(start.format, start.sample_rate, tuple(start.roles)))


def check_call_id(call: str) -> Fail | None:
    """What is wrong with a call id, if anything is."""
    if _CALL_ID.fullmatch(call):
        return None
    return Fail(
        "bad_call_id",
        BAD_REQUEST,
        "通话编号只能含字母、数字和 . _ -，最长 64 位。",
        "an id has 1 to 64 of A-Z a-z 0-9 . _ - and begins with a letter or digit",
    )


def check_resume(existing: AudioFormat, offered: AudioFormat) -> Fail | None:
    """Whether audio of the ``offered`` format may continue a recording of the ``existing`` one."""
    if existing == offered:
        return None
    return Fail("format_changed", CONFLICT, "续传的音频格式与原通话不同。", f"recorded {existing}, offered {offered}")


def _out_of_turn(phase: _Phase, what: str) -> Fail:
    if phase is _Phase.CLOSED:
        return Fail("bad_message", BAD_REQUEST, "连接已经结束。", f"{what} came after the end")
    return Fail("audio_before_start", BAD_REQUEST, "请先发送 start，再发送音频。", f"{what} came before `start`")


_FIELD_CODES = {
    "format": "bad_format",
    "sample_rate": "bad_sample_rate",
    "channels": "bad_channels",
    "roles": "bad_roles",
}
_FIELD_MESSAGES = {
    "bad_format": "音频格式必须是 pcm_s16le、alaw 或 mulaw。",
    "bad_sample_rate": "采样率必须是 8000 到 48000 Hz 的整数。",
    "bad_channels": "声道数必须是 1 或 2。",
    "bad_roles": "roles 只能是 agent 和 citizen，每个声道一个。",
}


def _explain(error: ValidationError) -> Fail:
    problem: Any = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = [str(part) for part in problem["loc"]][1:]  # the first part is the message type
    detail = f"{'.'.join(path) or 'type'}: {problem['msg']}"
    code = _FIELD_CODES.get(path[0] if path else "", "bad_message")
    if code == "bad_message":
        return Fail(code, BAD_REQUEST, "消息类型未知，或字段缺失、类型不对。", detail)
    return Fail(code, UNSUPPORTED, _FIELD_MESSAGES[code], detail)
