"""Under which names the server answers. A site that has its name lead to the server's address (DNS rebinding) makes its
pages the server's own in a browser's eyes, and could read every call; but its name still stands in ``Host``.

An address as host needs no name, so it passes, and so does a request without one: load balancers and Prometheus ask so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from socket import gethostname
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assist.server.errors import ErrorBody, error_answer

_HOST = re.compile(r"(?:\[(?P<address>[^\]]*)\]|(?P<name>[^:]*))(?::\d*)?", re.ASCII)
_MOST_TOLD = 100  # characters of a name that is refused


class KnownHosts:
    """An ASGI middleware. Requests and websockets for another name than ``localhost``, the machine's own, ``host`` and
    those of the ``origins`` (``https://host:port``) are answered 421 `host_refused`; a websocket is not accepted.
    """

    def __init__(self, app: ASGIApp, host: str, origins: Iterable[str]) -> None:
        self._app = app
        machine = gethostname().lower()
        self._names = {"localhost", machine, host.lower(), *(urlsplit(origin).hostname for origin in origins)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is for this server."""
        if scope["type"] in ("http", "websocket"):
            for host in Headers(scope=scope).getlist("host"):
                if not self._known(host):
                    return await error_answer(421, _refused(host))(scope, receive, send)
        await self._app(scope, receive, send)

    def _known(self, host: str) -> bool:
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = (match["name"] or "").lower().removesuffix(".")
        return not host or name in self._names or _is_address(match["address"] or name)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _refused(host: str) -> ErrorBody:
    told = host[:_MOST_TOLD]
    return ErrorBody(
        code="host_refused",
        message="本服务器不使用此主机名；如确为本服务器的地址，请管理员将其加入 server.allowed_origins。",
        detail=f"{told} is no name of this server: add https://{told} to server.allowed_origins if it should be",
    )
