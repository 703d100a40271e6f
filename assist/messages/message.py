"""What all messages of the wire have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

PROTOCOL_VERSION = 1


class Message(BaseModel):
    """A frozen message; unknown fields are ignored."""

    # An error about a message must not quote what was said in it: errors go to the log.
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
