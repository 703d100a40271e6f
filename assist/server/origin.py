"""Which browser pages may open a websocket: those this server sent, and those of the hosts named in the configuration.

Browsers send ``Origin`` with every websocket and let any page connect anywhere; other programs send none and pass.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

REFUSED = 4403  # close code


def origin_allowed(headers: Headers, allowed: Collection[str]) -> bool:
    """Whether a websocket request with ``headers`` may go on; ``allowed`` are further origins
    (``https://host:port``).
    """
    origin = headers.get("origin")
    if origin is None or origin in allowed:
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False  # no origin that a browser sends
