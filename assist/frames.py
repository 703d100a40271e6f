"""Text frames of both websockets: one JSON object each. Pure; raises nothing, whatever comes in."""

from __future__ import annotations

import json
from typing import Any


def json_object(frame: str) -> dict[str, Any] | None:
    """The object that a text frame holds, or None for a frame that holds something else.

    Half a surrogate pair (``"\\ud800"``) is valid JSON and no text: it could be neither stored nor sent on.
    """
    try:
        content = json.loads(frame)
        json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        return None
    return content if isinstance(content, dict) else None
