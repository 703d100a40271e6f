"""Both sides of an audio connection, ``/v1/calls/{id}/audio``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from assist.messages.message import Message
from extractors.turn import Speaker


class AudioStart(Message):
    """First message of an audio connection. Binary frames of interleaved samples follow.

    ``roles`` names the speaker of each channel. A call that exists already is resumed: the answer says how many
    sample frames (one sample of each channel) are stored; send from there.
    """

    type: Literal["start"] = "start"
    format: Literal["pcm_s16le", "alaw", "mulaw"]
    sample_rate: int = Field(ge=8_000, le=48_000)
    channels: int = Field(ge=1, le=2)
    roles: list[Speaker]
    started_at: datetime | None = None
    caller_number: str | None = Field(default=None, max_length=64)
    agent: str | None = Field(default=None, max_length=64)


class AudioStop(Message):
    """No more audio: finish the call."""

    type: Literal["stop"] = "stop"


class AudioStarted(Message):
    """The call is open; ``received`` sample frames are already stored (0 for a new call)."""

    type: Literal["started"] = "started"
    call: str
    received: int


class AudioAck(Message):
    """``received`` sample frames are on disk."""

    type: Literal["ack"] = "ack"
    received: int


class AudioStopped(Message):
    """Everything is recognised and stored; the connection closes with 1000."""

    type: Literal["stopped"] = "stopped"
    call: str
    received: int


class AudioError(Message):
    """What was wrong and what to do; the connection closes with the code of ``docs/protocol.md``."""

    type: Literal["error"] = "error"
    code: str
    message: str
    detail: str = ""


AudioClientMessage = Annotated[AudioStart | AudioStop, Field(discriminator="type")]
AudioServerMessage = Annotated[AudioStarted | AudioAck | AudioStopped | AudioError, Field(discriminator="type")]
